"""Fees: shares of a value with or without a fixed part, in tables and sentences of any language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_of import reading

from ratewire.model import Rate
from ratewire.read.fees import find_fees
from ratewire.read.quantities import find_amounts


def fees(text: str, media_type: str = "text/markdown") -> list[Rate]:
    return [rate for rate in reading(text, media_type).facts.rates if rate.is_fee]


def told(text: str, media_type: str = "text/markdown") -> list[str]:
    """`product meter conditions: 2.9% + 0.30 USD per transaction`, sorted."""
    return sorted(
        f"{' '.join(filter(None, (fee.product, fee.meter, str(fee.conditions))))}: {fee.percent:f}%"
        + (f" + {fee.amount:f} {fee.currency}" if fee.amount else "")
        + f" per {fee.unit}"
        for fee in fees(text, media_type)
    )


# ── amounts with a share ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "percent", "amount", "currency"),
    [
        ("2.9% + $0.30", "2.9", "0.30", "USD"),
        ("2.9% + 30¢", "2.9", "0.30", "USD"),
        ("2.9 % plus $0.30", "2.9", "0.30", "USD"),
        ("1,4 % + 0,25 €", "1.4", "0.25", "EUR"),
        ("1,4 % zzgl. 0,25 €", "1.4", "0.25", "EUR"),
        ("2,9 % más 0,30 €", "2.9", "0.30", "EUR"),
        ("$0.30 + 2.9%", "2.9", "0.30", "USD"),
        ("2.9% of the transaction value + $0.30", "2.9", "0.30", "USD"),
        ("4% + Rs.4", "4", "4", "INR"),
        ("3.6% + 40円", "3.6", "40", "JPY"),
        ("2.9%+$0.30", "2.9", "0.30", "USD"),
        ("2.9 percent and 30 cents", "2.9", "0.30", "USD"),
    ],
)
def test_a_share_and_what_is_added_to_it_are_one_price(
    text: str, percent: str, amount: str, currency: str
) -> None:
    (found,) = find_amounts(text)
    assert found.percent == Decimal(percent)
    assert (found.value, found.currency) == (Decimal(amount), currency)
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    ["Save 20% on the $10 plan", "$10 (20% off)", "99.9% uptime for $5", "10% of users pay $5",
     "$0.30 for 2.9% of calls"],
)  # fmt: skip
def test_a_percentage_beside_money_is_not_always_part_of_it(text: str) -> None:
    assert [amount.percent for amount in find_amounts(text)] == [None]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("1.5%", ["1.5"]),
        ("+1.5%", ["1.5"]),
        ("-0.005%", ["-0.005"]),
        ("−0.01 %", ["-0.01"]),
        ("2–4%", []),
        ("2% to 4%", ["4"]),
        ("20% off", []),
        ("≥0.5% of volume", []),
        ("0.1 x 95% ≈ 1,580", []),
        ("4% + 1.5% + $0.40", []),
        ("100%", []),
        ("v1.5%2", []),
    ],
)
def test_shares_are_found_but_not_ranges_bounds_and_sums(text: str, shares: list[str]) -> None:
    assert [str(fee.percent) for fee in find_fees(text)] == shares


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def test_plans_with_a_fee_column_keep_their_prices() -> None:
    page = """# Fees

| Plan | Monthly fee | Per transaction | Subscription fee |
| --- | --- | --- | --- |
| Starter | Free | 5% + 50¢ | +0.5% |
| Pro | $20 /mo | 3.8% + 40¢ | +0.5% |

* 0.25% + $0.25 per payout
"""
    assert told(page) == [
        "example fee: 0.25% + 0.25 USD per payout",
        "pro fee: 3.8% + 0.4 USD per transaction",
        "pro subscription: 0.5% per unit",
        "starter fee: 5% + 0.5 USD per transaction",
        "starter subscription: 0.5% per unit",
    ]
    plans = [rate for rate in reading(page).facts.rates if not rate.is_fee]
    assert [(rate.product, rate.amount) for rate in plans] == [("pro", 20), ("starter", 0)]


def test_plans_along_the_top() -> None:
    assert told(
        """# Halden plans

