"""One story as a feed entry: its words, its table as safe HTML, its dates and categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from ratewire.config import Site
from ratewire.model import Basis, Change, ChangeKind
from ratewire.publish.phrases import moment, plain
from ratewire.publish.statements import Vocabulary
from ratewire.publish.stories import Story, change_url
from ratewire.publish.wording import Row, confirmation, kind_name, rows, wording
from ratewire.publish.words import Words

__all__ = ["Entry", "entry", "web_url"]

_MOST_ROWS = 200
"""Rows of a table shown in an entry; the change's own page has them all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A feed entry. Text fields are plain; `html` and only `html` is escaped markup."""

    id: str
    """The address of the change's page: the same in every feed and after every rebuild."""
    url: str
    source_url: str
    """The official page; empty where it is not a web address."""
    title: str
    summary: str
    rows: tuple[Row, ...] = field(repr=False)
    html: str
    text: str = field(repr=False)
    """All of it in lines of plain text."""
    at: datetime
    """When the change was confirmed; of one from an archive, when the copy was taken."""
    published: datetime | None
    """As `at`; None for one from an archive, which nobody published then."""
    updated: datetime
    """When the last correction was made, else as `at`."""
    kind: ChangeKind
    source: str
    products: tuple[str, ...]
    categories: tuple[tuple[str, str], ...]
    """(scheme's last word, term): `kind`, `product` and `source`."""


def web_url(url: str) -> str:
    """The address, if it is an absolute http(s) one without white space or controls; else empty."""
    if plain(url, 4000) != url or " " in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def entry(story: Story, site: Site, vocabulary: Vocabulary) -> Entry:
    """The entry of a story; a correction changes its words and `updated`, never its `id`."""
    change = story.change
    words = wording(story, vocabulary)
    table = rows(story.truth, vocabulary)
    address = change_url(site.settings.url, change.id)
    source_url = web_url(change.url)
    products = story.products
    return Entry(
        id=change_url(site.settings.ids, change.id),
        url=address,
        source_url=source_url,
        title=words.headline,
        summary=words.summary,
        rows=table,
        html=_html(story, words.detail, table, address, source_url, vocabulary),
        text=_text(words.summary, table, address, vocabulary.words),
        at=change.recorded_at,
        published=None if change.basis is Basis.ARCHIVE else change.recorded_at,
        updated=story.updated,
        kind=change.kind,
        source=change.source,
        products=products,
        categories=(
            ("kind", kind_name(change.kind, vocabulary.words)),
            *(("product", plain(vocabulary.products.get(p, p), 80)) for p in products),
            ("source", vocabulary.source(change.source)),
        ),
    )


def _text(summary: str, table: Sequence[Row], address: str, words: Words) -> str:
    lines = [
        words("entry.line", what=row.subject, before=row.before, after=row.after)
        for row in table[:_MOST_ROWS]
    ]
    return "\n".join((summary, "", *lines, "", address))


def _html(
    story: Story,
    detail: str,
    table: Sequence[Row],
    address: str,
    source_url: str,
    vocabulary: Vocabulary,
) -> str:
    words, parts = vocabulary.words, [f"<p>{escape(detail)}</p>"]
    if table:
        struck = story.retracted
        parts.append(_table(table[:_MOST_ROWS], words, struck))
    if len(table) > _MOST_ROWS:
        more = words.html("entry.more_rows", count=len(table) - _MOST_ROWS)
        parts.append(f"<p>{more}</p>")
    quote = _quote(story.truth)
    if quote:
        parts.append(f"<blockquote><p>{escape(quote)}</p></blockquote>")
    if story.corrections:
        items = (_correction(correction, words) for correction in story.corrections)
        parts.append(f"<ul>{''.join(items)}</ul>")
    if confirmed := confirmation(story.change, words):
        parts.append(f"<p>{escape(confirmed)}</p>")
    page = escape(vocabulary.source(story.change.source))
    source = Markup('<a href="{}">{}</a>').format(source_url, page) if source_url else page
    told = Markup('<a href="{}">{}</a>').format(address, words("entry.change"))
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
