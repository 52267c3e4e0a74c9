"""Edits after which a page is laid out or written otherwise, and every price stands as it stood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from edit_source import MONEY, Source, Table, amounts_in

__all__ = ["LAYOUT", "Quiet", "at_the_end", "at_the_start", "in_text"]

Quiet = Callable[[Source, Random], str | None]
"""None: the page has nothing to which the kind applies."""
_MD_HEADING = re.compile(r"^(#{1,5}) +(?P<words>[^\n]*\S)", re.MULTILINE)
_HTML_HEADING = re.compile(r"<(?P<tag>h[1-6])\b[^<>]*>(?P<words>[^<>]*\w[^<>]*)</(?P=tag)>")


def at_the_end(source: Source, added: str, *, paragraph: bool = True) -> str:
    if not source.is_html:
        return f"{source.text.rstrip()}\n\n{added}\n"
    end = source.text.lower().rfind("</body>")
    end = len(source.text) if end < 0 else end
    return source.replaced(end, end, f"<p>{added}</p>" if paragraph else added)


def at_the_start(source: Source, added: str) -> str:
    if source.is_html:
        body = re.search(r"<body\b[^<>]*>", source.text, re.IGNORECASE)
        at = body.end() if body else 0
        return source.replaced(at, at, added)
    head = re.match(r"---\n.*?\n---\n", source.text, re.DOTALL)
    at = head.end() if head else 0
    return source.replaced(at, at, f"\n{added}\n\n")


def in_text(pattern: str, by: str) -> Quiet:
    """What a reader sees, with other signs."""

    def changed(source: Source, random: Random) -> str:
        def put(match: re.Match[str]) -> str:
            seen = source.seen[match.start() : match.end()]
            return match.expand(by) if all(seen) else match.group()

        return re.sub(pattern, put, source.text)

    return changed


def _added(markdown: str, html: str, *, end: bool = False) -> Quiet:
    def changed(source: Source, random: Random) -> str:
        words = html if source.is_html else markdown
        if end:
            return at_the_end(source, words, paragraph=False)
        return at_the_start(source, words)

    return changed


# ── Tables ───────────────────────────────────────────────────────────────────────────────────


def _of_table(change: Callable[[Table, Source], str | None]) -> Quiet:
    def changed(source: Source, random: Random) -> str | None:
        if not source.tables:
            return None
        table = random.choice(source.tables)
        new = change(table, source)
        return None if new is None else source.replaced(table.start, table.end, new)

    return changed


def _has_banners(table: Table) -> bool:
    """Rows that name those below them, or have no name of their own."""
    return any(not any(map(table.words, row[1:])) or not table.words(row[0]) for row in table.body)


def _split(table: Table, source: Source) -> str | None:
    """Its second half in a table of its own, under the same head."""
    if len(table.body) < 4 or _has_banners(table):
        return None
    at = table.head + len(table.body) // 2
    first = table.render(table.rows[:at])
    second = table.render([*table.rows[: table.head], *table.rows[at:]])
    return first + ("" if source.is_html else "\n") + second


def _details(table: Table, source: Source) -> str:
    inner = source.text[table.start : table.end]
    gap = "" if source.is_html else "\n\n"
    return f"<details open><summary>Show all</summary>{gap}{inner}{gap}</details>{gap}"


def _in_box(table: Table, source: Source) -> str | None:
    if not source.is_html:
        return None
    inner = source.text[table.start : table.end]
    return f'<section class="box"><div class="scroll">{inner}</div></section>'


def _empty_row(table: Table, source: Source) -> str:
    row = [table.filled(cell, "") for cell in table.body[0]]
    return table.render([*table.rows, row])


def _prices_bold(table: Table, source: Source) -> str:
    def bold(cell: str) -> str:
        inner = table.inner(cell)
        if not MONEY.fullmatch(inner):
            return cell
        return table.filled(cell, f"<b>{inner}</b>" if source.is_html else f"**{inner}**")

    heads = table.rows[: table.head]
    return table.render([*heads, *([row[0], *map(bold, row[1:])] for row in table.body)])


def _note_above(table: Table, source: Source) -> str:
    inner = source.text[table.start : table.end]
    words = "Please see the terms of service as well."
    return f"<p>{words}</p>{inner}" if source.is_html else f"{words}\n\n{inner}"


def _listed(table: Table, source: Source) -> str | None:
    """A list of names and prices instead of a table of two columns."""
    if table.width != 2 or _has_banners(table):
        return None
    if not all(MONEY.fullmatch(table.words(row[1])) for row in table.body):
        return None
    if any(amounts_in(row[1]) <= {Decimal(0)} for row in table.body):
        return None  # nothing to pay is the same everywhere
    head = table.words(table.rows[0][1])
    items = [f"{table.words(row[0])}: {table.words(row[1])}" for row in table.body]
    if len(set(items)) < len(items) or re.search(r"\bper\b|/", head):
        return None  # the head says of what it is the price
    if source.is_html:
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    return "\n".join(f"- {item}" for item in items) + "\n"


# ── Headings and sections ────────────────────────────────────────────────────────────────────


def _headings(change: Callable[[str, int], str]) -> Quiet:
    """The words of every heading, which gets its number among them as well."""

    def changed(source: Source, random: Random) -> str:
        number = 0

        def put(match: re.Match[str]) -> str:
            nonlocal number
            if not all(source.seen[match.start("words") : match.end("words")]):
                return match[0]
            number += 1
            words = change(match["words"], number)
            start, end = (at - match.start() for at in match.span("words"))
            return match[0][:start] + words + match[0][end:]

        return (_HTML_HEADING if source.is_html else _MD_HEADING).sub(put, source.text)

    return changed


def _deeper(source: Source, random: Random) -> str | None:
    """All headings one level further down."""
    if source.is_html:
        return re.sub(r"(</?h)([1-5])\b", lambda m: m[1] + str(int(m[2]) + 1), source.text)
    return re.sub(r"^(#{1,5} )", r"#\1", source.text, flags=re.MULTILINE)


def _section_moved(source: Source, random: Random) -> str | None:
    """A section of a Markdown page to its end."""
    if source.is_html or "<Tab" in source.text:
        return None
    starts = [m.start() for m in re.finditer(r"^## ", source.text, re.MULTILINE)]
    if len(starts) < 3 or re.search(r"^# ", source.text[starts[0] :], re.MULTILINE):
        return None
    at = random.randrange(len(starts) - 1)
    start, end = starts[at], starts[at + 1]
    return source.text[:start] + source.text[end:].rstrip() + "\n\n" + source.text[start:end]


def _contents(source: Source, random: Random) -> str | None:
    """Links to all sections at the start."""
    pattern = _HTML_HEADING if source.is_html else _MD_HEADING
    names = [m["words"].strip() for m in pattern.finditer(source.text)]
    names = [name for name in names if not re.search(r"[\[\]$€£|{}<>]", name)][:12]
    if len(names) < 2:
        return None
    if source.is_html:
        links = "".join(f'<li><a href="#s{n}">{name}</a></li>' for n, name in enumerate(names))
        return at_the_start(source, f"<nav><ul>{links}</ul></nav>")
    return at_the_start(source, "\n".join(f"- [{n}](#s{at})" for at, n in enumerate(names)))


def _minified(source: Source, random: Random) -> str | None:
    if not source.is_html or "<pre" in source.text:
        return None
    return re.sub(r">\s+<", "> <", source.text)


LAYOUT: Mapping[str, Quiet] = {
    "table split": _of_table(_split),
    "table unfolded": _of_table(_details),
    "table in a box": _of_table(_in_box),
    "table as a list": _of_table(_listed),
    "empty row": _of_table(_empty_row),
    "prices bold": _of_table(_prices_bold),
    "note above": _of_table(_note_above),
    "headings numbered": _headings(lambda words, number: f"{number}. {words}"),
    "headings with a sign": _headings(lambda words, number: f"{words} 🚀"),
    "headings in capitals": _headings(lambda words, number: words.upper()),
    "headings deeper": _deeper,
    "section moved": _section_moved,
    "contents": _contents,
    "minified": _minified,
    "last updated": _added("*Last updated: 3 March 2026*", "<p>Last updated: 3 March 2026</p>"),
    "announcement": _added(
        "> **New:** our spring release is here. [Read more](/blog)",
        '<div class="banner">New: our spring release is here. <a href="/blog">Read more</a></div>',
    ),
    "footer": _added(
        "© 2026 Otter Inc. All rights reserved.",
        "<footer>© 2026 Otter Inc. All rights reserved.</footer>",
        end=True,
    ),
    "narrow spaces": in_text(r"(?<=\d) (?=[A-Za-z])", "\u202f"),
    "hyphens": in_text(r"(?<=[A-Za-z])-(?=[a-z])", "\u2011"),
    "units spelled": in_text(r"(?<=\d)/(?=(?:month|year|hour|minute|user|seat|GB)\b)", " per "),
    "thousands": in_text(r"(?<=[$€£]\d)(?=\d{3}(?![\d,.]))", ","),
}
