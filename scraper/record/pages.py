"""A capture as one compressed file: a line of JSON that says what it is, then the body."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime

import zstandard

from scraper.errors import StoreError
from scraper.model import Capture

__all__ = ["pack", "unpack"]

_LARGEST = 200_000_000
"""Bytes of a page unpacked; more than any capture may have is damage."""


def pack(capture: Capture) -> bytes:
    """The same capture gives the same bytes (with the same zstd library)."""
    head = {
        field.name: getattr(capture, field.name)
        for field in fields(capture)
        if field.name not in {"body", "fetched_at", "headers"}
    } | {"fetched_at": capture.fetched_at.isoformat(), "headers": dict(capture.headers)}
    line = json.dumps(head, sort_keys=True, ensure_ascii=False).encode()
    return zstandard.ZstdCompressor(level=12).compress(line + b"\n" + capture.body)


def unpack(data: bytes, sha256: str) -> Capture:
    """The inverse of `pack`. Raises StoreError where it is not the capture of that digest."""
    try:
        plain = zstandard.ZstdDecompressor().decompress(data, max_output_size=_LARGEST)
        line, _, body = plain.partition(b"\n")
        head = json.loads(line)
        head["fetched_at"] = datetime.fromisoformat(head["fetched_at"])
        capture = Capture(body=body, **head)
    except (zstandard.ZstdError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"not a stored page: {error}") from error
    if capture.sha256 != sha256:
        raise StoreError(f"the page's digest is {capture.sha256}, not {sha256}")
    return capture
