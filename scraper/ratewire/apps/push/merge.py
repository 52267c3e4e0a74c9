"""What others pushed meanwhile, brought together with what was recorded here.

A merge is made in a folder apart, and taken over whole: a run that is killed on the way leaves
neither half a merge, which git would have somebody end by hand, nor records with marks of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

from ratewire.announce import merging
from ratewire.apps.push.git import Git, reason
from ratewire.errors import StoreError
from ratewire.record import Store

__all__ = ["ANNOUNCED", "OWNERS", "SNAPSHOTS", "merge"]

SNAPSHOTS, ANNOUNCED = "snapshots", "announced"
OWNERS = "owners.json"
"""Beside the sources' folders: of two versions the one that was pushed first counts."""


def merge(git: Git, store: Store, other: str) -> set[str]:
    """Bring a commit in; returns the sources of which its record stands.

    Raises StoreError where a person has to; all is then as it was.
    """
    code, base, _ = git.tried("merge-base", "HEAD", other)
    if code:
        raise StoreError(f"{git.root}: the remote branch is of another history; look at it by hand")
    mine, pushed = (git.changed(base.strip(), to) for to in ("HEAD", other))
    both = {
        one
        for one in _sources(mine) & _sources(pushed)
        if not git.same(other, f"{SNAPSHOTS}/{one}")
    }
    told = [{name for name in names if _is_announced(name)} for names in (mine, pushed)]
    announced = told[0] | told[1] if all(told) else set()
    with ExitStack() as locks:
        for name in sorted(_sources(pushed)):
            locks.enter_context(store.lock(name))
        try:
            ahead = base.strip() == git.head()
            made = other if ahead else _made(git, other, both, announced)
            git("merge", "--quiet", "--ff-only", made)
        except (StoreError, ValueError, RecursionError) as error:
            raise StoreError(
                f"{git.root}: what was pushed meanwhile cannot be merged ({error}); "
                "merge it by hand (git pull), then run `ratewire push` again"
            ) from None
    return both - {OWNERS}


def _made(git: Git, other: str, both: set[str], announced: set[str]) -> str:
    """The merge, a commit that no branch has yet. Raises StoreError, ValueError."""
    with git.apart() as there:
        _, _, said = there.tried("merge", "--quiet", "--no-commit", "--no-ff", other)
        if there.tried("rev-parse", "--quiet", "--verify", "MERGE_HEAD")[0]:
            raise StoreError(reason(said))
        for source in sorted(both):
            there.take(other, f"{SNAPSHOTS}/{source}")
        if announced:
            folders = (_inside(there.files(at, announced)) for at in (other, "HEAD"))
            _write(there, merging.merged(folders))
        if conflicts := there("diff", "--name-only", "--diff-filter=U").split():
            raise StoreError(f"conflict in {', '.join(conflicts)}")
        there("commit", "--quiet", "--no-verify", "-m", "Merge what was pushed meanwhile")
        return there.head()


def _write(git: Git, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = git.root / ANNOUNCED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    git("add", "-A", "--", ANNOUNCED)


def _sources(names: list[str]) -> set[str]:
    return {name.split("/")[1] for name in names if name.startswith(f"{SNAPSHOTS}/")}


def _is_announced(name: str) -> bool:
    return name.startswith(f"{ANNOUNCED}/")


def _inside(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix(f"{ANNOUNCED}/"): data for name, data in files.items()}
