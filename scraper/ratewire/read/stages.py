"""Whether a product can be used, as sentences say it: `X was retired on May 1`, `We will
discontinue X`, `X is not available in the EU`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ratewire.model import Availability, Evidence, Stage, StatedDate, marks_of
from ratewire.read.dates import find_dates, is_bound
from ratewire.read.document import Text
from ratewire.read.lexicon import fold, has_any, lexicon, slug
from ratewire.read.names import read_label
from ratewire.read.notices import carried_on, noticed, speaks_of_ends
from ratewire.read.page import PageContext
from ratewire.read.stage_words import ENDING
from ratewire.read.statements import sentences

__all__ = ["read_stage_remarks", "read_stage_sentences", "successor"]

_CLAIM = re.compile(
    r"\b(?P<verb>is|are|was|were|has been|have been|had been|will be|wird|werden|wurde|wurden|ist|"
    r"sind|está|están|es|son|fue|será|est|sont|sera|seront|a été|ont été)\s+"
    r"(?:(?:now|currently|being|officially|scheduled to be|planned to be|in|a|an|jetzt|derzeit|"
    r"nun|ahora)\s+)*",
    re.I,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|once|unless|until|whether|no longer|not|nicht|wenn|si|cuando)\b", re.I
)
_FUTURE = re.compile(r"\b(?:will|wird|werden|será|scheduled|planned)\b|将|します|予定|即将", re.I)
_BADGE = re.compile(r"(?<=[\w)])\s+[—–|·-]?\s*(deprecated|retired|veraltet|obsoleto)\s*$", re.I)
"""A bare word that is no part of a name, unlike `preview`."""
_LONGEST, _LONGEST_TEXT, _LONGEST_REMARK = 40, 600, 12
"""Words of a sentence, characters of a text, words of a name with its remark."""


def read_stage_sentences(
    at: int, page: PageContext, known: Iterable[tuple[str, str]]
) -> Iterator[Availability]:
    """Stages that a sentence states of a product known on the page: `X is deprecated`.

    `known`: (label, product id) of the page's own products.
    """
    block = page.document.blocks[at]
    assert isinstance(block, Text)
    if block.hidden or len(block.text) > _LONGEST_TEXT or not _speaks_of_stages(block.text):
        return
    products = tuple(known)
    for sentence in _joined(sentences(block.text), products, block.headings, page):
        if len(sentence.split()) > _LONGEST or sentence.rstrip().endswith(("?", "？")):
            continue
        named = _of_heading(block.headings, page)
        found = _claimed(sentence, (*products, *named)) or _noticed(
            sentence, products, block.headings, page
        )
        if found is None:
            continue
        (label, product), stage, exceptions = found
        announced, shutdown, not_before = _days(sentence, stage, page)
        future = bool(shutdown and not shutdown.is_over(page.day)) or (
            stage is Stage.RETIRED and bool(_FUTURE.search(sentence)) and not shutdown
        )
        future = future or bool(not_before and not shutdown)
        if stage is Stage.RETIRED and future:
            stage = Stage.DEPRECATED
        after = block.text[max(0, block.text.find(sentence)) :]
        replacement = successor(after, page) if stage in ENDING else ""
        yield Availability(
            product=product,
            stage=stage,
            label=label,
            announced_on=announced,
            shutdown_on=shutdown,
            shutdown_not_before=not_before,
            replacement=replacement,
            exceptions=exceptions,
            evidence=Evidence(
                " ".join(sentence.split())[:240],
                " › ".join((*block.headings[-2:], label)),
                ("prose: stage",),
                marks_of((sentence, block.text if replacement else "")),
            ),
        )


def _joined(
    told: Sequence[str],
    known: Sequence[tuple[str, str]],
    headings: Sequence[str],
    page: PageContext,
) -> Iterator[str]:
    """The sentences of a text, of a notice in two its second in the name of the first: `We are
    deprecating X. It will stop working on 1 May 2027.`
    """
    rest = list(told)
    while rest:
        sentence = rest.pop(0)
        found = _noticed(sentence, known, headings, page) if rest else ()
        if found and not find_dates(sentence, near=page.day) and find_dates(rest[0], near=page.day):
            carried = carried_on(rest[0], found[0][0])
            if carried and speaks_of_ends(fold(carried)):
                del rest[0]
                sentence = carried
        yield sentence


def _of_heading(headings: Sequence[str], page: PageContext) -> Iterator[tuple[str, str]]:
    """The product that the nearest heading names, with its number."""
    for heading in headings[-1:]:
        label = read_label(heading, page.aliases, page.day)
        if len(label.products) == 1 and re.search(r"\d", heading):
            yield label.names[0], label.products[0]


def read_stage_remarks(at: int, page: PageContext) -> Iterator[Availability]:
    """Stages beside the names in a list of models: `Onyx 3 (deprecated)`, a heading's badge."""
    block = page.document.blocks[at]
    before = page.document.blocks[at - 1].headings if at else ()
    texts = [block.headings[-1]] if block.headings and block.headings != before else []
    if isinstance(block, Text) and block.kind in ("li", "dd", "p") and not block.hidden:
        texts.append(block.text)
    for text in texts:
        if len(text) > 200 or len(text.split()) > _LONGEST_REMARK or not re.search(r"\d", text):
            continue
        if not lexicon("stage").search(fold(text)):
            continue
        label = read_label(_BADGE.sub(r"(\1)", text.strip()), page.aliases, page.day)
        if label.stage is None:
            continue
        for product, name in zip(label.products, label.names, strict=True):
            if any(char.isdigit() for char in name) and any(char.isalpha() for char in name):
                where = " › ".join((*block.headings[-2:], name))
                yield Availability(
                    product=product, stage=label.stage, exceptions=label.exceptions, label=name,
                    evidence=Evidence(
                        " ".join(text.split()), where, ("prose: remark",), marks_of((text,))
                    ),
                )  # fmt: skip


