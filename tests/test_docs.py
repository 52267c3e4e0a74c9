"""The documents: what they name exists, and a newcomer finds each of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ratewire.compare import guard
from ratewire.publish import openapi

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "scraper" / "ratewire"
DOCS = sorted((ROOT / "docs").rglob("*.md"))
LINK = re.compile(r"\]\((?!https?:|#|mailto:|\{)([^)#\s]+)")


def named_files(text: str) -> list[str]:
    """The modules in the last column of each row: `room/a.py`, then others of the same room."""
    found = []
    for row in re.findall(r"^\| \d+ \|.*\|([^|]+)\|$", text, re.MULTILINE):
        room = ""
        for name in re.findall(r"`([\w/]+\.py)`", row):
            room = name.rpartition("/")[0] or room
            found.append(f"{room}/{name.rpartition('/')[2]}")
    return found


def test_each_step_of_the_architecture_names_modules_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    files = named_files(text)
    assert len(files) > 20
    assert [name for name in files if not (PACKAGE / name).is_file()] == []
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert {room for room in rooms if f"`{room}" not in text and f" {room} " not in text} == set()


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))
    assert [each for each in targets if not (page.parent / each).exists()] == []


def test_every_document_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    pages = [page for page in DOCS if page.parent.name == "docs"]
    assert [page.name for page in pages if f"docs/{page.name}" not in readme] == []
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    records = (ROOT / "docs" / "decisions").glob("0*.md")
    assert [record.name for record in records if record.name not in index] == []


def test_every_guard_is_documented() -> None:
    text = (ROOT / "docs" / "trust.md").read_text("utf-8")
    named = set(guard.DAMAGE) | set(guard.MUCH)
    for path in PACKAGE.rglob("*.py"):
        named |= set(re.findall(r'\bHeld\(\s*"([a-z-]+)"', path.read_text("utf-8")))
    assert {"figures-damaged", "sources-disagree"} <= named
    assert not {name for name in named if f"`{name}`" not in text}


def keys_of(schema: object) -> set[str]:
    """Names of properties anywhere in a JSON Schema."""
    if isinstance(schema, list | tuple):
        return set().union(*map(keys_of, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties")
    return set(own if isinstance(own, dict) else ()).union(*map(keys_of, schema.values()))


def test_every_key_of_the_data_is_documented() -> None:
    text = (ROOT / "docs" / "data.md").read_text("utf-8")
    data = [getattr(openapi, name) for name in vars(openapi) if name.endswith("Data")]
    keys = keys_of(openapi.schemas(*data))
    assert {"amount", "unit_thing", "alterations"} <= keys
    assert not {key for key in keys if not re.search(rf"`{key}`|\"{key}\":", text)}
