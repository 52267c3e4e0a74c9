"""A release or an issue on GitHub for each change, by its REST API (version 2022-11-28).

Nothing goes twice: a release has a tag made of the change's id, an issue (and a correction's
comment) a mark in a comment of its Markdown, and either is looked for before it is made. So a
message whose answer was lost is found by the next run.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx

from ratewire.announce.couriers import (
    LONGEST_WAIT,
    DeliveryResult,
    DeliveryStatus,
    Parcel,
    asked_wait,
)
from ratewire.announce.inert import inert
from ratewire.announce.recipients import Key, Recipient
from ratewire.announce.telling import Telling
from ratewire.config import GithubSettings
from ratewire.errors import ConfigError
from ratewire.model.moments import rfc3339
from ratewire.services import ServiceClient
from ratewire.wording.formats import moment
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = ["Clerk", "body", "tag", "title", "token"]

_TOKENS = ("RATEWIRE_GITHUB_TOKEN", "GITHUB_TOKEN")
_VERSION = "2022-11-28"
_BETWEEN = 1.0
"""Seconds between two writes, as GitHub asks of those who write much."""
_UNNAMED_WAIT = timedelta(minutes=1)
"""Where GitHub limits and does not say for how long: at least a minute, by its documentation."""
_MOST_ROWS = 50
_MOST_TITLE = 200
_PAGE, _MOST_PAGES = 100, 50
Json = dict[str, Any]


def token(environment: Mapping[str, str]) -> str:
    """Raises ConfigError where the environment has none."""
    for name in _TOKENS:
        if found := environment.get(name, "").strip():
            return found
    raise ConfigError(
        f"announce.github needs a token: set {_TOKENS[0]} (or {_TOKENS[1]}) in the environment; "
        "docs/announcing.md says which permission it takes"
    )


def tag(change_id: str) -> str:
    """The git tag of a change's release; ids that are no safe ref are hashed."""
    safe = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", change_id)
    return f"change-{change_id if safe else sha256(change_id.encode()).hexdigest()}"


def title(story: Story) -> str:
    return inert(story.headline, _MOST_TITLE)


def body(story: Story, mark: str) -> str:
    """Markdown that mentions, links and refers to nothing but the change's own page."""
    parts = [_mark(mark), _markdown(story.detail)]
    if story.rows and story.state != "retracted":
        parts.append(_table(story))
    parts.append(f"This change, with its evidence: <{story.url}>")
    where = f"Official page: {_markdown(story.source, 120)}"
    if story.source_url:
        where += f", `{plain(story.source_url, 500).replace('`', '%60')}`"
    parts.append(where)
    parts.append(f"Recorded on {moment(story.change.recorded_at)}.")
    return "\n\n".join(part for part in parts if part)


def _table(story: Story) -> str:
    lines = ["| What | Before | After | Change |", "| --- | --- | --- | --- |"]
    for row in story.rows[:_MOST_ROWS]:
        cells = (row.subject, row.before, row.after, row.step)
        lines.append(f"| {' | '.join(_markdown(cell) for cell in cells)} |")
    if (left := len(story.rows) - _MOST_ROWS) > 0:
        lines += ["", f"{left} more are on the page of the change."]
    return "\n".join(lines)


def _markdown(text: str, limit: int = 300) -> str:
    # Two dollar signs would be the ends of a formula.
    return inert(text, limit).replace("$", "&#36;")


def _mark(mark: str) -> str:
    return f"<!-- ratewire {mark} -->"


class _Declined(Exception):  # noqa: N818
    def __init__(self, outcome: DeliveryResult) -> None:
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class _Existing:
    """A release or an issue that was made before."""

    number: int
    title: str
    body: str


