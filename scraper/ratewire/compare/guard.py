"""Is it plausible? Each guard weighs a whole reading and says why it is suspect, or nothing.

There are two kinds, by what would prove a reading right. *Damage* is what a broken page looks
like: nothing left, another language, a placeholder where a price stood. It is held until it is
gone. *Much at once* is what a broken page and a large repricing both look like: it is held, and
confirms itself once it has stayed the same for `settle_after`. To add a guard, write the function
and put it into `DAMAGE` or `MUCH`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from ratewire.compare.differences import Differences, Pair
from ratewire.compare.entries import ends
from ratewire.config import CompareSettings
from ratewire.model import (
    Alteration,
    Availability,
    ChangeKind,
    Facts,
    Held,
    Rate,
    Source,
)

__all__ = ["DAMAGE", "MUCH", "Guard", "GuardContext", "damaged", "weigh"]

_PRICED = {ChangeKind.RATE_UP, ChangeKind.RATE_DOWN}
_MOST = 0.8
"""Share that counts as "all": a few prices escape every mishap."""
_SLIPS = frozenset(
    factor
    for n in (10, 100, 1000, 10_000, 10**6, 10**9, 60, 3600, 24, 1024, 1024**2)
    for factor in (Fraction(n), Fraction(1, n))
)
"""Factors of a unit or decimal point misread, not of a decision."""
_LEAP = 50
"""No single price goes up or down by more than this factor unlooked at."""
_SECTION = 6
"""Rates that a table has at the least for its loss to be suspect by itself."""
_LANGUAGE = re.compile(r"^(?:language|lang)\b[ :=]+(?P<tag>[A-Za-z]{2,3})\b")


@dataclass(frozen=True)
class GuardContext:
    """All that a guard may weigh."""

    before: Facts
    after: Facts
    found: Differences
    source: Source
    settings: CompareSettings
    on: date
    """The day of the later reading."""
    marks: tuple[str, ...] = ()

    @property
    def pairs(self) -> Sequence[Pair]:
        return self.found.pairs

    @cached_property
    def alterations(self) -> tuple[Alteration, ...]:
        return self.found.alterations

    @cached_property
    def kept(self) -> list[tuple[Rate, Rate]]:
        """Rates that stand on both sides, whatever became of their price."""
        return [
            (before, after)
            for pair in self.pairs
            for before, after in zip(pair.before[:1], pair.after[:1], strict=False)
            if isinstance(before, Rate) and isinstance(after, Rate)
        ]

    @cached_property
    def moved(self) -> list[tuple[Rate, Rate]]:
        """Rates whose price changed, in one currency and a convertible unit."""
        return [
            (a.before, a.after)
            for a in self.alterations
            if a.kind in _PRICED and isinstance(a.before, Rate) and isinstance(a.after, Rate)
        ]

    @cached_property
    def gone(self) -> list[Rate]:
        """Rates that are nowhere on the page any more; not those whose last day has passed."""
        return [
            fact
            for pair in self.pairs
            if pair.alterations and not pair.after
            for fact in pair.before
            if isinstance(fact, Rate) and not self.is_over(fact)
        ]

    def is_over(self, rate: Rate) -> bool:
        last = ends(rate)
        return last is not None and last < self.on


Guard = Callable[[GuardContext], str]
"""The reason in words, for the owner; empty: nothing to say against it."""


def weigh(view: GuardContext) -> Held | None:
    """The first guard that speaks. A reading without alterations only has to be whole."""
    for name, guard in DAMAGE.items():
        if (view.alterations or name in _ALWAYS) and (reason := guard(view)):
            return Held(name, reason)
    for name, guard in MUCH.items() if view.alterations else ():
        if reason := guard(view):
            return Held(name, reason, settles=True)
    return None


def damaged(found: Differences) -> Held | None:
    """Some prices are placeholders now, or 0: these figures are held, the rest of the page not."""
    places = found.followed.damaged
    if not places:
        return None
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return Held("figures-damaged", f"{places[0]}{more}", figures=len(places))


# ── What is missing ──────────────────────────────────────────────────────────────────────────


def _incomplete(view: GuardContext) -> str:
    """What the owner said a genuine page always has."""
    expect, rates = view.source.expect, view.after.rates
    if len(rates) < expect.min_rates:
        return f"{len(rates)} rates were read; the source expects at least {expect.min_rates}"
    stated: set[str] = set()
    for fact in [fact for pair in view.pairs for fact in pair.after] or view.after:
        product = getattr(fact, "product", "")
        stated |= {product, f"{product} {fact.meter}" if isinstance(fact, Rate) else product}
    for must in expect.must_have:
        if must not in stated:
            return f"`{must}` is missing, which the source says is always there"
    return ""


def _none_left(view: GuardContext) -> str:
    """Nothing of a kind is left, nor enough beside it to show that the page is whole. What goes
    from a page that stands is weighed by `most-gone`.
    """
    if len(view.before.limits) > 1 and not view.after.limits:
        return f"no limit is left of {len(view.before.limits)}"
    if view.found.followed.stays or view.kept:
        return ""
    if view.before.rates and not view.after.rates:
        return f"no rate is left of {len(view.before.rates)}"
    if len(view.before.availability) > 1 and not view.after.availability:
        return f"nothing is left of what {len(view.before.availability)} products' stages were"
    return ""


def _most_gone(view: GuardContext) -> str:
    lost, had = len(view.gone), sum(not view.is_over(rate) for rate in view.before.rates)
    if lost > 1 and lost > view.settings.max_removed * had:
        return f"{lost} of {had} rates are gone"
    priced = {rate.product for rate in view.after.rates}
    left = {rate.product for rate in view.before.rates} - priced  # gone with their stages
    stages = [
        a
        for a in view.alterations
        if isinstance(a.before, Availability) and a.after is None and a.before.product not in left
    ]
    had = len(view.before.availability)
    if len(stages) > 2 and len(stages) > view.settings.max_removed * had:
        return f"{len(stages)} of {had} products' stages are gone"
    return ""


def _section_gone(view: GuardContext) -> str:
    """A whole table without a trace, the rest of the page as it was."""
    had: Counter[str] = Counter(_section(rate) for rate in view.before.rates)
    lost: Counter[str] = Counter(_section(rate) for rate in view.gone)
    for section, count in sorted(lost.items()):
        products = {rate.product for rate in view.gone if _section(rate) == section}
        large = count >= _SECTION and len(products) > 1 and count * 4 >= len(view.before.rates)
        if section and large and count == had[section]:
            return f"all {count} rates under “{section}” are gone at once"
    return ""


def _list_missing(view: GuardContext) -> str:
    """The page announces a price list that it does not show, and did show before."""
    lost = [section for section in view.after.missing if section not in view.before.missing]
    if lost and view.gone:
        return f"{len(view.gone)} rates are gone, and the price list under “{lost[0]}” is not shown"
    return ""


def _list_found(view: GuardContext) -> str:
    """A price list that was announced before, and not shown, is seen for the first time."""
    found = [section for section in view.before.missing if section not in view.after.missing]
    came = sum(a.kind is ChangeKind.ADDED for a in view.alterations)
    if found and came > 1:
        return f"{came} rates are new, but the price list under “{found[0]}” was not shown before"
    return ""


def _section(rate: Rate) -> str:
    return " › ".join(rate.evidence.where.split(" › ")[:-2])


def _mostly_new(view: GuardContext) -> str:
    """The page was hardly read before: what is seen now is no news, but a first sight."""
    came = sum(a.kind is ChangeKind.ADDED for a in view.alterations)
    if came >= 20 and came > 3 * len(view.before.rates):
        return (
            f"{came} rates were added to {len(view.before.rates)}: the page seems to be read "
            "whole for the first time"
        )
    return ""


# ── What moved together ──────────────────────────────────────────────────────────────────────


def _currency_flipped(view: GuardContext) -> str:
    flipped = [(b, a) for b, a in view.kept if b.currency != a.currency]
    if flipped and len(flipped) * 2 >= len(view.kept):
        old, new = flipped[0][0].currency, flipped[0][1].currency
        return f"{len(flipped)} of {len(view.kept)} rates turned from {old} to {new}"
    expected = view.source.expect.currency
    other = [rate for rate in view.after.rates if rate.currency != expected]
    if expected and other and len(other) * 2 >= len(view.after.rates):
        return f"{len(other)} rates are in {other[0].currency}, not in {expected} as expected"
    return ""


def _language_flipped(view: GuardContext) -> str:
    expected = view.source.expect.language.partition("-")[0].lower()
    for mark in view.marks:
        found = _LANGUAGE.match(mark)
        if expected and found and found["tag"].lower() != expected:
            return f"the page is in another language than {expected}: {mark}"
    return ""


def _one_factor(view: GuardContext) -> str:
    """Every price times one number that smells of a unit or decimal point misread."""
    factors = Counter(_factor(b, a) for b, a in view.moved if b.amount)
    if not factors:
        return ""
    factor, count = factors.most_common(1)[0]
    all_of_it = count >= _MOST * len(view.kept) and (count > 2 or abs(_log10(factor)) >= 2)
    if factor in _SLIPS and all_of_it:
        return f"{count} of {len(view.kept)} rates are {_times(factor)} what they were"
    if factor == 0 and count > 2 and count >= _MOST * len(view.kept):
        return f"{count} of {len(view.kept)} rates have become free"
    return ""


def _leap(view: GuardContext) -> str:
    for b, a in view.moved:
        factor = _factor(b, a) if b.amount else Fraction(1)
        if factor and (factor >= _LEAP or factor * _LEAP <= 1):
            return (
                f"{a.label or a.product} {a.meter} went from {b.amount} to {a.amount} "
                f"{a.currency}, {_times(factor)} what it was"
            )
    return ""


def _columns_shifted(view: GuardContext) -> str:
    """Most figures that changed are what a neighbouring column of the same row held."""
    rows: dict[tuple[str, Fraction | None], set[str]] = defaultdict(set)
    for rate in view.before.rates:
        rows[rate.product, _plain(rate)].add(rate.meter)
    shifted = [a for b, a in view.moved if rows[b.product, _plain(a)] - {b.meter}]
    products = {rate.product for rate in shifted}
    if len(shifted) > 2 and len(products) > 1 and len(shifted) >= 0.6 * len(view.moved):
        return (
            f"{len(shifted)} of {len(view.moved)} changed rates are what another column of "
            "their row was"
        )
    return ""


def _swapped(view: GuardContext) -> str:
    """The same figures, dealt out otherwise: two rows that changed places, or rows shifted."""
    if len(view.moved) < 2 or len({_factor(b, a) for b, a in view.moved if b.amount}) == 1:
        return ""
    old = Counter(_plain(b) for b, _ in view.moved)
    new = Counter(_plain(a) for _, a in view.moved)
    same = (old & new).total()
    things = sorted({b.product for b, _ in view.moved})
    if len(things) == 1:
        things = sorted({f"{b.product} {b.meter} {b.conditions}".strip() for b, _ in view.moved})
    whole = same == len(view.moved)
    if whole or (same >= 4 and same >= _MOST * len(view.moved)):
        return f"the prices of {_listed(things)} are each other's"
    return ""


DAMAGE: Mapping[str, Guard] = {
    "incomplete": _incomplete,
    "none-left": _none_left,
    "language-flipped": _language_flipped,
    "list-missing": _list_missing,
}
MUCH: Mapping[str, Guard] = {
    "currency-flipped": _currency_flipped,
    "most-gone": _most_gone,
    "section-gone": _section_gone,
    "list-found": _list_found,
    "mostly-new": _mostly_new,
    "one-factor": _one_factor,
    "columns-shifted": _columns_shifted,
    "swapped": _swapped,
    "leap": _leap,
}
"""Name to guard, in the order in which they are asked."""
_ALWAYS = ("incomplete",)
"""Guards that speak of a reading in which nothing is altered, too."""


# ── Figures ──────────────────────────────────────────────────────────────────────────────────


def _plain(rate: Rate) -> Fraction:
    """Money for one base unit."""
    return Fraction(rate.amount) / Fraction(rate.unit.normal[0])


def _factor(before: Rate, after: Rate) -> Fraction:
    return _plain(after) / _plain(before)


def _log10(factor: Fraction) -> float:
    return float(Decimal(factor.numerator).log10() - Decimal(factor.denominator).log10())


def _times(factor: Fraction) -> str:
    return f"{factor} times" if factor >= 1 else f"1/{1 / factor} of"


def _listed(names: Iterable[str]) -> str:
    first = list(names)
    return ", ".join(first[:3]) + (f" and {len(first) - 3} more" if len(first) > 3 else "")
