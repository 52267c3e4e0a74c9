"""TOML as typed settings: parsed, given their types, and every mistake traced to its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_origin

from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from ratewire.errors import ConfigError

__all__ = [
    "Step",
    "TomlDocument",
    "did_you_mean",
    "keys_of",
    "raise_all",
    "read_front_matter",
    "read_text",
    "read_toml",
    "split_front_matter",
]

T = TypeVar("T")
Step = str | int
_HEADER = re.compile(r"\s*\[{1,2}\s*([\w.\-\"' ]+?)\s*\]{1,2}\s*(?:#.*)?$")
_PAIR = re.compile(r"\s*((?:[\w\-.]|\"[^\"]*\"|'[^']*')+)\s*=")
_STEP = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s.\"']+")
_LONG_QUOTES = re.compile("\"\"\"|'''")


@dataclass(frozen=True)
class TomlDocument:
    """One TOML text and where it stands: `first` is the file's line on which it starts."""

    file: Path
    text: str
    data: Mapping[str, Any]
    first: int = 1

    def error(self, message: str, *path: Step) -> ConfigError:
        """A ConfigError that points at the key with this path."""
        key = ".".join(str(step) for step in path if isinstance(step, str))
        return ConfigError(message, file=self.file, line=self.line(path), key=key)

    def raise_for(self, mistakes: Iterable[tuple[tuple[Step, ...], str]]) -> None:
        """Raise ConfigError for these keys and words, in the file's order, if there are any."""
        errors = [self.error(words, *path) for path, words in mistakes]
        raise_all(sorted(errors, key=lambda error: error.line or 0))

    def line(self, path: tuple[Step, ...]) -> int | None:
        """The line on which the key, or else the nearest table around it, is set."""
        lines = dict(self._places())
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path) or self.first

    def _places(self) -> Iterator[tuple[tuple[Step, ...], int]]:
        table: tuple[Step, ...] = ()
        count: dict[tuple[Step, ...], int] = {}
        in_string = False
        for number, line in enumerate(self.text.splitlines(), self.first):
            if not in_string and (header := _HEADER.match(line)):
                table = _steps(header[1])
                if line.lstrip().startswith("[["):
                    count[table] = index = count.get(table, -1) + 1
                    table = (*table, index)
                yield table, number
            elif not in_string and (pair := _PAIR.match(line)):
                yield (*table, *_steps(pair[1])), number
            in_string ^= len(_LONG_QUOTES.findall(line)) % 2 == 1

    def typed(self, cls: type[T], **known: object) -> T:
        """The document as a `cls`; `known` are defaults that the file need not say.

        Raises ConfigError, listing every mistake.
        """
        try:
            return _converter().structure({**known, **self.data}, cls)
        except BaseValidationError as error:
            self.raise_for(_mistakes(error, ()))
            raise


def keys_of(cls: type[Any]) -> dict[str, str]:
    """The fields that may be set, each with its TOML key."""
    keys = {each.name: str(each.metadata.get("key", each.name)) for each in fields(cls)}
    return {name: key for name, key in keys.items() if key}


def former_keys(cls: type[Any]) -> dict[str, str]:
    """Keys of earlier versions, each with the key that replaced it."""
    keys = keys_of(cls)
    return {
        str(each.metadata["former"]): keys[each.name]
        for each in fields(cls)
        if "former" in each.metadata
    }


def _steps(dotted: str) -> tuple[str, ...]:
    return tuple(step.strip("\"'") for step in _STEP.findall(dotted))


def raise_all(problems: list[ConfigError]) -> None:
    """Raise what was found, one line each, so that an owner mends a file in one go."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        together = ConfigError("\n".join(dict.fromkeys(str(problem) for problem in problems)))
        together.file, together.line = problems[0].file, problems[0].line
        together.key = problems[0].key
        raise together


def read_toml(file: Path) -> TomlDocument:
    """Raises ConfigError where the file is absent, not UTF-8 or not TOML."""
    return _parsed(file, read_text(file), 1)


def read_front_matter(file: Path) -> tuple[TomlDocument, str, int]:
    """A Markdown file's front matter (TOML between `+++` lines), its body, the body's first line.

    Raises ConfigError.
    """
    front, body, first = split_front_matter(file)
    return _parsed(file, front, 2), body, first


def split_front_matter(file: Path) -> tuple[str, str, int]:
    """As `read_front_matter`, the TOML as it is written. Raises ConfigError."""
    lines = read_text(file).split("\n")
    if lines[0].strip() != "+++":
        raise ConfigError("starts with a line +++, TOML and another +++", file=file, line=1)
    try:
        end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "+++")
    except StopIteration:
        raise ConfigError("the front matter has no closing +++ line", file=file, line=1) from None
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def read_text(file: Path) -> str:
    """Raises ConfigError where the file is absent or not UTF-8."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError("is not UTF-8; save it as UTF-8", file=file, line=line) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from None


