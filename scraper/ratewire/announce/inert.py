"""Words off a page for places that read markup, mentions and addresses into any text: chats, and
GitHub.

Their grammars differ, overlap and cannot be escaped the same way: Slack takes no backslash, and
GitHub looks for `@` after it has resolved both backslashes and character references. So what any
of them gives a meaning becomes a character that looks like it and has none, in all of them.
"""

from __future__ import annotations

import re

from ratewire.wording.text import plain

__all__ = ["inert"]

_LOOKALIKES = str.maketrans(
    {
        "@": "\N{FULLWIDTH COMMERCIAL AT}",
        "#": "\N{FULLWIDTH NUMBER SIGN}",
        "&": "\N{FULLWIDTH AMPERSAND}",
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
        "[": "\N{FULLWIDTH LEFT SQUARE BRACKET}",
        "]": "\N{FULLWIDTH RIGHT SQUARE BRACKET}",
        "{": "\N{FULLWIDTH LEFT CURLY BRACKET}",
        "}": "\N{FULLWIDTH RIGHT CURLY BRACKET}",
        "|": "\N{BROKEN BAR}",
        "\\": "\N{FULLWIDTH REVERSE SOLIDUS}",
        "*": "\N{ASTERISK OPERATOR}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    }
)
_OTHERS = (
    (re.compile(r"(?<![^\W_])_|_(?![^\W_])"), "\N{MODIFIER LETTER LOW MACRON}"),  # not snake_case
    (re.compile(r"(?<!\d):(?=\S)|:(?=[^\s\d])"), "\N{FULLWIDTH COLON}"),  # https: and :smile:
    (re.compile(r"(?i)(?<=\w)\.(?=[^\W\d_]{2})|(?<=www)\."), "\N{ONE DOT LEADER}"),  # not 4.1
    (re.compile(r"(?i)(?<=\bgh)-(?=\d)"), "\N{NON-BREAKING HYPHEN}"),  # a reference on GitHub
)


def inert(text: str, limit: int = 300) -> str:
    """One line of at most `limit` characters that mentions nobody, links nowhere and is no markup.

    Prices, names and sentences come out as they are.
    """
    line = plain(text, limit).translate(_LOOKALIKES)
    for found, lookalike in _OTHERS:
        line = found.sub(lookalike, line)
    return line
