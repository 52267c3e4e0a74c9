"""An invented vendor whose prices hold every term that a price can have, one product for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ratewire.config import Site
from ratewire.config.load import load_site
from ratewire.model import (
    Alteration,
    Availability,
    Billing,
    Bracket,
    Change,
    ChangeKind,
    ChangeState,
    Conditions,
    Evidence,
    Fact,
    Facts,
    Hours,
    Multiplier,
    Precision,
    Quantity,
    Rate,
    Sale,
    Snapshot,
    Stage,
    StatedDate,
    Terms,
    Unit,
    Weekday,
    Window,
)
from ratewire.record import DirectoryStore

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
SETTINGS = '[site]\ntitle = "Halden Prices"\nurl = "https://prices.example"\n'
SOURCE = """\
name = "Halden pricing"
publisher = "Halden"
url = "https://halden.example/pricing"
"""


def rate(
    product: str, amount: str, unit: str, percent: str | None = None, meter: str = "price",
    conditions: Mapping[str, str] | None = None, **terms: Any,
) -> Rate:  # fmt: skip
    return Rate(
        product, meter, Decimal(amount), "USD", Unit.parse(unit),
        Conditions.of(conditions or {}), label=product,
        percent=None if percent is None else Decimal(percent), terms=Terms(**terms),
        evidence=Evidence(f"{product} {amount}", "Pricing"),
    )  # fmt: skip


def bracket(start: str, end: str | None, of: str, graduated: bool | None = None) -> Bracket:
    return Bracket(Decimal(start), None if end is None else Decimal(end), of, graduated)


@dataclass(frozen=True)
class Term:
    """A term of the price model, a fact that has it, and what each output has to say of it."""

    facts: tuple[Fact, ...]
    words: tuple[str, ...]
    """On pages, in articles' tables, in feeds."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """In JSON, of the first fact."""
    line: Mapping[str, Any] = field(default_factory=dict)
    """Of the calculator's first line for it."""
    file: str = "rates"
    """Where in the API the first fact stands."""
    scheduled: bool = False
    """Its price is yet to come, so that tables of today have none."""


def two(product: str, graduated: bool | None) -> tuple[Rate, Rate]:
    return (
        rate(product, "0.09", "GB", conditions={"volume": "first-10-tb"},
             bracket=bracket("0", "10", "TB", graduated)),
        rate(product, "0.085", "GB", conditions={"volume": "next-40-tb"},
             bracket=bracket("10", "50", "TB", graduated)),
    )  # fmt: skip


