"""The Internet Archive's captures of a page: its CDX index, then each capture as it was served.

https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server is followed for the
index: `output=json`, `collapse=digest`, resumption keys. A capture's own bytes are had at
`/web/<timestamp>id_/<url>`.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from ratewire.errors import FetchError
from ratewire.fetch.charset import find_charset
from ratewire.model import Capture

__all__ = ["Archive"]

log = logging.getLogger(__name__)

_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")
_PER_PAGE = 1000
_LARGEST = 50_000_000
"""Bytes of one answer, unpacked."""
_MOST_REDIRECTS = 5
_BUSY = frozenset({429, 500, 502, 503, 504})


class _BusyError(Exception):
    """Asked too fast, or it is overloaded: to be asked again later."""


@dataclass(frozen=True, slots=True)
class _Entry:
    timestamp: str
    original: str

    @property
    def at(self) -> datetime:
        return datetime.strptime(self.timestamp.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: str
    """Its Content-Type."""
    body: bytes


class Archive:
    """A client, to be used in a `with` block; one request at a time, `delay` seconds apart."""

    def __init__(
        self,
        *,
        base: str = "https://web.archive.org",
        user_agent: str = "ratewire",
        delay: float = 1.0,
        tries: int = 5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = base.rstrip("/")
        self._delay, self._tries, self._sleep = delay, tries, sleep
        self._client = httpx.Client(
            headers={"User-Agent": user_agent}, timeout=60, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def captures(
        self, url: str, *, since: date | None = None, until: date | None = None
    ) -> Iterator[Capture]:
        """The page as archived, oldest first, one for each spell of the same bytes.

        A capture that cannot be had is left out with a warning. Raises FetchError where the index
        cannot be had.
        """
        for entry in self._entries(url, since, until):
            try:
                answer = self._get(f"{self._base}/web/{entry.timestamp}id_/{entry.original}")
            except FetchError as error:
                log.warning("%s; it is left out", error)
                continue
            kind, body = answer.kind, answer.body
            yield Capture(
                url=url,
                body=body,
                fetched_at=entry.at,
                media_type=kind.partition(";")[0].strip().lower(),
                charset=find_charset(body, kind, kind.partition(";")[0].strip().lower()),
                requested_url=entry.original,
            )

    def _entries(self, url: str, since: date | None, until: date | None) -> Iterator[_Entry]:
        asked: dict[str, str] = {
            "url": url,
            "output": "json",
            "fl": ",".join(_FIELDS),
            "filter": "statuscode:200",
            "collapse": "digest",
            "limit": str(_PER_PAGE),
            "showResumeKey": "true",
        }
        if since:
            asked["from"] = f"{since:%Y%m%d}"
        if until:
            asked["to"] = f"{until:%Y%m%d}"
        key, digest = "", ""
        while True:
            rows = self._index({**asked, **({"resumeKey": key} if key else {})})
            key = ""
            if len(rows) > 2 and rows[-2] == []:
                key = str(rows[-1][0])
                rows = rows[:-2]
            for row in rows[1:]:
                found = dict(zip(rows[0], row, strict=True))
                if found["digest"] != digest:
                    digest = found["digest"]
                    yield _Entry(found["timestamp"], found["original"])
            if not key:
                return

    def _index(self, asked: Mapping[str, str]) -> list[Any]:
        address = f"{self._base}/cdx/search/cdx"
        answer = self._get(address, asked)
        try:
            rows = json.loads(answer.body) if answer.body.strip() else []
        except (ValueError, RecursionError):
            raise FetchError(address, "the archive's index is no JSON") from None
        return list(rows)

    def _get(self, address: str, asked: Mapping[str, str] | None = None) -> _Answer:
        """Raises FetchError after the last try."""
        retrying = Retrying(
            retry=retry_if_exception_type((_BusyError, httpx.TransportError)),
            stop=stop_after_attempt(self._tries),
            wait=wait_exponential(multiplier=self._delay * 2, max=120),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            for attempt in retrying:
                with attempt:
                    return self._once(address, asked)
        except (_BusyError, httpx.HTTPError) as error:
            raise FetchError(address, str(error) or type(error).__name__) from None
        raise AssertionError("unreachable: the last try returns or raises")

    def _once(self, address: str, asked: Mapping[str, str] | None) -> _Answer:
        self._sleep(self._delay)
        request = self._client.build_request("GET", address, params=dict(asked) if asked else None)
        home = request.url.copy_with(raw_path=b"/")
        for _ in range(_MOST_REDIRECTS):
            answer = self._client.send(request, stream=True)
            try:
                following = answer.next_request
                if following is None:
                    return self._whole(address, answer)
            finally:
                answer.close()
            # What a page once answered is archived, too: its redirects must not lead elsewhere.
            if following.url.copy_with(raw_path=b"/") != home:
                raise FetchError(address, "redirects to another host")
            request = following
        raise FetchError(address, "redirects too often")

    def _whole(self, address: str, answer: httpx.Response) -> _Answer:
        if answer.status_code in _BUSY:
            wait = answer.headers.get("retry-after", "")
            if wait.isdecimal():
                self._sleep(min(float(wait), 300))
            raise _BusyError(f"HTTP {answer.status_code}")
        if answer.status_code != 200:
            raise FetchError(address, f"HTTP {answer.status_code}")
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > _LARGEST:
                raise FetchError(address, f"is larger than {_LARGEST} bytes")
        return _Answer(answer.headers.get("content-type", ""), bytes(body))
