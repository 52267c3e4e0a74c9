"""A page says the same however it is spelt: in HTML or Markdown, plain or dressed. Nothing that it
shows is lost, and nothing comes twice.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from blocks_of import document_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ratewire.read.document import Document, Pane, Table, Text
from ratewire.read.quantities import find_amounts

NAMES = ("Moss", "Fern", "Reed & Co", "Kork", "Größe", "松", "Sedge <x>", "a_b*c")
WORDS = (
    "Storage costs {} per GB",
    "Der Preis beträgt {} pro Monat",
    "每月 {} 起",
    "月額 {} です",
    "El precio es {} al mes",
    "Each call is {} up to <= 200K",
)
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Piece:
    kind: str
    """`h2`, `h3`, `p`, `ul`, `table`, `dl`, `fold`, `tabs`."""
    name: str = ""
    lines: tuple[str, ...] = ()
    rows: Rows = ()
    inner: tuple[tuple[str, tuple[Piece, ...]], ...] = ()


@st.composite
def pages(draw: st.DrawFn, depth: int = 0) -> tuple[Piece, ...]:
    amounts = iter(f"${n}.{n % 90 + 10}" for n in draw(st.permutations(range(1, 400)))[:60])
    return tuple(_piece(draw, amounts, 0) for _ in range(draw(st.integers(1, 5))))


def _piece(draw: st.DrawFn, amounts: object, depth: int) -> Piece:
    def line() -> str:
        return draw(st.sampled_from(WORDS)).format(next(amounts))  # type: ignore[call-overload]

    def names(most: int) -> list[str]:
        return draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=most, unique=True))

    flat = ("h2", "h3", "p", "p", "ul", "table", "dl")
    kind = draw(st.sampled_from(flat if depth else (*flat, "fold", "tabs")))
    if kind in ("h2", "h3"):
        return Piece(kind, draw(st.sampled_from(NAMES)))
    if kind in ("p", "ul"):
        return Piece(kind, lines=tuple(line() for _ in range(1 if kind == "p" else 3)))
    if kind in ("dl", "table"):
        heads = tuple(f"Col {n}" for n in range(draw(st.integers(1, 3)) if kind == "table" else 1))
        rows = (("Plan", *heads), *((name, *(line() for _ in heads)) for name in names(3)))
        return Piece(kind, rows=rows)
    inner = tuple((name, (_piece(draw, amounts, 1),)) for name in names(3))
    return Piece(kind, draw(st.sampled_from(NAMES)), inner=inner)


# ── spellings ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Html:
    """Tags, with as much dress on them as `seed` says."""

    seed: int = 0

    def page(self, pieces: Sequence[Piece]) -> str:
        chance = random.Random(self.seed)
        body = "".join(self.piece(piece, chance) for piece in pieces)
        return f"<html><body><h1>Prices</h1>{body}</body></html>"

    def dressed(self, text: str, chance: random.Random) -> str:
        tags = ("span", "b", "a href='/x'", "em", "font", "strong") if self.seed else ()
        words = escape(text).split(" ")
        for tag in tags:
            if chance.random() < 0.2:
                at = chance.randrange(len(words))
                words[at] = f"<{tag}>{words[at]}</{tag.split()[0]}>"
        return " ".join(words)

    def boxed(self, html: str, chance: random.Random) -> str:
        boxes = ("<div>{}</div>", "\n<section>\n{}\n</section>", "{}<div></div>", "{}<!-- x -->")
        return chance.choice(boxes).format(html) if self.seed and chance.random() < 0.4 else html

    def piece(self, piece: Piece, chance: random.Random) -> str:
        texts = [self.dressed(line, chance) for line in piece.lines]
        if piece.kind in ("h2", "h3"):
            return f"<{piece.kind}>{self.dressed(piece.name, chance)}</{piece.kind}>"
        if piece.kind == "p":
            return self.boxed(f"<p>{texts[0]}</p>", chance)
        if piece.kind == "ul":
            items = "".join(f"<li>{text}</li>" for text in texts)
            return self.boxed(f"<ul>{items}</ul>", chance)
        rows = [[self.dressed(cell, chance) for cell in row] for row in piece.rows]
        if piece.kind == "dl":
            return "<dl>" + "".join(f"<dt>{a}</dt><dd>{b}</dd>" for a, b in rows[1:]) + "</dl>"
        if piece.kind == "table":
            head = "".join(f"<th>{cell}</th>" for cell in rows[0])
            body = "".join(
                "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:]
            )
            return self.boxed(f"<table><thead><tr>{head}</tr></thead>{body}</table>", chance)
        opens, closes = "<details><summary>{}</summary>", "</details>"
        if piece.kind == "tabs":
            opens, closes = '<tab title="{}">', "</tab>"
        inner = (
            opens.format(escape(name))
            + "".join(self.piece(each, chance) for each in pieces)
            + closes
            for name, pieces in piece.inner
        )
        return f"<div>{''.join(inner)}</div>"


class Markdown:
    def page(self, pieces: Sequence[Piece]) -> str:
        return "\n\n".join(["# Prices", *(self.piece(piece, "") for piece in pieces)]) + "\n"

    def text(self, text: str) -> str:
        for sign in "\\*_<$&":
            text = text.replace(sign, f"\\{sign}")
        return text

    def piece(self, piece: Piece, pad: str) -> str:
        texts = [self.text(line) for line in piece.lines]
        if piece.kind in ("h2", "h3"):
            return "#" * int(piece.kind[1]) + " " + self.text(piece.name)
        if piece.kind == "p":
            return texts[0]
        if piece.kind == "ul":
            return "\n".join(f"- {text}" for text in texts)
        rows = [[self.text(cell) for cell in row] for row in piece.rows]
        if piece.kind == "dl":
            return "\n\n".join(f"{a}\n: {b}" for a, b in rows[1:])
        if piece.kind == "table":
            lines = ["| " + " | ".join(row) + " |" for row in rows]
            return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
        name = "Accordion" if piece.kind == "fold" else "Tab"
        inner = "\n".join(
            f'<{name} title="{escape(title)}">\n\n'
            + "\n\n".join(self.piece(each, pad) for each in pieces)
            + f"\n\n</{name}>"
            for title, pieces in piece.inner
        )
        return f"<Group>\n{inner}\n</Group>"


def blocks(document: Document) -> list[tuple[object, ...]]:
    """Blocks without what only says how they were written."""
    found: list[tuple[object, ...]] = []
    for block in document.blocks:
        around = (block.headings, tuple(map(_pane, block.panes)), block.hidden)
        if isinstance(block, Table):
            rows = [[(cell.text, cell.head) for cell in row] for row in block.grid.rows]
            found.append((*around, rows, block.grid.head_rows))
        else:
            found.append((*around, block.text, block.kind, block.label))
    return found


def _pane(pane: Pane) -> tuple[object, ...]:
    return pane.label, pane.siblings


def shown(document: Document) -> Counter[str]:
    """The amounts in a document's texts and cells, a spanned cell once."""
    texts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Text):
            texts.append(block.text)
        else:
            cells = {id(cell): cell.text for row in block.grid.rows for cell in row}
            texts += cells.values()
    return Counter(amount.text for text in texts for amount in find_amounts(text))


