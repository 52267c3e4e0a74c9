"""Somebody's own list, held against a site that is really built and served."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from published_site import Vendor, git, published, run

from ratewire.apps.consume.telling import inert
from ratewire.apps.lists import FORMATS, read_list
from ratewire.pipeline import now_utc

LITELLM = """{
  "aurora-2": {"input_cost_per_token": 3e-06,   "output_cost_per_token": 1.2e-05,
               "mode": "chat"},
  "northlight/aurora-2-mini": {
    "output_cost_per_token": 1.60e-06
  },
  "azure/aurora-2": {"output_cost_per_token": 1.3e-05},
  "somebody-else-1": { "input_cost_per_token": 1e-06 }
}
"""


def consume(vendor: Vendor, file: Path, *options: str | Path, code: int = 0) -> Any:
    done = run("consume", vendor.url, file, "--json", *options)
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout)


def test_only_figures_of_the_publisher_change_and_nothing_else(
    vendor: Vendor, tmp_path: Path
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    done = consume(vendor, file)
    expected = LITELLM.replace("3e-06", "2.4e-06", 1).replace("1.2e-05", "9.6e-06")
    assert file.read_text() == expected
    assert [(one["old"], one["new"]) for one in done["updates"]] == [
        ("3e-06", "2.4e-06"), ("1.2e-05", "9.6e-06"),
    ]  # fmt: skip
    assert (done["right"], done["passed"], done["left"]) == (1, 2, [])
    again = consume(vendor, file)
    assert (again["updates"], again["body"], file.read_text()) == ([], "", expected)


def test_another_seller_s_figures_are_meant_where_it_is_named(
    vendor: Vendor, tmp_path: Path
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    done = consume(vendor, file, "--seller", "azure", "--dry-run")
    assert len(done["updates"]) == 3
    assert file.read_text() == LITELLM


PAGE = (Path(__file__).parents[3] / "docs" / "consume.md").read_text("utf-8")


@pytest.mark.parametrize("line", re.findall(r"^\$ ratewire (.+)$", PAGE, re.MULTILINE))
def test_what_is_documented_runs(vendor: Vendor, checkout: Path, line: str) -> None:
    (mapping,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (checkout / "figures.toml").write_text(mapping)
    (checkout / "billing.toml").write_text(
        '[models.aurora-2]\noutput = 12.00\n[[plans]]\nname = "mini"\nprice = 0.001\n'
    )
    (checkout / "prices.json").write_text(LITELLM)
    git(checkout, "add", ".")
    git(checkout, "commit", "-qm", "Lists")
    words = shlex.split(line.replace("https://prices.example.org", vendor.url))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(checkout)
        done = run(*[word for word in words if word not in (">", "body.md")])
    # The demo's page has no batch rate, of which the documented mapping speaks.
    assert done.exit_code == (1 if "--map" in words else 0), done.stderr
    assert "| **" in done.stdout


def test_each_update_leads_to_its_evidence(vendor: Vendor, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    done = consume(vendor, file)
    one = done["updates"][1]
    assert (one["amount"], one["unit"], one["source"]) == (
        "9.60", "1M tokens", "northlight-pricing",
    )  # fmt: skip
    assert one["url"] == vendor.site.sources[0].url
    assert one["change"].startswith(f"{vendor.url}/changes/")
    assert len(one["excerpts"]) == 2
    assert "$9.60" in one["excerpts"][1]
    body = done["body"]
    for words in (one["change"], one["url"], "9.6e-06", "3 rates of Aurora 2 fell by 20%"):
        assert words in body
    assert all(update["digest"] in body for update in done["updates"])


@pytest.mark.parametrize("format", list(FORMATS))
def test_every_shape_that_is_known_is_kept_right(
    vendor: Vendor, tmp_path: Path, format: str
) -> None:
    right = run("export", "--to", format, "--site", vendor.site.root).stdout_bytes
    ending = format if format in ("csv", "jsonl") else "json"
    file = tmp_path / f"prices.{ending}"
    text = right.decode()
    old = {"litellm": "9.6e-06", "csv": "9.60", "json": '"9.60"', "jsonl": '"9.60"'}
    spelt = old.get(format, "9.6")
    assert text.count(spelt) == 1
    file.write_bytes(text.replace(spelt, spelt.replace("9.6", "12.3")).encode())
    done = consume(vendor, file, "--from", format)
    assert len(done["updates"]) == 1, done
    assert file.read_bytes() == right
    assert len(read_list(file.read_bytes(), format=format)) > 5


MAPPED = """# What we bill by. Ask finance before you touch it.
[aurora]
out   = "$12.00"   # a million
in    = 2.4

