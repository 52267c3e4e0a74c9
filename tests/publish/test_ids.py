"""Ids of products are names of files on every system, and no name of a page breaks a build."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import lumen
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lumen import Sample

from ratewire.errors import BuildError
from ratewire.model import Facts
from ratewire.publish import views
from ratewire.publish.ids import safe_id


@pytest.mark.parametrize(
    "id", ["gpt-image-2", "llama-3.1", "price", "价格", "gpt-5@2026", "a" * 200, "x.y_z", "console"]
)
def test_ids_stay_as_they_are(id: str) -> None:
    assert safe_id(id) == id


@pytest.mark.parametrize(
    "id",
    [
        "", ".", "..", "a/b", "a\\b", "a b", "👍", "a..b", "a.", "con", "nul.txt", "com1", "lpt¹",
        "index.html", "card.png", "a.svg", "index.md", "价格" * 40, "a" * 201, "A", "cafe\u0301",
        "a:b", "a\0b", "\ud800", "%2e",
    ],
)  # fmt: skip
def test_what_no_file_can_be_called_gets_an_id_of_its_own(id: str) -> None:
    made = safe_id(id)
    assert made != id
    assert safe_id(made) == made


def test_ids_that_are_made_are_always_the_same() -> None:
    assert safe_id("index.html") == "index-html-0eb5473046"
    assert safe_id("") == "id-e3b0c44298"


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_two_ids_become_one(one: str, other: str) -> None:
    first, second = safe_id(one), safe_id(other)
    folded = [unicodedata.normalize("NFD", each).lower() for each in (first, second)]
    assert (folded[0] == folded[1]) == (one == other)
    assert len(first.encode()) <= 200


def without_articles(sample: Sample) -> None:
    (sample.site.content / "articles").rename(sample.site.root / "articles")
    for file in sample.site.content.glob("*.md"):
        file.unlink()


HOSTILE = ("index.html", "", "con", "价格" * 50, "a/../../b", "👍")


def test_pages_of_hostile_names_are_built_and_named(sample: Sample) -> None:
    bare = Sample(replace(sample.site, products=()), sample.store)
    rates = [lumen.rate(name, "image.output", "3.00") for name in HOSTILE]
    facts = Facts.of([*lumen.pricing().rates, *rates])
    sample.store.save("lumen-pricing", lumen.snapshot("lumen-pricing", facts), None)
    without_articles(sample)
    report = bare.build()
    assert report.left_out == ()
    folders = {path.name for path in (report.out / "products").iterdir() if path.is_dir()}
    assert {safe_id(name) for name in HOSTILE} <= folders
    for name in HOSTILE:
        page = report.out / "products" / safe_id(name) / "index.html"
        assert "$3.00" in page.read_text("utf-8")
    assert max(len(part.encode()) for path in report.out.rglob("*") for part in path.parts) < 255


def test_a_product_whose_only_price_begins_later_has_a_page(sample: Sample) -> None:
    later = lumen.rate("lumen-image-2", "image.output", "3.00", effective_from="2099-01-15")
    facts = Facts.of([later])
    for source in ("lumen-pricing", "lumen-guide"):
        sample.store.save(source, lumen.snapshot(source, facts), None)
    without_articles(sample)
    report = sample.build()
    assert report.left_out == ()
    page = (report.out / "products" / "lumen-image-2" / "index.html").read_text("utf-8")
    assert "$3.00" in page


def broken(*_: object, **__: object) -> object:
    raise ZeroDivisionError("a defect")


def refused(*_: object, **__: object) -> object:
    raise BuildError("no single rate")


@pytest.mark.parametrize("view", [broken, refused])
def test_a_page_that_cannot_be_rendered_is_left_out(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, view: object
) -> None:
    whole = sample.build()
    change = next(path for path in (whole.out / "changes").glob("*/index.html"))
    monkeypatch.setattr(views, "change", view)
    report = sample.build(fresh=True)
    assert report.left_out
    assert not change.exists()
    assert (report.out / "index.html").exists()
    assert report.pages == whole.pages - len(report.left_out)
    again = sample.build()
    assert again.left_out == report.left_out, "it is tried again, and told again"
    monkeypatch.undo()
    assert sample.build().left_out == ()
    assert change.exists()


def test_what_the_owner_has_to_mend_ends_the_build(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "article", refused)
    with pytest.raises(BuildError, match="no single rate"):
        sample.build()
    templates: Path = sample.site.templates
    templates.mkdir(exist_ok=True)
    (templates / "change.html").write_text("{% nothing %}")
    monkeypatch.undo()
    with pytest.raises(BuildError, match="nothing"):
        sample.build(fresh=True)
