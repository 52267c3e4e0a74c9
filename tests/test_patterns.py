"""Regular expressions mean the same on every Python that is supported."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "scraper" / "ratewire"
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")


@pytest.mark.parametrize(
    "module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_group_is_repeated_possessively(module: Path) -> None:
    """Before 3.11.5 such a group may match wrongly (gh-106052); `(?>(?:…)*)` is the same, right."""
    texts = [
        node.value
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in texts if POSSESSIVE_GROUP.search(text)]
