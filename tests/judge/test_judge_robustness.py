"""Whatever is served, the judge answers, quickly and the same each time."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from random import Random

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from pages import Page, pages

from ratewire.judge import judge
from ratewire.model import Capture, Expectations, Source, SourceKind, VerdictKind

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://www.example.com/pricing"
WHOLE = [page for page in pages() if page.capture.media_type == "text/html"]
TYPES = ("", "text/html", "text/plain", "text/markdown", "application/json", "application/xml")
PIECES = (
    "<!doctype html>", "<html lang=en>", "<html>", "<head>", "<title>404</title>", "<body>",
    "</body>", "</html>", "<div>", "</div>", "<div id=root>", "<table>", "<script>", "</script>",
    "<!--", "-->", "<?xml version='1.0'?>", "<rss>", "</rss>", "{", "}", "[", "]", '"error":', "<p",
    "Access denied", "$5.00", "# Not found", "\n", "<input type=password>", "&#0;", "\ud7ff", "\0",
)  # fmt: skip


def judged(body: bytes, media_type: str = "text/html", **more: object) -> VerdictKind:
    source = Source(
        id="s", name="s", publisher="p", url=URL,
        expect=Expectations(language="en", currency="USD"),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return judge(Capture(URL, body, NOW, media_type=media_type), source).kind


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=20), st.sampled_from(TYPES)
)
def test_any_text_gets_one_verdict(pieces: list[str], media_type: str) -> None:
    body = "".join(pieces).encode("utf-8", "replace")
    assert judged(body, media_type) is judged(body, media_type)


@given(st.binary(max_size=500), st.sampled_from(TYPES))
def test_any_bytes_get_a_verdict(body: bytes, media_type: str) -> None:
    assert judged(body, media_type) in VerdictKind


LONG = b"<!doctype html><html><body>" + b"<p>Lumen costs $5.00 per 1M tokens.</p>\n" * 200
PACKED = {
    "gzip": gzip.compress(LONG + Random(1).randbytes(500)),
    "zstd": zstandard.compress(Random(2).randbytes(2000)),
    "brotli": brotli.compress(LONG + Random(3).randbytes(500)),
    "noise": Random(4).randbytes(4000),
    "utf-16 that nothing names": LONG.decode().encode("utf-16-be"),
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("media_type", TYPES)
def test_bytes_that_are_no_text_are_no_page(name: str, media_type: str) -> None:
    assert judged(PACKED[name], media_type) is VerdictKind.ERROR


@pytest.mark.parametrize("control", ["\0", "\v", "\x1b", "\x08"])
def test_a_control_character_in_each_line_is_still_text(control: str) -> None:
    body = LONG.replace(b"costs ", f"costs {control}".encode()) + b"</body></html>"
    assert judged(body) is VerdictKind.GENUINE


@pytest.mark.parametrize("page", WHOLE, ids=lambda page: page.name)
def test_a_page_cut_anywhere_gets_a_verdict(page: Page) -> None:
    body = page.capture.body
    for share in range(1, 10):
        assert judged(body[: len(body) * share // 10]) in VerdictKind


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>" + b"<div>" * 100_000,
        b"<html><body>" + b"<p " * 100_000,
        b"<html><body><script>" + b"document.cookie=" * 50_000,
        b"<html><title>" + b"page not found | " * 50_000,
        b"<html><body><!--" + b"<!--" * 100_000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"<a>" * 100_000,
        b'<!DOCTYPE a [<!ENTITY b "%s"><!ENTITY c "%s">]><a>&c;</a>' % (b"x" * 1000, b"&b;" * 1000),
        b"please " * 100_000,
        b"<!---->" * 500 + b"x",
        b"<?xml version='1.0'?><a>&b;</a>" + b"<!---->" * 5000 + b"x",
        b"<html><body>" + b"1" * 1_000_000 + b"</body></html>",
        b"<html><body>" + b"1," * 500_000 + b"</body></html>",
        b"<html><body>" + b"<div>" * 5000 + b"<script>" * 50_000,
        b"<html><body>" + b"<div>" * 5000 + b"<" * 400_000,
        b"<html><body>" + b"<div '" * 200_000 + b"x" * 5000,
        b"<html><body>" + b"<div " * 200_000 + b"x" * 5000,
        b"<html><body>" + b"<script " * 200_000 + b"x" * 5000,
        b"<html><body>" + b"<main>" * 200 + b"<i></i>" * 50_000 + b"words " * 20,
    ],
    ids=range(20),
)  # fmt: skip
@pytest.mark.parametrize("media_type", TYPES)
def test_purpose_made_pages_get_a_verdict(body: bytes, media_type: str) -> None:
    assert judged(body, media_type) in VerdictKind


def test_a_status_list_may_be_empty() -> None:
    assert judged(b"[]", "application/json") is VerdictKind.EMPTY
    assert judged(b"[]", "application/json", kind=SourceKind.STATUS) is VerdictKind.GENUINE


def test_a_status_page_may_be_headed_maintenance() -> None:
    body = (
        b"<!doctype html><html lang=en><title>Acme</title><h1>All systems operational</h1>"
        b"<h2>Scheduled maintenance</h2><p>We are performing scheduled maintenance.</p>"
    )
    assert judged(body) is VerdictKind.ERROR
    assert judged(body, kind=SourceKind.STATUS) is VerdictKind.GENUINE
