"""Cards as PNG pictures, with Pillow.

A picture is drawn in indices of a palette of sixteen colours: paper, and a few steps from it to
each colour of type. So it is small, and takes a few milliseconds. The same card gives the same
bytes with the same version of Pillow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw

from ratewire.publish.cards import HEIGHT, WIDTH, Card, CardStep, Style, Tone
from ratewire.publish.lettering import Face, Type

__all__ = ["Easel"]

_LEFT, _RIGHT = 80, WIDTH - 80
_BODY = (132, 506)
"""Where the words stand, between the brand and the foot."""
_RULE, _FOOT = 524, 576
"""A line across, and the baseline of what stands under it."""
_SIGN = ((2, 17), (8, 17), (8, 9), (14, 9), (14, 17), (22, 17))
"""The site's sign, as in the header of its pages, in a square of 24."""
_FINE = 4
"""Times larger, what has curves is drawn before it is reduced."""

_DEPTH = 4
"""Colours from paper to each colour of type."""
_PAPER, _LINE, _PILL = 0, 1 + 3 * _DEPTH, 2 + 3 * _DEPTH
"""Indices of the palette; the last one lies between the pill's ground and its words."""


_ALONE = ((76, 2), (68, 2), (60, 3), (52, 3))
_BESIDE = ((56, 1), (50, 2), (44, 2))
"""Sizes of a title that stands alone and of one that stands over figures, and in how many lines."""


def _ramp(*indices: int) -> list[int]:
    """From how much of a pixel is covered (0 to 255) to the index of its colour."""
    return [indices[round(cover * (len(indices) - 1) / 255)] for cover in range(256)]


_INK, _SOFT, _TONE = (
    _ramp(_PAPER, *range(first, first + _DEPTH)) for first in range(1, _LINE, _DEPTH)
)
_ON_PILL = _ramp(_PILL, _PILL + 1, _LINE - 1)

_Put = Callable[[int], None]
_Block = tuple[int, _Put]
"""A height, and what draws at the place where it begins."""


class Easel:
    """Draws cards of one style; keeps its typefaces open."""

    def __init__(self, style: Style) -> None:
        self._colours = dict(style.colours)
        self._regular, self._strong = Type(style.regular), Type(style.strong)

    def draw(self, card: Card) -> bytes:
        """A PNG of 1200 × 630."""
        sheet = Image.new("L", (WIDTH, HEIGHT), _PAPER)
        _Drawing(sheet, self._regular, self._strong).draw(card)
        sheet.putpalette(self._palette(card.tone))
        out = BytesIO()
        sheet.save(out, "PNG", bits=4, compress_level=4)
        return out.getvalue()

    def _palette(self, tone: Tone) -> list[int]:
        colours = self._colours
        paper, colour = colours["paper"], colours[tone]
        ground = colours.get(f"{tone}-soft", colours["raised"])
        ramps = [
            _between(paper, end, step / _DEPTH)
            for end in (colours["ink"], colours["soft"], colour)
            for step in range(1, _DEPTH + 1)
        ]
        rest = [colours["line"], ground, _between(ground, colour, 0.5)]
        return [part for each in (paper, *ramps, *rest) for part in each]


def _between(
    start: tuple[int, int, int], end: tuple[int, int, int], share: float
) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


