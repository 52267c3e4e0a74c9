"""The log of notices: what stands by it, whatever was cut off, damaged or merged."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from owner_desk import NOW, later

from ratewire.announce.merging import merged
from ratewire.owner.log import NoticeLog
from ratewire.owner.notices import Notice, Topic

SEAT = Notice(Topic.UNREAD, "acme", "seat", "a figure changed", (("Before", "$12"),), "look", "u")
LEAP = Notice(Topic.HELD, "acme", "leap", "held")


def standing(folder: Path) -> list[Notice]:
    return [entry.notice for entry in NoticeLog(folder).standing]


def test_a_matter_begins_once_and_ends_once(tmp_path: Path) -> None:
    for hours in range(3):
        NoticeLog(tmp_path).observe([SEAT], later(hours=hours))
    NoticeLog(tmp_path).observe([LEAP], later(hours=3))
    log = NoticeLog(tmp_path)
    assert [(e.notice, e.began, e.ended) for e in log.entries] == [
        (SEAT, NOW, later(hours=3)),
        (LEAP, later(hours=3), None),
    ]
    assert len((tmp_path / "notices.jsonl").read_text().splitlines()) == 3
    assert log.find(log.entries[0].ending) == log.entries[0]


def test_other_words_of_the_same_matter_are_no_new_one(tmp_path: Path) -> None:
    NoticeLog(tmp_path).observe([SEAT], NOW)
    other = Notice(SEAT.topic, SEAT.source, SEAT.key, "said otherwise")
    NoticeLog(tmp_path).observe([other], later(hours=1))
    assert standing(tmp_path) == [SEAT]


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_is_written_anew(tmp_path: Path, cut: int) -> None:
    NoticeLog(tmp_path).observe([LEAP], NOW)
    NoticeLog(tmp_path).observe([LEAP, SEAT], later(hours=1))
    file = tmp_path / "notices.jsonl"
    file.write_bytes(file.read_bytes()[:-cut])
    assert standing(tmp_path) == [LEAP]
    NoticeLog(tmp_path).observe([LEAP, SEAT], later(hours=2))
    assert standing(tmp_path) == [LEAP, SEAT]
    assert len(file.read_text().splitlines()) == 2


@pytest.mark.parametrize("damage", ["{}", "nonsense", '{"do": "began", "id": "1"}', "[]", "\x00"])
def test_a_damaged_line_is_passed_over(tmp_path: Path, damage: str) -> None:
    NoticeLog(tmp_path).observe([SEAT], NOW)
    with (tmp_path / "notices.jsonl").open("a") as file:
        file.write(f"{damage}\n")
    NoticeLog(tmp_path).observe([SEAT, LEAP], later(hours=1))
    assert standing(tmp_path) == [SEAT, LEAP]


def test_two_runs_logs_merge_to_one_matter_that_ends_for_both(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    NoticeLog(here).observe([SEAT], NOW)
    NoticeLog(there).observe([SEAT], NOW + timedelta(seconds=20))
    NoticeLog(there).observe([], later(hours=1))
    files = [{"owner/notices.jsonl": (f / "notices.jsonl").read_bytes()} for f in (here, there)]
    (here / "notices.jsonl").write_bytes(merged(files)["owner/notices.jsonl"])
    (entry,) = NoticeLog(here).entries
    assert len(entry.ids) == 2
    assert entry.ended == later(hours=1)


def test_who_was_told_by_either_of_two_runs_was_told() -> None:
    told = [
        {"owner/told/x.json": b'{"format": 1, "change": "x", "told": ["%s"]}' % who,
         "told/x.json": b'{"format": 1, "change": "x", "told": []}'}
        for who in (b"a", b"b")
    ]  # fmt: skip
    both = merged(told)
    assert b'"a"' in both["owner/told/x.json"]
    assert b'"b"' in both["owner/told/x.json"]
    assert b'"a"' not in both["told/x.json"]


def test_every_topic_has_its_heading() -> None:
    assert all(topic.heading for topic in Topic)
    assert len({topic.heading for topic in Topic}) == len(Topic)
