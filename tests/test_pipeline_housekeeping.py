"""The owner renames, removes and adds files: nothing recorded is lost, and nothing ends a build."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.test_pipeline import Watch, page

from ratewire.apps.doctor import Finding, examine


@pytest.fixture
def watch(tmp_path: Any, served: Any) -> Watch:
    watch = Watch(tmp_path, served, "lark")
    watch.check()
    watch.served.show("/lark", page("13.00"))
    watch.check()
    assert watch.check().outcomes[0].changes
    watch.job.build()
    return watch


def findings(watch: Watch) -> list[Finding]:
    job = watch.job
    found = examine(job.site, job.store, job.cache, {}, now=lambda: watch.time)
    return [one for one in found if one.check == "records"]


def source_file(watch: Watch, name: str) -> Any:
    return watch.root / "content" / "sources" / f"{name}.toml"


def rates(watch: Watch) -> list[dict[str, Any]]:
    found = json.loads((watch.root / "site" / "api" / "v1" / "rates.json").read_text())["rates"]
    assert isinstance(found, list)
    return found


def test_a_source_that_is_removed_leaves_its_facts_and_history(watch: Watch) -> None:
    before = rates(watch)
    source_file(watch, "lark").rename(watch.root / "lark.toml")
    watch.time += timedelta(hours=1)
    watch.job.build()
    assert [one["amount"] for one in rates(watch)] == [one["amount"] for one in before]
    assert {one["stale"] for one in rates(watch)} == {True}
    assert len(list((watch.root / "site" / "changes").glob("*/index.html"))) == 1
    (finding,) = findings(watch)
    assert "lark is recorded and no longer watched" in finding.words
    assert "restore content/sources/lark.toml" in finding.remedy


def test_a_source_that_is_renamed_goes_on_where_it_was(watch: Watch) -> None:
    source_file(watch, "lark").rename(source_file(watch, "bird"))
    watch.job.build()
    assert rates(watch)
    (finding,) = findings(watch)
    assert "ratewire check bird" in finding.remedy
    watch.served.show("/lark", page("14.00"))
    watch.check()
    (told,) = watch.check().outcomes[0].changes
    assert str(told.alterations[0].before.amount) == "13.00"  # type: ignore[union-attr]
    assert watch.job.store.sources() == ("bird",)
    assert [one.source for one in watch.job.store.changes("bird")] == ["bird", "bird"]
    watch.job.build()
    assert len(list((watch.root / "site" / "changes").glob("*/index.html"))) == 2
    assert {one["stale"] for one in rates(watch)} == {False}
    assert findings(watch) == []


def test_what_waits_under_the_old_id_is_confirmed_under_the_new(watch: Watch) -> None:
    watch.served.show("/lark", page("14.00"))
    watch.check()
    source_file(watch, "lark").rename(source_file(watch, "bird"))
    assert len(watch.check().outcomes[0].changes) == 1


def test_another_page_under_a_new_id_takes_over_nothing(watch: Watch) -> None:
    text = source_file(watch, "lark").read_text().replace("/lark", "/wren")
    source_file(watch, "lark").unlink()
    source_file(watch, "wren").write_text(text)
    watch.served.show("/wren", page("99.00"))
    report = watch.check()
    assert report.outcomes[0].changes == ()
    assert watch.job.store.sources() == ("lark", "wren")


def test_products_of_two_publishers_stay_two(tmp_path: Any, served: Any) -> None:
    watch = Watch(tmp_path, served, "lark", "wren")
    watch.served.show("/wren", page("77.00"))
    watch.check()
    watch.job.build()
    output = {one["product"]: one["amount"] for one in rates(watch) if one["meter"] == "output"}
    assert output["lark-2"] == "12.00"
    assert output["wren-lark-2"] == "77.00"
    assert not any(one.get("disputed_by") for one in rates(watch))
    assert "lark-2 (wren)" in (watch.root / "site/products/wren-lark-2/index.html").read_text()


def another(watch: Watch, name: str, html: str) -> None:
    """A source is added whose id, and so whose rank, comes before that of `lark`."""
    source_file(watch, name).write_text(
        source_file(watch, "lark").read_text().replace("lark", name)
    )
    watch.routes[f"https://{name}.example/"] = f"{watch.served.url}/"
    watch.served.show(f"/{name}", html)


def outputs(watch: Watch) -> dict[str, str]:
    watch.job.build()
    return {one["product"]: one["amount"] for one in rates(watch) if one["meter"] == "output"}


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(days=-400), timedelta(days=4000)])
def test_a_product_keeps_its_address_when_a_namesake_comes(watch: Watch, later: timedelta) -> None:
    """Whatever the clock says by then."""
    assert outputs(watch)["lark-2"] == "13.00"
    another(watch, "auk", page("77.00"))
    watch.time += later
    watch.check()
    for _ in range(2):
        found = outputs(watch)
        assert found["lark-2"] == "13.00"
        assert found["auk-lark-2"] == "77.00"


def test_an_address_outlives_its_product(watch: Watch) -> None:
    """A namesake does not take the address over when the product is no longer on the page."""
    watch.job.build()
    another(watch, "auk", page("77.00"))
    watch.served.show("/lark", page("13.00").replace("lark-2", "lark-9"))
    for _ in range(3):
        watch.check()
    found = outputs(watch)
    assert "lark-2" not in found
    assert found["auk-lark-2"] == "77.00"


def test_the_site_s_own_word_outranks_what_is_recorded(watch: Watch) -> None:
    another(watch, "auk", page("77.00"))
    watch.check()
    assert outputs(watch)["lark-2"] == "13.00"
    folder = watch.root / "content" / "products"
    folder.mkdir()
    (folder / "lark-2.md").write_text('+++\nname = "Lark 2"\npublisher = "auk"\n+++\nA model.\n')
    assert outputs(watch)["lark-2"] == "77.00"


@pytest.mark.parametrize("damage", ["", "<<<<<<< HEAD\n{}", "[]", '{"lark-2": 1}', "[" * 100_000])
def test_a_damaged_list_of_owners_stops_no_build(
    watch: Watch, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    watch.job.build()
    file = watch.root / "snapshots" / "owners.json"
    sound = file.read_bytes()
    file.write_text(damage)
    assert outputs(watch)["lark-2"] == "13.00"
    assert file.read_bytes() == sound
    assert "owners.json: damaged" in caplog.text
    assert [one.name for one in file.parent.glob("owners.json.damaged-*")]


def test_pages_that_go_since_a_product_was_named_are_told(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    (watch.root / "content" / "products").mkdir()
    file = watch.root / "content" / "products" / "lark-2.md"
    file.write_text('+++\nname = "Lark 2"\npublisher = "lark"\n+++\nA model.\n')
    watch.job.build()
    assert not (watch.root / "site/products/lark-1").exists()
    assert "1 products that are still priced have no page any more" in caplog.text
    assert "content/products/ names others: lark-1" in caplog.text


def test_the_publisher_that_a_product_s_file_names_has_its_id(tmp_path: Any, served: Any) -> None:
    watch = Watch(tmp_path, served, "lark", "wren")
    (tmp_path / "content" / "products").mkdir()
    file = tmp_path / "content" / "products" / "lark-2.md"
    file.write_text('+++\nname = "Lark 2"\npublisher = "wren"\n+++\nA model.\n')
    watch.served.show("/wren", page("77.00"))
    watch.check()
    watch.job.build()
    output = {one["product"]: one["amount"] for one in rates(watch) if one["meter"] == "output"}
    assert output["lark-2"] == "77.00"
