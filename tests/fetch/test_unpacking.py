"""Content codings and charsets."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from ratewire.fetch.charset import find_charset
from ratewire.fetch.decoding import DamagedError, TooLargeError, decode

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@given(st.binary(max_size=5000), st.lists(st.sampled_from(sorted(PACKERS)), max_size=3))
def test_what_was_packed_is_unpacked(body: bytes, codings: list[str]) -> None:
    packed = body
    for coding in codings:
        packed = PACKERS[coding](packed)
    assert decode(packed, ", ".join(codings), 100_000) == body


@given(st.binary(max_size=2000), st.sampled_from(sorted(PACKERS)))
def test_noise_unpacks_to_little_or_is_an_error(noise: bytes, coding: str) -> None:
    with contextlib.suppress(DamagedError, TooLargeError):
        assert len(decode(noise, coding, 10_000)) <= 10_000


@given(st.binary(min_size=200, max_size=2000), st.data(), st.sampled_from(sorted(PACKERS)))
def test_what_is_cut_is_never_taken_for_whole(
    body: bytes, data: st.DataObject, coding: str
) -> None:
    packed = PACKERS[coding](body)
    cut = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises((DamagedError, TooLargeError)):
        decode(packed[:cut], coding, 100_000)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_parts_without_end_is_put_down(coding: str) -> None:
    """They unpack to nothing, so no limit on what comes out is met."""
    some = PACKERS[coding](b"") * 1000 + PACKERS[coding](b"page")
    assert decode(some, coding, 1000) == b"page"
    with pytest.raises(DamagedError, match="parts"):
        decode(PACKERS[coding](b"") * 20_000, coding, 1000)


@pytest.mark.parametrize("size", [*range(262_100, 262_150), 524_288, 1_000_000])
def test_what_just_fills_a_chunk_is_whole(size: int) -> None:
    for body in (b"a" * size, bytes(range(256)) * (size // 256) + b"a" * (size % 256)):
        assert decode(gzip.compress(body), "gzip", size) == body


@pytest.mark.parametrize("coding", sorted(PACKERS))
def test_the_limit_holds_to_the_byte(coding: str) -> None:
    packed = PACKERS[coding](b"a" * 1000)
    assert len(decode(packed, coding, 1000)) == 1000
    with pytest.raises(TooLargeError):
        decode(packed, coding, 999)


@pytest.mark.parametrize(
    ("body", "header", "media_type", "charset"),
    [
        (b"plain", "", "text/plain", "utf-8"),
        ("ü".encode(), "", "text/plain", "utf-8"),
        (b"\xfc", "", "text/plain", "cp1252"),
        (b"a" * 10 + "ü".encode()[:1], "", "text/plain", "utf-8"),
        (b"\xef\xbb\xbfa", "iso-8859-1", "text/html", "utf-8"),
        (b"\xff\xfea\0", "", "text/html", "utf-16-le"),
        (b"\xfe\xff\0a", "utf-8", "text/html", "utf-16-be"),
        (b"a", "ISO-8859-1", "text/html", "cp1252"),
        (b"a", '"utf-8"', "text/html", "utf-8"),
        (b"a", "Shift_JIS", "text/html", "cp932"),
        (b"a", "x-sjis", "text/html", "cp932"),
        (b"a", "gb2312", "text/html", "gb18030"),
        (b"a", "no-such", "text/html", "utf-8"),
        (b"a", "punycode", "text/html", "utf-8"),
        (b"a", "zlib_codec", "text/html", "utf-8"),
        (b"<meta charset=koi8-r>", "", "text/html", "koi8-r"),
        (b"<meta charset=koi8-r>", "utf-8", "text/html", "utf-8"),
        (b"<meta charset=koi8-r>", "", "text/plain", "utf-8"),
        (b"<meta charset=utf-16>", "", "text/html", "utf-8"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=big5">', "", "", "big5"),
        (b'<?xml version="1.0" encoding="windows-1251"?><rss/>', "", "application/xml", "cp1251"),
        (b" " * 1100 + b"<meta charset=koi8-r>", "", "text/html", "utf-8"),
        (b"<!-- <meta charset=latin1> --><meta charset=koi8-r>", "", "text/html", "koi8-r"),
        (b"<!--><meta charset=koi8-r>-->", "", "text/html", "koi8-r"),
        (b"<meta name=a content='a/b; charset=latin1'>", "", "text/html", "utf-8"),
        (
            b"<a title='<meta charset=latin1>'><META Charset = KOI8-R>",
            "",
            "text/html",
            "koi8-r",
        ),
        (b"<meta data-charset=latin1><meta charset=koi8-r>", "", "text/html", "koi8-r"),
        (b"<meta content='a/b;charset=big5' http-equiv=content-type>", "", "text/html", "big5"),
        (b"<meta charset=no-such><meta charset=koi8-r>", "", "text/html", "koi8-r"),
        (
            b"<?xml encoding='latin1'?><meta charset=koi8-r>",
            "",
            "text/html",
            "koi8-r",
        ),
        (b"<?xml version='1.0' encoding='utf-16'?><rss/>", "", "application/xml", "utf-8"),
        (b"<meta charset=x-mac-cyrillic>", "", "text/html", "mac-cyrillic"),
        (b"<metadata charset=latin1>", "", "text/html", "utf-8"),
        (b"a", "'utf-8'", "text/html", "utf-8"),
    ],
)
def test_charset(body: bytes, header: str, media_type: str, charset: str) -> None:
    content_type = f"{media_type}; charset={header}" if header else media_type
    assert find_charset(body, content_type, media_type) == charset


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_charset_found_can_be_read_with(body: bytes, header: str) -> None:
    assert isinstance(body.decode(find_charset(body, f"a/b;charset={header}", ""), "replace"), str)