class Clerk:
    """The courier of releases and issues."""

    def __init__(
        self,
        environment: Mapping[str, str],
        clock: Callable[[], datetime],
        key: Key,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._key, self._pause = clock, key, pause
        self._wrote = False
        self._client = ServiceClient(
            headers={
                "accept": "application/vnd.github+json",
                "x-github-api-version": _VERSION,
                "authorization": f"Bearer {token(environment)}",
            },
        )

    def deliver(self, parcel: Parcel[Telling], begin: Callable[[], None]) -> DeliveryResult:
        recipient, begun = parcel.recipient, False

        def beginning() -> None:
            nonlocal begun
            if not begun:
                begin()
            begun = True

        try:
            for story in parcel.telling.stories:
                self._tell(recipient, story, parcel, beginning)
        except _Declined as declined:
            return declined.outcome
        beginning()  # what is recorded as told was tried
        return DeliveryResult(DeliveryStatus.ACCEPTED)

    def close(self) -> None:
        self._client.close()

    # ── One change ───────────────────────────────────────────────────────────────────────────

    def _tell(
        self, recipient: Recipient, story: Story, parcel: Parcel[Telling], begin: Callable[[], None]
    ) -> None:
        settings = recipient.github
        assert settings is not None, "GitHub's recipient has its settings"
        at = _At(recipient.address, settings, story)
        mark = self._key.digest("github", story.change.id)
        words = {"body": body(story, mark), _title_key(settings): title(story)}
        found = self._find(at, mark)
        begin()
        if found is None:
            if not parcel.telling.correction:
                self._make(at, words)
            elif self._read(at, at.repository) is None:
                raise _Declined(DeliveryResult(DeliveryStatus.DOWN, _NOT_THERE))
            return  # the owner removed what there was to correct
        if (found.title, found.body) != (words[_title_key(settings)], words["body"]):
            closing = {"state": "closed", "state_reason": "not_planned"}
            retracted = settings.form == "issue" and story.state == "retracted"
            more = closing if retracted else {}
            self._write("PATCH", at, f"{at.things}/{found.number}", {**words, **more})
        if settings.form == "issue":
            self._comment(at, found.number, parcel)

    def _find(self, at: _At, mark: str) -> _Existing | None:
        if at.settings.form == "release":
            one = self._read(at, f"{at.things}/tags/{tag(at.story.change.id)}")
            return _Existing(one["id"], _text(one, "name"), _text(one, "body")) if one else None
        since = rfc3339(at.story.change.recorded_at, timespec="seconds")
        query = {"state": "all", "sort": "created", "direction": "asc", "since": since}
        for one in self._all(at, at.things, query):
            if "pull_request" not in one and _mark(mark) in _text(one, "body"):
                return _Existing(one["number"], _text(one, "title"), _text(one, "body"))
        return None

    def _make(self, at: _At, words: Json) -> None:
        if at.settings.form == "release":
            words = {
                **words,
                "tag_name": tag(at.story.change.id),
                "make_latest": "false",  # a repository's own software may have a latest release
            }
        self._write("POST", at, at.things, words)

    def _comment(self, at: _At, number: int, parcel: Parcel[Telling]) -> None:
        """A comment for each correction told now: an edit alone notifies nobody."""
        told = set(parcel.message.changes)
        place = f"{at.things}/{number}/comments"
        due = [one for one in at.story.corrections if one.id in told]
        marks = {one.id: _mark(self._key.digest("github", one.id)) for one in due}
        if not due:
            return
        there = "\n".join(_text(one, "body") for one in self._all(at, place, {}))
        for one in due:
            if marks[one.id] in there:
                continue
            note = _markdown(one.note, 400) or "See above."
            text = f"{marks[one.id]}\n\n{_markdown(at.story.headline)}\n\n{note}"
            self._write("POST", at, place, {"body": text})

    # ── Requests ─────────────────────────────────────────────────────────────────────────────

    def _all(self, at: _At, place: str, query: Mapping[str, str]) -> Iterator[Json]:
        for page in range(1, _MOST_PAGES + 1):
            asked = {**query, "per_page": str(_PAGE), "page": str(page)}
            listed = self._read(at, place, asked)
            yield from listed or ()
            if not listed or len(listed) < _PAGE:
                return
        raise _Declined(DeliveryResult(DeliveryStatus.LATER, "too many issues to look through"))

    def _read(self, at: _At, place: str, query: Mapping[str, str] | None = None) -> Any:
        """What stands there; None where nothing does, or the token may not see it."""
        try:
            response = self._client.request("GET", place, params=query, timeout=at.settings.timeout)
        except httpx.HTTPError as error:
            raise _Declined(
                DeliveryResult(DeliveryStatus.LATER, f"no answer: {type(error).__name__}")
            ) from None
        return None if response.status_code == 404 else self._judged(response)

    def _write(self, method: str, at: _At, place: str, words: Json) -> None:
        if self._wrote:
            self._pause(_BETWEEN)
        self._wrote = True
        try:
            response = self._client.request(method, place, json=words, timeout=at.settings.timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            why = f"no connection: {type(error).__name__}"
            raise _Declined(DeliveryResult(DeliveryStatus.LATER, why)) from None
        except httpx.HTTPError as error:
            why = f"no answer: {type(error).__name__}"
            raise _Declined(DeliveryResult(DeliveryStatus.UNKNOWN, why)) from None
        self._judged(response)

    def _judged(self, response: httpx.Response) -> Any:
        """The answer's JSON. Raises _Declined for what is no success."""
        status = response.status_code
        if response.is_success:
            try:
                return response.json()
            except ValueError:
                raise _Declined(
                    DeliveryResult(DeliveryStatus.LATER, "the answer is not JSON")
                ) from None
        why = f"answered {status}{_words(response)}"
        wait = self._wait(response)
        if status >= 500 or wait is not None:
            raise _Declined(DeliveryResult(DeliveryStatus.LATER, why, wait))
        if status == 404:
            why = _NOT_THERE
        if 300 <= status < 400:
            why = f"answered {status}: the repository has moved; name its new place"
        raise _Declined(
            DeliveryResult(DeliveryStatus.REFUSED if status == 422 else DeliveryStatus.DOWN, why)
        )

    def _wait(self, response: httpx.Response) -> timedelta | None:
        """How long GitHub's limits ask for; None where they are not why it declined."""
        headers = response.headers
        if response.status_code not in (403, 429):
            return None
        if (wait := asked_wait(headers.get("retry-after", ""))) is not None:
            return wait
        reset = headers.get("x-ratelimit-reset", "")
        if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            wait = datetime.fromtimestamp(int(reset[:11]), UTC) - self._clock()
            return max(min(wait, LONGEST_WAIT), _UNNAMED_WAIT)
        limited = response.status_code == 429 or "rate limit" in _words(response).lower()
        return _UNNAMED_WAIT if limited else None


_NOT_THERE = "answered 404: there is no such repository, or the token may not see it"


@dataclass(frozen=True, slots=True)
class _At:
    """Where a change is told, and which."""

    repository: str
    """Its address in the API."""
    settings: GithubSettings
    story: Story

    @property
    def things(self) -> str:
        return f"{self.repository}/{self.settings.form}s"


def _title_key(settings: GithubSettings) -> str:
    return "name" if settings.form == "release" else "title"


def _text(one: Json, key: str) -> str:
    """GitHub gives line ends back as they were sent, or as CRLF where a person edited them."""
    return str(one.get(key) or "").replace("\r\n", "\n")


def _words(response: httpx.Response) -> str:
    try:
        return f": {plain(str(response.json()['message']), 100)}"
    except (ValueError, KeyError, TypeError):
        return ""
