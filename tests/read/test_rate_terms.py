"""Terms of the rates of whole pages: brackets, included quantities, billing, sales, hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import reading

from ratewire.compare.differences import differences
from ratewire.model import Billing, Bracket, Hours, Quantity, Rate, Sale, Unit, Weekday
from ratewire.read.terms.billing import billing_of, period_of
from ratewire.read.terms.hours import hours_of, peak_hours
from ratewire.read.terms.included import included_in
from ratewire.read.terms.sales import off_in

MONTH = Unit.parse("user-month")


def rates(text: str, media_type: str = "text/markdown") -> tuple[Rate, ...]:
    return reading(text, media_type).facts.rates


def by_amount(text: str, media_type: str = "text/markdown") -> dict[str, Rate]:
    return {f"{rate.amount:f}": rate for rate in rates(text, media_type)}


# ── brackets ─────────────────────────────────────────────────────────────────────────────────


def test_rows_of_brackets_follow_one_another() -> None:
    found = by_amount(
        """# Storage pricing

| Monthly storage | Price per GB-month |
| --- | --- |
| First 50 TB | $0.023 |
| Next 450 TB | $0.022 |
| Over 500 TB | $0.021 |
"""
    )
    assert [found[amount].terms.bracket for amount in ("0.023", "0.022", "0.021")] == [
        Bracket(Decimal(0), Decimal(50), "TB", True),
        Bracket(Decimal(50), Decimal(500), "TB", True),
        Bracket(Decimal(500), None, "TB"),
    ]


def test_brackets_along_the_top() -> None:
    found = by_amount(
        """# Transcription

| Model | 0–8,333 hrs/mo | 8,334–16,666 hrs/mo |
| --- | --- | --- |
| Echo | $0.20/hr | $0.18/hr |
"""
    )
    assert found["0.20"].terms.bracket == Bracket(Decimal(0), Decimal(8333), "hour")
    assert found["0.18"].terms.bracket == Bracket(Decimal(8334), Decimal(16666), "hour")


def test_brackets_of_money_name_their_currency_or_their_column() -> None:
    found = by_amount(
        """# Licences

| Annual sales | Members | Fee |
| --- | --- | --- |
| $0 - $199,999.99 | any | $1,080 |
| $200,000 or more | any | $1,755 |
"""
    )
    assert found["1080"].terms.bracket == Bracket(Decimal(0), Decimal("199999.99"), "USD")
    assert found["1755"].terms.bracket == Bracket(Decimal(200000), None, "USD")


def test_context_bands_are_brackets_of_tokens() -> None:
    found = by_amount(
        """# Models

