"""The action `ratewire/consume` as its documentation calls it, against a forge on this disk."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from published_site import Vendor, git, published
from workflow_runner import ROOT, Runner

pytestmark = pytest.mark.slow
LIST = '{\n  "aurora-2": {"output_cost_per_token": 1.2e-05}\n}\n'
GH = """#!{python}
import json, pathlib, sys
from urllib.parse import parse_qs, urlsplit

store = pathlib.Path({store!r})
pulls = json.loads(store.read_text())
assert sys.argv[1:3] == ["api", "--method"], sys.argv
method, path = sys.argv[3:5]
refused = store.with_name("refused")
if refused.exists() and refused.read_text() in (method, path):
    sys.exit("gh: HTTP 403: not permitted to create or approve pull requests")
given = json.loads(sys.stdin.read()) if "--input" in sys.argv else {{}}
parts = urlsplit(path)
assert parts.path.startswith("repos/owner/site/"), path
rest = parts.path.split("/")[3:]
match method, rest:
    case "GET", ["pulls"]:
        owner, _, branch = parse_qs(parts.query)["head"][0].partition(":")
        assert owner == "owner"
        answer = [one for one in reversed(pulls) if one["head"] == branch]
    case "POST", ["pulls"]:
        assert not [one for one in pulls if one["state"] == "open" and one["head"] == given["head"]]
        answer = {{"number": len(pulls) + 1, "state": "open", "merged_at": None, **given}}
        pulls.append(answer)
    case "PATCH", ["pulls", number]:
        answer = pulls[int(number) - 1]
        answer.update(given)
    case "POST", ["issues", number, "comments"]:
        answer = pulls[int(number) - 1]
        answer.setdefault("comments", []).append(given["body"])
    case "PUT", ["actions", "workflows", "prices.yml", "enable"]:
        print("enabled", file=sys.stderr)
        sys.exit(0)
    case _:
        sys.exit(f"say here what {{method}} {{path}} does")
