#!/usr/bin/env python3
"""`ratewire consume`, and the pull request on GitHub that its branch needs: opened once, then kept
up to date. What people closed is not proposed again.

Reads FROM, FILE, FORMAT, MAP, SELLERS, BRANCH, BASE, GITHUB_REPOSITORY and GH_TOKEN of the
environment; needs gh and ratewire on the path.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

MARK = re.compile(r"<!-- ratewire ([0-9a-f ]*) -->")
"""By which a body says which figures it proposes; one without it was closed by this script."""
Json = dict[str, Any]


def main() -> int:
    keep_alive(os.environ["GITHUB_REPOSITORY"])
    try:
        return proposed()
    except subprocess.CalledProcessError:
        print(
            "The forge refused; its words stand above. The token has to be allowed to write "
            "contents and pull requests, and GitHub Actions to create them (docs/consume.md).",
            file=sys.stderr,
        )
        return 1


def proposed() -> int:
    repository, branch = os.environ["GITHUB_REPOSITORY"], os.environ["BRANCH"]
    pulls = list(pull_requests(repository, branch))
    opened = next((one for one in pulls if one["state"] == "open"), None)
    declined = [
        digest
        for one in pulls
        if one["state"] == "closed" and not one["merged_at"]
        for digest in marked(one["body"])
    ]
    found = consume(branch, declined)
    if found is None:
        return 1
    wanted = [one["digest"] for one in found["updates"]]
    if not wanted:
        if opened:
            close(repository, opened)
        return said("", f"Nothing to propose: {found['right']} figures are right", found)
    if found["branch"]["note"]:
        return said(number(opened), f"{branch}: {found['branch']['note']}", found)
    told = {"title": found["title"], "body": found["body"]}
    if opened is None:
        base = {"head": branch, "base": os.environ["BASE"]}
        opened = api("POST", f"repos/{repository}/pulls", {**told, **base})
    elif (opened["title"], opened["body"].strip()) != (found["title"], found["body"].strip()):
        api("PATCH", f"repos/{repository}/pulls/{opened['number']}", told)
    return said(number(opened), f"Proposed in #{opened['number']}", found)


def pull_requests(repository: str, branch: str) -> Iterator[Json]:
    """Those of the branch, the newest first; only this repository's own, not those of forks."""
    owner = repository.partition("/")[0]
    for page in range(1, 11):
        query = f"state=all&per_page=100&page={page}&head={owner}:{quote(branch)}"
        listed = api("GET", f"repos/{repository}/pulls?{query}")
        yield from listed
        if len(listed) < 100:
            return


def marked(body: str | None) -> list[str]:
    found = MARK.search(body or "")
    return found[1].split() if found else []


def consume(branch: str, declined: list[str]) -> Json | None:
    """What `ratewire consume --json` says; None: it failed, and its words were shown."""
    settings = {"--from": "FORMAT", "--map": "MAP"}
    options = [
        f"{option}={os.environ[name]}" for option, name in settings.items() if os.environ.get(name)
    ]
    options += [f"--seller={name}" for name in os.environ.get("SELLERS", "").split()]
    options += [f"--declined={digest}" for digest in dict.fromkeys(declined)]
    done = subprocess.run(
        ["ratewire", "consume", "--json", f"--branch={branch}", *options, "--",
         os.environ["FROM"], os.environ["FILE"]],
        stdout=subprocess.PIPE, text=True, check=False,
        env={**os.environ, "PUSH_TOKEN": os.environ["GH_TOKEN"]},
    )  # fmt: skip
    # 1: a figure was left as it is, which is said and is no failure.
    return json.loads(done.stdout) if done.returncode in (0, 1) and done.stdout else None


def close(repository: str, one: Json) -> None:
    """Nobody declined its figures, so the mark is taken off: they may be proposed again."""
    words = (
        "Closed: there is nothing to propose any more. The list has these figures by now, or the "
        "site is not sure of them; should it be again, they are proposed anew."
    )
    at = f"repos/{repository}/issues/{one['number']}/comments"
    api("POST", at, {"body": words})
    body = MARK.sub("", one["body"] or "").rstrip()
    api("PATCH", f"repos/{repository}/pulls/{one['number']}", {"state": "closed", "body": body})


def api(method: str, path: str, fields: Json | None = None) -> Any:
    command = ["gh", "api", "--method", method, path, *(["--input", "-"] if fields else [])]
    given = json.dumps(fields) if fields else None
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, input=given)
    return json.loads(done.stdout or "null")


def keep_alive(repository: str) -> None:
    """In a public repository GitHub switches a schedule off after 60 days without activity."""
    if os.environ.get("GITHUB_EVENT_NAME") != "schedule":
        return
    file = os.environ["GITHUB_WORKFLOW_REF"].partition("@")[0].rpartition("/")[2]
    try:
        api("PUT", f"repos/{repository}/actions/workflows/{file}/enable")
    except subprocess.CalledProcessError:
        print("::notice::The schedule may be switched off one day: the job lacks `actions: write`")


def number(one: Json | None) -> str:
    return str(one["number"]) if one else ""


def said(number: str, words: str, found: Json) -> int:
    """To the log, the job's page and the steps that follow."""
    print(words)
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as page:
        page.write(f"### Prices\n\n{words}\n\n{found['body']}")
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as output:
        output.write(f"number={number}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