| Model | Input |
| --- | --- |
| Onyx 2 (≤ 200K tokens) | $1.25 / 1M tokens |
| Onyx 2 (> 200K tokens) | $2.50 / 1M tokens |
"""
    )
    assert found["1.25"].terms.bracket == Bracket(Decimal(0), Decimal(200000), "token")
    assert found["2.50"].terms.bracket == Bracket(Decimal(200000), None, "token")


@pytest.mark.parametrize(
    "sentence",
    [
        "Traffic costs $0.09 per GB for the first 10 TB, $0.085 per GB for the next 40 TB and "
        "$0.07 per GB thereafter.",
        "Der Verkehr kostet 0,09 € pro GB für die ersten 10 TB, 0,085 € pro GB für die nächsten "
        "40 TB und 0,07 € pro GB danach.",
    ],
)
def test_brackets_in_a_sentence(sentence: str) -> None:
    found = by_amount(f"# Traffic\n\n{sentence}\n")
    assert {amount: rate.terms.bracket for amount, rate in found.items()} == {
        "0.09": Bracket(Decimal(0), Decimal(10), "TB", True),
        "0.085": Bracket(Decimal(10), Decimal(50), "TB", True),
        "0.07": Bracket(Decimal(50), None, "TB", True),
    }


def test_what_takes_seconds_is_no_bracket_of_requests() -> None:
    found = by_amount(
        "# Search\n\n| Mode | Latency | Cost |\n|---|---|---|\n"
        "| deep | 4–15 seconds | $12 per 1,000 requests |\n"
    )
    assert found["12"].terms.bracket is None


# ── included, least, most ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after", "quantity"),
    [
        ("10 GB included, ", " per further GB", "10 GB"),
        ("$20", " per month with 10 GB included", "10 GB"),
        ("", " / month, includes 5,000 messages", "5000 message"),
        ("First 10 GB free, then ", " per GB", "10 GB"),
        ("Includes up to 10 results, then ", " per additional result", "10 result"),
        ("10 GB inklusive, danach ", " pro GB", "10 GB"),
        ("Incluye 10 GB, ", " por GB adicional", "10 GB"),
        ("10 Go inclus, puis ", " par Go", "10 GB"),
        ("每月赠送 10GB，超出 ", "/GB", "10 GB"),
        ("毎月10GBまで無料、", "/GB", "10 GB"),
        ("The first 10 TB ", " per GB", ""),
        ("", " per seat, 3 seats included, 10 GB free", ""),  # which of them?
        ("", " per month, 2 months free", ""),
        ("", " per GB", ""),
    ],
)
def test_what_is_included(before: str, after: str, quantity: str) -> None:
    found = included_in(before, after)
    assert (f"{found.amount:f} {found.of}" if found else "") == quantity


def test_a_price_beyond_what_is_included() -> None:
    (rate,) = rates("# Traffic\n\nTraffic: 10 GB included, $1.50 per further GB.\n")
    assert rate.terms.included == Quantity(Decimal(10), "GB")
    assert rate.terms.bracket is None


def test_the_least_and_the_most_that_is_charged() -> None:
    (rate,) = rates(
        "# Transfers\n\n| Way | Fee |\n|---|---|\n| Wire | 1.5% (min. $2, max. $20) |\n"
    )
    assert (rate.percent, rate.terms.minimum, rate.terms.cap) == (
        Decimal("1.5"),
        Decimal(2),
        Decimal(20),
    )


# ── billing ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("beside", "around", "billing"),
    [
        (["per user / month, billed annually"], [], Billing("year")),
        (["/ Monat bei jährlicher Zahlung"], [], Billing("year")),
        (["al mes, facturado anualmente"], [], Billing("year")),
        (["par mois, facturé annuellement"], [], Billing("year")),
        (["/月，按年付费"], [], Billing("year")),
        (["/月（年払い）"], [], Billing("year")),
        (["/ month, billed monthly"], [], Billing("month")),
        (["/ month, billed quarterly"], [], Billing("quarter")),
        (["billed monthly or billed annually"], [], None),
        ([], ["Annual (save 17%)"], Billing("year")),
        ([], ["Yearly – 2 months free"], Billing("year")),
        ([], ["Jährlich −20 %"], Billing("year")),
        ([], ["Monthly"], None),  # its unit says so
        ([], ["1-year commitment", "No upfront"], Billing("", 12, "none")),
        (["with a 3 year term"], [], Billing("", 36)),
        (["mit 24 Monaten Laufzeit"], [], Billing("", 24)),
        (["annual contract"], [], Billing("", 12)),
        (["first year free"], [], None),
        ([], ["Setup fee"], None),  # not by the month
        (["per month"], ["billed yearly", "billed monthly"], Billing("year")),  # the nearest
    ],
)
def test_how_a_price_per_month_is_paid(
    beside: list[str], around: list[str], billing: Billing | None
) -> None:
    assert billing_of(beside, around, MONTH) == billing


def test_what_is_paid_once() -> None:
    assert billing_of([], ["Setup fee"], Unit.parse("unit")) == Billing("once")
    assert billing_of(["einmalig"], [], Unit.parse("unit")) == Billing("once")


@pytest.mark.parametrize(
    ("label", "period"),
    [("Annual (save 17%)", "year"), ("Yearly, 2 months free", "year"), ("Monthly", "month"),
     ("Annual report", ""), ("Yearly limits and how they are counted here", "")],
)  # fmt: skip
def test_the_period_of_a_switch(label: str, period: str) -> None:
    assert period_of(label) == period


def test_a_yearly_pane_is_no_cheaper_monthly_plan() -> None:
    page = """<h1>Pricing</h1><div role="tablist">
<button role="tab" aria-controls="m">Monthly</button>
<button role="tab" aria-controls="y">Annual (save 17%)</button></div>
<div id="m" role="tabpanel"><h3>Plus</h3><p>$12 per user / month</p></div>
<div id="y" role="tabpanel"><h3>Plus</h3><p>$10 per user / month</p></div>"""
    found = by_amount(page, "text/html")
    assert found["10"].terms.billing == Billing("year")
    assert found["12"].billed_every == "month"
    assert found["10"].conditions.get("period") == "year"
    assert not found["12"].same_terms(found["10"])


def test_a_line_under_a_price_says_how_it_is_paid() -> None:
    page = "<h2>Plus</h2><p>$10 per user / month</p><p>billed annually</p><p>Unlimited files</p>"
    (rate,) = rates(page, "text/html")
    assert rate.terms.billing == Billing("year")


# ── sales ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "share"),
    [("75% OFF", "75"), ("(−20 %)", "20"), ("save 17%", "17"), ("20 % Rabatt", "20"),
     ("20 % de descuento", "20"), ("Sie sparen 15 %", "15"), ("99.9% uptime", None),
     ("100% off", None), ("3% fee", None)],
)  # fmt: skip
def test_how_much_less(text: str, share: str | None) -> None:
    assert off_in(text) == (None if share is None else Decimal(share))


def test_a_struck_price_and_a_footnote_with_its_end() -> None:
    page = """<h1>Models</h1><table><tr><th>Model</th><th>Input</th></tr>