store.write_text(json.dumps(pulls))
print(json.dumps(answer))
"""


@pytest.fixture
def vendor(tmp_path: Path, served: Any) -> Iterator[Vendor]:
    with published(tmp_path, served) as one:
        yield one


class Forge(Runner):
    """A repository with a price list, and its pull requests."""

    def __init__(self, folder: Path, site: str) -> None:
        work, origin, tools = folder / "work", folder / "origin.git", folder / "tools"
        git(folder, "init", "-q", "-b", "main", str(work))
        (work / "data").mkdir()
        (work / "data" / "prices.json").write_text(LIST)
        git(work, "add", ".")
        git(work, "commit", "-qm", "Begin")
        git(folder, "clone", "-q", "--bare", str(work), str(origin))
        git(work, "remote", "add", "origin", str(origin))
        tools.mkdir()
        self.store, self.work = folder / "pulls.json", work
        self.store.write_text("[]")
        command = (
            f'#!/bin/sh\nPYTHONPATH="{ROOT}/scraper" exec "{sys.executable}" -m ratewire "$@"\n'
        )
        (tools / "ratewire").write_text(command)
        (tools / "gh").write_text(GH.format(python=sys.executable, store=str(self.store)))
        for program in tools.iterdir():
            program.chmod(0o755)
        page = (ROOT / "docs" / "consume.md").read_text("utf-8")
        (text,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        self.workflow = folder / "prices.yml"
        text = text.replace("OWNER", "acme").replace("COMMIT", "0123456789" * 4)
        self.workflow.write_text(text.replace("https://prices.example.org", site))
        super().__init__(folder / "forge", origin, tools)

    @property
    def pulls(self) -> list[dict[str, Any]]:
        return list(json.loads(self.store.read_text()))

    def shown(self) -> str:
        return git(self.origin, "show", "ratewire/prices:data/prices.json")

    def edit(self, **more: Any) -> None:
        pulls = self.pulls
        pulls[-1].update(more)
        self.store.write_text(json.dumps(pulls))


@pytest.fixture
def forge(tmp_path: Path, vendor: Vendor) -> Forge:
    folder = tmp_path / "repository"
    folder.mkdir()
    return Forge(folder, vendor.url)


def ran(forge: Forge) -> list[dict[str, Any]]:
    assert forge.run(forge.workflow) == {"prices": "success"}, forge.said
    return forge.pulls


def cut(vendor: Vendor, to: str) -> None:
    """The official page changes once more."""
    page = vendor.served.pages["/pricing"][2].decode()
    assert ">9.60<" in page
    vendor.shows(page.replace(">9.60<", f">{to}<"))


def test_one_pull_request_is_opened_and_then_kept_up_to_date(forge: Forge, vendor: Vendor) -> None:
    (one,) = ran(forge)
    assert (one["head"], one["base"], one["state"]) == ("ratewire/prices", "main", "open")
    assert one["title"].startswith("Update a price in prices.json from 127.0.0.1:")
    assert "3 rates of Aurora 2 fell by 20%" in one["body"]
    assert forge.shown() == LIST.replace("1.2e-05", "9.6e-06")
    assert ran(forge) == [one], "the same figures, and something was done"
    cut(vendor, "9.10")
    (after,) = ran(forge)
    assert forge.shown() == LIST.replace("1.2e-05", "9.1e-06")
    assert (after["number"], after["body"] == one["body"]) == (1, False)
    assert "### Prices" in forge.summary.read_text("utf-8")


def test_what_people_closed_is_not_proposed_again_but_another_figure_is(
    forge: Forge, vendor: Vendor
) -> None:
    ran(forge)
    forge.edit(state="closed")
    assert len(ran(forge)) == 1
    git(forge.origin, "branch", "-D", "ratewire/prices")
    assert len(ran(forge)) == 1
    assert "ratewire/prices" not in git(forge.origin, "branch")
    cut(vendor, "9.10")
    first, second = ran(forge)
    assert (first["state"], second["state"]) == ("closed", "open")
    assert forge.shown() == LIST.replace("1.2e-05", "9.1e-06")


def test_what_was_merged_is_right_and_opens_nothing(forge: Forge) -> None:
    ran(forge)
    git(forge.origin, "update-ref", "refs/heads/main", "ratewire/prices")
    forge.edit(state="closed", merged_at="2026-01-01T00:00:00Z")
    assert len(ran(forge)) == 1
    assert "1 figures are right" in forge.said


def test_a_proposal_that_is_outdated_is_closed_and_may_come_again(
    forge: Forge, vendor: Vendor
) -> None:
    (one,) = ran(forge)
    (forge.work / "data" / "prices.json").write_text(LIST.replace("1.2e-05", "9.6e-06"))
    git(forge.work, "commit", "-qam", "By hand")
    git(forge.work, "push", "-q", "origin", "main")
    (closed,) = ran(forge)
    assert (closed["state"], len(closed["comments"])) == ("closed", 1)
    assert "<!-- ratewire" in one["body"]
    assert "<!-- ratewire" not in closed["body"]
    git(forge.work, "revert", "--no-edit", "HEAD")
    git(forge.work, "push", "-q", "origin", "main")
    assert [each["state"] for each in ran(forge)] == ["closed", "open"]


def test_a_branch_that_others_committed_to_is_left_alone(forge: Forge, vendor: Vendor) -> None:
    ran(forge)
    git(forge.work, "fetch", "-q", "origin", "ratewire/prices")
    git(forge.work, "switch", "-qc", "mine", "FETCH_HEAD")
    git(forge.work, "commit", "-q", "--allow-empty", "-m", "A word of mine")
    git(forge.work, "push", "-q", "origin", "mine:ratewire/prices")
    tip = git(forge.origin, "rev-parse", "ratewire/prices")
    cut(vendor, "9.10")
    ran(forge)
    assert git(forge.origin, "rev-parse", "ratewire/prices") == tip
    assert "others committed to the branch" in forge.said


def test_a_site_that_cannot_be_used_fails_the_run_and_changes_nothing(
    forge: Forge, vendor: Vendor
) -> None:
    (vendor.api / "digests.json").unlink()
    assert forge.run(forge.workflow) == {"prices": "failure"}
    assert "was built by an older one" in forge.said
    assert forge.pulls == []
    assert git(forge.origin, "branch").split() == ["*", "main"]


def refuse(forge: Forge, what: str) -> None:
    forge.store.with_name("refused").write_text(what)


def test_a_forge_that_refuses_is_told_with_what_to_do_and_the_next_run_goes_on(
    forge: Forge,
) -> None:
    refuse(forge, "POST")
    assert forge.run(forge.workflow) == {"prices": "failure"}
    assert "HTTP 403" in forge.said
    assert "The token has to be allowed to" in forge.said
    assert "Traceback" not in forge.said
    assert forge.shown() == LIST.replace("1.2e-05", "9.6e-06")
    refuse(forge, "")
    assert [one["state"] for one in ran(forge)] == ["open"]


def test_the_schedule_is_kept_alive_where_the_job_may(forge: Forge) -> None:
    forge.event = "schedule"
    ran(forge)
    assert "enabled" in forge.said
    refuse(forge, "PUT")
    ran(forge)
    assert "the job lacks `actions: write`" in forge.said
    assert len(forge.pulls) == 1


def test_the_branch_that_runs_is_no_branch_for_proposals(forge: Forge) -> None:
    text = forge.workflow.read_text()
    forge.workflow.write_text(f"{text.rstrip()}\n          branch: main\n")
    assert forge.run(forge.workflow) == {"prices": "failure"}
    assert "'main' is checked out" in forge.said
    assert git(forge.origin, "log", "--format=%s", "main").split() == ["Begin"]
