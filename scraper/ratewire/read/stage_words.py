"""Which stage of life words say a product is in: in a cell of a column of stages, in a remark
beside a name, in a heading. The words are data: vocabulary.toml, [stage], [stage_column],
[stage_around].
"""

from __future__ import annotations

import re

from ratewire.model import Stage
from ratewire.read.dates import find_dates
from ratewire.read.lexicon import Lexicon, fold, has_any, joint_lexicon, lexicon

__all__ = ["ENDING", "speaks_of_end", "stage_of_cell", "stage_of_heading", "stage_of_remark"]

ENDING = (Stage.DEPRECATED, Stage.RETIRED)
_CLAUSE = re.compile(r"[,;:.。；，、]\s*|\s+[—–-]\s+")


def stage_of_cell(text: str) -> Stage | None:
    """The stage that a cell of a column of stages says; None: it says none.

    `Retiring soon`, `Active LTS`, `Not available` (none), `Planned retirement` (deprecated).
    """
    words = joint_lexicon("stage", "stage_column")
    if alone := words.exactly(text):
        return Stage(alone)
    found = _said(fold(text), words)
    if not found:
        return None
    ends = found[0] in ENDING and _to_come(fold(text))
    planned = found[0] is Stage.ANNOUNCED and has_any(text, "ending", "words")
    return Stage.DEPRECATED if ends or planned else found[0]


def _said(folded: str, words: Lexicon) -> list[Stage]:
    """The stages in a folded text, in order, but for those that it denies."""
    denied = lexicon("stage_around", "not").find(folded)
    return [
        Stage(meaning)
        for meaning, start, _ in words.find(folded)
        if not any(stop <= start <= stop + 1 for *_, stop in denied)
    ]


def _to_come(folded: str) -> bool:
    return bool(lexicon("stage_around", "to_come").search(folded))


def stage_of_remark(text: str) -> Stage | None:
    """The stage that a remark beside a name says and that all its first clause is about.

    `beta`, `retired, except on Example Cloud`, `deprecated since May 2026`; not `limited plans`.
    """
    return _whole(_CLAUSE.split(_without_dates(text), maxsplit=1)[0])


def stage_of_heading(text: str) -> Stage | None:
    """The stage of a heading that says nothing else: `Deprecated models`, `Retired`."""
    stage = _whole(_without_dates(text))
    return None if stage in (Stage.AVAILABLE, Stage.ANNOUNCED) else stage


def _whole(text: str) -> Stage | None:
    folded = fold(text)
    if aside := lexicon("stage_around", "aside").search(folded):
        folded = folded[: aside.start()]
    said = _said(folded, lexicon("stage"))
    if not said:
        return None
    rest = lexicon("stage").sub(" ", folded)
    rest = lexicon("stage_around", "filler").sub(" ", rest)
    rest = lexicon("stage_around", "to_come").sub(" ", rest)
    if re.search(r"\w", rest):
        return None
    return Stage.DEPRECATED if said[0] in ENDING and _to_come(folded) else said[0]


def speaks_of_end(text: str) -> bool:
    """Whether a text says of something that it is deprecated or retired."""
    return any(stage in ENDING for stage in _said(fold(text), lexicon("stage")))


def _without_dates(text: str) -> str:
    for day in reversed(find_dates(text)):
        text = f"{text[: day.start]} {text[day.end :]}"
    return text
