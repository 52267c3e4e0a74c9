"""The owner hears of what a whole run met: pages on loopback in, mail on loopback out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mail_desk import MailServer
from typer.testing import CliRunner

from ratewire.cli import app
from ratewire.config.load import load_site
from ratewire.errors import BuildError
from ratewire.pipeline import Job, Report
from ratewire.publish import views

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SETTINGS = """\
[site]
title = "Prices"
url = "https://prices.example"

[fetch]
delay = 0
retries = 0

[announce.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "prices@prices.example"

[owner]
email = ["owner@x.example"]
grace_period = "0h"
"""
SOURCE = """\
name = "Lark pricing"
publisher = "Lark"
url = "https://lark.example/lark"
every = "1h"
"""


def page(out: str = "12.00", sentence: str = "", models: int = 3) -> str:
    rows = "".join(
        f"<tr><td>Lark {n}</td><td>$3.00</td><td>${out if n == 1 else '20.00'}</td></tr>"
        for n in range(1, models + 1)
    )
    return (
        "<!doctype html><html lang=en><title>Pricing</title><h1>Prices</h1>"
        "<p>Prices per 1M tokens.</p><table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
        f"{rows}</table>{sentence}</html>"
    )


class Watch:
    def __init__(self, root: Path, served: Any, port: int) -> None:
        self.root, self.served, self.time = root, served, START
        (root / "content" / "sources").mkdir(parents=True)
        (root / "ratewire.toml").write_text(SETTINGS.format(port=port))
        (root / "content" / "sources" / "lark.toml").write_text(SOURCE)

    def run(self, html: str = "", hours: int = 1, status: int = 200) -> Report:
        self.time += timedelta(hours=hours)
        if html:
            self.served.show("/lark", html, status)
        routes = {"https://lark.example/": f"{self.served.url}/"}
        job = Job.of(load_site(self.root), now=lambda: self.time, routes=routes)
        return job.run(job.site.sources, seen=lambda outcome: None)


@pytest.fixture
def watch(tmp_path: Path, served: Any, smtp: MailServer) -> Watch:
    return Watch(tmp_path / "site", served, smtp.port)


def subjects(smtp: MailServer) -> list[str]:
    return [message["subject"] for message in smtp.messages]


def test_an_owner_with_a_well_site_hears_nothing(watch: Watch, smtp: MailServer) -> None:
    for out in ("12.00", "12.00", "9.00", "9.00"):
        report = watch.run(page(out))
        assert report.owner is not None
        assert report.owner.standing == ()
    assert not smtp.mails


def test_a_held_reading_is_told_at_once_and_when_it_is_over(watch: Watch, smtp: MailServer) -> None:
    watch.run(page(models=12))
    watch.run(page(models=2))
    assert subjects(smtp) == ["Lark pricing: what the page now says is held"]
    watch.run()
    watch.run(page(models=12))
    assert len(smtp.mails) == 2
    assert "settled" in subjects(smtp)[-1]


def test_a_page_that_states_two_prices_of_one_thing(watch: Watch, smtp: MailServer) -> None:
    sentence = "<p>Lark 1 costs ${} per million output tokens.</p>"
    watch.run(page("12.00", sentence.format("12.00")))
    watch.run(page("10.00", sentence.format("12.00")))
    watch.run(page("10.00", sentence.format("12.00")))
    assert subjects(smtp) == ["Lark pricing: two places of the page state two prices of one thing"]
    body = smtp.messages[0].get_body(("plain",))
    assert body is not None
    assert "costs $12.00 per million output tokens" in body.get_content()
    watch.run(page("10.00", sentence.format("10.00")))
    watch.run()
    assert "settled" in subjects(smtp)[-1]


def test_a_source_that_fails_and_recovers(watch: Watch, smtp: MailServer) -> None:
    watch.run(page())
    watch.run("gone", status=503)
    watch.run()
    watch.run(page())
    assert subjects(smtp) == [
        "Lark pricing: the page cannot be read",
        "Prices: 1 matter is settled: Lark pricing: the page cannot be read",
    ]


def test_a_build_that_fails_is_told_and_raised(watch: Watch, smtp: MailServer) -> None:
    watch.run(page())
    articles = watch.root / "content" / "articles"
    articles.mkdir()
    article = articles / "a.md"
    article.write_text('+++\ntitle = "A"\npublished = 2026-03-01\n+++\n{{ rate("nix", "none") }}\n')
    with pytest.raises(BuildError):
        watch.run()
    assert "a run stopped" in subjects(smtp)[0]
    body = smtp.messages[0].get_body(("plain",))
    assert body is not None
    assert "a.md" in body.get_content()
    article.unlink()
    watch.run()
    assert "settled" in subjects(smtp)[-1]


def test_a_page_that_cannot_be_rendered_is_told_and_when_it_can(
    watch: Watch, smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.run(page("12.00"))
    watch.run(page("9.00"))

    def broken(*_: object, **__: object) -> None:
        raise ValueError("no such month")

    with monkeypatch.context() as patched:
        patched.setattr(views, "change", broken)
        report = watch.run()
        assert report.built is not None
        (left_out,) = report.built.left_out
        assert report.exit_code == 1
        assert subjects(smtp) == [f"the page {left_out.path} is left out of the site"]
        body = smtp.messages[0].get_body(("plain",))
        assert body is not None
        assert "ValueError: no such month" in body.get_content()
        told = CliRunner().invoke(app, ["announce", "--json", "--site", str(watch.root)])
        found = json.loads(told.stdout)["owner"]
        assert [one["topic"] for one in found["standing"]] == ["unrendered"], "without a build too"
    watch.run()
    assert "settled" in subjects(smtp)[-1]


def test_announce_tells_the_owner_too_and_says_so(watch: Watch, smtp: MailServer) -> None:
    watch.run(page(models=12))
    store = Job.of(load_site(watch.root)).store
    smtp.mails.clear()
    watch.served.show("/lark", page(models=2))
    routes = {"https://lark.example/": f"{watch.served.url}/"}
    later = START + timedelta(hours=2)
    job = Job.of(load_site(watch.root), now=lambda: later, routes=routes)
    job.check(job.site.sources, seen=lambda outcome: None)
    assert store.load("lark")[1] is not None
    told = CliRunner().invoke(app, ["announce", "--dry-run", "--site", str(watch.root)])
    assert "email o…@x.example: Lark pricing: what the page now says is held" in told.output
    assert not smtp.mails
    told = CliRunner().invoke(app, ["announce", "--json", "--site", str(watch.root)])
    found = json.loads(told.stdout)["owner"]
    assert found["accepted"] == 1
    assert [one["topic"] for one in found["standing"]] == ["held"]
    assert len(smtp.mails) == 1
