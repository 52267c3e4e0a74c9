"""Announces in children that kill themselves at a given step; told what to do on stdin.

    python killing.py PORT

Each line is a site's folder, how many recipients it has, and a step's number (0: never). The
answer is a line of JSON: the step at which the child was killed, or its report. A step is the
moment before or after one call that touches the disk or the connection.
"""

from __future__ import annotations

import json
import os
import signal
import smtplib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sample_changes import NOW, make_site

from scraper.announce import announce
from scraper.config import AnnounceSettings, EmailSettings
from scraper.record.directory import DirectoryStore


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


def run(root: Path, port: int, count: int, last: int, told: int) -> None:
    steps = Steps(last, told)
    for name in ("write", "fsync", "fdatasync", "replace", "unlink", "mkdir"):
        steps.watch(os, name)
    for name in ("connect", "send", "getreply"):
        steps.watch(smtplib.SMTP, name)
    email = EmailSettings(
        host="127.0.0.1",
        port=port,
        security="none",
        sender="prices@prices.example",
        to=tuple(f"r{n:05}@x.example" for n in range(count)),
        timeout=20.0,
    )
    site = make_site(root, announce=AnnounceSettings(email=email))
    report = announce(site, DirectoryStore(site.snapshots), now=NOW, environment={})
    numbers = {k: v for k, v in asdict(report).items() if k != "planned"}
    steps.write(told, json.dumps({**numbers, "due": len(report.planned)}).encode())


def main() -> None:
    port = int(sys.argv[1])
    for line in sys.stdin:
        root, count, last = line.rsplit(" ", 2)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            run(Path(root), port, int(count), int(last), writing)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        print(text or json.dumps({"failed": True}), flush=True)


if __name__ == "__main__":
    main()
