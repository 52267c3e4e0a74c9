"""What a page's scripts carry, as plain data: JSON in all its wrappings. Nothing is evaluated.

JSON scripts, state assigned to a variable, serialised references (devalue), islands' props
(Astro's `[type, value]`), streamed component payloads (React flight).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from ratewire.read.literals import parse_literal

__all__ = [
    "DEEPEST",
    "LONGEST",
    "flight_payloads",
    "island_payload",
    "json_payload",
    "paired",
    "state_payloads",
]

LONGEST = 5_000_000
"""Characters; a larger payload is left alone."""
DEEPEST = 60
"""Levels of data; what lies deeper is left alone."""
_MOST_NODES = 400_000
_WORTH = ("price", "pricing", "cost", '"rate', '"fee', "offers")
_MONEY = re.compile(r"[$€£¥]\d")
_STATE = re.compile(
    r"(?:window|self|globalThis)\s*(?:\.\s*[\w$]+|\[[\"'][\w$-]+[\"']\])\s*=\s*(?=[{\[])"
)
_PUSHED = "__next_f.push("
_MOST_STATES = 500
"""Assignments in one script."""
_LARGEST_INDEX = 9
"""Digits."""


def _speaks_of_money(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _WORTH) or bool(_MONEY.search(text))


_SURROGATES = re.compile(
    r"(\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\ud[89a-f][0-9a-f]{2}", re.IGNORECASE
)


def paired(text: str) -> str:
    """A JSON text without halves of surrogate pairs (RFC 8259, 8.2): they are no characters, and
    can neither be stored nor published."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _SURROGATES.sub(lambda found: found[0] if found[1] else r"\ufffd", text)


def json_payload(raw: str) -> Any:
    """The data of a JSON text; None where it is none, or speaks of no prices at all."""
    if len(raw) > LONGEST or not _speaks_of_money(raw):
        return None
    try:
        data = json.loads(paired(raw), parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return _revived(data) if _is_devalued(data) else data


def state_payloads(script: str) -> Iterator[Any]:
    """What a script assigns to variables of the window: `window.__STATE__ = {…}`."""
    if len(script) > LONGEST or not _speaks_of_money(script):
        return
    end = 0
    for match in islice(_STATE.finditer(script), _MOST_STATES):
        if match.start() >= end and (found := parse_literal(script, match.end())):
            end = found[1]
            yield _exact(found[0], 0)


def _exact(value: Any, depth: int) -> Any:
    """Numbers of a literal as decimals, by their digits."""
    if depth > DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: _exact(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item, depth + 1) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


# ── serialised references ────────────────────────────────────────────────────────────────────


def _is_devalued(data: Any) -> bool:
    """`[{"plans": 1}, [2], {"name": 3}, "Pro"]`: one flat list whose objects hold its indices."""
    if not isinstance(data, list) or len(data) < 4 or not isinstance(data[0], dict | list):
        return False
    holders = [item for item in data[:50] if isinstance(item, dict | list)]
    return all(
        isinstance(index, str) or (isinstance(index, Decimal) and _index(index) < len(data))
        for item in holders
        for index in (item.values() if isinstance(item, dict) else item)
    )


def _index(number: Decimal) -> int:
    """A number as a place in a list; one beyond all lists where it is none."""
    is_small = number.is_finite() and number.adjusted() < _LARGEST_INDEX
    return int(number) if is_small else 10**_LARGEST_INDEX


def _revived(data: list[Any]) -> Any:
    left = [_MOST_NODES]

    def at(index: Any, depth: int) -> Any:
        left[0] -= 1
        if depth > DEEPEST or left[0] < 0 or not isinstance(index, Decimal):
            return None
        if not 0 <= (place := _index(index)) < len(data):
            return None
        value = data[place]
        if isinstance(value, dict):
            return {key: at(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):  # `["Reactive", 3]` wraps what stands at 3
            if len(value) == 2 and isinstance(value[0], str):
                return at(value[1], depth + 1)
            return [at(item, depth + 1) for item in value]
        return value

    return at(Decimal(0), 0)


# ── islands ──────────────────────────────────────────────────────────────────────────────────


def island_payload(props: str) -> Any:
    """An island's props, plain or in Astro's `[type, value]` form; None: they are no JSON."""
    if len(props) > LONGEST or not props.lstrip().startswith("{"):
        return None
    try:
        data = json.loads(paired(props), parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return _plain(data, 0)


def _plain(value: Any, depth: int) -> Any:
    """`[0, x]` is x, `[1, [...]]` a list."""
    if depth > DEEPEST:
        return None
    if isinstance(value, list) and value and value[0] in (0, 1) and len(value) <= 2:
        if len(value) == 1:
            return None
        if value[0] == 1 and isinstance(value[1], list):
            return [_plain(item, depth + 1) for item in value[1]]
        return _plain(value[1], depth + 1) if isinstance(value[1], dict) else value[1]
    if isinstance(value, dict):
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    return value


# ── streams of components ────────────────────────────────────────────────────────────────────


def flight_payloads(scripts: Iterable[str]) -> Iterator[Any]:
    """The rows of a React flight stream (`self.__next_f.push`)."""
    stream = "".join(_pushed(script) for script in scripts)
    if len(stream) > LONGEST or not _speaks_of_money(stream):
        return
    for line in stream.split("\n"):
        _, _, payload = line.partition(":")
        if payload[:1] not in ("[", "{") or not _speaks_of_money(payload):
            continue
        try:
            yield json.loads(paired(payload), parse_float=Decimal, parse_int=Decimal)
        except (ValueError, RecursionError, ArithmeticError):
            continue


def _pushed(script: str) -> str:
    start = script.find(_PUSHED)
    end = script.rfind(")")
    if start < 0:
        return ""
    try:
        pushed = json.loads(paired(script[start + len(_PUSHED) : end].strip()))
    except (ValueError, RecursionError):
        return ""
    text = pushed[1] if isinstance(pushed, list) and len(pushed) > 1 else ""
    return text if isinstance(text, str) else ""
