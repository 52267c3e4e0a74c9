"""Notices in prose that a product ends, in several languages, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_of import stages_of

PAGE = """# Relay Classic

| Model | Context |
| --- | --- |
| Onyx 1 | 8K |
| Onyx 2 | 32K |

"""
DATES = {
    "en": "May 1, 2027", "de": "1. Mai 2027", "es": "1 de mayo de 2027", "fr": "1er mai 2027",
    "zh": "2027年5月1日", "ja": "2027年5月1日",
}  # fmt: skip
NOTICES = [
    ("en", "We will shut down {x} on {day}."),
    ("en", "On {day}, we will shut down {x} and move all of its users to another model."),
    ("en", "We plan to retire the {x} model on {day}."),
    ("en", "{x} shuts down on {day}."),
    ("en", "{x} will no longer be available after {day}."),
    ("en", "We're discontinuing {x} on {day}, because hardly anybody uses it."),
    ("en", "{x} reaches end of life on {day}."),
    ("de", "Wir schalten {x} am {day} ab."),
    ("de", "Wir stellen {x} zum {day} ein."),
    ("de", "{x} wird zum {day} eingestellt."),
    ("es", "Retiraremos {x} el {day}."),
    ("es", "{x} dejará de estar disponible el {day}."),
    ("es", "Dejaremos de ofrecer {x} a partir del {day}."),
    ("fr", "Nous arrêterons {x} le {day}."),
    ("fr", "{x} ne sera plus disponible à partir du {day}."),
    ("zh", "我们将于{day}下线 {x}。"),
    ("zh", "{x} 将于{day}停止服务。"),
    ("ja", "{x}は{day}に提供を終了します。"),
    ("ja", "{x} は{day}をもって提供を終了いたします。"),
]


@pytest.mark.parametrize(("language", "text"), NOTICES)
@pytest.mark.parametrize("name", ["Onyx 1", "Relay Classic"])
def test_a_notice_says_which_product_ends_and_when(language: str, text: str, name: str) -> None:
    sentence = text.format(x=name, day=DATES[language])
    product = name.lower().replace(" ", "-")
    assert stages_of(PAGE + sentence + "\n") == [f"{product} | deprecated | until 2027-05-01"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Onyx 1 reaches end of life in Q3 2027.", "onyx-1 | deprecated | until 2027-Q3"),
        ("Onyx 1 は2027年5月をもって提供を終了いたします。", "onyx-1 | deprecated | until 2027-05"),
        ("Onyx 1 will be retired no earlier than June 2027.",
         "onyx-1 | deprecated | not before 2027-06"),
        ("We shut down Onyx 1 on May 1, 2026.", "onyx-1 | retired | until 2026-05-01"),
        ("We have discontinued Onyx 1.", "onyx-1 | retired"),
        ("We are discontinuing Onyx 1.", "onyx-1 | deprecated"),
    ],
)  # fmt: skip
def test_a_notice_is_as_precise_as_it_is_stated(sentence: str, expected: str) -> None:
    assert stages_of(PAGE + sentence + "\n") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "We will shut down the Onyx 1 playground on May 1, 2027.",
        "We will shut down Onyx 1 fine-tuning on May 1, 2027.",
        "Fine-tuning of Onyx 1 will be discontinued on May 1, 2027.",
        "We will not shut down Onyx 1.",
        "We may retire Onyx 1 at any time.",
        "If we retire Onyx 1 on May 1, 2027, we tell you.",
        "We will shut down our London office on May 1, 2027.",
        "Retire your Onyx 1 keys by May 1, 2027.",
        "To turn off Onyx 1, see the settings.",
        "Turn off Onyx 1 in your settings.",
        "Wir stellen Onyx 1 am 1. Mai 2027 vor.",
        "Wir schalten Onyx 1 am 1. Mai 2027 frei.",
        "Presentaremos Onyx 1 el 1 de mayo de 2027.",
        "Nous lancerons Onyx 1 le 1er mai 2027.",
        "Onyx 1 将于2027年5月1日涨价。",
        "Onyx 1は2027年5月1日に値上げします。",
    ],
)
def test_what_is_about_another_thing_gives_no_notice(sentence: str) -> None:
    assert stages_of(PAGE + sentence + "\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "We are deprecating {x}. It will stop working on May 1, 2027.",
        "{x} is being discontinued. The model will no longer be available after May 1, 2027.",
        "Wir stellen {x} ein. Es wird am 1. Mai 2027 abgeschaltet.",
        "Vamos a retirar {x}. Dejará de funcionar el 1 de mayo de 2027.",
        "Nous abandonnons {x}. Il ne sera plus disponible à partir du 1er mai 2027.",
        "我们将弃用 {x}。该模型将于2027年5月1日停止服务。",
    ],
)
@pytest.mark.parametrize("name", ["Onyx 1", "Unlisted 7"])
def test_a_notice_in_two_sentences_is_one(text: str, name: str) -> None:
    product = name.lower().replace(" ", "-")
    found = stages_of(PAGE + text.format(x=name) + "\n")
    assert found == [f"{product} | deprecated | until 2027-05-01"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are deprecating Onyx 1. It costs $2 until May 1, 2027.", ["onyx-1 | deprecated"]),
        ("We are deprecating Onyx 1. Our office closes on May 1, 2027.", ["onyx-1 | deprecated"]),
        ("We are deprecating Unlisted. It will stop working on May 1, 2027.", []),
        ("We like Onyx 1. It will stop working on May 1, 2027.", []),
    ],
)
def test_a_second_sentence_about_another_thing_gives_no_date(
    text: str, expected: list[str]
) -> None:
    assert stages_of(PAGE + text + "\n") == expected


@given(st.sampled_from(NOTICES), st.sampled_from(["billing", "Dashboard", "playground", "面板"]))
def test_a_word_more_beside_the_product_makes_it_another_thing(
    notice: tuple[str, str], word: str
) -> None:
    language, text = notice
    sentence = text.format(x=f"Onyx 1 {word}", day=DATES[language])
    assert stages_of(PAGE + sentence + "\n") == []


@given(st.text(alphabet="Onyx 1shut downwe,will.on…①\ue001 2027", max_size=80))
def test_any_text_is_read(text: str) -> None:
    stages_of(PAGE + text)
