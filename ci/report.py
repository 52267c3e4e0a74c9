#!/usr/bin/env python3
"""What `ratewire … --json` says, for a forge: Markdown for a job's page, issues on GitHub.

    ratewire status --json | python3 ci/report.py summary
    ratewire doctor --json | python3 ci/report.py doctor     ends with 1 where something is wrong
    ratewire status --json | python3 ci/report.py issues     needs gh, and GH_TOKEN

Reasons are words off other people's pages: nothing of them may be taken for Markdown, a mention
or a reference.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

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
    return 0 if told["well"] else 1


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([inert(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def inert(words: str) -> str:
    """One line that shows as it is, whatever it holds.

    To CommonMark a numeric reference is text; but GitHub looks for mentions, references and
    addresses in what comes of it, so these are parted by a space that has no width.
    """
    folded = " ".join(words.split())
    line = "".join(sign for sign in folded if sign.isprintable())[:300]
    return re.sub(r"[^\w\s.,:;%()+−–→-]|_|(?<=\w)[.:](?=[\w/])|(?i:(?<=gh)-)", as_reference, line)


def as_reference(found: re.Match[str]) -> str:
    parted = "&#8203;" if found[0] in "@#-.:" else ""
    return f"&#{ord(found[0])};{parted}"


# ── Issues ───────────────────────────────────────────────────────────────────────────────────


def issues(status: Json) -> int:
    """One open issue for each source that is not well; closed when it is, or is no longer there."""
    gh("label", "create", LABEL, "--force", "--description", "Opened and closed by the watch")
    listed = gh(
        "issue", "list", "--label", LABEL, "--state", "open", "--limit", "500",
        "--json", "number,title",
    )  # fmt: skip
    opened = {one["title"]: str(one["number"]) for one in json.loads(listed)}
    unwell = {title(one): one for one in status["sources"] if one["state"] != "ok"}
    for name, number in opened.items():
        if name.startswith(title({"source": ""})) and name not in unwell:
            gh("issue", "close", number, "--comment", "It is well again, or no longer watched.")
    for name, one in unwell.items():
        if name not in opened and asks_for_eye(one):
            gh("issue", "create", "--title", name, "--label", LABEL, "--body", body(one))
    return 0


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


def gh(*arguments: str) -> str:
    return subprocess.run(["gh", *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
