"""Pages of a few lines to their blocks: for tests of what is parsed."""

from __future__ import annotations

from reading_of import DAY

from ratewire.model import Capture
from ratewire.read.document import Document, Table, Text
from ratewire.read.reader import to_document

__all__ = ["document_of", "lines_of", "rows_of"]


def document_of(text: str, media_type: str = "text/markdown") -> Document:
    """The document of a page whose body is `text`."""
    return to_document(
        Capture("https://docs.example/pricing", text.encode(), DAY, media_type=media_type)
    )


def lines_of(text: str, media_type: str = "text/markdown") -> list[str]:
    """The runs of text of a page, without its tables."""
    return [each.text for each in document_of(text, media_type).blocks if isinstance(each, Text)]


def rows_of(text: str, media_type: str = "text/markdown") -> list[list[str]]:
    """The rows of all tables of a page."""
    tables = (each for each in document_of(text, media_type).blocks if isinstance(each, Table))
    return [[cell.text for cell in row] for table in tables for row in table.grid.rows]
