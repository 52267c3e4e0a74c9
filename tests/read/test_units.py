"""What prices are for, in many notations and languages; and what is no unit at all."""

from __future__ import annotations

import pytest
from reading_of import rates_of

from ratewire.model import Unit
from ratewire.read.quantities import find_amounts, find_unit
from ratewire.read.unit_texts import billed_unit


def unit_of(text: str) -> str:
    """The unit of the one amount in a text; empty: none."""
    (amount,) = find_amounts(text)
    return str(amount.unit or "")


@pytest.mark.parametrize(
    "text",
    [
        # a number of something that nothing leads
        "160.1 Fees, charges and deposits (2005)",
        "Additional fee for renewing up to 90 days past expiration",
        "2 vCPU (standard-2)",
        "Price for 8 vCPUs",
        "Price (30 days)",
        "Monthly minutes",
        "Price (billed annually)",
        "2.5 requests price",
        "注意：【请求费用】从2021年10月1号开始计费。",
        # a slash within a name
        "Read/Write requests",
        "Input/Output price",
        "Requests/month",
        "Messages / day",
    ],
)
def test_a_heading_without_a_lead_states_no_unit(text: str) -> None:
    assert find_unit(text) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Read/Write Request Cost (USD/10k requests)", "10K requests"),
        ("Bandwidth (USD/Mbps/Day)", "Mbps-day"),
        ("Storage/GB", "GB"),
        ("Price / month", "month"),
        ("Input / 1M tokens", "1M tokens"),
        ("Input/MTok", "1M tokens"),
        ("$/GB-month", "GB-month"),
        ("€/MWh", "MWh"),
        ("AUD/hour", "hour"),
        ("Pay-as-you-go Tier 1 (0-4 Days) (USD/hr)", "hour"),
        ("单价 元/首", "song"),
        ("Annual price per device", "device-year"),
        ("Monatspreis pro Nutzer", "user-month"),
        ("Price per user per month (billed annually)", "user-month"),
        ("1,000 messages price", "1K messages"),
        ("Per 30 dagar", "30 days"),
        ("Per GB i 30 dagar", "30 GB-days"),
        ("Fast månadspris", "month"),
        ("Pr. måned", "month"),
        ("Prijs per gebruiker per maand", "user-month"),
        ("Prezzo per utente al mese", "user-month"),
        ("Preço por usuário", "user"),
        ("Prix par an", "year"),
        ("1,000건당 요금", "1K items"),
    ],
)
def test_a_heading_states_its_unit(text: str, unit: str) -> None:
    found = find_unit(text)
    assert found is not None
    assert str(found[0]) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        # what stands between amount and unit
        ("£0.76 plus VAT per letter", "letter"),
        ("2.4 pence (plus VAT) for each text message you send", "message"),
        ("20 € zzgl. MwSt. pro Monat", "month"),
        ("20 € zzgl. 19 % MwSt. pro Monat", "month"),
        ("20 € HT par mois", "month"),
        ("20 € + IVA al mese", "month"),
        ("€20 excl. btw per maand", "month"),
        ("99 kr exkl. moms per månad", "month"),
        ("5元（不含税）/月", "month"),
        ("1,000円（税込）/月", "month"),
        ("$5 plus tax. Per month you get ten.", ""),
        ("$5 plus shipping per month", ""),
        # nouns
        ("$0.00079 / frame", "frame"),
        ("$0.002 / tile", "tile"),
        ("$0.06 / song", "song"),
        ("$5 / Basic", ""),
        ("$5 / input", ""),
        ("$5 / monthly plan", ""),
        # sizes
        ("$0.24 per 4K image", "image"),
        ("$0.134 per 1K/2K image", "image"),
        ("$0.04 per 1024x1024 image", "image"),
        ("$0.10 per 1080p video", "video"),
        ("$0.10 per 720p second", "second"),
        ("$5 per 1K images", "1K images"),
        ("$5 / 1K image", "1K images"),
        ("$5 per 4K tokens", "4K tokens"),
        # how it is paid is not what it is for
        ("$10 per user per month billed yearly", "user-month"),
        ("$10 / user / month, billed annually", "user-month"),
        ("$120 billed annually", ""),
        # languages
        ("12,50 zł / mies.", "month"),
        ("12,50 zł za użytkownika miesięcznie", "user-month"),
        ("99 kr/mån", "month"),
        ("199 kr. pr. måned", "month"),
        ("50 kr i timmen", "hour"),
        ("€ 12 per gebruiker per maand", "user-month"),
        ("R$ 29,90 por usuário por mês", "user-month"),
        ("R$ 29,90 ao mês", "month"),
        ("12 € al mese", "month"),
        ("12 € par utilisateur et par mois", "user-month"),
        ("500 ₽ за пользователя в месяц", "user-month"),
        ("9,900원/월", "month"),
        ("1,000건당 500원", "1K items"),
        ("사용자당 9,900원", "user"),
        ("사용자당 월 9,900원", "user-month"),
        ("월 9,900원", "month"),
        ("3월 9,900원", ""),
        ("ユーザーあたり月額500円", "user-month"),
        ("¥0.02/千次", "1K calls"),
        ("0.00011108元/GBs", "GB-second"),
        ("0.5元/万次/天", "10K call-days"),
        ("5 750 kr/mån (exkl. moms)", "month"),
        ("od 2 990 zł/miesiąc", "month"),
        ("30€ per persoon", "person"),
    ],
)
def test_the_unit_of_an_amount(text: str, unit: str) -> None:
    assert unit_of(text) == unit


