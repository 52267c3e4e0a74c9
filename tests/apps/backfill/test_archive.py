"""The Internet Archive, as its index is documented, on loopback."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ratewire.apps.backfill import Archive
from ratewire.errors import FetchError

URL = "https://acme.example/pricing?x=1"
HEAD = ["timestamp", "original", "mimetype", "statuscode", "digest"]


class Wayback:
    """Answers as the archive documents; `trouble` is a list of statuses answered first."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, bytes]] = []
        self.trouble: list[int] = []
        self.missing: set[str] = set()
        self.moved: dict[str, str] = {}
        self.packed = False
        self.asked: list[dict[str, list[str]]] = []
        self.got: list[str] = []
        archive = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if archive.trouble:
                    return self.answer(archive.trouble.pop(0), b"busy")
                if parts.path == "/cdx/search/cdx":
                    query = parse_qs(parts.query)
                    archive.asked.append(query)
                    return self.answer(200, archive.index(query))
                archive.got.append(unquote(self.path))
                stamp = self.path.split("/")[2].removesuffix("id_")
                if stamp in archive.missing:
                    return self.answer(404, b"")
                if stamp in archive.moved:
                    return self.answer(302, b"", location=archive.moved[stamp])
                body = next(body for at, _, body in archive.kept if at == stamp)
                return self.answer(200, body)

            def answer(self, status: int, body: bytes, location: str = "") -> None:
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                if archive.packed and "/web/" in self.path:
                    self.send_header("Content-Encoding", "gzip")
                if status == 429:
                    self.send_header("Retry-After", "7")
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def index(self, query: dict[str, list[str]]) -> bytes:
        first = int(query.get("resumeKey", ["0"])[0])
        limit = min(int(query["limit"][0]), 2)
        rows: list[list[str]] = [
            [at, URL, "text/html", "200", digest]
            for at, digest, _ in self.kept[first : first + limit]
        ]
        if not rows:
            return b"[]"
        more = [[], [str(first + limit)]] if first + limit < len(self.kept) else []
        return json.dumps([HEAD, *rows, *more]).encode()


@pytest.fixture
def wayback() -> Iterator[Wayback]:
    archive = Wayback()
    archive.kept = [
        ("20260101120000", "AAA", b"<p>ten</p>"),
        ("20260201120000", "BBB", b"<p>eight</p>"),
        ("20260202120000", "BBB", b"<p>eight</p>"),
        ("20260301120000", "CCC", "<p>é</p>".encode()),
        ("20260401120000", "AAA", b"<p>ten</p>"),
    ]
    yield archive
    archive.server.shutdown()
    archive.server.server_close()


def client(wayback: Wayback, waited: list[float] | None = None) -> Archive:
    waits = [] if waited is None else waited
    return Archive(base=wayback.base, user_agent="ratewire-tests", delay=0.5, sleep=waits.append)


def test_each_spell_of_the_same_bytes_is_one_capture(wayback: Wayback) -> None:
    with client(wayback) as archive:
        found = list(archive.captures(URL))
    assert [each.text for each in found] == ["<p>ten</p>", "<p>eight</p>", "<p>é</p>", "<p>ten</p>"]
    assert found[0].fetched_at == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert {(each.url, each.media_type, each.charset) for each in found} == {
        (URL, "text/html", "utf-8")
    }
    assert wayback.got[0] == f"/web/20260101120000id_/{URL}"


def test_the_index_is_asked_as_documented_page_by_page(wayback: Wayback) -> None:
    with client(wayback) as archive:
        list(archive.captures(URL, since=date(2026, 1, 1), until=date(2026, 12, 31)))
    first, *others = wayback.asked
    assert first == {
        "url": [URL], "output": ["json"], "fl": ["timestamp,original,mimetype,statuscode,digest"],
        "filter": ["statuscode:200"], "collapse": ["digest"], "limit": ["1000"],
        "showResumeKey": ["true"], "from": ["20260101"], "to": ["20261231"],
    }  # fmt: skip
    assert [each["resumeKey"] for each in others] == [["2"], ["4"]]


def test_a_busy_archive_is_asked_again_and_not_faster(wayback: Wayback) -> None:
    waited: list[float] = []
    wayback.trouble = [503, 429]
    with client(wayback, waited) as archive:
        assert len(list(archive.captures(URL))) == 4
    assert 7 in waited, "Retry-After is heeded"
    assert waited.count(0.5) >= 7, "each request waits its turn"


def test_an_archive_that_stays_busy_is_named(wayback: Wayback) -> None:
    wayback.trouble = [503] * 9
    with client(wayback) as archive, pytest.raises(FetchError, match="503"):
        list(archive.captures(URL))


def test_a_capture_that_is_missing_is_left_out(
    wayback: Wayback, caplog: pytest.LogCaptureFixture
) -> None:
    wayback.missing = {"20260201120000"}
    with client(wayback) as archive:
        assert len(list(archive.captures(URL))) == 3
    assert "left out" in caplog.text


def test_a_page_that_was_never_archived_has_no_captures(wayback: Wayback) -> None:
    wayback.kept = []
    with client(wayback) as archive:
        assert list(archive.captures(URL)) == []


def test_a_redirect_leads_nowhere_but_to_the_archive(wayback: Wayback) -> None:
    wayback.kept = [("20260101000000", "A", b"one"), ("20260201000000", "B", b"two")]
    wayback.moved = {
        "20260101000000": "http://localhost:9/internal",
        "20260201000000": f"/web/20260101000001id_/{URL}",
    }
    wayback.kept.append(("20260101000001", "C", b"three"))
    with client(wayback) as archive:
        bodies = [capture.body for capture in archive.captures(URL)]
    assert b"one" not in bodies
    assert bodies[0] == b"three"


def test_a_capture_that_unpacks_to_too_much_is_left_out(wayback: Wayback) -> None:
    wayback.kept = [("20260101000000", "A", gzip.compress(bytes(60_000_000)))]
    wayback.packed = True
    with client(wayback) as archive:
        assert list(archive.captures(URL)) == []
