"""Servers that drip, flood, lie and hang up, as a vendor's, a reader's and a mail server.

Each fault lasts for a few runs, in which prices change, and is mended then. No run may hang, the
other vendor's change has to be told meanwhile, and in the end the reader has heard of each change
once (a message may come twice under one id where nobody could know that it had come).
"""

from __future__ import annotations

import shutil
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from hostile_outcome import Outcome, Run, alone
from hostile_scripts import ANSWERS, MAIL, Play, after_the_request, hostile, pass_on
from hostile_watch import Loopback, Watch, page

BASE = {"alba-2": "12.00", "alba-1": "20.00"}
CHANGED = {**BASE, "alba-2": "9.00"}
TRUE = ("alba-2", "12.00", "9.00")
LIMITS = """
[fetch]
delay = 0
retries = 0
timeout = 1
connect_timeout = 1
"""
HUNG = 40.0
"""Seconds after which a run is held to hang: a run makes several requests of one second."""

Fault = Callable[[Path], Iterator[str]]
"""A case in a folder of its own; yields `kind: what went wrong`."""


def vendor(play: Play) -> Fault:
    """One of two vendors' servers."""

    def case(root: Path) -> Iterator[str]:
        with Loopback() as world, hostile(after_the_request(play)) as server:
            watch = _watch(root, world, "lark", "wren")
            watch.run()
            watch.elsewhere = {"lark": f"http://127.0.0.1:{server.port}/"}
            for name in ("lark", "wren"):
                watch.show(name, page(CHANGED))
            yield from _in_time(watch, runs=2)
            yield from _wrong(watch, {"wren": 1})
            watch.elsewhere = {}
            yield from _in_time(watch, runs=2)
            yield from _wrong(watch, {"wren": 1, "lark": 1})

    return case


def reader(play: Play) -> Fault:
    """The server that takes the announcements."""

    def case(root: Path) -> Iterator[str]:
        with Loopback() as world, hostile(after_the_request(play)) as server:
            watch = _watch(root, world, "lark", hook=f"http://127.0.0.1:{server.port}")
            watch.run()
            watch.show("lark", page(CHANGED))
            yield from _in_time(watch, runs=3)
            server.play = pass_on(world.http.server_port)
            yield from _in_time(watch, runs=1, minutes=60 * 25)
            yield from _wrong(watch, {"lark": 1})

    return case


def mail(play: Play, security: str) -> Fault:
    """The server that takes the mail."""

    def case(root: Path) -> Iterator[str]:
        taken = _Mailbox()
        with Loopback() as world, hostile(play) as server, ExitStack() as stack:
            port = _free_port()
            controller = Controller(taken, hostname="127.0.0.1", port=port)
            controller.start()
            stack.callback(controller.stop)
            watch = _watch(root, world, "lark")
            _mail(root, server.port, security)
            watch.run()
            watch.show("lark", page(CHANGED))
            yield from _in_time(watch, runs=3)
            if taken.ids:
                yield "lost: a server that takes nothing was believed to have taken a mail"
            _mail(root, port, "none")
            yield from _in_time(watch, runs=1, minutes=60 * 25)
        if len(set(taken.ids)) != 1:
            yield f"lost: {len(set(taken.ids))} mails of one change"

    return case


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


class _Mailbox:
    """Takes mail for the loopback SMTP server."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        body: bytes = envelope.original_content
        lines = body.decode("ascii", "replace").split("\r\n")
        self.ids += [line for line in lines if line.startswith("Message-ID")]
        return "250 OK"


def _watch(root: Path, world: Loopback, *names: str, hook: str = "") -> Watch:
    watch = Watch(root, world, *names)
    _hook(root, hook or world.url)
    for name in names:
        watch.show(name, page(BASE))
    return watch


def _settings(root: Path, announce: str) -> None:
    (root / "ratewire.toml").write_text(
        f'[site]\ntitle = "Watch"\nurl = "https://watch.example"\n{LIMITS}\n{announce}'
    )


def _hook(root: Path, url: str) -> None:
    _settings(root, f'[[announce.webhook]]\nurl = "{url}/hook"\ntimeout = 1\n')


def _mail(root: Path, port: int, security: str) -> None:
    _settings(
        root,
        f'[announce.email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "{security}"\n'
        'sender = "prices@watch.example"\nto = ["reader@watch.example"]\ntimeout = 1\n',
    )


def _in_time(watch: Watch, *, runs: int, minutes: int = 60) -> Iterator[str]:
    for _ in range(runs):
        begun = time.monotonic()
        try:
            watch.run(minutes=minutes)
        except Exception as error:
            yield f"tracebacks: {type(error).__name__}: {error}"
        if (took := time.monotonic() - begun) > HUNG:
            yield f"hung: a run took {took:.0f} s"


def _wrong(watch: Watch, expected: dict[str, int]) -> Iterator[str]:
    """`expected`: by vendor, how often its change was to be told by now."""
    changes: dict[str, Any] = {}
    for message in watch.world.heard:
        data: Any = message["data"]
        changes |= {one["id"]: one for one in data.get("changes", [data])}
    told = Counter(
        (change["source"]["id"], one["before"]["amount"], one["after"]["amount"])
        for change in changes.values()
        for one in change["alterations"]
    )
    for (source, *prices), count in told.items():
        if tuple(prices) != TRUE[1:] or count > expected.get(source, 0):
            yield f"false: {source} {prices} told {count} times"
    for source in expected:
        if not any(key[0] == source for key in told):
            yield f"lost: the change of {source} was not told"


def cases(*, quick: bool) -> Iterator[tuple[str, Fault]]:
    every = 4 if quick else 1
    for name, play in [*ANSWERS.items()][::every]:
        yield f"vendor {name}", vendor(play)
        yield f"reader {name}", reader(play)
    for name, play in [*MAIL.items()][::every]:
        for security in ("none", "tls"):
            yield f"mail {name} ({security})", mail(play, security)


def measure(run: Run) -> Outcome:
    return run.each((name, partial(_tried, name, fault)) for name, fault in cases(quick=run.quick))


def _tried(name: str, fault: Fault) -> Outcome:
    root = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        wrong = tuple(fault(root))
    finally:
        shutil.rmtree(root, ignore_errors=True)
    counts = Counter(line.partition(":")[0] for line in wrong)
    return Outcome(
        hung=counts["hung"], tracebacks=counts["tracebacks"], false=counts["false"],
        lost=counts["lost"], said=tuple(f"{name}: {line}" for line in wrong), cases=1,
    )  # fmt: skip


if __name__ == "__main__":
    alone("servers", measure, __doc__)
