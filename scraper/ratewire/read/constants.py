"""Constants that MDX pages declare, put where the page uses them, as far as they are literals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ratewire.read.literals import parse_literal
from ratewire.read.records import literal_rows, table_html

__all__ = ["Braces", "with_constants"]

_IN_BRACES = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`", re.S)
_CONSTANT = re.compile(
    r"^(?:export\s+)?(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::[^=\n]+)?=\s*", re.M
)
_END = re.compile(r"[ \t]*(?:as const)?;?")
_MOST_CONSTANTS = 200
_REACH = 400_000
"""Characters in which a brace finds its end."""
_PATIENCE = 4_000_000
"""Characters looked through in vain before braces are taken for text."""


def with_constants(text: str) -> str:
    """Declared literals moved to where the page first uses them."""
    parts: list[str] = []
    declared: dict[str, str] = {}
    at = 0
    for match in _CONSTANT.finditer(text):
        if len(declared) == _MOST_CONSTANTS:
            break
        parsed = parse_literal(text, match.end()) if match.start() >= at else None
        if parsed is None or parsed[0] is None:
            continue
        source = text[match.end() : parsed[1]]
        parts.append(text[at : match.start()])
        end = _END.match(text, parsed[1])
        at = end.end() if end else parsed[1]
        declared[match["name"]] = source
    parts.append(text[at:])
    text = "".join(parts)
    for name, source in declared.items():
        text = _used(text, name, source)
    return text


def _used(text: str, name: str, source: str) -> str:
    """The literal in place of its name; an array of a loop, or used nowhere, as a table."""
    reference = re.compile(rf"(=\s*)?\{{\s*{re.escape(name)}(?![\w$])")
    match = reference.search(text)
    is_list = source[:1] == "["
    if match is None:
        return text + _list_html(source, name) if is_list else text
    end = Braces().end(text, match.end(1) if match.group(1) else match.start())
    if end < 0:
        return text
    if not is_list and source[:1] != "{":
        plain = parse_literal(source)
        return re.sub(rf"\{{\s*{re.escape(name)}\s*\}}", str(plain[0] if plain else ""), text)
    if match.group(1):
        return f"{text[: match.end(1)]}{{{source}}}{text[end:]}"
    return text[: match.start()] + (_list_html(source, name) if is_list else "") + text[end:]


def _list_html(source: str, name: str) -> str:
    parsed = parse_literal(source)
    rows, heads = literal_rows(parsed[0]) if parsed else ([], [])
    return table_html(rows, heads, name) if rows else ""


@dataclass
class Braces:
    """Finds the ends of braces; gives up once it has looked too far for braces that have none."""

    left: int = _PATIENCE

    def end(self, text: str, at: int) -> int:
        """The position after the brace that closes the one at `at`; -1: none within reach."""
        limit = min(len(text), at + _REACH)
        depth, position = 0, at
        while self.left > 0 and (match := _IN_BRACES.search(text, position, limit)):
            if match.group() == "{":
                depth += 1
            elif match.group() == "}":
                depth -= 1
                if depth == 0:
                    return match.end()
            position = match.end()
        self.left -= limit - at
        return -1
