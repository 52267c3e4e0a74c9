"""What the last build made and from what, so that the next one need only do what has changed.

Volatile, outside git, harmless to lose: without it the site is built in full.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from scraper.model import Conditions
from scraper.publish.articles import Article
from scraper.publish.ledger import Query

__all__ = ["Head", "Made", "Manifest", "Stamp", "stamps_of"]

log = logging.getLogger(__name__)
Stamp = tuple[int, int]
"""A file's time of last writing (ns) and its size."""


def stamps_of(folder: Path, suffix: str = "") -> dict[str, Stamp]:
    """Every file of a folder (not below it) whose name ends so, by its path; sorted."""
    try:
        with os.scandir(folder) as entries:
            found = [(e.path, e.stat()) for e in entries if e.name.endswith(suffix) and e.is_file()]
    except FileNotFoundError:
        return {}
    return {path: (stat.st_mtime_ns, stat.st_size) for path, stat in sorted(found, key=_path)}


def _path(found: tuple[str, object]) -> str:
    return found[0]


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
    spare: tuple[int, int] = (0, 0)
    """The spare folder's inode and time; see `staging`."""
    behind: tuple[str, ...] = ()
    """Files in which the spare folder differs from the site."""

    # ── As JSON ──────────────────────────────────────────────────────────────────────────────

    def save(self, file: Path) -> None:
        head = asdict(Head(self.state, self.folder, len(self.pages), len(self.files)))
        queries = {query: number for number, query in enumerate(self.answers)}
        value = {
            "base": self.base,
            "state": self.state,
            "folder": self.folder,
            "articles": [
                [stamp, [getattr(article, name) for name in _ARTICLE]]
                for stamp, article in self.articles.values()
            ],
            "answers": [[_encoded(query), digest] for query, digest in self.answers.items()],
            "pages": {
                path: [
                    made.inputs,
                    made.title,
                    made.description,
                    made.updated,
                    made.headings,
                    [queries[query] for query in made.heard],
                    made.linked,
                ]
                for path, made in self.pages.items()
            },
            "files": self.files,
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
            value = json.loads(file.read_bytes().partition(b"\n")[2])
            answers = {_decoded(query): digest for query, digest in value["answers"]}
            return cls(
                base=value["base"],
                state=value["state"],
                folder=tuple(value["folder"]),
                articles=dict(_articles(value["articles"])),
                answers=answers,
                pages=dict(_pages(value["pages"], tuple(answers))),
                files=value["files"],
                spare=tuple(value["spare"]),
                behind=tuple(value["behind"]),
            )
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
            log.warning("%s: not readable (%s); building in full", file, error)
            return cls()


def _encoded(query: Query) -> list[Any]:
    return [dict(part) if isinstance(part, Conditions) else part for part in query]


def _decoded(parts: list[Any]) -> Query:
    return tuple(Conditions.of(part) if isinstance(part, dict) else part for part in parts)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_ARTICLE = tuple(each.name for each in fields(Article))


def _articles(value: Iterable[Any]) -> Iterable[tuple[str, tuple[Stamp, Article]]]:
    for stamp, values in value:
        data = dict(zip(_ARTICLE, values, strict=True))
        file = data["file"]
        data["file"] = Path(file)
        data["published"], data["reviewed"] = _day(data["published"]), _day(data["reviewed"])
        data["products"] = tuple(data["products"])
        yield file, (tuple(stamp), Article(**data))


def _pages(value: Mapping[str, Any], queries: tuple[Query, ...]) -> Iterable[tuple[str, Made]]:
    for path, (inputs, title, description, updated, headings, heard, linked) in value.items():
        yield (
            path,
            Made(
                inputs,
                title,
                description,
                _day(updated),
                tuple((anchor, words) for anchor, words in headings),
                tuple(queries[number] for number in heard),
                tuple(linked),
            ),
        )
