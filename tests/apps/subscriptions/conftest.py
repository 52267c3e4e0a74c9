"""The service as it runs: uvicorn, a mail server and a database, all on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mail_desk import MailServer
from running import Running, make_running


def _cluster_tool(name: str) -> str | None:
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(debian[-1]) if debian else shutil.which(name)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A throw-away PostgreSQL that only this machine's sockets reach: its URL up to the name."""
    initdb, postgres = _cluster_tool("initdb"), _cluster_tool("postgres")
    if initdb is None or postgres is None:
        reason = "needs PostgreSQL (initdb, postgres), which is not installed"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    home = Path(tempfile.mkdtemp(prefix="ratewire-pg-"))
    who: dict[str, Any] = {"cwd": home, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        who |= {"user": "nobody", "extra_groups": []}
        shutil.chown(home, "nobody")
    subprocess.run(
        [initdb, "-D", home / "data", "-U", "ratewire", "-A", "trust", "--no-sync", "-E", "UTF8"],
        check=True, capture_output=True, **who,
    )  # fmt: skip
    server = subprocess.Popen(
        [postgres, "-D", home / "data", "-k", home, "-h", "", "-F"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **who,
    )  # fmt: skip
    assert server.stderr is not None
    for line in server.stderr:
        if "ready to accept connections" in line:
            break
    yield f"postgresql://ratewire@/NAME?host={home}"
    server.terminate()
    server.wait(20)
    shutil.rmtree(home)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: Any, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'db' / 'subscriptions.db'}"
        return
    cluster = request.getfixturevalue("cluster")
    psycopg = pytest.importorskip("psycopg")
    name = f"t{time.time_ns()}"
    with psycopg.connect(cluster.replace("NAME", "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield cluster.replace("NAME", name)
    with psycopg.connect(cluster.replace("NAME", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def running(tmp_path: Path, smtp: MailServer) -> Iterator[Callable[..., Running]]:
    """Starts a service on SQLite, or on `database`."""
    begun: list[Running] = []

    def start(**more: Any) -> Running:
        begun.append(make_running(tmp_path, smtp, **more))
        return begun[-1]

    yield start
    for one in begun:
        one.close()
