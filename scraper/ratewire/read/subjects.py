"""What a sentence prices, in its own words: `Storage` of `Storage costs $0.10 per GB`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ratewire.model import PERIODS, Unit
from ratewire.read.dates import find_dates
from ratewire.read.document import Text
from ratewire.read.lexicon import fold, lexicon, unbracketed
from ratewire.read.meters import is_measure, read_heading
from ratewire.read.phases import is_phase
from ratewire.read.quantities import Amount, find_amounts, find_unit
from ratewire.read.titles import is_title
from ratewire.read.units import past_tax

__all__ = [
    "NamedFee",
    "fee_of",
    "is_bare_price",
    "is_led",
    "is_scaled",
    "is_sold_whole",
    "own_title",
    "says_only_price",
    "stands_alone",
    "subject",
    "unit_in_aside",
]

_LEAD = re.compile(
    r"^[\s•*·–-]{0,9}(?P<label>[^:：$€£¥]{2,80}?)"
    r"(?:\s{0,3}[:：]\s*+|\s{1,3}[–—-]{1,2}\s++(?=\W*$|from\b|starting\b))"
)
_ARTICLE = re.compile(
    r"^(?:the|a|an|each|every|all|our|any|der|die|das|ein|eine|jede[rs]?|el|la|los|las"
    r"|un|una|cada|le|les|une|chaque)\s+", re.I
)  # fmt: skip
_PRICE_OF = re.compile(
    r"^(?:the\s+|der\s+|el\s+|le\s+)?(?:price|cost|fee|rate|preis|precio|prix|tarif)\s+"
    r"(?:of|for|für|des|der|del?|du|de la|des)\s+(?:[^\W\d]+ing\s+(?=an?\s|each\s))?"
    r"(?:(?:the|a|an|each|den|das|die|el|la|le)\s+)?",
    re.I,
)
"""`The price of the Relay plan goes up to …`"""
_MODAL = re.compile(
    r"\s+(?:will|would|now|currently|today|only|still|then|also|just|wird|derzeit|jetzt|nun)$", re.I
)
_MEASURED = re.compile(r"^(?:[KMGT]i?B|[KMGT]B)\s+(?:of|an|de)\s+")
"""`Each GB of traffic`: the traffic."""
_KIND = re.compile(r"^(?:tarif|plan|paket|modell|modelo|model|forfait|offre)\s+(?=[A-Z\d])", re.I)
_NO_SUBJECT = re.compile(
    r"\d|\b(when|if|while|or|and|you|we|it|this|that|they|there|which|what|usage|beyond|pricing|prices?|costs?|charges?|"
    r"after|nach|dem|nur|fallen|dopo|après|después|"
    r"wir|sie|es|preis|precio|prix|vous|il|elle)\b",
    re.I,
)
_NAME = re.compile(r"[A-Za-z][\w.+-]*(?:\s+(?:[A-Z][\w.+-]*|v?\d[\w.]*))*")
"""A product's name with a number in it: `Onyx 2`, `onyx-2-mini`."""
_JOINT = re.compile(r"\s*(?:[,;/&|·+]|\b(?:and|or|und|oder|y|o|et|ou|then|plus)\b)+\s*", re.I)
_PLAN = re.compile(
    r"\b(?:[Tt]he|[Oo]ur|[Aa]n?|on|with)\s+(?P<name>(?:[A-Z][\w.+-]*\s+){1,3})"
    r"(?:plan|tier|package|subscription|edition|licen[cs]e|add-on)\b"
    r"|\b(?:[Tt]arif|[Pp]aket|[Pp]lan|[Ff]orfait)\s+(?P<after>[A-Z][\w.+-]*(?:\s+[A-Z][\w.+-]*)?)"
)
_PUNCTUATED = re.compile(r"(?:[—–:：(]|\s-{1,2})[\s*_]*$")
_SIMPLE = re.compile(r"[^\W\d][\w.+&'’-]*(?:\s+[\w.+&'’-]+){0,5}")
_POINTING = re.compile(r"\b(?:this|that|these|those|such|diese[rs]?|est[ae]|cet(?:te)?)\b", re.I)
_JOINS = re.compile(r"\b(?:of|in|on|for|with|and|per|plus|von|für|als|und|de|por|y|pour|et)\b")
_MINIMUM = re.compile(r"\b(?:minim\w*|mindest\w*|mínim\w*|least)\b", re.I)
_BREAK = re.compile(
    r"[,;:.()]|\b(?:has|have|is|are|pay|charge|charges|apply|applies|with|plus|there|hat|wird|es|hay|con"
    r"|a|an|une?|il y)\b",
    re.I,
)
_FURTHER = re.compile(
    r"\s+(?:for|für|para|pour)\s+(?:(?:each|every|an?|jeden?|jedes|cada|chaque|une?)\s+)?"
    r"(?P<name>(?:additional|extra|further|zusätzliche\w*|weitere\w*|adicional\w*|supplémentaire\w*)"
    r"(?:\s+[^\W\d][\w-]*){1,4})\s*(?:$|[.,;(])",
    re.I,
)
"""`$50/month for additional concurrent jobs`"""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ENUMERATED = re.compile(
    r"(?P<others>[^,]{2,60},[^,]{2,60}),\s*(?:and|or|und|oder|y|o|et|ou|e|och|og|en)\s[^,]{2,60}",
    re.I,
)
_LONGEST_LABEL = 8
"""Words of a label before a colon."""
_LONGEST_ITEM = 12
"""… with which a list item begins."""
_MOST_WORDS, _MOST_UNSPACED = 6, 16
"""Words between a lead and its amount; characters in a script without spaces."""
_FOR_X = re.compile(
    r"\W*(?:For|Für|Para|Pour)\s+(?:an?|each|every|the|jede\w*|cada|chaque|une?)\s+"
    r"(?P<name>[^\W\d][^,;:$€£¥]{2,40}),\s+(?:we|you|wir|sie|nous|vous|se|pagas)\b"
    r"|\W*(?:Für|For|Till?|Voor|För)\s+(?P<thing>[^\W\d][^,;:$€£¥]{2,40}?)\s+"
    r"(?:(?:berechnen|verlangen) wir|zahlen sie|zahlst du"
    r"|(?:tar|debiterar|debiterer|fakturerar|fakturerer|beregner|opkræver) vi"
    r"|betalar du|betaler du|(?:rekenen|vragen|factureren) (?:we|wij)|betaal(?:t u| je))\b",
    re.I,
)
"""`For a public address, we charge $3 per month.`, `Für Beratung berechnen wir 90 € pro Stunde.`"""
_FOR_NAME = re.compile(
    r"\s+(?:for|für|para|pour)\s+(?P<name>[^\W\d][\w-]*(?:\s[\w-]+)?)\s*(?:$|[.,;(])"
)
_TITLE = r"[\s•*_–-]*(?P<name>[^\W\d_][^:：()$€£¥\n]{1,50}?)"
_TITLED_PRICE = re.compile(rf"{_TITLE}\s*[(（](?=[^()（）]{{0,40}}[$€£¥])")
_TITLED = re.compile(
    rf"{_TITLE}(?:\s*[:：](?=\s)|\s+[–—-]{{1,2}}\s|\s*[(（](?=[^()（）]{{0,40}}[$€£¥]))"
)
_NAMED_PRICE = re.compile(
    r"[\s•*·_–✓✔✅☑➤→-]*(?P<name>(?:\d{1,3}(?:\s?[x×]\s?\d{1,3})?\s)?[^\W\d_][^$€£¥:：()]{1,50}?)(?:\s|\.{3,60})*"
    r"(?:\((?P<aside>[^()]{1,40})\))?\s*[:：]?[\s*_]*"
)
_REMARKED = re.compile(r"[\s*_★☆†‡§]*(?:$|[(（]|[–—-]\s)")
_LEADS_TO_IT = re.compile(r"\b(?:at|bei|at only|a|à|от|с|начинаются|ab|sind|sont)\b|[\W_从のは]")
_EDGES = re.compile(r"^\W+|\W+$")
_SCALED = re.compile(r"\d\s?(?:[KMB]\b|[Mm]illion|[Bb]illion)")
_LONGEST_PRICE = 9
"""Words of a text that is a price and nothing else."""
_ASIDES = re.compile(r"^(?:\s{0,3}[(（][^()（）]{1,60}[)）])+")
_TERM = re.compile(r"\d\s[^\W\d]")
"""`30 days for $48`: so much of it is what is sold."""
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TOPIC = re.compile(r"(?P<name>[^、。，,:：;；「」()（）$€£¥]{2,24}?)(?:は|が|은|는|为|為)?")
_OF_WHAT = re.compile(
    r"^\s+(?:of|de|von|an|di|av|af)\s+[^\W\d]{2,30}(?:\s[^\W\d]{2,30})?"
    r"(?=\s+(?:and|plus|und|y|et|e|och|og|en)\s|,)"
)
"""`$0.02 per GB-hour of memory and $0.20 per million requests`: of what the first is."""
_AND_MORE = re.compile(r"\s\+\s[^\W\d][^+\d$€£¥]{1,40}$")
"""`120 € + parts`: what comes on top, in words alone."""
_CLOSES = re.compile(r"[\s*_.,;()（）]*$")


