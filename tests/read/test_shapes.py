"""Pages in the shapes of the world, each with the rates that a person reads off it.

Each page of `fixtures/pages` begins with a comment that holds its rates, one a line:
`product | meter | condition=value, … | amount currency / unit [qualifier]`, of a fee `… | 2.9% +
0.3 USD / unit`. Nothing else on the page may become a rate.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ratewire.model import Capture, Rate, Source, Unit
from ratewire.read import read

PAGES = sorted((Path(__file__).parents[1] / "fixtures" / "pages").glob("*.html"))
URL = "https://vendor.example/pricing"


def told(rate: Rate) -> str:
    """A rate as the pages' comments write it."""
    amount = f"{rate.amount.normalize():f}"
    if rate.upper is not None:
        amount += f"-{rate.upper.normalize():f}"
    conditions = ", ".join(f"{key}={value}" for key, value in rate.conditions)
    price = f"{amount} {rate.currency} / {rate.unit} {rate.qualifier}".strip()
    if rate.percent is not None:
        fixed = f" + {amount} {rate.currency}" if rate.amount else ""
        price = f"{rate.percent.normalize():f}%{fixed} / {rate.unit}"
    return f"{rate.product} | {rate.meter} | {conditions} | {price}"


def wanted(line: str) -> str:
    """A line of a page's comment in the one way that `told` writes it."""
    product, meter, conditions, price = (part.strip() for part in line.split("|"))
    if "%" in price:
        return f"{product} | {meter} | {conditions} | {price}"
    amounts, _, rest = price.partition(" ")
    currency, _, per = rest.partition(" / ")
    for qualifier in ("from", "up to", "about"):
        if per.endswith(f" {qualifier}"):
            per = f"{Unit.parse(per.removesuffix(qualifier).strip())} {qualifier}"
            break
    else:
        per = str(Unit.parse(per))
    amount = "-".join(f"{Decimal(end).normalize():f}" for end in amounts.split("-"))
    pairs = ", ".join(sorted(filter(None, (pair.strip() for pair in conditions.split(",")))))
    return f"{product} | {meter} | {pairs} | {amount} {currency} / {per}"


def parted(page: str) -> tuple[list[str], str]:
    """The rates that the page's comment tells of, and the page without it."""
    comment, _, html = page.partition("-->\n")
    return [wanted(line) for line in comment.splitlines()[1:] if line.strip()], html


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_reads_what_a_person_reads(path: Path) -> None:
    expected, html = parted(path.read_text("utf-8"))
    capture = Capture(URL, html.encode(), datetime(2026, 5, 1, tzinfo=UTC), media_type="text/html")

    rates = read(capture, Source("page", "Page", "Vendor", URL)).facts.rates

    assert sorted(map(told, rates)) == sorted(expected)
