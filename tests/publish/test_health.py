"""What the site says of its own watch, for programs."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from hostile_words import PAYLOADS, check_text
from lumen import NOW, Sample

from ratewire.model import Health, HealthState, VerdictKind
from ratewire.publish.build import build
from ratewire.publish.health import health_files
from ratewire.publish.ledger import Ledger


def ledger(sample: Sample, hours: int = 0) -> Ledger:
    checked = {source.id: NOW for source in sample.site.sources}
    later = NOW + timedelta(hours=hours)
    return Ledger(sample.site, sample.store, now=later, checked=checked)


def test_each_source_is_told_with_its_last_genuine_capture(sample: Sample) -> None:
    told = json.loads(health_files(ledger(sample))["health.json"])
    ranked = sorted(sample.site.sources, key=lambda source: (source.rank, source.id))
    assert [one["id"] for one in told["sources"]] == [source.id for source in ranked]
    seen = [one for one in told["sources"] if one["verified_at"]]
    assert {one["verified_at"] for one in seen} == {"2026-06-20T12:00:00Z"}
    assert told["ok"] is all(one["ok"] for one in told["sources"])


def test_a_failing_source_says_since_when_and_why_and_nothing_more(sample: Sample) -> None:
    id = sample.site.sources[0].id
    for payload in PAYLOADS.values():
        if any("\ud800" <= sign <= "\udfff" for sign in payload):
            continue  # no text that came as bytes has one
        sample.store.save_health(id, Health(HealthState.OK, NOW))
        sample.store.save_health(id, Health(HealthState.BLOCKED, NOW, f"wall {payload}"))
        files = health_files(ledger(sample))
        (one,) = [s for s in json.loads(files["health.json"])["sources"] if s["id"] == id]
        assert (one["state"], one["since"]) == ("blocked", "2026-06-20T12:00:00Z")
        assert one["detail"].startswith("wall")
        check_text(one["detail"])
        assert "wall" not in files["metrics.txt"].decode()


def test_what_checks_met_since_is_counted(sample: Sample) -> None:
    source = min(sample.site.sources, key=lambda one: (one.rank, one.id))
    met = {source.id: {"unreachable": 1, "blocked": 2}}
    checked = {one.id: NOW for one in sample.site.sources}
    out = build(sample.site, sample.store, now=NOW, checked=checked, met=met).out
    told = json.loads((out / "health.json").read_text("utf-8"))["sources"]
    assert told[0]["failures"] == 3
    assert told[0]["met"] == {"blocked": 2, "unreachable": 1}
    assert all((one["failures"], one["met"]) == (0, {}) for one in told[1:])
    line = f'ratewire_source_failures{{source="{source.id}"}} 3'
    assert line in (out / "metrics.txt").read_text("utf-8")
    page = (out / "sources" / "index.html").read_text("utf-8")
    assert "3 (bot wall: 2; not reachable: 1)" in page
    assert page.count("Failed checks since") == 1
    again = build(sample.site, sample.store, now=NOW, checked=checked).out
    assert "bot wall" not in (again / "sources" / "index.html").read_text("utf-8")


def test_whatever_a_check_can_meet_has_its_words(sample: Sample) -> None:
    met = {**dict.fromkeys(VerdictKind, 1), "unreachable": 1, "unreadable": 1}
    del met[VerdictKind.GENUINE]
    all_met = {one.id: met for one in sample.site.sources}
    out = build(sample.site, sample.store, now=NOW, checked={}, met=all_met).out
    page = (out / "sources" / "index.html").read_text("utf-8")
    assert "another language or currency: 1" in page
    assert "sources.met" not in page


def test_what_is_not_seen_for_long_is_not_well(sample: Sample) -> None:
    files = health_files(ledger(sample, hours=24 * 400))
    told = json.loads(files["health.json"])
    assert told["ok"] is False
    assert all(one["stale"] for one in told["sources"] if one["verified_at"])
    assert "} 1\n" not in files["metrics.txt"].decode()


def test_metrics_are_openmetrics_text(sample: Sample) -> None:
    lines = health_files(ledger(sample))["metrics.txt"].decode().split("\n")
    assert lines[-2:] == ["# EOF", ""]
    samples = [line for line in lines[:-2] if not line.startswith("# ")]
    assert len(samples) > len(sample.site.sources)
    assert all(re.fullmatch(r'[a-z_]+\{source="[a-z0-9-]+"\} \d+', line) for line in samples)
    families = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert {line.partition("{")[0] for line in samples} == set(families)


def test_both_are_files_of_the_site(built: Path) -> None:
    assert json.loads((built / "health.json").read_text("utf-8"))["version"] == 1
    assert (built / "metrics.txt").read_text("utf-8").endswith("# EOF\n")


def test_a_later_check_reaches_the_site(sample: Sample) -> None:
    def built(at: timedelta) -> dict[str, object]:
        checked = {source.id: NOW + at for source in sample.site.sources}
        out = build(sample.site, sample.store, now=NOW + at, checked=checked).out
        return dict(json.loads((out / "health.json").read_text("utf-8")))

    assert built(timedelta()) != built(timedelta(hours=1))
