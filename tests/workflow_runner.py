"""Runs a workflow's steps in order, as GitHub would, against a bare repository on this disk.

Each job has a checkout of its own. Actions are stood in for by what they do to it: a shallow
clone, a cache that is brought back and kept, the site that is deployed. `run:` steps are run as
they are, by the shell that the workflow names.
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
SET_UP = "python3 start.py --version"
"""Fetches packages; what it would set up is what runs the tests."""


class Runner:
    """A forge with one repository: its workflows, cache, secrets and deployed site."""

    def __init__(self, folder: Path, origin: Path, tools: Path) -> None:
        self.folder, self.origin, self.tools = folder, origin, tools
        folder.mkdir()
        self.cache = folder / "cache"
        self.artifact = folder / "artifact"
        self.deployed = folder / "deployed"
        self.summary = folder / "summary.md"
        self.secrets: dict[str, str] = {}
        self.schedule = ""
        self.said = ""
        self._clones = 0

    def run(
        self, workflow: str, *, before: Mapping[str, Callable[[], object]] | None = None
    ) -> dict[str, str]:
        """The result of each job. `before`: called when the step of that name is next."""
        file = ROOT / ".github" / "workflows" / workflow
        whole = yaml.safe_load(file.read_text("utf-8"))
        assert whole["defaults"]["run"]["shell"] == "bash"
        results: dict[str, str] = {}
        for name, job in whole["jobs"].items():
            needs = job.get("needs", [])
            needs = [needs] if isinstance(needs, str) else needs
            well = all(results[each] == "success" for each in needs)
            if not self._holds(job.get("if"), well, results):
                results[name] = "skipped"
                continue
            results[name] = "success" if self._job(job, results, before or {}) else "failure"
        return results

    def _job(
        self,
        job: Mapping[str, Any],
        results: Mapping[str, str],
        before: Mapping[str, Callable[[], object]],
    ) -> bool:
        self._clones += 1
        checkout = self.folder / f"checkout-{self._clones}"
        well = True
        for step in job["steps"]:
            if not self._holds(step.get("if"), well, results):
                continue
            if step.get("name") in before:
                before[step["name"]]()
            if "uses" in step:
                self._action(step["uses"].partition("@")[0], step.get("with", {}), checkout)
            elif step["run"] != SET_UP:
                well = self._script(step, checkout) and well
        return well

    def _holds(self, condition: str | None, well: bool, results: Mapping[str, str]) -> bool:
        """Of GitHub's expressions, those that these workflows use."""
        if condition is None:
            return well
        text = condition.removeprefix("${{").removesuffix("}}").strip()
        parts = [part.strip() for part in text.split("&&")]
        told = [self._part(part, results) for part in parts]
        asks_for_itself = {"always()", "!cancelled()"} & set(parts)
        return all(told) and (bool(asks_for_itself) or well)

    def _part(self, part: str, results: Mapping[str, str]) -> bool:
        if part in ("always()", "!cancelled()"):
            return True
        if found := re.fullmatch(r"needs\.(\w+)\.result == '(\w+)'", part):
            return results[found[1]] == found[2]
        if found := re.fullmatch(r"github\.event\.schedule == '(.*)'", part):
            return self.schedule == found[1]
        raise AssertionError(f"say here what {part!r} means")

    def _action(self, action: str, options: Mapping[str, Any], checkout: Path) -> None:
        match action:
            case "actions/checkout":
                assert options["persist-credentials"] is False
                depth = f"--depth={options.get('fetch-depth', 1)}"
                branch = f"--branch={self.branch}"
                command = ["git", "clone", "-q", depth, branch, f"file://{self.origin}", checkout]
                subprocess.run(command, check=True, capture_output=True)
                (checkout / ".venv" / "bin").mkdir(parents=True)
                (checkout / ".venv" / "bin" / "ratewire").symlink_to(self.tools / "ratewire")
            case "actions/cache/restore":
                if self.cache.exists():
                    shutil.copytree(self.cache, checkout / options["path"])
            case "actions/cache/save":
                shutil.rmtree(self.cache, ignore_errors=True)
                shutil.copytree(checkout / options["path"], self.cache)
            case "actions/upload-pages-artifact":
                shutil.rmtree(self.artifact, ignore_errors=True)
                shutil.copytree(checkout / options["path"], self.artifact)
            case "actions/deploy-pages":
                shutil.rmtree(self.deployed, ignore_errors=True)
                shutil.copytree(self.artifact, self.deployed)
            case "actions/setup-python":
                pass
            case _:
                raise AssertionError(f"say here what {action} does")

    branch = "main"

    def _script(self, step: Mapping[str, Any], checkout: Path) -> bool:
        return self.script(step["run"], checkout, self._environment(step.get("env", {})))

    def script(self, text: str, checkout: Path, environment: Mapping[str, str]) -> bool:
        """Run it as `shell: bash` does; whether it ended well."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=checkout,
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
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_REPOSITORY": "owner/site",
        }

    def _environment(self, asked: Mapping[str, str]) -> dict[str, str]:
        def value(text: str) -> str:
            if found := re.fullmatch(r"\$\{\{ secrets\.(\w+) \}\}", text):
                return self.secrets.get(found[1], "")
            assert text == "${{ github.token }}", text
            return "a-token"

        return {name: value(text) for name, text in asked.items()}