def _speaks_of_stages(text: str) -> bool:
    folded = fold(text)
    return bool(lexicon("stage").search(folded)) or speaks_of_ends(folded)


_Found = tuple[tuple[str, str], Stage, str]
"""The product, its stage, and where that does not hold."""


def _claimed(sentence: str, known: Sequence[tuple[str, str]]) -> _Found | None:
    """`X is …`, `X has been …`: the stage right after the verb, but for a date between."""
    claim = _CLAIM.search(sentence)
    if not claim:
        return None
    subject, said = sentence[: claim.start()], sentence[claim.end() :]
    product = None if _CONDITIONAL.search(subject) else _sole_product(subject, known)
    if product is None:
        return None
    if match := re.match(r"not (?:yet )?available (?:in|for|on|to)\b[^.;,]{2,60}", said, re.I):
        return product, Stage.AVAILABLE, match.group()
    for day in reversed(find_dates(said)):
        said = said[: day.start] + said[day.end :]
    said = re.sub(r"^(?:am|zum|el|on|ab)\s+", "", said.strip(), flags=re.I)
    stage = _stage_said(fold(said))
    return (product, stage, "") if stage else None


def _stage_said(said: str) -> Stage | None:
    match = lexicon("stage").match(said)
    if match is None:
        return None
    stage = Stage(lexicon("stage").first(match.group()))
    if stage is not Stage.AVAILABLE:
        return stage
    near = " ".join(said.split()[:8])
    lesser = (Stage(meaning) for meaning, *_ in lexicon("stage").find(near))
    if found := next((each for each in lesser if each in (Stage.LIMITED, Stage.PREVIEW)), None):
        return found
    alone = bool(re.match(r"[ .!。]*(?:$|(?:on|today|since|as of|to (?:all|every))\b)",
                          said[match.end() :]))  # fmt: skip
    return stage if alone or "general" in match.group() else None


def _noticed(
    sentence: str, known: Sequence[tuple[str, str]], headings: Sequence[str], page: PageContext
) -> _Found | None:
    """`We will discontinue X on …`, `X 将于…下线`."""
    days = find_dates(sentence, near=page.day)
    found = noticed(sentence, days, known, " \n ".join((page.document.title, *headings)))
    if found is None:
        return None
    is_past = has_any(sentence, "notice", "past") or any(d.stated.is_over(page.day) for d in days)
    return found, Stage.RETIRED if is_past else Stage.DEPRECATED, ""


def _days(
    sentence: str, stage: Stage, page: PageContext
) -> tuple[StatedDate | None, StatedDate | None, StatedDate | None]:
    """(announced, shut down, not before): a date belongs to the nearest word for a stage."""
    announced = shutdown = not_before = None
    if stage not in ENDING:
        return None, None, None
    hits = lexicon("stage").find(fold(sentence))
    for day in find_dates(sentence, near=page.day):
        near = min(hits, key=lambda hit: abs(hit[1] - day.start), default=(str(stage), 0, 0))
        if is_bound(sentence, day):
            not_before = day.stated
        elif near[0] == Stage.DEPRECATED and day.date <= page.day:
            announced = announced or day.stated
        else:
            shutdown = day.stated
    return announced, shutdown, not_before


def _sole_product(subject: str, known: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The one product that a sentence's subject is; None: it is about something else as well."""
    clause = re.split(r",\s+", subject)
    if len(clause) > 1 and find_dates(subject):
        subject = clause[-1]
    words = slug(re.sub(r"^(the|all|our|das|die|el)\s+", "", subject.strip(" *_`,:"), flags=re.I))
    words = re.sub(r"-(model|models|api|machines?|modell|modelo)$", "", words)
    return next(
        ((label, product) for label, product in known if words in (slug(label), product)), None
    )


def successor(text: str, page: PageContext) -> str:
    """The product that a sentence names to follow another: `Use X instead`; empty: none."""
    folded = fold(text)
    for _, _, end in lexicon("succession", "phrase").find(folded):
        after = text[end:] if len(text) == len(folded) else folded[end:]
        if named := page.named_in(" ".join(after.split()[:5])):
            return named[0][1]
        words = re.match(r"\W*(?:the\s+)?(?P<id>[\w.:/@-]*\d[\w.:/@-]*)", after)
        if words:
            label = read_label(words["id"].rstrip(".:"), page.aliases, page.day)
            return label.products[0] if label.products else ""
    return ""