<tr><td>Onyx 2</td><td>$0.50 per image (75% OFF<sup>(3)</sup>)<br><del>$2.00</del></td></tr></table>
<p>(3) Offered at a discount until 2026/12/31.</p>"""
    (rate,) = rates(page, "text/html")
    assert rate.terms.sale == Sale(Decimal("2.00"), Decimal(75), date(2026, 12, 31))
    assert rate.conditions.get("effective_to") == "2026-12-31"


def test_a_note_above_a_table_tells_the_sale() -> None:
    page = """# Machines

Spring sale: all prices are 20% off until December 31, 2026.

| Machine | Price |
| --- | --- |
| small-2 | $0.08/hour |
"""
    (rate,) = rates(page)
    assert rate.terms.sale == Sale(None, Decimal(20), date(2026, 12, 31))


def test_a_date_joins_no_two_products() -> None:
    page = """# Halden

## Machines

All machine prices hold until December 31, 2026.

| Name | Price |
| --- | --- |
| small-2 | $0.08/hour |

## Databases

| Name | Price |
| --- | --- |
| small-2 | $49/month |
"""
    found = rates(page)
    assert len({rate.conditions.without("effective_to") for rate in found}) == 2


# ── hours ────────────────────────────────────────────────────────────────────────────────────

WORKDAYS = tuple(Weekday)[:5]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:00–18:00 UTC, Monday to Friday", Hours(((time(9), time(18)),), WORKDAYS, "UTC")),
        ("01:00 - 04:00 and 06:00 - 10:00 UTC, every day",
         Hours(((time(1), time(4)), (time(6), time(10))), (), "UTC")),
        ("8 pm to 8 am", Hours(((time(20), time(8)),))),
        ("9am–5:30pm ET on weekends", Hours(((time(9), time(17, 30)),), tuple(Weekday)[5:], "ET")),
        ("22:00–06:00 Uhr, Mo-Fr", Hours(((time(22), time(6)),), WORKDAYS)),
        ("werktags von 8 Uhr bis 20 Uhr", Hours(((time(8), time(20)),), WORKDAYS)),
        ("de 10:00 a 14:00, de lunes a viernes", Hours(((time(10), time(14)),), WORKDAYS)),
        ("北京时间每天 00:30-08:30", Hours(((time(0, 30), time(8, 30)),), (), "北京时间")),
        ("UTC 16:30-00:30 daily", Hours(((time(16, 30), time(0, 30)),), (), "UTC")),
        ("Sunday and Wednesday 10:00-12:00 UTC+8",
         Hours(((time(10), time(12)),), (Weekday.WED, Weekday.SUN), "UTC+8")),
        ("2-4 users", None),
        ("$3-5 per hour", None),
        ("25:00-26:00", None),
    ],
)  # fmt: skip
def test_hours_of_the_week(text: str, hours: Hours | None) -> None:
    assert hours_of(text) == hours


def test_what_peak_hours_leave_is_off_peak() -> None:
    sentence = "Peak hours are 01:00 - 04:00 UTC (all other hours are off-peak)."
    found = peak_hours([sentence])
    assert found["peak"] == Hours(((time(1), time(4)),), (), "UTC")
    assert found["off-peak"] == Hours(((time(1), time(4)),), (), "UTC", outside=True)
    both = peak_hours([sentence, "Off-peak hours are 20:00 - 22:00 UTC."])
    assert both["off-peak"] == Hours(((time(20), time(22)),), (), "UTC")


def test_peak_prices_know_their_hours() -> None:
    page = """# Models

| Model | Time | Price per 1M tokens |
| --- | --- | --- |
| Onyx 2 | Peak | $4 |
| Onyx 2 | Off-peak | $2 |

