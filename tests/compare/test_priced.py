"""Of many rates those that may be the price that a sentence states again."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ratewire.compare.entries import same_figure
from ratewire.compare.priced import Priced
from ratewire.model import Rate, Unit

UNITS = ["hour", "minute", "1K requests", "1M requests", "request", "month", "seat-month"]
RATES = st.builds(
    lambda product, amount, currency, unit: Rate(
        product, "price", Decimal(amount), currency, Unit.parse(unit)
    ),
    st.sampled_from(["orlo", "vell", "halden", "miro"]),
    st.sampled_from(["0", "0.05", "3", "3.00", "50", "0.003", "180", "3000"]),
    st.sampled_from(["USD", "EUR"]),
    st.sampled_from(UNITS),
)


@given(st.lists(RATES), RATES)
def test_no_rate_of_the_same_price_or_figure_is_passed_over(rates: list[Rate], asked: Rate) -> None:
    priced = Priced(rates)
    named = {rate.identity: rate for rate in rates}
    alike = [r for r in named.values() if asked.same_price(r) or same_figure(asked, r)]
    found = priced.like(asked)
    assert [rate for rate in found if rate in alike] == alike
    assert all(named[rate.identity] is rate for rate in found)


def test_few_of_many_are_asked() -> None:
    rates = [Rate(f"orlo-{n}", "price", Decimal(n), "USD", Unit.parse("hour")) for n in range(1000)]
    assert Priced(rates).like(rates[7]) == [rates[7]]