def _parsed(file: Path, text: str, first: int) -> TomlDocument:
    try:
        return TomlDocument(file, text, tomllib.loads(text), first)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line = first - 1 + (int(place[1]) if place else len(text.splitlines()) or 1)
        words = str(error).replace(place[0], f" (column {place[2]})") if place else str(error)
        remedy = 'text stands in "quotes", lists in [ ], one key = value a line'
        raise ConfigError(f"not TOML: {words}; {remedy}", file=file, line=line) from None


# ── Types ────────────────────────────────────────────────────────────────────────────────────


@cache
def _converter() -> Converter:
    """A converter that takes a value as it is or says what it should have been."""
    converter = Converter(detailed_validation=True)
    text = _strict(str, 'is text in "quotes"')
    converter.register_structure_hook(
        str, lambda value, cls: _one_of(value, cls) if cls is not str else text(value, cls)
    )
    converter.register_structure_hook(bool, _strict(bool, "is true or false"))
    converter.register_structure_hook(int, _strict(int, "is a whole number"))
    converter.register_structure_hook(float, _strict(float, "is a number"))
    a_list, a_table = _strict(list, "is a list in [ ]"), _strict(dict, "is a table of its own")
    lists = converter.get_structure_hook(tuple[str, ...])
    tables = converter.get_structure_hook(Mapping[str, str])
    converter.register_structure_hook_func(
        lambda cls: _origin(cls) is tuple, lambda value, cls: lists(a_list(value, cls), cls)
    )
    converter.register_structure_hook_func(
        lambda cls: _origin(cls) is Mapping,
        lambda value, cls: tables(a_table(value, cls), cls),
    )

    @converter.register_structure_hook_factory(is_dataclass)
    def settings(cls: type[Any]) -> Callable[[Any, Any], Any]:
        keys = keys_of(cls)
        how: dict[str, Any] = {
            each.name: override(rename=keys.get(each.name), omit=each.name not in keys)
            for each in fields(cls)
        }
        known = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True, **how)
        return lambda value, _: known(a_table(value, cls), cls)

    return converter


def _origin(cls: Any) -> Any:
    return get_origin(cls)


def _strict(kind: type[Any], words: str) -> Callable[[Any, Any], Any]:
    accepted = (int, float) if kind is float else (kind,)

    def check(value: Any, _: Any) -> Any:
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"{words}, not {_shown(value)}")
        return float(value) if kind is float else value

    return check


def _one_of(value: Any, cls: type[StrEnum]) -> StrEnum:
    if value not in list(cls):
        choices = [str(choice) for choice in cls]
        hint = did_you_mean(str(value), choices)
        raise ValueError(f"is one of {', '.join(choices)}, not {_shown(value)}{hint}")
    return cls(value)


def _shown(value: Any) -> str:
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) < 60 else f"{text[:57]}…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "robots"?`, or nothing where no known word is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def _mistakes(
    error: BaseException, path: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Each mistake in the tree that cattrs raises: the path of its key, and what is wrong."""
    if isinstance(error, BaseValidationError):
        meant = {near for extra in error.exceptions for near in _meant(extra)}
        for inner in error.exceptions:
            step = _noted(inner, error.cl)
            if not (isinstance(inner, KeyError) and meant.issuperset(step)):
                yield from _mistakes(inner, (*path, *step))
    elif isinstance(error, ForbiddenExtraKeysError):
        known = list(keys_of(error.cl).values())
        for key in sorted(error.extra_fields):
            if now := former_keys(error.cl).get(key):
                yield (*path, key), f"is now called {now}; rename it"
                continue
            hint = did_you_mean(key, known) or f"; known here: {', '.join(known)}"
            yield (*path, key), f"no such key{hint}"
    elif isinstance(error, KeyError):
        yield path, "is missing; it has no default"
    else:
        yield path, str(error)


def _meant(error: BaseException) -> Iterator[str]:
    """The keys that misspelt ones stand for; these are not missing as well."""
    if isinstance(error, ForbiddenExtraKeysError):
        for key in error.extra_fields:
            yield from get_close_matches(key, list(keys_of(error.cl).values()), n=1)


def _noted(error: BaseException, cls: type[Any]) -> tuple[Step, ...]:
    """Which key or item of a `cls` the error is about."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (keys_of(cls)[note.name],)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()
