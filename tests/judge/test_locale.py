"""The language of a page, told from its words."""

from __future__ import annotations

import pytest

from ratewire.judge.locale import language_of, wrong_language

LIST = "".join(
    f"{name} costs $3.00 per 1M input tokens, $0.30 per 1M cached input tokens, $9 per 1M output. "
    for name in ("Harbor 3", "Lantern", "Sextant 8", "Turbine", "Dahlia 6")
)
ITALIAN = (
    "I prezzi sono per milione di token e non comprendono le imposte. Il piano della squadra è "
    "più conveniente con una fattura annuale. Nel piano gratuito non sono inclusi i modelli della "
    "nuova generazione, ma con il tuo account puoi provare una volta ogni modello per un giorno."
)


def test_a_price_list_that_says_per_in_every_line_is_not_in_italian() -> None:
    assert wrong_language(f"Leave whenever you like. {LIST}", "", "en") == ""
    assert wrong_language(f"Leave whenever you like. {LIST}", "en", "en") == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ITALIAN, "it"),
        (
            "Pay for what you use, and only for that: there is no minimum. The prices on this page "
            "are in dollars and can be billed by the month or by the year, with a discount that "
            "depends on the plan. You can leave at any time, and your data is yours to take along.",
            "en",
        ),
    ],
)
def test_the_words_tell_the_language(text: str, language: str) -> None:
    assert language_of(text) == (language,)
    assert wrong_language(text, "de", language) == ""
    assert wrong_language(text, "", "de")
