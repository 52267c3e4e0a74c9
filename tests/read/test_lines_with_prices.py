"""Lines that are a name and its price, in texts of one line or of many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import rates_of, reading

HTML = "text/html"
HEADINGS = {"en": "Prices", "de": "Preise", "pl": "Cennik", "it": "Tariffario", "da": "Priser"}
PRICES = {"en": "${}", "de": "{} €", "pl": "{} zł", "it": "{} €", "da": "{} kr"}


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(sorted(HEADINGS)), st.sampled_from(("{}: {}", "{} {}", "- {} {}", "{}: {} ★")),
    st.sampled_from(("<br>", "</p><p>", "</li><li>")), st.integers(10, 900),
)  # fmt: skip
def test_each_line_names_what_it_prices(language: str, shape: str, gap: str, amount: int) -> None:
    names = ("45 min treatment", "5x45 min treatment", "Onyx lamp", "Ear care (adult)")
    prices = [PRICES[language].format(amount + n) for n in range(4)]
    lines = [shape.format(*pair) for pair in zip(names, prices, strict=True)]
    tag = "li" if "li" in gap else "p"
    text = f"<html lang={language}><title>{HEADINGS[language]}</title><h1>Quartz</h1>"
    rates = rates_of(f"{text}<{tag}>{gap.join(lines)}</{tag}>", HTML)
    found = {each.split(" | ")[2].split()[0]: each.split(" | ")[0] for each in rates}
    expected = ("45-min-treatment", "5x45-min-treatment", "onyx-lamp")
    for n, product in enumerate(expected):
        assert found[str(amount + n)] == product
    assert found[str(amount + 3)].startswith("ear-care")


@pytest.mark.parametrize("term", ["7 days", "7 Tage", "7 giorni", "7 días", "7 jours"])
def test_a_time_is_a_term_of_what_the_heading_names(term: str) -> None:
    text = f"<title>Prices</title><h2>Onyx 126</h2><p>{term}: 350 €</p><p>Lock: 9 €</p>"
    assert any(each.startswith("onyx-126 | price | 350 EUR") for each in rates_of(text, HTML))


@pytest.mark.parametrize("colon", [":", ""])
@pytest.mark.parametrize("aside", ["", " (doors, roof)"])
def test_a_line_without_a_price_groups_the_lines_below_it(colon: str, aside: str) -> None:
    groups = (
        f"{name}{aside}{colon}<br>- small ${price}<br>- large ${price + 3}"
        for name, price in (("Bonnet", 5), ("Whole car", 50))
    )
    text = f"<title>Prices</title><h2>Film</h2><p>{'<br>'.join(groups)}</p>"
    rates = rates_of(text, HTML)
    assert len(rates) == 4
    assert sum("group bonnet" in each for each in rates) == 2
    assert sum("group whole-car" in each for each in rates) == 2


def test_a_price_in_a_line_of_its_own_is_that_of_the_heading() -> None:
    text = (
        "<title>Cennik</title><h2>Powłoki</h2><p>Trwała ochrona lakieru na lata.<br>- od 999 zł</p>"
    )
    assert rates_of(text, HTML) == ["powłoki | price | 999 PLN per unit | from"]


def test_a_count_beside_its_price_by_the_piece_names_nothing() -> None:
    text = "<title>Prices</title><h2>Five notices</h2><p>$750</p><p>5 notices · $150/notice</p>"
    assert not [each for each in rates_of(text, HTML) if each.startswith("5-notices")]


@pytest.mark.parametrize(
    ("word", "group"),
    [("for", "students"), ("für", "Familien"), ("pour", "étudiants"), ("dla", "firm")],
)  # fmt: skip
def test_a_price_for_some_is_that_of_the_heading_for_them(word: str, group: str) -> None:
    text = f"<title>Prices</title><h2>Onyx pass</h2><ul><li>£48 {word} {group}</li></ul>"
    assert [each.split(" | ")[:3] for each in rates_of(text, HTML)] == [
        ["onyx-pass", "price", "48 GBP per unit"]
    ]


@pytest.mark.parametrize("rest", ["for what you use", "for each further one", "for 3 items"])
def test_what_follows_a_price_is_not_always_whom_it_is_for(rest: str) -> None:
    text = f"<title>Prices</title><h2>Onyx pass</h2><ul><li>£48 {rest}</li></ul>"
    assert not [each for each in rates_of(text, HTML) if "for " in each]


@pytest.mark.parametrize("count", ["10 rides", "10 Fahrten", "10 ganger", "10 viajes", "10 corse"])
def test_so_many_are_a_size_of_what_the_heading_names(count: str) -> None:
    text = f"<title>Prices</title><h2>Onyx pass</h2><p>{count}: NOK 2500,-</p>"
    assert any("size 10" in each for each in rates_of(text, HTML))
    assert all(each.startswith("onyx-pass | price | 2500 NOK") for each in rates_of(text, HTML))


@pytest.mark.parametrize("year", ["all'anno", "all’anno", "à l’année", "per year"])
def test_a_line_for_the_year_below_a_price_is_its_unit(year: str) -> None:
    text = f"<title>Prezzi</title><h1>Prezzi</h1><h3>Onyx</h3><p>€69,99</p><p>{year}</p>"
    assert rates_of(text, HTML)[0].startswith("onyx | price | 69.99 EUR per year")


@pytest.mark.parametrize("lead", ["Da", "ab", "from", "vanaf", "de la", "от"])
def test_a_word_that_opens_a_price_names_nothing(lead: str) -> None:
    text = f"<title>Prezzi</title><h1>Prezzi</h1><h3>Onyx</h3><p>{lead} € 600</p>"
    assert rates_of(text, HTML) == ["onyx | price | 600 EUR per unit | from"]


def test_what_is_but_about_so_much_is_an_example() -> None:
    text = "<title>Prices</title><h1>Prices</h1><h3>Onyx</h3><p>€70 a year</p><p>≈ €7 in use</p>"
    figures = {each.text: each for each in reading(text, HTML).figures}
    assert str(figures["€7"].role) == "example"