@dataclass(frozen=True, slots=True)
class NamedFee:
    """An amount with the noun that says it is a fee: `$5 monthly usage fee`."""

    name: str
    """Empty where the noun says no more than that: `one-off fee`."""
    unit: Unit


def subject(sentence: str, amounts: Sequence[Amount], number: int, block: Text) -> str | None:
    """What is priced, in the sentence's words; empty for the heading's; None: no price at all."""
    amount = amounts[number]
    before = sentence[_end(amounts[number - 1]) if number else 0 : amount.start]
    before = _OF_WHAT.sub("", before) if number else before
    if lead := _LEAD.match(before):
        rest = before[lead.end() :].strip(" *_(+")
        free = lexicon("prose", "free").search(fold(rest))
        if not rest or free or _is_short(rest):
            label = lead.group("label").strip(" *_`")
            longest = _LONGEST_ITEM if block.kind == "li" and not number else _LONGEST_LABEL
            described = ", " in label and bool(block.headings)  # `Mail, files & calls — $5 …`
            return label if len(label.split()) <= longest and not described else ""
    bare = before.strip(" *_`-–—•(+")
    opens = lexicon("prose", "opening").exactly(bare) or (
        amount.unit and lexicon("prose", "thereafter").exactly(bare)
    )
    if not bare or opens:
        if further := _FURTHER.match(sentence, _end(amount)):
            return further["name"].strip()
        return block.label if block.kind in ("dd", "li") and len(block.label.split()) <= 8 else ""
    if number and _JOINT.fullmatch(bare):
        return ""
    if asked := _FOR_X.match(before):
        return (asked["name"] or asked["thing"]).strip()
    if _is_enumeration(before):
        return None
    named = _before_verb(before)
    if named is None and amount.unit:
        named = _topic(before, amount) or None
    if named:
        return named
    if plan := _PLAN.search(sentence):
        return (plan["name"] or plan["after"]).strip()
    if named is not None:
        return named
    if number:
        return _listed(before, bare, sentence[_end(amount) :])
    name = _line_name(sentence, amount, block) if len(amounts) == 1 else ""
    if name and not name[0].isdigit():
        return name
    if lexicon("prose", "priced").search(fold(sentence)) or _is_led(amount, before):
        return ""
    return "" if re.match(r"\W*[$€£¥]", sentence) or block.kind in ("li", "dd") else None


