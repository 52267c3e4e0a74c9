"""From when to when prices hold, by what stands round them: a note above a table, a heading, a
pane, the sentence itself. The words are data: vocabulary.toml, [effective].

A day that has passed from which a price holds says nothing any more and is no condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from ratewire.read.cells import CellFigure
from ratewire.read.dates import Effective, find_dates, find_effective
from ratewire.read.document import Cell, Text
from ratewire.read.footnotes import mark_of, notes_below
from ratewire.read.lexicon import fold, has_any, lexicon
from ratewire.read.page import PageContext

__all__ = ["effective_above", "effective_around", "effective_in_sentence", "effective_of_figure"]

_LONGEST_NOTE, _LONGEST_HEADING = 30, 10
"""Words."""
_COLONS = (":", "：")
_ABOVE = 8
"""Blocks above a text among which the one is that dates it."""
_BESIDE_A_DAY = 2
"""Words that a line has beside the day that it names, and nothing else."""


def effective_around(at: int, page: PageContext) -> Mapping[str, str]:
    """The conditions `effective_from` and `effective_to` of the table at block `at`."""
    for text in _around(at, page):
        found = find_effective(text, page.day)
        if not found or not (
            _is_of_prices(text) or (_is_all(text, found) and not _is_negated(text))
        ):
            continue
        if conditions := conditions_of(found, page):
            return conditions
    return {}


def effective_above(at: int, page: PageContext) -> Mapping[str, str]:
    """Those of the text at block `at`: by a lead-in of its list (`On 1 April 2026:`), or by a line
    above it in its section that names the day and nothing else (`Starting 1 April 2026`).
    """
    here = page.document.blocks[at]
    assert isinstance(here, Text)
    listed = here.kind == "li"
    for block in page.document.blocks[max(0, at - _ABOVE) : at][::-1]:
        beside = isinstance(block, Text) and block.headings == here.headings
        if not isinstance(block, Text) or not beside or block.panes != here.panes:
            break
        lines = [line.strip() for line in block.text.split("\n") if line.strip()]
        leads = listed and lines and lines[-1].endswith(_COLONS)
        found = _day_of(lines[-1], page) if leads else _day_alone(lines, page)
        if found and not block.hidden:
            return conditions_of(found, page)
        listed = listed and block.kind == "li"
        if leads:
            break
    return {}


def _day_of(lead: str, page: PageContext) -> Effective | None:
    """`On 1 April 2026:`, `From 1 July these prices apply:`"""
    if _is_negated(lead):
        return None
    found = find_effective(lead, page.day)
    if found is not None and (_is_of_prices(lead) or _is_all(lead, found)):
        return found
    days = find_dates(lead, near=page.day)
    alone = Effective(days[0].date, None, days[0].start, days[0].end, "") if days else None
    return alone if alone and len(days) == 1 and _is_all(lead, alone) else None


def _day_alone(lines: Sequence[str], page: PageContext) -> Effective | None:
    for line in lines:
        found = None if line.endswith(_COLONS) else find_effective(line, page.day)
        if found and found.effective_from and _is_all(line, found) and not _is_negated(line):
            return found
    return None


def _is_all(line: str, found: Effective) -> bool:
    """Whether a line says little more than the day."""
    return len(f"{line[: found.start]} {line[found.end :]}".split()) <= _BESIDE_A_DAY


def _around(at: int, page: PageContext) -> Iterator[str]:
    here = page.document.blocks[at]
    yield from (pane.label for pane in reversed(here.panes))
    for block in page.document.blocks[max(0, at - 2) : at][::-1]:
        if not isinstance(block, Text) or block.headings != here.headings or block.hidden:
            break
        if len(block.text.split()) <= _LONGEST_NOTE and block.panes == here.panes:
            yield block.text
    yield from (h for h in here.headings[-1:] if len(h.split()) <= _LONGEST_HEADING)


def effective_of_figure(
    figure: CellFigure, cell: Cell, at: int, page: PageContext
) -> Mapping[str, str]:
    """Those of one price in a cell of the table at block `at`: by its own words, or by a footnote
    that hangs on the cell.
    """
    if figure.effective:
        return conditions_of(figure.effective, page)
    marks = {mark.strip("()[] ") for mark in cell.refs} - {""}
    for note in notes_below(at, page) if marks else ():
        if mark_of(note) in marks and _is_of_a_sale(note):
            found = find_effective(note, page.day)
            return conditions_of(found, page) if found else {}
    return {}


def effective_in_sentence(
    sentence: str, start: int, page: PageContext, *, thereafter: bool = False
) -> Mapping[str, str]:
    """Those of the amount that begins at `start`; `until May 31, then $3` is two prices.
    `thereafter`: the words beside the amount say that it follows another.
    """
    found = find_effective(sentence, page.day) or _changed_on(sentence, page)
    if found is None or _is_negated(sentence):
        return {}
    after = fold(sentence[found.end :]).lstrip(" ,;:.)-–—")
    thereafter = thereafter or bool(lexicon("prose", "thereafter").match(after))
    if found.effective_to and start > found.end and thereafter:
        following = found.effective_to + timedelta(days=1)
        return {"effective_from": following.isoformat()} if following > page.day else {}
    return conditions_of(found, page)


def _changed_on(sentence: str, page: PageContext) -> Effective | None:
    """`The price rises to $25 on 1 May`: the one day on which it becomes another."""
    days = find_dates(sentence, near=page.day)
    if len(days) != 1 or not has_any(sentence, "effective", "changes"):
        return None
    (day,) = days
    return Effective(day.date, None, day.start, day.end, day.text)


def _is_of_prices(text: str) -> bool:
    folded = fold(text)
    said = lexicon("effective", "of").search(folded)
    return bool(said) and not _is_negated(text)


def _is_of_a_sale(note: str) -> bool:
    return _is_of_prices(note) or (has_any(note, "effective", "sale") and not _is_negated(note))


def _is_negated(text: str) -> bool:
    return bool(lexicon("effective", "not").search(fold(text)))


def conditions_of(found: Effective, page: PageContext) -> dict[str, str]:
    conditions: dict[str, str] = {}
    if found.effective_from and found.effective_from > page.day:
        conditions["effective_from"] = found.effective_from.isoformat()
    if found.effective_to:
        conditions["effective_to"] = found.effective_to.isoformat()
    return conditions
