"""The workflows as they run: their steps in order, in clones of a bare repository on disk."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from workflow_runner import ROOT, SET_UP, Runner

from ratewire.apps.init import Program, write_site

pytestmark = pytest.mark.slow
DEMO = ROOT / "demo"
BEFORE = (DEMO / "captures/northlight-pricing/2026-02-10_back.html").read_text("utf-8")
AFTER = (DEMO / "captures/northlight-pricing/2026-03-02_price-cut.html").read_text("utf-8")
WELL = dict.fromkeys(("check", "build", "deploy", "announce", "report"), "success")
FIRST = "Record northlight-pricing: first reading, now ok"
PROGRAM = Program("acme/ratewire", "0123456789abcdef" * 2 + "01234567")
HEADLINE = "3 rates of Aurora 2 fell by 20%"


class Receiver:
    """Who asked to be told: a webhook on this machine."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.status = 204
        self.when_told: Callable[[], object] = lambda: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status == 204:
                    receiver.told.append(json.loads(body))
                    receiver.when_told()
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


def git(folder: Path, *arguments: str) -> str:
    owner = ("-c", "user.name=Owner", "-c", "user.email=owner@example.org")
    command = ["git", "-C", str(folder), *owner, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def origin(tmp_path: Path, served: Any, receiver: Receiver) -> Path:
    """A bare repository with a site whose page and reader are on this machine."""
    served.show("/pricing", BEFORE)
    site = tmp_path / "seed"
    shutil.copytree(DEMO / "content", site / "content")
    shutil.copytree(
        ROOT / "scripts", site / "scripts", ignore=shutil.ignore_patterns("__pycache__")
    )
    (site / ".gitignore").write_text("/.venv/\n/.ratewire/\n/site/\n")
    settings = (DEMO / "ratewire.toml").read_text("utf-8")
    (site / "ratewire.toml").write_text(
        settings.replace("delay = 0", "delay = 0\nallow_private = true\nretries = 0")
        + f'\n[compare]\nmin_interval = "1s"\n\n[[announce.webhook]]\nurl = "{receiver.url}"\n'
    )
    source = site / "content" / "sources" / "northlight-pricing.toml"
    text = source.read_text("utf-8").replace("https://northlight.example", served.url)
    source.write_text(text.replace("\n[expect]", 'every = "1s"\n\n[expect]', 1))
    git(tmp_path, "init", "-q", "-b", "main", str(site))
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "Begin")
    bare = tmp_path / "origin.git"
    git(tmp_path, "clone", "-q", "--bare", str(site), str(bare))
    return bare


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """`ratewire`, and a `gh` that notes what it is called with and knows of no issue."""
    folder = tmp_path / "tools"
    folder.mkdir()
    command = f'#!/bin/sh\nPYTHONPATH="{ROOT}/scraper" exec "{sys.executable}" -m ratewire "$@"\n'
    (folder / "ratewire").write_text(command)
    (folder / "gh").write_text(f'#!/bin/sh\necho "$@" >> "{folder}/gh.log"\necho "[]"\n')
    for program in folder.iterdir():
        program.chmod(0o755)
    return folder


@pytest.fixture
def runner(tmp_path: Path, origin: Path, tools: Path) -> Callable[[str], Runner]:
    def make(name: str) -> Runner:
        one = Runner(tmp_path / name, origin, tools)
        one.secrets["RATEWIRE_WEBHOOK_SECRET"] = "whsec_" + "c2VjcmV0" * 5
        return one

    return make


def watch(runner: Runner, *, by: str | Path = "watch.yml", **more: Any) -> dict[str, str]:
    time.sleep(1.1)  # until the page is due, and the next sight of it counts
    return runner.run(by, **more)


