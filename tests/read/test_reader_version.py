"""A page that is read otherwise than before is told from a page that changed by the reader's
version, so the version has to move with what is read.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from reading_of import DAY

from ratewire.model import Capture, Evidence, Source
from ratewire.read import READER_VERSION, read
from ratewire.record.codec import encode_line, plain

FIXTURES = Path(__file__).parents[1] / "fixtures"
MEDIA_TYPES = {".html": "text/html", ".md": "text/markdown", ".mdx": "text/markdown"}
URL = "https://example.com/pricing"
READ_BY = {
    "2": "eb94274d117e11d5",
    "3": "ca9a350bcbc49b36",
    "4": "af6b29cf0ffba156",
    "5": "30475e6023452ed8",
    "6": "f3e231bd0cfea70d",
    "7": "e0ceabf62093c988",
    "8": "a5a0e4ffed9fe9de",
    "9": "4d41d3b8f9b7c967",
}
"""What each version read in the fixtures, as one digest."""


def reads(page: Path) -> bytes:
    """All facts, without their evidence, which is never compared."""
    capture = Capture(URL, page.read_bytes(), DAY, media_type=MEDIA_TYPES[page.suffix])
    facts = read(capture, Source("page", "Page", "Example", URL)).facts
    bare = (encode_line(plain(replace(fact, evidence=Evidence()))) for fact in facts)
    return b"".join([page.name.encode(), *bare, *map(str.encode, facts.missing)])


def test_the_version_moves_with_what_is_read() -> None:
    pages = sorted(each for each in FIXTURES.rglob("*") if each.suffix in MEDIA_TYPES)
    digest = hashlib.sha256(b"".join(map(reads, pages))).hexdigest()[:16]
    assert READ_BY.get(READER_VERSION) == digest, (
        "the fixtures are read otherwise than before. Where it is they that changed, put the new "
        "digest in place of the old one; else give READER_VERSION in ratewire/read/__init__.py "
        "the next number, and list that here with the new digest"
    )
