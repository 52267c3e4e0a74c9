"""Every term of the price model through every output: none drops what a page says."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from halden import NOW, TERMS, Term, halden_site

from ratewire.apps.lists import write_list
from ratewire.model import Multiplier, Rate
from ratewire.publish.build import build


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site, store = halden_site(tmp_path_factory.mktemp("halden"))
    build(site, store, now=NOW, checked={"halden": NOW})
    return site.output


each_term = pytest.mark.parametrize("name", TERMS)


def words_of(file: Path) -> str:
    """The text of a page, without its head and its menus."""
    page = file.read_text()
    main = page[page.index("<main") : page.index("</main>")] if "<main" in page else page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def holds(told: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    return all(told.get(key) == value for key, value in expected.items())


def loaded(built: Path, name: str) -> Any:
    return json.loads((built / "api" / "v1" / f"{name}.json").read_text())


@each_term
def test_the_products_page_says_it(built: Path, name: str) -> None:
    for page in ("index.html", "index.md"):
        told = words_of(built / "products" / name / page)
        missing = [word for word in TERMS[name].words if word not in told.replace("\\", "")]
        if page == "index.md" and TERMS[name].scheduled:
            continue
        assert not missing, (page, told)


@each_term
def test_an_article_says_it(built: Path, name: str) -> None:
    told = words_of(built / "articles" / f"about-{name}" / "index.html")
    assert not [word for word in TERMS[name].words if word not in told], told


@each_term
@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_the_feeds_say_it(built: Path, name: str, form: str) -> None:
    feed = (built / "feeds" / f"all.{form}").read_text()
    if form == "json":
        (entry,) = [e for e in json.loads(feed)["items"] if f"c-{name}/" in e["id"]]
        told = entry["content_html"] + entry["title"]
    else:
        tag = "entry" if form == "atom" else "item"
        entries = re.findall(rf"<{tag}>.*?</{tag}>", feed, re.S)
        (told,) = [one for one in entries if f"/changes/c-{name}/" in one]
    plain = html.unescape(html.unescape(told))
    assert not [word for word in TERMS[name].words if word not in plain], plain


@each_term
def test_the_page_of_its_change_says_it(built: Path, name: str) -> None:
    told = words_of(built / "changes" / f"c-{name}" / "index.html")
    assert not [word for word in TERMS[name].words if word not in told], told


@each_term
def test_the_api_holds_it(built: Path, name: str) -> None:
    term = TERMS[name]
    listed = loaded(built, term.file)[term.file]
    one = loaded(built, f"products/{name}")
    if term.file == "products":
        assert holds(one["availability"], term.data)
        listed = [each["availability"] for each in listed if each["id"] == name]
        assert holds(listed[0], term.data)
        return
    for rows in (listed, one[term.file]):
        assert any(row["product"] == name and holds(row, term.data) for row in rows), rows
    (change,) = [c for c in loaded(built, "changes")["changes"] if c["id"] == f"c-{name}"]
    assert any(holds(a["after"], term.data) for a in change["alterations"])


@each_term
def test_the_tables_for_spreadsheets_hold_it(built: Path, name: str) -> None:
    term = TERMS[name]
    if term.file == "products":
        return  # dates of products are no prices
    with (built / "api" / "v1" / f"{term.file}.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["product"] == name]
    told = [
        row | json.loads(row.get("terms") or "{}")
        | {"conditions": dict(p.split("=") for p in row["conditions"].split(";") if p)}
        for row in rows
    ]  # fmt: skip
    assert any(holds(row, term.data) for row in told), rows


@each_term
@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_exported_lists_hold_it(name: str, form: str) -> None:
    term = TERMS[name]
    rates = [fact for fact in term.facts if isinstance(fact, Rate)]
    if term.file != "rates":
        return
    text = write_list(rates, form).decode()
    if form == "csv":
        (row, *_) = csv.DictReader(text.splitlines())
        told = {**row, **json.loads(row.get("terms") or "{}")}
        told["conditions"] = dict(p.split("=") for p in row["conditions"].split("; ") if p)
    else:
        told = json.loads(text)["rates"][0] if form == "json" else json.loads(text.splitlines()[0])
    assert holds(told, term.data), text


@each_term
def test_the_description_of_the_api_knows_it(built: Path, name: str) -> None:
    validators = pytest.importorskip("jsonschema")
    document = loaded(built, "openapi")
    term = TERMS[name]
    for key in term.data:
        schema = {"rates": "Rate", "multipliers": "Multiplier", "products": "Availability"}
        known = document["components"]["schemas"][schema[term.file]]["properties"]
        assert key in known
    whole = {**_schema(document, f"/api/v1/{term.file}.json"), "components": document["components"]}
    validators.Draft202012Validator(whole).validate(loaded(built, term.file))


def _schema(document: Any, path: str) -> dict[str, Any]:
    answer = document["paths"][path]["get"]["responses"]["200"]
    found: dict[str, Any] = answer["content"]["application/json"]["schema"]
    return found


@each_term
def test_the_calculator_reckons_with_it(built: Path, name: str) -> None:
    term = TERMS[name]
    products = json.loads((built / "calculator" / "lines.json").read_text())["products"]
    (product,) = [one for one in products if one["id"] == name]
    if any(isinstance(fact, Multiplier) for fact in term.facts):
        assert [one["factor"] for one in product["multipliers"]] == [term.data["factor"]]
    if term.scheduled:
        assert product["lines"] == []
        return
    assert len(product["lines"]) == 1, "brackets of one schedule are one line"
    assert holds(product["lines"][0], term.line), product["lines"]


def test_every_term_of_the_model_is_in_the_table() -> None:
    from dataclasses import fields

    from ratewire.model import Billing, Bracket, Hours, Quantity, Sale, Terms

    said = {
        key: value
        for term in TERMS.values()
        for fact in term.facts
        if isinstance(fact, Rate)
        for key, value in ((f.name, getattr(fact.terms, f.name)) for f in fields(Terms))
        if value is not None
    }
    assert said.keys() == {each.name for each in fields(Terms)}
    for cls in (Billing, Bracket, Hours, Quantity, Sale):
        known = [
            value
            for term in TERMS.values()
            for fact in term.facts
            if isinstance(fact, Rate)
            for value in (getattr(fact.terms, f.name) for f in fields(Terms))
            if isinstance(value, cls)
        ]
        for part in fields(cls):
            if (cls, part.name) == (Hours, "outside"):
                continue  # in words: test_fees_and_terms
            assert any(getattr(value, part.name) not in (None, "", 0, ()) for value in known), part


def test_a_term_that_is_dropped_is_missed() -> None:
    """The table itself: `holds` and the words are not satisfied by anything."""
    assert not holds({"cap": "5"}, {"minimum": "0.5"})
    assert all(isinstance(term, Term) and term.words for term in TERMS.values())
