"""Amounts, units and numbers in hostile texts take work in proportion to the text's length."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType

import pytest

from ratewire.read.meters import read_heading
from ratewire.read.quantities import find_amounts, find_currency, find_unit, parse_number, read_cell
from ratewire.read.unit_texts import billed_unit

PIECES = (
    "*", "$1 ¥1", "¥1", "$1", "/", "(", "[", "$", "1,11,", "1 111 ", "1,111", "9", "per ",
    "per token ", "/token", "元", "100万", "1M tokens ", "月額", "monthly ", "$1/a ", "$1 - ",
    "$5 per GB of ", "are billed ", "additional ", "plus VAT ", "$1 plus VAT ", "1p ", "from ",
    "$1 – $2 ", "$1/hr – ", "あたり", "1K/2K ", "_", "\\", "\\$1", " ", "\u00a0", "- ", "~", "→",
    "1.", "kr ", "A$", "each ", "of ", "$1.", "(($1", "x", "é", "для ", "$1 a ", "per 1K/",
    "$1 per user of a b ", "per user - - - ", "Requests per ", "$1 → ", "was $1 ", "1–",
)  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    # Past what is remembered of texts read before.
    "find_amounts": lambda text: find_amounts(text, currency="AUD"),
    "find_unit": find_unit.__wrapped__,
    "find_currency": find_currency.__wrapped__,
    "billed_unit": billed_unit,
    "read_cell": read_cell,
    "parse_number": parse_number,
    "read_heading": read_heading.__wrapped__,
}
TIMES = 4
MOST = 1.6 * TIMES
"""Work that grows with the square grows sixteenfold; what is spent once only takes from that."""


WEIGHS = 4_000_000
"""Nanoseconds; less is jitter."""


def hostile(piece: str, length: int, end: str) -> str:
    return "$1 " + (piece * (length // len(piece) + 1))[:length] + end


def calls(read: Callable[[str], object], text: str) -> int:
    """How many functions, of Python or C, are called in reading a text."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return count


def effort(read: Callable[[str], object], text: str) -> int:
    """Processor time in nanoseconds, the least of a few runs: what the patterns themselves do."""
    least = sys.maxsize
    for _ in range(2):
        begun = time.process_time_ns()
        read(text)
        least = min(least, time.process_time_ns() - begun)
    return least


@pytest.mark.parametrize("name", READERS)
def test_calls_grow_with_the_length_of_the_text(name: str) -> None:
    read = READERS[name]
    for piece in PIECES:
        read(hostile(piece, 100, " x$1"))  # patterns are made at their first use
        short = calls(read, hostile(piece, 300, " x$1"))
        long = calls(read, hostile(piece, 300 * TIMES, " x$1"))
        assert long <= max(short, 50) * MOST, piece


@pytest.mark.parametrize("name", READERS)
def test_patterns_grow_with_the_length_of_the_text(name: str) -> None:
    """Measured from a length on at which the patterns weigh, which few need long texts for."""
    read = READERS[name]
    for piece in PIECES:
        length = 500
        while (short := effort(read, hostile(piece, length, " $1"))) < WEIGHS and length < 16_000:
            length *= 2
        long = effort(read, hostile(piece, length * TIMES, " $1"))
        assert long <= max(short, WEIGHS) * 1.5 * MOST, piece
