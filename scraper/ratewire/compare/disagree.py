"""Which places of one page print another price of a thing than the one that stands."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ratewire.model import Figure, Rate, Role, Shown, Snapshot

__all__ = ["disagreements"]

_CONVERSIONS = frozenset(
    (
        *(Decimal(10) ** power for power in range(1, 7)),
        *map(Decimal, (7, 12, 24, 30, 31, 52, 60, 365, 720, 730, 744, 1024, 1024**2, 3600, 8760)),
    )
)
"""Steps between units: a place may print per hour what stands per month, or cents for dollars."""


def disagreements(snapshot: Snapshot) -> tuple[str, ...]:
    """In words, one for each such place: what stands, and the place's own words. Pure."""
    rates = {rate.identity: rate for rate in snapshot.facts.rates}
    return tuple(
        f"{rate.label or rate.product} {rate.meter} stands as {rate.amount:f} {rate.currency}, but "
        f"“{figure.line}” is printed at {figure.place}"
        for figure in snapshot.figures
        for rate in _of(figure, rates)
        if not _agrees(rate, figure)
    )


def _of(figure: Figure, rates: dict[tuple[str, ...], Rate]) -> Iterator[Rate]:
    """The rates that a figure prints to readers, where it is a number that can be held against."""
    if figure.role is not Role.RATE or figure.shown is not Shown.VISIBLE or not figure.values:
        return
    yield from (rates[name] for name in figure.rates if name in rates)


def _agrees(rate: Rate, figure: Figure) -> bool:
    known = {rate.amount, rate.upper, rate.terms.minimum, rate.terms.cap}
    if rate.is_fee or not known.isdisjoint(figure.values):  # a fee is printed in many ways
        return True
    first = figure.values[0]
    if not rate.amount or not first:
        return bool(rate.amount) == bool(first)
    return max(first / rate.amount, rate.amount / first) in _CONVERSIONS
