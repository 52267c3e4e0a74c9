#!/usr/bin/env python3
"""What a pull request would do, as Markdown for the job's page.

    python3 scripts/preview.py HEAD^1     the commit that it would be merged into

Called in the site's folder, with `ratewire` on the path.
Reads each source whose file changed, as it is served now; builds the site from both commits and
says which pages differ. Everything shown is escaped: it is other people's text. Templates are
programs, so both are built with those of the commit before, and nothing of a cache is believed.
"""

from __future__ import annotations

import difflib
import html
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST = 60_000
"""Characters of any one part; a job's page holds a megabyte."""
RATEWIRE = "ratewire"
SITE = Path("site")
TEMPLATES = "templates"
CACHE = ".ratewire"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return preview(arguments[0])
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(error.cmd)}: {error.stderr.strip()}", file=sys.stderr)
        return 1


def preview(base: str) -> int:
    """1 where the site cannot be built. Raises CalledProcessError where git cannot do its part."""
    changed = run(
        "git", "diff", "--name-only", "--no-renames", "--relative", base, "HEAD"
    ).stdout.splitlines()
    for name in changed:
        file = Path(name)
        if file.match("content/sources/*.toml") and file.is_file():
            show(f"What {file.stem} reads now", reading(file))
    prefix = run("git", "rev-parse", "--show-prefix").stdout.strip()
    if any(Path(name).parts[0] in (TEMPLATES, CACHE) for name in changed):
        note = f"The preview uses {TEMPLATES}/ of the branch that it goes to, and no {CACHE}/."
        show("Templates or caches differ: look at them before you merge", note)
    with checkout(base) as before, checkout("HEAD") as after:
        for root in (before, after):
            shutil.rmtree(root / prefix / CACHE, ignore_errors=True)
        use_templates(before / prefix, after / prefix)
        return compare(before / prefix, after / prefix)


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """A commit in a work tree of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        run("git", "worktree", "add", "--quiet", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            run("git", "worktree", "remove", "--force", str(tree))


def use_templates(before: Path, after: Path) -> None:
    """Those of `before`, whatever `after` has under that name, a link included."""
    theirs = after / TEMPLATES
    if theirs.is_symlink() or theirs.is_file():
        theirs.unlink()
    shutil.rmtree(theirs, ignore_errors=True)
    if (before / TEMPLATES).is_dir():
        shutil.copytree(before / TEMPLATES, theirs)


def reading(file: Path) -> str:
    try:
        url = tomllib.loads(file.read_text("utf-8"))["url"]
    except (ValueError, KeyError) as error:
        return f"{file}: {error}"
    # Else it would name a file of this machine, or be taken for an option.
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        return f"{file}: url: is no address"
    done = run(RATEWIRE, "read", url, "--source", file.stem, failing=True)
    return done.stdout + done.stderr


def compare(before: Path, after: Path) -> int:
    """Build both; 1 where the one after cannot be built."""
    old = run(RATEWIRE, "build", "--site", str(before), failing=True)
    new = run(RATEWIRE, "build", "--site", str(after), failing=True)
    if new.returncode:
        show("The site cannot be built", new.stderr.replace(f"{after}/", ""))
        return 1
    if old.returncode:
        said = old.stderr.replace(f"{before}/", "")
        show("The site before cannot be built, so there is nothing to compare with", said)
        return 0
    roots = (before / SITE, after / SITE)
    names = [files(root) for root in roots]
    differing = [
        name
        for name in sorted(names[0] & names[1])
        if len({(root / name).read_bytes() for root in roots}) > 1
    ]
    rows = [
        *(f"new      {name}" for name in sorted(names[1] - names[0])),
        *(f"gone     {name}" for name in sorted(names[0] - names[1])),
        *(f"changed  {name}" for name in differing),
    ]
    show(f"{len(rows)} files of the site differ", "\n".join(rows) or "none")
    # Pages have a twin in Markdown: what a reader would see is there in a few lines.
    texts = [name for name in sorted(names[0] | names[1]) if name.endswith(".md")]
    words = "".join(line for name in texts for line in difference(*roots, name))
    if words:
        show("Their words", words)
    return 0


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def difference(before: Path, after: Path, name: str) -> Iterator[str]:
    old, new = (
        (root / name).read_text("utf-8").splitlines(keepends=True)
        if (root / name).is_file()
        else []
        for root in (before, after)
    )
    return difflib.unified_diff(old, new, f"before/{name}", f"after/{name}", n=1)


def show(title: str, text: str) -> None:
    cut = text if len(text) <= MOST else f"{text[:MOST]}\n… and more"
    print(f"### {html.escape(title)}\n\n<pre>{html.escape(cut)}</pre>\n")


def run(*command: str, failing: bool = False) -> subprocess.CompletedProcess[str]:
    """Raises CalledProcessError where it fails and must not."""
    return subprocess.run(command, check=not failing, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
