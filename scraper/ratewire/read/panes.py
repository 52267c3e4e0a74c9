"""Switchers (tabs, `Standard | Batch`): which elements are panes, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ratewire.read.bounds import LONGEST_HEADING
from ratewire.read.document import Pane
from ratewire.read.markup import HEADINGS, Element, hides, tidy

__all__ = ["Tabs", "find_tabs", "pane_of"]

_T = TypeVar("_T")
_PANE_TAGS = frozenset({"tab", "tabitem", "tabpanel", "tab-panel", "tab-item", "hfoption"})
_LABEL_ATTRIBUTES = ("title", "label", "data-label", "data-title", "aria-label", "data-tab",
                     "data-value", "data-name", "value", "name", "id")  # fmt: skip
_SHOWN = "shown by a tab"
_LONGEST = 60
_SPACED = str.maketrans("-_", "  ")
"""Characters of a tab's text."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The panes of a switcher and what each is called; without labels where that is not told."""

    labels: Mapping[Element, str]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tabs:
    """All tabs of a page: texts, and the names of their switchers, by the id of the pane that a
    tab controls and by its own.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    switchers: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The texts of all tabs of the same list."""
    shown: frozenset[str] = frozenset()
    """Ids of what tabs of Bootstrap's make show."""
    groups: dict[tuple[Element, str], _Group] = field(default_factory=dict)
    """Those that were met: by the element they lie in, and what makes them panes."""


def find_tabs(top: Element) -> Tabs:
    """The tabs anywhere under an element."""
    labels: dict[str, str] = {}
    switchers: dict[str, str] = {}
    beside: dict[Element | None, list[str]] = {}
    lists: dict[str, Element | None] = {}
    shown: set[str] = set()
    for tab in top.iter("button", "a", "li", "div", "span", "label"):
        controls = tab.get("aria-controls") or _toggled(tab)
        if tab.get("role") != "tab" and not controls:
            continue
        keys = [key for key in (controls, tab.get("id")) if key]
        if not keys or len(tab) > 8:
            continue
        text = tidy(" ".join(map(str, tab.itertext())))
        if text and len(text) < _LONGEST:
            shown.add(_toggled(tab))
            tablist = _tablist(tab)
            name = (
                "" if tablist is None else tidy((tablist.get("aria-label") or "")[:LONGEST_HEADING])
            )
            beside.setdefault(tablist, []).append(text)
            for key in keys:
                labels[key] = text
                switchers[key] = name
                lists[key] = tablist
    told = {key: tuple(beside[each]) for key, each in lists.items() if each is not None}
    return Tabs(labels, switchers, told, frozenset(filter(None, shown)))


def _toggled(tab: Element) -> str:
    """The id of what a tab of Bootstrap's make shows: `<a data-toggle="tab" href="#…">`."""
    if (tab.get("data-bs-toggle") or tab.get("data-toggle")) not in ("tab", "pill"):
        return ""
    shown = tab.get("data-bs-target") or tab.get("data-target") or tab.get("href") or ""
    return shown[1:] if shown.startswith("#") else ""


def _tablist(tab: Element) -> Element | None:
    parent = tab.getparent()
    for _ in range(3):
        if parent is None or parent.get("role") == "tablist" or _lists_tabs(parent):
            return parent
        parent = parent.getparent()
    return None


def _lists_tabs(parent: Element) -> bool:
    """A list of tabs that does not say so: several of its children hold one."""
    if parent.tag not in ("ul", "ol", "nav", "div"):
        return False
    held = sum(any(map(_toggled, child.iter("a", "button"))) for child in parent)
    return held > 1


def pane_of(element: Element, tag: str, tabs: Tabs) -> Pane | None:
    """The pane that an element is; None where it is none, or the only one of its switcher."""
    if tag in HEADINGS or tag in ("li", "tr", "td", "th", "body", "p", "a"):
        return None
    group = _group(element, tag, tabs)
    if group is None:
        return None
    if element not in group.labels:
        label, beside = _of(element, tabs.labels, ""), _of(element, tabs.beside, ())
        return (
            Pane(label, beside, _of(element, tabs.switchers, "")) if len(set(beside)) > 1 else None
        )
    return Pane(group.labels[element], group.names, _of(element, tabs.switchers, ""))


def _group(element: Element, tag: str, tabs: Tabs) -> _Group | None:
    """The panes of the switcher that this element is a pane of."""
    parent = element.getparent()
    if parent is None:
        return None
    if element.get("role") == "tabpanel":
        kind = "tabpanel"
    elif tag in _PANE_TAGS:
        kind = tag
    elif element.get("id") in tabs.shown:
        kind = _SHOWN
    elif element.get("hidden") is not None or _alternates_hidden(element):
        kind = f"{tag} {sorted(_shape(element))}"
    else:
        return None
    known = tabs.groups.get((parent, kind))
    if known is None:
        members = [child for child in parent if _is_of(child, kind, tabs)]
        labels = {member: _label(member, tabs) for member in members}
        names = tuple(labels.values())
        told = len(names) > 1 and all(names) and len(set(names)) == len(names)
        known = tabs.groups[parent, kind] = _Group(labels if told else {}, names)
    return known


def _is_of(child: Element, kind: str, tabs: Tabs) -> bool:
    if kind == _SHOWN:
        return child.get("id") in tabs.shown
    if kind == "tabpanel":
        return bool(child.get("role") == kind)
    return bool(child.tag == kind) or f"{child.tag} {sorted(_shape(child))}" == kind


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
    if known := _of(pane, tabs.labels, ""):
        return known
    for name in _LABEL_ATTRIBUTES[:3]:
        if pane.get(name):
            return tidy((pane.get(name) or "")[:LONGEST_HEADING])
    first = next((child for child in pane if isinstance(child.tag, str)), None)
    if first is not None and hides(first):
        text = tidy(" ".join(map(str, first.itertext())))
        if text and len(text) <= LONGEST_HEADING and len(text.split()) <= 5:
            return text
    for name in _LABEL_ATTRIBUTES[3:]:
        if pane.get(name):
            return tidy((pane.get(name) or "")[:LONGEST_HEADING].translate(_SPACED))
    return ""


def _of(pane: Element, names: Mapping[str, _T], default: _T) -> _T:
    """What is known of the tab that controls the pane."""
    for key in (pane.get("aria-labelledby"), pane.get("id")):
        if key and key in names:
            return names[key]
    return default
