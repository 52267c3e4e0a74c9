"""Killed at every step, and run again: nothing is lost, and nothing goes twice but the one message
whose acceptance could not be known.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from killing import Driver
from sample_changes import cut, make_site

from ratewire.record.directory import DirectoryStore

MANY = 1000


@pytest.fixture
def driver(smtp) -> Iterator[Callable[[], Driver]]:
    made: list[Driver] = []

    def make() -> Driver:
        made.append(Driver(smtp.port))
        return made[-1]

    yield make
    for each in made:
        each.close()


def site_with_a_change(root: Path) -> Path:
    DirectoryStore(make_site(root).snapshots).save("acme-pricing", None, None, [cut()])
    return root


@pytest.mark.slow
def test_killed_at_each_single_step(driver, smtp, tmp_path) -> None:
    recipients, at, twice = 2, 0, 0
    kinds: Counter[str] = Counter()
    each = driver()
    while True:
        at += 1
        smtp.mails.clear()
        root = site_with_a_change(tmp_path / str(at))
        first = each.run(root, recipients, at)
        if "killed" not in first:
            break
        kinds[first["killed"]] += 1
        second = each.run(root, recipients)
        third = each.run(root, recipients)
        got = Counter(smtp.addresses)
        assert set(got) == {"r00000@x.example", "r00001@x.example"}, f"lost at step {at}: {first}"
        extra = got.total() - recipients
        assert extra <= second["repeated"] <= 1
        ids = {message["message-id"] for message in smtp.messages}
        assert len(ids) == recipients
        assert third["due"] == 0
        twice += extra
    assert {f"{when} {what}" for when in ("before", "after") for what in
            ("write", "fsync", "fdatasync", "replace", "unlink", "connect", "send", "getreply")
            } <= set(kinds)  # fmt: skip
    print(f"killed at {at - 1} steps: 0 lost, {twice} sent twice")


@pytest.mark.slow
def test_killed_again_and_again_over_a_thousand_recipients(driver, smtp, tmp_path) -> None:
    chance = random.Random(7)
    kills = 0
    each, root = driver(), site_with_a_change(tmp_path / "many")
    while "killed" in (answer := each.run(root, MANY, chance.randint(1, 1500))):
        kills += 1
    last = each.run(root, MANY)
    got = Counter(smtp.addresses)
    lost = MANY - len(got)
    extra = got.total() - len(got)
    print(f"{MANY} recipients, {kills} kills: {lost} lost, {extra} sent twice")
    assert kills > 10
    assert lost == 0
    assert extra <= kills
    assert answer["repeated"] <= 1
    assert last["due"] == 0
    by_address: dict[str, set[str]] = {}
    for message in smtp.messages:
        by_address.setdefault(message["to"], set()).add(message["message-id"])
    assert all(len(ids) == 1 for ids in by_address.values())


@pytest.mark.slow
def test_runs_at_the_same_time_send_nothing_twice(driver, smtp, tmp_path) -> None:
    root = site_with_a_change(tmp_path / "same")
    several = [driver() for _ in range(3)]
    several[0].ask(root, 300, 900)  # this one is killed on its way, or comes too late to do harm
    for each in several[1:]:
        each.ask(root, 300)
    for each in several:
        each.answer()
    got = Counter(smtp.addresses)
    assert len(got) == 300
    assert got.total() <= 301