[[model]]
name = "mini"
price = 2          # per million, out
"""
MAP = """[[figure]]
at = "aurora.out"
product = "aurora-2"
meter = "output"
unit = "1M tokens"

[[figure]]
at = "aurora.in"
product = "aurora-2"
meter = "input"
unit = "1M tokens"

[[figure]]
at = ["model", {name = "mini"}, "price"]
product = "Aurora 2 mini"
meter = "output"
unit = "1K tokens"
"""


@pytest.fixture
def mapped(tmp_path: Path) -> tuple[Path, Path]:
    file, mapping = tmp_path / "billing.toml", tmp_path / "map.toml"
    file.write_bytes(MAPPED.replace("\n", "\r\n").encode())
    mapping.write_text(MAP)
    return file, mapping


def test_a_file_of_any_shape_is_kept_right_by_a_mapping(
    vendor: Vendor, mapped: tuple[Path, Path]
) -> None:
    file, mapping = mapped
    done = consume(vendor, file, "--map", mapping)
    expected = MAPPED.replace("12.00", "9.60").replace("price = 2 ", "price = 0.0016 ")
    assert file.read_bytes().decode() == expected.replace("\n", "\r\n")
    assert done["right"] == 1


def test_a_table_is_kept_in_its_own_dialect(vendor: Vendor, tmp_path: Path) -> None:
    file, mapping = tmp_path / "prices.csv", tmp_path / "map.toml"
    text = '\ufeffModel;What;"Price, $"\r\nAurora 2;"a ""b""";"12,00"\r\nMini;x;"$1.00"\r\n'
    file.write_bytes(text.encode())
    mapping.write_text(
        '[[figure]]\nat = [{Model = "Mini"}, "Price, $"]\nproduct = "aurora-2-mini"\n'
        'meter = "output"\nunit = "1M tokens"\n'
    )
    consume(vendor, file, "--map", mapping)
    assert file.read_bytes().decode() == text.replace("1.00", "1.60")


# ── What is not sure is left ─────────────────────────────────────────────────────────────────


def test_a_figure_whose_page_was_not_seen_is_left(
    served: Any, tmp_path: Path, mapped: tuple[Path, Path]
) -> None:
    before = mapped[0].read_bytes()
    with published(tmp_path, served, now=lambda: now_utc() - timedelta(days=9)) as vendor:
        # The site was built nine days ago and knows nothing of today: who reads it has to.
        for name in ("sources.json", "rates.json"):
            data = json.loads((vendor.api / name).read_text())
            assert data[name[:-5]][0]["stale"] is False
        done = consume(vendor, mapped[0], "--map", mapped[1], code=1)
    assert {one["why"][:35] for one in done["left"]} == {"its official page was last seen on "}
    assert mapped[0].read_bytes() == before


def altered(vendor: Vendor, name: str, change: Any) -> None:
    """Other data under the same name, and its digest with it."""
    data = json.loads((vendor.api / name).read_text())
    change(data)
    write(vendor, name, json.dumps(data).encode())


