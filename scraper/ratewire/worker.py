"""Work on pages in a process of its own, within limits of time and memory.

Whoever makes a page may make one that keeps a reader busy for ever or fills the memory. No thread
can be stopped amid that; a process can. One process works on page after page, so that a run with
many pages starts it once.

Where the system knows no limits of memory (Windows, macOS) only time is limited.
"""

from __future__ import annotations

import faulthandler
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any, Final, TypeVar

from ratewire.config import ReadSettings
from ratewire.errors import ReadError

if sys.platform != "win32":
    import resource

__all__ = ["limited", "start_worker"]

T = TypeVar("T")
_PATIENCE: Final = 10
"""Times the limit that a process may wait for the processor on a busy machine."""
_KILLED_IN: Final = 5.0


def limited(
    limits: ReadSettings,
    work: Callable[..., T],
    *args: Any,
    stay: Mapping[str, Any] | None = None,
    **more: Any,
) -> T:
    """What `work(*args, **more)` gives, done in the other process. Raises ReadError past a limit.

    `stay`: iterables, by the names of parameters, that are handed over only where they are walked
    through. What another process cannot find by its name (a function within a function) is called
    in this one, without limits.
    """
    stay = stay or {}
    if not limits.seconds or not _is_found(work):
        return work(*args, **more, **stay)
    done: T = _worker().do(_Task(work, args, more, tuple(stay), limits), stay)
    return done


def start_worker(limits: ReadSettings) -> None:
    """Start the process now, where that is as good as free: before there are other threads."""
    if limits.seconds and _forks():
        _worker().start()


@cache
def _worker() -> _Worker:
    return _Worker()


def _is_found(work: Callable[..., object]) -> bool:
    module = sys.modules.get(getattr(work, "__module__", ""))
    return getattr(module, getattr(work, "__qualname__", ""), None) is work


def _forks() -> bool:
    """A fork starts at once, but is safe on Linux only, where no other thread can hold a lock."""
    return sys.platform == "linux" and threading.active_count() == 1


@dataclass(frozen=True, slots=True)
class _Task:
    work: Callable[..., object]
    args: tuple[Any, ...]
    more: Mapping[str, Any]
    stay: tuple[str, ...]
    limits: ReadSettings


@dataclass(frozen=True, slots=True)
class _Asked:
    """The other process needs what stayed here."""

    name: str


@dataclass(frozen=True, slots=True)
class _Done:
    result: object = None
    error: BaseException | None = None
    spent: bool = False
    """The process has grown too large to go on."""


# ── On this side ─────────────────────────────────────────────────────────────────────────────


@dataclass
class _Worker:
    """The other process, seen from this one; threads take turns."""

    _turn: threading.Lock = field(default_factory=threading.Lock)
    _process: multiprocessing.Process | SpawnProcess | None = None
    _channel: Connection | None = None
    _pid: int = 0
    """Of this process: one that is forked from it has no worker yet."""

    def start(self) -> None:
        with self._turn:
            self._started()

    def do(self, task: _Task, stay: Mapping[str, Iterable[object]]) -> Any:
        limits = task.limits
        with self._turn:
            channel = self._started()
            try:
                _send(channel, task)
                done = self._answer(channel, limits, stay)
            except _GoneError:
                raise ReadError(_why(self._end(), limits)) from None
            except BaseException:
                self._end()
                raise
            if done.spent:
                self._end()
        if isinstance(done.error, MemoryError):
            raise ReadError(_too_large(limits)) from None
        if done.error is not None:
            raise done.error
        return done.result

    def _answer(
        self, channel: Connection, limits: ReadSettings, stay: Mapping[str, Iterable[object]]
    ) -> _Done:
        until = time.monotonic() + _wait(limits)
        while channel.poll(max(0.0, until - time.monotonic())):
            answer = _receive(channel)
            if isinstance(answer, _Done):
                return answer
            _send(channel, tuple(stay[answer.name]))
        self._end()
        raise ReadError(_too_long(limits))

    def _started(self) -> Connection:
        if self._process is not None and self._pid == os.getpid() and self._process.is_alive():
            assert self._channel is not None
            return self._channel
        if self._pid == os.getpid():
            self._end()
        way = "fork" if _forks() else "spawn"
        context = multiprocessing.get_context(way)
        ours, theirs = context.Pipe()
        process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, ours if way == "fork" else None), daemon=True
        )
        process.start()
        theirs.close()
        self._process, self._channel, self._pid = process, ours, os.getpid()
        return ours

    def _end(self) -> int:
        """What the process ended with, by itself or because it was killed now."""
        process, self._process = self._process, None
        if self._channel is not None:
            self._channel.close()
        if process is None:
            return 0
        process.join(0.2)
        if process.is_alive():
            process.kill()
        process.join(_KILLED_IN)
        return process.exitcode or 0


