"""Content codings (RFC 9110 §8.4), undone within a limit: a bomb is put down, not unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final

import brotli
import zstandard

ACCEPTED: Final = "gzip, deflate, br, zstd"
_PIECE: Final = 256
"""Zstandard cannot be stopped amid a piece, and four bytes may stand for 128 KB."""
_CHUNK: Final = 262_144
_STRIDE: Final = 65_536
_MOST_CODINGS: Final = 3
_MOST_PARTS: Final = 10_000
"""Members of gzip, frames of Zstandard. Of empty ones twenty bytes each there would be a million,
which unpack to nothing and take hours."""
_TOO_MANY_PARTS: Final = f"is packed in more than {_MOST_PARTS} parts"


class TooLargeError(ValueError):
    """The body unpacks to more than the limit."""


class DamagedError(ValueError):
    """The body is not what its coding says, or breaks off."""


def decode(body: bytes, codings: str, limit: int) -> bytes:
    """The content behind `codings`, a Content-Encoding header's value.

    Raises TooLargeError above `limit` bytes, DamagedError where it cannot be unpacked.
    """
    names = [name for name in codings.lower().replace(" ", "").split(",") if name]
    names = [name for name in names if name != "identity"]
    if len(names) > _MOST_CODINGS:
        raise DamagedError(f"is packed {len(names)} times over")
    for name in reversed(names):
        decoder = _DECODERS.get(name.removeprefix("x-"))
        if decoder is None:
            raise DamagedError(f"is packed in an unknown way ({name[:40]})")
        if body:
            body = _bounded(decoder(body), limit, name)
    if len(body) > limit:
        raise TooLargeError
    return body


def _bounded(pieces: Iterator[bytes], limit: int, name: str) -> bytes:
    whole = bytearray()
    try:
        for piece in pieces:
            whole += piece
            if len(whole) > limit:
                raise TooLargeError
    except (zlib.error, brotli.error, zstandard.ZstdError, MemoryError) as error:
        raise DamagedError(f"is not valid {name} ({str(error) or 'damaged'})") from None
    except EOFError:
        raise DamagedError(f"breaks off amid its {name}") from None
    return bytes(whole)


def _gzip(body: bytes) -> Iterator[bytes]:
    """Members one after another, as `cat a.gz b.gz` makes them; what else follows is dropped."""
    at = 0
    for _ in range(_MOST_PARTS):
        decoder = zlib.decompressobj(wbits=31)
        while not decoder.eof:
            if at >= len(body):
                raise EOFError
            packed = body[at : at + _STRIDE]
            at += len(packed)
            more = True
            while more and not decoder.eof:
                piece = decoder.decompress(packed, _CHUNK)
                packed = decoder.unconsumed_tail
                more = bool(packed) or len(piece) == _CHUNK
                yield piece
        at -= len(decoder.unused_data)
        if not body.startswith(b"\x1f\x8b", at):
            return
    raise DamagedError(_TOO_MANY_PARTS)


def _deflate(body: bytes) -> Iterator[bytes]:
    """With zlib's header as the standard says, or bare as some servers send it."""
    wrapped = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    yield from _zlib(zlib.decompressobj(wbits=15 if wrapped else -15), body)


def _zlib(decoder: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    while not decoder.eof:
        piece = decoder.decompress(body, _CHUNK)
        body = decoder.unconsumed_tail
        if not piece and not body and not decoder.eof:
            raise EOFError
        yield piece


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    while not decoder.is_finished():
        piece = decoder.process(body, output_buffer_limit=_CHUNK)
        body = b""
        if not piece and not decoder.is_finished():
            raise EOFError
        yield piece


def _zstd(body: bytes) -> Iterator[bytes]:
    """Frame after frame (RFC 8878), none with a window above the 8 MB that the web allows."""
    at = 0
    for _ in range(_MOST_PARTS):
        decoder = zstandard.ZstdDecompressor(max_window_size=2**23).decompressobj()
        while not decoder.eof:
            if at >= len(body):
                raise EOFError
            piece = body[at : at + _PIECE]
            at += len(piece)
            yield decoder.decompress(piece)
        at -= len(decoder.unused_data)
        if at >= len(body):
            return
    raise DamagedError(_TOO_MANY_PARTS)


_DECODERS: Final[dict[str, Callable[[bytes], Iterator[bytes]]]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
