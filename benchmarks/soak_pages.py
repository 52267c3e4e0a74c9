"""What a vendor's page says, and how: a table, cards, a list, Markdown, prose, a data island.

An alteration between two states of a page is told in words that are not the engine's: (kind,
product before, product after, what, value before, value after).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

__all__ = [
    "GONE", "SHAPES", "SHELL", "WALL", "WORDINGS", "Product", "State", "Told", "alterations",
    "page_of",
]  # fmt: skip

Told = tuple[str, str, str, str, str, str]
"""kind, product before, product after, what of it, value before, value after."""

SHAPES = ("table", "cards", "list", "markdown", "prose", "island")
WORDINGS = (
    ("Input", "Cached input", "Output"),
    ("Input tokens", "Cached input tokens", "Output tokens"),
    ("Prompt", "Cached prompt", "Completion"),
)
METERS = ("input", "cached", "output")
WALL = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your "
    b"browser before you go on</h1><p>Enable JavaScript and cookies to continue.</p></body></html>"
)
SHELL = (
    b'<!doctype html><html><head><title>Pricing</title><script src="/app.js"></script></head>'
    b'<body><div id="root"></div><noscript>You need to enable JavaScript.</noscript></body></html>'
)
GONE = (
    b"<!doctype html><html lang=en><head><title>Page not found</title></head><body><h1>Page not "
    b"found</h1><p>The page you are looking for does not exist or was moved.</p></body></html>"
)


# ── What a page says ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Product:
    name: str
    values: tuple[str, ...]
    """A price per million tokens for each of METERS; of a seat; or a stage."""

    @property
    def slug(self) -> str:
        return "-".join(self.name.lower().replace("-", " ").split())


@dataclass(frozen=True, slots=True)
class State:
    """All that a page says, and how it says it."""

    house: str
    kind: str
    """`tokens`, `seats` or `stages`."""
    products: tuple[Product, ...]
    shape: str = "table"
    wording: int = 0
    per_thousand: bool = False
    chrome: int = 0
    """Which footer, which teaser: words that are nobody's price."""
    path: str = "/pricing"

    @property
    def facts(self) -> dict[tuple[str, str], str]:
        names = METERS if self.kind == "tokens" else (("stage",) if self.kind == "stages" else
                                                       ("price",))  # fmt: skip
        return {
            (product.slug, name): value
            for product in self.products
            for name, value in zip(names, product.values, strict=True)
        }


def alterations(old: State, new: State, renamed: tuple[str, str] = ("", "")) -> Counter[Told]:
    """What a reader is to hear when a page that said one thing says another."""
    was, now = old.facts, new.facts
    told: Counter[Told] = Counter()
    moved = {key: (renamed[1], key[1]) for key in was if key[0] == renamed[0]}
    for key, target in moved.items():
        told["renamed", key[0], target[0], key[1], was[key], now[target]] += 1
    for key in (was.keys() | now.keys()) - moved.keys() - set(moved.values()):
        before, after = was.get(key, ""), now.get(key, "")
        if before == after:
            continue
        if key[1] == "stage":
            kind = "availability"
        elif not before or not after:
            kind = "added" if after else "removed"
        else:
            kind = "rate_up" if Decimal(after) > Decimal(before) else "rate_down"
        mine, theirs = (key[0] if value else "" for value in (before, after))
        told[kind, mine, theirs, key[1], before, after] += 1
    return told


# ── How it says it ───────────────────────────────────────────────────────────────────────────


def page_of(state: State, nonce: str = "", language: str = "en") -> tuple[bytes, str]:
    """The page's bytes and media type."""
    body = _BODIES[state.kind if state.kind != "tokens" else state.shape](state)
    if state.shape == "markdown" and state.kind == "tokens":
        return f"# {state.house} pricing\n\n{_teaser(state)}\n\n{body}".encode(), "text/markdown"
    token = f'<meta name="csrf-token" content="{nonce}">' if nonce else ""
    title = "Lifecycle" if state.kind == "stages" else "Pricing"
    filler = "".join(
        f"<li><a href='/{word}'>{word.title()}</a></li>"
        for word in ("docs", "guides", "blog", "careers", "security", "status", "partners")
    )
    return (
        f"<!doctype html><html lang={language}><head><meta charset=utf-8>{token}"
        f"<title>{state.house} {title}</title>{_style(state.house, state.shape)}</head><body>"
        f"<header><nav><ul>{filler}</ul></nav></header><main><h1>{title}</h1><p>{_teaser(state)}</p>{body}</main>"
        f"<footer><p>© {state.house}. Release {state.chrome}.</p></footer></body></html>"
    ).encode(), "text/html"