class _GoneError(Exception):
    """The other process has ended."""


def _send(channel: Connection, message: object) -> None:
    try:
        channel.send(message)
    except OSError:
        raise _GoneError from None


def _receive(channel: Connection) -> Any:
    try:
        return channel.recv()
    except (EOFError, OSError):
        raise _GoneError from None


def _wait(limits: ReadSettings) -> float:
    return limits.seconds * (1 if sys.platform == "win32" else _PATIENCE)


def _why(code: int, limits: ReadSettings) -> str:
    """In words, what ended the process."""
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return _too_long(limits)
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return "cannot be read: takes more memory than this machine has left"
    return f"cannot be read: its reader was ended by the system ({code}); please report it"


def _too_long(limits: ReadSettings) -> str:
    return f"cannot be read: takes longer than {limits.seconds:g} s"


def _too_large(limits: ReadSettings) -> str:
    return f"cannot be read: takes more than {limits.memory // 10**6:,} MB of memory"


# ── On the other side ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _There(Iterable[Any]):
    """What stayed with whoever asked for the work."""

    channel: Connection
    name: str

    def __iter__(self) -> Iterator[Any]:
        _send(self.channel, _Asked(self.name))
        return iter(_receive(self.channel))


def _serve(channel: Connection, other_end: Connection | None) -> None:
    """Work until whoever asks for it is gone."""
    if other_end is not None:
        other_end.close()  # else this process would never see that the other one is gone
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    _forget_limits()
    faulthandler.disable()
    with suppress(_GoneError):
        while True:
            done = _done(channel, _receive(channel))
            _forget_limits()
            _send(channel, done)


def _done(channel: Connection, task: _Task) -> _Done:
    _limit(task.limits)
    try:
        there = {name: _There(channel, name) for name in task.stay}
        result = task.work(*task.args, **task.more, **there)
        return _Done(result, spent=_size() > task.limits.memory // 2)
    except MemoryError:
        return _Done(error=MemoryError(), spent=True)
    except _GoneError:
        raise
    except Exception as error:
        return _Done(error=_portable(error))


def _portable(error: Exception) -> Exception:
    """The error, or where it cannot be sent one that says the same."""
    try:
        ForkingPickler.loads(ForkingPickler.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _limit(limits: ReadSettings) -> None:
    if sys.platform != "win32":
        seconds = ceil(time.process_time() + limits.seconds)
        _set(resource.RLIMIT_CPU, seconds)
        if sys.platform == "linux":
            _set(resource.RLIMIT_AS, _size(0) + limits.memory)


def _forget_limits() -> None:
    if sys.platform != "win32":
        _set(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
        if sys.platform == "linux":
            _set(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        _set(resource.RLIMIT_CORE, 0)


def _set(which: int, limit: int) -> None:
    """No higher than the system lets this process go; on what knows no such limit, nothing."""
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            highest = resource.getrlimit(which)[1]
            if highest != resource.RLIM_INFINITY:
                limit = highest if limit == resource.RLIM_INFINITY else min(limit, highest)
            resource.setrlimit(which, (limit, highest))


def _size(column: int = 1) -> int:
    """Bytes that this process has in memory, or (0) all that it has addresses for; 0: unknown."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[column])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize() if sys.platform != "win32" else 0
