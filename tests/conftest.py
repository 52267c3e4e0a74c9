"""What tests of all stages share: what they need of the machine, and how they do without it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def needs() -> Callable[..., str]:
    """`needs("hugo")` is the tool's path; where it is missing the test skips, and under CI fails.

    Several names are alternatives: the first that is found is taken.
    """

    def find(*names: str) -> str:
        found = next(filter(None, map(shutil.which, names)), None)
        if found is None:
            reason = f"needs {' or '.join(names)}, which is not installed"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
        return str(found)

    return find


@pytest.fixture(scope="session")
def chromium(needs: Callable[..., str]) -> str:
    """The path of a Chromium."""
    return needs("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real captures; they are their vendors' and no part of the project, so CI may lack them."""
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is absent")
    return CORPUS
