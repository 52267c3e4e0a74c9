"""A story as a feed has it: its text, its table as safe HTML, its categories."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from ratewire.model import Change
from ratewire.wording.catalogue import Words
from ratewire.wording.changes import Row, kind_name
from ratewire.wording.formats import moment
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = ["categories", "html", "text"]

_MOST_ROWS = 200
"""Rows of a table shown in an entry; the change's own page has them all."""


def categories(story: Story) -> tuple[tuple[str, str], ...]:
    """(scheme's last word, term): `kind`, `product` and `source`."""
    names = story.vocabulary.products
    return (
        ("kind", kind_name(story.change.kind, story.words)),
        *(("product", plain(names.get(id, id), 80)) for id in story.products),
        ("source", story.source),
    )


def text(story: Story) -> str:
    """All of it in lines of plain text."""
    lines = [
        story.words("entry.line", what=row.subject, before=row.before, after=row.after)
        for row in story.rows[:_MOST_ROWS]
    ]
    return "\n".join((story.summary, "", *lines, "", story.url))


def html(story: Story) -> str:
    words, table = story.words, story.rows
    parts = [f"<p>{escape(story.detail)}</p>"]
    if table:
        parts.append(_table(table[:_MOST_ROWS], words, story.retracted))
    if len(table) > _MOST_ROWS:
        more = words.html("entry.more_rows", count=len(table) - _MOST_ROWS)
        parts.append(f"<p>{more}</p>")
    if quote := _quote(story.truth):
        parts.append(f"<blockquote><p>{escape(quote)}</p></blockquote>")
    if story.corrections:
        items = (_correction(correction, words) for correction in story.corrections)
        parts.append(f"<ul>{''.join(items)}</ul>")
    if confirmed := story.confirmation:
        parts.append(f"<p>{escape(confirmed)}</p>")
    link, page = Markup('<a href="{}">{}</a>'), escape(story.source)
    source = link.format(story.source_url, page) if story.source_url else page
    told = link.format(story.url, words("entry.change"))
    parts.append(f"<p>{words.html('entry.source', source=source, change=told)}</p>")
    return "\n".join(parts)


def _correction(change: Change, words: Words) -> str:
    on, note = moment(change.recorded_at, words), plain(change.note, 400)
    return f"<li>{words.html(f'entry.{change.state.value}', moment=on, note=note)}</li>"


def _table(table: Sequence[Row], words: Words, struck: bool) -> str:
    before, after = ("<del>", "</del>") if struck else ("", "")
    lines = (
        f'<tr><th scope="row">{escape(r.subject)}</th><td>{escape(r.before)}</td>'
        f"<td>{before}{escape(r.after)}{after}</td><td>{escape(r.step)}</td></tr>"
        for r in table
    )
    heads = "".join(
        f'<th scope="col">{words.html(f"entry.{name}")}</th>'
        for name in ("what", "before", "after", "step")
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _quote(change: Change) -> str:
    """The page's own words for what is new; empty where they say no more than the table."""
    for alteration in change.alterations:
        excerpt = plain(alteration.fact.evidence.excerpt, 400)
        if excerpt:
            return excerpt
    return ""
