"""Money in the signs, words and numbers of many countries."""

from __future__ import annotations

import pytest

from ratewire.read.quantities import find_amounts, find_currency


def money(text: str, currency: str = "") -> list[str]:
    return [f"{a.value} {a.currency}" for a in find_amounts(text, currency=currency)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$3k", "3000 USD"),
        ("$1.2M", "1200000.0 USD"),
        ("$.05", "0.05 USD"),
        ("5¢", "0.05 USD"),
        ("1.97p per message", "0.0197 GBP"),
        ("5p per minute", "0.05 GBP"),
        ("76 pence", "0.76 GBP"),
        ("50 öre", "0.5 SEK"),
        ("25 øre", "0.25 NOK"),
        ("99 groszy", "0.99 PLN"),
        ("1.249,-", "1249 "),
        ("1.249,- €", "1249 EUR"),
        ("€ 1.249,-", "1249 EUR"),
        ("€ 1.249", "1249 EUR"),
        ("€1.249", "1.249 EUR"),
        ("€ 1.249,00", "1249.00 EUR"),
        ("kr 1 249,-", "1249 SEK"),
        ("1\u202f249,50 kr", "1249.50 SEK"),
        ("CHF 1'250.00", "1250.00 CHF"),
        ("CHF 1,249.-", "1249 CHF"),
        ("₹1.5 lakh", "150000.0 INR"),
        ("₹2 crore", "20000000 INR"),
        ("9만원", "90000 KRW"),
        ("3.5万円", "35000.0 JPY"),
        ("2億円", "200000000 JPY"),
        ("Rp 15.000", "15000 IDR"),
        ("1 200 руб.", "1200 RUB"),
        ("150 р./мес", "150 RUB"),
        ("Bs. 280 por mes", "280 BOB"),
        ("S/ 50.00 al mes", "50.00 PEN"),
        ("RM 25", "25 MYR"),
        ("1 200 ₸", "1200 KZT"),
        ("100 Schweizer Franken", "100 CHF"),
        ("100 svenska kronor", "100 SEK"),
        ("25 Australian dollars", "25 AUD"),
        ("港元 5", ""),
        ("5 港元", "5 HKD"),
        ("29,90 zł", "29.90 PLN"),
        ("590 Kč", "590 CZK"),
        ("1080p per second", ""),
        ("720p/s", ""),
    ],
)
def test_an_amount_as_a_country_writes_it(text: str, expected: str) -> None:
    assert money(text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("405 mln UZS", "405000000 UZS per unit"),
        ("5,000 KZT", "5000 KZT per unit"),
        ("5 000 ₸ в месяц", "5000 KZT per month"),
        ("1.500 COP", "1500 COP per unit"),
        ("1,500 COP", "1500 COP per unit"),
        ("1.299,00 TL/ay", "1299.00 TRY per month"),
        ("49 lei pe lună", "49 RON per month"),
        ("S/ 49.90 al mes", "49.90 PEN per month"),
        ("RM 49/bulan", "49 MYR per month"),
        ("150.000đ/tháng", "150000 VND per month"),
        ("10 000 FCFA / mois", "10000 XOF per month"),
        ("99 DH/mois", "99 MAD per month"),
        ("LKR 5,000", "5000 LKR per unit"),
        ("1.500 RSD mesečno", "1500 RSD per month"),
        ("4 999 Ft/hó", "4999 HUF per month"),
        ("199 грн на місяць", "199 UAH per month"),
        ("29 лв./месец", "29 BGN per month"),
        ("12,90 €/kk", "12.90 EUR per month"),
        ("12,90 € kuukaudessa", "12.90 EUR per month"),
        ("5 € τον μήνα", "5 EUR per month"),
        ("299 บาทต่อเดือน", "299 THB per month"),
        ("฿299/เดือน", "299 THB per month"),
        ("49 ر.س شهرياً", "49 SAR per month"),
        ("49 ₪ לחודש", "49 ILS per month"),
        ("SAP S/4HANA", ""),
        ("29 zł / miesięcznie", "29 PLN per month"),
        ("$5 / yearly", "5 USD per year"),
        ("0,10 € / g", "0.10 EUR per gram"),
        ("$3/l", "3 USD per litre"),
        ("Mora per ritardo: € 30,00", "30.00 EUR per unit"),
        ("Costo per giorno: € 3", "3 EUR per day"),
        ("Price per CCU: $0.5", "0.5 USD per ccu"),
    ],
)
def test_amounts_and_periods_of_many_markets(text: str, expected: str) -> None:
    found = [f"{a.value} {a.currency} per {a.unit or 'unit'}" for a in find_amounts(text)]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("$5", "AUD", "5 AUD"),
        ("US$5", "AUD", "5 USD"),
        ("USD 5", "AUD", "5 USD"),
        ("$5 USD", "AUD", "5 USD"),
        ("5 dollars", "AUD", "5 AUD"),
        ("5 US dollars", "AUD", "5 USD"),
        ("5 cents", "AUD", "0.05 AUD"),
        ("500円", "CNY", "500 JPY"),
        ("¥500", "CNY", "500 CNY"),
        ("100 kr", "NOK", "100 NOK"),
        ("100 SEK", "NOK", "100 SEK"),
        ("100 kr", "EUR", "100 SEK"),
    ],
)
def test_only_a_shared_sign_means_what_the_page_says(
    text: str, currency: str, expected: str
) -> None:
    assert money(text, currency) == [expected]


@pytest.mark.parametrize(
    ("text", "currency", "ambiguous"),
    [
        ("$5", "", True),
        ("$5", "AUD", False),
        ("$5", "EUR", True),
        ("US$5", "", False),
        ("$5 USD", "", False),
        ("5 kr", "", True),
        ("5 SEK", "", False),
        ("€5", "", False),
        ("¥5", "", True),
        ("5元", "", True),
        ("5人民币", "", False),
        ("5元", "TWD", False),
        ("¥5 每次", "", False),
    ],
)
def test_an_amount_says_whether_its_sign_leaves_the_currency_open(
    text: str, currency: str, ambiguous: bool
) -> None:
    (amount,) = find_amounts(text, currency=currency)
    assert amount.ambiguous is ambiguous


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Preise in Schweizer Franken", "CHF"),
        ("All prices in Australian dollars", "AUD"),
        ("所有价格均以港元计", "HKD"),
        ("Alla priser i svenska kronor", "SEK"),
        ("Ceny w złotych", "PLN"),
        ("Prix en dollars canadiens", "CAD"),
        ("the hormone", ""),
    ],
)
def test_a_sentence_names_a_currency(text: str, code: str) -> None:
    assert find_currency(text) == code


def test_hints_settle_a_sign_but_no_code() -> None:
    assert find_currency("Price ($)", ("AUD",)) == "AUD"
    assert find_currency("Price (USD)", ("AUD",)) == "USD"
    assert find_currency("Pris (kr)", ("EUR", "DKK")) == "DKK"
