"""From when to when prices hold, by what stands round them: a note above a table, a heading, a
pane, the sentence itself. The words are data: vocabulary.toml, [effective].

A day that has passed from which a price holds says nothing any more and is no condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from scraper.read.dates import Effective, find_dates, find_effective
from scraper.read.document import Text
from scraper.read.lexicon import fold, has_any, lexicon
from scraper.read.page import Page

__all__ = ["effective_around", "effective_in_sentence"]

_LONGEST_NOTE, _LONGEST_HEADING = 30, 10
"""Words."""


def effective_around(at: int, page: Page) -> Mapping[str, str]:
    """The conditions `effective_from` and `effective_to` of the table at block `at`."""
    for text in _around(at, page):
        found = find_effective(text, page.day)
        if found and _is_of_prices(text) and (conditions := _conditions(found, page)):
            return conditions
    return {}


def _around(at: int, page: Page) -> Iterator[str]:
    here = page.document.blocks[at]
    yield from (pane.label for pane in reversed(here.panes))
    for block in page.document.blocks[max(0, at - 2) : at][::-1]:
        if not isinstance(block, Text) or block.headings != here.headings or block.hidden:
            break
        if len(block.text.split()) <= _LONGEST_NOTE and block.panes == here.panes:
            yield block.text
    yield from (h for h in here.headings[-1:] if len(h.split()) <= _LONGEST_HEADING)


def effective_in_sentence(
    sentence: str, start: int, page: Page, *, thereafter: bool = False
) -> Mapping[str, str]:
    """Those of the amount that begins at `start`; `until May 31, then $3` is two prices.
    `thereafter`: the words beside the amount say that it follows another.
    """
    found = find_effective(sentence, page.day) or _changed_on(sentence, page)
    if found is None or _is_negated(sentence):
        return {}
    after = fold(sentence[found.end :]).lstrip(" ,;:.)-–—")
    thereafter = thereafter or bool(lexicon("prose", "thereafter").pattern.match(after))
    if found.effective_to and start > found.end and thereafter:
        following = found.effective_to + timedelta(days=1)
        return {"effective_from": following.isoformat()} if following > page.day else {}
    return _conditions(found, page)


def _changed_on(sentence: str, page: Page) -> Effective | None:
    """`The price rises to $25 on 1 May`: the one day on which it becomes another."""
    days = find_dates(sentence, near=page.day)
    if len(days) != 1 or not has_any(sentence, "effective", "changes"):
        return None
    (day,) = days
    return Effective(day.date, None, day.start, day.end, day.text)


def _is_of_prices(text: str) -> bool:
    folded = fold(text)
    said = lexicon("effective", "of").pattern.search(folded)
    return bool(said) and not _is_negated(text)


def _is_negated(text: str) -> bool:
    return bool(lexicon("effective", "not").pattern.search(fold(text)))


def _conditions(found: Effective, page: Page) -> dict[str, str]:
    conditions: dict[str, str] = {}
    if found.effective_from and found.effective_from > page.day:
        conditions["effective_from"] = found.effective_from.isoformat()
    if found.effective_to:
        conditions["effective_to"] = found.effective_to.isoformat()
    return conditions
