"""Which entry of the new reading is which of the old: a list of rules, the surest first.

Each rule looks only at what the rules before it left over. It names a key, under which entries
of both sides are candidates, and scores two candidates; 0 is no match. To teach the comparison
a new way in which pages are rearranged, add a rule to `RULES`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product as pairs_of

from scraper.compare.entries import Entry
from scraper.compare.words import likeness, same_figures, spelt_alike, words
from scraper.model import Conditions

__all__ = ["RULES", "Match", "Rule", "echoes", "match"]

Key = Callable[[Entry], Hashable | None]
"""None: the rule does not speak of this entry."""
Score = Callable[[Entry, Entry], float]


@dataclass(frozen=True, slots=True)
class Match:
    """The same thing priced, before and after; one side is None for what came or went."""

    before: Entry | None
    after: Entry | None
    rule: str = ""
    renamed: bool = False
    """It bears another name that readers should hear of."""


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    key: Key
    score: Score
    renamed: bool = False
    keeps_names: bool = False
    """The later entry goes on under the earlier one's names: only the page's words differ."""
    alone: bool = False
    """Only where the key leaves one candidate on either side."""


Side = Sequence[Entry]


def match(before: Side, after: Side) -> tuple[Match, ...]:
    """Every entry of both sides exactly once."""
    found: list[Match] = []
    old, new = list(before), list(after)
    names = {entry.identity for entry in after}
    for step in RULES:
        for rule in (step,) if isinstance(step, Rule) else step(old, new):
            if not old or not new:
                break
            taken = _apply(rule, old, new)
            found += [_under_old_names(m, names) for m in taken] if rule.keeps_names else taken
            _drop(old, (m.before for m in taken))
            _drop(new, (m.after for m in taken))
    found += [Match(entry, None, "gone") for entry in old]
    found += [Match(None, entry, "came") for entry in new]
    return tuple(found)


def _under_old_names(found: Match, taken: set[tuple[str, str, Conditions]]) -> Match:
    """Two things never come to bear one name: `taken` are those that the page uses."""
    assert found.before is not None
    assert found.after is not None
    if found.before.identity in taken:
        return found
    taken.add(found.before.identity)
    return replace(found, after=found.after.named_like(found.before))


def echoes(matches: Sequence[Match]) -> list[Match]:
    """Sentences that came or went while the page goes on stating their figure elsewhere."""
    stated: dict[Hashable, list[Entry]] = defaultdict(list)
    for m in matches:
        if m.before and m.after and m.before.says_the_same(m.after):
            stated[_figure(m.after)].append(m.after)
    found = []
    for m in matches:
        entry = m.before if m.after is None else m.after if m.before is None else None
        if (
            entry is not None
            and entry.prose
            and any(_speaks_of(entry, other) for other in stated[_figure(entry)])
        ):
            found.append(m)
    return found


def _figure(entry: Entry) -> Hashable:
    return entry.lead.amount, entry.lead.currency


def _speaks_of(sentence: Entry, other: Entry) -> bool:
    """Whether a sentence names what the other entry prices, and for what."""
    if not sentence.says_the_same(other):
        return False
    named = _bag(sentence) | _context(sentence)
    return words(other.product) <= named or likeness(_bag(sentence), _bag(other)) >= 0.5


def _apply(rule: Rule, old: Side, new: Side) -> list[Match]:
    buckets: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((old, new)):
        for number, entry in enumerate(entries):
            key = rule.key(entry)
            if key is not None:
                buckets[key][side].append(number)
    found = []
    for olds, news in buckets.values():
        if rule.alone and (len(olds), len(news)) != (1, 1):
            continue
        found += [
            Match(old[i], new[j], rule.name, rule.renamed)
            for i, j in _best(rule.score, old, new, olds, news)
        ]
    return found


def _best(
    score: Score, old: Side, new: Side, olds: list[int], news: list[int]
) -> Iterable[tuple[int, int]]:
    """The likest pair first, then the likest of the rest; the page's order decides a tie."""
    scored = ((score(old[i], new[j]), i, j) for i, j in pairs_of(olds, news))
    ranked = sorted((s for s in scored if s[0] > 0), key=lambda s: (-s[0], s[1], s[2]))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in ranked:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield i, j


def _drop(entries: list[Entry], gone: Iterable[Entry | None]) -> None:
    ids = {id(entry) for entry in gone}
    entries[:] = [entry for entry in entries if id(entry) not in ids]


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────


def _identity(entry: Entry) -> Hashable:
    return entry.identity


def _values(conditions: Conditions) -> frozenset[str]:
    return words(*(value for _, value in conditions))


