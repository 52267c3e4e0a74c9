from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import lumen
from hypothesis import given
from hypothesis import strategies as st

from ratewire.model import Unit
from ratewire.publish.charts import line_of, sparkline, step_chart
from ratewire.publish.stated import Point

THOUSAND = Unit.of("token", count=1000)


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def point(number: int, amount: str | None, unit: Unit = lumen.MILLION) -> Point:
    rate = None if amount is None else lumen.rate("p", "m", amount, unit)
    return Point(day(number), rate, f"c{number}")


def test_another_unit_is_brought_to_the_last_one() -> None:
    line = line_of([point(1, "0.03", THOUSAND), point(5, "30")], day(9))
    assert [amount for _, amount in line.points] == [Decimal(30), Decimal(30)]
    assert not line.moves
    assert line.words == ("$0.03 per 1K tokens", "$30.00 per 1M tokens")


def test_what_no_unit_can_express_is_left_out() -> None:
    line = line_of([point(1, "0.2", Unit.of("image")), point(5, "30")], day(9))
    assert (line.words, line.changes) == (("$30.00 per 1M tokens",), ("c5",))


def test_a_chart_steps_and_is_told_in_words() -> None:
    line = line_of([point(1, "40"), point(5, "30")], day(9))
    svg = ElementTree.fromstring(str(step_chart(line, "Output <b>", "k")))
    path = svg.find("path[@d]")
    assert path is not None
    assert path.get("d") == "M4 22H180V43.5H356"
    told = [element.text for element in svg.iter("desc")]
    assert told == [
        "$40.00 per 1M tokens from 1 January 2026; $30.00 per 1M tokens from 5 January 2026"
    ]
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "k-t k-d"


def test_a_gap_where_nothing_was_offered() -> None:
    line = line_of([point(1, "40"), point(3, None), point(5, "30")], day(9))
    path = ElementTree.fromstring(str(step_chart(line, "x", "k"))).find("path[@d]")
    assert path is not None
    assert (path.get("d") or "").count("M") == 2
    assert line.words[1] == "not offered"


def test_a_steady_rate_has_no_sparkline() -> None:
    assert not sparkline(line_of([point(1, "40")], day(9)))
    assert "path" in sparkline(line_of([point(1, "40"), point(2, "41")], day(9)))


@given(st.lists(st.one_of(st.none(), st.decimals("0", "1e6", places=4)), min_size=1, max_size=20))
def test_every_history_gives_a_well_formed_picture(amounts: list[Decimal | None]) -> None:
    points = [point(i + 1, None if a is None else str(a)) for i, a in enumerate(amounts)]
    line = line_of(points, day(25))
    picture = str(step_chart(line, "x", "k"))
    if line.points:
        svg = ElementTree.fromstring(picture)
        _, _, width, height = map(float, (svg.get("viewBox") or "").split())
        for circle in svg.iter("circle"):
            assert 0 <= float(circle.get("cx") or -1) <= width
            assert 0 <= float(circle.get("cy") or -1) <= height
