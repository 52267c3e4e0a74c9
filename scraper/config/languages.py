"""The languages of files: `NAME.pt-br.md` is NAME in `pt-BR`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

__all__ = ["is_language", "split_tag", "usual_tag"]

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def split_tag(file: Path) -> tuple[str, str]:
    """The file's name without its suffix and tag, and what may be the tag of a language; empty:
    there is none.
    """
    stem, _, tag = file.stem.rpartition(".")
    return (stem, tag) if stem and _TAG.fullmatch(tag) else (file.stem, "")


def is_language(tag: str) -> bool:
    """Whether it is a tag, such as `de` or `pt-BR`, of a language that Unicode CLDR knows."""
    from babel import Locale, UnknownLocaleError  # most sites have one language

    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True


def usual_tag(tag: str) -> str:
    """A tag as it is usually written: `pt-BR`, `zh-Hant-TW`."""
    first, *rest = tag.split("-")
    parts = [part.title() if len(part) == 4 else part.upper() for part in rest]
    return "-".join((first.lower(), *parts))
