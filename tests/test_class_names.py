"""One name, one class: who reads a name anywhere in the package knows which class is meant."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "scraper" / "ratewire"


def classes(package: Path) -> dict[str, list[str]]:
    """Modules by the name of each class at a module's outermost level."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(package.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(path.relative_to(package)))
    return found


def test_no_two_classes_have_one_name() -> None:
    twice = {name: modules for name, modules in classes(PACKAGE).items() if len(modules) > 1}
    assert not twice, f"give these names of their own: {twice}"


def test_a_second_class_of_a_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("class Page:\n    pass\n")
    (tmp_path / "two.py").write_text("class Page:\n    pass\n")
    assert classes(tmp_path) == {"Page": ["one.py", "two.py"]}
