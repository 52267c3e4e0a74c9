"""What a page shows and how it is built: all that the rules look at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice
from typing import Final

from lxml import etree, html

_UNSEEN: Final = frozenset(
    ("script", "style", "noscript", "template", "svg", "head", "iframe", "object", "math")
)
_FRAME: Final = frozenset(("nav", "header", "footer", "aside"))
_FRAME_ROLES: Final = frozenset(("navigation", "banner", "contentinfo", "complementary", "search"))
_BLOCKS: Final = frozenset(
    (
        "p", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section",
        "article", "main", "br", "dt", "dd", "button", "label", "option", "pre", "blockquote",
    )
)  # fmt: skip
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TAGS: Final = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL
)
_CONSENT_BOX: Final = re.compile(
    r"consent|cookie|gdpr|ccpa|\bcmp\b|privacy-?(?:banner|notice|wall|prompt|manager)|"
    r"onetrust|didomi|usercentrics|truste|qc-cmp|sp_message",
    re.IGNORECASE,
)
_PLACES: Final = frozenset(
    (
        "root", "app", "__next", "__nuxt", "___gatsby", "app-root", "react-root", "svelte", "main",
        "content", "mount", "application", "page-content", "main-content",
    )
)  # fmt: skip
"""Ids of the elements that applications are put into."""
_NO_DATA: Final = frozenset(("style", "d", "src", "srcset", "href", "content"))
_LITTLE: Final = 40
_MOST_LOOKED_AT: Final = 5000
"""Elements of a place among which its first words are looked for."""
_MOST_IN_HEADING: Final = 200
"""Elements in a heading or a button."""
_FEW_WORDS: Final = 400
"""On a page of fewer letters a lower heading speaks for the page, too."""
_CONTENT_THAT_WAITS: Final = 400
"""More hidden text than this is content: panels of tabs, parts of a page that streams in."""
_LONGEST_CONSENT: Final = 6000
"""What is longer is no box that asks for consent, whatever its name: a policy, say."""
_MOST: Final = 200_000
"""Characters of text that are looked at; a wall is short, and languages show early."""


@dataclass(slots=True)
class Look:
    """A page of HTML as a reader meets it before any script runs."""

    title: str = ""
    headings: list[str] = field(default_factory=list)
    """Texts of the h1 elements, in order."""
    subheadings: list[str] = field(default_factory=list)
    """Texts of h2 and h3."""
    text: str = ""
    """All visible text."""
    main: str = ""
    """Visible text outside navigation, header, footer and consent boxes."""
    consent: str = ""
    """Visible text inside consent boxes."""
    noscript: str = ""
    language: str = ""
    """The html element's `lang`, lower-case."""
    refresh: str = ""
    """Content of a `meta http-equiv=refresh`."""
    scripts: list[str] = field(default_factory=list)
    """Inline code, and the addresses of the rest."""
    data: list[str] = field(default_factory=list)
    """Scripts that hold data (JSON), and long attribute values: where readers find islands."""
    frames: list[str] = field(default_factory=list)
    """Addresses of frames."""
    names: list[str] = field(default_factory=list)
    """Ids, classes and names of elements: what the page's makers call its parts."""
    actions: list[str] = field(default_factory=list)
    """Addresses that forms go to."""
    inputs: list[str] = field(default_factory=list)
    """`type name autocomplete` of each input."""
    buttons: list[str] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    hollow: bool = False
    """A place for the content stands there, empty."""

    @property
    def heads(self) -> list[str]:
        """Title and highest headings: what the page says it is."""
        below = self.subheadings[:2] if len(self.main) <= _FEW_WORDS or not self.headings else []
        return [head for head in (self.title, *self.headings[:3], *below) if head]

    @property
    def listed(self) -> int:
        """Elements that only a page with content has many of."""
        return sum(self.tags[tag] for tag in ("table", "pre", "code", "dl"))


def look(text: str) -> Look:
    """Parse HTML as leniently as browsers do. Never raises: what cannot be parsed shows nothing."""
    seen = Look()
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        root = None
    if root is None or any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        # Nested deeper than any page is: the parser gave up, so look at the bare words.
        seen.text = seen.main = _joined(_TAGS.sub(" ", text[:_MOST]))
        return seen
    seen.language = (root.get("lang") or root.get("xml:lang") or "").strip().lower()
    _read_head(root, seen)
    body = root.find("body")
    _read_body(root if body is None else body, seen)
    return seen


def _read_head(root: html.HtmlElement, seen: Look) -> None:
    """What no reader sees: title, refresh, scripts and what stands in for them."""
    title = root.find(".//title")
    seen.title = _joined("".join(title.itertext())) if title is not None else ""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh":
            seen.refresh = meta.get("content") or ""
    for script in root.iter("script"):
        kind, code = (script.get("type") or "").lower(), script.text or ""
        if "json" in kind:
            seen.data.append(code)
        else:
            seen.scripts.append(script.get("src") or code[:_MOST])
        if script.get("id"):
            seen.names.append(script.get("id") or "")
    seen.noscript = " ".join(_joined(" ".join(e.itertext())) for e in root.iter("noscript"))


