"""Bold lines as headings."""

from __future__ import annotations

from typing import Any

from lxml import html

from ratewire.read.headings import is_bold_line, scope_of


class Wide:
    """An element with very many children, which nobody may count: that takes as long."""

    text = None

    def __iter__(self) -> Any:
        return iter(html.fragment_fromstring("<div><p><b>a</b></p><p>b</p></div>"))

    def __len__(self) -> int:
        raise AssertionError("the children were counted")


class Line:
    box = Wide()

    def getparent(self) -> Any:
        return self.box


def test_the_box_of_a_bold_line_is_found_without_counting_its_children() -> None:
    line: Any = Line()
    assert scope_of(line) is Line.box


def test_a_wrapper_of_the_line_alone_is_not_its_box() -> None:
    box = html.fragment_fromstring("<div><div><p><b>a</b></p></div><p>b</p></div>")
    line = box[0][0]
    assert is_bold_line(line, "p")
    assert scope_of(line) is box
