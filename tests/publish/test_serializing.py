"""Elements as HTML: the library's own serializer is the measure."""

from __future__ import annotations

from xml.etree.ElementTree import Comment, Element, ProcessingInstruction, QName, SubElement

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown.serializers import to_html_string

from ratewire.publish.serializing import serialize

WORDS = st.text("ab &;<>\"'\n#x1é", max_size=8)
TAGS = st.sampled_from(["p", "a", "br", "IMG", "script", "Style", "hr", "x-y"])
NAMES = st.sampled_from(["class", "href", "checked", "a", "data-x"])


def element(
    tag: str, attributes: dict[str, str], text: str, tail: str, children: list[Element]
) -> Element:
    made = Element(tag, attributes)
    made.text, made.tail = text or None, tail or None
    made.extend(children)
    return made


def elements(below: st.SearchStrategy[list[Element]]) -> st.SearchStrategy[Element]:
    attributes = st.dictionaries(NAMES, WORDS, max_size=3)
    return st.builds(element, TAGS, attributes, WORDS, WORDS, below)


LEAVES = elements(st.builds(list[Element]))


@given(st.recursive(LEAVES, lambda inner: elements(st.lists(inner, max_size=3)), max_leaves=8))
def test_elements_come_out_as_the_library_writes_them(root: Element) -> None:
    assert serialize(root) == to_html_string(root)


def unusual() -> list[Element]:
    boolean = Element("input", {"checked": "checked"})
    valueless = Element("video")
    valueless.attrib["controls"] = None  # type: ignore[assignment]
    named = Element(QName("urn:x", "b"))  # type: ignore[arg-type]
    commented, told = Element("p"), Element("p")
    commented.append(Comment("a < b"))
    told.append(ProcessingInstruction("x", "y"))
    deep = inner = Element("div")
    for _ in range(5000):
        inner = SubElement(inner, "div")
    return [boolean, valueless, named, commented, told, deep]


@pytest.mark.parametrize("root", unusual())
def test_what_is_unusual_is_left_to_the_library(root: Element) -> None:
    assert serialize(root) == to_html_string(root)
