"""One capture to one reading: every reader over every block of the page."""

from __future__ import annotations

from scraper.model import Capture, Facts, Reading, Source
from scraper.read.document import Document, Table
from scraper.read.drafts import settle
from scraper.read.html import parse_html
from scraper.read.markdown import looks_like_markdown, markdown_to_html
from scraper.read.page import survey
from scraper.read.tables import read_table

__all__ = ["READER_VERSION", "read", "to_document"]

READER_VERSION = "1"
"""Raised when the same page may read differently than before."""

_MARKDOWN_TYPES = ("text/markdown", "text/mdx", "text/x-markdown")


def read(capture: Capture, source: Source) -> Reading:
    """Read all facts of a genuine capture. Raises ReadError where it cannot be parsed at all."""
    document = to_document(capture)
    page = survey(document, source.hints, capture.fetched_at.date(), capture.url)
    drafts = [
        draft
        for at, block in enumerate(document.blocks)
        if isinstance(block, Table)
        for draft in read_table(at, page)
    ]
    rates, marks = settle(drafts)
    return Reading(Facts(rates=rates), marks)


def to_document(capture: Capture) -> Document:
    """The capture's page as blocks, whatever it is written in."""
    text = capture.text
    markdown = capture.media_type in _MARKDOWN_TYPES or (
        capture.media_type in ("", "text/plain") and looks_like_markdown(text)
    )
    return parse_html(markdown_to_html(text) if markdown else text)
