"""Switchers (tabs, `Standard | Batch`): which elements are panes, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.read.document import Pane
from scraper.read.markup import HEADINGS, Element, hides, tidy

__all__ = ["Tabs", "find_tabs", "pane_of"]

_PANE_TAGS = frozenset({"tab", "tabitem", "tabpanel", "tab-panel", "tab-item", "hfoption"})
_LABEL_ATTRIBUTES = ("title", "label", "data-label", "data-title", "aria-label", "data-tab",
                     "data-value", "data-name", "value", "name", "id")  # fmt: skip
_LONGEST = 60
"""Characters of a tab's text."""


@dataclass(frozen=True, slots=True)
class Tabs:
    """All tabs of a page: texts, and the names of their switchers, by the id of the pane that a
    tab controls and by its own.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    switchers: Mapping[str, str] = field(default_factory=dict)


def find_tabs(top: Element) -> Tabs:
    """The tabs anywhere under an element."""
    labels: dict[str, str] = {}
    switchers: dict[str, str] = {}
    for tab in top.iter("button", "a", "li", "div", "span", "label"):
        if tab.get("role") != "tab" and tab.get("aria-controls") is None:
            continue
        keys = [key for key in (tab.get("aria-controls"), tab.get("id")) if key]
        if not keys or len(tab) > 8:
            continue
        text = tidy(" ".join(map(str, tab.itertext())))
        if text and len(text) < _LONGEST:
            name = _switcher(tab)
            for key in keys:
                labels[key] = text
                switchers[key] = name
    return Tabs(labels, switchers)


def _switcher(tab: Element) -> str:
    parent = tab.getparent()
    for _ in range(3):
        if parent is None:
            return ""
        if parent.get("role") == "tablist":
            return tidy(parent.get("aria-label") or "")
        parent = parent.getparent()
    return ""


def pane_of(element: Element, tag: str, tabs: Tabs) -> Pane | None:
    """The pane that an element is; None where it is none."""
    if tag in HEADINGS or tag in ("li", "tr", "td", "th", "body", "p", "a"):
        return None
    group = _group(element, tag)
    if not group:
        return None
    names = tuple(_label(member, tabs) for member in group)
    label = names[group.index(element)]
    if not label or not all(names) or len(set(names)) != len(names):
        return None
    return Pane(label, names, _of(element, tabs.switchers))


def _group(element: Element, tag: str) -> list[Element]:
    """The panes of the switcher that this element is a pane of; empty where it is none."""
    parent = element.getparent()
    if parent is None:
        return []
    if element.get("role") == "tabpanel":
        return [child for child in parent if child.get("role") == "tabpanel"]
    if tag in _PANE_TAGS:
        return [child for child in parent if child.tag == tag]
    if element.get("hidden") is None and not _alternates_hidden(element):
        return []
    shape = _shape(element)
    group = [child for child in parent if child.tag == element.tag and _shape(child) == shape]
    return group if len(group) > 1 else []


def _alternates_hidden(element: Element) -> bool:
    """Stands beside a hidden twin."""
    for step in (element.getnext(), element.getprevious()):
        if step is not None and step.tag == element.tag and step.get("hidden") is not None:
            return True
    return False


def _shape(element: Element) -> frozenset[str]:
    """Names of the attributes that a pane has in common with its siblings."""
    return frozenset(
        name
        for name in map(str, element.attrib)
        if name not in ("hidden", "style", "class", "tabindex") and not name.startswith("aria-")
    )


def _label(pane: Element, tabs: Tabs) -> str:
    if known := _of(pane, tabs.labels):
        return known
    for name in _LABEL_ATTRIBUTES[:3]:
        if pane.get(name):
            return tidy(pane.get(name) or "")
    first = next((child for child in pane if isinstance(child.tag, str)), None)
    if first is not None and hides(first):
        text = tidy(" ".join(map(str, first.itertext())))
        if text and len(text.split()) <= 5:
            return text
    for name in _LABEL_ATTRIBUTES[3:]:
        if pane.get(name):
            return tidy((pane.get(name) or "").replace("-", " ").replace("_", " "))
    return ""


def _of(pane: Element, names: Mapping[str, str]) -> str:
    """What the tab says that controls the pane."""
    for key in (pane.get("aria-labelledby"), pane.get("id")):
        if key and key in names:
            return names[key]
    return ""
