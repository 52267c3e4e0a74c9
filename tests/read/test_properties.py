"""One price list in every shape that pages have reads to the same rates, whatever is round it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_of import reading

from ratewire.errors import ReadError

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
UNITS = {"1M tokens": "per 1M tokens", "1K tokens": "per 1K tokens"}
HEADS = {"input": "Input", "input.cached": "Cached input", "output": "Output"}
TIERS = {"standard": "Standard", "batch": "Batch", "priority": "Priority"}


@dataclass(frozen=True)
class PriceList:
    """What a page says: amounts by product and meter, in one currency and unit."""

    products: tuple[str, ...]
    meters: tuple[str, ...]
    amounts: dict[tuple[str, str], str]
    currency: str
    unit: str

    def money(self, product: str, meter: str) -> str:
        return SYMBOLS[self.currency] + self.amounts[product, meter]

    def rates(self, tier: str = "") -> set[tuple[str, ...]]:
        conditions = f"tier {tier}" if tier else ""
        return {
            (product.lower(), meter, str(Decimal(amount)), self.currency, self.unit, conditions)
            for (product, meter), amount in self.amounts.items()
        }


NAMES = st.from_regex(
    r"(?:onyx|quartz|flint|opal)-[1-9](?:\.[1-9])?(?:-mini|-max)?", fullmatch=True
)
AMOUNTS = st.decimals("0.01", "999", places=2).map(str)


@st.composite
def price_lists(draw: st.DrawFn) -> PriceList:
    products = tuple(draw(st.lists(NAMES, min_size=2, max_size=5, unique=True)))
    meters = tuple(sorted(draw(st.sets(st.sampled_from(sorted(HEADS)), min_size=2))))
    amounts = {(p, m): draw(AMOUNTS) for p in products for m in meters}
    return PriceList(
        products, meters, amounts,
        draw(st.sampled_from(sorted(SYMBOLS))), draw(st.sampled_from(sorted(UNITS))),
    )  # fmt: skip


# ── shapes ───────────────────────────────────────────────────────────────────────────────────


def _rows(prices: PriceList, cell: str = "{}") -> str:
    return "".join(
        f"<tr><td>{product}</td>"
        + "".join(
            f"<td>{cell.format(prices.money(product, meter))}</td>" for meter in prices.meters
        )
        + "</tr>"
        for product in prices.products
    )


def _head(prices: PriceList, head: str = "{}") -> str:
    heads = "".join(f"<th>{head.format(HEADS[meter])}</th>" for meter in prices.meters)
    return f"<thead><tr><th>Model</th>{heads}</tr></thead>"


def _page(inner: str) -> tuple[str, str]:
    return f"<html><body><h1>Pricing</h1>{inner}</body></html>", "text/html"


def html_with_unit_in_the_heads(prices: PriceList) -> tuple[str, str]:
    head = _head(prices, f"{{}} ({UNITS[prices.unit]})")
    return _page(f"<table>{head}<tbody>{_rows(prices)}</tbody></table>")


def html_with_unit_in_the_caption(prices: PriceList) -> tuple[str, str]:
    caption = f"<caption>Prices {UNITS[prices.unit]}</caption>"
    return _page(f"<table>{caption}{_head(prices)}<tbody>{_rows(prices)}</tbody></table>")


def html_with_unit_in_a_paragraph(prices: PriceList) -> tuple[str, str]:
    note = f"<p>All prices are {UNITS[prices.unit]}.</p>"
    return _page(f"{note}<table>{_head(prices)}<tbody>{_rows(prices)}</tbody></table>")


def html_with_unit_in_the_cells(prices: PriceList) -> tuple[str, str]:
    rows = _rows(prices, f"{{}} / {prices.unit}")
    return _page(f"<table>{_head(prices)}<tbody>{rows}</tbody></table>")


def html_on_its_side(prices: PriceList) -> tuple[str, str]:
    heads = "".join(f"<th>{product}</th>" for product in prices.products)
    rows = "".join(
        f"<tr><th>{HEADS[meter]} ({UNITS[prices.unit]})</th>"
        + "".join(f"<td>{prices.money(product, meter)}</td>" for product in prices.products)
        + "</tr>"
        for meter in prices.meters
    )
    return _page(f"<table><thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table>")


def html_with_spanned_products(prices: PriceList) -> tuple[str, str]:
    rows = ""
    for product in prices.products:
        for number, meter in enumerate(prices.meters):
            name = f'<td rowspan="{len(prices.meters)}">{product}</td>' if number == 0 else ""
            rows += f"<tr>{name}<td>{HEADS[meter]}</td><td>{prices.money(product, meter)}</td></tr>"
    head = f"<thead><tr><th>Model</th><th>Type</th><th>Price {UNITS[prices.unit]}</th></tr></thead>"
    return _page(f"<table>{head}<tbody>{rows}</tbody></table>")


def a_section_for_each_product(prices: PriceList) -> tuple[str, str]:
    sections = "".join(
        f"<h2>{product}</h2><table><tr><th>Type</th><th>Price {UNITS[prices.unit]}</th></tr>"
        + "".join(
            f"<tr><td>{HEADS[meter]}</td><td>{prices.money(product, meter)}</td></tr>"
            for meter in prices.meters
        )
        + "</table>"
        for product in prices.products
    )
    return _page(sections)


def definition_lists(prices: PriceList) -> tuple[str, str]:
    sections = "".join(
        f"<h2>{product}</h2><dl>"
        + "".join(
            f"<dt>{HEADS[meter]}</dt><dd>{prices.money(product, meter)} {UNITS[prices.unit]}</dd>"
            for meter in prices.meters
        )
        + "</dl>"
        for product in prices.products
    )
    return _page(sections)


def markdown_pipes(prices: PriceList) -> tuple[str, str]:
    lines = [
        "# Pricing", "", f"Prices {UNITS[prices.unit]}.", "",
        "| Model | " + " | ".join(HEADS[meter] for meter in prices.meters) + " |",
        "|---" * (1 + len(prices.meters)) + "|",
    ]  # fmt: skip
    lines += [
        f"| `{product}` | "
        + " | ".join(prices.money(product, meter).replace("$", "\\$") for meter in prices.meters)
        + " |"
        for product in prices.products
    ]
    return "\n".join(lines), "text/markdown"


def markdown_lists(prices: PriceList) -> tuple[str, str]:
    lines = ["# Pricing", ""]
    for product in prices.products:
        lines.append(f"- **{product}**")
        lines += [
            f"  - {HEADS[meter]}: {prices.money(product, meter)} {UNITS[prices.unit]}"
            for meter in prices.meters
        ]
    return "\n".join(lines), "text/markdown"


def markdown_sentences(prices: PriceList) -> tuple[str, str]:
    words = {meter: HEADS[meter].lower() for meter in prices.meters}
    count = prices.unit.split()[0]
    lines = ["# Pricing", ""]
    for product in prices.products:
        stated = [
            f"{prices.money(product, meter)} per {count} {words[meter]} tokens"
            for meter in prices.meters
        ]
        lines += [f"{product} costs {', '.join(stated[:-1])} and {stated[-1]}.", ""]
    return "\n".join(lines), "text/markdown"


def html_in_markdown(prices: PriceList) -> tuple[str, str]:
    html, _ = html_with_unit_in_the_heads(prices)
    return f"# Pricing\n\n{html.split('</h1>')[1].split('</body>')[0]}\n", "text/markdown"


def mdx_rows(prices: PriceList) -> tuple[str, str]:
    heads = json.dumps(["Model", *(HEADS[meter] for meter in prices.meters)])
    rows = [[p, *(prices.money(p, m) for m in prices.meters)] for p in prices.products]
    body = f"<PriceTable headings={{{heads}}} rows={{{json.dumps(rows)}}} />"
    return f"# Pricing\n\nPrices {UNITS[prices.unit]}.\n\n{body}\n", "text/mdx"


def mdx_records(prices: PriceList) -> tuple[str, str]:
    keys = {"input": "input", "input.cached": "cachedInput", "output": "output"}
    records = "".join(
        f'{{ model: "{p}", '
        + ", ".join(f'{keys[m]}: "{prices.money(p, m)}"' for m in prices.meters)
        + " },"
        for p in prices.products
    )
    body = f"export const prices = [{records}];\n\n# Pricing\n\nPrices {UNITS[prices.unit]}.\n\n"
    return body + "<Prices rows={prices} />\n", "text/mdx"


def embedded_json(prices: PriceList) -> tuple[str, str]:
    heads = ["Model", *(f"{HEADS[m]} {UNITS[prices.unit]}" for m in prices.meters)]
    rows = [[p, *(prices.money(p, m) for m in prices.meters)] for p in prices.products]
    data = json.dumps({"props": {"pricing": {"headings": heads, "rows": rows}}})
    return _page(f'<script id="__NEXT_DATA__" type="application/json">{data}</script>')


SHAPES: tuple[Callable[[PriceList], tuple[str, str]], ...] = (
    html_with_unit_in_the_heads,
    html_with_unit_in_the_caption,
    html_with_unit_in_a_paragraph,
    html_with_unit_in_the_cells,
    html_on_its_side,
    html_with_spanned_products,
    a_section_for_each_product,
    definition_lists,
    markdown_pipes,
    markdown_lists,
    markdown_sentences,
    html_in_markdown,
    mdx_rows,
    mdx_records,
    embedded_json,
)

_fast = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def _read(page: str, media_type: str) -> set[tuple[str, ...]]:
    facts = reading(page, media_type, url="https://docs.example.com/").facts
    return {
        (r.product, r.meter, str(r.amount), r.currency, str(r.unit), str(r.conditions))
        for r in facts.rates
    }


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@_fast
@given(prices=price_lists())
def test_a_price_list_reads_back_from_any_shape(
    shape: Callable[[PriceList], tuple[str, str]], prices: PriceList
) -> None:
    assert _read(*shape(prices)) == prices.rates()


@_fast
@given(prices=price_lists(), tiers=st.permutations(sorted(TIERS)))
def test_a_pane_for_each_tier_gives_its_rates_that_tier(
    prices: PriceList, tiers: list[str]
) -> None:
    tabs = "".join(
        f'<button role="tab" id="t{n}" aria-controls="p{n}">{TIERS[tier]}</button>'
        for n, tier in enumerate(tiers)
    )
    table, _ = html_with_unit_in_the_heads(prices)
    table = table.split("</h1>")[1].split("</body>")[0]
    panes = "".join(
        f'<div role="tabpanel" id="p{n}" {"hidden" if n else ""}>{table}</div>'
        for n, _ in enumerate(tiers)
    )
    page = _page(f'<div role="tablist">{tabs}</div><div>{panes}</div>')
    assert _read(*page) == set().union(*(prices.rates(tier) for tier in tiers))


# ── what changes nothing ─────────────────────────────────────────────────────────────────────

NOISE = (
    "<div class='cookie'>We use cookies. <button>Accept</button></div>",
    "<script>var t = 'price: $9.99 per image';</script>",
    "<nav><a href='/'>Home</a><a href='/pricing'>Pricing $1 per month</a></nav>",
    "<footer>Last updated: 3 March 2026. Our plans start at $5 per month.</footer>",
    "<p>Last updated on May 4, 2026.</p>",
    "<style>.price{color:red}</style>",
    "<noscript>Enable JavaScript for $3 per seat.</noscript>",
    "<p>Questions? Write to us.</p>",
    "<!-- $4.00 per image -->",
)


@_fast
@given(prices=price_lists(), seed=st.integers(0, 10**6))
def test_dress_and_order_change_nothing(prices: PriceList, seed: int) -> None:
    rng = random.Random(seed)
    products = list(prices.products)
    rng.shuffle(products)
    shuffled = PriceList(
        tuple(products), prices.meters, prices.amounts, prices.currency, prices.unit
    )
    page, kind = html_with_unit_in_the_heads(shuffled)
    inner = page.split("</h1>")[1].split("</body>")[0]
    for tag in ("table", "tr", "td", "th", "thead", "tbody"):
        attributes = [
            f'class="{escape(chr(rng.randrange(97, 123)) * 5)}"',
            f'data-x{rng.randrange(9)}="{rng.randrange(10**6)}"',
            f'id="i{rng.randrange(10**6)}"',
        ]
        rng.shuffle(attributes)
        inner = inner.replace(f"<{tag}>", f"<{tag} {' '.join(attributes)}>")
    for _ in range(rng.randrange(4)):
        inner = f'<div class="c{rng.randrange(99)}"><section>{inner}</section></div>'
    noise = rng.sample(NOISE, 4)
    page = (
        f"<html><body>{noise[0]}{noise[1]}<h1>Pricing</h1>{inner}{noise[2]}{noise[3]}</body></html>"
    )
    assert _read(page, kind) == prices.rates()


# ── nothing breaks it ────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<tr><td>a<td>1<td>2", "| a | 1 | 2 |\n",
     "<td rowspan=3>", "<td colspan=999>", "</td>", "<th>", "<b>",
     "<Tab title='x'>", "</Tab>", "<Tabs items={['a', 'b']}>", "rows={[", "]}", "{", "}", "[", "]",
     "`", "```\n", "~~", "**", "| a | b |\n", "|---|---|\n", "$5", "€ 1.234,56", "per 1M tokens",
     "\n", "\n\n", "# ", "- ", "    ", "> ", ":::", "::: note x\n", "=== \"a\"\n", "!!! note\n",
     "{% tab %}", "{{<", "<!--", "-->", "<script>", "</script>", "export const a = [", "\\", "&#0;",
     "&lt;", "===", "+--+\n", "|===\n", ".. list-table:: x\n", "   * - a\n", "\x00", "\ufeff",
     "until March 31", "Onyx 1 is deprecated.", "<dl><dt>a<dd>$1 per month", "\u202e", "百万",
     "{\"prices\": [{\"name\": \"a\", \"price\": 1}]}", "<details><summary>x", "- 1. - ", "[^1]"]
)  # fmt: skip
SOUP = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join)
KINDS = st.sampled_from(
    ["", "text/html", "text/plain", "text/markdown", "text/mdx", "application/json", "text/xml"]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=SOUP, kind=KINDS)
def test_no_page_breaks_the_reader(text: str, kind: str) -> None:
    try:
        facts = reading(text, kind).facts
    except ReadError:
        return
    assert all(rate.amount >= 0 and rate.product for rate in facts.rates)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=SOUP, kind=KINDS)
def test_one_page_reads_alike_each_time(text: str, kind: str) -> None:
    try:
        first = reading(text, kind)
    except ReadError:
        return
    assert reading(text, kind) == first