| | Starter | Pro |
| --- | --- | --- |
| Price | $10 / month | $30 / month |
| Transaction fee | 2.5% | 1.9% + $0.10 |
| Uptime | 99.9% | 99.99% |
"""
    ) == [
        "pro transaction: 1.9% + 0.10 USD per transaction",
        "starter transaction: 2.5% per transaction",
    ]


def test_basis_points_and_rebates() -> None:
    page = """# Exchange fees

| Tier | Trailing volume | Taker (bps) | Maker (bps) |
| --- | --- | --- | --- |
| 1 | < $1M | 5.0 | 1.0 |
| 2 | ≥ $125M | 2.5 | -0.5 |
"""
    assert told(page) == [
        "exchange maker tier 1, trailing-volume under-1m: 0.01% per unit",
        "exchange maker tier 2, trailing-volume from-125m: -0.005% per unit",
        "exchange taker tier 1, trailing-volume under-1m: 0.05% per unit",
        "exchange taker tier 2, trailing-volume from-125m: 0.025% per unit",
    ]
    assert all(rate.is_fee for rate in reading(page).facts.rates)


@pytest.mark.parametrize(
    "head", ["Discount", "VAT rate", "Success rate", "SLA", "Market share", "Rabatt", "Descuento"]
)
def test_columns_of_other_shares_are_no_fees(head: str) -> None:
    rows = "| Pro | $20 | 15% |\n| Max | $40 | 20% |"
    assert told(f"# Plans\n\n| Plan | Price | {head} |\n|---|---|---|\n{rows}\n") == []


# ── sentences ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sentence", "fee"),
    [
        ("Card payments: 2.9% + 30¢ per transaction",
         "card-payments fee: 2.9% + 0.3 USD per transaction"),
        ("We charge a 10% service fee.", "halden fee: 10% per unit"),
        ("A commission of 5 % applies to each sale.", "halden fee: 5% per unit"),
        ("Cross-border payments incur an additional surcharge of 1.5%.",
         "cross-border-payments fee: 1.5% per unit"),
        ("Extended support is priced at 50% of the subscription.",
         "extended-support fee: 50% per unit"),
        ("Auf jede Zahlung entfällt eine Transaktionsgebühr von 1,4 % + 0,25 € pro Transaktion.",
         "halden fee: 1.4% + 0.25 EUR per transaction"),
        ("Cobramos una comisión del 3 % por venta.", "halden fee: 3% per venta"),
        ("每笔交易收取 1.5% 手续费。", "halden fee: 1.5% per unit"),
        ("決済手数料は3.6%です。", "halden fee: 3.6% per unit"),
        ("Supportavgiften är 3 % av den totala volymen.", "halden supportavgiften: 3% per unit"),
    ],
)  # fmt: skip
def test_sentences_that_state_a_fee(sentence: str, fee: str) -> None:
    assert told(f"# Halden\n\n{sentence}\n") == [fee]


@pytest.mark.parametrize(
    "sentence",
    [
        "Save 20% with a yearly plan.",
        "Prices include 19% VAT.",
        "We guarantee 99.9% uptime.",
        "A 10% discount on all fees applies to charities.",
        "Up 45% from last year.",
        "Other providers charge a fee of 5%.",
        "Deduplication shrinks your data by 45% to 90%.",
        "Wir geben 15 % Rabatt auf alle Gebühren.",
        "For example, a fee of 3% on 100 dollars is 3 dollars.",
        "About 30% of our fees go to charity.",
        "A cache hit costs 10% of the standard input price.",
    ],
)
def test_sentences_about_other_shares(sentence: str) -> None:
    assert told(f"# Halden\n\n{sentence}\n") == []


def test_items_under_a_heading_of_fees() -> None:
    page = """# Payments

## Pay-in fees

