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

    found: list[dict[str, object]] = []
    for path, title, description, headings, language in pages:
        parts = path.removeprefix(f"/{language.lower()}" if language else "").strip("/").split("/")
        below = len(parts) > 1 or parts[0] == "faq"
        kind = kind_of(parts[0] if below and parts[0] in _KINDS else "page")
        page: dict[str, object] = {"path": path, "title": title, "text": description, "kind": kind}
        if language:
            page["language"] = language
        if headings:
            page["headings"] = headings
        found.append(page)
    index = {"version": 1, "pages": found}
    return (json.dumps(index, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