Peak hours are 09:00–18:00 UTC, Monday to Friday.
"""
    found = by_amount(page)
    assert found["4"].terms.hours == Hours(((time(9), time(18)),), WORKDAYS, "UTC")
    assert found["2"].terms.hours == Hours(((time(9), time(18)),), WORKDAYS, "UTC", outside=True)
    assert found["4"].conditions.get("period") == "peak"


def test_hours_are_facts_of_their_own() -> None:
    page = "# Models\n\nPeak hours are {} UTC, Monday to Friday.\n"
    old, new, same = (
        reading(text).facts
        for text in (
            page.format("09:00–18:00"),
            page.format("09:00–20:00"),
            "# Models\n\nWe count 9:00 to 18:00 UTC as peak hours from Monday through Friday.\n",
        )
    )
    assert [each.text for each in old.passages] == ["09:00–18:00 UTC; mon, tue, wed, thu, fri"]
    (told,) = differences(old, new, on=date(2026, 6, 2)).alterations
    assert told.kind.value == "passage"
    assert not differences(old, same, on=date(2026, 6, 2)).alterations


# ── generated pages ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tongue:
    usage: str
    price: str
    first: str
    span: str
    over: str
    yearly: str
    month: str
    comma: bool = False

    def money(self, value: Decimal) -> str:
        text = f"{value:f}"
        return f"{text.replace('.', ',')} €" if self.comma else f"€{text}"


TONGUES = {
    "en": Tongue("Usage", "Price per GB", "First {} TB", "{} – {} TB", "Over {} TB",
                 "billed yearly", "per month"),
    "de": Tongue("Verbrauch", "Preis pro GB", "Erste {} TB", "{} bis {} TB", "Über {} TB",
                 "jährlich abgerechnet", "pro Monat", comma=True),
    "es": Tongue("Consumo", "Precio por GB", "Primeros {} TB", "{} a {} TB", "Más de {} TB",
                 "facturado anualmente", "al mes", comma=True),
    "fr": Tongue("Volume", "Prix par GB", "Premiers {} TB", "{} à {} TB", "Plus de {} TB",
                 "facturé annuellement", "par mois", comma=True),
    "zh": Tongue("用量", "价格（元/GB）", "前 {} TB", "{} - {} TB", "超过 {} TB",
                 "按年付费", "/月"),
    "ja": Tongue("使用量", "1GBあたりの料金", "最初の {} TB", "{} ~ {} TB",
                 "{} TB 以上", "年払い", "/月"),
}  # fmt: skip
STEPS = st.lists(st.integers(1, 900), min_size=2, max_size=4, unique=True).map(sorted)
PRICES = st.decimals("0.01", "9.99", places=2)


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=TONGUES)
def test_any_ladder_of_brackets_is_read(tongue: Tongue) -> None:
    @settings(max_examples=12, deadline=None)
    @given(STEPS, st.lists(PRICES, min_size=5, max_size=5, unique=True))
    def check(ends: list[int], prices: list[Decimal]) -> None:
        labels = [tongue.first.format(ends[0])]
        labels += [tongue.span.format(a, b) for a, b in pairwise(ends)]
        labels.append(tongue.over.format(ends[-1]))
        rows = "".join(
            f"| {label} | {tongue.money(price)} |\n"
            for label, price in zip(labels, prices, strict=False)
        )
        page = f"# Halden\n\n| {tongue.usage} | {tongue.price} |\n| --- | --- |\n{rows}"
        starts = [0, *ends]
        wanted = {
            price: (start, end)
            for price, start, end in zip(prices, starts, [*ends, None], strict=False)
        }
        found = {}
        for rate in rates(page):
            bracket = rate.terms.bracket
            assert bracket is not None
            assert bracket.of == "TB"
            found[rate.amount] = (bracket.start, bracket.end)
        assert found == wanted

    check()


def as_cards(plans: dict[str, Decimal], tongue: Tongue) -> str:
    return "".join(
        f"<div><h3>{name}</h3><p>{tongue.money(price)} {tongue.month}</p>"
        f"<p>{tongue.yearly}</p></div>"
        for name, price in plans.items()
    )


def as_lines(plans: dict[str, Decimal], tongue: Tongue) -> str:
    return "".join(
        f"<h3>{name}</h3><p>{tongue.money(price)} {tongue.month}, {tongue.yearly}</p>"
        for name, price in plans.items()
    )


def as_table(plans: dict[str, Decimal], tongue: Tongue) -> str:
    rows = "".join(
        f"<tr><td>{name}</td><td>{tongue.money(price)} {tongue.month} ({tongue.yearly})</td></tr>"
        for name, price in plans.items()
    )
    return f"<table><tr><th>Plan</th><th>{tongue.price.split()[0]}</th></tr>{rows}</table>"


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=TONGUES)
@pytest.mark.parametrize("layout", [as_cards, as_lines, as_table])
def test_any_plan_billed_yearly_is_known_for_one(layout, tongue: Tongue) -> None:  # type: ignore[no-untyped-def]
    @settings(max_examples=8, deadline=None)
    @given(st.dictionaries(st.sampled_from(["Plus", "Pro", "Team"]), PRICES, min_size=2))
    def check(plans: dict[str, Decimal]) -> None:
        found = rates(f"<h1>Halden</h1>{layout(plans, tongue)}", "text/html")
        assert {(rate.amount, rate.billed_every) for rate in found} == {
            (price, "year") for price in plans.values()
        }

    check()