def _is_enumeration(before: str) -> bool:
    """`Halls, rooms, and desks all cost`: a price of several things is said of no one of them."""
    match = _ENUMERATED.fullmatch(before)
    return bool(match) and not lexicon("prose", "verb").search(
        fold(match["others"] if match else "")
    )


def _is_short(text: str) -> bool:
    return len(text.split()) <= _MOST_WORDS and not (
        len(text) > _MOST_UNSPACED and _CJK.search(text)
    )


def _is_led(amount: Amount, before: str) -> bool:
    """`… for $19 per month`, `… — $19 per month`: so much for so much is a price."""
    if amount.unit is None:
        return False
    if amount.qualifier == "from" or _PUNCTUATED.search(before):
        return True
    words = fold(before).rstrip(" *_")
    return any(end == len(words) for *_, end in lexicon("prose", "lead").find(words))


def _listed(before: str, bare: str, after: str) -> str | None:
    """The further names of a list: `A is $5 per hour, B $7 per hour`, `…, with $7 for egress`."""
    listed = re.match(r"[,;/|]\s*(?:and |or )?", before.lstrip())
    plain = re.sub(r"^[,;/|\s]*(?:and |or )?(?:(?:with|plus|mit|con|avec)\b\s*)?", "", bare)
    if listed and not plain:
        named = _FOR_NAME.match(after)
        return named["name"] if named else None
    fits = listed and len(plain.split()) <= 6 and not _NO_SUBJECT.search(plain)
    return plain if fits else None


