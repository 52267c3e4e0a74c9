"""The owner renames, removes and adds files: nothing recorded is lost, and nothing ends a build."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from mail_desk import MailServer
from tests.test_job import Watch, page

from ratewire.doctor import Finding, examine


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
    """A source is added; its id, and so its rank, comes before that of `lark`."""
    source_file(watch, name).write_text(
        source_file(watch, "lark").read_text().replace("lark", name)
    )
    watch.routes[f"https://{name}.example/"] = f"{watch.served.url}/"
    watch.served.show(f"/{name}", html)
    watch.time += timedelta(days=1)
    watch.check()


def outputs(watch: Watch) -> dict[str, str]:
    watch.job.build()
    return {one["product"]: one["amount"] for one in rates(watch) if one["meter"] == "output"}


def test_a_product_s_address_stays_its_own_when_another_publisher_comes(watch: Watch) -> None:
    assert outputs(watch)["lark-2"] == "13.00"
    another(watch, "auk", page("77.00"))
    assert outputs(watch)["lark-2"] == "13.00"
    assert outputs(watch)["auk-lark-2"] == "77.00"
    products = watch.root / "site" / "products"
    for one, other in (("lark-2", "auk-lark-2"), ("auk-lark-2", "lark-2")):
        for name in ("index.html", "index.md"):
            page_ = (products / one / name).read_text()
            assert "Of the same name, by others:" in page_
            assert f"/products/{other}/" in page_
    assert "Of the same name" not in (watch.root / "site/index.html").read_text()


def test_nor_when_a_publisher_who_was_there_before_adds_one_of_its_name(watch: Watch) -> None:
    another(watch, "auk", page("77.00", **{"lark-3": "5.00"}))
    assert outputs(watch)["lark-3"] == "5.00"
    watch.served.show("/lark", page("13.00", **{"lark-3": "9.00"}))
    watch.check()
    watch.check()
    assert outputs(watch)["lark-3"] == "5.00"
    assert outputs(watch)["lark-lark-3"] == "9.00"


@pytest.mark.parametrize(("wanted", "heard"), [("lark-2", "lark"), ("auk-lark-2", "auk")])
def test_who_wants_to_hear_of_a_product_hears_of_its_publisher_s(
    watch: Watch, smtp: MailServer, wanted: str, heard: str
) -> None:
    another(watch, "auk", page("77.00"))
    with (watch.root / "ratewire.toml").open("a") as settings:
        settings.write(
            f"""
[announce.email]
host = "127.0.0.1"
port = {smtp.port}
security = "none"
sender = "p@prices.example"
[[announce.email.recipient]]
address = "reader@x.example"
products = ["{wanted}"]
"""
        )
    watch.job.announce()
    watch.served.show("/auk", page("78.00"))
    watch.served.show("/lark", page("14.00"))
    watch.check()
    watch.check()
    assert watch.job.announce().ok
    (mail,) = smtp.messages
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"{heard}.example" in body.get_content()


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