def _same_words(entry: Entry) -> Hashable:
    return words(entry.product), words(entry.meter), _values(entry.conditions)


def _bag(entry: Entry) -> frozenset[str]:
    """All its words, whichever heading they come from."""
    return words(entry.product, entry.meter, *(value for _, value in entry.conditions))


def _price(entry: Entry) -> Hashable:
    """The same for two rates with `same_price`."""
    count, things = entry.lead.unit.normal
    return Fraction(entry.lead.amount) / Fraction(count), entry.lead.currency, things


def _per(entry: Entry) -> Hashable:
    return entry.lead.currency, entry.lead.unit.normal[1]


def _telling(entry: Entry) -> bool:
    """A price of nothing matches any other price of nothing."""
    return entry.lead.amount > 0


def _product_meter_price(entry: Entry) -> Hashable:
    return words(entry.product), words(entry.meter), _price(entry)


def _product_conditions_price(entry: Entry) -> Hashable:
    return words(entry.product), _values(entry.conditions), _price(entry)


def _meter_conditions_price(entry: Entry) -> Hashable:
    return words(entry.meter), _values(entry.conditions), _price(entry)


def _prose_price(entry: Entry) -> Hashable | None:
    return _price(entry) if entry.prose else None


def _prose_per(entry: Entry) -> Hashable | None:
    return _per(entry) if entry.prose else None


# ── Scores ───────────────────────────────────────────────────────────────────────────────────


def _price_first(before: Entry, after: Entry) -> float:
    return 2 if before.same_price(after) else 1


def _context(entry: Entry) -> frozenset[str]:
    """The words around a figure, without the figures."""
    evidence = entry.lead.evidence
    return _letters(words(evidence.excerpt, evidence.where))


def _letters(found: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in found if word.isalpha())


def _reworded(before: Entry, after: Entry) -> float:
    """A sentence about the same thing: its words, or the names made of them, overlap."""
    if _only_the_name_differs(before, after):
        return 0
    alike = max(likeness(_context(before), _context(after)), likeness(_bag(before), _bag(after)))
    return alike if alike >= 0.25 else 0


def _moved_in_prose(before: Entry, after: Entry) -> float:
    if _only_the_name_differs(before, after):
        return 0
    alike = likeness(_context(before), _context(after))
    return alike if alike >= 0.6 else 0


def _only_the_name_differs(before: Entry, after: Entry) -> bool:
    """The same words around two names that have no word in common, or other numbers: another
    thing, or one that was renamed."""
    old, new = (_letters(words(entry.product)) for entry in (before, after))
    mine, theirs = _context(before), _context(after)
    named = old <= mine and new <= theirs and mine - old == theirs - new
    other_words = not old & new and mine != theirs
    return named and (other_words or not same_figures(before.product, after.product))


def _conditions_moved(before: Entry, after: Entry) -> float:
    """A condition named, dropped or put in other words, the price being what it was."""
    old, new = _values(before.conditions), _values(after.conditions)
    return 1 + likeness(old, new) if old <= new or new <= old or old & new else 0


def _meter_alike(before: Entry, after: Entry) -> float:
    return likeness(words(before.meter), words(after.meter)) if _telling(before) else 0


def _product_alike(before: Entry, after: Entry) -> float:
    if not spelt_alike(before.product, after.product):
        return 0
    return 1 + likeness(words(before.product), words(after.product))


def _bag_alike(before: Entry, after: Entry) -> float:
    old, new = _bag(before), _bag(after)
    same_thing = (
        words(before.product) <= new
        or words(after.product) <= old
        or spelt_alike(before.product, after.product)
    )
    alike = likeness(old, new)
    figures = same_figures(before.product, after.product)
    return alike if _telling(before) and same_thing and figures and alike >= 0.5 else 0


def _bag_alike_one_in_prose(before: Entry, after: Entry) -> float:
    return _bag_alike(before, after) if before.prose or after.prose else 0


def _only_meter_left(before: Entry, after: Entry) -> float:
    return float(_telling(before))


# ── Renamed products and columns: seen in many entries at once ───────────────────────────────


def _renamed_products(old: Side, new: Side, *, anew: bool = False) -> Iterable[Rule]:
    """One rule for each product that is gone and whose prices stand under a new name; `anew`: one
    that has no word of the old.
    """
    gone, came = _by_product(old), _by_product(new)
    scored = sorted(
        (
            (score, before, after)
            for before, after in pairs_of(gone, came)
            if not (anew and _letters(words(before)) & _letters(words(after)))
            if (score := _same_list(before, after, gone[before], came[after]))
        ),
        key=lambda found: (-found[0], *found[1:]),
    )
    names: dict[str, str] = {}
    for _, before, after in scored:
        if before not in names and after not in names.values():
            names[before] = after
    for before, after in names.items():
        yield _mapped(f"product {before} is now {after}", {before: after}, {})