def _before_verb(before: str) -> str | None:
    """The subject of the first verb that states a price; empty: it names none; None: no verb."""
    folded = fold(before)
    hits = lexicon("prose", "verb").find(folded)
    verb = next((hit for hit in hits if not _says_nothing(folded[: hit[1]])), None)
    if verb is None:
        return None
    same = before.lstrip() if len(before.strip()) == len(folded) else folded
    words = same[: verb[1]].strip(" *_`,;、，")
    whole = _as_name(_named(words))
    if not whole and _is_enumeration(words):
        return ""
    return whole or _as_name(_named(words.rpartition(",")[2].strip()))  # `Beyond 1 TB, storage is`


def _topic(before: str, amount: Amount) -> str:
    """What a sentence without a verb of price is about, in Chinese, Japanese and Korean:
    `Aプランは月額`, `베이직 요금제는 월`, `基础版每月`; empty: it does not say.
    """
    words = before.strip()
    if amount.unit_end == amount.end:
        words = words.removesuffix(amount.unit_text).rstrip()
    match = _TOPIC.fullmatch(words)
    name = match["name"].removesuffix("요금제").strip() if match else ""
    counts = _TERM.search(name)  # `3 シートで`
    return name if name and not counts and _UNSPACED.search(words) and is_title(name) else ""


def _says_nothing(words: str) -> bool:
    """At most a date and an article: in `The price of X is $5` the first word of money is no
    verb.
    """
    dates = find_dates(words)
    rest = words[dates[-1].end :].strip(" ,") if dates else words.strip()
    return len(words.strip()) < 2 or (bool(rest) and not _ARTICLE.sub("", f"{rest} "))


def _as_name(name: str) -> str:
    if name.count("(") != name.count(")"):
        return ""
    if not 2 <= len(name) <= 70 or len(name.split()) > 8:
        return ""
    is_name = _NAME.fullmatch(name) and re.search(r"\d", name)
    return name if is_name or not _NO_SUBJECT.search(name) else ""


def _named(words: str) -> str:
    """The words before a verb without what is no name: dates, articles, `the price of`, `will`."""
    if dates := find_dates(words):
        words = words[dates[-1].end :].lstrip(" ,;:、，起") or words
    words = re.sub(r"^\W*(?:and|or|und|oder|y|et)\s+", "", words, flags=re.I)
    words = _MODAL.sub("", re.sub(r"(?:的|の)$", "", words))
    return _KIND.sub("", _ARTICLE.sub("", _MEASURED.sub("", _PRICE_OF.sub("", words))))


def own_title(block: Text) -> str:
    """What a text names at its start, for all that it says: `Vault – stores keys, cost: $4 …`,
    `Team ($39 per seat) is for …`; empty: it has no title.
    """
    match = (_TITLED if block.kind in ("li", "dd") else _TITLED_PRICE).match(block.text)
    if not match or not is_title(match["name"]):
        return ""
    name = match["name"].strip(" *_")
    generic = lexicon("generic", "heading").exactly(name) or lexicon("period").exactly(name)
    meant = read_heading(name)
    if generic or is_phase(name):
        return ""
    if meant.is_token_meter or (meant.says_something and not meant.other):
        return ""
    return "" if meant.priced or lexicon("tier").exactly(name) else name


