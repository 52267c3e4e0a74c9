"""Templates that are compiled with a language's words in them.

`say("nav.prices")` is the same text on every page, so it becomes part of the template
when that is compiled; a page does not look it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jinja2 import pass_eval_context
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.nodes import EvalContext

from ratewire.wording.catalogue import Words

__all__ = ["FixedWords", "speaker"]

_CALL = ("name", "lparen", "string", "rparen")
"""The tokens of `say("nav.prices")`."""


def speaker(words: Words) -> Callable[..., str]:
    """`say` for templates: a message, escaped where the template is."""

    @pass_eval_context
    def say(context: EvalContext, key: str, /, **put: object) -> str:
        return words.html(key, **put) if context.autoescape else words(key, **put)

    return say


class FixedWords(Extension):
    """Puts the words in whose keys are written out and that nothing is put into.

    A word becomes a string of the template, which is escaped as any string is. An unknown key is
    left for the page, where the mistake is named.
    """

    words: Words

    @classmethod
    def of(cls, words: Words) -> type[FixedWords]:
        return type("FixedWords", (cls,), {"words": words})

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            text = self._text(tokens[at : at + len(_CALL)])
            if text is None:
                yield tokens[at]
                at += 1
            else:
                yield Token(tokens[at].lineno, "string", text)
                at += len(_CALL)

    def _text(self, tokens: list[Token]) -> str | None:
        if tuple(token.type for token in tokens) != _CALL or tokens[0].value != "say":
            return None
        return self.words.fixed(tokens[2].value)
