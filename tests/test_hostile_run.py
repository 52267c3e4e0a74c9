"""Ten good pages among hostile ones, as `ratewire run` meets them: the ten are announced."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ratewire.config.load import load_site
from ratewire.model import HealthState
from ratewire.pipeline import Job

HOUR = timedelta(hours=1)
SETTINGS = """\
[site]
title = "Prices"
url = "https://prices.example"

[fetch]
delay = 0
retries = 0

[read]
seconds = 2
memory = 400_000_000

[compare]
confirmations = 1
"""
SOURCE = """\
name = "{name}"
publisher = "{name}"
url = "https://{name}.example/{name}"
"""
ROWS = "<tr><td>{name} one</td><td>$3.00</td><td>${price}</td></tr>"
PAGE = (
    "<!doctype html><html lang=en><title>Pricing</title><h1>Pricing</h1><p>Prices per 1M tokens."
    "</p><table><tr><th>Model</th><th>Input</th><th>Output</th></tr>" + ROWS +
    "<tr><td>{name} two</td><td>$1.00</td><td>$2.00</td></tr></table>"
)  # fmt: skip
HTML, JSON, MARKDOWN = "text/html", "application/json", "text/markdown"
MDX, RSS = "text/mdx", "application/rss+xml"
CHANNEL = '<?xml version="1.0"?><rss version="2.0"><channel><title>Kite Status</title>'
INCIDENT = "<item><title>Outage</title><guid>{n}</guid><description>{said}</description></item>"
TABLE = "<table><tr><th>Model<th>Price per image"
FUTURE = "<p>Effective January 15, 2099</p>"


def priced(label: str) -> str:
    return f"{TABLE}<tr><td>{label}<td>$2<tr><td>{label} b<td>$3</table>"


HOSTILE: dict[str, tuple[str, str]] = {
    "many-elements": (HTML, PAGE + "<p><b>a</b>" * 400_000),
    "deep": (HTML, PAGE + "<div>" * 500_000),
    "spans": (HTML, PAGE + "<table>" + "<tr><td rowspan=1000 colspan=1000>$1" * 3_000),
    "stars": (MARKDOWN, "# " + "*" * 200_000 + "\n\n$1 per image\n"),
    "many-amounts": (HTML, PAGE + "<p>" + "$1 ¥1" * 300_000),
    "slashes": (HTML, PAGE + "<p>$1 " + "/" * 500_000),
    "exponent": (HTML, PAGE + '<script>a.price={"price":[1,2]}; a[1e2000000]=1</script>'),
    "huge-index": (JSON, '{"prices":[{"name":"a","price":1e2000000},{"name":"b","price":2}]}'),
    "digits": (HTML, PAGE + f"<p>$1 per {'9' * 5_000} tokens</p>"),
    "digits-in-json": (JSON, '{"prices":[{"name":"a","price":%s}]}' % ("9" * 5_000)),
    "deep-json": (JSON, '{"price":' + "[" * 100_000),
    "comments": (HTML, PAGE + "<script>price;" + "window.a=[1/*" * 100_000 + "</script>"),
    "fences": (MARKDOWN, "# Prices\n" + "\n```\n" * 100_000),
    "feed-items": (RSS, CHANNEL + INCIDENT.format(n=1, said="a") * 100_000),
    "feed-words": (RSS, CHANNEL + INCIDENT.format(n=1, said="Jan 1, 10:00 UTC " * 100_000)),
    "feed-open": (RSS, CHANNEL + "<item><a>" * 200_000),
    "status-json": (JSON, '{"page":{},"incidents":[' + '{"name":"a","incident_updates":[' * 50_000),
    "mdx-props": (MDX, "# Prices\n\n" + "<A b={" * 100_000),
    "mdx-data": (MDX, "# Prices\n\n" + "export const a = [\n" * 50_000),
    "emoji": (HTML, priced("👍")),
    "signs": (HTML, priced("***")),
    "long-label": (HTML, priced("价格" * 100)),
    "index-html": (HTML, priced("index.html")),
    "reserved": (HTML, priced("CON")),
    "dots": (HTML, priced("../../../etc")),
    "next-year": (HTML, FUTURE + priced("Late")),
    "far-year": (HTML, "<p>Effective December 31, 9999</p>" + priced("Never")),
    "markup": (HTML, priced("&lt;b&gt;{{ 7 }}")),
}  # fmt: skip
GOOD = [f"good{number}" for number in range(10)]


@pytest.mark.slow
def test_good_pages_are_announced_beside_hostile_ones(tmp_path: Path, served: Any) -> None:
    root = tmp_path / "site"
    sources = root / "content" / "sources"
    sources.mkdir(parents=True)
    (root / "ratewire.toml").write_text(SETTINGS)
    names = [*HOSTILE, *GOOD]
    for name in names:
        (sources / f"{name}.toml").write_text(SOURCE.format(name=name))
    for name in GOOD:
        served.show(f"/{name}", PAGE.format(name=name, price="4.00"))
    for name, (media_type, body) in HOSTILE.items():
        served.pages[f"/{name}"] = (200, media_type, body.encode())
    routes = {f"https://{name}.example/": f"{served.url}/" for name in names}

    clock = [datetime(2026, 3, 1, 12, tzinfo=UTC)]

    def run() -> Any:
        clock[0] += HOUR
        job = Job.of(load_site(root), now=lambda: clock[0], routes=routes)
        return job.run(job.site.sources, seen=lambda _: None)

    first = run()
    assert all(first.health[name].state is HealthState.OK for name in GOOD)
    for name in GOOD:
        served.show(f"/{name}", PAGE.format(name=name, price="5.00"))
    second = run()
    changed = {outcome.source.id for outcome in second.outcomes if outcome.changes}
    assert changed == set(GOOD)
    if sys.platform == "linux":
        assert any("cannot be read" in second.health[name].detail for name in HOSTILE)
    assert first.built is not None
    assert second.built is not None
    assert first.built.left_out == second.built.left_out == ()
    feed = (root / "site" / "feeds" / "all.json").read_text("utf-8")
    assert all(f"{name} one" in feed for name in GOOD)
