"""The pages under pages/: many in a file, each below a line `=== kind name key=value …`.

Keys: `status`, `type` (media type), `url` (final address), `language`, `currency`, `text` (expected
words, `+` for blanks). A page of kind `genuine` is one that a careless judge would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ratewire.model import Capture, Expectations, Source, VerdictKind

FOLDER = Path(__file__).parent / "pages"
ASKED = "https://www.example.com/docs/pricing"
_HEAD = re.compile(r"^=== (\S+) (\S+)(.*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    name: str
    kind: VerdictKind
    capture: Capture
    source: Source


def pages() -> Iterator[Page]:
    for file in sorted(FOLDER.glob("*.txt")):
        text = file.read_text("utf-8")
        heads = list(_HEAD.finditer(text))
        for head, following in zip(heads, [*heads[1:], None], strict=True):
            body = text[head.end() : following.start() if following else len(text)]
            yield _page(file.stem, head, body.rstrip("\n"))


def _page(group: str, head: re.Match[str], body: str) -> Page:
    keys = dict(pair.split("=", 1) for pair in head[3].split())
    url = keys.get("url", ASKED)
    expected = tuple(words.replace("+", " ") for words in filter(None, [keys.get("text", "")]))
    return Page(
        name=f"{group}/{head[2]}",
        kind=VerdictKind(head[1]),
        capture=Capture(
            url=url,
            requested_url=ASKED if url != ASKED else "",
            body=body.encode("utf-8"),
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            status=int(keys.get("status", "200")),
            media_type=keys.get("type", "text/html"),
        ),
        source=Source(
            id="acme",
            name="Acme pricing",
            publisher="Acme",
            url=ASKED,
            expect=Expectations(
                language=keys.get("language", ""),
                currency=keys.get("currency", ""),
                text=expected,
            ),
        ),
    )
