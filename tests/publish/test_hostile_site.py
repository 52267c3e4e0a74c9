"""Whatever pages say ends in every file of the site as text; one site says all of it at once."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import lumen
import lxml.html
import pytest
from hostile_words import PAYLOADS, check_text, check_xml, hostile_changes
from lumen import Sample, lumen_site
from markdown import markdown

from ratewire.model import (
    Alteration,
    Availability,
    Conditions,
    Evidence,
    Facts,
    Health,
    HealthState,
    Incident,
    Limit,
    Passage,
    Rate,
)
from ratewire.publish.badges import badge
from ratewire.publish.charts import line_of, sparkline, step_chart
from ratewire.publish.metadata import script_safe
from ratewire.publish.stated import Point
from ratewire.wording.text import plain

STORED = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
          for text in PAYLOADS.values()]  # fmt: skip
"""Half a surrogate pair is no character, and is gone once a page is read."""
ELEMENTS = {"script", "style", "iframe", "object", "embed", "base", "form", "img", "math", "video"}
SITE = "https://lumen-status.example"


def told(text: str, number: int) -> list[object]:
    """Of a payload's changes three kinds in turn, so that all payloads come in all kinds in all
    fields, and a correction or retraction where one of them has it."""
    every = hostile_changes(text)
    kept = {every[(number + step) % 11].id for step in (0, 4, 7)}
    return [
        replace(
            one,
            id=f"{number:03}-{one.id}",
            follows=one.follows and f"{number:03}-{one.follows}",
            source="lumen-pricing",
            alterations=tuple(measured(each) for each in one.alterations),
            recorded_at=lumen.NOW - timedelta(minutes=number),
        )
        for one in every
        if one.id in kept or one.follows in kept
    ]


def measured(one: Alteration) -> Alteration:
    """With units of the vocabulary: a page's own words never become one."""
    facts = (
        replace(fact, unit=lumen.MILLION) if isinstance(fact, Rate) else fact
        for fact in (one.before, one.after)
    )
    return Alteration(one.kind, *facts, one.percent)


def facts() -> Facts:
    """Of a product of the site, a rate, a limit, an incident and a passage for each payload."""
    rates: list[Rate] = []
    limits, incidents, passages = [], [], []
    for text in STORED:
        held = lumen.rate("lumen-image-2", "image.output", "7.00")
        rates.append(
            replace(
                held,
                conditions=Conditions.of({"quality": text or "x", "size": "1024"}),
                label=text,
                qualifier=text,
                evidence=Evidence(text, text),
            )
        )
        limits.append(Limit("lumen-image-2", text, None, text, text, evidence=Evidence(text, text)))
        (of_incident,) = [
            a.after for c in hostile_changes(text) for a in c.alterations
            if isinstance(a.after, Incident)
        ]  # fmt: skip
        incidents.append(of_incident)
        passages.append(Passage(text, text, evidence=Evidence(text, text)))
    unique = {rate.identity: rate for rate in rates}
    return Facts(
        rates=tuple(sorted(unique.values(), key=lambda one: one.identity)),
        limits=tuple({one.identity: one for one in limits}.values()),
        incidents=tuple({one.identity: one for one in incidents}.values()),
        passages=tuple({one.identity: one for one in passages}.values()),
        availability=tuple(
            replace(one, replacement=text, exceptions=text, regions=(text,), label=text)
            for one, text in zip(lumen.lifecycle().availability, STORED, strict=False)
            if isinstance(one, Availability)
        ),
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sample = Sample(*lumen_site(tmp_path_factory.mktemp("hostile")))
    changes = [one for n, text in enumerate(STORED) for one in told(text, n)]
    sample.store.save("lumen-guide", lumen.snapshot("lumen-guide", facts()), None, ())
    sample.store.save("lumen-pricing", *sample.store.load("lumen-pricing"), changes)
    words = " ".join(text[:40] for text in STORED)
    sample.store.save_health("lumen-guide", Health(HealthState.FAILING, lumen.TAKEN, words))
    return sample.build().out


def files(hostile: Path, ending: str) -> Iterator[tuple[str, bytes]]:
    found = sorted(hostile.rglob(f"*{ending}"))
    assert found, f"no {ending} in the site"
    return ((str(file.relative_to(hostile)), file.read_bytes()) for file in found)


def test_pages_run_nothing_and_lead_nowhere_else(hostile: Path) -> None:
    for path, body in files(hostile, ".html"):
        check_text("".join(body.decode().split("\r")))
        tree = lxml.html.fromstring(body)
        (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert "unsafe" not in policy
        assert tree.xpath("//@*[starts-with(name(), 'on')] | //@style | //style") == [], path
        found = {str(one.tag) for one in tree.iter() if isinstance(one.tag, str)}
        assert found & ELEMENTS <= {"script", "form", "img"}, path
        assert all(src.startswith(("/", "../")) for src in tree.xpath("//img/@src")), path
        for script in tree.xpath("//script"):
            assert script.get("src", "").startswith(("/", "../", ".", "")), path
            assert script.get("src") or script.get("type") == "application/ld+json", path
        for link in tree.xpath("//@href | //@src"):
            assert not re.match(r"\s*(?!https?:|mailto:)[a-z]+\s*:", link, re.IGNORECASE), link
            assert not link.startswith("//"), link
        for action in tree.xpath("//form/@action"):
            assert not re.match(r"//|[a-z]+:", action), path


def test_json_ld_is_whole(hostile: Path) -> None:
    count = 0
    for path, body in files(hostile, ".html"):
        for script in lxml.html.fromstring(body).xpath("//script[@type='application/ld+json']"):
            assert json.loads(script.text).keys() <= {"@context", "@graph"}, path
            assert not re.search("[<>&\u2028\u2029]", script.text), path
            count += 1
    assert count > 100


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_a_script_s_json_holds_any_text(text: str) -> None:
    written = script_safe({"a": text})
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"a": text}


def test_feeds_and_their_list_are_whole(hostile: Path) -> None:
    for ending in (".rss", ".atom", ".opml"):
        for path, body in files(hostile, ending):
            tags = {tag.rpartition("}")[2] for tag in check_xml(body)}
            assert not tags & ELEMENTS, path
    assert check_xml((hostile / "sitemap.xml").read_bytes())


def test_data_is_json_with_its_own_keys(hostile: Path) -> None:
    for path, body in files(hostile, ".json"):
        assert isinstance(json.loads(body), dict | list), path
    rates = json.loads((hostile / "api/v1/rates.json").read_bytes())["rates"]
    usual = {
        "product", "meter", "conditions", "amount", "currency", "unit", "unit_count", "unit_thing",
        "source", "url", "verified_on", "stale", "disputed_by", "qualifier", "upper",
    }  # fmt: skip
    assert len(rates) > 100
    assert all(rate.keys() <= usual for rate in rates)
    assert {rate["product"] for rate in rates} <= {"lumen-image-2", "lumen-image-1", "lumen-draft"}


def test_a_spreadsheet_finds_no_formula(hostile: Path) -> None:
    for path, body in files(hostile, ".csv"):
        rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}, path
        for cell in (cell for row in rows for cell in row):
            number = re.fullmatch(r"[-+]?[\d.]+", cell)
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), path


