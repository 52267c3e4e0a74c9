"""Prices in sentences, list items, definitions and cards: `$0.05 per hour, per container`.

A sentence gives a rate when it states an amount with what it is for, and nothing in it says that
the figure is an average, an example, a credit, a threshold or somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ratewire.model import PERIODS, Evidence, Unit
from ratewire.read.document import Text
from ratewire.read.drafts import Draft, Precedence
from ratewire.read.effective import effective_above, effective_in_sentence
from ratewire.read.figures import Spot
from ratewire.read.lexicon import fold, has_any, lexicon, slug, unbracketed
from ratewire.read.meters import NOTHING, is_measure, join_meter, read_heading
from ratewire.read.names import read_label
from ratewire.read.other_money import other_money
from ratewire.read.otherwise_paid import otherwise_paid
from ratewire.read.page import PageContext, section_is_no_price_list
from ratewire.read.phases import is_phase
from ratewire.read.quantities import find_amounts, find_unit
from ratewire.read.statements import Statement, equates, sentences, statements
from ratewire.read.subjects import is_bare_price, is_led, is_scaled, own_title
from ratewire.read.surroundings import (
    heading_product,
    is_of_example,
    names_product,
    surrounding_conditions,
)
from ratewire.read.terms.billing import billed
from ratewire.read.titles import is_title
from ratewire.read.tongue import in_tongue
from ratewire.read.unit_labels import is_more, unit_of_label
from ratewire.read.units import counted_thing, is_known, past_tax, unit_after
from ratewire.read.voids import is_no_rate

__all__ = ["read_prose"]

_ID = re.compile(r"(?<![\w./-])[a-z][a-z\d]*(?:[-.][a-z\d]+)*-(?:latest|preview|\d[\w.]*)(?![\w/])")
"""The id of a model, as sentences in any language write it."""
_MORE = re.compile(
    r"(?:additional|extra|further|another|zusätzliche\w*|weitere\w*|adicional\w*|otr[oa]s?"
    r"|supplémentaires?)\s+", re.I
)  # fmt: skip
_EACH = Unit.of("unit")
_TWINS = 3
"""Texts below a price that may be those of the price of another period."""
_EACH_ONE = re.compile(
    r"\W*(?:each|every|one|jede[rs]?|cada|chaque|ogni|varje|hver|każd[aey])\s", re.I
)
_CLOCK = re.compile(r"\W*\d{1,2}[:.]\d\d\s?(?:[–—-]|to|bis|a|tot|do|til)\s?\d{1,2}[:.]\d\d", re.I)
_DIGIT = re.compile(r"\d")
_MANY = 10
"""A count from which on a price is for so many of what its label names."""
_LONGEST_CONDITION = 6
"""Words behind a price that say when it holds."""
_LONGEST_RUN = 40
"""Names with prices under one line."""
_BILLED = re.compile(r"billed\s+(?=per month|monthly)", re.I)
_ORNAMENTS = re.compile(r"^(?:(?!/)[\W_])+")
_CASE = re.compile(
    r"\b(?:if|when|once|wenn|falls|se|si|cuando|quand|als|indien|hvis|om|jeśli|gdy|если)\b", re.I
)
"""`$8 if billed yearly`: what holds only then is told elsewhere."""
_QUESTION = re.compile(r"[?？]\s*$")


def read_prose(at: int, page: PageContext) -> Iterator[Draft]:
    """The rates in the text at block `at` of the page."""
    block = page.document.blocks[at]
    assert isinstance(block, Text)
    if block.hidden and not block.panes and not _is_twin(at, block, page):
        return
    block = _with_lead(at, block, page)
    if not find_amounts(block.text):
        return
    if section_is_no_price_list(block.headings, names_price=equates(block.text)):
        return
    if block.kind == "li" and is_of_example(at, page):
        return
    found, group = False, ""
    dated = effective_above(at, page)
    for sentence in sentences(block.text):
        group = _group_of_lines(sentence, group)
        for stated in _stated_in(sentence, at, block, page):
            if draft := _draft(stated, block, page):
                found = True
                draft = _of_group(draft, group) if group else _in_run(draft, at, page)
                yield replace(draft, conditions={**dated, **draft.conditions})
    alone = None if found else _standing_alone(at, block, page)
    alone = alone and _with_unit_above(alone, at, page)
    if alone and (draft := _draft(alone, block, page)):
        yield _in_run(draft, at, page)


def _stated_in(sentence: str, at: int, block: Text, page: PageContext) -> Iterator[Statement]:
    """The prices that a sentence of the block at `at` states."""
    if paid := otherwise_paid(sentence, at, page):
        yield Statement(paid[0], paid[1], "", NOTHING, sentence)
        return
    for stated in statements(sentence, block, about_money=_is_about_money(block, page)):
        yield _with_unit_above(stated, at, page)


def _with_unit_above(stated: Statement, at: int, page: PageContext) -> Statement:
    """An item that says not per what, by the lead of its list: `Prices per person and month:`"""
    item = page.document.blocks[at]
    if stated.unit != _EACH or stated.amount.unit or not isinstance(item, Text):
        return stated
    lead = page.over_list(at) if item.kind == "li" else None
    said = sentences(lead.text)[-1:] if lead else []
    if not said or not said[0].rstrip().endswith((":", "：")) or find_amounts(said[0]):
        return stated
    found = find_unit(said[0]) if has_any(said[0], "price", "words") else None
    return replace(stated, unit=found[0]) if found and is_known(found[0]) else stated


def _group_of_lines(line: str, group: str) -> str:
    """A line of a text that is but a name is over the lines with prices below it: `Bikini:`."""
    if find_amounts(line):
        return group
    name = unbracketed(line.strip().rstrip(":：")).rstrip(" :：")
    return name if is_title(name.replace("%", "")) else ""


def _of_group(draft: Draft, group: str) -> Draft:
    return replace(draft, spare=(("group", slug(group)), *draft.spare))


def _in_run(draft: Draft, at: int, page: PageContext) -> Draft:
    """Of names with their prices, a line each, the short line above the run tells one run from
    another.
    """
    here = page.document.blocks[at]
    assert isinstance(here, Text)
    for other in page.document.blocks[max(0, at - _LONGEST_RUN) : at][::-1]:
        if other.headings != here.headings or not isinstance(other, Text):
            return draft
        if not find_amounts(other.text):
            listed = other.kind == "li" != here.kind  # what the card above offers
            if listed or not is_title(other.text):
                return draft
            return _of_group(draft, other.text)
    return draft


def _with_lead(at: int, block: Text, page: PageContext) -> Text:
    """`Starting at` in a line of its own qualifies the price in the next."""
    above = page.document.blocks[at - 1] if at else None
    if not isinstance(above, Text) or above.headings != block.headings:
        return block
    if not lexicon("prose", "opening").exactly(above.text):
        return block
    led = replace(block, text=f"{above.text.strip()} {block.text}")
    amounts = find_amounts(led.text)
    return led if amounts and amounts[0].qualifier and is_led(led.text, amounts[0]) else block


def _is_about_money(block: Text, page: PageContext) -> bool:
    """The page, or the section that the block stands in, says that it is about prices."""
    return page.about_money or any(
        has_any(heading, "price", "words") or has_any(heading, "prose", "about")
        for heading in block.headings
    )


@dataclass(frozen=True, slots=True)
class _Priced:
    """What a statement prices."""

    product: str
    label: str
    meter: str
    rule: str
    conditions: Mapping[str, str] = field(default_factory=dict)


def _draft(stated: Statement, block: Text, page: PageContext) -> Draft | None:
    stated = _by_unit(stated)
    priced = _priced(stated, block, page)
    if priced is None or not priced.product:
        return None
    if priced.product == "page" and "token" in stated.unit.things and len(page.labels) > 1:
        return None  # of which model of the page's the sentence speaks is not said
    if priced.product == "page":
        priced = _of_unit(priced, stated.unit)
    conditions = dict(surrounding_conditions(block, page)[0])
    if block.headings in page.plans:
        conditions.pop("tier", None)
    amount = page.money.settle(stated.amount)
    if not amount.currency:
        return None  # `1 250,-` on a page that says nowhere in which currency
    sentence = " ".join(stated.sentence.split())
    return Draft(
        product=priced.product,
        label=priced.label,
        meter=priced.meter,
        amount=amount.value,
        currency=amount.currency,
        unit=in_tongue(stated.unit, page.tongues),
        evidence=Evidence(
            excerpt=sentence if len(sentence) <= 240 else sentence[:239] + "…",
            where=" › ".join((*block.headings[-2:], priced.label)),
            rules=("prose: sentence", f"product: {priced.rule}",
                   f"unit: {amount.unit_text or 'shared'}"),
        ),
        standing=Precedence.PROSE,
        conditions={
            **conditions,
            **effective_in_sentence(stated.sentence, amount.start, page,
                                    thereafter=stated.step == "thereafter"),
            **({"for": slug(stated.group)} if stated.group else {}),
            **priced.conditions,
        },
        spare=_spare(stated, priced, block, page),
        qualifier=amount.qualifier,
        upper=amount.upper,
        spot=Spot(-1, (-1, -1), amount.text),
    )  # fmt: skip


def _of_unit(priced: _Priced, unit: Unit) -> _Priced:
    """Where nothing on the page has a name, what is counted is what is sold: `$0.25 per payout`."""
    things = [thing for thing in unit.things if thing not in PERIODS and thing != "unit"]
    return replace(priced, product=slug(things[0]), label=things[0]) if things else priced


def _priced(stated: Statement, block: Text, page: PageContext) -> _Priced | None:
    """The product, meter and conditions that the sentence names, or those of its heading."""
    if is_no_rate(stated.label) and not stated.equated:
        return None
    if lexicon("not_a_rate", "lead").exactly(stated.label):
        return None
    counted = stated.metered
    meter = join_meter(replace(counted, other=""), "") if counted.is_token_meter else "price"
    meant = read_heading(stated.label)
    modality = lexicon("modality").exactly(stated.label)
    if not stated.label or (meant.priced and not meant.other and not meant.is_token_meter):
        return _named(stated, page, meter) or _of_heading(block, page, meter)
    if modality and counted.is_token_meter:
        return _of_heading(block, page, join_meter(replace(counted, other=""), modality))
    if meant.is_token_meter:
        return _of_item(block, page, join_meter(replace(meant, other=""), ""))
    if meant.priced and meant.other:
        whole = {"unit", *PERIODS} >= set(stated.unit.things)
        fee = whole and has_any(stated.label, "prose", "fee")
        return _of_heading(block, page, slug(stated.label) if fee else meant.other)
    if tier := lexicon("tier").exactly(stated.label):
        return replace(_of_heading(block, page, meter), conditions={"tier": tier})
    if period := lexicon("period").exactly(stated.label):
        return replace(_of_heading(block, page, meter), conditions={"period": period})
    if is_phase(stated.label):
        return replace(_of_heading(block, page, meter), conditions={"phase": slug(stated.label)})
    bare_label = unbracketed(stated.label).strip(" .")
    if _is_under_product(block) and (_is_term(stated.label) or is_measure(bare_label)):
        kind = "term" if _is_term(stated.label) else "size"
        return replace(_of_heading(block, page, meter), conditions={kind: slug(stated.label)})
    if _is_circumstance(stated.label) and _is_under_product(block):
        return replace(_of_heading(block, page, meter), conditions={"for": slug(stated.label)})
    if is_more(stated.label):
        return _of_heading(block, page, slug(stated.label), titled=False)
    more = _MORE.match(stated.label)
    bare = stated.label[more.end() :] if more else stated.label
    if more and len(bare.split()) == 1:  # `Additional seats` are what the heading sells
        return _of_heading(block, page, slug(stated.label), titled=False)
    named = read_label(bare, page.aliases, page.day)
    if not named.products:
        return None
    return _Priced(named.products[0], stated.label if more else named.names[0], meter,
                   "the sentence's subject", named.conditions)  # fmt: skip


def _is_circumstance(label: str) -> bool:
    """What names no product but when a price holds: `23:00–07:00`, `each 30 minutes more`."""
    return bool(_CLOCK.match(label) or (_EACH_ONE.match(label) and _DIGIT.search(label)))


def _is_under_product(block: Text) -> bool:
    """Whether the nearest heading that is not `Prices` or the like names what is sold."""
    named = (h for h in reversed(block.headings) if not lexicon("generic", "heading").exactly(h))
    return names_product(next(named, ""))


def _by_unit(stated: Statement) -> Statement:
    """`Each GB-hour costs $0.05`: what is priced is what it is for."""
    if stated.unit.things == _EACH.things and stated.unit.count >= _MANY:
        named = counted_thing(stated.label)  # `Extra messages: $0.60 per 1,000`
        return (
            replace(stated, unit=Unit.of(*named.things, count=stated.unit.count))
            if named
            else stated
        )
    each = stated.unit == _EACH and _EACH_ONE.match(stated.sentence)
    found = find_unit(f"per {stated.label}") if stated.label and each else None
    if found is None or not is_known(found[0]) or PERIODS.issuperset(found[0].things):
        return stated
    if fold(found[1]) != fold(f"per {stated.label}"):
        return stated
    return replace(stated, label="", unit=found[0])


def _is_term(label: str) -> bool:
    """A time and nothing else: `7 days`, `1 Monat`."""
    found = find_unit(f"per {label}") if label[:1].isdigit() else None
    whole = found and fold(found[1]) == fold(f"per {label}")
    return bool(found and whole and PERIODS.issuperset(found[0].things))


def _named(stated: Statement, page: PageContext, meter: str) -> _Priced | None:
    """A sentence without a subject may name the one product that it is about elsewhere."""
    found = page.named_in(stated.sentence)
    if not found and "token" in stated.unit.things:
        ids = {each.group() for each in _ID.finditer(stated.sentence)}
        found = tuple((each, slug(each)) for each in ids)
    if len(found) != 1:
        return None
    ((label, product),) = found
    return _Priced(product, label, meter, "the sentence names it")


def _of_item(block: Text, page: PageContext, meter: str) -> _Priced:
    """Of a nested item (`Input: $5` below `Onyx 2`) the item above it names the product."""
    name = _item_name(block.label) if block.kind == "li" else ""
    label = read_label(name, page.aliases, page.day)
    above = read_heading(name)
    if not label.products or above.is_token_meter or above.priced or find_amounts(block.label):
        return _of_heading(block, page, meter)
    return _Priced(label.products[0], label.names[0], meter, "the list item above")


def _of_heading(block: Text, page: PageContext, meter: str, *, titled: bool = True) -> _Priced:
    """The heading's product; under a question that of the heading above it. `titled`: a text that
    begins with a name is about that.
    """
    if titled and (title := own_title(block)):
        named = read_label(title, page.aliases, page.day)
        if named.products and named.products[0]:
            return _Priced(named.products[0], named.names[0], meter, "the title of the text")
    if block.headings in page.plans:
        return _Priced(slug(block.headings[-1]), block.headings[-1], meter, "the card's name")
    label, product = heading_product(block, page)
    if _QUESTION.search(label):
        product, label = _of_question(block, page) or (product, label)
    return _Priced(product, label, meter, "the heading")


def _spare(
    stated: Statement, priced: _Priced, block: Text, page: PageContext
) -> tuple[tuple[str, str], ...]:
    """What tells two prices of one name apart, the most telling first."""
    period = next((thing for thing in stated.unit.things if thing in PERIODS), "")
    group = _item_name(block.label) if block.kind == "li" and block.label != priced.label else ""
    gist = _gist(stated.sentence[: stated.amount.start], stated.sentence)
    _, around = surrounding_conditions(block, page)
    own = (
        ("step", stated.step),
        ("group", slug(group)),
        ("period", period),
        ("unit", slug(str(stated.unit))),
        ("billed", billed(stated.sentence) or period),
    )
    return tuple(pair for pair in (*own, *around, ("words", gist)) if pair[1])


def _of_question(block: Text, page: PageContext) -> tuple[str, str] | None:
    """Under a question the heading above it names the product."""
    for heading in reversed(block.headings[:-1]):
        if not _QUESTION.search(heading) and not lexicon("generic", "heading").exactly(heading):
            label, product = heading_product(replace(block, headings=(heading,)), page)
            if product:
                return product, label
    return None


def _item_name(text: str) -> str:
    """What a list item names: its words before a colon or a dash, if they are few."""
    name = re.split(r"[:：]|\s[–—-]\s", text)[0].strip(" *_`")
    return name if len(name.split()) <= 6 else ""


def _gist(before: str, sentence: str) -> str:
    """A few telling words of the sentence, the last resort to tell two prices apart."""
    words = re.findall(r"[^\W\d_]{4,}", fold(before)) or re.findall(r"[^\W\d_]{4,}", fold(sentence))
    return "-".join(words[:3])


def _standing_alone(at: int, block: Text, page: PageContext) -> Statement | None:
    """A price that says nothing of what it is for: its unit stands in the next line (`From $20`
    over `per seat / month`), or it is that of one of what the card, list or heading names.
    """
    if block.struck:
        return _reduced(block, page)
    block = _without_remark(_without_saving(_its_line(block)))
    if not is_bare_price(block.text):
        return _with_condition(block, page)
    label = block.label if block.kind in ("dd", "li") else ""
    if joined := _with_unit_below(at, block, page):
        amount = find_amounts(joined)[0]
        return Statement(amount, amount.unit or _EACH, label, NOTHING, joined)
    amount = find_amounts(block.text)[0]
    named = label or (block.headings and _names_what_is_sold(block.headings[-1]))
    about = block.kind == "heading" or _is_about_money(block, page)
    if not named or not about or other_money(block.text, [amount])[0]:
        return None
    unit = None if label else _unit_of_heading(block)
    return Statement(amount, unit or _EACH, label, NOTHING, block.text)


def _unit_of_heading(block: Text) -> Unit | None:
    """`Advice (per hour)`, `Hourly rate` over a price that does not say what it is for."""
    heading = block.headings[-1] if block.headings else ""
    unit = unit_of_label(heading) or read_heading(heading).unit
    return unit if unit and unit.count == 1 and is_known(unit) else None


def _with_condition(block: Text, page: PageContext) -> Statement | None:
    """A price with words behind it that say when it holds: under `Day care` `$20 under 8 hours`."""
    amounts = find_amounts(block.text)
    if len(amounts) != 1 or amounts[0].unit or amounts[0].struck or is_scaled(block.text):
        return None
    told = block.text[amounts[0].end :].strip(" *_")
    if not told or "\n" in told or not is_led(block.text, amounts[0]) or not is_title(told):
        return None
    about = block.headings and names_product(block.headings[-1]) and _is_about_money(block, page)
    if not about or not told[0].isalpha() or len(told.split()) > _LONGEST_CONDITION:
        return None
    if _ORNAMENTS.match(block.text[: amounts[0].start]):  # `✓ €150 of calls`: a feature
        return None
    led = lexicon("prose", "lead").exactly(told.split()[0])  # `for each further one`
    if led or _CASE.search(told) or billed(told):
        return None
    if other_money(block.text, amounts)[0] or is_no_rate(told):
        return None
    return Statement(amounts[0], _EACH, "", NOTHING, block.text, group=told)


def _without_remark(block: Text) -> Text:
    """Of a heading's price before tax and what stands behind that, `€500 + VAT €200 for upkeep`,
    the price.
    """
    amounts = find_amounts(block.text)
    if block.kind != "heading" or not amounts or amounts[0].unit:
        return block
    end = past_tax(block.text, amounts[0].end)
    if end == amounts[0].end or not is_led(block.text, amounts[0]):
        return block
    return replace(block, text=block.text[:end])


def _without_saving(block: Text) -> Text:
    """Of a price and what one saves by it, `$270 + VAT, you save $30`, the price."""
    amounts = find_amounts(block.text)
    others = other_money(block.text, amounts) if len(amounts) == 2 else []
    if not others or others[0] or others[1] != "saving" or not is_led(block.text, amounts[0]):
        return block
    return replace(block, text=block.text[: amounts[0].end])


def _its_line(block: Text) -> Text:
    """Of a text with the one price in a line of its own that line."""
    priced = [line for line in block.text.split("\n") if find_amounts(line)]
    return replace(block, text=priced[0].strip()) if len(priced) == 1 else block


def _names_what_is_sold(heading: str) -> bool:
    """A product, or a plan that is called like a tier: `Standard`, `Plan Estándar`."""
    bare = lexicon("prose", "plan").sub(" ", fold(heading))
    return names_product(heading) or bool(lexicon("tier").exactly(bare))


def _reduced(block: Text, page: PageContext) -> Statement | None:
    """A price that begins its line beside another one that is struck out: `$183 until Sunday`."""
    amounts = find_amounts(block.text)
    named = block.headings and names_product(block.headings[-1])
    if not named or not amounts or amounts[0].unit or not is_led(block.text, amounts[0]):
        return None
    old = find_amounts(block.struck)
    if len(old) != 1 or old[0].value <= amounts[0].value:
        return None
    return Statement(amounts[0], _EACH, "", NOTHING, block.text)


def _with_unit_below(at: int, block: Text, page: PageContext) -> str:
    """The price with the line below it that says what it is for; empty: there is none."""
    following = next(_as_visible_below(at, block, page), None)
    if following is None:
        return ""
    line = following.text.splitlines()[0] if len(following.text.split()) <= 12 else ""
    line = _BILLED.sub("", _ORNAMENTS.sub("", line[past_tax(line, 0) :]))
    for lead in ("", "/ ") if _is_unit_alone(line) else ("",):
        joined = f"{block.text} {lead}{line}"
        found = find_amounts(joined)
        if line and found and found[0].unit and found[0].unit_end > len(block.text):
            return joined
    return ""


def _as_visible_below(at: int, block: Text, page: PageContext) -> Iterator[Text]:
    """The texts right below one under its headings that are on screen, or not, as it is."""
    for other in page.document.blocks[at + 1 : at + 1 + _TWINS]:
        if not isinstance(other, Text) or other.headings != block.headings:
            return
        if other.hidden == block.hidden:
            yield other


def _is_twin(at: int, block: Text, page: PageContext) -> bool:
    """The price of the period that a switch shows instead: right beside one that is on screen, and
    with a period of its own.
    """
    above = page.document.blocks[at - 1] if at else None
    if not isinstance(above, Text) or above.headings != block.headings or above.hidden:
        return False
    priced = is_bare_price(block.text) and is_bare_price(above.text)
    return priced and bool(_with_unit_below(at, block, page))


def _is_unit_alone(line: str) -> bool:
    """`User/Month`: a line that is a unit with its period and nothing else."""
    found = unit_after(f"/{line}", 0)
    return found is not None and found[1] > len(line) and not PERIODS.isdisjoint(found[0].things)
