"""Lines of type for pictures: which characters can be drawn, how wide they are, where to break."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

__all__ = ["Face", "Glyph", "Type"]

_MORE = "…"
_LOOSE = f" ,;:–-·(→{_MORE}"
"""What no line ends in before an ellipsis."""


class Type:
    """One weight: the theme's typeface, then the site's own for characters that it lacks."""

    _MISSING = "\U0010ffff"
    """Never a character: a font shows for it what it shows for all that it lacks."""
    _MOST_LOST = 0.3
    """Share of a text's characters without which it still says what it says."""
    _BACKWARDS = frozenset({"R", "AL", "AN"})
    """Unicode's bidirectional classes; drawn without a layout engine they would be reversed."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = tuple(files)
        self._sizes: dict[int, Face] = {}

    def at(self, size: int) -> Face:
        """In this many pixels."""
        if size not in self._sizes:
            self._sizes[size] = Face(self._fonts(size), self.which)
        return self._sizes[size]

    def _fonts(self, size: int) -> list[ImageFont.FreeTypeFont]:
        # The basic layout is Pillow's own: the other one depends on a library of the machine.
        return [
            ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
            for file in self._files
        ]

    @cached_property
    def _samples(self) -> list[tuple[ImageFont.FreeTypeFont, bytes]]:
        """Each font with its picture of a missing character."""
        return [(font, bytes(font.getmask(self._MISSING, "1"))) for font in self._fonts(24)]

    @cached_property
    def which(self) -> Callable[[str], int]:
        """Number of the first font that has a character, −1: none has."""
        return lru_cache(maxsize=8192)(self._which)

    def _which(self, char: str) -> int:
        if char == " ":
            return 0
        masks = ((bytes(font.getmask(char, "1")), missing) for font, missing in self._samples)
        return next(
            (n for n, (mask, missing) in enumerate(masks) if mask not in (b"", missing)), -1
        )

    def known(self, text: str) -> str:
        """The text without what cannot be drawn; empty where too much would be missing."""
        wanted = unicodedata.normalize("NFC", text)
        kept = [c for c in wanted if unicodedata.bidirectional(c) not in self._BACKWARDS]
        kept = [c for c in kept if self.which(c) >= 0]
        if len(wanted) - len(kept) > len(wanted) * self._MOST_LOST:
            return ""
        line = " ".join("".join(kept).split())
        return line if len(kept) == len(wanted) else line.strip(_LOOSE)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character drawn: how much of each pixel it covers, and where that stands by its place on
    the baseline.
    """

    mask: Image.Image | None
    """Mode L; None where there is nothing to be seen."""
    left: int
    top: int
    advance: float


class Face:
    """A typeface in one size. Each character is drawn once, however often it is used."""

    def __init__(
        self, fonts: Sequence[ImageFont.FreeTypeFont], which: Callable[[str], int]
    ) -> None:
        self._fonts, self._which = fonts, which
        self.size = round(fonts[0].size)
        self.width = lru_cache(maxsize=2048)(self._measured)
        self._glyph = lru_cache(maxsize=2048)(self._drawn)
        self._kern = lru_cache(maxsize=8192)(self._kerned)

    def _font(self, char: str) -> ImageFont.FreeTypeFont:
        return self._fonts[self._which(char)]

    def _drawn(self, char: str) -> Glyph:
        font = self._font(char)
        left, top, right, bottom = map(round, font.getbbox(char, anchor="ls"))
        mask = None
        if right > left and bottom > top:
            mask = Image.new("L", (right - left, bottom - top))
            ImageDraw.Draw(mask).text((-left, -top), char, 255, font, anchor="ls")
        return Glyph(mask, left, top, font.getlength(char))

    def _kerned(self, before: str, after: str) -> float:
        """How much further apart the two stand than their own widths say; below zero: closer."""
        font = self._font(before)
        if font is not self._font(after):
            return 0.0
        return font.getlength(before + after) - font.getlength(before) - font.getlength(after)

    def placed(self, text: str) -> Iterator[tuple[Glyph, float]]:
        """Each character and where it stands from the start."""
        at, last = 0.0, ""
        for char in text:
            at += self._kern(last, char) if last else 0.0
            glyph = self._glyph(char)
            yield glyph, at
            at, last = at + glyph.advance, char

    def _measured(self, text: str) -> float:
        end = 0.0
        for glyph, at in self.placed(text):
            end = at + glyph.advance
        return end

    def cut(self, text: str, width: float) -> str:
        """The text, or as much of it as goes into the width before an `…`."""
        if self.width(text) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.width(text[:middle].rstrip(_LOOSE) + _MORE) <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        return text[:low].rstrip(_LOOSE) + _MORE

    def lines(self, text: str, width: float, most: int) -> tuple[list[str], bool]:
        """At most so many lines of about the same length, and whether they are the whole text;
        if they are not, the last one ends in `…`.
        """
        whole = self._broken(text, width)
        if len(whole) > most:
            last = self.cut(whole[most - 1] + _MORE * 2, width)
            return [*whole[: most - 1], last.rstrip(_LOOSE) + _MORE], False
        low, high = width / 2, width
        while high - low > 8:  # the narrowest that needs no more lines: none is left with one word
            middle = (low + high) / 2
            if len(self._broken(text, middle)) > len(whole):
                low = middle
            else:
                high = middle
        return self._broken(text, high), True

    def _broken(self, text: str, width: float) -> list[str]:
        lines: list[str] = []
        room = 0.0
        for word in (part for whole in text.split() for part in self._pieces(whole, width)):
            needed = self.width(word)
            if lines and needed + self.width(" ") <= room:
                lines[-1] += f" {word}"
                room -= needed + self.width(" ")
            else:
                lines.append(word)
                room = width - needed
        return lines

    def _pieces(self, word: str, width: float) -> Iterator[str]:
        """The word, in several where it is wider than a line, as one without spaces may be."""
        while self.width(word) > width:
            end = next(n for n in range(1, len(word)) if self.width(word[: n + 1]) > width)
            yield word[:end]
            word = word[end:]
        yield word