def test_the_calendar_has_its_own_events_alone(hostile: Path) -> None:
    ((_, body),) = files(hostile, ".ics")
    assert re.search(rb"[^\r]\n|\r[^\n]", body) is None
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    lines = body.decode().replace("\r\n ", "").split("\r\n")
    names = [re.split("[:;]", line)[0] for line in lines if line]
    assert names.count("BEGIN") == names.count("END") == 1 + names.count("UID")
    assert not {"ATTENDEE", "ATTACH", "BCC", "Bcc"} & set(names)


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_badges_and_charts_are_pictures_of_words(text: str) -> None:
    usual = check_xml(badge("Harmless", "words", "#1f4fd8"))
    if not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text):
        # A badge's words are the site's own, and a price that was made plain before.
        assert check_xml(badge(plain(text), plain(text), "#1f4fd8")) == usual
    points = [
        Point(
            lumen.TAKEN - timedelta(days=days), lumen.rate("p", "m", amount, **{"size": text}), ""
        )
        for days, amount in ((9, "3"), (2, "2"))
    ]
    line = line_of(points, lumen.NOW)
    for picture in (step_chart(line, text, "key"), sparkline(line)):
        tree = lxml.html.fragment_fromstring(str(picture), "div")
        tags = {str(one.tag) for one in tree.iter()}
        assert not tags & ELEMENTS
        assert not tree.xpath(".//@*[starts-with(name(), 'on')]")


def test_plain_texts_are_bounded(hostile: Path) -> None:
    for name in ("llms.txt", "robots.txt"):
        assert (hostile / name).stat().st_size < 300_000
    for path, body in files(hostile, ".html"):
        tree = lxml.html.fromstring(body)
        longest = max(map(len, tree.xpath("//text()[not(parent::script)] | //@*")))
        assert longest < 4000, path


@pytest.mark.parametrize("ending", [".md", "llms.txt"])
def test_texts_in_markdown_hold_words_and_links_of_the_site(hostile: Path, ending: str) -> None:
    for path, body in files(hostile, ending):
        check_text(body.decode())
        shown = lxml.html.fromstring(f"<div>{markdown(body.decode(), extensions=['tables'])}</div>")
        tags = {str(one.tag) for one in shown.iter()}
        assert not tags & ELEMENTS, path
        assert not [src for src in shown.xpath("//@src") if "evil" in src], path
        for link in shown.xpath("//@href"):
            assert "evil.example" not in link, path
            assert not re.match(r"\s*(?!https?:|mailto:)[a-z]+\s*:", link, re.IGNORECASE), path


def test_no_word_of_a_page_is_a_template(hostile: Path) -> None:
    text = (hostile / "changes" / "index.html").read_text() + "".join(
        file.read_text() for file in sorted((hostile / "changes").glob("*/index.html"))
    )
    assert "{{ 7*7 }}" in text
    assert "{% include" in text
    assert "root:" not in text


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_runs_none_of_it(hostile: Path, browser: Any, tmp_path: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    under = json.loads((hostile / "api/v1/changes.json").read_bytes())["changes"][0]["url"]
    prefix = re.sub(r"^https?://[^/]+|/changes/.*$", "", under).strip("/")
    if prefix:
        (tmp_path / prefix).symlink_to(hostile)
    root = str(tmp_path if prefix else hostile)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{prefix}".rstrip("/")
    noise: list[str] = []
    # Without the site's own policy, so that nothing but escaping stands between.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.on("dialog", lambda dialog: (noise.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(address) else noise.append(r.url))
    opened = 0
    for file in sorted(hostile.rglob("*.html")):
        path = str(file.relative_to(hostile)).removesuffix("index.html")
        page.goto(f"{address}/{path}", wait_until="load")
        assert page.url.startswith(address), path
        opened += 1
    context.close()
    server.shutdown()
    server.server_close()
    assert opened > 100
    assert noise == []
