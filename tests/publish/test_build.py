from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import lumen
import pytest
from lumen import Sample

from ratewire.errors import BuildError
from ratewire.publish import build as publishing
from ratewire.publish.manifest import Manifest
from ratewire.publish.staging import Staging
from ratewire.publish.swap import swap


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def times(folder: Path) -> dict[str, int]:
    return {str(f): f.stat().st_mtime_ns for f in [folder, *folder.rglob("*")]}


def facts_saved(sample: Sample, output: str) -> None:
    """The pricing page says another price for Lumen Image 2."""
    sample.store.save("lumen-pricing", lumen.snapshot("lumen-pricing", lumen.pricing(output)), None)


EMPTY = lumen.snapshot("lumen-lifecycle", lumen.Facts())


def test_nothing_changed_nothing_written(sample: Sample) -> None:
    first = sample.build()
    before = times(first.out)
    second = sample.build()
    assert (second.rendered, second.written, second.removed) == (0, 0, 0)
    assert second.pages == first.pages == first.rendered
    assert second.unchanged == first.written
    assert times(first.out) == before


def test_one_rate_changed_only_pages_that_show_it_are_rendered(sample: Sample) -> None:
    out = sample.build().out
    before = contents(out)
    facts_saved(sample, "29.00")
    report = sample.build()
    after = contents(out)
    changed = {name for name in after if before.get(name) != after[name]}
    pages = {name for name in changed if name.endswith(".html")}
    assert pages == {
        "index.html",
        "products/index.html",
        "products/lumen-image-2/index.html",
        "compare/index.html",
        "articles/what-an-image-costs/index.html",
    }
    assert report.written == len(changed)
    assert "articles/plain-words/index.html" not in changed
    assert report.rendered < report.pages


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda s: facts_saved(s, "29.00"), id="a rate"),
        pytest.param(lambda s: s.store.save("lumen-lifecycle", EMPTY, None), id="facts gone"),
        pytest.param(
            lambda s: (s.site.content / "articles" / "plain-words.md").unlink(), id="article gone"
        ),
        pytest.param(
            lambda s: (s.site.content / "articles" / "plain-words.md").write_text(
                '+++\ntitle = "Other words"\n+++\nNew.'
            ),
            id="article rewritten",
        ),
        pytest.param(
            lambda s: s.store.save(
                "lumen-pricing",
                lumen.snapshot("lumen-pricing", lumen.pricing("28.00")),
                None,
                (lumen.moved("c-new", lumen.NOW, "image.output", "30.00", "28.00"),),
            ),
            id="a change",
        ),
        pytest.param(
            lambda s: s.store.save_health(
                "lumen-pricing", lumen.Health(lumen.HealthState.FAILING, lumen.NOW, "down")
            ),
            id="health",
        ),
    ],
)
def test_an_incremental_build_is_the_full_build_to_the_byte(
    sample: Sample, tmp_path: Path, alter: Callable[[Sample], object]
) -> None:
    sample.build()
    alter(sample)
    incremental = contents(sample.build().out)
    full = contents(sample.build(out=tmp_path / "full", fresh=True).out)
    assert incremental.keys() == full.keys()
    assert {n for n in full if full[n] != incremental[n]} == set()


