"""One capture to one reading: every reader over every block of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from fnmatch import fnmatchcase

from ratewire.model import (
    Availability,
    Capture,
    Evidence,
    Facts,
    Figure,
    Hints,
    Limit,
    Lines,
    Multiplier,
    Passage,
    Rate,
    Reading,
    Role,
    Source,
    Unit,
)  # fmt: skip
from ratewire.read.availability import merge_availability, read_availability
from ratewire.read.document import Block, Document, Table, Text
from ratewire.read.drafts import Draft, Precedence, settle
from ratewire.read.effective import effective_around
from ratewire.read.fee_tables import read_fee_table
from ratewire.read.fees import read_fees
from ratewire.read.figures import inventory, number_cells
from ratewire.read.hollow import hollow_sections
from ratewire.read.html import parse_html
from ratewire.read.lexicon import fold, lexicon, slug
from ratewire.read.limits import read_limits
from ratewire.read.lines import lines_of
from ratewire.read.markdown import looks_like_markdown, markdown_to_html
from ratewire.read.multipliers import read_multipliers
from ratewire.read.page import PageContext, survey
from ratewire.read.prose import read_prose
from ratewire.read.rivals import site_name
from ratewire.read.roles import assign
from ratewire.read.scripts import json_document
from ratewire.read.stages import read_stage_remarks, read_stage_sentences
from ratewire.read.status import read_status
from ratewire.read.surroundings import heading_product
from ratewire.read.tables import read_table
from ratewire.read.terms import by_hours, hours_told, sentences_with_hours, with_terms

__all__ = ["read", "read_passages", "to_document"]

_MARKDOWN_TYPES = ("text/markdown", "text/mdx", "text/x-markdown")


def read(capture: Capture, source: Source) -> Reading:
    """Read all facts of a genuine capture. Raises ReadError where it cannot be parsed at all."""
    status = read_status(capture, source)
    if status is not None:
        return Reading(status)
    document = to_document(capture)
    number_cells(document)
    page = survey(document, source.hints, capture.fetched_at.date(), capture.url)
    drafts: list[Draft] = []
    stages: list[Availability] = []
    limits: dict[tuple[str, ...], Limit] = {}
    multipliers: dict[tuple[str, ...], Multiplier] = {}
    for at, block in enumerate(document.blocks):
        if not _in_scope(block.headings, source.hints.scope):
            continue
        if isinstance(block, Table):
            found = (*read_table(at, page), *read_fee_table(at, page))
            drafts += _dated(found, effective_around(at, page))
            stages += read_availability(at, page)
            limits |= {limit.identity: limit for limit in read_limits(at, page)}
        else:
            drafts += _of_block(at, (*read_prose(at, page), *read_fees(at, page)))
            stages += read_stage_remarks(at, page)
            multipliers |= {each.identity: each for each in read_multipliers(at, page)}
    drafts = list(by_hours(_with_common_unit(_of_the_site(drafts, capture.url))))
    headed = frozenset(slug(h) for block in document.blocks for h in block.headings)
    names = _names_of_page(page, capture.url)
    rates, marks = settle(_without_teasers(drafts, names, headed))
    known = (*_known_products(rates, stages, source.hints), *page.labels)
    for at, block in enumerate(document.blocks):
        if isinstance(block, Text) and _in_scope(block.headings, source.hints.scope):
            stages += read_stage_sentences(at, page, known)
    hours = tuple(sentences_with_hours(page))
    facts = Facts(
        rates=rates,
        availability=merge_availability(stages),
        limits=tuple(limits[key] for key in sorted(limits)),
        passages=(
            *read_passages(document, source.hints.passages),
            *hours_told(hours),
        ),
        missing=hollow_sections(page),
        multipliers=tuple(multipliers[key] for key in sorted(multipliers)),
    )
    expected = source.expect.language.partition("-")[0].lower()
    if expected and document.language and document.language.partition("-")[0] != expected:
        marks += (f"language: {document.language}",)  # the comparison's guard asks for it
    marks += tuple(f"no prices are shown under “{section}”" for section in facts.missing)
    spotted = (
        each
        for each in inventory(document)
        if _in_scope(document.blocks[each.place.block].headings, source.hints.scope)
    )
    wanted = _wanted(facts, source.hints.products)
    figures = _tracked(assign(spotted, drafts, rates, page), wanted)
    termed = replace(wanted, rates=with_terms(wanted.rates, figures, page, hours))
    return Reading(termed, marks, figures, Lines(tuple(lines_of(document))))


def _of_the_site(drafts: list[Draft], url: str) -> list[Draft]:
    """What nothing on the page has a name for is the site's own."""
    site = site_name(url)
    return [
        replace(draft, product=site, label=site) if site and draft.product == "page" else draft
        for draft in drafts
    ]


def _names_of_page(page: PageContext, url: str) -> frozenset[str]:
    """What a price is that of for which nothing nearer than the page's title has a name."""
    return frozenset({"page", site_name(url), heading_product(Block(), page)[1]})


