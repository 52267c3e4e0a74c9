"""The order of the stages, kept by looking at what each module imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "scraper" / "ratewire"
ORDER = [
    "model",
    "errors",
    "config",
    "services",
    "fetch",
    "judge",
    "read",
    "compare",
    "worker",
    "stages",
    "pages",
    "record",
    "timekeeper",
    "wording",
    "publish",
    "announce",
    "owner",
    "checking",
    "pipeline",
    "decide",
    "heartbeat",
    "apps",
    "cli",
    "__main__",
]
"""Bottom to top: a stage may import itself and what stands before it."""
APART = {
    ("publish", "fetch"),
    ("publish", "judge"),
    ("publish", "read"),
    ("announce", "fetch"),
    ("announce", "judge"),
    ("announce", "read"),
    ("owner", "fetch"),
    ("owner", "judge"),
    ("owner", "read"),
    ("judge", "fetch"),
    ("read", "fetch"),
    ("compare", "fetch"),
}
"""Those that must not even look down so far."""
APPS = {"consume": {"lists", "push"}, "doctor": {"subscriptions"}}
"""Applications that use others; the rest of `apps` stand alone."""
DOES_IO = {
    *("aiohttp", "asyncio", "filelock", "ftplib", "glob", "http", "httpx", "io", "multiprocessing"),
    *("os", "pathlib", "playwright", "requests", "select", "shutil", "smtplib", "socket"),
    *("sqlite3", "ssl", "subprocess", "tempfile", "threading", "urllib.request", "webbrowser"),
}
PURE = {"model", "judge", "read", "compare"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def stage_of(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(text: str, package: list[str]) -> Iterator[str]:
    """Full names of all that a module of the package imports, wherever in it, types included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            around = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*around, *([node.module] if node.module else [])])
            yield from (f"{name}.{alias.name}" for alias in node.names)


def imports_of(module: Path) -> Iterator[str]:
    package = ["ratewire", *module.relative_to(PACKAGE).parent.parts]
    return imports(module.read_text("utf-8"), package)


def ours(module: Path) -> set[str]:
    """Stages that the module imports."""
    names = (name.split(".") for name in imports_of(module))
    return {parts[1] for parts in names if parts[0] == "ratewire" and len(parts) > 1}


def test_every_stage_has_its_place() -> None:
    stages = {stage_of(module) for module in MODULES} - {"__init__"}
    assert stages <= set(ORDER), f"say where these stand: {stages - set(ORDER)}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_imports_what_stands_above_it(module: Path) -> None:
    stage = stage_of(module)
    if stage == "__init__":  # the public face
        assert ours(module) == {"errors", "pages", "pipeline"}
        return
    allowed = set(ORDER[: ORDER.index(stage) + 1])
    assert ours(module) <= allowed
    assert not [(stage, other) for other in ours(module) if (stage, other) in APART]


def test_an_application_stands_alone() -> None:
    for module in (PACKAGE / "apps").rglob("*.py"):
        parts = module.relative_to(PACKAGE / "apps").with_suffix("").parts
        names = [name.split(".") for name in imports_of(module)]
        others = {name[2] for name in names if name[:2] == ["ratewire", "apps"] and len(name) > 2}
        assert others <= APPS.get(parts[0], set()) | {parts[0]}, module


def test_the_subscriptions_service_reads_no_page() -> None:
    for module in (PACKAGE / "apps" / "subscriptions").glob("*.py"):
        assert not ours(module) & {"fetch", "judge", "read"}, module


def test_the_model_imports_nothing_of_ours() -> None:
    for module in (PACKAGE / "model").glob("*.py"):
        assert ours(module) <= {"model"}, module


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if stage_of(module) in PURE],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_what_is_pure_does_no_io(module: Path) -> None:
    for name in imports_of(module):
        parts = name.split(".")
        assert not {".".join(parts[:2]), parts[0]} & DOES_IO, f"{name} does input or output"
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert not {"open", "print", "input"} & set(calls)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_does_anything_when_imported(module: Path) -> None:
    """At its outermost, a module only binds names: no bare call but the entry point's."""
    if module.name == "__main__.py":
        return
    body = ast.parse(module.read_text("utf-8")).body
    calls = [n for n in body if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call)]
    assert not [ast.unparse(call) for call in calls]


def test_imports_are_seen_however_they_are_written() -> None:
    """The guard itself: a relative or late import is an import too."""
    text = (
        "def f():\n    from ..fetch import due\n    import ratewire.record\n    from . import x\n"
    )
    assert list(imports(text, ["ratewire", "read"])) == [
        "ratewire.fetch.due",
        "ratewire.record",
        "ratewire.read.x",
    ]
