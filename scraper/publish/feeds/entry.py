"""One story as a feed entry: its words, its table as safe HTML, its dates and categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import escape

from scraper.config import Site
from scraper.model import Change, ChangeKind
from scraper.publish.phrases import moment, plain
from scraper.publish.statements import Vocabulary
from scraper.publish.stories import Story, change_url
from scraper.publish.wording import KIND_NAMES, Row, rows, wording

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
    published: datetime
    """When the change was confirmed."""
    updated: datetime
    """When the last correction was made, else as `published`."""
    kind: ChangeKind
    source: str
    products: tuple[str, ...]
    categories: tuple[tuple[str, str], ...]
    """(scheme's last word, term): `kind`, `product` and `source`."""

    @property
    def text(self) -> str:
        """All of it in lines of plain text."""
        lines = [f"{row.subject}: {row.before} → {row.after}" for row in self.rows[:_MOST_ROWS]]
        return "\n".join((self.summary, "", *lines, "", self.url))


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
        published=change.recorded_at,
        updated=story.updated,
        kind=change.kind,
        source=change.source,
        products=products,
        categories=(
            ("kind", KIND_NAMES[change.kind]),
            *(("product", plain(vocabulary.products.get(p, p), 80)) for p in products),
            ("source", vocabulary.source(change.source)),
        ),
    )


def _html(
    story: Story,
    detail: str,
    table: Sequence[Row],
    address: str,
    source_url: str,
    vocabulary: Vocabulary,
) -> str:
    parts = [f"<p>{escape(detail)}</p>"]
    if table:
        struck = story.withdrawn
        parts.append(_table(table[:_MOST_ROWS], struck))
    if len(table) > _MOST_ROWS:
        parts.append(f"<p>{len(table) - _MOST_ROWS} more rows are on the change’s page.</p>")
    quote = _quote(story.truth)
    if quote:
        parts.append(f"<blockquote><p>{escape(quote)}</p></blockquote>")
    if story.corrections:
        items = (
            f"<li>{moment(c.recorded_at)}: {c.state.value}. {escape(plain(c.note, 400))}</li>"
            for c in story.corrections
        )
        parts.append(f"<ul>{''.join(items)}</ul>")
    page = escape(vocabulary.source(story.change.source))
    source = f'<a href="{escape(source_url)}">{page}</a>' if source_url else page
    parts.append(
        f'<p>Source: {source}. <a href="{escape(address)}">This change, with its evidence</a>.</p>'
    )
    return "\n".join(parts)


def _table(table: Sequence[Row], struck: bool) -> str:
    before, after = ("<del>", "</del>") if struck else ("", "")
    lines = (
        f'<tr><th scope="row">{escape(r.subject)}</th><td>{escape(r.before)}</td>'
        f"<td>{before}{escape(r.after)}{after}</td><td>{escape(r.step)}</td></tr>"
        for r in table
    )
    return (
        '<table><thead><tr><th scope="col">What</th><th scope="col">Before</th>'
        '<th scope="col">After</th><th scope="col">Change</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _quote(change: Change) -> str:
    """The page's own words for what is new; empty where they say no more than the table."""
    for alteration in change.alterations:
        excerpt = plain(alteration.fact.evidence.excerpt, 400)
        if excerpt:
            return excerpt
    return ""