def write(vendor: Vendor, name: str, data: bytes) -> None:
    (vendor.api / name).unlink()  # the build shares files with the one before
    (vendor.api / name).write_bytes(data)
    file = vendor.api / "digests.json"
    told = json.loads(file.read_text())
    told["files"][name] = hashlib.sha256(data).hexdigest()
    file.unlink()
    file.write_text(json.dumps(told))


def rate(**more: Any) -> Any:
    def change(data: Any) -> None:
        (one,) = [r for r in data["rates"] if (r["product"], r["meter"]) == ("aurora-2", "output")]
        one.update(more)

    return change


def disputed(data: Any) -> None:
    (one,) = [r for r in data["rates"] if (r["product"], r["meter"]) == ("aurora-2", "output")]
    one["disputed_by"] = [one | {"source": "x", "amount": "77.00"}]


def gone(data: Any) -> None:
    data["rates"] = [one for one in data["rates"] if one["meter"] != "output"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (rate(stale=True), "its official page was last seen on"),
        (disputed, "official pages disagree on it"),
        (rate(qualifier="from"), "no exact amount"),
        (rate(upper="12.00"), "no exact amount"),
        (rate(currency="EUR"), "the official amount is in EUR"),
        (rate(conditions={"effective_from": "2999-01-01"}), "the site has no such rate"),
        (gone, "the site has no such rate"),
        (lambda data: data["rates"].clear(), "the site speaks of no such product"),
    ],
)
def test_what_the_site_is_not_sure_of_is_left_and_said(
    vendor: Vendor, tmp_path: Path, change: Any, why: str
) -> None:
    altered(vendor, "rates.json", change)
    altered(vendor, "products.json", lambda data: data["products"].clear())
    file, mapping = tmp_path / "billing.toml", tmp_path / "map.toml"
    file.write_text(MAPPED)
    mapping.write_text(MAP.split("\n\n")[0])
    done = consume(vendor, file, "--map", mapping, code=1)
    (left,) = done["left"]
    assert (left["place"], left["stands"]) == ("aurora › out", "12.00")
    assert why in left["why"]
    assert file.read_text() == MAPPED


def test_what_is_left_is_said_beside_what_is_updated(vendor: Vendor, tmp_path: Path) -> None:
    altered(vendor, "rates.json", rate(stale=True))
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    body = consume(vendor, file, code=1)["body"]
    assert "Left as they are" in body
    assert "was last seen on" in body


