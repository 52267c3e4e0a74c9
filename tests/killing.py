"""Announces in children that kill themselves at a given step; told what to do on stdin.

    python killing.py PORT readers|owner

Each line is a site's folder, how many recipients it has (of the owner: how many hours later it
is), and a step's number (0: never). The answer is a line of JSON: the step at which the child was
killed, or its report. A step is the moment before or after one call that touches the disk or the
connection.
"""

from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sample_changes import NOW, make_site

from ratewire.announce import announce
from ratewire.config import AnnounceSettings, EmailSettings, OwnerSettings
from ratewire.owner import tell
from ratewire.record.directory import DirectoryStore

HERE = Path(__file__).parent


class Steps:
    """Counts the steps, and kills the process at one of them."""

    def __init__(self, last: int, told: int) -> None:
        self.last, self.told, self.count = last, told, 0
        self.write = os.write

    def watch(self, owner: Any, name: str) -> None:
        call = getattr(owner, name)

        def watched(*args: Any, **more: Any) -> Any:
            self.at(f"before {name}")
            result = call(*args, **more)
            self.at(f"after {name}")
            return result

        setattr(owner, name, watched)

    def at(self, step: str) -> None:
        self.count += 1
        if self.count == self.last:
            self.write(self.told, json.dumps({"killed": step}).encode())
            os.kill(os.getpid(), signal.SIGKILL)


def run(what: str, root: Path, port: int, count: int, last: int, told: int) -> None:
    steps = Steps(last, told)
    for name in ("write", "fsync", "fdatasync", "replace", "unlink", "mkdir"):
        steps.watch(os, name)
    for name in ("connect", "send", "getreply"):
        steps.watch(smtplib.SMTP, name)
    steps.write(told, json.dumps(_READERS[what](root, port, count)).encode())


def _settings(port: int, to: tuple[str, ...] = ()) -> EmailSettings:
    return EmailSettings(
        host="127.0.0.1", port=port, security="none", sender="prices@prices.example",
        to=to, timeout=20.0,
    )  # fmt: skip


def _addresses(count: int) -> tuple[str, ...]:
    return tuple(f"r{n:05}@x.example" for n in range(count))


def _readers(root: Path, port: int, count: int) -> dict[str, Any]:
    site = make_site(root, announce=AnnounceSettings(email=_settings(port, _addresses(count))))
    report = announce(site, DirectoryStore(site.snapshots), now=NOW, environment={})
    numbers = {k: v for k, v in asdict(report).items() if k != "planned"}
    return {**numbers, "due": len(report.planned)}


def _owner(root: Path, port: int, hours: int) -> dict[str, Any]:
    """To one address, so many hours later."""
    made = make_site(root, announce=AnnounceSettings(email=_settings(port)))
    site = replace(made, owner=OwnerSettings(email=_addresses(1)))
    report = tell(
        site, DirectoryStore(site.snapshots), now=NOW + timedelta(hours=hours), environment={}
    )
    assert report is not None
    return {"due": len(report.planned), "accepted": report.accepted}


_READERS = {"readers": _readers, "owner": _owner}


class Driver:
    """The process that forks children to be killed."""

    def __init__(self, port: int, what: str = "readers") -> None:
        path = os.pathsep.join((str(HERE), str(HERE.parent / "scraper")))
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__), str(port), what],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )

    def ask(self, root: Path, recipients: int, last: int = 0) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{root} {recipients} {last}\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "failed" not in found
        return found

    def run(self, root: Path, recipients: int, last: int = 0) -> dict[str, Any]:
        self.ask(root, recipients, last)
        return self.answer()

    def close(self) -> None:
        self._process.communicate(timeout=60)


def main() -> None:
    port = int(sys.argv[1])
    for line in sys.stdin:
        root, count, last = line.rsplit(" ", 2)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            run(sys.argv[2], Path(root), port, int(count), int(last), writing)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        print(text or json.dumps({"failed": True}), flush=True)


if __name__ == "__main__":
    main()
