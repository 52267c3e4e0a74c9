"""git, as far as a site's records need it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scraper.errors import ConfigError, StoreError

__all__ = ["Git", "last_line"]

_LEFT_OUT = (":(exclude,glob)**/.writing-*", ":(exclude,glob)snapshots/.*/**")
"""What a killed run left half-written, and folders of locks."""


@dataclass(frozen=True, slots=True)
class Git:
    """The repository around the folder `root`; paths are relative to that folder."""

    root: Path
    identity: tuple[str, ...] = ()
    """Who commits, where neither the environment nor git's settings say so."""

    @classmethod
    def of(cls, root: Path) -> Git:
        git = cls(root)
        if not git.tried("var", "GIT_COMMITTER_IDENT")[0]:
            return git
        return cls(root, ("-c", "user.name=ratewire", "-c", "user.email=ratewire@localhost"))

    def __call__(self, *arguments: str, stdin: str = "") -> str:
        """What it says. Raises StoreError where it fails."""
        code, said, trouble = self.tried(*arguments, stdin=stdin)
        if code:
            raise StoreError(f"{self.root}: git {arguments[0]}: {last_line(trouble)}")
        return said

    def tried(
        self, *arguments: str, stdin: str = "", environment: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Exit code, output, and what it said of its troubles."""
        command = ["git", "-C", str(self.root), "-c", "core.quotePath=off", *self.identity]
        command += arguments
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
        return name.strip()

    def merging(self) -> str:
        """The commit that is being merged in; empty: none is."""
        return self.tried("rev-parse", "--quiet", "--verify", "MERGE_HEAD")[1].strip()

    def merge_words(self) -> str:
        """The message that the merge under way is to have; empty: unknown."""
        path = self.root / self("rev-parse", "--git-path", "MERGE_MSG").strip()
        return path.read_text("utf-8", "replace") if path.is_file() else ""

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


def last_line(said: str) -> str:
    """The last thing that git says, without any password in an address."""
    lines = [line for line in said.strip().splitlines() if not line.startswith("hint:")]
    # Advice may follow what it says was fatal.
    fatal = [line for line in lines if line.startswith("fatal:")]
    return re.sub(r"//[^/@\s]*@", "//", (fatal or lines)[-1].strip()) if lines else "git failed"