@pytest.fixture(params=["own", "init"])
def caller(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The workflow that calls site.yml: this repository's own, or a new site's."""
    if request.param == "own":
        return ROOT / ".github" / "workflows" / "watch.yml"
    site = tmp_path / "new"
    write_site(site, title="New", url="https://new.example", program=PROGRAM)
    return site / ".github" / "workflows" / "watch.yml"


def subjects(origin: Path) -> list[str]:
    return git(origin, "log", "--no-merges", "--format=%s", "main").splitlines()


def test_a_change_goes_all_the_way_from_the_page_to_those_who_asked(
    runner: Callable[[str], Runner],
    origin: Path,
    served: Any,
    receiver: Receiver,
    tools: Path,
    caller: Path,
) -> None:
    forge = runner("forge")
    deployed: list[str] = []
    receiver.when_told = lambda: deployed.append(
        (forge.deployed / "feeds" / "all.atom").read_text("utf-8")
    )
    assert watch(forge, by=caller) == WELL, forge.said
    assert subjects(origin) == ["Note who was told", FIRST, "Begin"]
    assert (forge.deployed / "index.html").is_file()
    served.show("/pricing", AFTER)
    assert watch(forge, by=caller) == WELL
    assert subjects(origin)[0] == "Record northlight-pricing: seen, to be confirmed"
    assert not receiver.told
    assert watch(forge, by=caller) == WELL
    assert subjects(origin)[:2] == ["Note who was told", HEADLINE]
    assert [one["data"]["headline"] for one in receiver.told] == [HEADLINE]
    assert "$9.60" in deployed[0], "told before its page was deployed"
    known = subjects(origin)
    assert watch(forge, by=caller) == WELL
    assert (len(receiver.told), subjects(origin)) == (1, known)
    assert "northlight" in forge.summary.read_text("utf-8")
    assert "label create ratewire" in (tools / "gh.log").read_text("utf-8")
    assert "actions/workflows" not in (tools / "gh.log").read_text("utf-8")


def test_two_runs_that_overlap_tell_a_change_once(
    runner: Callable[[str], Runner], origin: Path, served: Any, receiver: Receiver, caller: Path
) -> None:
    one, two = runner("one"), runner("two")
    assert watch(one, by=caller) == WELL
    served.show("/pricing", AFTER)
    assert watch(one, by=caller) == WELL
    shutil.copytree(one.cache, two.cache)
    second: list[dict[str, str]] = []
    overlapping = {"Push what was recorded": lambda: second.append(watch(two, by=caller))}
    assert watch(one, by=caller, before=overlapping) == WELL, one.said
    assert second == [WELL], two.said
    assert [each["data"]["headline"] for each in receiver.told] == [HEADLINE]
    assert "Merge what was pushed meanwhile" in git(origin, "log", "--format=%s", "main")
    log = git(origin, "show", "main:snapshots/northlight-pricing/changes.jsonl").splitlines()
    ids = [json.loads(line)["id"] for line in log]
    assert sorted(ids) == sorted(set(ids))
    known = subjects(origin)
    assert watch(one, by=caller) == WELL
    assert (len(receiver.told), subjects(origin)) == (1, known)


def test_a_push_that_is_rejected_is_tried_again(
    runner: Callable[[str], Runner], origin: Path, tmp_path: Path, caller: Path
) -> None:
    hook, mark = origin / "hooks" / "pre-receive", tmp_path / "once"
    hook.write_text(f"#!/bin/sh\n[ -e '{mark}' ] || {{ touch '{mark}'; exit 1; }}\n")
    hook.chmod(0o755)
    forge = runner("forge")
    assert watch(forge, by=caller) == WELL, forge.said
    assert FIRST in subjects(origin)


def test_what_cannot_be_pushed_is_not_published_and_not_lost(
    runner: Callable[[str], Runner], origin: Path, served: Any, receiver: Receiver
) -> None:
    forge = runner("forge")
    assert watch(forge) == WELL
    served.show("/pricing", AFTER)
    assert watch(forge) == WELL
    hook = origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    results = watch(forge)
    assert (results["check"], results["deploy"]) == ("failure", "success")
    assert not receiver.told
    assert "$9.60" not in (forge.deployed / "feeds" / "all.atom").read_text("utf-8")
    hook.unlink()
    assert watch(forge) == WELL
    assert [one["data"]["headline"] for one in receiver.told] == [HEADLINE]


def test_a_message_that_cannot_be_handed_over_waits_for_a_later_run(
    runner: Callable[[str], Runner], origin: Path, served: Any, receiver: Receiver
) -> None:
    forge = runner("forge")
    receiver.status = 500
    for page in (BEFORE, AFTER, AFTER):
        served.show("/pricing", page)
        assert watch(forge) == WELL, forge.said
    waiting = json.loads(git(origin, "show", "main:announced/outbox.json"))["waiting"]
    assert len(waiting) == 1
    assert not receiver.told


def test_once_a_week_everything_is_looked_over_and_the_schedule_kept_alive(
    runner: Callable[[str], Runner], tools: Path
) -> None:
    forge = runner("forge")
    forge.schedule = "41 6 * * 1"
    assert watch(forge) == WELL, forge.said
    shown = forge.summary.read_text("utf-8")
    assert "### Looked over" in shown
    for check in ("schedule", "feeds", "build", "hosts", "clock", "keys", "writing"):
        assert f"| {check} | ok |" in shown, shown
    calls = (tools / "gh.log").read_text("utf-8")
    assert "api --method PUT repos/owner/site/actions/workflows/watch.yml/enable" in calls


def test_a_secret_that_is_missing_fails_the_weekly_look(runner: Callable[[str], Runner]) -> None:
    forge = runner("forge")
    forge.schedule = "41 6 * * 1"
    forge.secrets.clear()
    assert watch(forge)["announce"] == "failure"
    assert "RATEWIRE&#95;WEBHOOK&#95;SECRET" in forge.summary.read_text("utf-8")


def test_the_dead_mans_switch_hears_of_a_run_that_went_well(
    runner: Callable[[str], Runner], served: Any
) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is absent; the forge's machines have it")
    forge = runner("forge")
    served.show("/ping", "ok")
    forge.secrets["HEARTBEAT_URL"] = f"{served.url}/ping"
    assert watch(forge) == WELL, forge.said
    assert ("/ping", 200) in served.asked


def test_a_pull_request_shows_what_it_would_change(
    runner: Callable[[str], Runner], origin: Path, served: Any, tmp_path: Path
) -> None:
    forge = runner("forge")
    assert watch(forge) == WELL
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(origin), str(work))
    source = work / "content" / "sources" / "northlight-pricing.toml"
    source.write_text(source.read_text("utf-8").replace("min_rates = 6", "min_rates = 4"))
    article = work / "content" / "articles" / "what-aurora-2-costs.md"
    article.write_text(article.read_text("utf-8") + "\n\nA new line <script>x</script>.\n")
    git(work, "switch", "-q", "-c", "pull")
    git(work, "commit", "-qam", "Other words")
    git(work, "switch", "-q", "-c", "merge", "main")
    git(work, "merge", "-q", "--no-ff", "-m", "Merge", "pull")
    git(work, "push", "-q", "origin", "merge")
    reviewer = runner("reviewer")
    reviewer.branch = "merge"
    assert reviewer.run("preview.yml") == {"preview": "success"}, reviewer.said
    shown = reviewer.summary.read_text("utf-8")
    assert "### What northlight-pricing reads now" in shown
    assert "aurora-2" in shown
    assert "changed  articles/what-aurora-2-costs/index.html" in shown
    assert "+A new line" in shown
    assert "<script>" not in shown


def test_a_pull_request_that_breaks_the_site_fails(
    runner: Callable[[str], Runner], origin: Path, tmp_path: Path
) -> None:
    forge = runner("forge")
    assert watch(forge) == WELL
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(origin), str(work))
    article = work / "content" / "articles" / "what-aurora-2-costs.md"
    article.write_text(article.read_text("utf-8") + '\n{{ rate("aurora-2", "nothing") }}\n')
    git(work, "switch", "-q", "-c", "pull")
    git(work, "commit", "-qam", "No such rate")
    git(work, "push", "-q", "origin", "pull")
    reviewer = runner("reviewer")
    reviewer.branch = "pull"
    assert reviewer.run("preview.yml") == {"preview": "failure"}
    assert "### The site cannot be built" in reviewer.summary.read_text("utf-8")


def calling(folder: Path, **given: Any) -> Path:
    """A workflow that calls site.yml with these inputs."""
    called = yaml.safe_load((ROOT / ".github" / "workflows" / "watch.yml").read_text("utf-8"))
    called["jobs"]["site"]["with"] = given
    file = folder / "calling.yml"
    file.write_text(yaml.safe_dump(called))
    return file


def test_a_site_may_stand_in_a_folder_of_its_repository(
    runner: Callable[[str], Runner], origin: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(origin), str(work))
    (work / "prices").mkdir()
    for name in ("content", "ratewire.toml", ".gitignore"):
        git(work, "mv", name, "prices/")
    git(work, "commit", "-qam", "Move the site")
    git(work, "push", "-q")
    forge = runner("forge")
    by = calling(tmp_path, site="prices")
    assert watch(forge, by=by) == WELL, forge.said
    assert subjects(origin)[:2] == ["Note who was told", FIRST]
    assert "prices/snapshots/northlight-pricing/facts.json" in git(
        origin, "ls-tree", "-r", "--name-only", "main"
    )
    assert (forge.deployed / "index.html").is_file()


def test_who_wants_neither_messages_nor_issues_has_none(
    runner: Callable[[str], Runner], served: Any, receiver: Receiver, tmp_path: Path, tools: Path
) -> None:
    forge = runner("forge")
    by = calling(tmp_path, announce=False, issues=False)
    for page in (BEFORE, AFTER, AFTER):
        served.show("/pricing", page)
        assert watch(forge, by=by) == WELL, forge.said
    assert not receiver.told
    assert not (tools / "gh.log").exists()


def test_further_secrets_reach_the_steps_that_ask_for_them_and_no_log(
    runner: Callable[[str], Runner], origin: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(origin), str(work))
    source = work / "content" / "sources" / "northlight-pricing.toml"
    source.write_text(source.read_text("utf-8") + '\n[headers]\nauthorization = "env:VENDOR"\n')
    git(work, "commit", "-qam", "Ask for a key")
    git(work, "push", "-q")
    forge = runner("forge")
    assert watch(forge)["check"] == "success"  # one source that is not well is no failure
    assert FIRST not in subjects(origin)
    forge.secrets["RATEWIRE_SECRETS"] = "VENDOR=a=key\n\nOTHER=x"
    assert watch(forge) == WELL, forge.said
    assert FIRST in subjects(origin)
    assert "a=key" not in forge.said.replace("::add-mask::a=key", "")
    forge.secrets["RATEWIRE_SECRETS"] = "no pair"
    assert watch(forge)["check"] == "failure"
    assert "no pair" not in forge.said


def test_a_single_command_is_an_action(
    runner: Callable[[str], Runner], served: Any, tmp_path: Path
) -> None:
    command = {"uses": f"acme/ratewire@{PROGRAM.commit}", "with": {"command": "status\n  --json\n"}}
    checkout = yaml.safe_load("uses: actions/checkout@0\nwith: {persist-credentials: false}\n")
    file = tmp_path / "status.yml"
    job = {"permissions": {"contents": "read"}, "steps": [checkout, command]}
    file.write_text(yaml.safe_dump({True: {"push": None}, "jobs": {"status": job}}))
    forge = runner("forge")
    assert forge.run(file) == {"status": "success"}, forge.said
    assert '"never-seen"' in forge.said
    assert "::warning::ratewire status" in forge.said
    command["with"]["command"] = "status --none"
    file.write_text(yaml.safe_dump({True: {"push": None}, "jobs": {"status": job}}))
    assert forge.run(file) == {"status": "failure"}


# ── GitLab ───────────────────────────────────────────────────────────────────────────────────


def flat(lines: list[Any]) -> Iterator[str]:
    """A script's lines: GitLab takes lists of lists for one."""
    for line in lines:
        yield from flat(line) if isinstance(line, list) else [line]


def pipeline(
    runner: Runner,
    number: int,
    jobs: tuple[str, ...] = ("check", "pages", "announce"),
    **more: str,
) -> dict[str, bool]:
    """Jobs of scripts/gitlab-ci.yml in order, each in a clone with no branch, as GitLab has it."""
    whole = yaml.safe_load((ROOT / "scripts" / "gitlab-ci.yml").read_text("utf-8"))
    stages = [whole["stages"].index(whole[name]["stage"]) for name in jobs]
    assert stages == sorted(stages)
    (cached,) = whole["default"]["cache"][0]["paths"]
    results = {}
    for name in jobs:
        job = whole[name]
        job = {**whole.get(job.get("extends"), {}), **job}
        checkout = runner.folder / f"{name}-{number}"
        git(runner.folder, "clone", "-q", f"file://{runner.origin}", str(checkout))
        git(checkout, "checkout", "-q", "--detach", f"origin/{runner.branch}")
        if runner.cache.exists():
            shutil.copytree(runner.cache, checkout / cached)
        lines = [line for line in flat(job["before_script"]) if SET_UP not in line]
        environment = {
            **whole["variables"],
            "CI_COMMIT_BRANCH": "main",
            "CI_PROJECT_URL": f"file://{str(runner.origin).removesuffix('.git')}",
            "HEARTBEAT_URL": "",
            "GITLAB_CI": "true",
            "CI_API_V4_URL": "http://127.0.0.1:1/api/v4",
            "CI_PROJECT_ID": "1",
            **runner.secrets,
            **more,
        }
        script = [*lines, *flat(job["script"])]
        git(runner.origin, "config", "receive.advertisePushOptions", "true")
        results[name] = runner.script("\n".join(script), checkout, environment)
        if (checkout / cached).exists():
            shutil.rmtree(runner.cache, ignore_errors=True)
            shutil.copytree(checkout / cached, runner.cache)
        if "pages" in job:
            runner.deployed = checkout / job["pages"]["publish"]
    return results


def test_on_gitlab_a_change_goes_all_the_way(
    runner: Callable[[str], Runner], origin: Path, served: Any, receiver: Receiver
) -> None:
    forge = runner("gitlab")
    for number, page in enumerate((BEFORE, AFTER, AFTER)):
        served.show("/pricing", page)
        time.sleep(1.1)
        assert all(pipeline(forge, number).values()), forge.said
    assert subjects(origin)[:2] == ["Note who was told", HEADLINE]
    assert [one["data"]["headline"] for one in receiver.told] == [HEADLINE]
    assert "$9.60" in (forge.deployed / "feeds" / "all.atom").read_text("utf-8")


def test_on_gitlab_what_a_pipeline_pushes_starts_no_other(
    runner: Callable[[str], Runner], origin: Path
) -> None:
    hook, said = origin / "hooks" / "pre-receive", origin / "options"
    hook.write_text(f'#!/bin/sh\necho "$GIT_PUSH_OPTION_0" >> {said}\n')
    hook.chmod(0o755)
    forge = runner("gitlab")
    assert all(pipeline(forge, 0).values()), forge.said
    assert set(said.read_text().split()) == {"ci.skip"}


def test_on_gitlab_everything_is_looked_over_once_a_week(
    runner: Callable[[str], Runner],
) -> None:
    forge = runner("gitlab")
    assert pipeline(forge, 0, ("check", "doctor")) == {"check": True, "doctor": True}, forge.said
    assert "feeds: " in forge.said
    forge.secrets.clear()
    assert pipeline(forge, 1, ("doctor",)) == {"doctor": False}
    assert "needs RATEWIRE_WEBHOOK_SECRET" in " ".join(forge.said.split())


def test_on_gitlab_a_program_without_a_commit_is_told(runner: Callable[[str], Runner]) -> None:
    forge = runner("gitlab")
    assert pipeline(forge, 0, ("check",), RATEWIRE="file:///nowhere") == {"check": False}
    assert "RATEWIRE_REF: names no commit" in forge.said


def test_on_gitlab_the_program_may_come_from_another_repository(
    runner: Callable[[str], Runner], origin: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    shutil.copytree(
        ROOT / "scripts", program / "scripts", ignore=shutil.ignore_patterns("__pycache__")
    )
    git(tmp_path, "init", "-q", "-b", "main", str(program))
    git(program, "add", ".")
    git(program, "commit", "-q", "-m", "Program")
    commit = git(program, "rev-parse", "HEAD").strip()
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(origin), str(work))
    git(work, "rm", "-rq", "scripts")
    git(work, "commit", "-qm", "A site alone")
    git(work, "push", "-q")
    forge = runner("gitlab")
    done = pipeline(forge, 0, RATEWIRE=f"file://{program}", RATEWIRE_REF=commit)
    assert all(done.values()), forge.said
    assert FIRST in subjects(origin)


def test_on_gitlab_a_merge_request_shows_what_it_would_change(
    runner: Callable[[str], Runner], origin: Path, tmp_path: Path
) -> None:
    forge = runner("gitlab")
    assert all(pipeline(forge, 0).values()), forge.said
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(origin), str(work))
    base = git(work, "rev-parse", "HEAD").strip()
    article = work / "content" / "articles" / "what-aurora-2-costs.md"
    article.write_text(article.read_text("utf-8") + "\n\nA new line.\n")
    git(work, "switch", "-q", "-c", "merge")
    git(work, "commit", "-qam", "Other words")
    git(work, "push", "-q", "origin", "merge")
    forge.branch = "merge"
    assert pipeline(forge, 1, ("preview",), CI_MERGE_REQUEST_DIFF_BASE_SHA=base)["preview"]
    shown = (forge.folder / "preview-1" / "preview.md").read_text("utf-8")
    assert "+A new line." in shown
