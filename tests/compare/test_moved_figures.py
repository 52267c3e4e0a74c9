"""Figures that moved are looked for among those of their value, of many only among the nearest."""

from __future__ import annotations

from typing import Any

import pytest
from tests.compare.captures import compared, said

from ratewire.compare import elsewhere
from ratewire.compare.places import Printed


def page(names: list[str], price: str = "$5") -> str:
    rows = "\n".join(f"| {name} | {price} |" for name in names)
    return f"# Pricing\n\n| Product | Price per seat and month |\n|---|---|\n{rows}\n"


@pytest.mark.parametrize("size", [500, 1000])
def test_the_work_grows_with_the_page(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed = 0
    whole = elsewhere._named_alike

    def counted(one: Printed, other: Printed) -> Any:
        nonlocal weighed
        weighed += 1
        return whole(one, other)

    monkeypatch.setattr(elsewhere, "_named_alike", counted)
    monkeypatch.setattr(elsewhere, "_common", lambda _: set())
    compared(page([f"Otter v{n}" for n in range(size)]), page([f"Heron s{n}" for n in range(size)]))
    assert 0 < weighed <= size * elsewhere._NEAR + elsewhere._PAIRS


def test_one_that_moved_to_a_sentence_is_found_among_many() -> None:
    names = [f"Otter {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    after = page(names[:-1]) + "\nThe price of Otter z is $5 per seat and month.\n"
    assert said(compared(page(names), after)) == []
