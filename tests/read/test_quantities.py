"""Amounts, units, cells and numbers, in the notations and languages that pages use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.model import Unit
from ratewire.read.quantities import (
    find_amounts,
    find_currency,
    find_unit,
    parse_number,
    read_cell,
)


def shown(text: str, currency: str = "") -> list[str]:
    """Each amount found as one line: `[struck] [qualifier] value[–upper] currency [per unit]`."""
    lines = []
    for amount in find_amounts(text, currency=currency):
        upper = f"–{amount.upper}" if amount.upper is not None else ""
        unit = f" per {amount.unit}" if amount.unit else ""
        words = [
            "struck" if amount.struck else "",
            amount.qualifier,
            f"{amount.value}{upper}",
            amount.currency,
        ]
        lines.append(" ".join(filter(None, words)) + unit)
    return lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # notations
        ("$5", "5 USD"),
        ("$ 5", "5 USD"),
        ("$5.00", "5.00 USD"),
        ("$1,234.56", "1234.56 USD"),
        ("$1,234,567", "1234567 USD"),
        ("$1,234", "1234 USD"),
        ("$0.000002", "0.000002 USD"),
        ("$.05", "0.05 USD"),
        ("$0,002", "0.002 USD"),
        ("$1 234,56", "1234.56 USD"),
        ("1.234,56 €", "1234.56 EUR"),
        ("1.234 €", "1234 EUR"),
        ("0,35 €", "0.35 EUR"),
        ("1 234,56 €", "1234.56 EUR"),
        ("1 234 567 €", "1234567 EUR"),
        ("€1,234.56", "1234.56 EUR"),
        ("€ 5", "5 EUR"),
        ("1'234.50 CHF", "1234.50 CHF"),
        ("CHF 1’234.50", "1234.50 CHF"),
        ("₹1,00,000", "100000 INR"),
        ("$1.5M", "1500000.0 USD"),
        ("$2 million", "2000000 USD"),
        ("$10K", "10000 USD"),
        ("$3bn", "3000000000 USD"),
        ("10万円", "100000 JPY"),
        ("1.2万元", "12000.0 CNY"),
        # currencies
        ("US$5", "5 USD"),
        ("US $5", "5 USD"),
        ("USD 5", "5 USD"),
        ("5 USD", "5 USD"),
        ("$5 USD", "5 USD"),
        ("5 dollars", "5 USD"),
        ("5 US dollars", "5 USD"),
        ("5 $", "5 USD"),
        ("A$5", "5 AUD"),
        ("C$5", "5 CAD"),
        ("$5 CAD", "5 CAD"),
        ("HK$5", "5 HKD"),
        ("NT$5", "5 TWD"),
        ("£5.50", "5.50 GBP"),
        ("R$ 1.234,56", "1234.56 BRL"),
        ("1.234 kr", "1234 SEK"),
        ("12,50 zł", "12.50 PLN"),
        ("₩12,000", "12000 KRW"),
        ("¥1,200", "1200 JPY"),
        ("1,200円", "1200 JPY"),
        ("¥12 元", "12 CNY"),
        ("12元", "12 CNY"),
        ("RMB 12", "12 CNY"),
        ("¥12/个", "12 CNY per unit"),
        ("5ドル", "5 USD"),
        ("5 Euro", "5 EUR"),
        ("5 美元", "5 USD"),
        ("2¢", "0.02 USD"),
        ("0.5 cents", "0.005 USD"),
        ("25 ct", "0.25 EUR"),
        # widths and escapes
        ("￥１２", "12 JPY"),
        ("＄５．００", "5.00 USD"),
        (r"\$5", "5 USD"),
        (r"\$1,250.00", "1250.00 USD"),
        # qualifiers
        ("from $5", "from 5 USD"),
        ("From: $5", "from 5 USD"),
        ("Starting at $20", "from 20 USD"),
        ("as low as $0.10", "from 0.10 USD"),
        ("ab 5 €", "from 5 EUR"),
        ("desde 5 €", "from 5 EUR"),
        ("5ドルから", "from 5 USD"),
        ("5元起", "from 5 CNY"),
        ("$5+", "from 5 USD"),
        ("$5 + tax", "5 USD"),
        ("up to $5", "up to 5 USD"),
        ("less than $3", "up to 3 USD"),
        ("bis zu 5 €", "up to 5 EUR"),
        ("hasta 5 €", "up to 5 EUR"),
        ("< $3", "up to 3 USD"),
        ("~$5", "about 5 USD"),
        ("approximately $5", "about 5 USD"),
        ("ca. 5 €", "about 5 EUR"),
        ("约5元", "about 5 CNY"),
        # ranges
        ("$2–$4", "2–4 USD"),
        ("$2 - $4", "2–4 USD"),
        ("$2–4", "2–4 USD"),
        ("$2-4/mo", "2–4 USD per month"),
        ("$82 to $164", "82–164 USD"),
        ("2–4 €", "2–4 EUR"),
        ("2 € bis 4 €", "2–4 EUR"),
        ("between $2 and $4", "2–4 USD"),
        ("entre 2 € y 4 €", "2–4 EUR"),
        ("5元～10元", "5–10 CNY"),
        # units after
        ("$5 / 1M tokens", "5 USD per 1M tokens"),
        ("$5/1M tokens", "5 USD per 1M tokens"),
        ("$5 per 1M tokens", "5 USD per 1M tokens"),
        ("$5 per 1 million tokens", "5 USD per 1M tokens"),
        ("$5 per million input tokens", "5 USD per 1M tokens"),
        ("$5 per 1,000,000 tokens", "5 USD per 1M tokens"),
        ("$5 / M tokens", "5 USD per 1M tokens"),
        ("$5 / MTok", "5 USD per 1M tokens"),
        (r"\$5 / input MTok", "5 USD per 1M tokens"),
        ("$5 (per 1M tokens)", "5 USD per 1M tokens"),
        ("$5.00* / 1M tokens", "5.00 USD per 1M tokens"),
        ("$5.00¹ / 1M tokens", "5.00 USD per 1M tokens"),
        ("$5.00[1] / 1M tokens", "5.00 USD per 1M tokens"),
        ("$0.005/1K tokens", "0.005 USD per 1K tokens"),
        ("$8 per 1M image output tokens", "8 USD per 1M tokens"),
        ("$0.04 per image", "0.04 USD per image"),
        ("$0.04 / img", "0.04 USD per image"),
        ("$0.40 per video second", "0.40 USD per second"),
        ("$0.40 per video", "0.40 USD per video"),
        ("$0.006 / minute", "0.006 USD per minute"),
        ("$0.00012 per second to run", "0.00012 USD per second"),
        ("$20/mo", "20 USD per month"),
        ("$20 monthly", "20 USD per month"),
        ("$5 a month", "5 USD per month"),
        ("$2/h", "2 USD per hour"),
        ("$2/hr per GPU", "2 USD per gpu-hour"),
        ("$2 per GPU-hour", "2 USD per gpu-hour"),
        ("$2 per GPU hour", "2 USD per gpu-hour"),
        ("$0.15 per GB-month", "0.15 USD per GB-month"),
        ("$0.15 per GB month", "0.15 USD per GB-month"),
        ("$0.15/GB per month", "0.15 USD per GB-month"),
        ("$0.15 per GB of provisioned capacity per month", "0.15 USD per GB-month"),
        ("$0.25 per GB total storage.", "0.25 USD per GB"),
        ("$8 per user per month", "8 USD per user-month"),
        ("$8/user/month", "8 USD per user-month"),
        ("$12 per seat per month", "12 USD per seat-month"),
        ("$0.05 per hour, per container", "0.05 USD per container-hour"),
        ("$0.03 / 20 minutes / container", "0.03 USD per 20 container-minutes"),
        ("$200/month per database", "200 USD per database-month"),
        ("$0.08 per session-hour", "0.08 USD per session-hour"),
        ("$0.01 per CCU", "0.01 USD per ccu"),
        ("$25.00 / 1k calls", "25.00 USD per 1K calls"),
        ("$0.2 per 100K requests", "0.2 USD per 100K requests"),
        ("$0.50 each", "0.50 USD"),
        ("$0.10, subject to change", "0.10 USD"),
        ("5 € pro Monat", "5 EUR per month"),
        ("5 € je Stunde", "5 EUR per hour"),
        ("5 € pro 1 Mio. Token", "5 EUR per 1M tokens"),
        ("5 € pro Nutzer und Monat", "5 EUR per user-month"),
        ("5 € por millón de tokens", "5 EUR per 1M tokens"),
        ("5 € al mes", "5 EUR per month"),
        ("5 € por usuario al mes", "5 EUR per user-month"),
        ("5元/百万tokens", "5 CNY per 1M tokens"),
        ("5 元 / 千tokens", "5 CNY per 1K tokens"),
        ("0.2元/张", "0.2 CNY per image"),
        ("¥5 / 百万输入tokens", "5 CNY per 1M tokens"),
        ("5元/月", "5 CNY per month"),
        ("1,000円/月", "1000 JPY per month"),
        ("$0.4 /M tokens", "0.4 USD per 1M tokens"),
        ("$3.00 / thousand output images", "3.00 USD per 1K images"),
        ("$0.30/K input imgs", "0.30 USD per 1K images"),
        ("$25 per 1,000 sources", "25 USD per 1K sources"),
        ("$40/1M sources", "40 USD per 1M sources"),
        ("$0.30/kWh", "0.30 USD per kWh"),
        ("$5 / Basic", "5 USD"),
        ("30¢ per successful charge", "0.3 USD per charge"),
        ("Free, then $0.50/million", "0.50 USD per 1M units"),
        ("$5 / 1M input", "5 USD per 1M units"),
        ("$5/1M in", "5 USD per 1M units"),
        ("$5 per million input/output tokens", "5 USD per 1M tokens"),
        ("$5 per image/month", "5 USD per image-month"),
        ("$4 USD per user/month", "4 USD per user-month"),
        ("$20/ユーザー/月", "20 USD per user-month"),
        ("99元/月起", "from 99 CNY per month"),
        ("$5+/mo", "from 5 USD per month"),
        ("1.5元/万字符", "1.5 CNY per 10K characters"),
        ("$0.05 per 1K Class A operations", "0.05 USD per 1K operations"),
        ("$0.10 per 1M tokens of context cached per hour", "0.10 USD per 1M token-hours"),
        ("CHF 20.– pro Monat", "20 CHF per month"),
        ("€20,-/Monat", "20 EUR per month"),
        ("CAD $20/mo", "20 CAD per month"),
        ("MXN $1,499", "1499 MXN"),
        ("1.499 COP", "1499 COP"),
        ("COP $1.499", "1499 COP"),
        ("$0.10/hr – $0.20/hr", "0.10–0.20 USD per hour"),
        ("$0.01 - 0.05", "0.01–0.05 USD"),
        # units before
        ("月額 1,980円（税込）", "1980 JPY per month"),
        ("Monthly: $20", "20 USD per month"),
        ("monatlich 5 €", "5 EUR per month"),
        ("每千次调用 5 元", "5 CNY per 1K calls"),
        ("je 1.000 Zeichen 0,02 €", "0.02 EUR per 1K characters"),
        ("1.000 Anfragen: 5 €", "5 EUR per 1K requests"),
        ("per 1M tokens: $5", "5 USD per 1M tokens"),
        ("Per image: $0.04", "0.04 USD per image"),
        ("100K requests cost $0.20", "0.20 USD per 100K requests"),
        ("1M tokens = $5", "5 USD per 1M tokens"),
        ("100万トークンあたり5ドル", "5 USD per 1M tokens"),
        ("画像1枚あたり0.04ドル", "0.04 USD per image"),
        ("1時間あたり $0.50", "0.50 USD per hour"),
        ("每百万tokens 5元", "5 CNY per 1M tokens"),
        ("每月5元", "5 CNY per month"),
        ("It is free. Then $5", "5 USD"),
    ],
)
def test_one_amount(text: str, expected: str) -> None:
    assert shown(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$18 → $15 per MTok", ["struck 18 USD per 1M tokens", "15 USD per 1M tokens"]),
        ("$18 -> $15", ["struck 18 USD", "15 USD"]),
        ("was $18, now $15", ["struck 18 USD", "15 USD"]),
        ("$15 (was $18)", ["15 USD", "struck 18 USD"]),
        ("statt 18 € nur 15 €", ["struck 18 EUR", "15 EUR"]),
        ("increased from $15 to $18", ["struck 15 USD", "18 USD"]),
        ("reduced from $18 to $15", ["struck 18 USD", "15 USD"]),
        ("$3/$15 per MTok", ["3 USD per 1M tokens", "15 USD per 1M tokens"]),
        (
            "$10 / 1M input tokens + $30 / 1M output tokens",
            ["10 USD per 1M tokens", "30 USD per 1M tokens"],
        ),
        ("Tier 1 $5 Tier 2 $10", ["5 USD", "10 USD"]),
        ("5 € 10 €", ["5 EUR", "10 EUR"]),
        ("$5 – 1M tokens", ["5 USD"]),
        ("$5-10 GB", ["5 USD"]),
        ("€5 or $6", ["5 EUR", "6 USD"]),
        ("5 €/Monat, 50 €/Jahr", ["5 EUR per month", "50 EUR per year"]),
        ("$2.50 - $1.25", ["2.50 USD", "1.25 USD"]),
        ("$0.05 (20M / $1)", ["0.05 USD"]),
        ("2.9% per $100", []),
        ("Input / $5", ["5 USD"]),
    ],
)
def test_several_amounts(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no amount",
        "50%",
        "$5%",
        "5 %",
        "gpt-4-0125",
        "version 3.5",
        "2026-03-31",
        "$PATH",
        "${x}",
        "foo$1",
        "$1abc",
        "$3kn",
        "TRY 3 MONTHS",
        "5块GPU",
        "-$5",
        "(-$5)",
        "1.5.2 USD",
        "x-4 USD",
        "12345",
        "euro",
        "trying 5 things",
    ],
)
def test_no_amount(text: str) -> None:
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("5.00", "USD", ["5.00 USD"]),
        (" 1,250 ", "USD", ["1250 USD"]),
        ("gpt-4", "USD", []),
        ("5 images", "USD", []),
        ("$5", "AUD", ["5 AUD"]),
        ("¥5", "CNY", ["5 CNY"]),
        ("US$5", "EUR", ["5 USD"]),
        ("€5", "USD", ["5 EUR"]),
        ("5 kr", "NOK", ["5 NOK"]),
    ],
)
def test_currency_of_the_page(text: str, currency: str, expected: list[str]) -> None:
    assert shown(text, currency) == expected


def test_spans_are_of_the_text_as_given() -> None:
    text = r"Now １ ￥１２ or \$5.00 / input MTok (old)"
    yen, dollars = find_amounts(text)
    assert (text[yen.start : yen.end], yen.text, yen.unit_end) == ("￥１２", "￥１２", -1)
    assert (text[dollars.start : dollars.end], dollars.text) == (r"\$5.00", "$5.00")
    assert text[dollars.end : dollars.unit_end] == " / input MTok"


def test_the_words_of_the_unit_are_kept() -> None:
    (amount,) = find_amounts("$5 per million cached input tokens")
    assert amount.unit_text == "per million cached input tokens"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Prices per 1M tokens.", "1M tokens"),
        ("(USD / MTok)", "1M tokens"),
        ("Price per 1M tokens ($)", "1M tokens"),
        ("Price (1M tokens)", "1M tokens"),
        ("1M tokens", "1M tokens"),
        ("$ / hour", "hour"),
        ("per image", "image"),
        ("$/1K requests", "1K requests"),
        ("元/百万tokens", "1M tokens"),
        ("输入价格（元/千tokens）", "1K tokens"),
        ("pro Monat", "month"),
        ("Preis je 1 Mio. Token", "1M tokens"),
        ("por millón de tokens", "1M tokens"),
        ("100万トークンあたり", "1M tokens"),
        ("1Mトークンあたりの価格", "1M tokens"),
        ("月額料金", "month"),
        ("Value $ per month", "month"),
        ("Hourly price", "hour"),
        ("Monthly Price", "month"),
        ("Monthly", "month"),
        ("Annual", "year"),
        ("Price (monthly)", "month"),
        ("Monthly rate with a 3-month minimum", "month"),
        ("Price per seat per month", "seat-month"),
        ("per CCU", "ccu"),
        ("1M INPUT TOKENS (CACHE HIT)", "1M tokens"),
        ("Per-hour price", "hour"),
        ("Preis (pro 1.000 Zeichen)", "1K characters"),
        ("Preis pro Nutzer/Monat", "user-month"),
        ("Prix par mois", "month"),
        ("Cost per 20 minutes", "20 minutes"),
        ("All prices are in USD per 1 million tokens unless stated otherwise.", "1M tokens"),
    ],
)
def test_unit_of_a_heading(text: str, unit: str) -> None:
    found = find_unit(text)
    assert found is not None
    assert str(found[0]) == unit
    assert found[1] in text


@pytest.mark.parametrize(
    "text",
    [
        "Input price",
        "Input/Output",
        "Monthly active users",
        "Context window",
        "as per our terms",
        "",
        "Supports a context of 1M tokens",
        "5-minute cache write price",
        "Tokens used for grading are billed at that model's per-token rate",
        "per-token rate",
        "Every monthly report is sent to the owner of the plan, at no cost and without any delay.",
    ],
)
def test_no_unit_in_a_heading(text: str) -> None:
    assert find_unit(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("$5", "amounts"),
        ("$0", "amounts"),
        ("Free, then $5", "amounts"),
        ("Free", "free"),
        ("**Free**", "free"),
        ("Free*", "free"),
        ("Free of charge", "free"),
        ("kostenlos", "free"),
        ("無料", "free"),
        ("免费", "free"),
        ("Gratis", "free"),
        ("–", "none"),
        ("—", "none"),
        ("-", "none"),
        ("N/A", "none"),
        ("n/a", "none"),
        ("", "none"),
        ("  ", "none"),
        ("✗", "none"),
        ("Not available", "none"),
        ("Included", "included"),
        ("✓", "included"),
        ("inklusive", "included"),
        ("Contact us", "contact"),
        ("Contact sales", "contact"),
        ("Auf Anfrage", "contact"),
        ("联系我们", "contact"),
        ("Unlimited", "unlimited"),
        ("∞", "unlimited"),
        ("Custom", "custom"),
        ("5", "number"),
        ("1,000", "number"),
        ("12.5%", "text"),
        ("Free tier", "text"),
        ("2026-01-01", "text"),
        ("gpt-4", "text"),
    ],
)
def test_cell(text: str, kind: str) -> None:
    assert read_cell(text).kind == kind


def test_a_bare_number_is_an_amount_where_the_page_has_a_currency() -> None:
    cell = read_cell("2.50", currency="USD")
    assert cell.kind == "amounts"
    assert [(a.value, a.currency) for a in cell.amounts] == [(Decimal("2.50"), "USD")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("All prices are in USD.", "USD"),
        ("(USD)", "USD"),
        ("Cost ($)", "USD"),
        ("All prices ($) are in AUD", "AUD"),
        ("单位：元", "CNY"),
        ("単位：円", "JPY"),
        ("¥", "JPY"),
        ("¥ 每百万", "CNY"),
        ("RMB", "CNY"),
        ("Preise in Euro", "EUR"),
        ("美元", "USD"),
        ("no money here", ""),
        ("trust", ""),
    ],
)
def test_currency_named(text: str, code: str) -> None:
    assert find_currency(text) == code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("0.000002", "0.000002"),
        ("1,234", "1234"),
        ("1.234", "1.234"),
        ("1.234.567", "1234567"),
        ("0,5", "0.5"),
        ("１２", "12"),
        ("2026-01-01", None),
        ("1.2.3", None),
        ("1,2,3", None),
        ("5 GB", None),
        ("5%", None),
        ("", None),
        (".", None),
    ],
)
def test_parse_number(text: str, value: str | None) -> None:
    assert parse_number(text) == (None if value is None else Decimal(value))


# ── Whatever is printed reads back ───────────────────────────────────────────────────────────


def grouped(digits: str, mark: str) -> str:
    head = len(digits) % 3 or 3
    return mark.join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])


def printed(value: Decimal, group: str, point: str) -> str:
    whole, _, fraction = f"{value:f}".partition(".")
    return grouped(whole, group) + (point + fraction if fraction else "")


amounts = st.decimals(
    min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=None
).filter(lambda value: -value.as_tuple().exponent <= 9)
cents = st.integers(0, 10**9).map(lambda n: Decimal(n).scaleb(-2))
before = ["${}", "${} USD", "US${}", "USD {}", r"\${}", "£{}", "€{}", "¥{}", "A${}", "₹{}"]
behind = ["{} USD", "{} dollars", "{}元", "{}円", "{} CHF"]
comma = ["{} €", "{}\u00a0€", "{} EUR", "R$ {}", "{} zł", "{} kr"]


@given(amounts, st.sampled_from(before + behind))
def test_any_amount_in_english_notation_reads_back(value: Decimal, form: str) -> None:
    (amount,) = find_amounts(form.format(printed(value, ",", ".")))
    assert amount.value == value


@given(cents, st.sampled_from(comma), st.sampled_from([".", "\u00a0", "\u202f", "'"]))
def test_any_amount_in_comma_notation_reads_back(value: Decimal, form: str, group: str) -> None:
    (amount,) = find_amounts(form.format(printed(value, group, ",")))
    assert amount.value == value


things = st.sampled_from(["token", "image", "request", "second", "hour", "GB", "seat", "page"])
counts = st.sampled_from([("", 1), ("1K ", 10**3), ("1M ", 10**6), ("1,000 ", 10**3), ("20 ", 20)])
leads = st.sampled_from([" / ", "/", " per ", ", per ", " (per ", " for every ", " pro "])


@given(cents, st.sampled_from(before), leads, counts, things, st.booleans())
def test_any_unit_reads_back(
    value: Decimal, form: str, lead: str, count: tuple[str, int], thing: str, monthly: bool
) -> None:
    several = "s" if count[1] > 1 else ""
    words = f"{lead}{count[0]}{thing}{several}{' per month' if monthly else ''}"
    (amount,) = find_amounts(form.format(printed(value, ",", ".")) + words)
    assert amount.value == value
    assert amount.unit == Unit.of(thing, *(["month"] if monthly else []), count=count[1])


@given(st.text(max_size=60))
def test_any_text_at_all_is_read_without_error_and_within_its_bounds(text: str) -> None:
    for amount in find_amounts(text, currency="USD"):
        assert 0 <= amount.start < amount.end <= len(text)
        assert amount.value >= 0
    read_cell(text)
    find_unit(text)
    find_currency(text)


@given(st.text(alphabet="$€¥元1234567890.,/ -–perMtokens\\万百 月", max_size=40))
def test_any_soup_of_signs_is_read_without_error(text: str) -> None:
    ends = [amount.end for amount in find_amounts(text, currency="USD")]
    assert ends == sorted(ends)
    find_unit(text)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Cut 25€ 30 min", ["25 EUR"]),
        ("Perus siivous 80€ 2h", ["80 EUR"]),
        ("45€ 30 min, 60€ 45 min", ["45 EUR", "60 EUR"]),
        ("80kr 2 timer", ["80 SEK"]),
        ("3 for €5", ["5 EUR"]),
        ("10 € 20 €", ["10 EUR", "20 EUR"]),
        ("Crew €10 Grand €20", ["10 EUR", "20 EUR"]),
    ],
)
def test_a_sign_that_leans_on_a_number_is_its_own(text: str, amounts: list[str]) -> None:
    assert [f"{each.value} {each.currency}" for each in find_amounts(text)] == amounts
