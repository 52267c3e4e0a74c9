"""Pages that repeat something: of every sort, in every place of a page, as long as one likes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

__all__ = ["TABLE", "TABLE_MD", "Shape", "in_html", "in_markdown", "repeating"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A page that repeats something: `page(n)` is one with about n characters more than nothing."""

    name: str
    media_type: str
    page: Callable[[int], str]
    kind: str = "pricing"
    earlier: Callable[[int], str] | None = None

    def before(self, length: int) -> str:
        """What `page(length)` is compared with: half of it, where nothing else is wanted."""
        return self.earlier(length) if self.earlier else self.page(length // 2)


# ── What is repeated ─────────────────────────────────────────────────────────────────────────

TEXTS = (
    # signs and digits
    "*", "$", "$1 ", "$1 ¥1", "¥1", "1", "9,", "1.", "1 ", "1,111", "1 111 ", "1,11,", "1e9 ", "-",
    "- ", "–", "1–", "/", "//", "(", ")", "()", "[", "]", "[]", "{", "}", "{}", "<", ">", "\"", "'",
    "`", "“", "_", "~", "~~", "#", "%", "1% ", "+", "1% + $1 ", "=", "|", ":", ";", ",", ".", "...",
    "!", "?", "&", "^", "@", "\\", "\\$1", "→", "$1 → ", "•", "×", "≤", "½", "²", "™",
    # spaces
    " ", "\t", "\n", "\n\n", "\u00a0", "\u200b", "\u3000", "\u202f", " \t", "\r\n", "\u2028",
    # scripts
    "é", "ß", "字", "元", "百万", "あたり", "월", "ا", "१", "👍", "e\u0301", "\u0301", "ﬁ", "İ",
    # words of prices
    "per ", "per token ", "/token", "$1/a ", "$1 per GB of ", "1M tokens ", "$1 per 1M ", "per 1K/",
    "from ", "was $1 ", "plus VAT ", "free ", "each ", "of ", "and ", "or ", "the ", "up to ", "a ",
    "over 1 ", "first 1 ", "next 1 GB ", "$1 - ", "$1 – $2 ", "1p ", "kr ", "A$", "USD ", "$1.",
    "input ", "output ", "cached ", "batch ", "tokens ", "monthly ", "months ", "per month ",
    "billed annually ", "additional ", "included ", "discount ", "1K/2K ", "1 month ", "1-year ",
    "月額", "100万", "每", "价格", "für je ", "для ", "от 1 ", "par ", "por ", "à partir de ",
    # dates and stages
    "January ", "January 1, 2026 ", "2026-01-01 ", "1/1/26 ", "effective ", "until ", "2026年1月",
    "deprecated ", "retired on ", "generally available ", "preview ", "not before ", "from 9am ",
    "9:00 ", "UTC ", "weekdays ", "limits: 1 ", "1 requests per minute ", "RPM ", "x", "GPT-4 ",
    "a-b-", "model 1 ", "A. ", "a: ", "a, ", "v1.", "vs. ", "cheaper than ", "compared to ",
    # addresses, marks, entities
    "http://", "https://a.b/?c=", "www.", "a@b.", "&lt;", "&#1;", "{{", "{{ a ", "{%", "[1]",
    "[^1]",
    "(1) ", "1) ", "*1 ", "† ", "<!--", "/*", "<b>", "</b>", "<p>", "<td>", "$1</p>",
)  # fmt: skip
"""Fragments that are put into every place of a page."""

ELEMENTS = (
    "<p>", "<div>", "<div hidden>", "<div hidden>a</div>", "<p hidden>a", "<table>", "<tr>", "<td>",
    "<table><tr><td>", "<table></table>", "<table><tr><td>$1</table>", "<td rowspan=9>",
    "<td rowspan=0>$1", "<tr><td colspan=1000>a", "<tr><td rowspan=1000 colspan=9>a", "<th>a",
    "<tr><th>a<td>$1", "<tr><td>a<td>$1 per 1M tokens", "<caption>a", "<thead><tr><th>a", "<tbody>",
    "<b>", "<b>a</b>", "<b>a</b><b>b</b>", "<sup>1</sup>", "<sup>", "<del>1</del>", "<s>$1</s>$1",
    "<del>", "<i style='text-decoration:line-through'>$1</i>", "<i style='line-through'>",
    "<p style='display: none'>a", "<p style='text-decoration: '>", "<details><summary>a</summary>",
    "<details>", "<summary>$1", "<h1>", "<h2>", "<h2>a</h2>", "<h2>$1</h2>", "<h2>a<p>$1",
    "<h6>a</h6><h1>b</h1>", "<h2>a</h2><h3>b</h3><p>$1</p>", "<li>", "<li>a", "<ul><li>$1", "<ul>",
    "<ol><li>a", "<dl>", "<dt>a", "<dd>$1", "<dt>a<dd>$1", "<br>", "<br>$1", "<hr>", "<a>",
    "<a href=/a>",
    "<nav>$1", "<footer>$1", "<button>$1</button>", "<select><option>$1", "<option>", "<template>",
    "<noscript>$1", "<pre>a  b\n", "<pre>", "<code>$1</code>", "<tab title=a>",
    "<tab title=a></tab>",
    "<p role=tabpanel>", "<i role=tab id=a>", "<i aria-controls=a>a", "<p id=a>$1",
    "<i aria-controls=a id=a role=tab>a</i><p id=a role=tabpanel>$1</p>", "<p role=row>",
    "<p role=table>", "<p role=cell>", "<div role=table><p role=row><p role=cell>", "<script>",
    "<script></script>", "<style>", "<svg>", "<math>", "<iframe>", "<form>", "<input>", "<img>",
    "<img alt='$1'>", "<object>", "<textarea>", "<title>", "<body>", "<html>", "<head>", "<meta>",
    "</p>", "</div>", "</table>", "</td>", "<", "</", "<a b=", "<a b='", "<a b>", "&lt;", "&",
    "<!--",
    "<!-- a -->", "<![CDATA[", "<?a", "<!doctype html>", "<div><p>a</p><p>$1</p></div>",
    "<div><p>a</p>", "<div><h3>a</h3><p>$1/month</p><ul><li>a</ul></div>", "<table><tr><b>a</b>",
    "<td><p></p><p>", "<td x='$1'></td>", "<tr><td>a</td></tr>", "<span class=sr-only>$1</span>",
    "<ins>", "<p>a</p>$1", "<td><td>$1", "<p>$1 per month</p>", "<p>Free</p>", "<p>a: $1</p>",
    "<p>Deprecated</p>", "<p>effective January 1, 2027</p>", "<section>", "<article><h3>a</h3>$1",
    "<font>", "<center>", "<u>a", "<blockquote>", "<main>", "<header>", "<label>$1", "<small>$1",
    "<td>1 requests per minute", "<p>1,000 requests per minute</p>", "<p>- $1",
    "<p>was <s>$2</s> $1",
)  # fmt: skip

MARKDOWN = (
    "*a ", "**a*", "**a**", "_a ", "~~a ", "`` ` ", "[a](", "![a](", "[a][", "[^a", "[a](b) ",
    "\n\n ", "\t|", "|a\n", "| a | $1 |\n", "- a\n", "-\n", " -\n", "  - a\n", "> ", ">\n",
    "> > a\n",
    "# \n", "# a\n", "###### a\n", "## $1\n", "```\n", "``` a\n", "~~~a\n", "```\n\n", "    a\n",
    "    a\n\n", "=\n", "a\n=\n", "a\n---\n", "---\n", ": a\n", "a\n: b\n", "<a ", "<a b={", "<A {",
    "<A b='", "<CodeBlock>", "<A>b</A> c ", "<A t='b'/> ", "<Tabs>\n", "<Tab title='a'>\n$1\n",
    "</A>", "<%", "{/*", "{'a' ", "export const a = [\n", "const a = '\n",
    "const a = 1\n{a}", "rows: [", "[\"a\",\n", "  [a(", "title: \"a\", rows: [", ":::", "::: a\n",
    "=== \"a\"\n", "!!! a\n", "+-", "+---+\n", "= = =\n", "|===\n", ".. a::\n", "1. a\n", "a  \n",
    "[a]: b\n", "--|--\n", "a|b\n-|-\n", "a|b\n-|-\nc|$1\n", "| a | b |\n|---|---|\n",
    "---\na: b\n",
    "| --- ", "|:-:", "<!-- a -->\n", "\n\n```\n", "* * *\n", "a\n\n- b\n\n", "<br>", "<details>\n",
    "import a from 'b'\n", "a<sup>1</sup> ", "\\\n", "$a$ ", "\u2014\n", "**a:** $1\n\n",
)  # fmt: skip

JSON = (
    "[", "{\"a\":", "[1,", "{\"price\":[", "\"", "1", "1e", "1e9", "\\", "[{\"price\":1},", " ",
    "{\"name\":\"a\",\"price\":1},", "{\"name\":\"a\",\"prices\":{\"input\":1}},", "[[1,",
    "{\"a\":{},", "\"a\",", "\"\\u0000\",", "null,", "{},", "[],",
    "{\"headings\":[\"a\"],\"rows\":[",
    "{\"offers\":", "{\"@graph\":[", "\"a\":1,", "-", "1.", "0",
)  # fmt: skip
SCRIPTS = (
    "window.a=[1/*", "window.a=['", "window.a={b:", "window.a=[", "/* */", "window . ", "window ",
    "window.a={};", "window.a=[1];", "window['a']=", "var a=", "const a={price:1};", "//", "/", "'",
    "\\", "`${", "a=", "self.__next_f.push([1,\"", "self.__next_f.push([1,\"$1:[\"])",
    "JSON.parse('", "JSON.parse(\"", "\\u0022", "price:", "{price:1,name:'a'},",
    "window.a=[{name:'a',price:1},", "function(){", "return ", "<!--", "\n", "0x", "1e9,", "+",
)  # fmt: skip
FEEDS = (
    "<item><title>a</title></item>", "<item><description>Jan 1, 00:00 UTC Resolved - ",
    "<item>", "<a>", "<![CDATA[a]]>", "a", "Jan 1, 10:00 UTC ", "Resolved - ",
    "Jan ", " - ", "<item><guid>a</guid></item>", "&lt;small&gt;", "Jan 1, 00:00 - ",
)  # fmt: skip

# ── Where ────────────────────────────────────────────────────────────────────────────────────

TABLE = (
    "<table><tr><th>Model</th><th>Input</th><th>Output</th></tr>"
    "<tr><td>Kite 1</td><td>$1.00</td><td>$2.00</td></tr>"
    "<tr><td>Kite 2</td><td>$3.00</td><td>$4.00</td></tr></table>"
)
TABLE_MD = (
    "| Model | Input | Output |\n|---|---|---|\n| Kite 1 | $1.00 | $2.00 |\n"
    "| Kite 2 | $3.00 | $4.00 |\n"
)


def in_html(inside: str) -> str:
    return (
        "<!doctype html><html lang=en><head><title>Pricing</title></head><body><h1>Pricing</h1>"
        f"<p>Prices per 1M tokens.</p>{TABLE}{inside}"
    )


def in_markdown(inside: str) -> str:
    return f"# Pricing\n\nPrices per 1M tokens.\n\n{TABLE_MD}\n{inside}"


PLACES: dict[str, tuple[str, str]] = {
    "p": ("<p>Kite $1 ", " $1 per token</p>"),
    "h2": ("<h2>", "</h2><p>$1</p>"),
    "td": ("<table><tr><th>Model<th>Price</tr><tr><td>a<td>$1 ", " per token</tr></table>"),
    "label": ("<table><tr><th>Model<th>Price</tr><tr><td>a ", "<td>$1</tr></table>"),
    "th": ("<table><tr><th>Model<th>", "</tr><tr><td>a<td>$1</tr></table>"),
    "li": ("<ul><li>Kite: $1 ", "</li></ul>"),
    "alone": ("<p>", "</p>"),
}
"""In HTML, as text."""
ATTRIBUTES: dict[str, tuple[str, str]] = {
    "class": ("<p class='", "'>$1</p>"),
    "style": ("<p style='", "'>$1</p>"),
    "style-of": ("<p style='text-decoration ", " line-through'>$1</p>"),
    "props": ("<p props='{", "'>$1</p>"),
    "drawn": ("<table><tr><td>a<td x='", "'></table>"),
}
IN_ATTRIBUTES = (
    "a", " ", "a ", "hidden ", "display:", "display ", "text-decoration:", "text-decoration ",
    "line-through ", ":", ";", "a:b;", "!", "-", "sr-only ", "$1 ", "(", "1", "\t", "\n", "{", "[",
    "&quot;price&quot;:[1,", "visually-", "none", "url(",
)  # fmt: skip


def _repeated(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def _whole(piece: str, length: int) -> str:
    return piece * max(1, length // len(piece))


def _in(before: str, piece: str, after: str, *, text: bool = False) -> Callable[[int], str]:
    def page(length: int) -> str:
        inside = _whole(piece, length)
        return in_html(before + (escape(inside, quote=False) if text else inside) + after)

    return page


def _in_markdown(before: str, piece: str, after: str) -> Callable[[int], str]:
    return lambda length: in_markdown(before + _repeated(piece, length) + after)


def _json(piece: str) -> Callable[[int], str]:
    return lambda length: '{"price": [' + _repeated(piece, length)


def _json_text(piece: str) -> Callable[[int], str]:
    def page(length: int) -> str:
        price = {"name": "Kite", "price": "$1 " + _repeated(piece, length)}
        return json.dumps({"prices": [price, {"name": "Kite 2", "price": "$2"}]})

    return page


def _json_whole(before: str, piece: str, after: str) -> Callable[[int], str]:
    return lambda length: before + _whole(piece, length) + after


def _feed(piece: str) -> Callable[[int], str]:
    return lambda length: (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Kite Status</title>'
        "<item><title>Outage</title><guid>1</guid><description>" + _whole(piece, length)
        + "</description></item></channel></rss>"
    )  # fmt: skip


def _items(piece: str) -> Callable[[int], str]:
    return lambda length: (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Kite Status</title>'
        + _whole(piece, length) + "</channel></rss>"
    )  # fmt: skip


def _name(place: str, piece: str) -> str:
    return f"{place} {piece!r}"


def repeating() -> Iterator[Shape]:
    """One piece, over and over; the order is always the same."""
    html, markdown = "text/html", "text/markdown"
    for place, (before, after) in PLACES.items():
        for piece in TEXTS:
            yield Shape(_name(place, piece), html, _in(before, piece, after, text=True))
    for place, (before, after) in ATTRIBUTES.items():
        for piece in IN_ATTRIBUTES:
            yield Shape(_name(place, piece), html, _in(before, piece, after))
    for piece in ELEMENTS:
        yield Shape(_name("html", piece), html, _in("", piece, ""))
        yield Shape(_name("html in td", piece), html, _in("<table><tr><td>", piece, ""))
    for piece in (*TEXTS, *MARKDOWN):
        yield Shape(_name("md", piece), markdown, _in_markdown("", piece, ""))
        yield Shape(_name("md row", piece), markdown, _in_markdown(
            TABLE_MD + "| a | $1 ", piece.replace("\n", " "), " | $2 |\n"))  # fmt: skip
        yield Shape(_name("md heading", piece), markdown, _in_markdown(
            "## ", piece, "\n\n$1 per token\n"))  # fmt: skip
    for piece in SCRIPTS:
        for before in ("<script>", "<script>price; ", "<script>price; window.a="):
            yield Shape(_name(before, piece), html, _in(before, piece, "</script>"))
    for piece in JSON:
        for before in (
            "<script type=application/json>",
            "<script type=application/json>{\"price\":[",
            "<script type=application/ld+json>[",
            "<script>self.__next_f.push([1,\"1:[",
        ):  # fmt: skip
            yield Shape(_name(before, piece), html, _in(before, piece, "</script>"))
        yield Shape(_name("json", piece), "application/json", _json(piece))
        yield Shape(_name("status json", piece), "application/json", _json(piece), "status")
    for piece in TEXTS:
        yield Shape(_name("json text", piece), "application/json", _json_text(piece))
    for piece in (*FEEDS, *(escape(text) for text in TEXTS if text.isprintable())):
        yield Shape(_name("feed", piece), "application/rss+xml", _feed(piece), "status")
    for piece in FEEDS:
        yield Shape(_name("items", piece), "application/rss+xml", _items(piece), "status")
