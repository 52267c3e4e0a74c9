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
from dataclasses import dataclass
from random import uniform

from ratewire.apps.push.git import Git, reason
from ratewire.apps.push.merge import ANNOUNCED, OWNERS, SNAPSHOTS, merge
from ratewire.config import Site
from ratewire.errors import StoreError
from ratewire.model import Change
from ratewire.record import Store
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import Story

__all__ = ["Pushed", "push"]

_TRIES = 6


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

    Raises ConfigError where the site is on no branch of a git repository or there is no such
    remote, StoreError where it cannot be pushed or other files conflict; the commits are then kept
    for the next call.
    """
    git = Git.of(site.root)
    branch = git.branch()
    git.has_remote(remote)
    with store.lock("push"):
        git.unlock()
        commits = tuple(_commit(git, site, store))
        theirs: set[str] = set()
        trouble = ""
        for attempt in range(_TRIES):
            if attempt:
                pause(uniform(0.5, 1) * min(2**attempt, 30))
            code, _, said = git.tried("fetch", "--quiet", remote, f"refs/heads/{branch}")
            if code and "couldn't find remote ref" not in said:
                trouble = said
                continue
            other = "" if code else git("rev-parse", "FETCH_HEAD").strip()
            if other and not git.holds(other):
                theirs |= merge(git, store, other)
            if git.head() == other:
                return Pushed(commits, tuple(sorted(theirs)), branch)
            code, _, trouble = git.tried("push", "--quiet", remote, f"HEAD:refs/heads/{branch}")
            if not code:
                return Pushed(commits, tuple(sorted(theirs)), branch, True)
    raise StoreError(
        f"{site.root}: {branch} could not be pushed to {remote} in {_TRIES} tries "
        f"({reason(trouble)}); the commits are kept. See that the branch may be written to, and "
        "that PUSH_TOKEN is set where the remote asks for a token; then run `ratewire push` again"
    )


# ── Commits ──────────────────────────────────────────────────────────────────────────────────


def _commit(git: Git, site: Site, store: Store) -> Iterator[str]:
    """One commit for each source's confirmed changes, one for other records, one for who was told.

    Yields their subjects.
    """
    if not git.dirty(SNAPSHOTS, ANNOUNCED):
        return
    touched = git.touched(SNAPSHOTS)
    whose = OWNERS in touched
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
                    said[0] + more, f"{body}Source: {source}\n", f"{SNAPSHOTS}/{source}"
                )
            else:
                quiet[source] = _told(store, source, names)
    if quiet:
        only = next(iter(quiet.items()))
        subject = (
            f"Record {only[0]}: {only[1]}" if len(quiet) == 1 else f"Record {len(quiet)} sources"
        )
        body = "".join(f"- {source}: {what}\n" for source, what in quiet.items())
        yield git.commit(subject, body, *(f"{SNAPSHOTS}/{source}" for source in quiet))
    if whose:
        yield git.commit("Note whose products are", "", f"{SNAPSHOTS}/{OWNERS}")
    if git.touched(ANNOUNCED):
        yield git.commit("Note who was told", "", ANNOUNCED)


def _news(git: Git, store: Store, source: str) -> list[Change]:
    """Changes in the log that the last commit does not have."""
    _, before, _ = git.tried("show", f"HEAD:./{SNAPSHOTS}/{source}/changes.jsonl")
    known = set()
    for line in before.splitlines():
        try:
            known.add(json.loads(line)["id"])
        except (ValueError, RecursionError, KeyError, TypeError):
            continue  # a damaged line: it is set aside by the store
    return [change for change in store.changes(source) if change.id not in known]


def _headline(site: Site, change: Change) -> str:
    return _harmless(Story(change, vocabulary=SiteNames.of(site)).headline)


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