# ── amounts without a unit ───────────────────────────────────────────────────────────────────


def fee_of(sentence: str, amounts: Sequence[Amount], number: int) -> NamedFee | None:
    """The noun of money that an amount without a unit is the price of; None: there is none."""
    amount = amounts[number]
    before = sentence[_end(amounts[number - 1]) if number else 0 : amount.start]
    after = sentence[amount.end :][:80]
    noun = _noun_after(after) or _noun_round(before, after) or _noun_before(before)
    if not noun or (number and _MINIMUM.search(noun)):
        return None  # `$5 per GB, with a minimum charge of $1` is a term of the price before it
    return _fee(_ARTICLE.sub("", re.sub(r"^as\s+", "", noun.strip(" *_"))))


def _noun_after(text: str) -> str:
    """`$5 monthly usage fee`; empty: no noun of money follows directly."""
    text = text.lstrip(" *_")
    folded = fold(text)
    words = text if len(text.rstrip()) == len(folded) else folded
    for _, start, end in lexicon("prose", "fee").find(folded):
        lead = folded[:start].split()
        plain = all(word.strip("*_").replace("-", "").isalpha() for word in lead)
        if len(lead) <= 4 and plain and not _JOINS.search(folded[:start]):
            return words[:end]
        return ""
    return ""


def _noun_round(before: str, after: str) -> str:
    """`a recurring $50 payment`; empty: the words on both sides are no noun of money."""
    words = " ".join((*before.split()[-1:], *after.split()[:2])).strip(" *_`.,")
    return next((words[:end] for _, start, end in lexicon("prose", "fee").find(fold(words))
                 if start == 0 and " " in words[:end]), "")  # fmt: skip


def _noun_before(text: str) -> str:
    """`a setup fee of $50`; empty: no noun of money leads to the amount."""
    text = text.strip()
    folded = fold(text)
    words = text if len(text) == len(folded) else folded
    for _, start, end in lexicon("prose", "fee").find(folded):
        link = folded[end:].strip(" *_")
        if not link or lexicon("prose", "fee_link").exactly(link):
            noun = _BREAK.split(words[:start])[-1] + words[start:end]
            return noun if len(noun.split()) <= 5 else ""
    return ""


def _fee(noun: str) -> NamedFee:
    found = find_unit(f"price {noun}")
    unit = found[0] if found else Unit.of("unit")
    plain = lexicon("prose", "fee").sub(" ", fold(noun))
    plain = lexicon("generic", "fee").sub(" ", plain)
    return NamedFee(noun if plain.strip(" -") else "", unit)


def is_sold_whole(sentence: str, amounts: Sequence[Amount], block: Text) -> str:
    """What a sentence says costs so much and no more, so that no unit need be said; empty: it does
    not. `Dedicated hosts cost $449.`, `Vault: $25`, `Black belt **$100**`.
    """
    if len(amounts) != 1 or amounts[0].value == 0 or len(sentence.split()) > 15:
        return ""
    before, after = sentence[: amounts[0].start], sentence[amounts[0].end :]
    after = _ASIDES.sub("", after)
    if block.kind == "li":
        after = after.rstrip(" ,;.")
    if block.kind in ("li", "p", "dd") and (name := _line_name(sentence, amounts[0], block)):
        return name
    if not _CLOSES.fullmatch(lexicon("generic", "filler").sub(" ", fold(after))):
        return ""
    if lead := _LEAD.match(before):
        rest, name = before[lead.end() :].strip(" *_(+"), lead.group("label")
        if rest and not lexicon("prose", "opening").exactly(rest):
            return ""
    else:
        name = _before_verb(before) or ""
        cost = lexicon("prose", "verb").find(fold(before))
        if not cost or fold(before)[cost[-1][2] :].strip(" *_"):
            return ""
    bare = unbracketed(name)
    if is_measure(bare.strip(" .")):
        return name
    is_name = bool(_SIMPLE.fullmatch(bare)) and bool(lead or not re.search(r"\d", bare))
    told = (is_name or bool(_NAME.fullmatch(bare))) and not _POINTING.search(bare)
    return name if told else ""


