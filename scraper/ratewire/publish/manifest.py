"""What the last build made and from what, so that the next one need only do what has changed.

Volatile, outside git, harmless to lose: without it the site is built in full.
"""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from ratewire.model import Conditions
from ratewire.publish.articles import Article
from ratewire.publish.ledger import Query
from ratewire.publish.stamps import Stamp

__all__ = ["Head", "Made", "Manifest"]

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Head:
    """The manifest's first line: enough to see that there is nothing to do."""

    state: str = ""
    folder: tuple[int, int] = (0, 0)
    pages: int = 0
    files: int = 0

    @classmethod
    def load(cls, file: Path) -> Head:
        """An empty one where there is none, or it cannot be read."""
        try:
            with file.open("rb") as lines:
                value = json.loads(lines.readline())
            return cls(value["state"], tuple(value["folder"]), value["pages"], value["files"])
        except (OSError, ValueError, RecursionError, TypeError, KeyError):
            return cls()


@dataclass(frozen=True, slots=True)
class Made:
    """A page as it was built."""

    inputs: str
    title: str
    description: str
    updated: date | None
    headings: tuple[tuple[str, str], ...]
    heard: tuple[Query, ...]
    linked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Of a manifest's file, as they were read."""

    articles: bytes = b""
    pages: Mapping[str, bytes] = field(default_factory=dict)
    """By path."""


@dataclass(frozen=True, slots=True)
class Manifest:
    base: str = ""
    """Digest of what every page depends on: the program, the theme, the settings."""
    state: str = ""
    """Digest of all there is: equal, and there is nothing to do."""
    folder: tuple[int, int] = (0, 0)
    """The built folder's inode and time: another one, and it was not left as it was built."""
    articles: Mapping[str, tuple[Stamp, Article]] = field(default_factory=dict)
    """By file."""
    answers: Mapping[Query, str] = field(default_factory=dict)
    """Digest of every answer that any page was given."""
    pages: Mapping[str, Made] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Digest of every file written."""
    cards: Mapping[str, str] = field(default_factory=dict)
    """Digest of what each card shows, by the card's file."""
    feeds: tuple[str, tuple[str, ...]] = ("", ())
    """Digest of what the feeds tell, and their files."""
    spare: tuple[int, int] = (0, 0)
    """The spare folder's inode and time; see `staging`."""
    behind: tuple[str, ...] = ()
    """Files in which the spare folder differs from the site."""

    read: _Lines = field(default_factory=_Lines, repr=False, compare=False)
    """What of its file can be written again as it stands."""

    # ── As lines of JSON ─────────────────────────────────────────────────────────────────────

    def save(self, file: Path, last: Manifest) -> None:
        """`last`: from which this one was made. What both have is not put into JSON again."""
        head = asdict(Head(self.state, self.folder, len(self.pages), len(self.files)))
        queries = {query: number for number, query in enumerate(self.answers)}
        heard = _rows(made.heard for made in self.pages.values())
        linked = _rows(made.linked for made in self.pages.values())
        value = {
            "base": self.base,
            "state": self.state,
            "folder": self.folder,
            "answers": [[_encoded(query), digest] for query, digest in self.answers.items()],
            "heard": {key: [queries[query] for query in row] for row, key in heard.items()},
            "linked": {key: row for row, key in linked.items()},
            "files": self.files,
            "cards": self.cards,
            "feeds": self.feeds,
            "spare": self.spare,
            "behind": self.behind,
        }
        articles = last.read.articles
        if not articles or self.articles != last.articles:
            articles = _line([[stamp, _values(one)] for stamp, one in self.articles.values()])
        lines = [_line(head), _line(value), articles]
        for path, made in self.pages.items():
            same = last.pages.get(path) is made
            line = last.read.pages.get(path) if same else None
            if line is None:
                told = made.inputs, made.title, made.description, made.updated, made.headings
                line = _line((path, *told, heard[made.heard], linked[made.linked]))
            lines.append(line)
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".tmp")
        temporary.write_bytes(b"\n".join(lines))
        temporary.replace(file)

    @classmethod
    def load(cls, file: Path) -> Manifest:
        """An empty one where there is none, or it cannot be read."""
        try:
            with _uncollected():
                return cls._of(*file.read_bytes().split(b"\n"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, RecursionError, TypeError, KeyError, IndexError) as error:
            log.warning("%s: not readable (%s); building in full", file, error)
            return cls()

    @classmethod
    def _of(cls, _: bytes, rest: bytes, articles: bytes, *pages: bytes) -> Manifest:
        value = json.loads(rest)
        answers = {_decoded(query): digest for query, digest in value["answers"]}
        made = dict(_pages(json.loads(b"[%b]" % b",".join(pages)), value, tuple(answers)))
        return cls(
            base=value["base"],
            state=value["state"],
            folder=tuple(value["folder"]),
            articles=dict(_articles(json.loads(articles))),
            answers=answers,
            pages=made,
            files=value["files"],
            cards=value["cards"],
            feeds=_feeds(*value["feeds"]),
            spare=tuple(value["spare"]),
            behind=tuple(value["behind"]),
            read=_Lines(articles, dict(zip(made, pages, strict=True))),
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """While half a million objects come to stay, none is garbage: to look for it takes as long as
    to make them. Afterwards they count as old.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        if collected:
            gc.enable()


def _encoded(query: Query) -> list[Any]:
    return [dict(part) if isinstance(part, Conditions) else part for part in query]


def _decoded(parts: list[Any]) -> Query:
    return tuple(Conditions.of(part) if isinstance(part, dict) else part for part in parts)


def _line(value: object) -> bytes:
    return json.dumps(value, default=str, separators=(",", ":")).encode()


@lru_cache(maxsize=1024)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _feeds(told: str, files: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    return told, tuple(files)


_ARTICLE = tuple(each.name for each in fields(Article))
_DATES = tuple(map(_ARTICLE.index, ("published", "reviewed")))
_PRODUCTS, _VERSIONS = map(_ARTICLE.index, ("products", "versions"))


def _values(article: Article) -> list[Any]:
    return [getattr(article, name) for name in _ARTICLE]


def _articles(value: Iterable[Any]) -> Iterator[tuple[str, tuple[Stamp, Article]]]:
    for stamp, values in value:
        for place in _DATES:
            values[place] = _day(values[place])
        values[_PRODUCTS] = tuple(values[_PRODUCTS])
        values[_VERSIONS] = _pairs(values[_VERSIONS])
        article = Article(*values)
        yield article.file, (tuple(stamp), article)


def _rows(rows: Iterable[T]) -> dict[T, str]:
    """Rows that many pages share, each once, with a name that it keeps from build to build."""
    several = {id(row): row for row in rows}
    return {row: sha256(repr(row).encode()).hexdigest()[:16] for row in several.values()}


def _pages(
    lines: Iterable[Any], value: Mapping[str, Any], queries: tuple[Query, ...]
) -> Iterator[tuple[str, Made]]:
    heard = {key: tuple(queries[number] for number in row) for key, row in value["heard"].items()}
    linked = {key: tuple(row) for key, row in value["linked"].items()}
    for path, inputs, title, told, updated, headings, asked, led in lines:
        made = inputs, title, told, _day(updated), _pairs(headings), heard[asked], linked[led]
        yield path, Made(*made)


def _pairs(lists: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(map(tuple, lists))  # type: ignore[arg-type]
