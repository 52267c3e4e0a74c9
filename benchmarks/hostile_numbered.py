"""Pages on which each repetition differs from all others, so that nothing is remembered; alone, and
beside an earlier page that differs from them in every place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import count
from math import isqrt

from hostile_shapes import TABLE_MD, Shape, in_html, in_markdown, repeating

__all__ = ["shapes"]

HTML, MARKDOWN, JSON, RSS = "text/html", "text/markdown", "application/json", "application/rss+xml"


@dataclass(frozen=True, slots=True)
class Form:
    """What is repeated, and what stands before and after it.

    {n}: the number, {p}: a price, {h}: 1 to 6 in turn, {d}: 01 to 28 in turn, {c}: a currency,
    {a}: letters that are like those before, {w}: a word of its own, {more}: the number after.
    """

    before: str
    each: str
    after: str = ""


CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CNY", "INR", "AUD", "CHF", "SEK", "DKK", "BRL", "KRW")
LIST = "<table><tr><th>Model<th>Price"
FORMS: dict[str, Form] = {
    "rows": Form(LIST, "<tr><td>Kite {n}<td>${p}", "</table>"),
    "columns": Form("<table><tr><th>Model", "<th>Col {n}", "<tr><td>a<td>$1</table>"),
    "headings": Form("", "<h2>Kite {n}</h2><p>${p} per month</p>"),
    "deeper headings": Form("", "<h{h}>Kite {n}</h{h}><p>${p} per month</p>"),
    "sentences": Form("", "<p>Kite {n} costs ${p} per month.</p>"),
    "one sentence": Form("<p>", "Kite {n} costs ${p} per month. ", "</p>"),
    "amounts": Form("<p>", "${p} ", "</p>"),
    "list": Form("<ul>", "<li>Kite {n}: ${p}/month", "</ul>"),
    "nested list": Form("", "<ul><li>Kite {n}: ${p}"),
    "list of lists": Form("<ul>", "<li>Kite {n}<ul><li>Input: ${p}<li>Output: $2</ul>", "</ul>"),
    "nested ordered list": Form("<ol>", "<li>Kite {n}: ${p}<ol>"),
    "cards": Form("", "<div><h3>Kite {n}</h3><p>${p}/month</p><ul><li>a</ul></div>"),
    "cards of words": Form(
        "", "<div><h3>Kite {n}</h3><p>${p}</p><p>per month</p><ul><li>{w}<li>{n} {w}s</ul></div>"
    ),
    "cards in cards": Form("", "<div><h3>Kite {n}</h3><p>${p}/month</p>"),
    "tables": Form("", "<table><tr><th>Model<th>In<tr><td>Kite {n}<td>${p}</table>"),
    "tables of columns": Form("", "<table><tr><th>{w}<th>{w} in<tr><td>Kite<td>${p}</table>"),
    "titled tables": Form(
        "", "<h3>{w}</h3><table><caption>Kite {n}<tr><th>a<th>b<tr><td>In<td>${p}</table>"
    ),
    "tabs": Form("", "<i role=tab aria-controls=t{n}>T{n}</i><p id=t{n} role=tabpanel>${p}</p>"),
    "tabs of one pane": Form(
        "<p id=t role=tabpanel>$1</p>", "<i role=tab aria-controls=t id=a{n}>T{n}</i>"
    ),
    "panes of one tab": Form(
        "<i role=tab id=t>T</i>", "<p aria-labelledby=t role=tabpanel>Kite {n}: ${p}</p>"
    ),
    "footnotes": Form("", "<p>Kite ${p}<sup>{n}</sup></p><p><sup>{n}</sup> per month</p>"),
    "marks": Form("<table><tr><th>a<th>b<tr><td>Kite<td>$1", "<sup>{n}</sup>", "</table>"),
    "limits": Form("", "<p>Kite {n}: {p} requests per minute</p>"),
    "limit rows": Form(
        "<table><tr><th>Model<th>RPM<th>TPM", "<tr><td>Kite {n}<td>{p}<td>{p}000", "</table>"
    ),
    "limit columns": Form("<table><tr><th>Model", "<th>Tier {n}", "<tr><td>RPM<td>1</table>"),
    "stages": Form("", "<p>Kite {n} is deprecated on January {d}, 2027.</p>"),
    "stage rows": Form(
        "<table><tr><th>Model<th>Status<th>Retired on",
        "<tr><td>Kite {n}<td>Deprecated<td>2027-01-{d}", "</table>",
    ),
    "regions": Form("<p>Kite 1 is generally available in ", "eu-west-{n}, ", "us-east-1.</p>"),
    "dates": Form("<p>", "from January {h}, 20{n} ", "</p>"),
    "effective": Form("", "<p>Effective January {h}, 2027: Kite {n} ${p}</p>"),
    "multipliers": Form("", "<p>Kite {n}: {p}x credits</p>"),
    "brackets": Form("<table><tr><th>Usage<th>Price", "<tr><td>Next {n} GB<td>${p}", "</table>"),
    "brackets in a sentence": Form("<p>", "from {n} to {more} GB ${p}, ", "then $1.</p>"),
    "definitions": Form("<dl>", "<dt>Kite {n}<dd>${p}", "</dl>"),
    "definitions of many": Form("<dl><dt>Kite 1", "<dd>{w}: ${p}", "</dl>"),
    "terms of one": Form("<dl>", "<dt>Kite {n}", "<dd>$1</dl>"),
    "struck": Form("", "<p><s>${p}9</s> ${p}</p>"),
    "rivals": Form("", "<p>cheaper than Kite {n}, ${p}</p>"),
    "rival names": Form("<p>Kite 1, $1, is cheaper than ", "{w} {n}, ", "$2.</p>"),
    "fees": Form("", "<p>{h}.{h}% + ${p} per transaction</p>"),
    "fee rows": Form("<table>", "<tr><td>Card {n}<td>{h}% + ${p}", "</table>"),
    "currencies": Form("", "<p>€{p} or ${p} or £{p}</p>"),
    "codes of currencies": Form("<p>Kite 1 costs ", "{c} {p}, ", " per month</p>"),
    "columns of currencies": Form("<table><tr><th>Model", "<th>{c}", "<tr><td>Kite<td>1</table>"),
    "rows of currencies": Form("<table><tr><th>Currency<th>Price", "<tr><td>{c}<td>{p}.{d}"),
    "bold lines": Form("", "<p><b>Kite {n}</b></p><p>${p}</p>"),
    "folds": Form("", "<details><summary>Kite {n}</summary>${p}"),
    "spans": Form("<table>", "<tr><td rowspan={h}>Kite {n}<td colspan={h}>${p}", "</table>"),
    "same row": Form("<table><tr>", "<td>Kite {n}<td>${p}", "</table>"),
    "rows under rows": Form(LIST, "<tr><th colspan=2>{w}<tr><td>Kite {n}<td>${p}", "</table>"),
    "divs": Form("", "<div><div>Kite {n}</div><div>${p}</div></div>"),
    "siblings": Form("<div>", "<p>Kite {n}</p><p>${p}</p>", "</div>"),
    "labels alike": Form(LIST, "<tr><td>{a}<td>${p}", "</table>"),
    "one price": Form(LIST, "<tr><td>Kite {n}<td>$1", "</table>"),
    "one name": Form(LIST, "<tr><td>Kite<td>${p}", "</table>"),
    "units": Form(LIST, "<tr><td>Kite {n}<td>${p} per {w}", "</table>"),
    "unit words": Form("<p>$1 per ", "{w} ", "</p>"),
    "quantities": Form("<p>$1 for ", "{n}K {w}s and ", "</p>"),
    "included": Form("", "<p>Kite {n}: ${p} per month, {n} GB included, then $1 per GB</p>"),
    "windows": Form("<p>Kite $1 ", "from {h}:00 to {h}:{d} UTC, ", "</p>"),
    "pre": Form("<pre>\nModel   Price\n", "Kite {n}   ${p}\n", "</pre>"),
    "lines": Form("<p>", "Kite {n}: ${p}<br>", "</p>"),
    "options": Form("<select>", "<option value={p}>Kite {n} – ${p}/month", "</select>"),
    "links": Form("<ul>", "<li><a href=/kite/{n}>Kite {n}</a>", "</ul>"),
    "long label": Form(f"{LIST}<tr><td>", "{w} ", "<td>$1</table>"),
    "long header": Form("<table><tr><th>Model<th>", "{w} ", "<tr><td>Kite<td>$1</table>"),
    "long heading": Form("<h2>", "{w} ", "</h2><p>$1 per month</p>"),
    "long title": Form("<details><summary>", "{w} ", "</summary><p>$1 per month</p></details>"),
    "long name": Form("<p>", "{w} ", "costs $1 per month</p>"),
    "long names": Form(f"{LIST}<tr><td>", "Kite {n}, ", "<td>$1</table>"),
    "classes": Form("", "<p class='c{n} {w}'>${p}</p>"),
    "styles": Form("<style>", ".c{n}{{display:none}}", "</style><p class=c1>$1</p>"),
    "alternates": Form("", "<link rel=alternate hreflang={w} href=/{n}>"),
    "notices": Form("", "<p>Sign in to see Kite {n}. Access denied. Enable JavaScript.</p>"),
    "scripts": Form("", "<script>window.a{n}=[{{name:'a{n}',price:{p}}}]</script>"),
    "states": Form(
        "<script>price;", "window.a{n}={{name:'Kite {n}',price:{p}}};", "</script>"
    ),
    "flight chain": Form(
        "<script>self.__next_f.push([1,\"", "{n}:[\\\"price\\\",\\\"$L{more}\\\"]\\n",
        "\"])</script>",
    ),
    "flight rows": Form(
        "", "<script>self.__next_f.push([1,\"{n}:{{\\\"price\\\":{p}}}\\n\"])</script>"
    ),
    "json-ld": Form(
        "<script type=application/ld+json>{\"@graph\":[",
        "{{\"@type\":\"Product\",\"@id\":\"#{n}\",\"name\":\"Kite {n}\",\"offers\":"
        "{{\"@id\":\"#{more}\",\"price\":{p},\"priceCurrency\":\"{c}\"}}}},", "{}]}</script>",
    ),
}  # fmt: skip
MARKDOWN_FORMS: dict[str, Form] = {
    "rows": Form(TABLE_MD, "| Kite {n} | ${p} | ${p} |\n"),
    "columns": Form("", "| Col {n} ", "|\n|---|---|\n| $1 | $2 |\n"),
    "headings": Form("", "## Kite {n}\n\n${p} per month\n\n"),
    "underlined headings": Form("", "Kite {n}\n======\n\n${p} per month\n\n"),
    "deeper headings": Form("", "### Kite {n}\n\n#### {w}\n\n- Input: ${p}\n\n"),
    "tables": Form("", "### {w}\n\n| Model | In |\n|---|---|\n| Kite {n} | ${p} |\n\n"),
    "list": Form("", "- Kite {n}: ${p}/month\n"),
    "list of lists": Form("", "- Kite {n}\n  - Input: ${p}\n  - Output: $2\n"),
    "sentences": Form("", "Kite {n} costs ${p} per month.\n\n"),
    "definitions": Form("", "Kite {n}\n: ${p} per month\n\n"),
    "bold lines": Form("", "**Kite {n}**\n\n${p} per month\n\n"),
    "footnotes": Form("", "Kite {n}: ${p}[^{n}]\n\n[^{n}]: per month\n\n"),
    "links": Form("", "[Kite {n}][k{n}]: ${p}\n\n[k{n}]: https://kite.example/{n}\n\n"),
    "front matter": Form("---\n", "key{n}: {w}\n", "---\n"),
    "boxes": Form("", ":::note Kite {n}\n${p} per month\n:::\n\n"),
    "nested boxes": Form("", ":::note Kite {n}\n${p} per month\n"),
    "admonitions": Form("", "!!! note \"Kite {n}\"\n    ${p} per month\n\n"),
    "panes": Form("", "=== \"Kite {n}\"\n\n    ${p} per month\n\n"),
    "template tabs": Form("", "{{% tab title=\"Kite {n}\" %}}\n${p}\n{{% endtab %}}\n"),
    "fences": Form("", "```\nKite {n} ${p}\n```\n\n"),
    "cards": Form("", "<Card title=\"Kite {n}\" price=\"${p}\">\n{w}\n</Card>\n"),
    "cards in cards": Form("", "<Card title=\"Kite {n}\">\n${p}\n"),
    "steps": Form("<Tabs>\n", "<Tab t=\"{w}\">\n\n| a | b |\n|--|--|\n| c | ${p} |\n\n</Tab>\n"),
    "accordions": Form("", "<Accordion title=\"Kite {n}\">\n\n- ${p}\n\n</Accordion>\n"),
    "props": Form("<Prices rows={[", "[\"Kite {n}\", \"${p}\"], ", "]} />\n"),
    "props of objects": Form(
        "<Prices items={[", "{{ name: \"Kite {n}\", price: \"${p}\" }}, ", "]} />\n"
    ),
    "many props": Form("<Prices ", "p{n}=\"${p}\" ", "/>\n"),
    "components": Form("", "<Price name=\"Kite {n}\" amount={{{p}}} />\n"),
    "constants": Form("", "export const k{n} = [[\"Kite {n}\", \"${p}\"]];\n"),
    "used constants": Form("", "export const k{n} = \"${p}\"\n\nKite {n}: {{k{n}}}\n\n"),
    "loose rows": Form("", "  [\"Kite {n}\", \"${p}\"],\n"),
    "html rows": Form("<table>\n", "<tr>\n<td>Kite {n}</td>\n<td>${p}</td>\n</tr>\n", "</table>\n"),
    "imports": Form("", "import K{n} from './{w}.mdx'\n\n<K{n} />\n\n"),
    "long label": Form(f"{TABLE_MD}| ", "{w} ", "| $1 | $2 |\n"),
    "long heading": Form("## ", "{w} ", "\n\n$1 per month\n"),
    "grid": Form("+---+---+\n", "| {n} | ${p} |\n+---+---+\n"),
}  # fmt: skip
JSON_FORMS: dict[str, Form] = {
    "objects": Form('{"prices":[', '{{"name":"Kite {n}","price":{p}}},', "{}]}"),
    "keys": Form('{"prices":{', '"kite-{n}":{{"input":{p},"output":2}},', '"z":{}}}'),
    "fields": Form('{"prices":[{"name":"a"},{"name":"b",', '"price {n}":{p},', '"z":1}]}'),
    "meters": Form('{"prices":[', '{{"name":"Kite","price_{w}":{p}}},', "{}]}"),
    "lists": Form('{"a":[', '{{"{w}":[{{"name":"Kite {n}","price":{p}}}]}},', "{}]}"),
    "lists by name": Form("{", '"{w}":[{{"name":"Kite {n}","price":{p}}}],', '"z":[]}'),
    "levels": Form("", '{{"plan{n}":{{"name":"Kite","price":{p}}},"next":'),
    "cells": Form('{"headings":["Model","Price"],"rows":[', '["Kite {n}","${p}"],', "[]]}"),
    "currencies": Form('{"prices":[', '{{"name":"Kite","currency":"{c}","price":{p}}},', "{}]}"),
    "sentences": Form('{"text":[', '"Kite {n} costs ${p} per month.",', '""]}'),
    "references": Form("[", '{{"name":{more},"price":{more}}},"Kite {n}",', "1]"),
    "offers": Form(
        '{"@context":"https://schema.org","@graph":[',
        '{{"@type":"Offer","name":"Kite {n}","price":"{p}","priceCurrency":"{c}"}},', "{}]}",
    ),
}  # fmt: skip
STATUS_JSON: dict[str, Form] = {
    "components": Form(
        '{"components":[', '{{"id":"{n}","name":"Kite {n}","status":"operational"}},', "{}]}"
    ),
    "incidents": Form(
        '{"incidents":[',
        '{{"id":"{n}","name":"Outage of Kite {n}","status":"resolved","created_at":'
        '"2026-01-{d}T10:00:00Z","incident_updates":[{{"body":"{w}"}}]}},', "{}]}",
    ),
    "updates": Form(
        '{"incidents":[{"id":"1","name":"Outage","status":"resolved","incident_updates":[',
        '{{"status":"monitoring","body":"{w} {n}","created_at":"2026-01-{d}"}},', "{}]}]}",
    ),
}  # fmt: skip
STATUS_HTML: dict[str, Form] = {
    "components": Form("", "<div><span>Kite {n}</span><span>Operational</span></div>"),
    "incidents": Form(
        "", "<h2>Jan {d}, 2026</h2><div><h3><a href=/incidents/{n}>Outage of Kite {n}</a></h3>"
        "<p><b>Resolved</b> - {w}. <small>Jan {d}, 10:00 UTC</small></p></div>",
    ),
    "updates": Form("<h3>Outage</h3>", "<p><b>Update</b> - {w} {n}. Jan {d}, 10:00 UTC</p>"),
    "list": Form("<ul>", "<li>2026-01-{d} 10:00 UTC: Outage of Kite {n} ({w})", "</ul>"),
}  # fmt: skip
FEEDS: dict[str, Form] = {
    "items": Form(
        "", "<item><title>Outage of Kite {n}</title><guid>{n}</guid><pubDate>"
        "{d} Jan 2026 10:00:00 GMT</pubDate><description>Resolved - {w}</description></item>",
    ),
    "items of one id": Form(
        "", "<item><title>Outage {n}</title><guid>1</guid><description>{w}</description></item>"
    ),
    "updates": Form(
        "<item><title>Outage</title><guid>1</guid><description>",
        "&lt;p&gt;Jan {d}, 10:{d} UTC&lt;br&gt;Monitoring - {w} {n}&lt;/p&gt;",
        "</description></item>",
    ),
    "affected": Form(
        "<item><title>Outage</title><guid>1</guid><description>Affected: ", "Kite {n}, ",
        "</description></item>",
    ),
}  # fmt: skip
TWO_PAGES = (
    "rows", "sentences", "one sentence", "list", "cards", "headings", "tables", "definitions",
    "one price", "one name", "amounts", "labels alike", "lines", "same row", "divs", "limits",
    "stages", "brackets", "fee rows", "currencies",
)  # fmt: skip
"""Forms of which a page is compared with one that differs all over."""


def shapes() -> Iterator[Shape]:
    """All that there are, of every sort; the order is always the same."""
    yield from repeating()
    for name, form in FORMS.items():
        yield Shape(f"numbered {name}", HTML, _page(form, in_html))
    for name, form in MARKDOWN_FORMS.items():
        yield Shape(f"numbered md {name}", MARKDOWN, _page(form, in_markdown))
    for name, form in JSON_FORMS.items():
        yield Shape(f"numbered json {name}", JSON, _page(form, str))
    for name, form in STATUS_JSON.items():
        yield Shape(f"numbered status json {name}", JSON, _page(form, str), "status")
    for name, form in STATUS_HTML.items():
        yield Shape(f"numbered status {name}", HTML, _page(form, in_html), "status")
    for name, form in FEEDS.items():
        yield Shape(f"numbered feed {name}", RSS, _page(form, _feed), "status")
    yield from _squares()
    yield from _two_pages()


def _page(
    form: Form, around: Callable[[str], str], price: int = 0, name: int = 0, *, turned: bool = False
) -> Callable[[int], str]:
    """`price` and `name` are added to each; `turned`: in reverse order."""

    def page(length: int) -> str:
        made = list(_made(form.each, length, price, name))
        return around(form.before + "".join(made[::-1] if turned else made) + form.after)

    return page


def _made(each: str, length: int, price: int = 0, name: int = 0) -> Iterator[str]:
    size = 0
    for at in count(1):
        one = each.format(
            n=at + name, more=at + name + 1, p=at + price, h=at % 6 + 1, d=f"{at % 28 + 1:02}",
            c=CURRENCIES[at % len(CURRENCIES)], w=_word(at + name),
            a="a" * (at % 50) + "b" * (at // 50),
        )  # fmt: skip
        yield one
        size += len(one)
        if size >= length:
            return


def _word(number: int) -> str:
    """Letters alone, another word for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "o"


