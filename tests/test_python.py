"""The public face of the package, and its document, word by word."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import ratewire

ROOT = Path(__file__).parents[1]
PAGE = (
    "# Pricing\n\nPrices per 1M tokens.\n\n| Model | Input | Output |\n|---|---|---|\n"
    "| Kite 1 | $1.00 | ${output} |\n"
)
SETTINGS = '[site]\ntitle = "Prices"\nurl = "https://prices.example"\n'
SOURCE = 'name = "Kite"\npublisher = "Kite"\nurl = "https://kite.example/pricing"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "2026-03-01.md").write_text(PAGE.replace("{output}", "2.00"))
    (tmp_path / "2026-03-08.md").write_text(PAGE.replace("{output}", "1.50"))
    sources = tmp_path / "prices" / "content" / "sources"
    sources.mkdir(parents=True)
    (sources / "kite.toml").write_text(SOURCE)
    (tmp_path / "prices" / "ratewire.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_document_is_right(folder: Path) -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert (failed, tried > 10) == (0, True)


def test_the_face_is_what_is_documented() -> None:
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    names = {"RatewireError", "build_site", "compare_pages", "open_site", "read_page"}
    assert set(ratewire.__all__) == names
    assert names <= set(dir(ratewire))
    assert [name for name in names if f"| `{name}" not in text] == []
    assert all(getattr(ratewire, name).__name__ == name for name in names)


def test_another_name_is_an_error_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'ratewire' has no attribute 'reed'"):
        _ = ratewire.reed  # type: ignore[attr-defined]


def test_importing_loads_nothing_else() -> None:
    code = (
        "import ratewire, sys; print(sorted(m for m in sys.modules if m.startswith('ratewire.')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                         cwd=ROOT / "scraper")  # fmt: skip
    assert ran.stdout.strip() == "[]"
