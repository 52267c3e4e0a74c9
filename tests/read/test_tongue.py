"""What a page is written in tells words apart that look alike."""

from __future__ import annotations

import pytest
from reading_of import rates_of

from ratewire.model import Unit
from ratewire.read.document import Document
from ratewire.read.tongue import in_tongue, tags

PAGE = """# Priser

| Produkt | Per time | Per måned |
|---|---|---|
| Liten | 2 kr | 900 kr |
"""


def test_a_norwegian_time_is_an_hour() -> None:
    assert rates_of(PAGE, url="https://halden.example/no/priser") == [
        "liten | price | 2 NOK per hour | period hour",
        "liten | price | 900 NOK per month | period month",
    ]


def test_an_english_time_is_none() -> None:
    assert in_tongue(Unit.of("time"), frozenset({"en"})) == Unit.of("time")
    assert in_tongue(Unit.of("GB", "time", count=2), frozenset({"da"})) == Unit.of(
        "GB", "hour", count=2
    )


@pytest.mark.parametrize(
    ("language", "url", "expected"),
    [
        ("en-au", "https://halden.example/", [("en", "au")]),
        ("", "https://halden.example/zh-cn/docs", [("zh", "cn")]),
        ("", "https://halden.example/docs/no/pricing", [("no", "")]),
        ("", "https://halden.example/a/b/c/de/pricing", []),
        ("sv", "https://halden.example/en/", [("sv", ""), ("en", "")]),
    ],
)
def test_page_and_address_state_language_and_country(
    language: str, url: str, expected: list[tuple[str, str]]
) -> None:
    assert list(tags(Document("", language, ()), url)) == expected