def _feed(inside: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Kite Status</title>'
        f"{inside}</channel></rss>"
    )


# ── As many columns as rows ──────────────────────────────────────────────────────────────────


def _squares() -> Iterator[Shape]:
    kinds = {
        "prices": "${p}", "units": "${p} per {w}", "limits": "{n} RPM", "stages": "Deprecated",
        "marks": "$1<sup>{h}</sup>", "signs": "✓", "days": "January {d}, 2027", "words": "{w}",
    }  # fmt: skip
    for name, cell in kinds.items():
        yield Shape(f"square of {name}", HTML, _square(cell))
    yield Shape("square of md prices", MARKDOWN, _square_md)
    wide = {
        "prices": Form("", "<td>${p}"), "names": Form("", "<td>Kite {n}"),
        "limits": Form("", "<td>{n}"),
    }  # fmt: skip
    for name, form in wide.items():
        yield Shape(f"wide row of {name}", HTML, _wide(form))


def _square(cell: str) -> Callable[[int], str]:
    def page(length: int) -> str:
        side = isqrt(length // (len(cell) + 6)) + 1
        cells = _made(f"<td>{cell}", length * 2)
        head = "".join(f"<th>Plan {at}" for at in range(side))
        rows = ("".join(next(cells, "") for _ in range(side)) for _ in range(side))
        body = "".join(f"<tr><td>Kite {at}{row}" for at, row in enumerate(rows))
        return in_html(f"<table><tr><th>Model{head}{body}</table>")

    return page


def _square_md(length: int) -> str:
    side = isqrt(length // 8) + 1
    head = "".join(f" Plan {at} |" for at in range(side))
    row = "".join(f" ${at} |" for at in range(side))
    rows = "".join(f"| Kite {at} |{row}\n" for at in range(side))
    return in_markdown(f"| Model |{head}\n|---|{'---|' * side}\n{rows}")


def _wide(form: Form) -> Callable[[int], str]:
    def page(length: int) -> str:
        cells = list(_made(form.each, length // 2))
        head = "".join(f"<th>C{at}" for at in range(len(cells)))
        return in_html(f"<table><tr>{head}<tr>{''.join(cells)}</table>")

    return page


# ── Compared with another page ───────────────────────────────────────────────────────────────


def _two_pages() -> Iterator[Shape]:
    for name in TWO_PAGES:
        form = FORMS[name]
        now, other = _page(form, in_html), f"two pages of {name}"
        yield Shape(f"{other}, other prices", HTML, now, earlier=_page(form, in_html, price=3))
        yield Shape(f"{other}, other names", HTML, now, earlier=_page(form, in_html, name=10**5))
        yield Shape(f"{other}, turned", HTML, now, earlier=_page(form, in_html, turned=True))
    for one, other in zip(TWO_PAGES, (*TWO_PAGES[1:8], *TWO_PAGES[:1]), strict=False):
        pages = (_page(FORMS[name], in_html) for name in (one, other))
        yield Shape(f"{one} that were {other}", HTML, next(pages), earlier=next(pages))
    plain = "<p>" + escape("Nothing is for sale here. ")
    yield Shape(
        "prices that were words", HTML, _page(FORMS["rows"], in_html),
        earlier=lambda length: in_html(plain * (length // len(plain) + 1)),
    )  # fmt: skip
