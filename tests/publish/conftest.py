"""A site of an invented vendor, built once for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lumen import Sample, add_german, lumen_site


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """A copy of one's own, not built."""
    return Sample(*lumen_site(tmp_path / "lumen"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site's folder, with its German pages; look, do not touch."""
    one = Sample(*lumen_site(tmp_path_factory.mktemp("lumen")))
    add_german(one.site)
    return one.build().out


@pytest.fixture
def article(sample: Sample) -> Callable[[str], Path]:
    """Adds an article with this body to the site, and gives its file."""

    def write(body: str, front: str = 'title = "Here"') -> Path:
        file = sample.site.content / "articles" / "here.md"
        file.write_text(f"+++\n{front}\n+++\n{body}", "utf-8")
        return file

    return write
