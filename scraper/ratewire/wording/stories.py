"""A confirmed change and what was said of it later, as one story: one page, one entry, one message.

Whatever shows a change shows its story: pages, feeds, data, mail, webhooks, chats, commits. All
words are plain text, bounded and free of control characters, and not yet escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from ratewire.model import Basis, Change, ChangeState
from ratewire.wording.catalogue import Words
from ratewire.wording.changes import Row, headline, row
from ratewire.wording.facts import NAMELESS, SiteNames
from ratewire.wording.formats import moment, span
from ratewire.wording.text import plain, web_url

__all__ = ["Story", "change_url", "stories"]


def change_url(site_url: str, change_id: str) -> str:
    """The page of a change, which is its id in every feed too: it never moves."""
    return f"{site_url.rstrip('/')}/changes/{quote(change_id, safe='')}/"


@dataclass(frozen=True)
class Story:
    """A confirmed change and the corrections that followed it, oldest first.

    It is put into words when it is first asked for them, and only once.
    """

    change: Change
    corrections: tuple[Change, ...] = ()
    vocabulary: SiteNames = field(default=NAMELESS, repr=False, compare=False)

    def in_words(self, vocabulary: SiteNames) -> Story:
        """The same in another language or with other names."""
        return self if vocabulary is self.vocabulary else replace(self, vocabulary=vocabulary)

    # ── What happened ────────────────────────────────────────────────────────────────────────

    @property
    def latest(self) -> Change:
        return self.corrections[-1] if self.corrections else self.change

    @property
    def updated(self) -> datetime:
        return max(self.latest.recorded_at, self.change.recorded_at)

    @property
    def published(self) -> datetime | None:
        """None for a change from an archive, which nobody published then."""
        return None if self.change.basis is Basis.ARCHIVE else self.change.recorded_at

    @property
    def state(self) -> str:
        """`confirmed`, `corrected` or `retracted`."""
        return self.latest.state.value

    @property
    def retracted(self) -> bool:
        return self.latest.state is ChangeState.RETRACTED

    @property
    def products(self) -> tuple[str, ...]:
        """Products that the change speaks of, or that its correction does."""
        if self.truth is self.change:
            return self.change.products
        return tuple(sorted({*self.change.products, *self.truth.products}))

    @property
    def truth(self) -> Change:
        """The change as it is now known: the last word that states any facts."""
        if not self.corrections:
            return self.change
        stated = [c for c in self.corrections if c.state is ChangeState.CORRECTED and c.alterations]
        return stated[-1] if stated else self.change

    # ── Where it stands ──────────────────────────────────────────────────────────────────────

    @property
    def path(self) -> str:
        """Of its page in the site."""
        return change_url("", self.change.id)

    @property
    def url(self) -> str:
        return change_url(self.vocabulary.site_url, self.change.id)

    @property
    def source(self) -> str:
        """The official page by its name."""
        return self.vocabulary.source(self.change.source)

    @property
    def source_url(self) -> str:
        """Empty where it is not a web address."""
        return web_url(self.change.url)

    # ── Words ────────────────────────────────────────────────────────────────────────────────

    @property
    def words(self) -> Words:
        """Those of the language in which it is told."""
        return self.vocabulary.words

    @cached_property
    def headline(self) -> str:
        """Stands alone; no full stop. A corrected or retracted story says so first."""
        if self.retracted:
            return self.words("told.retracted", headline=self._first)
        told = headline(self.truth, self.vocabulary)
        return self.words("told.corrected", headline=told) if self._mended else told

    @cached_property
    def detail(self) -> str:
        """What the headline leaves out, in whole sentences: where and when it was seen, what was
        wrong.
        """
        change, latest, words = self.change, self.latest, self.words
        if not self._mended:
            window = span(change.window.last_seen_old, change.window.first_seen_new, words)
            by = "by_copies" if change.basis is Basis.ARCHIVE else "changed_between"
            seen = words(f"told.{by}", page=self._page, window=window)
            return f"{seen} {plain(change.note, 400)}".strip()
        on, why = moment(latest.recorded_at, words), plain(latest.note, 400).rstrip(".")
        told = "told.not_so" if self.retracted else "told.mended"
        detail = words(f"{told}_because", moment=on, reason=why) if why else words(told, moment=on)
        if self.retracted or self._first == headline(self.truth, self.vocabulary):
            return detail
        return f"{detail} {words('told.had_said', headline=self._first)}"

    @property
    def summary(self) -> str:
        """Headline and detail, where one text has to do."""
        return f"{self.headline}. {self.detail}"

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The table of before and after, in the order in which the alterations stand."""
        return tuple(row(each, self.vocabulary) for each in self.truth.alterations)

    @property
    def confirmation(self) -> str:
        """On what it is believed, in one sentence; empty where that was not recorded."""
        match self.change.basis:
            case Basis.LOOKS:
                return self.words("confirmed.looks", count=self.change.looks)
            case Basis.ARCHIVE:
                return self.words("confirmed.archive")
            case Basis.OWNER:
                return self.words("confirmed.owner")
        return ""

    @property
    def _mended(self) -> bool:
        return bool(self.corrections) or self.change.state is not ChangeState.CONFIRMED

    @cached_property
    def _first(self) -> str:
        """The headline before any correction."""
        return headline(self.change, self.vocabulary)

    @property
    def _page(self) -> str:
        """The official page, with its publisher unless its own name says it."""
        page, publisher = self.source, self.vocabulary.publisher(self.change.source)
        if publisher.casefold() in page.casefold():
            return page
        return self.words("told.page", publisher=publisher, page=page)


def stories(changes: Iterable[Change], vocabulary: SiteNames = NAMELESS) -> tuple[Story, ...]:
    """Corrections gathered under the change that they follow; oldest first, pending ones left out.

    A correction of a correction belongs to the first; one whose change is unknown stands alone.
    """
    known = sorted(
        (c for c in changes if c.state is not ChangeState.PENDING),
        key=lambda c: (c.recorded_at, c.id),
    )
    by_id: dict[str, Change] = {}
    for change in known:  # two sources may tell one change: the first to do so counts
        by_id.setdefault(change.id, change)

    def root(change: Change) -> str:
        seen = {change.id}
        while change.follows in by_id and change.follows not in seen:
            change = by_id[change.follows]
            seen.add(change.id)
        return change.id

    corrections: dict[str, list[Change]] = {}
    for change in by_id.values():
        first = root(change)
        if first != change.id:
            corrections.setdefault(first, []).append(change)
    return tuple(
        Story(change, tuple(corrections.get(change.id, ())), vocabulary)
        for change in by_id.values()
        if root(change) == change.id
    )
