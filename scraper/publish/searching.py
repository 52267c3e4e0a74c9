"""The index that the search page's script reads: each page's title, words about it, headings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache

from scraper.publish.words import Words

__all__ = ["search_index"]

_KINDS = frozenset({"articles", "changes", "products", "faq", "sources"})
Found = tuple[str, str, str, tuple[tuple[str, str], ...], str]
"""Path, title, description, headings as (anchor, words), and the language if not the site's."""


def search_index(pages: Iterable[Found], words: Words) -> bytes:
    """The index in JSON; `words` are those of the search page."""

    @cache
    def kind_of(name: str) -> str:
        return words(f"search.kind.{name}")

    found: list[dict[str, str]] = []
    for path, title, description, headings, language in pages:
        parts = path.removeprefix(f"/{language.lower()}" if language else "").strip("/").split("/")
        below = len(parts) > 1 or parts[0] == "faq"
        kind = kind_of(parts[0] if below and parts[0] in _KINDS else "page")
        own = {"kind": kind} | ({"language": language} if language else {})
        found.append({"path": path, "title": title, "text": description, **own})
        found += [
            {"path": f"{path}#{anchor}", "title": heading, "text": title, **own}
            for anchor, heading in headings
        ]
    return (json.dumps({"version": 1, "entries": found}, ensure_ascii=False) + "\n").encode()