class _Drawing:
    """One card on its sheet: places and sizes in pixels, a text's place its baseline's start."""

    def __init__(self, sheet: Image.Image, regular: Type, strong: Type) -> None:
        self._sheet, self._pen = sheet, ImageDraw.Draw(sheet)
        self._regular, self._strong = regular, strong

    def draw(self, card: Card) -> None:
        title, text = self._strong.known(card.title), self._regular.known(card.text)
        brand = self._strong.known(card.site)
        if not title and not card.steps:  # in a script that the typefaces lack
            title, text, brand = text or brand or card.host, "", brand if text else ""
        self._frame(brand, card)
        blocks = [
            *self._title(title, beside=bool(card.steps)),
            *(self._figures(card) if len(card.steps) == 1 else self._rows(card)),
            *self._text(text),
        ]
        free = _BODY[1] - _BODY[0] - sum(height for height, _ in blocks)
        y = _BODY[0] + max(0, free) * 0.45
        for height, put in blocks:
            put(round(y))
            y += height

    # ── Parts ────────────────────────────────────────────────────────────────────────────────

    def _frame(self, brand: str, card: Card) -> None:
        self._pill(card.tag)
        if brand:
            face = self._strong.at(32)
            self._sign(_LEFT - 4, 56, 48, _TONE)
            self._write(_LEFT + 58, 91, face.cut(brand, 640), face, _INK)
        else:
            self._sign(_LEFT - 8, 62, 96, _TONE)
        self._pen.rectangle((_LEFT, _RULE, _RIGHT - 1, _RULE + 1), _LINE)
        face = self._regular.at(28)
        host = face.cut(self._regular.known(card.host), 480)
        at = _RIGHT - round(face.width(host))
        self._write(at, _FOOT, host, face, _SOFT)
        foot = face.cut(self._regular.known(card.foot), at - _LEFT - 40)
        self._write(_LEFT, _FOOT, foot, face, _SOFT)

    def _sign(self, x: int, y: int, size: int, ramp: list[int]) -> None:
        scale, thick = size * _FINE / 24, round(2.5 * size * _FINE / 24)
        points = [(round(a * scale), round(b * scale)) for a, b in _SIGN]
        mask = Image.new("L", (size * _FINE, size * _FINE))
        pen = ImageDraw.Draw(mask)
        pen.line(points, 255, thick)
        for point in points:  # round joins and ends
            pen.circle(point, thick / 2, 255)
        self._paste(x, y, mask.reduce(_FINE), ramp)

    def _pill(self, tag: str) -> None:
        words, face = self._strong.known(tag), self._strong.at(28)
        if not words:
            return
        width, height = round(face.width(words)) + 48, 54
        x, y = _RIGHT - width, 53
        mask = Image.new("L", (width * _FINE, height * _FINE))
        box = (0, 0, width * _FINE - 1, height * _FINE - 1)
        ImageDraw.Draw(mask).rounded_rectangle(box, height * _FINE // 2, 255)
        self._paste(x, y, mask.reduce(_FINE), _ramp(_PAPER, _PILL))
        self._write(x + 24, y + 37, words, face, _ON_PILL)

    def _title(self, title: str, *, beside: bool) -> Iterator[_Block]:
        """As large as goes into its lines; smaller `beside` figures."""
        if not title:
            return
        for size, most in _BESIDE if beside else _ALONE:
            face = self._strong.at(size)
            lines, whole = face.lines(title, _RIGHT - _LEFT, most)
            if whole:
                break
        for line in lines:
            yield round(size * 1.17), partial(self._line, line, face, _INK)
        yield 20, _nothing

    def _text(self, text: str, most: int = 3) -> Iterator[_Block]:
        face = self._regular.at(34)
        for line in face.lines(text, 940, most)[0] if text else ():
            yield 47, partial(self._line, line, face, _SOFT)

    def _figures(self, card: Card) -> Iterator[_Block]:
        """The one step, as large as the line is wide."""
        (step,) = card.steps
        old, new = self._strong.known(step.before), self._strong.known(step.after)
        arrow = " → " if old and new else ""
        by = "" if card.untrue else step.percent
        for size in (96, 84, 72, 62, 54, 46, 38):
            large, least = self._strong.at(size), self._strong.at(size // 2)
            small = self._strong.at(round(size * 0.66)) if arrow else large
            gap = round(size * 0.3) + round(least.width(by)) if by else 0
            room = _RIGHT - _LEFT - gap - round(small.width(arrow))
            if small.width(old) + large.width(new) <= room:
                break
        else:
            old = small.cut(old, room / 2 if new else room)
            new = large.cut(new, room - small.width(old))

        def put(y: int) -> None:
            base = y + round(size * 0.86)
            x = self._write(_LEFT, base, old, small, _SOFT)
            if old and (card.untrue or not new):
                self._strike(_LEFT, x, base - round(small.size * 0.3))
            start = self._write(x, base, arrow, small, _SOFT)
            x = self._write(start, base, new, large, _SOFT if card.untrue else _INK)
            if new and card.untrue:
                self._strike(start, x, base - round(large.size * 0.3))
            self._write(x + round(size * 0.3), base, by, least, _TONE)

        yield round(size * 1.1) + 6, put
        yield from self._text(self._regular.known(step.note), 2)

    def _rows(self, card: Card) -> Iterator[_Block]:
        """Several steps, a line each: what it is at the left, what became of it at the right."""
        name, bold = self._regular.at(31), self._strong.at(31)
        for step in card.steps:
            yield 60, partial(self._row, step, card, name, bold)
        if rest := self._regular.known(card.rest):
            yield 8, _nothing
            yield 40, partial(self._line, rest, self._regular.at(28), _SOFT)

    def _row(self, step: CardStep, card: Card, name: Face, bold: Face, y: int) -> None:
        self._pen.rectangle((_LEFT, y, _RIGHT - 1, y + 1), _LINE)
        base, x = y + 42, _RIGHT
        if by := "" if card.untrue else step.percent:
            x -= round(bold.width(by))
            self._write(x, base, by, bold, _TONE)
            x -= 24
        told = " → ".join(filter(None, map(self._strong.known, (step.before, step.after))))
        told = bold.cut(told, 560)
        end, x = x, x - round(bold.width(told))
        self._write(x, base, told, bold, _SOFT if card.untrue else _INK)
        if card.untrue or not step.after:
            self._strike(x, end, base - 10)
        subject = name.cut(self._regular.known(step.subject), x - _LEFT - 30)
        self._write(_LEFT, base, subject, name, _SOFT)

    # ── Strokes ──────────────────────────────────────────────────────────────────────────────

    def _line(self, text: str, face: Face, ramp: list[int], y: int) -> None:
        self._write(_LEFT, y + round(face.size * 0.86), text, face, ramp)

    def _write(self, x: int, y: int, text: str, face: Face, ramp: list[int]) -> int:
        """Gives where the text ends."""
        end, high = round(face.width(text)), round(face.size * 1.2)
        room = face.size  # for what reaches over the start or the end
        mask = Image.new("L", (end + 2 * room, high + round(face.size * 0.5)))
        for glyph, at in face.placed(text):
            if glyph.mask is not None:
                mask.paste(255, (room + round(at) + glyph.left, high + glyph.top), glyph.mask)
        box = mask.getbbox()
        if box is not None:
            self._paste(x - room + box[0], y - high + box[1], mask.crop(box), ramp)
        return x + end

    def _strike(self, start: int, end: int, y: int) -> None:
        self._pen.rectangle((start - 4, y - 2, end + 4, y + 1), _LINE - _DEPTH - 1)

    def _paste(self, x: int, y: int, mask: Image.Image, ramp: list[int]) -> None:
        self._sheet.paste(mask.point(ramp), (x, y))


def _nothing(y: int) -> None:
    """A gap."""
