"""The index that the search page's script reads: each page's title, words about it, headings."""

from __future__ import annotations

import json
from collections.abc import Iterable

__all__ = ["search_index"]

_KINDS = {
    "articles": "Article",
    "changes": "Change",
    "products": "Product",
    "faq": "Questions",
    "sources": "Source",
}


def search_index(
    pages: Iterable[tuple[str, str, str, tuple[tuple[str, str], ...]]],
) -> bytes:
    """`pages`: path, title, description, headings as (anchor, words)."""
    found: list[dict[str, str]] = []
    for path, title, description, headings in pages:
        parts = path.strip("/").split("/")
        kind = _KINDS.get(parts[0], "Page") if len(parts) > 1 or parts[0] == "faq" else "Page"
        found.append({"path": path, "title": title, "text": description, "kind": kind})
        found += [
            {"path": f"{path}#{anchor}", "title": words, "text": title, "kind": kind}
            for anchor, words in headings
        ]
    return (json.dumps({"version": 1, "entries": found}, ensure_ascii=False) + "\n").encode()