TERMS: Mapping[str, Term] = {
    "graduated": Term(
        two("graduated", True),
        ("$0.09", "$0.085", "each bracket at its own rate"),
        {"bracket": {"end": "10", "of": "TB", "graduated": True}},
        {"graduated": True, "steps": [[0.0, 10_000.0, "0.09", "$0.09 per GB"],
                                      [10_000.0, 50_000.0, "0.085", "$0.085 per GB"]]},
    ),
    "volume": Term(
        two("volume", False),
        ("all usage at the rate of the bracket it reaches",),
        {"bracket": {"end": "10", "of": "TB", "graduated": False}},
        {"steps": [[0.0, 10_000.0, "0.09", "$0.09 per GB"],
                   [10_000.0, 50_000.0, "0.085", "$0.085 per GB"]]},
    ),
    "unnamed-bracket": Term(
        (rate("unnamed-bracket", "29", "licence-month", bracket=bracket("2", None, "licence")),),
        ("from 2 licence",),
        {"bracket": {"start": "2", "of": "licence"}},
        {"way": "recurring", "steps": [[2.0, None, "29", "$29.00 per licence-month"]],
         "unsaid": True},
    ),
    "context": Term(
        (
            rate("context", "1.25", "1M tokens", meter="text.input",
                 conditions={"context": "≤200K"}, bracket=bracket("0", "200000", "token")),
            rate("context", "2.50", "1M tokens", meter="text.input",
                 conditions={"context": ">200K"}, bracket=bracket("200000", None, "token")),
        ),
        ("$1.25", "$2.50", "200K"),
        {"bracket": {"end": "200000", "of": "token"}},
        {"by_request": True},
    ),
    "percent": Term(
        (rate("percent", "0", "unit", "10", meter="fee"),),
        ("10%",), {"percent": "10"}, {"way": "fee", "percent": "10"},
    ),
    "percent-and-fixed": Term(
        (rate("percent-and-fixed", "0.30", "transaction", "2.9", meter="fee"),),
        ("2.9% + $0.30",),
        {"percent": "2.9", "amount": "0.30"},
        {"way": "fee", "percent": "2.9", "fixed": "0.30"},
    ),
    "minimum-and-cap": Term(
        (rate("minimum-and-cap", "0", "transaction", "1", meter="fee", minimum=Decimal("0.5"),
              cap=Decimal(5)),),
        ("at least $0.50", "at most $5.00"),
        {"minimum": "0.5", "cap": "5"},
        {"minimum": "0.5", "cap": "5"},
    ),
    "least-and-step": Term(
        (rate("least-and-step", "0.06", "minute", least=(Quantity(Decimal(30), "second"),),
              step=Quantity(Decimal(6), "second")),),
        ("30 second", "6 second"),
        {"least": [{"amount": "30", "of": "second"}], "step": {"amount": "6", "of": "second"}},
        {"least": 0.5, "step": 0.1},
    ),
    "included": Term(
        (rate("included", "1.50", "GB", included=Quantity(Decimal(10), "GB")),),
        ("10 GB included",),
        {"included": {"amount": "10", "of": "GB"}},
        {"included": 10.0},
    ),
    "one-off": Term(
        (rate("one-off", "600", "setup", billing=Billing("once")),),
        ("paid once",), {"billing": {"every": "once"}}, {"way": "once"},
    ),
    "billing": Term(
        (rate("billing", "16", "user-month", billing=Billing("year", 12, "partial")),),
        ("billed yearly", "12-month commitment", "part paid upfront"),
        {"billing": {"every": "year", "months": 12, "upfront": "partial"}},
        {"way": "recurring"},
    ),
    "yearly": Term(
        (rate("yearly", "120", "year", billing=Billing("year")),),
        ("$120.00", "per year"), {"unit": "year"}, {"way": "recurring", "months": 12.0},
    ),
    "sale": Term(
        (rate("sale", "15", "month", sale=Sale(Decimal(20), ends=date(2026, 7, 31))),),
        ("instead of $20.00", "until 31 July 2026"),
        {"sale": {"list_price": "20", "ends": "2026-07-31"}},
        {"way": "recurring"},
    ),
    "rebate": Term(
        (rate("rebate", "15", "month", sale=Sale(off=Decimal(25))),),
        ("25% off",), {"sale": {"off": "25"}}, {"way": "recurring"},
    ),
    "dated": Term(
        (rate("dated", "1.50", "image", conditions={"effective_from": "2027-01-01"}),),
        ("$1.50", "1 January 2027"),
        {"conditions": {"effective_from": "2027-01-01"}},
        scheduled=True,
    ),
    "hours": Term(
        (rate("hours", "0.44", "1M tokens", meter="input", conditions={"period": "peak"},
              hours=Hours(((time(1), time(4)),), (Weekday.MON, Weekday.FRI), "UTC+8")),),
        ("01:00–04:00 UTC+8", "Mon Fri"),
        {"hours": {"spans": [["01:00", "04:00"]], "days": ["mon", "fri"], "zone": "UTC+8"}},
        {"key": "input;period=peak"},
    ),
    "multiplied": Term(
        (
            Multiplier("multiplied", Decimal("1.1"), Conditions.of({"region": "halden-north"}),
                       "multiplied"),
            rate("multiplied", "3", "image"),
        ),
        ("× 1.1", "halden-north"),
        {"factor": "1.1", "conditions": {"region": "halden-north"}},
        file="multipliers",
    ),
    "month-precision": Term(
        (
            Availability("month-precision", Stage.DEPRECATED,
                         shutdown_on=StatedDate(date(2026, 9, 1), Precision.MONTH)),
            rate("month-precision", "3", "image"),
        ),
        ("September 2026",), {"shutdown_on": "2026-09"}, file="products",
    ),
    "lower-bound": Term(
        (
            Availability("lower-bound", Stage.DEPRECATED,
                         shutdown_not_before=StatedDate(date(2026, 10, 1), Precision.MONTH)),
            rate("lower-bound", "3", "image"),
        ),
        ("October 2026", "before"), {"shutdown_not_before": "2026-10"}, file="products",
    ),
}  # fmt: skip


def halden_site(root: Path) -> tuple[Site, DirectoryStore]:
    """The site, its records filled: each first fact is news of a day before."""
    (root / "content" / "sources").mkdir(parents=True)
    (root / "content" / "articles").mkdir()
    (root / "ratewire.toml").write_text(SETTINGS)
    (root / "content" / "sources" / "halden.toml").write_text(SOURCE)
    for name, term in TERMS.items():
        (root / "content" / "articles" / f"about-{name}.md").write_text(article(name, term))
    site = load_site(root)
    store = DirectoryStore(site.snapshots)
    facts = Facts.of(fact for term in TERMS.values() for fact in term.facts)
    at = NOW - timedelta(days=1)
    snapshot = Snapshot("halden", facts, "c" * 64, "https://halden.example/pricing", at, "1")
    store.save("halden", snapshot, None, [_news(name, term, at) for name, term in TERMS.items()])
    return site, store


def article(name: str, term: Term) -> str:
    """What an article shows of it: a table, or a sentence of what is no price."""
    if term.scheduled:
        asks = f'{{{{ rate("{name}", "price", effective_from="2027-01-01") }}}} from 1 January 2027'
    elif term.file == "multipliers":
        asks = f'{{{{ multipliers_table("{name}") }}}}'
    elif term.file == "products":
        asks = f'{{{{ availability("{name}") }}}}'
    else:
        asks = f'{{{{ rate_table("{name}", tier="*") }}}}'
    return f'+++\ntitle = "About {name}"\npublished = 2026-06-19\n+++\n\n{asks}\n'


def _news(name: str, term: Term, at: datetime) -> Change:
    added = [
        Alteration(
            ChangeKind.AVAILABILITY if isinstance(fact, Availability) else ChangeKind.ADDED,
            None, fact,
        )
        for fact in term.facts
    ]  # fmt: skip
    told = tuple(one for one in added if one.kind is added[0].kind)
    return Change(
        f"c-{name}", added[0].kind, "halden", told,
        Window(at - timedelta(hours=2), at - timedelta(hours=1)), "a" * 64, "b" * 64,
        ChangeState.CONFIRMED, at, "Halden", "https://halden.example/pricing",
    )  # fmt: skip
