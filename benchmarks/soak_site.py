"""The simulated site: its settings, and a clone of its repository on some machine."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from soak_vendors import Vendor
from soak_world import Remote, World, git

from ratewire.__main__ import collect_rarely
from ratewire.apps.push import push
from ratewire.config import Site
from ratewire.config.load import load_site
from ratewire.errors import StoreError
from ratewire.pipeline import Job

__all__ = ["DIGEST", "MAIL", "Clone", "founded", "nobody"]

MAIL = ("ann@readers.example", "bo@readers.example")
DIGEST = "cy@readers.example"
SETTINGS = """[site]
title = "Soak"
url = "https://soak.example"

[fetch]
delay = 0.0
per_host = 1
retries = 1
backoff = 0.001

[announce.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "prices@soak.example"
to = {mail}

[[announce.email.recipient]]
address = "{digest}"
digest = "daily"

[[announce.webhook]]
url = "http://127.0.0.1:{hook}/hook/"
"""
FOLLOWED = 20
"""Vendors of which the site follows a product; of the others it tells the changes."""
SECRET = "whsec_" + "c29ha3NvYWtzb2Frc29ha3NvYWtzb2Fr"


class Around(Protocol):
    """What a run needs of the world."""

    @property
    def time(self) -> datetime: ...

    def routes(self) -> dict[str, str]: ...


@dataclass
class Clone:
    """A checkout of the site on some machine."""

    root: Path
    world: Around

    def __post_init__(self) -> None:
        self.load()

    def load(self) -> None:
        self.site: Site = load_site(self.root)

    @property
    def job(self) -> Job:
        return Job.of(self.site, now=lambda: self.world.time, routes=self.world.routes())

    def forget(self) -> None:
        """The cache is lost."""
        shutil.rmtree(self.site.cache, ignore_errors=True)

    def renew(self) -> None:
        """The checkout as the remote has it."""
        git(self.root, "fetch", "-q")
        git(self.root, "reset", "-q", "--hard", "origin/main")
        git(self.root, "clean", "-fdq", "snapshots", "announced")
        self.load()

    # The stages, as .github/workflows/watch.yml has them.

    def check(self) -> bool:
        """Whether anything was recorded."""
        report = self.job.check(seen=nobody)
        return any(outcome.changes for outcome in report.outcomes)

    def push(self) -> bool:
        """False: refused for good, in this hour."""
        try:
            push(self.site, self.job.store, pause=nobody)
        except StoreError:
            return False
        return True

    def build(self) -> None:
        """In a process of its own, without the vendors' thread: as it is in a true run."""
        child = os.fork()
        if not child:
            code = 1
            with suppress(BaseException):
                self.job.build()
                code = 0
            os._exit(code)
        if os.waitpid(child, 0)[1]:
            raise RuntimeError("the site could not be built")

    def start(self) -> float:
        """Seconds of a run that builds nothing, in a process of its own, start-up included."""
        around = json.dumps([str(self.root), self.world.time.isoformat(), self.world.routes()])
        began = time.perf_counter()
        subprocess.run([sys.executable, __file__, around], check=True)
        return time.perf_counter() - began

    def tell(self, *, building: bool) -> None:
        """Build, announce, push who was told."""
        if building:
            self.build()
        if self.job.announce().planned:
            self.push()


def nobody(_: object) -> None:
    pass


def founded(folder: Path, world: World, cast: tuple[Vendor, ...]) -> tuple[Remote, Clone]:
    """A site that watches these vendors, in a repository of its own."""
    os.environ["RATEWIRE_WEBHOOK_SECRET"] = SECRET
    folder.mkdir(parents=True, exist_ok=True)
    remote = Remote(folder / "remote.git")
    root = remote.clone(folder / "one")
    git(root, "checkout", "-q", "-B", "main")
    (root / "content" / "sources").mkdir(parents=True)
    (root / "ratewire.toml").write_text(
        SETTINGS.format(
            port=world.mail_port, mail=json.dumps(MAIL), digest=DIGEST, hook=world.port
        ),
        "utf-8",
    )
    for vendor in cast:
        kind = "availability" if vendor.start.kind == "stages" else "pricing"
        (root / "content" / "sources" / f"{vendor.id}.toml").write_text(
            f'name = "{vendor.house} pricing"\npublisher = "{vendor.house}"\n'
            f'url = "https://{vendor.id}.example/pricing"\nevery = "{vendor.every}"\n'
            f'kind = "{kind}"\n\n[expect]\ncurrency = "USD"\nlanguage = "en"\n',
            "utf-8",
        )
    products = root / "content" / "products"
    products.mkdir()
    for vendor in cast[:FOLLOWED]:
        first = vendor.start.products[0]
        (products / f"{first.slug}.md").write_text(
            f'+++\nid = "{first.slug}"\nname = "{first.name}"\npublisher = "{vendor.house}"\n+++\n',
            "utf-8",
        )
    (root / ".gitignore").write_text("/site/\n/.ratewire/\n", "utf-8")
    (root / "README").write_text("The owner's notes.\n", "utf-8")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    git(root, "push", "-q", "origin", "main")
    return remote, Clone(root, world)


@dataclass(frozen=True)
class _Given:
    """The world as another process has described it."""

    time: datetime
    ways: dict[str, str]

    def routes(self) -> dict[str, str]:
        return self.ways


def main(around: str) -> None:
    """One run, as an owner starts it."""
    collect_rarely()
    logging.disable(logging.WARNING)
    root, moment, routes = json.loads(around)
    clone = Clone(Path(root), _Given(datetime.fromisoformat(moment), routes))
    clone.check()
    clone.push()
    clone.tell(building=False)


if __name__ == "__main__":
    main(sys.argv[1])
