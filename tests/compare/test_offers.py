"""What a row offers for its price: other quantities for the same money, or another offer."""

from __future__ import annotations

import pytest
from captures import compared, reading_of, said
from hypothesis import given, settings
from hypothesis import strategies as st
from price_lists import Page

from ratewire.model import Rate

HEADS = {
    "en": ("Server", "Cores", "Storage", "Price per month", "{} GB"),
    "de": ("Server", "Kerne", "Speicher", "Preis pro Monat", "{} GB"),
    "fr": ("Serveur", "Cœurs", "Stockage", "Prix par mois", "{} Go"),
    "es": ("Servidor", "Núcleos", "Almacenamiento", "Precio al mes", "{} GB"),
    "ja": ("サーバー", "コア", "ストレージ", "月額料金", "{}GB"),
}
NAMES = ("alder", "birch", "cedar", "elm")
Row = tuple[int, int, int]
"""Cores, gigabytes, price."""


def machines(language: str, rows: tuple[Row, ...]) -> str:
    *heads, size = HEADS[language]
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|---|"]
    for name, (cores, disk, price) in zip(NAMES, rows, strict=False):
        lines.append(f"| {name} | {cores} | {size.format(disk)} | €{price} |")
    return "\n".join((f"# {heads[0]}", "", *lines, ""))


def rows() -> st.SearchStrategy[tuple[Row, ...]]:
    row = st.tuples(st.integers(1, 64), st.integers(10, 900), st.integers(11, 990))
    return st.lists(row, min_size=2, max_size=4, unique_by=lambda each: each[2]).map(tuple)


@settings(max_examples=30, deadline=None)
@given(rows(), st.sampled_from(sorted(HEADS)), st.integers(1, 8), st.integers(1, 9), st.data())
def test_other_quantities_at_another_price_are_another_offer(
    before: tuple[Row, ...], language: str, disk: int, price: int, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(before) - 1))
    cores, was_disk, was = before[at]
    after = (*before[:at], (cores, was_disk + disk, was + price), *before[at + 1 :])
    found = said(compared(machines(language, before), machines(language, after)))
    assert found == [f"added ->{was + price}", f"removed {was}>-"]
    only_dearer = (*before[:at], (cores, was_disk, was + price), *before[at + 1 :])
    assert said(compared(machines(language, before), machines(language, only_dearer))) == [
        f"rate_up {was}>{was + price}"
    ]


def packs(quantity: str, dollars: str = "45", euros: str = "41") -> str:
    return (
        "# Otter extras\n\n| Item | What you get | USD | EUR |\n|---|---|---|---|\n"
        f"| `CALLS` | {quantity} | ${dollars} | €{euros} |\n"
        "| `MOVES` | 1 TB of traffic | $70 | €64 |\n"
    )


SAME_MONEY = {
    "half as much": ("Further 80 million calls", "Further 40 million calls"),
    "in another unit": ("Further 1 TB of traffic", "Further 400 GB of traffic"),
    "in German": ("Weitere 80 Millionen Aufrufe", "Weitere 40 Millionen Aufrufe"),
    "in French": ("80 millions d'appels de plus", "40 millions d'appels de plus"),
}


@pytest.mark.parametrize("name", SAME_MONEY)
def test_another_quantity_for_the_same_money_is_told_once_for_its_row(name: str) -> None:
    before, after = map(packs, SAME_MONEY[name])
    assert said(compared(before, after)) == ["unit 45>45"]
    [alteration] = compared(before, after).alterations
    sides = (alteration.before, alteration.after)
    included = [side.terms.included for side in sides if isinstance(side, Rate)]
    assert None not in included
    assert included[0] != included[1]


NO_CHANGE = {
    "the same quantity in another unit": ("Further 1 TB of traffic", "Further 1,000 GB of traffic"),
    "words beside it": ("Further 80 million calls", "Another 80 million calls"),
    "a day": ("Calls, price of 2026-01-01", "Calls, price of 2026-02-01"),
    "a share": ("Calls at 99.9% uptime", "Calls at 99.5% uptime"),
}


@pytest.mark.parametrize("name", NO_CHANGE)
def test_the_same_offer(name: str) -> None:
    before, after = map(packs, NO_CHANGE[name])
    assert compared(before, after).alterations == ()


def test_of_several_quantities_none_alone_is_priced() -> None:
    before, after = (packs(f"1 TB of traffic and {n} million calls") for n in (50, 5))
    [line] = said(compared(before, after))
    assert line.startswith("unread `CALLS` | 1 TB") or line.startswith("unread CALLS | 1 TB")


def test_a_price_with_a_unit_of_its_own_is_not_for_its_row() -> None:
    page = "# Otter models\n\n| Model | Context | Price per 1M tokens |\n|---|---|---|\n"
    before, after = (f"{page}| Otter 2 | {n}K | ${price} |\n" for n, price in ((128, 5), (256, 4)))
    assert said(compared(before, after)) == ["rate_down 5>4"]


def test_a_described_quantity_and_its_price_are_another_offer() -> None:
    before = packs("Further 80 million calls")
    after = packs("Further 40 million calls", "30", "28")
    assert said(compared(before, after)) == [
        "added ->28", "added ->30", "removed 41>-", "removed 45>-",
    ]  # fmt: skip


def test_another_quantity_waits_for_its_second_look_whatever_else_is_told() -> None:
    """A price of the same page moved one look earlier."""
    dear = packs("Further 80 million calls").replace("$70", "$75")
    both = packs("Further 40 million calls").replace("$70", "$75")
    page = Page()
    for text in (packs("Further 80 million calls"), dear, both, both):
        page.check(reading_of(text))
    assert [(change.kind, len(change.alterations)) for change in page.log] == [
        ("rate_up", 1), ("unit", 1),
    ]  # fmt: skip
