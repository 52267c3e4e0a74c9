"""Killed at every step of telling, and run again: no notice is lost, and none goes twice but the
one message whose acceptance could not be known, under its own id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from killing import Driver
from mail_desk import MailServer
from owner_desk import SEAT, desk_in

from ratewire.config import OwnerSettings


@pytest.fixture
def driver(smtp: MailServer) -> Iterator[Driver]:
    made = Driver(smtp.port, "owner")
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("over", [False, True], ids=["begins", "ends"])
def test_killed_at_each_single_step(
    driver: Driver, smtp: MailServer, tmp_path: Path, over: bool
) -> None:
    at, kinds = 0, Counter[str]()
    while True:
        at += 1
        root = tmp_path / str(at)
        waits(root, over=False)
        hour = 0
        if over:
            driver.run(root, hour)
            waits(root, over=True)
            hour = 2
        smtp.mails.clear()
        first: dict[str, Any] = driver.run(root, hour, at)
        if "killed" not in first:
            break
        kinds[first["killed"].split()[-1]] += 1
        driver.run(root, hour + 2)
        assert driver.run(root, hour + 4)["due"] == 0
        assert smtp.mails, f"lost at step {at}: {first}"
        assert len(smtp.mails) <= 2
        assert len({message["message-id"] for message in smtp.messages}) == 1
        for message in smtp.messages:
            assert ("settled" in message["subject"]) is over
    assert {"write", "fsync", "replace", "unlink", "connect", "send", "getreply"} <= set(kinds)


def waits(root: Path, *, over: bool) -> None:
    desk_in(root, OwnerSettings()).pending(*(() if over else (SEAT,)))