class _TextPlace(Enum):
    """Where a piece of text stands."""

    PAGE = auto()
    CONTENT = auto()
    """Inside main or article, where a header is the content's own."""
    FRAME = auto()
    CONSENT = auto()
    HIDDEN = auto()
    UNSEEN = auto()


def _read_body(body: html.HtmlElement, seen: Look) -> None:
    """One pass in document order, without recursion: pages nest deeper than Python does."""
    said: dict[_TextPlace, list[str]] = {place: [] for place in _TextPlace}
    visible: list[str] = []
    todo: list[tuple[html.HtmlElement | str, _TextPlace]] = [(body, _TextPlace.PAGE)]
    while todo:
        item, place = todo.pop()
        if isinstance(item, str):
            said[place].append(item)
            if place not in (_TextPlace.HIDDEN, _TextPlace.UNSEEN):
                visible.append(item)
            continue
        if isinstance(item.tag, str):
            place = _place(item, place)
            if place is not _TextPlace.UNSEEN:
                _note(item, seen)
            for child in reversed(item):
                gap = " " if child.tag in _BLOCKS else ""
                todo += ((gap + (child.tail or ""), place), (child, place))
            todo.append(((" " if item.tag in _BLOCKS else "") + (item.text or ""), place))
    main = _joined("".join(said[_TextPlace.PAGE] + [" "] + said[_TextPlace.CONTENT]))
    hidden, seen.consent = (
        _joined("".join(said[_TextPlace.HIDDEN])),
        _joined("".join(said[_TextPlace.CONSENT])),
    )
    seen.text = _joined("".join(visible))
    if len(hidden) > _CONTENT_THAT_WAITS:
        main, seen.text = f"{main} {hidden}", f"{seen.text} {hidden}"
    if len(seen.consent) > _LONGEST_CONSENT:
        main, seen.consent = f"{main} {seen.consent}", ""
    seen.main = main


def _place(element: html.HtmlElement, outer: _TextPlace) -> _TextPlace:
    """The place inside an element that itself stands in `outer`."""
    tag = element.tag
    if outer is _TextPlace.UNSEEN or tag in _UNSEEN:
        return _TextPlace.UNSEEN
    if tag == "body":
        return outer
    if outer is _TextPlace.HIDDEN or element.get("hidden") is not None or _is_hidden(element):
        return _TextPlace.HIDDEN
    if outer is _TextPlace.CONSENT or _is_consent_box(element):
        return _TextPlace.CONSENT
    if tag in ("main", "article") or element.get("role") == "main":
        return _TextPlace.CONTENT
    framed = tag in _FRAME or element.get("role") in _FRAME_ROLES
    return _TextPlace.FRAME if framed and outer is _TextPlace.PAGE else outer


def _is_hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))


def _is_consent_box(element: html.HtmlElement) -> bool:
    name = f"{element.get('id') or ''} {element.get('class') or ''}"
    if len(name) < 3 or element.tag == "main" or not _CONSENT_BOX.search(name):
        return False
    # What holds the page's own parts is its frame, named for the box that it may show.
    return next(element.iter("main", "article", "nav", "table"), None) is None


def _note(element: html.HtmlElement, seen: Look) -> None:
    """What an element tells beside its text."""
    tag = element.tag
    seen.tags[tag] += 1
    for name, value in element.items():
        if name in ("id", "class", "name"):
            seen.names.append(value)
        elif len(value) > 500 and name not in _NO_DATA:
            seen.data.append(value)
    match tag:
        case "h1":
            seen.headings.append(_words_in(element))
        case "h2" | "h3":
            seen.subheadings.append(_words_in(element))
        case "button":
            seen.buttons.append(_words_in(element))
        case "iframe":
            seen.frames.append(element.get("src") or "")
        case "form":
            seen.actions.append(element.get("action") or "")
        case "input":
            facts = (element.get("type") or "text", element.get("name"), element.get("id"))
            seen.inputs.append(" ".join(fact.lower() for fact in facts if fact))
            if element.get("type") in ("submit", "button"):
                seen.buttons.append(element.get("value") or "")
    is_place = (element.get("id") or "").lower() in _PLACES or tag in ("main", "app-root")
    if is_place and not seen.hollow and len(_joined(" ".join(_first_texts(element)))) <= _LITTLE:
        seen.hollow = True


def _words_in(element: html.HtmlElement) -> str:
    """Its text; only the first of it where it holds very many elements, which may hold as many."""
    few = next(islice(element.iter(), _MOST_IN_HEADING, None), None) is None
    texts = element.itertext() if few else _first_texts(element, _MOST_IN_HEADING)
    return _joined(" ".join(texts))


def _first_texts(element: html.HtmlElement, most: int = _MOST_LOOKED_AT) -> Iterator[str]:
    """Enough of the visible text under an element to tell whether there is any."""
    size = 0
    for child in islice(element.iter(), most):
        if not isinstance(child.tag, str):
            continue
        texts = (
            "" if child.tag in _UNSEEN else child.text,
            child.tail if child is not element else "",
        )
        for text in texts:
            if text and text.strip():
                size += len(text.strip())
                yield text
        if size > _LITTLE:
            return


def _joined(text: str) -> str:
    return " ".join(text.split())
