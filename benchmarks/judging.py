"""How well walls are told from pages: the confusion table over a corpus of real captures, and over
the walls and near-misses written for the tests.

Corpus: a folder with INDEX.jsonl, a line for each file (`path`, `page_url`, `kind`; a kind that
begins with `failure` is a wall). Beside the captures as they are, each page of HTML is judged
cut off (a wall) and emptied to its frame of scripts (a wall), so that walls are not few.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ratewire.judge import judge
from ratewire.model import Capture, Source, VerdictKind

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = re.compile(r"(<body\b[^>]*>).*?(</body>|\Z)", re.DOTALL | re.IGNORECASE)

Case = tuple[str, str, bool, Capture, Source]
"""Set, name, is it genuine, capture, source."""


def from_corpus(folder: Path, *, quick: bool) -> Iterator[Case]:
    lines = (folder / "INDEX.jsonl").read_text("utf-8").splitlines()
    for number, row in enumerate(map(json.loads, lines)):
        body = (folder / row["path"]).read_bytes()
        is_html = row["path"].endswith(".html")
        url = row.get("page_url") or "https://example.com/"
        source = Source(id="s", name="s", publisher="p", url=url)
        media_type = "text/html" if is_html else "text/markdown"
        genuine = not row["kind"].startswith("failure")
        yield "corpus", row["path"], genuine, Capture(url, body, NOW, media_type=media_type), source
        if is_html and genuine and not (quick and number % 2):
            for share in (0.2, 0.6, 0.95):
                cut = Capture(url, body[: int(len(body) * share)], NOW, media_type=media_type)
                yield "corpus, cut off", f"{row['path']} at {share}", False, cut, source
            shell = BODY.sub(
                r'\1<div id="root"></div><script src="/a.js"></script>\2', body.decode()
            )
            emptied = Capture(url, shell.encode(), NOW, media_type=media_type)
            yield "corpus, emptied", row["path"], False, emptied, source


def from_tests() -> Iterator[Case]:
    sys.path.insert(0, str(ROOT / "tests" / "judge"))
    from pages import pages

    for page in pages():
        genuine = page.kind is VerdictKind.GENUINE
        yield "written for the tests", page.name, genuine, page.capture, page.source


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer of the cut and emptied pages")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    options = parser.parse_args()
    console = Console(stderr=True, width=130)
    cases = list(from_tests())
    if options.corpus.is_dir():
        cases += from_corpus(options.corpus, quick=options.quick)
    else:
        console.print(f"{options.corpus} is absent: only the tests' own pages are judged")

    counts: dict[tuple[str, bool], Counter[VerdictKind]] = {}
    started = time.perf_counter()
    for group, name, genuine, capture, source in cases:
        verdict = judge(capture, source)
        counts.setdefault((group, genuine), Counter())[verdict.kind] += 1
        if verdict.genuine != genuine:
            wrong = "refused" if genuine else "read"
            console.print(f"{wrong}: {group}: {name}: {verdict.evidence}", markup=False)
    seconds = time.perf_counter() - started

    table = Table("set", "is", *(kind.value for kind in VerdictKind), title="judged as")
    for (group, genuine), by_kind in sorted(counts.items()):
        row = [str(by_kind[kind] or "") for kind in VerdictKind]
        table.add_row(group, "page" if genuine else "wall", *row)
    console.print(table)
    console.print(f"{len(cases)} captures, {seconds / len(cases) * 1000:.1f} ms each")
    result = {"genuine": 0, "genuine_refused": 0, "walls": 0, "walls_read": 0}
    for (_, genuine), by_kind in counts.items():
        read = by_kind[VerdictKind.GENUINE]
        result["genuine" if genuine else "walls"] += by_kind.total()
        if genuine:
            result["genuine_refused"] += by_kind.total() - read
        else:
            result["walls_read"] += read
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main()
