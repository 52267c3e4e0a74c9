#!/usr/bin/env python3
"""What `ratewire … --json` says, for a forge: Markdown for a job's page, issues.

    ratewire status --json | python3 scripts/report.py summary
    ratewire doctor --json | python3 scripts/report.py doctor   ends with 1 where something is wrong
    ratewire status --json | python3 scripts/report.py issues   needs gh, and GH_TOKEN; or on GitLab
                                                           PUSH_TOKEN of the scope api

Reasons are words off other people's pages: nothing of them may be taken for Markdown, a mention
or a reference.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

LABEL = "ratewire"
PATIENCE = timedelta(hours=6)
"""A source that cannot be had has this long to come back before an issue is opened."""
REMEDIES = {
    "failing": "The page cannot be had. `ratewire check {} -v` says what was tried. If it moved, "
    "set the new address in `content/sources/{}.toml`.",
    "blocked": "What is served is not the page. `ratewire check {} -v` says what was met; an "
    "alternate address, such as a Markdown form of the page, often helps.",
    "held": "A reading is suspect and waits for you. `ratewire review` shows it; "
    "`ratewire review --accept {}` or `--reject {}` decides.",
    "never-seen": "The page was never read. See that its address is right: `ratewire check {} -v`.",
}
Json = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    actions = {"summary": summary, "doctor": doctor, "issues": issues}
    if len(arguments) != 1 or arguments[0] not in actions:
        print(__doc__, file=sys.stderr)
        return 2
    return actions[arguments[0]](json.load(sys.stdin))


def summary(status: Json) -> int:
    """A table of the sources."""
    print("### Sources\n")
    rows = (
        (one["source"], one["state"], one["since"], one["verified_at"] or "never", one["detail"])
        for one in status["sources"]
    )
    print(table(("Source", "State", "Since", "Last verified", "Detail"), rows))
    return 0


def doctor(told: Json) -> int:
    """A table of what was looked at."""
    print("### Looked over\n")
    rows = (
        (one["check"], one["standing"], one["words"], one["remedy"]) for one in told["findings"]
    )
    print(table(("Check", "Standing", "Finding", "Remedy"), rows))
    return 0 if told["ok"] else 1


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([inert(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def inert(words: str) -> str:
    """One line that shows as it is, whatever it holds.

    To CommonMark a numeric reference is text; but forges look for mentions, references and
    addresses in what comes of it, so these are parted by a space that has no width.
    """
    folded = " ".join(words.split())
    line = "".join(sign for sign in folded if sign.isprintable())[:300]
    return ACTIVE.sub(as_reference, line)


ACTIVE = re.compile(r"[^\w\s.,:;%()+−–→-]|_|(?<=\w)[.:](?=[\w/])|%(?=\w)|(?i:(?<=gh)-)")


def as_reference(found: re.Match[str]) -> str:
    parted = "&#8203;" if found[0] in "@#!~%$&^-.:" else ""
    return f"&#{ord(found[0])};{parted}"


# ── Issues ───────────────────────────────────────────────────────────────────────────────────


def issues(status: Json) -> int:
    """One open issue for each source that is not well; closed when it is, or is no longer there."""
    forge: Forge = GitLab() if os.environ.get("GITLAB_CI") else GitHub()
    try:
        keep(forge, status["sources"])
    except subprocess.CalledProcessError as error:
        return refused(error.stderr.strip())
    except urllib.error.HTTPError as error:
        return refused(f"HTTP {error.code}")
    except OSError as error:
        return refused(str(error))
    return 0


def refused(words: str) -> int:
    print(
        f"The forge refused: {words}\nThe repository has to have issues, and the token has to be "
        "allowed to write them (docs/running.md). How the sources do: ratewire status",
        file=sys.stderr,
    )
    return 1


def keep(forge: Forge, sources: Iterable[Json]) -> None:
    opened = forge.opened()
    unwell = {title(one): one for one in sources if one["state"] != "ok"}
    for name, number in opened.items():
        if name.startswith(title({"source": ""})) and name not in unwell:
            forge.close(number, "It is well again, or no longer watched.")
    for name, one in unwell.items():
        if name not in opened and asks_for_eye(one):
            forge.open(name, body(one))


def title(one: Json) -> str:
    """The same for as long as the source has its id, which is a slug."""
    return f"Source needs an eye: {one['source']}"


def asks_for_eye(one: Json) -> bool:
    """At once where a person has to decide; else once it had time to come back by itself."""
    since = datetime.fromisoformat(one["since"])
    return one["state"] == "held" or datetime.now(UTC) - since >= PATIENCE


def body(one: Json) -> str:
    id = one["source"]
    return (
        f"**{one['state']}** since {one['since']}: {inert(one['detail'])}\n\n"
        f"{REMEDIES[one['state']].replace('{}', id)}\n\n"
        f"Last verified: {one['verified_at'] or 'never'}. The figures stand as they were last "
        "read, and the site says from when they are. This issue is closed when the source is well."
    )


class Forge(Protocol):
    """Where issues are kept, under the label."""

    def opened(self) -> dict[str, str]:
        """Numbers of those that are open, by their titles."""

    def open(self, title: str, body: str) -> None: ...

    def close(self, number: str, words: str) -> None: ...


class GitHub:
    def opened(self) -> dict[str, str]:
        gh("label", "create", LABEL, "--force", "--description", "Opened and closed by the watch")
        listed = gh(
            "issue", "list", "--label", LABEL, "--state", "open", "--limit", "500",
            "--json", "number,title",
        )  # fmt: skip
        return {one["title"]: str(one["number"]) for one in json.loads(listed)}

    def open(self, title: str, body: str) -> None:
        gh("issue", "create", "--title", title, "--label", LABEL, "--body", body)

    def close(self, number: str, words: str) -> None:
        gh("issue", "close", number, "--comment", words)


def gh(*arguments: str) -> str:
    return subprocess.run(["gh", *arguments], check=True, capture_output=True, text=True).stdout


class GitLab:
    def opened(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for page in range(1, 11):
            asked = {"labels": LABEL, "state": "opened", "per_page": "100", "page": str(page)}
            listed = self._api("GET", f"issues?{urllib.parse.urlencode(asked)}")
            found |= {one["title"]: str(one["iid"]) for one in listed}
            if len(listed) < 100:
                break
        return found

    def open(self, title: str, body: str) -> None:
        self._api("POST", "issues", {"title": title, "description": body, "labels": LABEL})

    def close(self, number: str, words: str) -> None:
        self._api("POST", f"issues/{number}/notes", {"body": words})
        self._api("PUT", f"issues/{number}", {"state_event": "close"})

    def _api(self, method: str, path: str, fields: Json | None = None) -> Any:
        project = f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}"
        request = urllib.request.Request(f"{project}/{path}", method=method)
        request.add_header("PRIVATE-TOKEN", os.environ.get("PUSH_TOKEN", ""))
        if fields:
            request.data = json.dumps(fields).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
