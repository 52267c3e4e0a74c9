"""JavaScript literals as they stand in MDX props and in page data: a tolerant, bounded parser.

Arrays, objects, strings of all three quotes, numbers, `null`; a call `f("…")` counts as its first
string; any other expression as None. Nothing is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["Literal", "parse_literal"]

Literal = str | int | float | bool | None | Sequence["Literal"] | Mapping[str, "Literal"]

_SPACE = re.compile(r"(?:\s+|//[^\n]*)*")
_LONGEST_COMMENT = 10_000
_NUMBER = re.compile(r"-?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[A-Za-z_$][\w$.]*")
_STRING = {
    quote: re.compile(rf"{quote}((?>(?:[^{quote}\\]++|\\.)*)){quote}", re.S) for quote in "\"'`"
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.S)
_PLAIN = {"n": "\n", "t": "\t", "r": "", "b": "", "f": ""}
_TAG = re.compile(r"<([A-Za-z][\w.]*+)?[^<>]*?(/?)>")
_MAX_DEPTH = 40


class _BrokenError(Exception):
    """Not a literal after all."""


def parse_literal(text: str, at: int = 0) -> tuple[Literal, int] | None:
    """The literal that starts at `at` and the position after it; None where there is none.

    Numbers keep their digits: they come as strings where they carry a fraction, so that no
    price passes through a float.
    """
    try:
        return _value(text, _skip(text, at), 0)
    except (_BrokenError, IndexError):
        return None


def _skip(text: str, at: int) -> int:
    """Past white space and comments."""
    while True:
        match = _SPACE.match(text, at)
        at = match.end() if match else at
        if not text.startswith("/*", at):
            return at
        end = text.find("*/", at + 2, at + _LONGEST_COMMENT)
        if end < 0:
            raise _BrokenError
        at = end + 2


def _value(text: str, at: int, depth: int) -> tuple[Literal, int]:
    if depth > _MAX_DEPTH:
        raise _BrokenError
    char = text[at]
    if char in _STRING:
        return _string(text, at)
    if char == "[":
        return _array(text, at + 1, depth)
    if char == "{":
        return _object(text, at + 1, depth)
    if match := _NUMBER.match(text, at):
        return match.group().replace("_", ""), match.end()
    if match := _NAME.match(text, at):
        return _named(text, match, depth)
    if char == "<":
        return _element(text, at)
    raise _BrokenError


def _string(text: str, at: int) -> tuple[str, int]:
    match = _STRING[text[at]].match(text, at)
    if not match:
        raise _BrokenError
    return _ESCAPE.sub(_unescape, match.group(1)), match.end()


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, code)


def _array(text: str, at: int, depth: int) -> tuple[Literal, int]:
    items: list[Literal] = []
    while True:
        at = _skip(text, at)
        if text[at] == "]":
            return items, at + 1
        if text[at] == ",":
            at += 1
            continue
        item, at = _value(text, at, depth + 1)
        items.append(item)


def _object(text: str, at: int, depth: int) -> tuple[Literal, int]:
    pairs: dict[str, Literal] = {}
    while True:
        at = _skip(text, at)
        if text[at] == "}":
            return pairs, at + 1
        if text[at] == ",":
            at += 1
            continue
        if text[at] in _STRING:
            key, at = _string(text, at)
        elif match := _NAME.match(text, at):
            key, at = match.group(), match.end()
        else:
            raise _BrokenError
        at = _skip(text, at)
        if text[at] != ":":
            raise _BrokenError
        pairs[key], at = _value(text, _skip(text, at + 1), depth + 1)


def _named(text: str, match: re.Match[str], depth: int) -> tuple[Literal, int]:
    """`true`, `null`, a name (None), or a call: its first argument."""
    at = _skip(text, match.end())
    if at < len(text) and text[at] == "(":
        argument: Literal = None
        at = _skip(text, at + 1)
        first = True
        while text[at] != ")":
            if text[at] == ",":
                at = _skip(text, at + 1)
                continue
            value, at = _value(text, at, depth + 1)
            argument, first = (value, False) if first else (argument, False)
            at = _skip(text, at)
        return argument, at + 1
    word = match.group()
    return {"true": True, "false": False}.get(word), match.end()


def _element(text: str, at: int) -> tuple[Literal, int]:
    """A JSX element in a literal, as its source up to the matching end on the same nesting."""
    match = _TAG.match(text, at)
    if not match:
        raise _BrokenError
    if match.group(2):
        return match.group(), match.end()
    close = f"</{match.group(1) or ''}>"
    end = text.find(close, match.end())
    if end < 0:
        raise _BrokenError
    return text[at : end + len(close)], end + len(close)
