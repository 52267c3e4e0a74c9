"""A capture as one compressed file: a line of JSON that says what it is, then the body.

A page is mostly what it was before. So it is compressed against an earlier capture, its base,
where that makes it much smaller; a base has none itself. Which it is stands before the compressed
data, in a skippable frame (RFC 8878, 3.1.2).
"""

from __future__ import annotations

import json
from dataclasses import fields

import zstandard

from ratewire.errors import StoreError
from ratewire.model import Capture
from ratewire.model.moments import parse_rfc3339, rfc3339

__all__ = ["base_of", "pack", "unpack"]

_LEVEL = 12
_PAYS = 2
"""A capture is packed against a base where that makes it smaller by this factor."""
_SKIPPED = bytes.fromhex("502a4d18")
_LARGEST = 200_000_000
"""Bytes of a page unpacked; more than any capture may have is damage."""


def pack(capture: Capture, base: Capture | None = None) -> bytes:
    """The same capture gives the same bytes (with the same zstd library).

    `base`: a capture of which the packed file says nothing but the name, where that pays.
    """
    head = {
        field.name: getattr(capture, field.name)
        for field in fields(capture)
        if field.name not in {"body", "fetched_at", "headers"}
    } | {"fetched_at": rfc3339(capture.fetched_at), "headers": dict(capture.headers)}
    line = json.dumps(head, sort_keys=True, ensure_ascii=False).encode()
    plain = line + b"\n" + capture.body
    whole = zstandard.ZstdCompressor(level=_LEVEL).compress(plain)
    if base is None or not base.body or capture.sha256 == base.sha256:
        return whole
    settings = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(plain), dict_size=len(base.body)
    )
    compressor = zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=settings)
    name = bytes.fromhex(base.sha256)
    patch = _SKIPPED + len(name).to_bytes(4, "little") + name + compressor.compress(plain)
    return patch if len(patch) * _PAYS < len(whole) else whole


def base_of(data: bytes) -> str:
    """sha256 of the capture that a packed one is to be unpacked with; empty: it needs none."""
    return data[8:40].hex() if data.startswith(_SKIPPED) else ""


def unpack(data: bytes, sha256: str, base: Capture | None = None) -> Capture:
    """The inverse of `pack`. Raises StoreError where it is not the capture of that digest."""
    needed = base_of(data)
    if needed and (base is None or base.sha256 != needed):
        raise StoreError(f"its base, the page {needed}, is gone")
    try:
        known = _dictionary(base) if needed and base else None
        frame = data[40:] if needed else data
        decompressor = zstandard.ZstdDecompressor(dict_data=known)
        plain = decompressor.decompress(frame, max_output_size=_LARGEST)
        line, _, body = plain.partition(b"\n")
        head = json.loads(line)
        head["fetched_at"] = parse_rfc3339(head["fetched_at"])
        capture = Capture(body=body, **head)
    except (zstandard.ZstdError, ValueError, RecursionError, TypeError, KeyError) as error:
        raise StoreError(f"not a stored page: {error}") from error
    if capture.sha256 != sha256:
        raise StoreError(f"the page's digest is {capture.sha256}, not {sha256}")
    return capture


def _dictionary(base: Capture) -> zstandard.ZstdCompressionDict:
    """Of the body alone: that is what its digest names, whenever and by whom it was captured."""
    return zstandard.ZstdCompressionDict(base.body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
