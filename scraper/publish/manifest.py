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
from pathlib import Path
from typing import Any, Generic, TypeVar

from scraper.model import Conditions
from scraper.publish.articles import Article
from scraper.publish.ledger import Query
from scraper.publish.stamps import Stamp

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
        except (OSError, ValueError, TypeError, KeyError):
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

    # ── As JSON ──────────────────────────────────────────────────────────────────────────────

    def save(self, file: Path) -> None:
        head = asdict(Head(self.state, self.folder, len(self.pages), len(self.files)))
        queries = {query: number for number, query in enumerate(self.answers)}
        heard = _Table[tuple[Query, ...]]()
        linked = _Table[tuple[str, ...]]()
        pages = {
            path: [
                made.inputs,
                made.title,
                made.description,
                made.updated,
                made.headings,
                heard.number(made.heard),
                linked.number(made.linked),
            ]
            for path, made in self.pages.items()
        }
        value = {
            "base": self.base,
            "state": self.state,
            "folder": self.folder,
            "articles": [
                [stamp, [getattr(article, name) for name in _ARTICLE]]
                for stamp, article in self.articles.values()
            ],
            "answers": [[_encoded(query), digest] for query, digest in self.answers.items()],
            "heard": [[queries[query] for query in each] for each in heard.rows],
            "linked": list(linked.rows),
            "pages": pages,
            "files": self.files,
            "cards": self.cards,
            "feeds": self.feeds,
            "spare": self.spare,
            "behind": self.behind,
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".tmp")
        lines = (json.dumps(part, default=str, separators=(",", ":")) for part in (head, value))
        temporary.write_text("\n".join(lines), "utf-8")
        temporary.replace(file)

    @classmethod
    def load(cls, file: Path) -> Manifest:
        """An empty one where there is none, or it cannot be read."""
        try:
            with _uncollected():
                return cls._of(json.loads(file.read_bytes().partition(b"\n")[2]))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
            log.warning("%s: not readable (%s); building in full", file, error)
            return cls()

    @classmethod
    def _of(cls, value: Mapping[str, Any]) -> Manifest:
        answers = {_decoded(query): digest for query, digest in value["answers"]}
        return cls(
            base=value["base"],
            state=value["state"],
            folder=tuple(value["folder"]),
            articles=dict(_articles(value["articles"])),
            answers=answers,
            pages=dict(_pages(value, tuple(answers))),
            files=value["files"],
            cards=value["cards"],
            feeds=_feeds(*value.get("feeds", ("", ()))),
            spare=tuple(value["spare"]),
            behind=tuple(value["behind"]),
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """While half a million objects come to stay, none is garbage: to look for it takes as long as
    to make them.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _encoded(query: Query) -> list[Any]:
    return [dict(part) if isinstance(part, Conditions) else part for part in query]


def _decoded(parts: list[Any]) -> Query:
    return tuple(Conditions.of(part) if isinstance(part, dict) else part for part in parts)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _feeds(told: str, files: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    return told, tuple(files)


_ARTICLE = tuple(each.name for each in fields(Article))


def _articles(value: Iterable[Any]) -> Iterable[tuple[str, tuple[Stamp, Article]]]:
    for stamp, values in value:
        data = dict(zip(_ARTICLE, values, strict=True))
        file = data["file"]
        data["published"], data["reviewed"] = _day(data["published"]), _day(data["reviewed"])
        data["products"] = tuple(data["products"])
        data["versions"] = tuple((tag, path) for tag, path in data["versions"])
        yield file, (tuple(stamp), Article(**data))


class _Table(Generic[T]):
    """Rows that many pages share, each written once."""

    def __init__(self) -> None:
        self.rows: dict[T, int] = {}

    def number(self, row: T) -> int:
        return self.rows.setdefault(row, len(self.rows))


def _pages(value: Mapping[str, Any], queries: tuple[Query, ...]) -> Iterable[tuple[str, Made]]:
    all_heard = [tuple(queries[number] for number in row) for row in value["heard"]]
    all_linked = [tuple(row) for row in value["linked"]]
    for path, (inputs, title, told, updated, headings, heard, linked) in value["pages"].items():
        yield (
            path,
            Made(
                inputs,
                title,
                told,
                _day(updated),
                tuple((anchor, words) for anchor, words in headings),
                all_heard[heard],
                all_linked[linked],
            ),
        )
