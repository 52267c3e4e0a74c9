"""What was recorded goes to the site's repository, together with what others pushed meanwhile.

Two runs may overlap, on one machine or two. Whoever pushes first stands; the other keeps of each
source's folder what was pushed, and its own where nobody else touched it. Nothing is lost by
that: a run pushes before it builds or announces, and the page is read again at the next check.
Of `announced/` nothing may be dropped, for what went out cannot be taken back: there, told is
whom any run told.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from random import uniform

from scraper.announce import merging
from scraper.config import Site
from scraper.errors import StoreError
from scraper.model import Change
from scraper.publish.statements import Vocabulary
from scraper.publish.stories import Story
from scraper.publish.wording import wording
from scraper.push.git import Git, last_line
from scraper.record import Store

__all__ = ["Pushed", "push"]

_TRIES = 6
_SNAPSHOTS, _ANNOUNCED = "snapshots", "announced"
_MERGE = "Merge what was pushed meanwhile"


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of it."""

    commits: tuple[str, ...] = ()
    """Subjects of the commits that were made."""
    theirs: tuple[str, ...] = ()
    """Sources of which another run's record stands; this run's was given up."""
    branch: str = ""
    pushed: bool = False
    """False: there was nothing that the remote did not have."""


def push(
    site: Site,
    store: Store,
    *,
    remote: str = "origin",
    pause: Callable[[float], None] = time.sleep,
) -> Pushed:
    """Commit what is new in `snapshots/` and `announced/`, and push the branch.

    Raises ConfigError where the site is on no branch of a git repository, StoreError where it
    cannot be pushed or other files conflict; the commits are then kept for the next call.
    """
    git = Git.of(site.root)
    branch = git.branch()
    theirs = _concluded(git, store)
    commits = tuple(_commit(git, site, store))
    trouble = ""
    for attempt in range(_TRIES):
        if attempt:
            pause(uniform(0.5, 1) * min(2**attempt, 30))
        code, _, said = git.tried("fetch", "--quiet", remote, f"refs/heads/{branch}")
        if code and "couldn't find remote ref" not in said:
            trouble = said
            continue
        head, *rest = git("rev-parse", "HEAD", *(() if code else ("FETCH_HEAD",))).split()
        other = rest[0] if rest else ""
        if other == head:
            return Pushed(commits, tuple(sorted(theirs)), branch)
        if other and git.tried("merge-base", "--is-ancestor", other, head)[0]:
            theirs |= _merge(git, store, other)
        code, _, trouble = git.tried("push", "--quiet", remote, f"HEAD:refs/heads/{branch}")
        if not code:
            return Pushed(commits, tuple(sorted(theirs)), branch, True)
    raise StoreError(
        f"{site.root}: {branch} could not be pushed to {remote} in {_TRIES} tries "
        f"({last_line(trouble)}); the commits are kept. See that the branch may be written to, "
        "then run `ratewire push` again"
    )


# ── Commits ──────────────────────────────────────────────────────────────────────────────────


def _commit(git: Git, site: Site, store: Store) -> Iterator[str]:
    """One commit for each source's confirmed changes, one for other records, one for who was told.

    Yields their subjects.
    """
    with store.lock("push"):
        if not git.dirty(_SNAPSHOTS, _ANNOUNCED):
            return
        touched = git.touched(_SNAPSHOTS)
        touched = {source: files for source, files in touched.items() if "" not in files}
        quiet: dict[str, str] = {}
        for source, names in touched.items():
            with store.lock(source):
                news = _news(git, store, source)
                if news:
                    said = [_headline(site, change) for change in news]
                    more = f" (and {len(said) - 1} more)" if said[1:] else ""
                    body = "".join(f"- {line}\n" for line in said) if more else ""
                    yield git.commit(
                        said[0] + more, f"{body}Source: {source}\n", f"{_SNAPSHOTS}/{source}"
                    )
                else:
                    quiet[source] = _told(store, source, names)
        if quiet:
            only = next(iter(quiet.items()))
            subject = (
                f"Record {only[0]}: {only[1]}"
                if len(quiet) == 1
                else f"Record {len(quiet)} sources"
            )
            body = "".join(f"- {source}: {what}\n" for source, what in quiet.items())
            yield git.commit(subject, body, *(f"{_SNAPSHOTS}/{source}" for source in quiet))
        if git.touched(_ANNOUNCED):
            yield git.commit("Note who was told", "", _ANNOUNCED)


