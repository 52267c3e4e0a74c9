"""No page can keep a run busy for longer, or fill more of the memory, than the limits allow."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

import pytest

from ratewire.config import ReadSettings
from ratewire.errors import ReadError
from ratewire.worker import limited

LIMITS = ReadSettings(seconds=1, memory=300_000_000)
ROOM = ReadSettings(seconds=20, memory=1_000_000_000)


def process() -> int:
    return os.getpid()


def spins() -> None:
    while True:
        pass


def matches_for_ever() -> None:
    import re

    re.match(r"(a|a)*b", "a" * 60)


def counts_for_ever() -> int:
    return len(str(10**10**8))


def grows() -> int:
    held = [b"x" * 10**8 for _ in range(20)]
    return len(held)


def ends_itself() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def raises(message: str) -> None:
    raise ReadError(message)


class StrangeError(Exception):
    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def raises_what_cannot_be_sent() -> None:
    raise StrangeError(1, 2)


def total(numbers: Iterable[int], *, more: int = 0) -> int:
    return sum(numbers) + more


def pid_unless_asked(numbers: Iterable[int]) -> int:
    return os.getpid()


def test_work_is_done_in_one_other_process() -> None:
    one, other = limited(ROOM, process), limited(ROOM, process)
    assert one == other != os.getpid()


def test_without_limits_it_is_done_in_this_one() -> None:
    assert limited(ReadSettings(seconds=0), process) == os.getpid()

    def within() -> int:
        return os.getpid()

    assert limited(ROOM, within) == os.getpid()


@pytest.mark.parametrize("work", [spins, matches_for_ever, counts_for_ever])
def test_what_takes_too_long_is_ended(work: object) -> None:
    begun = time.monotonic()
    with pytest.raises(ReadError, match="cannot be read: takes longer than 1 s"):
        limited(LIMITS, work)  # type: ignore[arg-type]
    assert time.monotonic() - begun < 30
    assert limited(ROOM, total, [1, 2]) == 3, "the next page is read"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")
def test_what_takes_too_much_memory_is_ended() -> None:
    with pytest.raises(ReadError, match="cannot be read: takes more than 300 MB of memory"):
        limited(LIMITS, grows)
    assert limited(ROOM, total, [1, 2]) == 3


def test_what_ends_its_process_is_an_error() -> None:
    with pytest.raises(ReadError, match="was ended by the system"):
        limited(ROOM, ends_itself)
    assert limited(ROOM, total, [1, 2]) == 3


def test_a_process_that_was_killed_meanwhile_is_replaced() -> None:
    with suppress(ProcessLookupError):  # or it is gone by itself
        os.kill(limited(ROOM, process), signal.SIGKILL)
    time.sleep(0.2)
    assert limited(ROOM, total, [1, 2]) == 3


def test_errors_come_back() -> None:
    with pytest.raises(ReadError, match="too wide"):
        limited(ROOM, raises, "too wide")
    with pytest.raises(RuntimeError, match="StrangeError: 1 and 2"):
        limited(ROOM, raises_what_cannot_be_sent)


def test_what_stays_is_handed_over_when_it_is_asked_for() -> None:
    walked: list[int] = []

    def numbers() -> Iterable[int]:
        walked.append(1)
        yield from (3, 4)

    assert limited(ROOM, pid_unless_asked, stay={"numbers": numbers()}) != os.getpid()
    assert walked == []
    assert limited(ROOM, total, stay={"numbers": numbers()}, more=1) == 8
    assert walked == [1]


def breaks() -> Iterable[int]:
    yield 1
    raise OSError("the log cannot be read")


def test_what_breaks_on_this_side_is_told_on_this_side() -> None:
    with pytest.raises(OSError, match="the log cannot be read"):
        limited(ROOM, total, stay={"numbers": breaks()})
    assert limited(ROOM, total, [1, 2]) == 3


def test_threads_take_turns() -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(limited(ROOM, total, [n])))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(8))