def _without_teasers(drafts: Sequence[Draft], names: Set[str], headed: Set[str]) -> list[Draft]:
    """`Plans starting at $19 / month` above the plans is no offer of its own: what costs so much is
    listed by its name. Neither is `Later: $19 / month only` below them, which names nothing.

    `names`: those of the page as a whole; `headed`: what its headings name.
    """
    listed: dict[tuple[Decimal, str], set[str]] = defaultdict(set)
    alike: dict[tuple[Decimal, str, Unit], set[str]] = defaultdict(set)
    for draft in drafts:
        if draft.meter == "price":
            alike[draft.amount, draft.currency, draft.unit].add(draft.product)
            if draft.qualifier != "from":
                listed[draft.amount, draft.currency].add(draft.product)

    def teases(draft: Draft) -> bool:
        if draft.product not in names and not (
            draft.qualifier == "from" and lexicon("generic", "heading").exactly(draft.label)
        ):
            return False
        if draft.qualifier == "from":
            return bool(listed.get((draft.amount, draft.currency), frozenset()) - names)
        same = alike[draft.amount, draft.currency, draft.unit]
        unnamed = draft.standing is Precedence.PROSE and draft.product not in headed
        return unnamed and bool(same - names)

    return [draft for draft in drafts if not teases(draft)]


def _of_block(at: int, drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts of a text, each knowing in which block its figure stands."""
    for draft in drafts:
        spot = draft.spot and replace(draft.spot, block=at)
        yield replace(draft, spot=spot)


def _tracked(figures: tuple[Figure, ...], facts: Facts) -> tuple[Figure, ...]:
    """Figures of products that the source does not ask for are no rates of it."""
    names = {rate.identity for rate in facts.rates}
    return tuple(_as_tracked(each, names) if each.rates else each for each in figures)


def _as_tracked(figure: Figure, names: Set[tuple[str, ...]]) -> Figure:
    rates = tuple(name for name in figure.rates if name in names)
    if rates:
        return figure if rates == figure.rates else replace(figure, rates=rates)
    reason = "the source does not ask for it"
    return replace(figure, role=Role.UNTRACKED, rates=(), reason=reason)


def _dated(drafts: Iterable[Draft], effective: Mapping[str, str]) -> Iterator[Draft]:
    """The drafts with the days from and to which all of their table holds."""
    if not effective:
        yield from drafts
        return
    for draft in drafts:
        own = any(key.startswith("effective") for key in draft.conditions)
        yield draft if own else replace(draft, conditions={**draft.conditions, **effective})


def _with_common_unit(drafts: list[Draft]) -> list[Draft]:
    """A token rate without a unit takes that of all the page's others, where they have but one."""
    units = {draft.unit for draft in drafts if "token" in draft.unit.things}
    if len(units) != 1:
        return drafts
    (unit,) = units
    return [
        replace(draft, unit=unit) if _is_unitless_token_rate(draft) else draft for draft in drafts
    ]


def _is_unitless_token_rate(draft: Draft) -> bool:
    parts = draft.meter.split(".")
    return draft.unit.things == ("unit",) and bool({"input", "output"} & set(parts))


def _in_scope(headings: tuple[str, ...], scope: str) -> bool:
    return not scope or any(fold(scope) in fold(heading) for heading in headings)


def _known_products(
    rates: tuple[Rate, ...], stages: list[Availability], hints: Hints
) -> tuple[tuple[str, str], ...]:
    """(label, id) of the products that the page or its hints name."""
    pairs = [(rate.label or rate.product, rate.product) for rate in rates]
    pairs += [(each.label or each.product, each.product) for each in stages]
    pairs += list(hints.aliases.items())
    pairs += [(product, product) for product in hints.products if "*" not in product]
    return tuple(dict.fromkeys(pairs))


def _wanted(facts: Facts, products: tuple[str, ...]) -> Facts:
    """Only the facts of the products that the source asks for."""
    if not products:
        return facts

    def wanted(product: str) -> bool:
        return any(fnmatchcase(product, pattern) for pattern in products)

    return replace(
        facts,
        rates=tuple(rate for rate in facts.rates if wanted(rate.product)),
        availability=tuple(each for each in facts.availability if wanted(each.product)),
        limits=tuple(limit for limit in facts.limits if wanted(limit.product)),
    )


def read_passages(document: Document, headings: tuple[str, ...]) -> Iterator[Passage]:
    """The text under each watched heading, white space folded."""
    for name in headings:
        texts = [
            " ".join(block.text.split())
            for block in document.blocks
            if isinstance(block, Text) and any(fold(name) == fold(each) for each in block.headings)
        ]
        if texts:
            yield Passage(name, " ".join(texts), Evidence(texts[0][:240], name, ("passage",)))


def to_document(capture: Capture) -> Document:
    """The capture's page as blocks, whatever it is written in."""
    text = capture.text
    if capture.media_type.endswith("json") or text.lstrip()[:1] in ("{", "["):
        document = json_document(text)
        if document is not None or capture.media_type.endswith("json"):
            return document or Document("", "", ())
    markdown = capture.media_type in _MARKDOWN_TYPES or (
        capture.media_type in ("", "text/plain") and looks_like_markdown(text)
    )
    return parse_html(markdown_to_html(text) if markdown else text)
