"""How large a picture is: in pixels, in lines, or in the thousands of its longer side."""

from __future__ import annotations

import re

from ratewire.read.lexicon import fold, slug

__all__ = ["bare_size", "is_resolution", "size_within", "squared"]

_PIXELS = r"\d{3,4}\s*[x×*]\s*\d{3,4}"
_THOUSANDS = r"[1248]k(?:\s*(?:/|,|-|–|&|and|or)\s*[1248]k)*"
_IMAGE = r"(?:images?|pictures?|resolution|quality|video|图片|图像|图|画像|画質)"
_BARE = re.compile(rf"({_THOUSANDS})(?:\s*{_IMAGE})?")
_BESIDE = re.compile(rf"(?<![\w.])({_THOUSANDS})\s*{_IMAGE}")
_SQUARED = re.compile(r"(?<![\d.,])(\d{3,4})²")
_RESOLUTION = re.compile(rf"{_PIXELS}|\d{{3,4}}p\b|{_THOUSANDS}")


def bare_size(text: str) -> str:
    """The size that a label is and nothing else: `1K`, `4K image`; empty: it says more, or less.

    >>> bare_size("1K/2K"), bare_size("4K image"), bare_size("4K tokens")
    ('1k-2k', '4k', '')
    """
    match = _BARE.fullmatch(fold(text))
    return slug(match.group(1)) if match else ""


def size_within(text: str) -> str:
    """The words for a size among those for a unit: `per 1K/2K image`; empty: none."""
    match = _BESIDE.search(fold(text))
    return match.group(1) if match else ""


def is_resolution(value: str) -> bool:
    """Whether a condition's value is a size of pictures, and not one of memory."""
    return bool(_RESOLUTION.match(value))


def squared(text: str) -> str:
    """A size with both its sides: `1024²` is `1024x1024`."""
    return _SQUARED.sub(r"\1x\1", text)