def _renamed_headings(old: Side, new: Side) -> Iterable[Rule]:
    """As `_renamed_products`, of products that stand under a heading of their own before and after.

    Such a name is the page's, not one that we took out of a sentence; so a sentence that is put
    otherwise at the same time does not go on under the old one.
    """
    headed = [[entry for entry in side if _headed(entry)] for side in (old, new)]
    return _renamed_products(*headed, anew=True)


def _headed(entry: Entry) -> bool:
    places = entry.lead.evidence.where.split(" › ")
    return any(words(place) == words(entry.product) for place in places)


def _same_list(
    before: str, after: str, old: Mapping[Hashable, Entry], new: Mapping[Hashable, Entry]
) -> float:
    """How likely it is that a product's price list stands under another product's name."""
    if not same_figures(before, after):
        return 0
    both = [key for key in old if key in new]
    same = [key for key in both if old[key].same_price(new[key])]
    share = len(same) / max(len(old), len(new))
    prices = {_price(old[key]) for key in same if _telling(old[key])}
    whole = share == 1 and len(prices) >= 2
    if len(same) == len(both) and (whole or (share >= 0.6 and spelt_alike(before, after))):
        return share + likeness(words(before), words(after))
    return 0


def _by_product(entries: Side) -> Mapping[str, Mapping[Hashable, Entry]]:
    products: dict[str, dict[Hashable, Entry]] = defaultdict(dict)
    for entry in entries:
        products[entry.product][words(entry.meter), _values(entry.conditions)] = entry
    return products


def _renamed_meters(old: Side, new: Side) -> Iterable[Rule]:
    """One rule for each column that bears a new heading over the same figures."""
    came: dict[Hashable, list[Entry]] = defaultdict(list)
    for entry in new:
        came[words(entry.product), _values(entry.conditions)].append(entry)
    seen: Counter[tuple[str, str]] = Counter()
    same: Counter[tuple[str, str]] = Counter()
    for entry in old:
        for other in came[words(entry.product), _values(entry.conditions)]:
            seen[entry.meter, other.meter] += 1
            same[entry.meter, other.meter] += _telling(entry) and entry.same_price(other)
    names: dict[str, str] = {}
    for (before, after), count in sorted(same.items(), key=lambda item: (-item[1], item[0])):
        sure = count >= 2 and count >= 0.8 * seen[before, after]
        if sure and before not in names and after not in names.values():
            names[before] = after
            yield _mapped(f"meter {before} is now {after}", {}, {before: after})


def _mapped(name: str, products: Mapping[str, str], meters: Mapping[str, str]) -> Rule:
    """Old names read as the new ones; entries that never bore an old name are left alone."""
    news = {*products.values(), *meters.values()}

    def key(entry: Entry) -> Hashable | None:
        product, meter = products.get(entry.product), meters.get(entry.meter)
        if product is None and meter is None and not {entry.product, entry.meter} & news:
            return None
        return (
            words(product or entry.product),
            words(meter or entry.meter),
            _values(entry.conditions),
        )

    return Rule(name, key, _price_first, renamed=True)


RULES: tuple[Rule | Callable[[Side, Side], Iterable[Rule]], ...] = (
    Rule("same identity", _identity, _price_first),
    Rule("same words, other order or spelling", _same_words, _price_first, keeps_names=True),
    Rule("same words under other headings", _bag, _price_first, alone=True, keeps_names=True),
    _renamed_headings,
    Rule("sentence reworded", _prose_price, _reworded, keeps_names=True),
    Rule("condition named, dropped or reworded", _product_meter_price, _conditions_moved),
    _renamed_products,
    _renamed_meters,
    Rule("meter renamed", _product_conditions_price, _meter_alike, renamed=True),
    Rule("product renamed", _meter_conditions_price, _product_alike, renamed=True),
    Rule("moved between sentence and table", _price, _bag_alike_one_in_prose, keeps_names=True),
    Rule("moved and renamed", _price, _bag_alike, renamed=True),
    Rule("meter renamed, nothing else left", _product_conditions_price, _only_meter_left,
         renamed=True, alone=True),
    Rule("sentence with another figure", _prose_per, _moved_in_prose, keeps_names=True),
)  # fmt: skip
"""In order; a function yields the rules that only the leftovers themselves suggest."""