1. Transaction fees (domestic cards): 4% + $0.40
2. +1.5% for international cards
3. +0.5% for subscription payments
"""
    assert told(page) == [
        "pay-in fee for international-cards: 1.5% per unit",
        "pay-in fee for subscription-payments: 0.5% per unit",
        "pay-in transaction-domestic-cards: 4% + 0.40 USD per transaction",
    ]


# ── generated pages ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tongue:
    """How a language writes a page of fees."""

    title: str
    plan: str
    fee: str
    each: str
    comma: bool = False

    def number(self, value: Decimal) -> str:
        text = f"{value:f}"
        return text.replace(".", ",") if self.comma else text


TONGUES = {
    "en": Tongue("Payment fees", "Plan", "Transaction fee", "per transaction"),
    "de": Tongue("Gebühren", "Tarif", "Transaktionsgebühr", "pro Transaktion", comma=True),
    "es": Tongue("Comisiones", "Plan", "Comisión", "por transacción", comma=True),
    "fr": Tongue("Frais", "Offre", "Frais de transaction", "par transaction", comma=True),
    "zh": Tongue("手续费", "套餐", "手续费", ""),
    "ja": Tongue("手数料", "プラン", "決済手数料", ""),
}
SHARES = st.decimals("0.01", "9.99", places=2).filter(lambda share: share > 0)
FIXED = st.none() | st.decimals("0.05", "5.00", places=2)
LISTS = st.dictionaries(
    st.sampled_from(["Onyx", "Quartz", "Flint", "Opal"]), st.tuples(SHARES, FIXED), min_size=2
)


def written(tongue: Tongue, share: Decimal, fixed: Decimal | None) -> str:
    plus = "" if fixed is None else f" + {tongue.number(fixed)} €"
    return f"{tongue.number(share)} %{plus}"


def as_table(tongue: Tongue, prices: dict[str, tuple[Decimal, Decimal | None]]) -> str:
    rows = "".join(f"| {name} | {written(tongue, *price)} |\n" for name, price in prices.items())
    return f"# {tongue.title}\n\n| {tongue.plan} | {tongue.fee} |\n| --- | --- |\n{rows}"


def as_columns(tongue: Tongue, prices: dict[str, tuple[Decimal, Decimal | None]]) -> str:
    heads, rules = " | ".join(prices), " | ".join("---" for _ in prices)
    cells = " | ".join(written(tongue, *price) for price in prices.values())
    return f"# {tongue.title}\n\n| | {heads} |\n| --- | {rules} |\n| {tongue.fee} | {cells} |\n"


def as_list(tongue: Tongue, prices: dict[str, tuple[Decimal, Decimal | None]]) -> str:
    items = "".join(
        f"- {name}: {written(tongue, *price)} {tongue.each}\n" for name, price in prices.items()
    )
    return f"# {tongue.title}\n\n{items}"


def as_cards(tongue: Tongue, prices: dict[str, tuple[Decimal, Decimal | None]]) -> str:
    return "".join(
        f"<h2>{name}</h2><p>{tongue.fee}: {written(tongue, *price)}</p>"
        for name, price in prices.items()
    )


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=TONGUES)
@pytest.mark.parametrize("layout", [as_table, as_columns, as_list, as_cards])
def test_any_page_of_fees_is_read(layout, tongue: Tongue) -> None:  # type: ignore[no-untyped-def]
    @settings(max_examples=12, deadline=None)
    @given(LISTS)
    def check(prices: dict[str, tuple[Decimal, Decimal | None]]) -> None:
        media_type = "text/html" if layout is as_cards else "text/markdown"
        facts = reading(layout(tongue, prices), media_type).facts
        found = {
            (next(name for name in prices if name.lower() in rate.identity), rate.percent,
             rate.amount)
            for rate in facts.rates
        }  # fmt: skip
        assert found == {
            (name, share, fixed or Decimal(0)) for name, (share, fixed) in prices.items()
        }

    check()
