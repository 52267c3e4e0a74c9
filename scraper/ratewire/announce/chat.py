"""A message as short text or simple HTML, for chats: as much of it as the service takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from ratewire.announce.inert import inert
from ratewire.announce.telling import Telling
from ratewire.wording.stories import Story
from ratewire.wording.text import shortened

__all__ = ["Note", "html_note", "text_note"]

_ROWS = (20, 5, 0)
"""So many rows of each change, or fewer until it fits."""
_MOST_TITLE = 200
_JOINT = 24
"""What stands between title and body where a service shows both as one text."""


@dataclass(frozen=True, slots=True)
class Note:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How the parts of a note are written; texts are inert before they come here."""

    text: Callable[[str], str]
    link: Callable[[str], str]
    line: str
    paragraph: str


_TEXT = _Grammar(str, str, "\n", "\n\n")
_HTML = _Grammar(
    lambda text: escape(text, quote=True),
    lambda url: f'<a href="{escape(url)}">{escape(url)}</a>',
    "<br/>",
    "<br/><br/>",
)


def text_note(telling: Telling, most_title: int, most_body: int) -> Note:
    """At most so many bytes of each. A service that has no title (0) finds it in the body."""
    return _note(telling, most_title, most_body, _TEXT)


def html_note(telling: Telling, most_title: int, most_body: int) -> Note:
    """The same as HTML of line breaks and links; the title is plain text in any case."""
    return _note(telling, most_title, most_body, _HTML)


def _note(telling: Telling, most_title: int, most_body: int, grammar: _Grammar) -> Note:
    title = _fitted(inert(telling.subject), min(most_title or most_body // 3, _MOST_TITLE))
    room = most_body if most_title else most_body - _size(title) - _JOINT
    for rows in _ROWS:
        parts = (_whole(story, rows, grammar, telling) for story in telling.stories)
        body = grammar.paragraph.join(parts)
        if _size(body) <= room:
            return Note(title, body)
    return Note(title, _brief(telling, room, grammar))


def _whole(story: Story, rows: int, grammar: _Grammar, telling: Telling) -> str:
    lines = [inert(story.headline)] if telling.digest else []
    lines += [inert(story.detail)] if story.detail else []
    shown = () if story.state == "retracted" else story.rows[:rows]
    for row in shown:
        step = f" ({row.step})" if row.step else ""
        lines.append(inert(f"• {row.subject}: {row.before} → {row.after}{step}"))
    if shown and len(story.rows) > rows:
        lines.append(f"{len(story.rows) - rows} more are on the page of the change.")
    return grammar.line.join([*map(grammar.text, lines), grammar.link(story.url)])


def _brief(telling: Telling, room: int, grammar: _Grammar) -> str:
    """Of each change the headline and where it stands, as many changes as there is room for."""
    lines: list[str] = []
    for number, line in enumerate(_headlines(telling, room, grammar)):
        left = f"and {len(telling.stories) - number} more"
        reserved = _size(grammar.line + left) if number < len(telling.stories) - 1 else 0
        if _size(grammar.line.join([*lines, line])) + reserved > room:
            return grammar.line.join([*lines, left])
        lines.append(line)
    return grammar.line.join(lines)


def _headlines(telling: Telling, room: int, grammar: _Grammar) -> Iterator[str]:
    for story in telling.stories:
        link = grammar.link(story.url)
        left = room - _size(grammar.line + link)
        headline = grammar.text(_fitted(inert(story.headline), max(left // 2, 0)))
        with_words = telling.digest and headline and _size(headline) <= left
        yield grammar.line.join((headline, link)) if with_words else link


def _fitted(line: str, most: int) -> str:
    """The line, or its beginning, in at most `most` bytes."""
    limit = len(line)
    while limit > 0 and _size(shortened(line, limit)) > most:
        limit = limit * 9 // 10
    return shortened(line, limit) if limit > 0 else ""


def _size(text: str) -> int:
    """In UTF-8. Services count bytes, UTF-16 or code points; none counts more than this."""
    return len(text.encode())
