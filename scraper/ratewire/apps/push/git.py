"""git, as far as a site's records need it."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ratewire.errors import ConfigError, StoreError

__all__ = ["Git", "reason"]

log = logging.getLogger(__name__)
_DAY = 86_400.0

_LEFT_OUT = (":(exclude,glob)**/.writing-*", ":(exclude,glob)snapshots/.*/**")
"""What a killed run left half-written, and folders of locks."""
_SETTINGS = (
    *("-c", "core.quotePath=off"),
    # A server that goes quiet is given up after a minute: else a run would wait for ever.
    *("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60"),
)
_TOKEN = "PUSH_TOKEN"
_HELPERS = (
    *("-c", "credential.helper="),  # a forge's own would give its job's token, which may not push
    "-c",
    f'credential.helper=!f() {{ echo username=x-access-token; echo "password=${_TOKEN}"; }}; f',
)
"""Asked by git for the token, which so stands in no file and on no command line."""
_TELLING = (r"remote: (?:error|fatal): ", r"remote: .*\w", r"\s*! \[", "fatal: ", "error: ")
"""How lines begin that say what is the matter, the most telling first."""


@dataclass(frozen=True, slots=True)
class Git:
    """The repository around the folder `root`; paths are relative to that folder."""

    root: Path
    identity: tuple[str, ...] = ()
    """Who commits, where neither the environment nor git's settings say so."""

    @classmethod
    def of(cls, root: Path) -> Git:
        git = cls(root)
        if not any(git.tried("var", f"GIT_{who}_IDENT")[0] for who in ("AUTHOR", "COMMITTER")):
            return git
        return cls(root, ("-c", "user.name=ratewire", "-c", "user.email=ratewire@localhost"))

    def __call__(self, *arguments: str, stdin: str = "") -> str:
        """What it says. Raises StoreError where it fails."""
        code, said, trouble = self.tried(*arguments, stdin=stdin)
        if code:
            raise StoreError(f"{self.root}: git {arguments[0]}: {reason(trouble)}")
        return said

    def tried(
        self, *arguments: str, stdin: str = "", environment: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Exit code, output, and what it said of its troubles."""
        command = ["git", "-C", str(self.root), *_SETTINGS, *self.identity]
        command += [*(_HELPERS if os.environ.get(_TOKEN) else ()), *arguments]
        around = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(environment or {})}
        try:
            done = subprocess.run(
                command,
                input=stdin.encode(),
                capture_output=True,
                check=False,
                env=around,
            )
        except FileNotFoundError:
            raise ConfigError("git is not installed; install it to push") from None
        out, trouble = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
        return done.returncode, out, trouble

    def branch(self) -> str:
        code, name, _ = self.tried("symbolic-ref", "--quiet", "--short", "HEAD")
        if code and self.tried("rev-parse", "--git-dir")[0]:
            raise ConfigError(f"{self.root} is in no git repository; run git init there")
        if code:
            raise ConfigError(f"{self.root} is on no branch; check one out (git switch main)")
        if not self.tried("rev-parse", "--quiet", "--verify", "MERGE_HEAD")[0]:
            raise ConfigError(
                f"{self.root}: a merge is under way; end it (git commit) or drop it "
                "(git merge --abort)"
            )
        return name.strip()

    def unlock(self) -> None:
        """Take away a lock on the index that a power cut left: no git that lives holds it a day."""
        lock = self.root / self("rev-parse", "--git-path", "index.lock").strip()
        with suppress(OSError):
            if time.time() - lock.stat().st_mtime > _DAY:
                lock.unlink()
                log.warning("%s: was left a day ago or more; removed", lock)

    def has_remote(self, remote: str) -> None:
        """Raises ConfigError where a remote of this name was never added; an address is one.

        What git would take for an option, or for a command to run as a transport, is neither.
        """
        if not remote or remote.startswith("-") or re.match(r"[\w+.-]+::", remote):
            raise ConfigError(
                f"--remote: {remote!r} is neither the name of a remote nor an address"
            )
        named = re.fullmatch(r"[\w.-]+", remote)
        if named and self.tried("remote", "get-url", remote)[0]:
            raise ConfigError(
                f"{self.root}: there is no remote {remote!r}; add it: git remote add {remote} URL"
            )

    def dirty(self, *folders: str) -> bool:
        """Whether anything in them differs from the last commit."""
        listing = ("status", "--porcelain", "--untracked-files=all")
        return bool(self(*listing, "--", *folders, *_LEFT_OUT))

    def touched(self, folder: str) -> dict[str, dict[str, str]]:
        """What differs from the last commit, by subfolder: file and status (A, M, D)."""
        if not (self.root / folder).exists() and not self("ls-files", "--", folder):
            return {}
        self("add", "-A", "--", folder, *_LEFT_OUT)
        listed = self(
            "diff", "--cached", "--name-status", "--no-renames", "--relative", "--", folder
        )
        found: dict[str, dict[str, str]] = {}
        for line in listed.splitlines():
            status, _, name = line.partition("\t")
            _, part, *rest = name.split("/")
            found.setdefault(part, {})["/".join(rest)] = status
        return dict(sorted(found.items()))

    def commit(self, subject: str, body: str, *paths: str) -> str:
        """Commit these paths and nothing else; returns the subject."""
        message = f"{subject}\n\n{body}".strip() + "\n"
        self(
            "commit", "--quiet", "--no-verify", "--cleanup=whitespace", "-F", "-", "--", *paths,
            stdin=message,
        )  # fmt: skip
        return subject

    def head(self) -> str:
        """The commit that is checked out. Raises ConfigError where there is none yet."""
        code, said, _ = self.tried("rev-parse", "--quiet", "--verify", "HEAD")
        if code:
            raise ConfigError(f"{self.root}: nothing was committed yet; commit the site once")
        return said.strip()

    def holds(self, other: str) -> bool:
        """Whether a commit is in the history of the one that is checked out."""
        return not self.tried("merge-base", "--is-ancestor", other, "HEAD")[0]

    @contextmanager
    def apart(self) -> Iterator[Git]:
        """The same folder in a work tree of its own, which is gone afterwards; where the run is
        killed meanwhile, the next one clears it away. One at a time, for each folder.
        """
        said = self("rev-parse", "--show-prefix", "--absolute-git-dir")
        within, git_folder, *_ = said.split("\n")
        name = within.strip("/").replace("/", "-")
        there = Path(git_folder) / "ratewire" / f"merge-{name}"
        shutil.rmtree(there, ignore_errors=True)
        self("worktree", "prune")
        self("worktree", "add", "--quiet", "--detach", str(there), "HEAD")
        (there / within).mkdir(parents=True, exist_ok=True)
        try:
            yield Git(there / within, self.identity)
        finally:
            self.tried("worktree", "remove", "--force", str(there))

    def changed(self, before: str, after: str) -> list[str]:
        return self("diff", "--name-only", "--no-renames", "--relative", before, after).splitlines()

    def same(self, other: str, folder: str) -> bool:
        """Whether a folder is the same here and there."""
        return not self.tried("diff", "--quiet", "HEAD", other, "--", folder)[0]

    def take(self, other: str, folder: str) -> None:
        """The folder as it is in another commit, or gone as it is there."""
        self("rm", "-r", "-f", "--quiet", "--ignore-unmatch", "--", folder)
        if self("ls-tree", other, "--", folder):
            self("checkout", other, "--", folder)

    def files(self, at: str, names: Iterable[str]) -> dict[str, bytes]:
        """Contents of files in a commit, of those that it has."""
        return {
            name: self("cat-file", "blob", blob).encode()
            for name, blob in self._blobs(at, sorted(names)).items()
        }

    def _blobs(self, at: str, names: Sequence[str]) -> dict[str, str]:
        listed = self("ls-tree", "-r", at, "--", *names).splitlines() if names else ()
        rows = (line.partition("\t") for line in listed)
        return {name: head.split()[2] for head, _, name in rows}


def reason(said: str) -> str:
    """The line in which git says what is the matter, without any password in an address."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("hint:")]
    telling = (line for start in _TELLING for line in lines if re.match(start, line))
    line = next(telling, lines[-1] if lines else "git failed")
    return re.sub(r"//[^/@\s]*@", "//", line.removeprefix("remote: "))
