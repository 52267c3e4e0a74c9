"""What changes at one of several places, or in words beside a figure, is heard of as well."""

from __future__ import annotations

import pytest
from tests.compare.captures import DAY, SOURCE, compared, reading_of, said

from ratewire.compare import compare_readings

TWICE = (
    "# Pricing\n\n## Plans\n\n| Plan | Price per month | Price per year |\n|---|---|---|\n"
    "| Fern | {fern} | $90 |\n| Moss | $31 | $310 |\n\n"
    "## All prices\n\n| Plan | Monthly price | Seats |\n|---|---|---|\n"
    "| Fern | $9 | 5 |\n| Moss | $31 | 20 |\n"
)
METERS = (
    "# Pricing\n\n| | Otter | Heron |\n|---|---|---|\n| {label} | $25 | $300 |\n"
    "| Server | $70 | $900 |\n| Cluster | $80 | $950 |\n"
)
ESTIMATE = (
    "# Speech\n\n| Model | Input per 1M tokens | Estimated cost |\n|---|---|---|\n"
    "| Otter 2 | $6 | $0.006 / {unit} |\n| Heron 3 | $9 | $0.007 / minute |\n"
)


def test_a_cell_that_loses_a_price_that_stands_elsewhere_is_reported() -> None:
    found = compared(TWICE.format(fern="$9"), TWICE.format(fern="Contact us"))
    assert [each for each in said(found) if "9" in each], said(found)
    assert said(compared(TWICE.format(fern="$9"), TWICE.format(fern="$9.00"))) == []


@pytest.mark.parametrize(
    ("label", "now"), [("Desktop", "Ptarmigan"), ("Disk storage", "Disk volume")]
)
def test_a_row_of_the_same_prices_under_another_name_is_renamed(label: str, now: str) -> None:
    found = compared(METERS.format(label=label), METERS.format(label=now))
    assert said(found) == ["renamed 300>300"]  # once for the name


def test_one_word_for_another_in_several_names_is_one_rename() -> None:
    page = (
        "# Otter\n\n| Machine | Price | Yearly |\n|---|---|---|\n"
        "| {0}-1 | $12 | $120 |\n| {0}-2 | $24 | $240 |\n| {1} | $90 | $900 |\n"
    )
    found = compared(page.format("burst", "Whole"), page.format("hobby", "Whole"))
    assert len(said(found)) == 1
    found = compared(page.format("burst", "Whole"), page.format("hobby", "Ptarmigan"))
    assert [line.partition(" ")[0] for line in said(found)] == ["renamed"] * 2


def test_a_row_is_renamed_though_a_cell_beside_it_has_its_old_name() -> None:
    page = (
        "# Otter\n\n## Fixed pricing\n\n| Mode | Cost per step | Models |\n|---|---|---|\n"
        "| {} | $0.025 | Otter Base Model |\n| Max | $0.05 | Heron |\n"
    )
    found = compared(page.format("Base"), page.format("Ptarmigan"))
    assert said(found) == ["renamed 0.025>0.025"]


def test_another_unit_of_a_figure_that_is_not_understood_is_reported() -> None:
    before, after = ESTIMATE.format(unit="minute"), ESTIMATE.format(unit="hour")
    assert any("0.006" in each for each in said(compared(before, after)))
    assert said(compared(before, ESTIMATE.format(unit="minutes"))) == []


def test_a_list_made_of_a_table_restates_no_unit() -> None:
    table = "| Model | Price |\n|---|---|\n| Otter2-Image | $2 |\n| Heron | $4 |\n"
    listed = "- Otter2-Image: $2\n- Heron: $4\n"
    page = "# Pricing\n\n{}\nWe bill monthly.\n"
    assert said(compared(page.format(table), page.format(listed))) == []
    assert said(compared(page.format(listed), page.format(table))) == []


LEAST = "There is a {}minimum monthly charge for all accounts of a team."
SATZ = "Der Otter kostet {}pro Monat für alle Konten einer Gruppe."


@pytest.mark.parametrize(
    ("sentence", "price", "other"),
    [(LEAST, "$5 ", "$6 "), (LEAST, "**€5** ", "**€6** "), (SATZ, "5 € ", "6 € ")],
)
def test_a_sentence_that_stands_without_its_price_takes_nothing_away(
    sentence: str, price: str, other: str
) -> None:
    """The owner hears of it once; the price goes on until the sentence goes or says another."""
    page = "# Otter pricing\n\n## Accounts\n\n{}\n"
    whole, bare, dearer = (page.format(sentence.format(each)) for each in (price, "", other))
    found = compared(whole, bare)
    assert [line.partition(" ")[0] for line in said(found)] == ["unread"]

    def next_to(text: str) -> list[str]:
        later = reading_of(text)
        return said(compare_readings(found.later, later, on=DAY, source=SOURCE))

    assert next_to(bare) == []
    assert next_to(whole) == []
    assert next_to(dearer) == ["rate_up 5>6"]
    assert next_to(page.format("Contact us."))[0].startswith("held: none-left")


def test_many_sentences_without_their_prices_are_damage() -> None:
    page = "# Otter pricing\n\n" + "".join(
        f"## {name}\n\nThe {name} plan costs {{0}}per month for all accounts of a team.\n\n"
        for name in ("Otter", "Heron", "Teal")
    )
    assert said(compared(page.format("$5 "), page.format("")))[0] == "held: none-left"