def _news(git: Git, store: Store, source: str) -> list[Change]:
    """Changes in the log that the last commit does not have."""
    _, before, _ = git.tried("show", f"HEAD:./{_SNAPSHOTS}/{source}/changes.jsonl")
    known = set()
    for line in before.splitlines():
        try:
            known.add(json.loads(line)["id"])
        except (ValueError, KeyError, TypeError):
            continue  # a damaged line: it is set aside by the store
    return [change for change in store.changes(source) if change.id not in known]


def _headline(site: Site, change: Change) -> str:
    return _harmless(wording(Story(change), Vocabulary.of(site)).headline)


def _harmless(words: str) -> str:
    """Words that a forge takes for words: no mention, no reference, no instruction."""
    bare = re.sub(r"[^\w\s.,:;%+−–→()$€£¥-]", " ", words)
    return re.sub(r"(?i)\bgh-(?=\d)", "GH ", " ".join(bare.split()))[:200]


def _told(store: Store, source: str, names: Mapping[str, str]) -> str:
    """What the files of a source that changed stand for, in a few words."""
    health = store.health(source)
    words = {
        "facts.json": "first reading" if names.get("facts.json") == "A" else "facts",
        "pending.json": "settled" if names.get("pending.json") == "D" else "seen, to be confirmed",
        "health.json": f"now {health.state}" if health else "",
    }
    found = [words[name] for name in sorted(names) if words.get(name)]
    return ", ".join(found) or "kept pages"


# ── Merging ──────────────────────────────────────────────────────────────────────────────────


def _concluded(git: Git, store: Store) -> set[str]:
    """End the merge in the midst of which a run was cut off: until then git commits nothing.

    Returns as `_merge` does. Raises StoreError where it is the owner's.
    """
    if not git.merging():
        return set()
    with store.lock("push"):
        if not (other := git.merging()):  # another run was just at it
            return set()
        if not git.merge_words().startswith(_MERGE):
            raise StoreError(
                f"{git.root}: somebody is in the midst of a merge; conclude it (git commit) or "
                "drop it (git merge --abort), then run `ratewire push` again"
            )
        return _merge(git, store, other)


def _merge(git: Git, store: Store, other: str) -> set[str]:
    """Bring what was pushed meanwhile in; returns the sources of which that record stands."""
    code, base, _ = git.tried("merge-base", "HEAD", other)
    if code:
        raise StoreError(f"{git.root}: the remote branch is of another history; look at it by hand")
    mine, pushed = (git.changed(base.strip(), to) for to in ("HEAD", other))
    both = {
        one
        for one in _sources(mine) & _sources(pushed)
        if not git.same(other, f"{_SNAPSHOTS}/{one}")
    }
    told = [{name for name in names if _is_announced(name)} for names in (mine, pushed)]
    announced = [git.files(at, told[0] | told[1]) for at in (other, "HEAD")] if all(told) else []
    with ExitStack() as locks:
        for name in ("push", *sorted(_sources(pushed))):
            locks.enter_context(store.lock(name))
        _, _, said = git.tried("merge", "--quiet", "--no-commit", "--no-ff", "-m", _MERGE, other)
        if git.merging() != other:
            raise _unmergeable(git, last_line(said))
        try:
            for source in sorted(both):
                git.take(other, f"{_SNAPSHOTS}/{source}")
            if announced:
                _write_announced(git, merging.merged(map(_inside, announced)))
            if conflicts := git("diff", "--name-only", "--diff-filter=U").split():
                raise StoreError(f"conflict in {', '.join(conflicts)}")
            git("commit", "--quiet", "--no-verify", "-m", _MERGE)
        except (StoreError, ValueError) as error:
            git.tried("merge", "--abort")
            raise _unmergeable(git, str(error)) from None
    return both


def _unmergeable(git: Git, why: str) -> StoreError:
    return StoreError(
        f"{git.root}: what was pushed meanwhile cannot be merged ({why}); "
        "merge it by hand (git pull), then run `ratewire push` again"
    )


def _write_announced(git: Git, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = git.root / _ANNOUNCED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    git("add", "-A", "--", _ANNOUNCED)


def _sources(names: list[str]) -> set[str]:
    return {name.split("/")[1] for name in names if name.startswith(f"{_SNAPSHOTS}/")}


def _is_announced(name: str) -> bool:
    return name.startswith(f"{_ANNOUNCED}/")


def _inside(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix(f"{_ANNOUNCED}/"): data for name, data in files.items()}
