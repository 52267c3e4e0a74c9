"""`ratewire read`, `ratewire compare` and `ratewire check` obey the limits of `[read]`."""

from __future__ import annotations

import sys
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ratewire import worker
from ratewire.cli import app
from ratewire.model import HealthState
from ratewire.pipeline import Job
from ratewire.record import DirectoryStore

PLAIN = (
    "<html><h1>Pricing</h1>"
    "<table><tr><th>Model<th>Price<tr><td>Kite<td>$2<tr><td>Rook<td>$3</table>"
)
HEAVY = PLAIN + "<p>" + "a " * 8_000_000  # one string after another: no time, much memory
SLOW = PLAIN + "<p>" + "$1 ¥1 " * 100_000
LIMITS = {
    "memory": ("seconds = 60\nmemory = 40_000_000", HEAVY, "cannot be read: takes more than 40 MB"),
    "time": ("seconds = 1", SLOW, "cannot be read: takes longer than 1 s"),
}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")


@pytest.fixture(params=LIMITS)
def site(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """In a site's folder two pages, one of which is too much; what is to be said of that."""
    settings, page, said = LIMITS[request.param]
    (tmp_path / "ratewire.toml").write_text(
        f'[site]\ntitle = "Prices"\nurl = "https://prices.example"\n\n[read]\n{settings}\n'
    )
    (tmp_path / "plain.html").write_text(PLAIN + "</html>")
    (tmp_path / "bad.html").write_text(page + "</html>")
    monkeypatch.chdir(tmp_path)
    # A process that has read nothing yet has no memory to spare.
    monkeypatch.setattr(worker, "_worker", cache(worker._Worker))
    return said


@pytest.mark.parametrize("words", [["read", "bad.html"], ["compare", "plain.html", "bad.html"]])
def test_a_page_past_a_limit_cannot_be_read(site: str, words: list[str]) -> None:
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code != 0
    assert site in ran.output
    assert "Traceback" not in ran.output


def test_other_pages_are_read(site: str) -> None:
    assert CliRunner().invoke(app, ["compare", "plain.html", "plain.html"]).exit_code == 0


def test_a_check_obeys_them(
    site: str, tmp_path: Path, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source whose page is too much is unwell, the other one is read."""
    folder = tmp_path / "content" / "sources"
    folder.mkdir(parents=True)
    routes = {}
    for name in ("bad", "plain"):
        (folder / f"{name}.toml").write_text(
            f'name = "{name}"\npublisher = "{name}"\nurl = "https://{name}.example/{name}"\n'
        )
        served.show(f"/{name}", (tmp_path / f"{name}.html").read_text())
        routes[f"https://{name}.example/"] = f"{served.url}/"
    monkeypatch.setattr(Job, "of", partial(Job.of, routes=routes))
    ran = CliRunner().invoke(app, ["check", "--all"])
    store = DirectoryStore(tmp_path / "snapshots")
    bad, plain = store.health("bad"), store.health("plain")
    assert bad is not None
    assert site in bad.detail
    assert plain is not None
    assert plain.state is HealthState.OK
    assert store.load("bad")[0] is None
    assert store.load("plain")[0] is not None
    assert "Traceback" not in ran.output