@cache
def _style(house: str, shape: str) -> str:
    """What weighs most in a page and says nothing: 1 to 50 KB of it when it is compressed."""
    size = 1000 * random.Random(house).choice((1, 2, 3, 5, 8, 15, 30, 50))
    data = random.Random(house + shape).randbytes(size).hex()
    return f"<style>main {{ background: url(data:{data}) }}</style>"


def _teaser(state: State) -> str:
    return (
        "Pay for what you use. There is no minimum and no contract.",
        "Start for nothing, and grow at your own pace.",
        "One account for everything that we make; leave whenever you like.",
    )[state.chrome % 3]


def _money(state: State, amount: str) -> str:
    if not state.per_thousand:
        return f"${amount}"
    return f"${Decimal(amount) / 1000:.5f}"


def _per(state: State) -> str:
    return "1K tokens" if state.per_thousand else "1M tokens"


def _rows(state: State) -> Iterator[tuple[str, list[str]]]:
    for product in state.products:
        yield product.name, [_money(state, amount) for amount in product.values]


def _table(state: State) -> str:
    heads = "".join(f"<th>{word}</th>" for word in ("Model", *WORDINGS[state.wording]))
    rows = "".join(
        f"<tr><td>{name}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, cells in _rows(state)
    )
    return (
        f"<h2>Models</h2><p>Prices per {_per(state)}.</p><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _cards(state: State) -> str:
    def card(name: str, cells: Sequence[str]) -> str:
        lines = "".join(
            f"<dt>{word}</dt><dd>{cell} / {_per(state)}</dd>"
            for word, cell in zip(WORDINGS[state.wording], cells, strict=True)
        )
        return f"<section class=card><h3>{name}</h3><dl>{lines}</dl></section>"

    return "<h2>Models</h2>" + "".join(card(*row) for row in _rows(state))


def _list(state: State) -> str:
    def card(name: str, cells: Sequence[str]) -> str:
        lines = "".join(
            f"<li>{word}: {cell} / {_per(state)}</li>"
            for word, cell in zip(WORDINGS[state.wording], cells, strict=True)
        )
        return f"<div class=card><h3>{name}</h3><ul>{lines}</ul></div>"

    return "<h2>Models</h2>" + "".join(card(*row) for row in _rows(state))


def _markdown(state: State) -> str:
    heads = ("Model", *WORDINGS[state.wording])
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [" | ".join((name, *cells)) for name, cells in _rows(state)]
    rows = "".join(f"| {line} |\n" for line in lines)
    return f"## Models\n\nPrices per {_per(state)}.\n\n{rows}\nRelease {state.chrome}.\n"


def _prose(state: State) -> str:
    per = _per(state).removesuffix("tokens")
    return "<h2>Models</h2>" + "".join(
        f"<p>{name} costs {cells[0]} per {per}input tokens, {cells[1]} per {per}cached input "
        f"tokens and {cells[2]} per {per}output tokens.</p>"
        for name, cells in _rows(state)
    )


def _island(state: State) -> str:
    models = [
        {"name": name, "pricing": {"unit": _per(state), "currency": "USD",
         "input": cells[0][1:], "cached_input": cells[1][1:], "output": cells[2][1:]}}
        for name, cells in _rows(state)
    ]  # fmt: skip
    data = json.dumps({"props": {"pageProps": {"models": models}}})
    return (
        "<div id=root><p>All models in one list.</p></div>"
        f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    )


def _seats(state: State) -> str:
    rows = "".join(f"<tr><td>{p.name}</td><td>${p.values[0]}</td></tr>" for p in state.products)
    return (
        "<h2>Plans</h2><table><tr><th>Plan</th><th>Price per seat per month</th></tr>"
        f"{rows}</table>"
    )


def _stages(state: State) -> str:
    rows = "".join(
        f"<tr><td>{p.name}</td><td>{p.values[0].title()}</td></tr>" for p in state.products
    )
    return f"<h2>Models</h2><table><tr><th>Model</th><th>Status</th></tr>{rows}</table>"


_BODIES = {
    "table": _table, "cards": _cards, "list": _list, "markdown": _markdown, "prose": _prose,
    "island": _island, "seats": _seats, "stages": _stages,
}  # fmt: skip