def _line_name(sentence: str, amount: Amount, block: Text) -> str:
    """What a line names that says no more than the price of one thing: `Lamp $5 each`; empty: it
    is no such line.
    """
    named = _NAMED_PRICE.fullmatch(sentence[: amount.start])
    if not named or not _is_line_of_list(sentence.strip(), block.text):
        return ""
    name = _without_opening(named["name"]).strip(" *_–-.…·")  # `Lamp ....... $5`
    after = _ASIDES.sub("", sentence[_end(amount) :]).rstrip(" ,;.")
    joins = _JOINT.fullmatch(f"{name} ") or name.endswith(",")
    if joins or not _REMARKED.match(after) or not is_title(name):
        return ""
    if _before_verb(sentence[: amount.start]) or _is_enumeration(sentence[: amount.start]):
        return ""
    return name if read_heading(name).other or _TERM.search(name) else ""


def _is_line_of_list(sentence: str, text: str) -> bool:
    """Whether it is a whole line of a text, and none that goes on with what the others tell."""
    lines = [line.strip() for line in text.split("\n")]
    if sentence not in lines:
        return False
    others = [line for line in lines if not find_amounts(line)]
    told = any(line.endswith((".", "!", "?")) for line in others)
    return not told or len(lines) - len(others) > 1


def says_only_price(before: str) -> bool:
    """`Prices start at`, `价格从`: no more than that a price follows; not even what it is for."""
    folded = fold(before.rpartition("，")[2].rpartition(", ")[2])
    if not lexicon("price").search(folded):
        return False
    rest = lexicon("price").sub(" ", folded)
    for word in ("opening", "verb", "lead"):
        rest = lexicon("prose", word).sub(" ", rest)
    return not _LEADS_TO_IT.sub("", rest)


def _without_opening(name: str) -> str:
    """`Vault from`, `10 rides for` without the word that opens the price; empty where it is no
    more than that.
    """
    folded = fold(name)
    if len(folded) == len(name.rstrip()):
        for entry in ("opening", "lead"):
            for _, start, end in lexicon("prose", entry).find(folded):
                if end == len(folded):
                    return name[:start]
    return name


def unit_in_aside(sentence: str, amount: Amount) -> Unit | None:
    """`Renewal (monthly) $65`: a period in the bracket of a name is what the price is for."""
    named = _NAMED_PRICE.fullmatch(sentence[: amount.start])
    found = find_unit(f"price {named['aside']}") if named and named["aside"] else None
    return found[0] if found and set(found[0].things) <= PERIODS else None


def is_led(text: str, amount: Amount) -> bool:
    """Nothing stands before the amount but words like `from`."""
    before = _EDGES.sub("", text[: amount.start])
    return not before or bool(lexicon("prose", "opening").exactly(before))


def stands_alone(text: str) -> bool:
    """Whether a text is a price and nothing else: `From $20 per seat`, `$50 – $3,500`."""
    if len(text.split()) > _LONGEST_PRICE:
        return False
    amounts = find_amounts(text)
    return bool(amounts) and is_led(text, amounts[0])


def is_scaled(text: str) -> bool:
    """`$2M`: what things cost is not written so."""
    return bool(_SCALED.search(text))


def is_bare_price(text: str) -> bool:
    """A price that stands alone and says nothing of what it is for, but of taxes."""
    amounts = find_amounts(text)
    if len(amounts) != 1 or amounts[0].unit or amounts[0].struck or is_scaled(text):
        return False
    after = _AND_MORE.sub("", text[past_tax(text, amounts[0].end) :])
    after = lexicon("generic", "filler").sub(" ", fold(after))
    after = lexicon("billing", "once").sub(" ", after)
    return is_led(text, amounts[0]) and bool(_CLOSES.fullmatch(after))


def _end(amount: Amount) -> int:
    return max(amount.end, amount.unit_end)
