"""A file's next text as one commit on a branch of its own, pushed; the work tree is not touched."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ratewire.apps.push.git import Git, reason
from ratewire.errors import ConfigError, StoreError

__all__ = ["Proposed", "propose"]

_TRAILER = "Ratewire-Figures:"
"""By which a commit of ours is known on the branch."""
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of the branch."""

    branch: str
    pushed: bool
    note: str = ""
    """Why it was not, in one clause; empty where it was, or has these figures already."""


def propose(
    file: Path, text: str, *, branch: str, remote: str, title: str, digests: tuple[str, ...]
) -> Proposed:
    """Push the branch as one commit above HEAD in which `file` has this text and nothing differs.

    A branch that others committed to is left alone. Raises ConfigError where the file is not as
    HEAD has it, StoreError where it cannot be pushed.
    """
    top, code = _top(file.parent)
    if code:
        raise ConfigError(f"{file} is in no git repository; without --branch the file is written")
    git = Git.of(top)
    if not file.resolve().is_relative_to(top.resolve()):
        raise ConfigError(f"{file} leads out of the repository {top}; name the file itself")
    name = file.resolve().relative_to(top.resolve()).as_posix()
    if git.tried("check-ref-format", f"refs/heads/{branch}")[0] or branch.startswith("-"):
        raise ConfigError(f"--branch: {branch!r} cannot be the name of a branch")
    if branch == git.tried("symbolic-ref", "--quiet", "--short", "HEAD")[1].strip():
        raise ConfigError(f"--branch: {branch!r} is checked out; name one that is for this alone")
    git.has_remote(remote)
    if git.tried("ls-files", "--error-unmatch", "--", name)[0] or git(
        "status", "--porcelain", "--", name
    ):
        raise ConfigError(f"{file} is not as it was committed; commit or restore it first")
    tree = _tree(git, name, text)
    message = f"{title}\n\n{_TRAILER} {' '.join(digests)}\n"
    trouble = ""
    for _ in range(_TRIES):
        there, ours = _there(git, remote, branch)
        if there and not ours:
            return Proposed(branch, False, "others committed to the branch; it is left alone")
        if there and _same(git, there, tree, name):
            return Proposed(branch, False)
        commit = git("commit-tree", tree, "-p", "HEAD", "-F", "-", stdin=message).strip()
        lease = f"--force-with-lease=refs/heads/{branch}:{there}"
        code, _, trouble = git.tried(
            "push", "--quiet", lease, remote, f"{commit}:refs/heads/{branch}"
        )
        if not code:
            return Proposed(branch, True)
    raise StoreError(
        f"{branch} could not be pushed to {remote} ({reason(trouble)}); see that it may be "
        "written to. The file is as it was"
    )


def _top(folder: Path) -> tuple[Path, int]:
    code, said, _ = Git(folder).tried("rev-parse", "--show-toplevel")
    return Path(said.strip()), code


def _tree(git: Git, name: str, text: str) -> str:
    """HEAD's tree with another text of the file."""
    blob = git("hash-object", "-w", "--stdin", f"--path={name}", stdin=text).strip()
    mode = git("ls-files", "--stage", "--", name).split(maxsplit=1)[0]
    with tempfile.TemporaryDirectory() as folder:
        apart = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        for arguments in (
            ("read-tree", "HEAD"),
            ("update-index", "--cacheinfo", f"{mode},{blob},{name}"),
        ):
            code, _, said = git.tried(*arguments, environment=apart)
            if code:
                raise StoreError(f"{git.root}: git {arguments[0]}: {reason(said)}")
        return git.tried("write-tree", environment=apart)[1].strip()


def _there(git: Git, remote: str, branch: str) -> tuple[str, bool]:
    """The remote branch's commit, empty where there is none, and whether it is one of ours."""
    code, _, said = git.tried("fetch", "--quiet", remote, f"refs/heads/{branch}")
    if code and "couldn't find remote ref" in said:
        return "", False
    if code:
        raise StoreError(f"{remote} cannot be reached ({reason(said)}); the file is as it was")
    commit = git("rev-parse", "FETCH_HEAD").strip()
    return commit, _TRAILER in git("log", "-1", "--format=%B", commit)


def _same(git: Git, commit: str, tree: str, name: str) -> bool:
    """Whether the branch has this text of the file already."""
    return git.tried("diff", "--quiet", commit, tree, "--", name)[0] == 0