def test_a_count_of_thousands_of_digits_is_none() -> None:
    assert unit_of(f"$5 per {'9' * 5000} tokens") == ""


def test_bytes_convert_up_to_the_largest() -> None:
    assert Unit.of("PB").factor_to(Unit.of("TB")) == (10**12, 10**15)
    assert Unit.of("PiB").normal == (2**50, ("B",))
    assert Unit.of("quarter").normal == Unit.of("month", count=3).normal
    assert Unit.of("millisecond", count=1000).normal == Unit.of("second").normal
    assert Unit.of("MWh").normal == Unit.of("kWh", count=1000).normal


@pytest.mark.parametrize(
    ("text", "unit"),
    [("1 ride", "ride"), ("Single ride fare", "ride"), ("Monthly pass", "month")],
)
def test_a_heading_that_is_one_thing_is_for_that_thing(text: str, unit: str) -> None:
    found = find_unit(text)
    assert found is not None
    assert str(found[0]) == unit


@pytest.mark.parametrize("text", ["1 vCPU", "1 year", "1 request and two more words", "Monthly"])
def test_but_no_size_no_period_and_no_sentence(text: str) -> None:
    found = find_unit(text)
    assert found is None or text == "Monthly"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("$495 for each place of business", "business-of-place"),
        ("$3 per pair of shoes", "of-pair-shoes"),
        ("$3 per copy of the report", "copy"),
        ("$3 per GB of traffic", "GB"),
    ],
)
def test_a_thing_of_something(text: str, unit: str) -> None:
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("SMS messages are billed monthly.", Unit.of("message")),
        ("Requests are only charged when they succeed.", Unit.of("request")),
        ("Nachrichten werden monatlich abgerechnet.", Unit.of("message")),
        ("Invoices are billed monthly.", None),
        ("Seats are billed monthly.", None),
        ("Messages are sent at once.", None),
    ],
)
def test_the_thing_of_which_a_sentence_says_that_it_is_billed(text: str, unit: Unit | None) -> None:
    assert billed_unit(text) == unit


def test_a_unit_price_is_for_one_of_what_is_billed() -> None:
    page = """# Fees

Messages are postpaid monthly. The prices in the table are in USD.

| Country | Unit price (USD) |
|---|---|
| Chad | 0.037 |

| Number | Price (USD) |
|---|---|
| Mobile | 5 |
"""
    assert rates_of(page) == [
        "chad | price | 0.037 USD per message",
        "mobile | price | 5 USD per unit",
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Licence price per user: $75/mo., billed annually", "user-month"),
        ("The price for each GB of storage is $0.07 per month.", "GB-month"),
        ("The price for each GB of traffic is $0.35.", "GB"),
        ("Pro Nutzer kostet es 5 € im Monat.", "month"),
        ("100 GB: $5 per month", "month"),
        ("Per user: $5 per seat", "seat"),
    ],
)
def test_a_thing_before_an_amount_and_a_period_after_it(text: str, unit: str) -> None:
    assert unit_of(text) == unit


@pytest.mark.parametrize("head", ["Charged per", "Fakturering pr", "Abrechnung pro", "Billed per:"])
def test_a_heading_that_ends_with_per_heads_the_units(head: str) -> None:
    page = f"# Prices\n\n| Product | {head} | Price |\n|---|---|---|\n| Licence | vCPU | $5 |\n"
    assert rates_of(page) == ["licence | price | 5 USD per vcpu"]


def test_an_abbreviation_before_a_word_on_tax_ends_no_sentence() -> None:
    page = "# Hosting\n\nKlein kostet 10 € zzgl. MwSt. pro Monat. Groß kostet 20 € pro Monat.\n"
    assert rates_of(page) == [
        "gross | price | 20 EUR per month",
        "klein | price | 10 EUR per month",
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("£18.25/mo per computer", Unit.of("computer", "month")),
        ("$4 per month per till", Unit.of("till", "month")),
        ("$579 per client yearly", Unit.of("client", "year")),
        ("$10 per site annually", Unit.of("site", "year")),
        ("$8 per month annually", Unit.of("month")),
        ("$0.80 / użytk. / mies.", Unit.of("user", "month")),
    ],
)
def test_a_period_and_a_thing_make_one_unit_in_any_order(text: str, unit: Unit) -> None:
    assert find_amounts(text)[0].unit == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0.05元/每千次", "1K calls"),
        ("0.00189 元/每万个标签", "10K labels"),
        ("0.05元／每千个文件", "1K files"),
        ("$5 / per GB", "GB"),
        ("$0.80 per additional 1,000 messages", "1K messages"),
        ("$2 for every additional million requests", "1M requests"),
        ("2 € je weitere 1.000 Anfragen", "1K requests"),
        ("2 € pro zusätzliche 1.000 SMS", "1K messages"),
        ("R$ 2 a cada 1.000 mensagens adicionais", "1K messages"),
        ("$5 per additional user", "user"),
        ("US$24 / 席 / 月", "seat-month"),
    ],
)
def test_words_between_a_lead_and_its_count_change_nothing(text: str, unit: str) -> None:
    assert unit_of(text) == unit
