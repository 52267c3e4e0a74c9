"""Random price lists laid out as the sites of small businesses lay them out, in several languages,
read against the truth they were made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.read.reading_of import rates_of, reading

from ratewire.read.lexicon import slug

HTML = "text/html"
NAMES = ("Kestrel", "Lapwing", "Plover", "Dunlin", "Siskin", "Godwit")


@dataclass(frozen=True)
class Words:
    title: str
    start: str
    """What opens the lowest price: `from`."""
    conditions: tuple[str, str]
    per_hour: str
    parts: str
    """What comes on top, in words alone."""
    stages: tuple[str, str]
    total: str
    """Over what a form works out."""


LANGUAGES = {
    "en": Words("Prices", "from", ("under 8 hours", "small dogs"), "per hour", "parts",
                ("Year 1 — Entry", "From year 2 — Renewal"), "Order summary"),
    "de": Words("Preise", "ab", ("unter 8 Stunden", "kleine Hunde"), "pro Stunde", "Material",
                ("1. Jahr — Aufnahme", "Ab dem 2. Jahr — Verlängerung"), "Zusammenfassung"),
    "it": Words("Prezzi", "da", ("fino a 8 ore", "cani piccoli"), "all'ora", "ricambi",
                ("Anno 1 — Registrazione", "Dal 2° anno — Rinnovo"), "Riepilogo"),
    "es": Words("Precios", "desde", ("hasta 8 horas", "perros grandes"), "por hora", "repuestos",
                ("Primer año — Alta", "Desde el 2º año — Renovación"), "Resumen del pedido"),
    "fr": Words("Tarifs", "à partir de", ("jusqu'à 8 heures", "petits chiens"), "par heure",
                "pièces", ("1re année — Inscription", "À partir de la 2e année — Suite"),
                "Récapitulatif"),
    "nl": Words("Prijzen", "vanaf", ("tot 8 uur", "kleine honden"), "per uur", "onderdelen",
                ("Jaar 1 — Inschrijving", "Vanaf jaar 2 — Verlenging"), "Samenvatting"),
    "pl": Words("Cennik", "od", ("do 8 godzin", "małe psy"), "za godzinę", "części",
                ("Rok 1 — Wpis", "Od 2. roku — Odnowienie"), "Podsumowanie"),
}  # fmt: skip

languages = st.sampled_from(sorted(LANGUAGES))
names = st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True)
thousands = st.integers(1_000, 9_999)
whole = st.integers(10, 900)


def page(language: str, body: str) -> str:
    title = LANGUAGES[language].title
    return f'<html lang="{language}"><title>{title}</title><h1>{title}</h1>{body}</html>'


def read(text: str) -> set[tuple[str, Decimal, str]]:
    """Product, amount and unit."""
    rates = reading(text, HTML).facts.rates
    return {(rate.product, rate.amount, str(rate.unit)) for rate in rates}


def card(name: str, *lines: str) -> str:
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<div><h3>{name}</h3>{told}</div>"


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(["de", "it", "es", "nl", "fr", "pl"]), names=names, data=st.data())
def test_a_point_groups_thousands_where_the_language_has_it_so(
    language: str, names: list[str], data: st.DataObject
) -> None:
    amounts = [data.draw(thousands) for _ in names]
    start = LANGUAGES[language].start.capitalize()
    cards = (
        card(name, f"{start} €{amount // 1000}.{amount % 1000:03}")
        for name, amount in zip(names, amounts, strict=True)
    )
    expected = {(slug(n), Decimal(a), "unit") for n, a in zip(names, amounts, strict=True)}
    assert read(page(language, "".join(cards))) == expected


@pytest.mark.parametrize(
    ("language", "beside", "amount"),
    [("it", "€2.50", "1.200"), ("en", "€3", "1.200"), ("en", "2,50 €", "1200"),
     ("it-CH", "€3", "1.200"), ("it", "€0.5", "1.200"), ("it", "€1,500.00", "1.200")],
)  # fmt: skip
def test_the_numbers_of_a_page_say_what_its_points_do(
    language: str, beside: str, amount: str
) -> None:
    cards = card("Kestrel", "€1.200") + card("Lapwing", beside)
    text = f'<html lang="{language}"><title>Prices</title>{cards}</html>'
    assert f"kestrel | price | {amount} EUR per unit" in rates_of(text, HTML)


@settings(max_examples=60, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_words_behind_a_price_say_when_it_holds(
    language: str, names: list[str], data: st.DataObject
) -> None:
    conditions = LANGUAGES[language].conditions
    cards, expected = [], set()
    for name in names:
        amounts = data.draw(st.lists(whole, min_size=2, max_size=2, unique=True))
        told = [f"{a} € {c}" for a, c in zip(amounts, conditions, strict=True)]
        cards.append(card(name, *told))
        expected |= {(slug(name), Decimal(amount), "unit") for amount in amounts}
    assert read(page(language, "".join(cards))) == expected


@pytest.mark.parametrize(
    "line",
    ["✓ €150 of calls included", "€150 if you ask", "€150 for each further one", "€150 discount",
     "€150 gift card that we send to every member of your family"],
)  # fmt: skip
def test_not_all_words_behind_money_are_conditions(line: str) -> None:
    cards = card("Kestrel", "€20") + card("Lapwing", "€30", line)
    assert not [each for each in rates_of(page("en", cards), HTML) if "150" in each]


@settings(max_examples=60, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_a_heading_says_per_what_in_brackets(
    language: str, names: list[str], data: st.DataObject
) -> None:
    per = LANGUAGES[language].per_hour
    amounts = [data.draw(whole) for _ in names]
    cards = (
        card(f"{name} ({per})", f"€{amount}") for name, amount in zip(names, amounts, strict=True)
    )
    found = {(amount, unit) for _, amount, unit in read(page(language, "".join(cards)))}
    assert found == {(Decimal(amount), "hour") for amount in amounts}


@settings(max_examples=60, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_what_comes_on_top_in_words_leaves_the_price(
    language: str, names: list[str], data: st.DataObject
) -> None:
    words = LANGUAGES[language]
    amounts = [data.draw(whole) for _ in names]
    cards = (
        card(name, f"{words.start.capitalize()} €{amount} + {words.parts}")
        for name, amount in zip(names, amounts, strict=True)
    )
    expected = {(slug(n), Decimal(a), "unit") for n, a in zip(names, amounts, strict=True)}
    assert read(page(language, "".join(cards))) == expected


@settings(max_examples=40, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_a_remark_below_a_name_is_no_part_of_its_last_word(
    language: str, names: list[str], data: st.DataObject
) -> None:
    remark = "a remark on what all of this is good for"
    amounts = [data.draw(whole) for _ in names]
    rows = (
        f"<div><span>{name}<small>{remark}</small></span><span>{amount} €</span></div>"
        for name, amount in zip(names, amounts, strict=True)
    )
    expected = {(slug(n), Decimal(a), "unit") for n, a in zip(names, amounts, strict=True)}
    assert read(page(language, f"<div>{''.join(rows)}</div>")) == expected


@settings(max_examples=40, deadline=None)
@given(language=languages, plans=names, data=st.data())
def test_the_last_row_of_a_comparison_prices_its_plans(
    language: str, plans: list[str], data: st.DataObject
) -> None:
    amounts = [data.draw(whole) for _ in plans]
    heads = "".join(f"<th>{plan}</th>" for plan in plans)
    words = "".join("<td>X</td>" for _ in plans)
    prices = "".join(f"<td>€{amount} / mo</td>" for amount in amounts)
    table = (
        f"<table><tr><th>Feature</th>{heads}</tr><tr><td>Uptime</td>{words}</tr>"
        f"<tr><td></td>{prices}</tr></table>"
    )
    expected = {(slug(p), Decimal(a), "month") for p, a in zip(plans, amounts, strict=True)}
    assert read(page(language, table)) == expected


@settings(max_examples=40, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_what_a_form_works_out_is_no_rate(
    language: str, names: list[str], data: st.DataObject
) -> None:
    amounts = [data.draw(whole) for _ in names]
    cards = "".join(card(n, f"€{a}") for n, a in zip(names, amounts, strict=True))
    total = f"<h2>{LANGUAGES[language].total}</h2><div><p>€{sum(amounts) + 1000}</p></div>"
    expected = {(slug(n), Decimal(a), "unit") for n, a in zip(names, amounts, strict=True)}
    assert read(page(language, cards + total)) == expected


def test_a_line_below_the_cards_names_no_further_product() -> None:
    cards = card("Kestrel", "€9.95 / month") + card("Lapwing", "€19.95 / month")
    body = f"{cards}<p>€9.95 per month.</p>"
    text = f"<html lang='en'><title>Godwit prices</title>{body}</html>"
    assert {product for product, *_ in read(text)} == {"kestrel", "lapwing"}


@settings(max_examples=60, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_the_number_of_a_year_is_no_product(
    language: str, names: list[str], data: st.DataObject
) -> None:
    stages = LANGUAGES[language].stages
    cards, expected = [], set()
    for name in names:
        amounts = data.draw(st.lists(whole, min_size=2, max_size=2, unique=True))
        told = "".join(
            f"<div><p>{stage}</p><p>€{amount}</p></div>"
            for stage, amount in zip(stages, amounts, strict=True)
        )
        cards.append(f"<div><h3>{name}</h3>{told}</div>")
        expected |= {(slug(name), Decimal(amount), "unit") for amount in amounts}
    assert read(page(language, "".join(cards))) == expected


@settings(max_examples=60, deadline=None)
@given(language=st.sampled_from(["en", "sv", "da"]), names=names, data=st.data())
def test_full_hundreds_behind_a_comma_are_thousands(
    language: str, names: list[str], data: st.DataObject
) -> None:
    amounts = [data.draw(st.integers(10, 99)) * 100 for _ in names]
    cards = "".join(
        card(name, f"{amount // 1000},{amount % 1000:03} Kr")
        for name, amount in zip(names, amounts, strict=True)
    )
    text = f'<html lang="{language}"><title>Prices</title>{cards}</html>'
    expected = {(slug(n), Decimal(a), "unit") for n, a in zip(names, amounts, strict=True)}
    assert read(text) == expected


@pytest.mark.parametrize("beside", ["0,125 kr", "3,50 kr", "1,255 kr"])
def test_a_comma_divides_where_the_page_says_so(beside: str) -> None:
    cards = card("Kestrel", "8,500 kr") + card("Lapwing", beside)
    text = f'<html lang="sv"><title>Prices</title>{cards}</html>'
    assert "kestrel | price | 8.500 SEK per unit" in rates_of(text, HTML)


STARTING = {"en": "Price from", "de": "Preis ab", "it": "Prezzo da", "es": "Precio desde",
            "fr": "Prix à partir de", "nl": "Prijs vanaf", "pl": "Cena od"}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_a_column_of_starting_prices_is_one_of_prices(
    language: str, names: list[str], data: st.DataObject
) -> None:
    amounts = [data.draw(whole) for _ in names]
    rows = "".join(
        f"<tr><td>{name}</td><td>{amount} € / m²</td></tr>"
        for name, amount in zip(names, amounts, strict=True)
    )
    head = f"<tr><th></th><th>{STARTING[language]}</th></tr>"
    found = rates_of(page(language, f"<table>{head}{rows}</table>"), HTML)
    expected = [f"{slug(n)} | price | {a} EUR per m2" for n, a in zip(names, amounts, strict=True)]
    assert found == sorted(expected)


SIZES = {"en": "Up to 12 kg", "de": "Bis 12 kg", "it": "Fino a 12 kg", "es": "Hasta 12 kg",
         "fr": "Jusqu'à 12 kg", "nl": "Tot 12 kg", "pl": "Do 12 kg"}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_sizes_with_asides_name_no_product(
    language: str, names: list[str], data: st.DataObject
) -> None:
    lists, expected = [], set()
    for name in names:
        low, high = sorted(data.draw(st.lists(whole, min_size=2, max_size=2, unique=True)))
        lists.append(
            f"<h3>{name}</h3><ul><li>{SIZES[language]}. (Terriers, G. Hounds) - {low} €</li>"
            f"<li>12 kg - 30 kg. - {high} €</li></ul>"
        )
        expected |= {(slug(name), Decimal(amount), "unit") for amount in (low, high)}
    assert read(page(language, "".join(lists))) == expected


@settings(max_examples=40, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_cards_are_found_by_money_in_any_currency(
    language: str, names: list[str], data: st.DataObject
) -> None:
    sign = data.draw(st.sampled_from(["FCFA", "kr", "lei", "Ft", "zł", "EUR", "CHF", "руб"]))
    gap = data.draw(st.sampled_from(["", " "]))
    amounts = [data.draw(whole) for _ in names]
    items = "".join(
        f"<li><div><div>{name}</div><div>What one gets there</div></div>"
        f"<div><div>{amount}{gap}{sign}</div></div></li>"
        for name, amount in zip(names, amounts, strict=True)
    )
    expected = {(slug(n), Decimal(a), "unit") for n, a in zip(names, amounts, strict=True)}
    assert read(page(language, f"<ul>{items}</ul>")) == expected


@settings(max_examples=40, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_what_comes_on_top_is_a_price_with_a_plus(
    language: str, names: list[str], data: st.DataObject
) -> None:
    amounts = [data.draw(whole) for _ in names]
    lines = "".join(
        f"<p>{name} (24h): +{amount} €</p>" for name, amount in zip(names, amounts, strict=True)
    )
    found = {(amount, unit) for _, amount, unit in read(page(language, lines))}
    assert found == {(Decimal(amount), "unit") for amount in amounts}


def test_the_first_of_two_sums_that_are_added_does_not_share_the_unit() -> None:
    text = page("en", card("Kestrel", "€60 + €30 per year") + card("Lapwing", "€20"))
    assert not [each for each in rates_of(text, HTML) if "60 EUR per year" in each]


ROUND = {"no": "NOK", "sv": "SEK", "da": "DKK"}


@settings(max_examples=40, deadline=None)
@given(language=st.sampled_from(sorted(ROUND)), names=names, data=st.data())
def test_a_round_sum_without_a_sign_is_in_the_currency_of_the_language(
    language: str, names: list[str], data: st.DataObject
) -> None:
    end = data.draw(st.sampled_from([",-", ":-", ",–"]))
    amounts = [data.draw(thousands) for _ in names]
    cards = "".join(
        card(name, f"{amount // 1000} {amount % 1000:03}{end}")
        for name, amount in zip(names, amounts, strict=True)
    )
    text = f'<html lang="{language}"><title>Priser</title>{cards}</html>'
    found = rates_of(text, HTML, url=f"https://heron.example/{language}/priser")
    code = ROUND[language]
    expected = [
        f"{slug(n)} | price | {a} {code} per unit" for n, a in zip(names, amounts, strict=True)
    ]
    assert found == sorted(expected)


def test_a_round_sum_in_no_known_currency_is_no_rate() -> None:
    cards = card("Kestrel", "1 250,-") + card("Lapwing", "1 300,-")
    assert not rates_of(f"<title>Prices</title>{cards}", HTML)


@settings(max_examples=40, deadline=None)
@given(language=languages, names=names, data=st.data())
def test_leaders_and_ticks_are_no_part_of_a_name(
    language: str, names: list[str], data: st.DataObject
) -> None:
    start = LANGUAGES[language].start
    amounts = [data.draw(whole) for _ in names]
    lines = "<br>".join(
        f"✔ {name} {'.' * data.draw(st.integers(3, 30))} {start} {amount} €"
        for name, amount in zip(names, amounts, strict=True)
    )
    expected = {(slug(n), Decimal(a), "unit") for n, a in zip(names, amounts, strict=True)}
    assert read(page(language, f"<p>{lines}</p>")) == expected


def test_what_stands_behind_a_body_closed_too_early_is_read() -> None:
    text = f"<html><head><title>Prices</title></head><body></body>{card('Kestrel', '€20')}"
    more = card("Lapwing", "€30")
    assert read(f"{text}{more}</html>") == {
        ("kestrel", Decimal(20), "unit"), ("lapwing", Decimal(30), "unit"),
    }  # fmt: skip


def test_a_free_first_row_is_no_head() -> None:
    rows = "<tr><td>First visit</td><td>FREE</td></tr><tr><td>Kestrel</td><td>€40</td></tr>"
    assert read(page("en", f"<table>{rows}</table>")) == {
        ("first-visit", Decimal(0), "unit"), ("kestrel", Decimal(40), "unit"),
    }  # fmt: skip


PEOPLE = {"en": ("for 1 person", "for 2 persons"), "de": ("für 1 Person", "für 2 Personen"),
          "es": ("para 1 persona", "para 2 personas"),
          "fr": ("pour 1 personne", "pour 2 personnes"),
          "nl": ("voor 1 persoon", "voor 2 personen")}  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(language=st.sampled_from(sorted(PEOPLE)), names=names, data=st.data())
def test_a_price_for_so_many_people_is_one_of_what_the_heading_names(
    language: str, names: list[str], data: st.DataObject
) -> None:
    lists, expected = [], set()
    for name in names:
        amounts = data.draw(st.lists(whole, min_size=2, max_size=2, unique=True))
        items = "".join(
            f"<li>{a}€ {whom}</li>" for a, whom in zip(amounts, PEOPLE[language], strict=True)
        )
        lists.append(f"<h3>{name}</h3><ul>{items}</ul>")
        expected |= {(slug(name), Decimal(amount), "unit") for amount in amounts}
    assert read(page(language, "".join(lists))) == expected


@pytest.mark.parametrize("label", ["23:00–07:00", "7.30 - 9.30", "Every 30 min", "Ogni 30 min"])
def test_a_time_within_a_card_names_no_product(label: str) -> None:
    pair = f"<div><span>{label}</span><span>€30</span></div>"
    body = f"<div><h3>Kestrel</h3><p>€20</p>{pair}</div><div><h3>Lapwing</h3><p>€10</p></div>"
    assert {product for product, *_ in read(page("en", body))} == {"kestrel", "lapwing"}


@pytest.mark.parametrize(
    ("price", "unit"),
    [("€25 per aanpassing (excl. BTW)", "aanpassing"), ("€25 per meeting", "meeting"),
     ("€25 per wash", "wash"), ("€25 per successful charge", "charge"),
     ("€5 par mois et par site", "site-month"), ("€0.75 mensual por estudiante", "student-month"),
     ("€9 per ogni stanza", "stanza"), ("€15 za sztukę", "unit"), ("€30 à l'heure", "hour")],
)  # fmt: skip
def test_what_a_price_is_for_in_any_words(price: str, unit: str) -> None:
    cards = card("Kestrel", price) + card("Lapwing", "€10")
    assert f"kestrel | price | {price.split()[0][1:]} EUR per {unit}" in rates_of(
        page("en", cards), HTML
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9-12€", "9–12"), ("3-6 €", "3–6"), ("555-123 €", ""), ("2024-05-12 €", "")],
)
def test_a_hyphen_makes_a_range_of_what_rises(text: str, expected: str) -> None:
    cards = card("Kestrel", text) + card("Lapwing", "€10") + card("Plover", "€11")
    found = [each for each in rates_of(page("en", cards), HTML) if each.startswith("kestrel")]
    assert found == ([f"kestrel | price | {expected} EUR per unit"] if expected else [])
