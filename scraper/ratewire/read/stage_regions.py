"""Stages of life that differ by region: `GA in eu-west, preview in us-east` in a cell, and tables
of products against regions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from ratewire.model import Availability, Conditions, Evidence, Stage, marks_of
from ratewire.read.document import Cell
from ratewire.read.lexicon import lexicon, slug
from ratewire.read.names import read_label
from ratewire.read.page import PageContext
from ratewire.read.quantities import read_cell
from ratewire.read.stage_words import stage_of_cell

__all__ = ["by_region", "is_region", "region_stages"]

_CODE = re.compile(
    r"(?:us|eu|ap|ca|sa|me|af|uk|cn|il|mx|asia|europe|africa|australia|northamerica|southamerica)"
    r"-[a-z]{2,12}(?:-?[a-z]{2,12})?-?\d{0,2}[a-z]?|[a-z]{2,3}-(?:north|south|east|west|central)(?:-\d)?",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\s*(?:[;；\n]|,(?=\s*[^\W\d]+(?:\s[^\W\d]+)?\s)|、|，)\s*")
_BRACKET = re.compile(r"(?P<stage>[^()（）]{2,40})\s*[(（](?P<where>[^()（）]{2,80})[)）]")
_LIST = re.compile(r"\s*(?:[,/&]|\band\b|\bund\b|\by\b|\bet\b)\s*")
_ASIDE = re.compile(r"\s*[(（].*$")
_RULE = "table: stage by region"
_LEAST = 2
"""Regions that make a table one of regions, stages that make a cell one."""


def is_region(text: str) -> bool:
    """Whether a text names one region: `eu-west-1`, `Europe`."""
    bare = _ASIDE.sub("", text).strip(" *_`")
    return bool(bare) and bool(_CODE.fullmatch(bare) or lexicon("region", "names").exactly(bare))


def _stages(text: str) -> tuple[tuple[Stage, tuple[str, ...]], ...]:
    """The stages of a cell, each with its regions; none: it tells of no region."""
    found: list[tuple[Stage, tuple[str, ...]]] = []
    for clause in _CLAUSE.split(text):
        told = _clause(clause)
        if told is None and found and is_region(clause):  # `preview in us-east, us-west`
            stage, places = found[-1]
            found[-1] = (stage, (*places, clause.strip()))
        elif told is None:
            return ()
        else:
            found.append(told)
    return tuple(found)


def _clause(clause: str) -> tuple[Stage, tuple[str, ...]] | None:
    match = _BRACKET.fullmatch(clause.strip()) or _placed().fullmatch(clause.strip())
    if match is None:
        return None
    places = tuple(place.strip(" .") for place in _LIST.split(match["where"]) if place.strip(" ."))
    stage = stage_of_cell(match["stage"])
    return (stage, places) if stage and places and all(map(is_region, places)) else None


@cache
def _placed() -> re.Pattern[str]:
    words = "|".join(map(re.escape, lexicon("region", "in").meanings))
    return re.compile(
        rf"(?P<stage>\S.{{0,40}}?)\s(?:{words})\s(?P<where>\S.{{0,80}})", re.IGNORECASE
    )


def by_region(found: Availability, text: str) -> Iterator[Availability]:
    """One for each region where the words of the stage tell of several stages."""
    told = _stages(text)
    if len(told) == 1 and not found.regions:
        yield replace(found, stage=told[0][0], regions=told[0][1])
        return
    for stage, places in told:
        for place in places:
            yield replace(found, stage=stage, conditions=found.conditions.with_(region=slug(place)))
    if len(told) < _LEAST:
        yield found


def region_stages(
    heads: Sequence[Cell],
    body: Sequence[Sequence[Cell]],
    headings: Sequence[str],
    page: PageContext,
) -> Iterator[Availability]:
    """The stages of a table of products against regions, whichever of them stand along the top."""
    columns = [at for at, head in enumerate(heads) if at and is_region(head.line)]
    if len(columns) >= _LEAST:
        cells = [(row[0], heads[at], row[at]) for row in body for at in columns]
    elif lexicon("column").exactly(heads[0].line) == "region":
        if sum(is_region(row[0].line) for row in body) < _LEAST:
            return
        columns = [at for at, head in enumerate(heads) if at and head.line]
        cells = [(heads[at], row[0], row[at]) for row in body for at in columns]
    else:
        return
    kinds = [(read_cell(cell.text).kind, stage_of_cell(cell.line)) for *_, cell in cells]
    if any(stage is None and kind not in ("none", "included") for kind, stage in kinds):
        return
    for (name, place, cell), (kind, said) in zip(cells, kinds, strict=True):
        stage = said if kind != "included" else Stage.AVAILABLE
        label = read_label(name.text, page.aliases, page.day)
        if kind == "none" or stage is None:
            continue
        line = f"{name.line} | {place.line}: {cell.line}"
        for product, text in zip(label.products, label.names, strict=True):
            where = " › ".join((*headings[-2:], text))
            yield Availability(
                product=product, stage=stage, label=text,
                conditions=Conditions.of(region=slug(place.line)),
                evidence=Evidence(line[:240], where, (_RULE,), marks_of((line,))),
            )  # fmt: skip
