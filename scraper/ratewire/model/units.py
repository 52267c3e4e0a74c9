"""What one price is for, converted exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

__all__ = [
    "PERIODS",
    "Unit",
]


_BASE: Mapping[str, tuple[str, Decimal]] = {
    "millisecond": ("second", Decimal("0.001")),
    "minute": ("second", Decimal(60)),
    "hour": ("second", Decimal(3600)),
    "day": ("second", Decimal(86400)),
    "week": ("second", Decimal(604800)),
    "quarter": ("month", Decimal(3)),
    "year": ("month", Decimal(12)),
    "B": ("B", Decimal(1)),
    "KB": ("B", Decimal(10**3)),
    "MB": ("B", Decimal(10**6)),
    "GB": ("B", Decimal(10**9)),
    "TB": ("B", Decimal(10**12)),
    "PB": ("B", Decimal(10**15)),
    "KiB": ("B", Decimal(2**10)),
    "MiB": ("B", Decimal(2**20)),
    "GiB": ("B", Decimal(2**30)),
    "TiB": ("B", Decimal(2**40)),
    "PiB": ("B", Decimal(2**50)),
    "kWh": ("Wh", Decimal(10**3)),
    "MWh": ("Wh", Decimal(10**6)),
    "km": ("m", Decimal(10**3)),
}
PERIODS = frozenset(
    {"millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"}
)
_MOST_DIGITS = 28
_COUNT_WORDS = {"K": Decimal(10**3), "M": Decimal(10**6), "B": Decimal(10**9)}


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """What one price is for: `1M tokens`, `image`, `hour`, `GB-month`, `seat-month`.

    `count` of the product of `things` (sorted, singular). Converts exactly where both reduce to
    the same base (minutes and hours, GB and TB by SI, years of twelve months); a month is never
    days.
    """

    count: Decimal
    things: tuple[str, ...]

    @classmethod
    def of(cls, *things: str, count: int | str | Decimal = 1) -> Unit:
        """A thing of several words (`tool-call`, `input token`) is its words: what is written of
        a unit can always be read back.
        """
        words = (word for thing in things for word in thing.replace("-", " ").split())
        return cls(Decimal(count), tuple(sorted(words)))

    @classmethod
    def parse(cls, text: str) -> Unit:
        """The inverse of `str`: `1M tokens`, `1K requests`, `20 minutes`, `GB-month`, `image`.

        Raises ValueError.
        """
        words = text.split()
        if not words or len(words) > 3 or words[1:-1] not in ([], ["x"]):
            raise ValueError(f"not a unit: {text!r}; write e.g. `1M tokens`, `image`, `GB-month`")
        count = Decimal(1)
        if len(words) > 1:
            number = words[0].replace(",", "")
            factor = _COUNT_WORDS.get(number[-1:].upper())
            try:
                count = Decimal(number[:-1]) * factor if factor else Decimal(number)
            except ArithmeticError:
                raise ValueError(f"not a count: {words[0]!r} in unit {text!r}") from None
            if not count.is_finite() or count <= 0:
                raise ValueError(f"a unit's count is above zero, not {words[0][:40]!r}")
            if len(count.as_tuple().digits) > _MOST_DIGITS or abs(count.adjusted()) > _MOST_DIGITS:
                raise ValueError(f"a unit's count has {_MOST_DIGITS} digits at the most")
        name = _singular(words[-1]) if len(words) == 2 else words[-1]
        return cls.of(*name.split("-"), count=count)

    @property
    def normal(self) -> tuple[Decimal, tuple[str, ...]]:
        """Count and things in base units: the same things convert into each other."""
        count, things = self.count, []
        for thing in self.things:
            base, factor = _BASE.get(thing, (thing, Decimal(1)))
            count *= factor
            things.append(base)
        return count, tuple(sorted(things))

    def factor_to(self, other: Unit) -> tuple[Decimal, Decimal] | None:
        """(n, d) so that a price per `self` times n / d is the price per `other`; None: no way."""
        (mine, things), (theirs, others) = self.normal, other.normal
        return (theirs, mine) if things == others else None

    def __str__(self) -> str:
        # As people say it, a period comes last: seat-month, GB-day.
        ordered = sorted(self.things, key=lambda thing: (thing in PERIODS, thing))
        name = "-".join(ordered)
        if self.count == 1:
            return name
        for word, factor in (("B", 10**9), ("M", 10**6), ("K", 10**3)):
            if self.count >= factor and self.count % factor == 0:
                number = f"{self.count / factor:f}{word}"
                break
        else:
            number = f"{self.count.normalize():f}"
        plural = _plural(name)
        if _singular(plural) != name:  # a plural that is another word's as well
            return f"{number} x {name}"
        return f"{number} {plural}"


def _plural(name: str) -> str:
    if name[-1:].isupper() and name.split("-")[-1] in _BASE:
        return name
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def _singular(name: str) -> str:
    """The inverse of `_plural`."""
    if not name.endswith("s") or name.split("-")[-1] in _BASE:
        return name
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-2] if name.endswith(("sses", "xes", "ches", "shes")) else name[:-1]
