"""Runs a workflow's steps in order, as GitHub would, against a bare repository on this disk.

Each job has a checkout of its own. A job that calls a reusable workflow is that workflow's jobs,
and a composite action is its steps. Other actions are stood in for by what they do to a checkout:
a shallow clone, a cache that is brought back and kept, the site that is deployed. `run:` steps are
run as they are, by the shell that the workflow names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SET_UP = 'start.py" --version'
"""Fetches packages; what it would set up is what runs the tests."""
OURS = re.compile(r"(?:\$/|[\w-]+/ratewire/?)([\w./-]*)(?:@[0-9a-f]{40})?")
"""What is called of this repository: by itself, or by another at a commit."""
Before = Mapping[str, Callable[[], object]]


class Runner:
    """A forge with one repository: its workflows, cache, secrets and deployed site."""

    branch = "main"

    def __init__(self, folder: Path, origin: Path, tools: Path) -> None:
        self.folder, self.origin, self.tools = folder, origin, tools
        folder.mkdir()
        self.cache = folder / "cache"
        self.artifact = folder / "artifact"
        self.deployed = folder / "deployed"
        self.summary = folder / "summary.md"
        self.secrets: dict[str, str] = {}
        self.schedule = ""
        self.event = "push"
        self.file = "watch.yml"
        self.said = ""
        self._clones = 0

    def run(self, workflow: str | Path, *, before: Before | None = None) -> dict[str, str]:
        """The result of each job. `before`: called when the step of that name is next."""
        file = ROOT / ".github" / "workflows" / workflow
        self.file = file.name
        return self._workflow(file, {}, self.secrets, before or {})

    def _workflow(
        self,
        file: Path,
        given: Mapping[str, Any],
        secrets: Mapping[str, str],
        before: Before,
    ) -> dict[str, str]:
        whole = yaml.safe_load(file.read_text("utf-8"))
        scope = _Scope(self, given, secrets)
        results: dict[str, str] = {}
        for name, job in whole["jobs"].items():
            needs = job.get("needs", [])
            needs = [needs] if isinstance(needs, str) else needs
            scope.needs = results
            scope.well = all(results[each] == "success" for each in needs)
            if not scope.holds(job.get("if")):
                results[name] = "skipped"
            elif "uses" in job:
                results |= self._called(job, scope, before)
            else:
                results[name] = "success" if self._job(job, scope, before) else "failure"
        return results

    def _called(self, job: Mapping[str, Any], scope: _Scope, before: Before) -> dict[str, str]:
        """The jobs of a reusable workflow, which may do what its caller lets it."""
        found = OURS.fullmatch(job["uses"])
        assert found, job["uses"]
        file = ROOT / found[1]
        whole = yaml.safe_load(file.read_text("utf-8"))
        call = whole[True]["workflow_call"]  # YAML 1.1 reads `on` as true
        inputs = {name: one.get("default") for name, one in call["inputs"].items()}
        asked: dict[str, str] = {}
        for one in whole["jobs"].values():
            asked |= one["permissions"]
        allowed = job["permissions"]
        assert all(allowed.get(what) in (level, "write") for what, level in asked.items())
        given = {name: scope.value(text) for name, text in job.get("with", {}).items()}
        assert given.keys() <= inputs.keys()
        secrets = {name: str(scope.value(text)) for name, text in job.get("secrets", {}).items()}
        assert secrets.keys() <= call.get("secrets", {}).keys()
        return self._workflow(file, {**inputs, **given}, secrets, before)

    def _job(self, job: Mapping[str, Any], scope: _Scope, before: Before) -> bool:
        self._clones += 1
        checkout = self.folder / f"checkout-{self._clones}"
        ran = job.get("defaults", {}).get("run", {})
        assert ran.get("shell", "bash") == "bash"
        place = str(scope.value(ran.get("working-directory", ".")))
        machine = _Machine(self, checkout)
        well = True
        for step in job["steps"]:
            scope.well = well
            if not scope.holds(step.get("if")):
                continue
            if step.get("name") in before:
                before[step["name"]]()
            well = self._step(step, scope, machine, place) and well
        return well

    def _step(self, step: Mapping[str, Any], scope: _Scope, machine: _Machine, place: str) -> bool:
        if "run" in step:
            return machine.ran(step, scope, place)
        options = {name: scope.value(text) for name, text in step.get("with", {}).items()}
        found = OURS.fullmatch(step["uses"])
        if found is None:
            self._action(step["uses"].partition("@")[0], options, machine.checkout)
            return True
        return self._composite(ROOT / found[1], options, scope, machine, step.get("env", {}))

    def _composite(
        self,
        folder: Path,
        given: Mapping[str, Any],
        scope: _Scope,
        machine: _Machine,
        env: Mapping[str, str],
    ) -> bool:
        action = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        asked = action.get("inputs", {})
        assert given.keys() <= asked.keys()
        assert all(name in given for name, one in asked.items() if one.get("required"))
        inputs = {name: scope.value(one.get("default", "")) for name, one in asked.items()}
        inner = _Scope(self, {**inputs, **given}, {})
        around = {name: str(scope.value(text)) for name, text in env.items()}
        before, machine.action = machine.action, folder
        machine.around, outer = {**machine.around, **around}, machine.around
        well = True
        for step in action["runs"]["steps"]:
            inner.well = well
            if inner.holds(step.get("if")):
                assert "uses" in step or step["shell"] == "bash"
                well = self._step(step, inner, machine, ".") and well
        machine.action, machine.around = before, outer
        return well

    def _action(self, action: str, options: Mapping[str, Any], checkout: Path) -> None:
        match action:
            case "actions/checkout":
                assert options["persist-credentials"] is False
                depth = f"--depth={options.get('fetch-depth', 1)}"
                branch = f"--branch={self.branch}"
                command = ["git", "clone", "-q", depth, branch, f"file://{self.origin}", checkout]
                subprocess.run(command, check=True, capture_output=True)
            case "actions/cache/restore":
                if self.cache.exists():
                    shutil.copytree(self.cache, checkout / options["path"], dirs_exist_ok=True)
            case "actions/cache/save":
                shutil.rmtree(self.cache, ignore_errors=True)
                shutil.copytree(checkout / options["path"], self.cache)
            case "actions/upload-pages-artifact":
                shutil.rmtree(self.artifact, ignore_errors=True)
                shutil.copytree(checkout / options["path"], self.artifact)
            case "actions/deploy-pages":
                shutil.rmtree(self.deployed, ignore_errors=True)
                shutil.copytree(self.artifact, self.deployed)
            case "actions/setup-python" | "actions/cache":
                pass
            case _:
                raise AssertionError(f"say here what {action} does")

    def script(self, text: str, folder: Path, environment: Mapping[str, str]) -> bool:
        """Run it as `shell: bash` does; whether it ended well."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=folder,
            env={**self._machine(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += f"$ {text}\n{done.stdout}{done.stderr}[{done.returncode}]\n"
        return done.returncode == 0

    def _machine(self) -> dict[str, str]:
        python = Path(sys.executable).parent
        return {
            "PATH": f"{self.tools}:{python}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_REPOSITORY": "owner/site",
            "GITHUB_REPOSITORY_OWNER": "owner",
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_WORKFLOW_REF": f"owner/site/.github/workflows/{self.file}@refs/heads/main",
        }


class _Machine:
    """What one job's steps leave each other: a checkout, a path, variables."""

    def __init__(self, runner: Runner, checkout: Path) -> None:
        self.runner, self.checkout = runner, checkout
        self.action = Path()
        self.around: dict[str, str] = {}
        self._left = checkout.with_name(f"{checkout.name}.left")
        self._left.mkdir()
        for name in ("path", "env", "output"):
            (self._left / name).touch()

    def ran(self, step: Mapping[str, Any], scope: _Scope, place: str) -> bool:
        if SET_UP in step["run"]:
            return True
        asked = {name: str(scope.value(text)) for name, text in step.get("env", {}).items()}
        folder = self.checkout / str(scope.value(step.get("working-directory", place)))
        environment = {
            **self._variables(),
            **self.around,
            **asked,
            "GITHUB_WORKSPACE": str(self.checkout),
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_PATH": str(self._left / "path"),
            "GITHUB_ENV": str(self._left / "env"),
            "GITHUB_OUTPUT": str(self._left / "output"),
        }
        well = self.runner.script(step["run"], folder, environment)
        if "id" in step:
            scope.steps[step["id"]] = self._pairs("output")
        (self._left / "output").write_text("")
        return well

    def _variables(self) -> dict[str, str]:
        lines = (self._left / "path").read_text().splitlines()
        # The tests' own tools stay in front: there a command is what it is here.
        path = [str(self.runner.tools), *reversed(lines), self.runner._machine()["PATH"]]
        return {**self._pairs("env"), "PATH": ":".join(path)}

    def _pairs(self, name: str) -> dict[str, str]:
        lines = (self._left / name).read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


class _Scope:
    """What expressions may ask for; of GitHub's expressions, what these workflows use."""

    def __init__(
        self, runner: Runner, inputs: Mapping[str, Any], secrets: Mapping[str, str]
    ) -> None:
        self.runner, self.inputs, self.secrets = runner, inputs, secrets
        self.needs: Mapping[str, str] = {}
        self.steps: dict[str, Mapping[str, str]] = {}
        self.well = True

    def holds(self, condition: str | None) -> bool:
        if condition is None:
            return self.well
        text = str(condition).removeprefix("${{").removesuffix("}}").strip()
        asks_for_itself = "always()" in text or "cancelled()" in text
        return bool(self._said(text)) and (asks_for_itself or self.well)

    def value(self, text: Any) -> Any:
        """A value as a step gets it."""
        if not isinstance(text, str):
            return text
        if whole := re.fullmatch(r"\$\{\{ (.*?) \}\}", text):
            return self._said(whole[1])
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: str(self._said(found[1])), text)

    def _said(self, text: str) -> Any:
        if " && " in text:
            values = [self._said(part) for part in text.split(" && ")]
            return next((value for value in values if not value), values[-1])
        if " || " in text:
            values = [self._said(part) for part in text.split(" || ")]
            return next((value for value in values if value), values[-1])
        for sign, equal in ((" == ", True), (" != ", False)):
            if sign in text:
                left, right = (self._said(part) for part in text.split(sign))
                return (left == right) is equal
        return self._name(text.strip())

    def _name(self, text: str) -> Any:
        if text in ("always()", "!cancelled()"):
            return True
        if quoted := re.fullmatch(r"'(.*)'", text):
            return quoted[1]
        known = {
            "github.token": "a-token",
            "github.ref": "refs/heads/main",
            "github.ref_name": "main",
            "github.run_id": "1",
            "github.run_attempt": "1",
            "github.repository": "owner/site",
            "github.event.schedule": self.runner.schedule,
            "runner.os": "Linux",
        }
        if text in known:
            return known[text]
        where, _, rest = text.partition(".")
        name, _, part = rest.partition(".")
        match where:
            case "inputs":
                return self.inputs.get(name)
            case "secrets":
                return self.secrets.get(name, "")
            case "needs" if part == "result":
                return self.needs[name]
            case "steps" if part.startswith("outputs."):
                return self.steps[name][part.removeprefix("outputs.")]
        raise AssertionError(f"say here what {text!r} means")
