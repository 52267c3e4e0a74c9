"""Where each figure of a text stands: JSON, JSON lines, CSV and TOML with offsets. Pure.

Nothing is written back from what was parsed. A figure is replaced between its two offsets, so all
else, comments and spacing and order, stays as its keeper wrote it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import Float, Integer, String

from ratewire.errors import ConfigError

__all__ = ["Placed", "TextSpan", "find", "parse_csv", "parse_json", "parse_jsonl", "parse_toml"]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+|[\[\]{}:,]')
_MARK = "1.0e-77777"
"""A number that nobody's file holds: stands in for a figure while its place is looked for."""
Step = str | int | Mapping[str, Any]


class Placed(Decimal):
    """A number and where it stands."""

    start: int
    end: int

    @classmethod
    def at(cls, text: str, start: int, end: int) -> Placed:
        one = cls(text)
        one.start, one.end = start, end
        return one


class TextSpan(str):
    """A piece of text and where it stands (without its quotes)."""

    start: int

    @classmethod
    def at(cls, text: str, start: int) -> TextSpan:
        one = cls(text)
        one.start = start
        return one

    @property
    def number(self) -> Placed:
        """The one number in it, as in `$5.00`. Raises ValueError."""
        found = list(_NUMBER.finditer(self))
        if len(found) != 1 or "," in self:
            raise ValueError(f"{str(self)!r} holds not one plain number")
        start = self.start + found[0].start()
        return Placed.at(found[0][0], start, start + len(found[0][0]))


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def parse_json(text: str, offset: int = 0) -> Any:
    """As `json.loads` has it, with numbers and texts that know their places. Raises ValueError."""
    json.loads(text, parse_constant=_no_number)
    return _value(_tokens(text, offset))


def parse_jsonl(text: str) -> list[Any]:
    """One value a line. Raises ValueError, naming the line."""
    values, offset = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                values.append(parse_json(line, offset))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
        offset += len(line) + 1
    return values


def _tokens(text: str, offset: int) -> Iterator[tuple[str, int]]:
    return ((found[0], found.start() + offset) for found in _TOKEN.finditer(text))


def _value(tokens: Iterator[tuple[str, int]], token: tuple[str, int] | None = None) -> Any:
    """Of a text that is known to be JSON."""
    word, at = token or next(tokens)
    if word == "{":
        return dict(_pairs(tokens))
    if word == "[":
        return list(_entries(tokens))
    if word[0] == '"':
        said = json.loads(word)
        # With an escape in it, offsets into it would be wrong: it is no figure then.
        return TextSpan.at(said, at + 1) if len(said) == len(word) - 2 else said
    known = {"true": True, "false": False, "null": None}
    return known[word] if word in known else Placed.at(word, at, at + len(word))


def _pairs(tokens: Iterator[tuple[str, int]]) -> Iterator[tuple[str, Any]]:
    for word, _ in tokens:
        if word == "}":
            return
        if word != ",":
            next(tokens)  # the colon
            yield json.loads(word), _value(tokens)


def _entries(tokens: Iterator[tuple[str, int]]) -> Iterator[Any]:
    for token in tokens:
        if token[0] == "]":
            return
        if token[0] != ",":
            yield _value(tokens, token)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON (RFC 8259)")


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────


