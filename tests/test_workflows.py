"""The workflows as they are written: what linters say, what is pinned, what is asked for."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = [ROOT / "ci" / "push"]


def steps(workflow: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Job's name, job and step."""
    for name, job in yaml.safe_load(workflow.read_text("utf-8"))["jobs"].items():
        for step in job["steps"]:
            yield name, job, step


def test_zizmor_has_nothing_to_report(needs: Callable[..., str]) -> None:
    command = [needs("zizmor"), "--offline", "--no-progress", "--format=plain", ".github"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_has_nothing_to_report() -> None:
    program = shutil.which("actionlint")
    if program is None:
        pytest.skip("actionlint is absent; no package index has it whole, its project's page does")
    command = [program, *map(str, WORKFLOWS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_sound(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", str(script)], check=True)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_nothing_is_interpolated_into_a_script(workflow: Path) -> None:
    for _, _, step in steps(workflow):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_an_action_is_pinned_by_digest_and_says_its_version(workflow: Path) -> None:
    for line in workflow.read_text("utf-8").splitlines():
        if "uses:" in line:
            assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_one_action_has_one_digest(workflow: Path) -> None:
    text = "".join(path.read_text("utf-8") for path in WORKFLOWS)
    pinned: dict[str, set[str]] = {}
    for action, digest in re.findall(r"uses: ([\w-]+/[\w-]+)\S*@([0-9a-f]{40})", text):
        pinned.setdefault(action, set()).add(digest)
    assert all(len(digests) == 1 for digests in pinned.values()), pinned


def test_each_job_of_the_watch_may_do_its_own_part_only() -> None:
    whole = yaml.safe_load((ROOT / ".github" / "workflows" / "watch.yml").read_text("utf-8"))
    assert whole["permissions"] == {}
    assert {name: job["permissions"] for name, job in whole["jobs"].items()} == {
        "check": {"contents": "write"},
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        "announce": {"contents": "write"},
        "report": {"contents": "read", "issues": "write", "actions": "write"},
    }
    assert all("timeout-minutes" in job for job in whole["jobs"].values())
    assert whole["concurrency"] == {"group": "watch", "cancel-in-progress": False}


def test_secrets_are_given_to_the_steps_that_use_them_only() -> None:
    workflow = ROOT / ".github" / "workflows" / "watch.yml"
    with_secrets = {
        (job, step["name"])
        for job, _, step in steps(workflow)
        if "secrets." in str(step.get("env", ""))
    }
    assert with_secrets == {
        ("announce", "Tell those who asked"),
        ("announce", "Look over everything once a week"),
        ("announce", "Tell the dead man's switch that all went well"),
    }
    outside = re.sub(
        r"^          \w+: \$\{\{ secrets\.\w+ \}\}\n", "", workflow.read_text(), flags=re.M
    )
    assert "secrets." not in outside


def test_a_pull_request_has_no_secrets_and_may_write_nothing() -> None:
    text = (ROOT / ".github" / "workflows" / "preview.yml").read_text("utf-8")
    whole = yaml.safe_load(text)
    assert "pull_request:" in text
    assert "pull_request_target" not in text
    assert "secrets." not in text
    assert [job["permissions"] for job in whole["jobs"].values()] == [{"contents": "read"}]


def test_who_was_told_is_pushed_whatever_became_of_the_telling() -> None:
    announce = [s for job, _, s in steps(ROOT / ".github/workflows/watch.yml") if job == "announce"]
    names = [step.get("name") for step in announce]
    told = announce[names.index("Push who was told")]
    assert told["if"] == "always()"
    assert names.index("Tell those who asked") == names.index("Push who was told") - 1


def test_the_weekly_schedule_is_the_one_that_steps_ask_for() -> None:
    text = (ROOT / ".github" / "workflows" / "watch.yml").read_text("utf-8")
    asked = set(re.findall(r"schedule == '([^']+)'", text))
    assert asked <= set(re.findall(r'cron: "([^"]+)"', text))
    assert asked


def test_the_image_is_made_of_what_is_there() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ")]
    sources = [name for names in copied for name in names if not name.startswith(("--", "/"))]
    assert len(sources) > 5
    for name in sources:
        assert (ROOT / name).exists(), f"Containerfile copies {name}, which is not there"
    assert text.count("--require-hashes") == 2
    assert "USER ratewire" in text


RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", RUNNING, re.MULTILINE | re.DOTALL)


def test_the_documented_cronjob_is_yaml_with_one_run_at_a_time() -> None:
    (text,) = blocks("yaml")
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
    workflow = (ROOT / ".github" / "workflows" / "watch.yml").read_text("utf-8")
    for secret in set(re.findall(r"secrets\.(\w+)", workflow)):
        assert f"`{secret}`" in RUNNING
    for job in yaml.safe_load(workflow)["jobs"]:
        assert f"`{job}`" in RUNNING
    for file in re.findall(r"`((?:ci|\.github)/[\w./-]+\.yml)`", RUNNING):
        assert (ROOT / file).is_file()
