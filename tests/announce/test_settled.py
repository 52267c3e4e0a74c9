"""A quiet run does not look through the logs again, and nothing is lost by that."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from mail_desk import Desk
from sample_changes import NOW, change, cut, rate, retraction, step

from ratewire.config import RecipientSettings
from ratewire.record import DirectoryStore
from ratewire.record.checksum import sealed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHER = step(rate("8", product="draw-1"), rate("9", product="draw-1"))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the log of all sources is read."""
    found: list[str] = []
    changes = DirectoryStore.changes

    def counted(self: DirectoryStore, source_id: str | None = None, /) -> Any:
        found.append(source_id or "all")
        return changes(self, source_id)

    monkeypatch.setattr(DirectoryStore, "changes", counted)
    return found


def told(desk: Desk, reads: list[str], **more: Any) -> tuple[int, bool]:
    """How many messages went out, and whether the log was read for it."""
    reads.clear()
    return desk.announce(**more).accepted, bool(reads)


@pytest.fixture
def quiet(mail_desk: Callable[..., Desk], smtp: object) -> Desk:
    desk = mail_desk("a@x.example")
    desk.record(cut("one"))
    desk.announce()
    return desk


def test_where_nothing_is_new_the_log_is_not_read(quiet: Desk, reads: list[str]) -> None:
    assert told(quiet, reads) == (0, False)
    assert told(quiet, reads, now=NOW + 30 * DAY) == (0, False)


def test_a_new_change_is_told(quiet: Desk, reads: list[str]) -> None:
    quiet.record(change("two", OTHER, at=NOW + HOUR))
    assert told(quiet, reads, now=NOW + HOUR) == (1, True)
    assert told(quiet, reads, now=NOW + 2 * HOUR) == (0, False)


def test_only_logs_with_news_are_read(quiet: Desk, reads: list[str], smtp: Any) -> None:
    other = replace(change("two", OTHER, at=NOW + HOUR), source="brush-docs")
    quiet.record(other)
    smtp.rcpt = lambda address: "451 later"
    quiet.announce(NOW + HOUR)
    smtp.rcpt = lambda address: "250 OK"
    for later, sent in ((HOUR, 0), (30 * HOUR, 1)):
        reads.clear()
        assert quiet.announce(NOW + later).accepted == sent
        assert reads == ["brush-docs"]
    assert told(quiet, reads, now=NOW + 40 * HOUR) == (0, False)


def test_a_retracted_change_is_not_told_when_another_page_shows_it(
    quiet: Desk, reads: list[str], smtp: Any
) -> None:
    """Two pages of one publisher tell the same change; what became of it stands in either log."""
    acme, brush = quiet.site.sources
    quiet.site = replace(quiet.site, sources=(acme, replace(brush, publisher=acme.publisher)))
    draft = change("draft", OTHER, at=NOW + HOUR)
    quiet.record(draft, retraction(draft))
    assert told(quiet, reads, now=NOW + 5 * HOUR) == (0, True)
    quiet.record(replace(draft, source=brush.id, recorded_at=NOW + 6 * HOUR))
    assert told(quiet, reads, now=NOW + 7 * HOUR) == (0, True)
    assert sorted(reads) == sorted([acme.id, brush.id])


def test_what_another_runs_record_brings_is_looked_at(quiet: Desk, reads: list[str]) -> None:
    """A recipient whom the other run knew earlier is to hear what came since."""
    file = quiet.site.announced / "outbox.json"
    body = json.loads(file.read_bytes())
    (one,) = body["recipients"]
    body["recipients"][one] = "2026-01-01T00:00:00Z"
    file.write_text(json.dumps(sealed("outbox", "", body)))
    assert told(quiet, reads) == (0, True)
    assert told(quiet, reads) == (0, False)


def test_a_cache_that_cannot_be_written_costs_no_report(
    mail_desk: Callable[..., Desk], smtp: Any, reads: list[str]
) -> None:
    desk = mail_desk("a@x.example")
    desk.site.cache.parent.mkdir(parents=True, exist_ok=True)
    desk.site.cache.write_bytes(b"a file where a folder should be")
    desk.record(cut("one"))
    assert told(desk, reads) == (1, True)
    assert told(desk, reads) == (0, True)


def test_after_a_run_that_was_cut_off_all_logs_are_read(quiet: Desk, reads: list[str]) -> None:
    (quiet.site.announced / "journal.jsonl").touch()
    assert told(quiet, reads) == (0, True)
    assert told(quiet, reads) == (0, False)


def test_other_recipients_and_another_outbox_are_looked_at(quiet: Desk, reads: list[str]) -> None:
    email = replace(quiet.site.announce.email, to=("a@x.example", "b@x.example"))
    quiet.site = replace(quiet.site, announce=replace(quiet.site.announce, email=email))
    assert told(quiet, reads) == (1, True)
    assert told(quiet, reads) == (0, False)
    shutil.rmtree(quiet.site.announced)
    assert told(quiet, reads) == (2, True)


def test_what_was_told_and_whose_record_is_lost_is_told_again(
    quiet: Desk, reads: list[str]
) -> None:
    (quiet.site.announced / "told" / "one.json").unlink()
    assert told(quiet, reads) == (1, True)


def test_a_change_that_waits_for_a_digest_is_not_forgotten(
    mail_desk: Callable[..., Desk], smtp: object, reads: list[str]
) -> None:
    desk = mail_desk("a@x.example")
    wish = RecipientSettings("w@x.example", digest="weekly")
    email = replace(desk.site.announce.email, recipients=(wish,))
    desk.site = replace(desk.site, announce=replace(desk.site.announce, email=email))
    desk.record(cut("one"))
    assert told(desk, reads) == (1, True)
    assert told(desk, reads, now=NOW + HOUR) == (0, True)
    assert told(desk, reads, now=NOW + 8 * DAY) == (1, True)
    assert told(desk, reads, now=NOW + 8 * DAY + HOUR) == (0, False)


def test_what_a_server_would_not_take_is_tried_again(
    mail_desk: Callable[..., Desk], smtp: Any, reads: list[str]
) -> None:
    desk = mail_desk("a@x.example")
    desk.record(cut("one"))
    smtp.rcpt = lambda address: "451 later"
    assert told(desk, reads) == (0, True)
    smtp.rcpt = lambda address: "250 OK"
    assert told(desk, reads, now=NOW + DAY) == (1, True)


def test_a_mark_that_is_lost_or_damaged_costs_one_look(quiet: Desk, reads: list[str]) -> None:
    (quiet.site.cache / "settled.json").write_bytes(b"\xff")
    assert told(quiet, reads) == (0, True)
    (quiet.site.cache / "settled.json").unlink()
    assert told(quiet, reads) == (0, True)
    assert told(quiet, reads) == (0, False)