def parse_csv(text: str) -> list[dict[str, TextSpan]]:
    """Rows by the first row's names, in the file's own dialect. Raises ValueError."""
    head = re.sub(r'"(?:[^"]|"")*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    delimiter = max(",;\t|", key=head.count)
    rows = list(_rows(text, delimiter))
    known = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    if [list(map(str, row)) for row in rows] != [row for row in known if row]:
        raise ValueError("its quoting is none that RFC 4180 knows")
    names = list(map(str, rows[0])) if rows else []
    if twice := next((name for name in names if name and names.count(name) > 1), ""):
        raise ValueError(f"two columns are named {twice!r}, so a figure of them has no one place")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(names):
            raise ValueError(f"row {number} has {len(row)} cells, and the first {len(names)}")
    return [dict(zip(names, row, strict=True)) for row in rows[1:]]


def _rows(text: str, delimiter: str) -> Iterator[list[TextSpan]]:
    cell = re.compile(
        rf'("(?:[^"]|"")*"|[^{re.escape(delimiter)}\r\n"]*)({re.escape(delimiter)}|\r?\n|\Z)'
    )
    row: list[TextSpan] = []
    at = 0
    while at < len(text):
        found = cell.match(text, at)
        if found is None:
            raise ValueError(f"line {text.count(chr(10), 0, at) + 1}: a quote is never closed")
        quoted = found[1].startswith('"')
        said = found[1][1:-1].replace('""', '"') if quoted else found[1]
        row.append(TextSpan.at(said, at + quoted))
        at = found.end()
        if found[2] != delimiter:
            if row != [""]:
                yield row
            row = []
    if row:  # the text ends in a delimiter: there is one more cell, and nothing in it
        yield [*row, TextSpan.at("", at)]


# ── TOML ─────────────────────────────────────────────────────────────────────────────────────


class _Toml(dict[str, Any]):
    """A document that is asked for one place at a time."""

    document: tomlkit.TOMLDocument
    text: str


def parse_toml(text: str) -> Any:
    """Raises ValueError."""
    try:
        document = tomlkit.parse(text)
    except ParseError as error:
        raise ValueError(str(error)) from None
    if tomlkit.dumps(document) != text:
        raise ValueError("cannot be written back as it is; please report it")
    value = _Toml()
    value.document, value.text = document, text
    return value


def _placed_in_toml(value: _Toml, holder: Any, key: Any) -> Any:
    """The figure under a key: found by writing another into its place and looking where it is."""
    item = holder[key]
    if not isinstance(item, Integer | Float | String):
        return item
    raw = item.as_string()
    holder[key] = Float(0.0, item.trivia, _MARK)
    start = tomlkit.dumps(value.document).find(_MARK)
    holder[key] = item
    if isinstance(item, str):
        quotes = 3 if raw[:3] in ('"""', "'''") else 1
        inner = raw[quotes:-quotes]
        return TextSpan.at(inner, start + quotes) if inner == str(item) else str(item)
    if start < 0 or not _NUMBER.fullmatch(raw):
        return item
    return Placed.at(raw, start, start + len(raw))


# ── Finding ──────────────────────────────────────────────────────────────────────────────────


def find(value: Any, path: Sequence[Step]) -> Placed:
    """The number at a place: keys, positions, and tables that say which entry of a list is meant.

    Raises ConfigError.
    """
    at: Any = value.document if isinstance(value, _Toml) else value
    holder: Any = at
    key: Any = None
    for number, step in enumerate(path):
        way = " › ".join(map(_word, path[: number + 1]))
        key = step
        if isinstance(step, Mapping):
            entries = at if isinstance(at, list) else []
            fits = [n for n, entry in enumerate(entries) if _fits(entry, step)]
            if len(fits) != 1:
                raise ConfigError(f"{way}: {len(fits)} entries are like that; one has to be")
            key = fits[0]
        try:
            holder, at = at, at[key]
        except (KeyError, IndexError, TypeError):
            raise ConfigError(f"{way}: is not in the file") from None
    if isinstance(value, _Toml):
        at = _placed_in_toml(value, holder, key)
    try:
        found = at.number if isinstance(at, TextSpan) else at
    except ValueError as error:
        raise ConfigError(f"{' › '.join(map(_word, path))}: {error}") from None
    if not isinstance(found, Placed):
        raise ConfigError(f"{' › '.join(map(_word, path))}: is no number")
    return found


def _fits(entry: Any, wanted: Mapping[str, Any]) -> bool:
    return isinstance(entry, Mapping) and all(entry.get(k) == v for k, v in wanted.items())


def _word(step: Step) -> str:
    if isinstance(step, Mapping):
        return ", ".join(f"{name} = {value}" for name, value in step.items())
    return str(step)
