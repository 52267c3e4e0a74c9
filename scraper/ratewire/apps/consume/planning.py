"""What is to become of each figure of a file: another amount, or why it is left as it is. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ratewire.apps.consume.figures import FileFigures, in_unit_of, respelt, rewritten
from ratewire.apps.consume.places import Placed
from ratewire.apps.consume.published import Published, PublishedChange, StatedRate, story_of
from ratewire.apps.lists import AuditFinding, AuditStatus, audit
from ratewire.model import Rate

__all__ = ["Left", "Plan", "Update", "plan"]


@dataclass(frozen=True, slots=True)
class Update:
    """One figure that becomes another, with its evidence."""

    place: str
    """Where it stands in the file, for people."""
    old: str
    new: str
    """As they are spelt in the file."""
    listed: Rate
    """What the file says."""
    stated: StatedRate
    """What the site says, of which page, and when that was last seen."""
    source: str
    """The official page's name."""
    story: PublishedChange | None
    """The change that led there; None: it was never otherwise while it was watched."""
    excerpts: tuple[str, ...]
    """The official page's words, before and after."""
    digest: str
    """Of file, place and new amount: the same figure has the same."""


@dataclass(frozen=True, slots=True)
class Left:
    """One figure that stays as it is, and why, in one clause."""

    place: str
    stands: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A file's next text, and what is to be said of it."""

    text: str
    updates: tuple[Update, ...]
    left: tuple[Left, ...]
    right: int
    """Figures that are as the site has them."""
    passed: int
    """Figures of products or sellers that the site does not speak of."""


def plan(
    figures: FileFigures,
    published: Published,
    *,
    name: str,
    on: date,
    sellers: Collection[str] = (),
    declined: Collection[str] = (),
) -> Plan:
    """Hold each figure against what the site says.

    `name`: the file's, which is part of each update's digest. `sellers`: whose figures are meant in
    a list of several; each official page's own publisher is anyway. `declined`: digests of updates
    that people said no to.
    """
    found = audit(figures.rates, published.official(on), on=on)
    updates: list[Update] = []
    left: list[Left] = []
    right = passed = 0
    for finding in found:
        outcome = _outcome(finding, figures, published, name, on, sellers)
        if isinstance(outcome, Update) and outcome.digest in declined:
            outcome = Left(outcome.place, outcome.old, f"{outcome.new} was declined before")
        match outcome:
            case Update():
                updates.append(outcome)
            case Left():
                left.append(outcome)
            case True:
                right += 1
            case _:
                passed += 1
    changed = [(_placed(update.listed), update.new) for update in updates]
    text = rewritten(figures.text, changed)
    return Plan(text, tuple(updates), tuple(left), right, passed)


def _outcome(
    finding: AuditFinding,
    figures: FileFigures,
    published: Published,
    name: str,
    on: date,
    sellers: Collection[str],
) -> Update | Left | bool:
    """True: it is right. False: it is nothing to this site."""
    listed, official = finding.listed, finding.official
    placed, place = _placed(listed), listed.evidence.where
    old = figures.text[placed.start : placed.end]
    if finding.standing is AuditStatus.UNKNOWN:
        return Left(place, old, "the site speaks of no such product") if figures.chosen else False
    if not _is_meant(figures.sellers.get(placed.start), finding, published, sellers):
        return False
    if official is None:
        superseded = finding.standing is AuditStatus.SUPERSEDED
        return Left(place, old, finding.note if superseded else "the site has no such rate")
    stated = published.stating(official)
    if published.seen_too_long_ago(stated, on):
        return Left(place, old, f"its official page was last seen on {stated.verified_on}")
    if why := _doubt(stated, listed):
        return Left(place, old, why)
    amount = in_unit_of(official, listed, old)
    if amount is None or amount == placed:
        return True
    quoted = figures.text[placed.start - 1 : placed.start] in tuple("\"'$€£¥,;\t|\n")
    told = story_of(published.stories, official)
    digest = hashlib.sha256("\0".join((name, place, f"{amount.normalize():f}")).encode())
    known = published.sources.get(stated.source)
    return Update(
        place,
        old,
        respelt(old, amount, quoted=quoted),
        listed,
        stated,
        known.name if known else stated.source,
        told[0] if told else None,
        told[1] if told else (),
        digest.hexdigest()[:16],
    )


def _doubt(stated: StatedRate, listed: Rate) -> str:
    """Why what the site says is not sure enough; empty: it is."""
    rate = stated.rate
    if stated.disputed:
        return "official pages disagree on it"
    if rate.is_fee:
        return "the official page states a share of a value, no amount"
    if rate.qualifier or rate.upper is not None:
        return f"the official page gives no exact amount ({rate.qualifier or 'a range'})"
    if rate.currency != listed.currency:
        return f"the official amount is in {rate.currency}, not in {listed.currency}"
    return ""


def _is_meant(
    seller: str | None, finding: AuditFinding, published: Published, sellers: Collection[str]
) -> bool:
    """Whether it is the official seller's own figure: others may well ask for more."""
    if not seller:
        return True
    known = published.sources.get(finding.source)
    publisher = {_slug(known.publisher)} if known else set()
    return _slug(seller) in publisher | {_slug(each) for each in sellers}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _placed(rate: Rate) -> Placed:
    assert isinstance(rate.amount, Placed), "figures_of gives no other"
    return rate.amount
