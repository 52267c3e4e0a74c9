"""Work on a page grows with the page and no faster, whatever it repeats: judged, read, compared."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
KNOWN = (
    "md heading '*'", "h2 '*'", "p '/'", "td '('", "p '['", "p '\\t'", "p '\\u3000'", "td '1'",
    "h2 '1'", "style 'text-decoration '", "<script> 'window.a=[1/*'", "md '\\n'", "md '```\\n'",
    "html '<br>$1'", "html '<div>'", "feed 'Jan 1, 10:00 UTC '", "json '1e9'", "numbered rows",
)  # fmt: skip
"""Shapes that once took more than their share, or that most of the readers look into."""
SAMPLE = 150
"""One in so many of all the others."""


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import hostile_pages

    return hostile_pages


def slow(pages: ModuleType, wanted: list[object]) -> list[str]:
    return [
        f"{shape.name}: {'hangs' if ratio is None else f'{ratio:.1f} times'} {told}"
        for shape, ratio, told in pages.timed(wanted)
        if ratio is None or ratio > pages.MOST
    ]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measured in a process that is forked")
def test_known_shapes_take_no_more_than_their_share(pages: ModuleType) -> None:
    by_name = {shape.name: shape for shape in pages.shapes()}
    assert slow(pages, [by_name[name] for name in KNOWN]) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measured in a process that is forked")
def test_a_sample_of_all_shapes_takes_no_more_than_its_share(pages: ModuleType) -> None:
    assert slow(pages, list(pages.shapes())[11::SAMPLE]) == []


def test_what_grows_faster_is_seen(pages: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def squares(capture: object, source: object) -> None:
        size = len(capture.body)  # type: ignore[attr-defined]
        sum(1 for _ in range(size * size // 40))

    monkeypatch.setattr(pages, "judge", squares)
    monkeypatch.setattr(pages, "LONGEST", 16_000)
    (shape,) = (shape for shape in pages.shapes() if shape.name == "p 'a: '")
    assert pages.Timed(shape).growth() > pages.MOST
