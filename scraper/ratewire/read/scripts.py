"""The price lists in a page's scripts, and those that an answer in JSON is."""

from __future__ import annotations

from typing import Any

from ratewire.errors import ReadError
from ratewire.read.document import Document, Table
from ratewire.read.embedded import flight_html, price_lists
from ratewire.read.markup import Element
from ratewire.read.offers import offers
from ratewire.read.payloads import (
    LONGEST,
    flight_payloads,
    json_payload,
    state_payloads,
)  # fmt: skip

__all__ = ["json_document", "script_tables"]


def json_document(text: str) -> Document | None:
    """A JSON answer as a document of its price lists; None where it is no JSON that has any.

    Raises ReadError where it is too long to be read.
    """
    if len(text) > LONGEST and text.rstrip()[-1:] in ("}", "]"):
        raise ReadError(f"JSON of more than {LONGEST:,} characters is not read; watch a part of it")
    data = json_payload(text)
    if not isinstance(data, dict | list):
        return None
    linked = "@context" in data or "@graph" in data if isinstance(data, dict) else False
    return Document("", "", tuple(offers(data) if linked else price_lists(data)))


def script_tables(root: Element) -> tuple[list[Table], str]:
    """The price lists that the scripts of a page carry, and the tables among streamed components
    as HTML.
    """
    tables: list[Table] = []
    flight: list[str] = []
    linked: list[Any] = []
    for script in root.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if "__next_f" in text:
            flight.append(text)
        elif "ld+json" in kind:
            linked.append(json_payload(text))
        elif kind.endswith("json"):
            tables += price_lists(json_payload(text))
        else:
            for state in state_payloads(text):
                tables += price_lists(state)
    streamed = list(flight_payloads(flight))
    tables += (*offers(linked), *price_lists(streamed))
    return tables, flight_html(streamed)
