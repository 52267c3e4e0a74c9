"""Which questions a page may ask by POST: those in GraphQL that only read."""

from __future__ import annotations

import json
import re
from typing import Final

_LONGEST: Final = 64_000
_UNREAD: Final = re.compile(r'"""(?>(?:[^"]|"(?!""))*)"""|"(?>(?:[^"\\\n]|\\.)*)"|#[^\n]*')
"""Strings and comments."""
_WRITES: Final = re.compile(r"\b(?:mutation|subscription)\b")


def only_reads(body: bytes) -> bool:
    """Is this a question in GraphQL over HTTP, or several, of which none changes anything?

    One that names its text by a hash alone may be anything, and so is none.
    """
    if len(body) > _LONGEST:
        return False
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return False
    questions = asked if isinstance(asked, list) else [asked]
    return bool(questions) and all(map(_reads, questions))


def _reads(question: object) -> bool:
    text = question.get("query") if isinstance(question, dict) else None
    if not isinstance(text, str) or "{" not in text:
        return False
    depth, outside = 0, []
    for character in _UNREAD.sub(" ", text):
        depth += (character in "{(") - (character in "})")
        outside.append(character if depth <= 0 else " ")
    return depth == 0 and not _WRITES.search("".join(outside))
