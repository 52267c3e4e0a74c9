"""Articles converted from Markdown with a token in the place of each figure, kept between builds.

When a rate changes, most of the work for the articles that show it is done already. Volatile,
outside git, harmless to lose; one file for each article, so nothing piles up. Compiled templates
are not kept: a file that is code could come with anybody's pull request.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import markdown as python_markdown

from ratewire.publish import markup, slots
from ratewire.publish.markup import Heading, convert

__all__ = ["Prepared"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """Kept in the subfolder `markdown` of `folder`."""

    folder: Path

    def converted(
        self, name: str, source: str, link: Callable[[str], str], table: str
    ) -> tuple[str, tuple[Heading, ...]]:
        """As `markup.convert`, under the article's `name`.

        What was kept counts while all links of the text lead where they led.
        """
        file = self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"
        digest = hashlib.sha256("\0".join((_program(), table, source)).encode()).hexdigest()
        kept = _read(file, digest)
        if kept is not None and all(link(target) == led for target, led in kept.links):
            return kept.html, kept.headings
        links: dict[str, str] = {}

        def noted(target: str) -> str:
            links[target] = link(target)
            return links[target]

        html, headings = convert(source, noted, table)
        _write(file, digest, _Kept(tuple(links.items()), html, headings))
        return html, headings

    @cached_property
    def _folder(self) -> Path:
        folder = self.folder / "markdown"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@dataclass(frozen=True, slots=True)
class _Kept:
    links: tuple[tuple[str, str], ...]
    """Each target with the link that it became."""
    html: str
    headings: tuple[Heading, ...]


def _read(file: Path, digest: str) -> _Kept | None:
    """None: nothing was kept, or of another text."""
    try:
        value = json.loads(file.read_bytes())
        if value["of"] != digest:
            return None
        links = tuple((target, led) for target, led in value["links"])
        return _Kept(links, value["html"], tuple(Heading(*each) for each in value["headings"]))
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return None


def _write(file: Path, digest: str, kept: _Kept) -> None:
    headings = [(each.id, each.text, each.level) for each in kept.headings]
    value = {"of": digest, "links": kept.links, "html": kept.html, "headings": headings}
    own = file.with_suffix(f".{os.getpid()}")  # another process may keep the same
    try:
        own.write_text(json.dumps(value), "utf-8")
        own.replace(file)
    except OSError as error:
        log.info("%s: not kept: %s", file, error)


@lru_cache(maxsize=1)
def _program() -> str:
    """A digest of what converts: another one may convert otherwise."""
    rooms = (markup, slots)
    ours = b"".join(Path(str(each.__file__)).read_bytes() for each in rooms)
    return hashlib.sha256(python_markdown.__version__.encode() + ours).hexdigest()