def test_what_was_declined_is_not_proposed_again(vendor: Vendor, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    first, second = consume(vendor, file, "--dry-run")["updates"]
    done = consume(vendor, file, "--dry-run", "--declined", first["digest"], code=1)
    assert [one["digest"] for one in done["updates"]] == [second["digest"]]
    assert "declined" in done["left"][0]["why"]


def test_a_body_is_never_longer_than_a_forge_takes(vendor: Vendor, tmp_path: Path) -> None:
    def change(data: Any) -> None:
        for one in data["changes"]:
            one["headline"] = "|*" * 200
            for each in one["alterations"]:
                each["excerpts"] = ["<>" * 200] * 2

    altered(vendor, "changes.json", change)
    file = tmp_path / "prices.json"
    entries = {f"northlight/{n}/aurora-2": {"output_cost_per_token": 1.2e-05} for n in range(300)}
    file.write_text(json.dumps(entries))
    sellers = [f"--seller=northlight/{n}" for n in range(300)]
    done = consume(vendor, file, "--from", "litellm", *sellers, "--dry-run")
    assert len(done["updates"]) == 300
    assert len(done["body"]) <= 60_000
    assert "more; the diff has them all" in done["body"]
    assert all(one["digest"] in done["body"] for one in done["updates"])


def test_a_body_marks_as_many_figures_as_go_in(vendor: Vendor, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    entries = {f"northlight/{n}/aurora-2": {"output_cost_per_token": 1.2e-05} for n in range(4000)}
    file.write_text(json.dumps(entries))
    (tmp_path / "map.toml").write_text(
        "".join(
            f'[[figure]]\nat = ["{name}", "output_cost_per_token"]\nproduct = "aurora-2"\n'
            'meter = "output"\nunit = "1 token"\n'
            for name in entries
        )
    )
    done = consume(vendor, file, "--map", tmp_path / "map.toml", "--dry-run")
    assert len(done["updates"]) == 4000
    assert len(done["body"]) <= 60_000
    assert done["body"].rstrip().endswith(" -->")


@pytest.mark.parametrize("words", ["fixes #1", "@owner", "GH-1", "www.evil.example", "!7", "~bug"])
def test_no_word_can_mention_refer_or_link(words: str) -> None:
    shown = unescape(inert(words))
    assert words not in shown
    assert not re.search(r"[@!~]\w|#\d|(?i:gh-\d)|www\.e", shown)
    assert shown.replace("\u200b", "") == words


@pytest.mark.parametrize("words", ["9.6e-06", "gpt-4.1", "fell by 20%", "2026-01-02"])
def test_a_figure_and_a_name_stay_what_can_be_copied(words: str) -> None:
    assert inert(words) == words


HOSTILE = "x](http://evil.example) @everyone <img src=x> | closes #1 `a` ![y](z)"


def test_nothing_of_the_site_s_words_is_taken_for_markup(vendor: Vendor, tmp_path: Path) -> None:
    def change(data: Any) -> None:
        for one in data["changes"]:
            one["headline"] = HOSTILE
            for each in one["alterations"]:
                each["excerpts"] = [HOSTILE, HOSTILE]

    altered(vendor, "changes.json", change)
    altered(vendor, "sources.json", lambda data: data["sources"][0].update(name=HOSTILE))
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    body = consume(vendor, file)["body"]
    for sign in ("](http://evil", "@everyone", "<img", "closes #1", "`a`", "![y]"):
        assert sign not in body
    # Forges look for mentions and references after Markdown is done with.
    for sign in ("http://evil", "@everyone", "closes #1"):
        assert sign not in unescape(body)
    urls = re.findall(r"\]\(<([^>]*)>\)", body)
    assert urls
    assert all(url.startswith(("http://127.0.0.1:",)) for url in urls)


# ── What cannot be used ──────────────────────────────────────────────────────────────────────


def html(vendor: Vendor) -> None:
    write(vendor, "rates.json", b"<!doctype html><title>Not found</title>")


def damaged(vendor: Vendor) -> None:
    data = (vendor.api / "rates.json").read_bytes()
    (vendor.api / "rates.json").unlink()
    (vendor.api / "rates.json").write_bytes(data.replace(b"9.60", b"0.01"))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (html, "rates.json: is a page of HTML"),
        (damaged, "rates.json: its SHA-256 is not the one in digests.json"),
        (lambda v: (v.api / "digests.json").unlink(), "or was built by an older one"),
        (lambda v: (v.api / "changes.json").unlink(), "changes.json: answered 404"),
        (lambda v: write(v, "rates.json", b"[]"), "is of version None"),
        (lambda v: altered(v, "rates.json", lambda d: d.update(version=2)), "of version 2"),
        (lambda v: altered(v, "rates.json", rate(amount="-1")), "entry "),
        (lambda v: altered(v, "rates.json", rate(amount="NaN")), "entry "),
        (lambda v: altered(v, "rates.json", rate(amount="1e999999999")), "is no amount"),
        (lambda v: altered(v, "rates.json", rate(upper="1e-999999999")), "is no amount"),
        (lambda v: write(v, "rates.json", b"[" * 100_000), "rates.json: is no JSON"),
        (lambda v: altered(v, "rates.json", rate(url="javascript:alert(1)")), "not an address"),
        (lambda v: altered(v, "rates.json", lambda d: d.pop("rates")), "is not as ratewire"),
        (lambda v: altered(v, "sources.json", lambda d: d["sources"][0].pop("url")), "'url'"),
    ],
)
def test_a_site_that_cannot_be_used_is_one_error_and_changes_nothing(
    vendor: Vendor, tmp_path: Path, spoil: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ratewire.apps.consume.asking._PAUSE", 0.0)
    spoil(vendor)
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    done = run("consume", vendor.url, file, "--json")
    assert (done.exit_code, done.stdout) == (3, "")
    said = " ".join(done.stderr.split())
    assert words in said
    assert said.count("error:") == 1
    assert file.read_text() == LITELLM


def test_a_deploy_that_is_under_way_is_waited_for(
    vendor: Vendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (vendor.api / "rates.json").read_bytes()
    damaged(vendor)

    async def deployed(_: float) -> None:
        (vendor.api / "rates.json").write_bytes(whole)

    monkeypatch.setattr("ratewire.apps.consume.asking.asyncio.sleep", deployed)
    from ratewire.apps.consume import ask

    assert len(ask(vendor.url, pause=deployed).stated) > 5


@pytest.mark.parametrize(
    ("name", "text", "mapping", "words"),
    [
        ("prices.json", "{", "", "prices.json: Expecting"),
        ("prices.json", "[1]", "", "prices.json: "),
        ("prices.yaml", "a: 1", MAP, "ends in none of .json"),
        ("prices.toml", "a = ", MAP, "prices.toml: "),
        ("prices.toml", MAPPED, MAP.replace("aurora.out", "aurora.none"), "is not in the file"),
        ("prices.toml", MAPPED, MAP.replace("1K tokens", "4 x y z"), "map.toml:17: figure.unit"),
        ("prices.toml", MAPPED, MAP.replace('"aurora.out"', "3"), "map.toml:2: figure.at"),
        ("prices.toml", MAPPED, MAP.replace("product", "produkt", 1), "map.toml"),
        ("prices.toml", MAPPED, "# none", "names no figure"),
        ("prices.toml", MAPPED.replace("12.00", "a lot"), MAP, "holds not one plain number"),
        ("prices.csv", "a,b\n1\n", MAP, "row 2 has 1 cells"),
        ("prices.csv", "a,b\n1,2\n", "", "no column amount"),
        ("prices.csv", "a,b,b\n1,2,3\n", MAP, "two columns are named 'b'"),
    ],
)
def test_a_mistake_of_the_owner_s_is_named_and_changes_nothing(
    tmp_path: Path, name: str, text: str, mapping: str, words: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    options: list[str | Path] = []
    if mapping:
        (tmp_path / "map.toml").write_text(mapping)
        options = ["--map", tmp_path / "map.toml"]
    done = run("consume", "https://prices.example", file, *options)
    assert done.exit_code == 2, done.stderr
    assert words in " ".join(done.stderr.split())
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prices.example", "f.json"), "a site is an address"),
        (("https://p.example/?a=1", "f.json"), "a site is an address"),
        (("https://p.example/<b>", "f.json"), "a site is an address"),
        (("https://ann:s3cret@p.example", "f.json"), "leave name and password out"),
        (("https://p.example", "none.json"), "check the path"),
        (("https://p.example", "f.json", "--from", "yaml"), "use one of"),
        (("https://p.example", "f.json", "--from", "csv", "--map", "f.json"), "not both"),
    ],
)
def test_wrong_use_is_named(
    tmp_path: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.json").write_text("{}")
    done = run("consume", *words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert "s3cret" not in done.stderr


# ── The branch ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone of a bare repository in which the list is kept in a folder."""
    work = tmp_path / "work"
    git(tmp_path, "init", "-q", "-b", "main", str(work))
    (work / "data").mkdir()
    (work / "data" / "prices.json").write_text(LITELLM)
    (work / "other.txt").write_text("x\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "Begin")
    git(tmp_path, "clone", "-q", "--bare", str(work), str(tmp_path / "origin.git"))
    git(work, "remote", "add", "origin", str(tmp_path / "origin.git"))
    return work


def test_the_branch_has_one_commit_with_the_figures_and_the_work_tree_is_left(
    vendor: Vendor, checkout: Path
) -> None:
    file = checkout / "data" / "prices.json"
    done = consume(vendor, file, "--branch", "ratewire/prices")
    assert done["branch"] == {"name": "ratewire/prices", "pushed": True, "note": ""}
    assert (git(checkout, "status", "--porcelain"), file.read_text()) == ("", LITELLM)
    git(checkout, "fetch", "-q", "origin", "ratewire/prices")
    shown = git(checkout, "log", "--format=%s", "--numstat", "main..FETCH_HEAD")
    assert shown.split("\n\n") == [
        f"Update 2 prices in prices.json from {vendor.url.removeprefix('http://')}",
        "1\t1\tdata/prices.json\n",
    ]
    tip = git(checkout, "rev-parse", "FETCH_HEAD")
    again = consume(vendor, file, "--branch", "ratewire/prices")
    assert again["branch"] == {"name": "ratewire/prices", "pushed": False, "note": ""}
    git(checkout, "fetch", "-q", "origin", "ratewire/prices")
    assert git(checkout, "rev-parse", "FETCH_HEAD") == tip


def test_a_branch_of_ours_follows_the_site_and_one_of_others_is_left(
    vendor: Vendor, checkout: Path
) -> None:
    file = checkout / "data" / "prices.json"
    consume(vendor, file, "--branch", "prices")
    altered(vendor, "rates.json", rate(amount="8.00"))
    assert consume(vendor, file, "--branch", "prices")["branch"]["pushed"]
    git(checkout, "fetch", "-q", "origin", "prices")
    assert "8e-06" in git(checkout, "show", "FETCH_HEAD:data/prices.json")
    assert git(checkout, "rev-list", "--count", "main..FETCH_HEAD").strip() == "1"
    git(checkout, "switch", "-qc", "mine", "FETCH_HEAD")
    git(checkout, "commit", "-q", "--allow-empty", "-m", "A word of mine")
    git(checkout, "push", "-q", "origin", "mine:prices")
    git(checkout, "switch", "-q", "main")
    altered(vendor, "rates.json", rate(amount="7.00"))
    done = consume(vendor, file, "--branch", "prices", code=1)
    assert "others committed" in done["branch"]["note"]


def test_a_push_that_is_rejected_is_tried_again(
    vendor: Vendor, checkout: Path, tmp_path: Path
) -> None:
    hook, mark = tmp_path / "origin.git" / "hooks" / "pre-receive", tmp_path / "once"
    hook.write_text(f"#!/bin/sh\n[ -e '{mark}' ] || {{ touch '{mark}'; exit 1; }}\n")
    hook.chmod(0o755)
    file = checkout / "data" / "prices.json"
    assert consume(vendor, file, "--branch", "prices")["branch"]["pushed"]
    hook.write_text("#!/bin/sh\nexit 1\n")
    altered(vendor, "rates.json", rate(amount="8.00"))
    done = run("consume", vendor.url, file, "--branch", "prices")
    assert done.exit_code == 3
    assert "could not be pushed" in done.stderr


@pytest.mark.parametrize(
    ("change", "branch", "words"),
    [
        (lambda f: f.write_text(LITELLM + "\n"), "prices", "is not as it was committed"),
        (lambda f: None, "a..b", "cannot be the name of a branch"),
        (lambda f: None, "--force", "cannot be the name of a branch"),
    ],
)
def test_what_cannot_be_proposed_is_said(
    vendor: Vendor, checkout: Path, change: Any, branch: str, words: str
) -> None:
    file = checkout / "data" / "prices.json"
    change(file)
    done = run("consume", vendor.url, file, f"--branch={branch}")
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())


def test_without_a_repository_there_is_no_branch(vendor: Vendor, tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(LITELLM)
    done = run("consume", vendor.url, file, "--branch", "prices")
    assert done.exit_code == 2
    assert "is in no git repository" in done.stderr
