"""The languages of files: `NAME.pt-br.md` is NAME in `pt-BR`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["TAG", "is_language", "locale_of", "split_tag", "usual_tag"]

TAG: Final = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
"""A tag by its form (BCP 47)."""


def split_tag(file: Path) -> tuple[str, str]:
    """The file's name without its suffix and tag, and what may be the tag of a language; empty:
    there is none.
    """
    stem, _, tag = file.stem.rpartition(".")
    return (stem, tag) if stem and re.fullmatch(TAG, tag) else (file.stem, "")


def is_language(tag: str) -> bool:
    """Whether it is a tag, such as `de` or `pt-BR`, of a language that Unicode CLDR knows."""
    try:
        locale_of(tag)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def locale_of(tag: str) -> Locale:
    """What CLDR knows of a language. Raises ValueError where that is nothing."""
    from babel import Locale, UnknownLocaleError  # not needed by most sites

    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, TypeError) as error:
        raise ValueError(str(error)) from None


def usual_tag(tag: str) -> str:
    """A tag as it is usually written: `pt-BR`, `zh-Hant-TW`."""
    first, *rest = tag.split("-")
    parts = [part.title() if len(part) == 4 else part.upper() for part in rest]
    return "-".join((first.lower(), *parts))
