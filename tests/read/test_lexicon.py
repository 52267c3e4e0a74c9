"""Words of the vocabulary found in running text."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.read.lexicon import fold, lexicon, slug


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Größe\n XL ", "grosse xl"), ("ＧＰＵ", "gpu"), ("Básico", "basico"), ("モデル", "モデル")],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("cached input", ["cached"]),
        ("cache writes", ["cache-write"]),
        ("cache-write", ["cache-write"]),
        ("cachet", []),
        ("输入（缓存命中）", ["cached"]),
    ],
)
def test_whole_words_and_the_longest_at_a_place(text: str, meanings: list[str]) -> None:
    assert [meaning for meaning, *_ in lexicon("cache").find(fold(text))] == meanings


def test_a_latin_word_stands_beside_chinese_ones() -> None:
    assert lexicon("tier").first("使用batch模式") == "batch"
    assert lexicon("tier").first("abatch") == ""


def test_exactly_is_the_whole_text() -> None:
    about = lexicon("column")
    assert about.exactly("Model:") == "product"
    assert about.exactly("Model of a ship") == ""
    assert lexicon("not_a_rate", "label").exactly("estimated") == "label"


@given(st.text())
def test_slugs_are_fit_for_ids(text: str) -> None:
    made = slug(text)
    assert slug(made) == made
    assert not set(made) & set(" /|_\n")


@pytest.mark.parametrize("file", ["vocabulary.toml", "terms.toml"])
def test_every_word_of_the_vocabulary_is_found_as_what_it_means(file: str) -> None:
    data = tomllib.loads(files("ratewire.read").joinpath(file).read_text("utf-8"))
    data.pop("unnamed_columns", None)
    for section, entries in data.items():
        for meaning, words in entries.items():
            for word in words:
                found = lexicon(section, meaning).find(fold(word.strip("*")))
                assert [first for first, *_ in found][:1] == [meaning], (section, word)


def test_letters_of_their_own_keep_their_marks() -> None:
    assert slug("Английский Її Ёж É") == "английский-її-еж-e"
