"""What a change is believed on is said wherever it is told, and nothing else is claimed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lumen import Sample, moved

from ratewire.model import Basis, Change
from ratewire.wording.catalogue import ENGLISH

COPY = datetime(2026, 1, 12, 9, tzinfo=UTC)
SAID = {
    Basis.UNSTATED: "",
    Basis.LOOKS: "2 independent looks at the page showed it before it was told.",
    Basis.ARCHIVE: "nobody looked at the page at the time.",
    Basis.OWNER: "The owner of this site accepted it without a further look.",
}
CLAIMS = re.compile(r"independent look|second look|at first sight|nobody looked|accepted it")


def on(basis: Basis) -> Change:
    looks = 2 * (basis is Basis.LOOKS)
    one = moved("c-basis", COPY, "image.output", "44.00", "40.00")
    return replace(one, basis=basis, looks=looks)


def built(sample: Sample, basis: Basis) -> Path:
    sample.store.save("lumen-pricing", None, None, [on(basis)])
    return sample.build().out


@pytest.mark.parametrize("basis", Basis)
def test_pages_twins_and_feeds_say_it(sample: Sample, basis: Basis) -> None:
    out = built(sample, basis)
    page = out / "changes" / "c-basis"
    (item,) = (
        item
        for item in json.loads((out / "feeds" / "all.json").read_text())["items"]
        if "c-basis" in item["id"]
    )
    for told in ((page / "index.html").read_text(), (page / "index.md").read_text(),
                 item["content_html"]):  # fmt: skip
        assert SAID[basis] in told
        assert bool(CLAIMS.search(told)) is bool(SAID[basis])
    for name in ("index.html", "index.md"):
        assert not CLAIMS.search((out / "changes" / name).read_text())
    (entry,) = (
        one
        for one in json.loads((out / "api" / "v1" / "changes.json").read_text())["changes"]
        if one["id"] == "c-basis"
    )
    assert (entry["basis"], entry["looks"]) == (
        basis.value or None,
        2 if basis is Basis.LOOKS else None,
    )


def test_what_an_archive_shows_was_published_at_no_time(sample: Sample) -> None:
    out = built(sample, Basis.ARCHIVE)
    html = (out / "changes" / "c-basis" / "index.html").read_text()
    assert "datePublished" not in html
    assert "dateModified" not in html
    assert "Recorded " not in html
    assert "From an archived copy of" in html
    (item,) = (
        item
        for item in json.loads((out / "feeds" / "all.json").read_text())["items"]
        if "c-basis" in item["id"]
    )
    assert "date_published" not in item
    assert "by archived copies" in item["summary"]
    atom = (out / "feeds" / "all.atom").read_text()
    (entry,) = (part for part in atom.split("<entry>") if "/c-basis/</id>" in part)
    assert "<published>" not in entry
    assert "<published>" in atom


def test_the_site_promises_no_looks_of_every_change() -> None:
    for key in ("changes.lead", "changes.none", "changes.description"):
        assert not CLAIMS.search(ENGLISH(key))
