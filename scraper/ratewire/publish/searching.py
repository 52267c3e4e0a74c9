"""The index that the search page's script reads: each page's title, words about it, headings."""

from __future__ import annotations

import json
from functools import cache

from ratewire.publish.listings import Listed, Listing
from ratewire.wording.catalogue import Words

__all__ = ["search_index"]

_KINDS = frozenset({"articles", "changes", "products", "faq", "sources"})


def search_index(words: Words) -> Listing:
    """JSON, one page a line; `words` are those of the search page."""

    @cache
    def kind_of(name: str) -> str:
        return words(f"search.kind.{name}")

    def line(page: Listed) -> str:
        own = page.path.removeprefix(f"/{page.language.lower()}" if page.language else "")
        first, _, more = own.strip("/").partition("/")
        told: dict[str, object] = {
            "path": page.path,
            "title": page.title,
            "text": page.description,
            "kind": kind_of(first if first in _KINDS and (more or first == "faq") else "page"),
        }
        if page.language:
            told["language"] = page.language
        if page.headings:
            told["headings"] = page.headings
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    first, last = '{"version":1,"pages":[\n', "\n]}\n"
    return Listing("api/v1/search.json", first, last, line, between=",\n")