def test_one_build_after_the_other_knows_what_the_ones_before_left(
    sample: Sample, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = sample.build().rendered
    first = sample.site.content / "articles" / "plain-words.md"
    for output in ("29.00", "28.00", "27.00"):
        facts_saved(sample, output)
        assert 0 < sample.build().rendered < whole
        first.write_text(f'+++\ntitle = "Plain"\n+++\n{output} words, [told](/changes/).')
        assert 0 < sample.build().rendered < whole
    built = contents(sample.build().out)
    assert caplog.text == ""
    assert built == contents(sample.build(out=tmp_path / "full", fresh=True).out)


@pytest.mark.parametrize("name", ["sitemap.xml", "llms.txt", "api/v1/search.json"])
@pytest.mark.parametrize("odd", [b"", b"nothing of the kind", None])
def test_lists_of_pages_that_others_wrote_over_are_written_whole(
    sample: Sample, tmp_path: Path, name: str, odd: bytes | None
) -> None:
    file = sample.build().out / name
    file.write_bytes(file.read_bytes().replace(b"plain-words", b"other") if odd is None else odd)
    facts_saved(sample, "29.00")
    (sample.site.content / "articles" / "new.md").write_text('+++\ntitle = "New"\n+++\nNew.')
    built = contents(sample.build().out)
    assert built == contents(sample.build(out=tmp_path / "full", fresh=True).out)


def test_a_check_an_hour_later_moves_only_where_the_hour_stands(sample: Sample) -> None:
    out = sample.build().out
    before = contents(out)
    later = {id: when + timedelta(minutes=20) for id, when in lumen.CHECKED.items()}
    sample.build(checked=later)
    after = contents(out)
    changed = {name for name in after if before[name] != after[name]}
    data = {"api/v1/sources.json", "api/v1/digests.json"}
    times = {"sources/index.html", "health.json", "metrics.txt", *data}
    assert changed == times


def test_a_check_a_day_later_moves_only_where_a_day_stands(sample: Sample) -> None:
    today = dict.fromkeys((source.id for source in sample.site.sources), lumen.NOW)
    out = sample.build(checked=today).out
    before = contents(out)
    day = timedelta(days=1)
    sample.build(checked={id: when + day for id, when in today.items()}, now=lumen.NOW + day)
    after = contents(out)
    changed = {name for name in after if before[name] != after[name]}
    told = {name: before[name].decode() for name in changed if name.endswith((".html", ".md"))}
    assert [name for name, text in told.items() if "20 June 2026" not in text] == []
    assert "products/lumen-image-2/index.html" in told
    assert "articles/plain-words/index.html" not in told
    assert "changes/c-cut-1/index.html" not in told


def test_what_was_not_seen_for_days_is_said_to_be_last_seen(sample: Sample) -> None:
    out = sample.build().out
    assert "verified" in (out / "products/lumen-image-2/index.md").read_text()
    sample.build(now=lumen.NOW + timedelta(days=9))
    assert "Last seen on 20 June 2026" in (out / "products/lumen-image-2/index.md").read_text()


def test_a_failed_build_leaves_the_old_site(sample: Sample, article: Callable[[str], Path]) -> None:
    out = sample.build().out
    before = contents(out)
    file = article('One\n\n{{ rate("lumen-image-2", "smell.output") }}')
    with pytest.raises(BuildError) as caught:
        sample.build()
    assert str(caught.value).startswith(f"{file}:6: no single rate 'smell.output'")
    assert contents(out) == before
    assert [path.name for path in out.parent.glob(".site*")] == []
    file.unlink()
    assert sample.build().written == 0


def test_a_file_that_is_gone_while_many_are_written_leaves_the_old_site(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "stands.html").write_text("x")
    files: dict[str, bytes | None] = {f"{number}/index.html": b"new" for number in range(600)}
    with pytest.raises(FileNotFoundError):
        Staging(out, tmp_path / "next", Manifest()).replace(files | {"9/gone.html": None}, set())
    assert contents(out) == {"stands.html": b"x"}
    assert not (tmp_path / "next").exists()
    Staging(out, tmp_path / "next", Manifest()).replace(files, set())
    assert contents(out) == files


def test_an_emptied_folder_is_filled_again(sample: Sample) -> None:
    first = sample.build()
    before = contents(first.out)
    for file in list(first.out.rglob("*.html")):
        file.unlink()
    facts_saved(sample, "30.00")
    (first.out / "index.md").unlink()
    assert contents(sample.build().out) == before


def test_a_damaged_record_of_the_last_build_costs_a_full_build(sample: Sample) -> None:
    first = sample.build()
    (record,) = (sample.site.cache / "builds").glob("*.json")
    record.write_text("{")
    second = sample.build()
    assert second.rendered == first.pages
    assert contents(second.out) == contents(first.out)


def test_feeds_are_written_anew_only_where_something_was_told(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = sample.build().out
    before = contents(out / "feeds")
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "feeds", lambda *_, **__: pytest.fail("made again"))
        facts_saved(sample, "29.00")
        sample.build(checked={**lumen.CHECKED, "lumen-pricing": lumen.NOW + timedelta(hours=1)})
    assert contents(out / "feeds") == before
    entry = replace(sample.store.changes()[-1], id="c-new", recorded_at=lumen.NOW)
    sample.store.save("lumen-pricing", None, None, [entry])
    sample.build()
    assert b"c-new" in (out / "feeds" / "all.atom").read_bytes()
    assert contents(out) == contents(sample.build(out=out.parent / "whole", fresh=True).out)


def test_git_keeps_its_file_and_a_checkout_is_not_replaced(sample: Sample) -> None:
    sample.site.output.mkdir()
    (sample.site.output / ".gitkeep").touch()
    out = sample.build().out
    assert (out / ".gitkeep").exists()
    (out / ".git").mkdir()
    facts_saved(sample, "29.00")
    with pytest.raises(BuildError, match="git checkout"):
        sample.build()


def test_a_static_file_stands_for_a_list_of_pages_build_after_build(sample: Sample) -> None:
    static = sample.site.root / "static" / "sitemap.xml"
    static.parent.mkdir()
    static.write_bytes(b"\xff theirs")
    sample.build()
    facts_saved(sample, "29.00")
    assert (sample.build().out / "sitemap.xml").read_bytes() == b"\xff theirs"
    static.unlink()
    assert b"<urlset" in (sample.build().out / "sitemap.xml").read_bytes()


def test_static_files_are_taken_over(sample: Sample) -> None:
    (sample.site.root / "static" / "a").mkdir(parents=True)
    (sample.site.root / "static" / "a" / "b.txt").write_text("x")
    assert (sample.build().out / "a" / "b.txt").read_text() == "x"


def test_a_site_may_replace_one_block_of_a_template(sample: Sample) -> None:
    sample.site.templates.mkdir()
    (sample.site.templates / "404.html").write_text(
        '{% extends "theme/404.html" %}{% block main %}<h1>Lost?</h1>{% endblock %}'
    )
    text = (sample.build().out / "404.html").read_text()
    assert "<h1>Lost?</h1>" in text
    assert "Skip to content" in text


def test_a_broken_template_is_named_with_its_line(sample: Sample) -> None:
    sample.site.templates.mkdir()
    file = sample.site.templates / "404.html"
    file.write_text("<p>\n{{ nonsense.x }}")
    with pytest.raises(BuildError, match=r"404\.html:2: .*'nonsense' is undefined"):
        sample.build()


def test_a_site_without_any_record_can_be_built(sample: Sample, tmp_path: Path) -> None:
    for file in (sample.site.content / "articles").glob("what*"):
        file.unlink()
    (sample.site.content / "faq.md").unlink()
    empty = Sample(sample.site, lumen.DirectoryStore(tmp_path / "none"))
    out = empty.build().out
    text = (out / "index.html").read_text()
    assert "Lumen Image 2 has no facts yet" in text
    assert "0 of 3 sources healthy" in text


BUILD = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
import lumen
from ratewire.publish.build import build
site, store = lumen.lumen_site(Path(sys.argv[2]))
build(site, store, now=lumen.NOW, checked=lumen.CHECKED)
"""


@pytest.mark.slow
def test_the_same_bytes_in_another_folder_zone_and_hash_seed(tmp_path: Path) -> None:
    sites = []
    for name, zone, seed in (("one", "UTC", "1"), ("two/deeper", "Pacific/Auckland", "2")):
        root = tmp_path / name
        root.mkdir(parents=True)
        here = str(Path(lumen.__file__).parent)
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", BUILD, here, str(root)], env=environment, check=True)
        sites.append(contents(root / "site"))
    assert sites[0] == sites[1]


def test_a_swap_is_whole(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    for folder, text in ((new, "new"), (old, "old")):
        folder.mkdir()
        (folder / "a").write_text(text)
    replaced = swap(new, old)
    assert (old / "a").read_text() == "new"
    assert replaced is not None
    assert (replaced / "a").read_text() == "old"
    other = tmp_path / "other"
    assert swap(old, other) is None
    assert (other / "a").read_text() == "new"


def test_many_builds_in_a_row_are_each_the_full_one(sample: Sample, tmp_path: Path) -> None:
    """The spare folder is two builds old and must be brought up to date in all of it."""
    words = sample.site.content / "articles" / "plain-words.md"
    text = words.read_text()
    for step, price in enumerate(("29.00", "29.00", "31.00", "29.00", "32.00")):
        facts_saved(sample, price)
        if step % 2:
            words.unlink()
        else:
            words.write_text(text + f"\nStep {step}.\n")
        out = sample.build().out
        shown = contents(out)
        full = contents(sample.build(out=tmp_path / f"full-{step}", fresh=True).out)
        assert shown == full


def test_the_published_data(built: Path) -> None:
    rates = json.loads((built / "api/v1/rates.json").read_text())["rates"]
    standard = [r for r in rates if r["product"] == "lumen-image-2" and len(r["conditions"]) == 1]
    assert [(r["conditions"]["tier"], r["meter"], r["amount"]) for r in standard] == [
        ("standard", "text.input", "5.00"),
        ("standard", "text.input.cached", "1.25"),
        ("standard", "image.input", "8.00"),
        ("standard", "image.input.cached", "2.00"),
        ("standard", "image.output", "30.00"),
        ("batch", "text.input", "2.50"),
        ("batch", "image.input", "4.00"),
        ("batch", "image.output", "15.00"),
    ]
    changes = json.loads((built / "api/v1/changes.json").read_text())["changes"]
    assert [(c["id"], c["state"]) for c in changes] == [
        ("c-cut-2", "confirmed"),
        ("c-life", "confirmed"),
        ("c-wrong", "retracted"),
        ("c-cut-1", "confirmed"),
    ]
    assert "BEGIN:VEVENT" in (built / "calendar.ics").read_text()
    assert "DTSTART;VALUE=DATE:20261120" in (built / "calendar.ics").read_text()


def test_the_data_is_as_its_own_description_says(built: Path) -> None:
    validators = pytest.importorskip("jsonschema")
    document = json.loads((built / "api/v1/openapi.json").read_text())
    checked = 0
    for path, item in document["paths"].items():
        schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = {**schema, "components": document["components"]}
        for file in built.glob(path.lstrip("/").replace("{id}", "*")):
            validators.Draft202012Validator(schema).validate(json.loads(file.read_text()))
            checked += 1
    assert checked == 8 + 3


def test_a_formula_stays_text_in_a_spreadsheet(sample: Sample) -> None:
    odd = lumen.rate("lumen-image-2", "=cmd|' /C calc'!A0", "1")
    facts = lumen.Facts(rates=(odd,))
    sample.store.save("lumen-guide", lumen.snapshot("lumen-guide", facts), None)
    (sample.site.content / "articles" / "what-an-image-costs.md").unlink()
    text = (sample.build().out / "api/v1/rates.csv").read_text()
    assert "lumen-image-2,'=cmd|" in text
