"""Pages as text, read and compared: for tests of what two captures differ in."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ratewire.compare import ReadingsCompared, compare_readings
from ratewire.model import Alteration, Capture, Rate, Reading, Source
from ratewire.read import read

__all__ = ["compared", "reading_of", "said"]

SOURCE = Source("prices", "Prices", "Otter", "https://otter.example/pricing")
DAY = date(2026, 3, 2)


def reading_of(text: str, on: date = DAY) -> Reading:
    """What is read of a page: HTML where it begins with a tag, else Markdown."""
    kind = "text/html" if text.lstrip().startswith("<") else "text/markdown"
    at = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return read(Capture(SOURCE.url, text.encode(), at, media_type=kind), SOURCE)


def compared(
    before: str, after: str, *, since: date = date(2026, 3, 1), on: date = DAY
) -> ReadingsCompared:
    return compare_readings(
        reading_of(before, since), reading_of(after, on), on=on, since=since, source=SOURCE
    )


def said(found: ReadingsCompared) -> list[str]:
    """`kind old>new` of each alteration, sorted; first `held: guard`, last `unread`."""
    held = [f"held: {found.held.guard}"] if found.held else []
    unread = [f"unread {each.old}>{each.new}" for each in found.unread]
    return [*held, *sorted(map(_line, found.alterations)), *unread]


def _line(a: Alteration) -> str:
    old, new = (
        f"{side.amount.normalize():f}" if isinstance(side, Rate) else "-" if side is None else "+"
        for side in (a.before, a.after)
    )
    return f"{a.kind} {old}>{new}"