def said(pieces: Sequence[Piece]) -> Counter[str]:
    found: Counter[str] = Counter()
    for piece in pieces:
        cells = [cell for row in piece.rows for cell in row]
        for text in (*piece.lines, *cells):
            found.update(amount.text for amount in find_amounts(text))
        for _, inner in piece.inner:
            found += said(inner)
    return found


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(pieces=pages(), seed=st.integers(0, 9999))
def test_every_amount_that_a_page_shows_is_in_its_document_once(
    pieces: tuple[Piece, ...], seed: int
) -> None:
    html, markdown = Html(seed).page(pieces), Markdown().page(pieces)
    assert shown(document_of(html, "text/html")) == said(pieces)
    assert shown(document_of(markdown)) == said(pieces)


@SLOW
@given(pieces=pages(), seed=st.integers(1, 9999))
def test_dress_changes_no_block(pieces: tuple[Piece, ...], seed: int) -> None:
    plain = blocks(document_of(Html().page(pieces), "text/html"))
    assert blocks(document_of(Html(seed).page(pieces), "text/html")) == plain


@SLOW
@given(pieces=pages())
def test_markdown_and_html_give_the_same_blocks(pieces: tuple[Piece, ...]) -> None:
    plain = blocks(document_of(Html().page(pieces), "text/html"))
    assert blocks(document_of(Markdown().page(pieces))) == plain
