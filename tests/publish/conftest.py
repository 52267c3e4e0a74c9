"""A site of an invented vendor, built once for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lumen
import pytest

from scraper.config import Site
from scraper.publish.build import BuildReport, build
from scraper.publish.figures import Figures
from scraper.publish.ledger import Ledger
from scraper.publish.theme import Theme
from scraper.record import DirectoryStore


@dataclass(frozen=True)
class Sample:
    """A site's folder with its records."""

    site: Site
    store: DirectoryStore

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.site, self.store, now=lumen.NOW, checked=lumen.CHECKED)

    @property
    def figures(self) -> Figures:
        """The figures of a page at the top."""
        paths = {"/", "/changes/", "/data/", "/sources/"}
        paths |= {f"/products/{product.id}/" for product in self.site.products}
        paths |= {f"/changes/{story.change.id}/" for story in self.ledger.stories()}
        return Figures(self.ledger, Theme(self.site), "/", paths)

    def build(self, **more: object) -> BuildReport:
        moments = {"now": lumen.NOW, "checked": lumen.CHECKED, **more}
        return build(self.site, self.store, **moments)  # type: ignore[arg-type]


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """A copy of one's own, not built."""
    return Sample(*lumen.lumen_site(tmp_path / "lumen"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site's folder; look, do not touch."""
    one = Sample(*lumen.lumen_site(tmp_path_factory.mktemp("lumen")))
    return one.build().out


@pytest.fixture
def article(sample: Sample) -> Callable[[str], Path]:
    """Adds an article with this body to the site, and gives its file."""

    def write(body: str, front: str = 'title = "Here"') -> Path:
        file = sample.site.content / "articles" / "here.md"
        file.write_text(f"+++\n{front}\n+++\n{body}", "utf-8")
        return file

    return write
