"""What the W3C feed validator (github.com/w3c/feedvalidator) would say, rule by rule.

Each rule has the name of the validator's message, finds what breaks it, and is shown to find it in
a feed that was broken on purpose. `DuplicateUpdated` is left out: changes of one check share their
moment, which RFC 4287 allows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree, html
from sample_changes import NOW, cut, make_site, of_every_kind, retraction

from ratewire.config import AnnounceSettings
from ratewire.publish.feeds import OPML_PATH, feeds
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

Tree = Any
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "c": "http://purl.org/rss/1.0/modules/content/",
    "fh": "http://purl.org/syndication/history/1.0",
}
CHANNEL = {
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster",
    "pubDate", "lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image",
    "rating", "textInput", "skipHours", "skipDays", "item",
}  # fmt: skip
ITEM = {
    "title", "link", "description", "author", "category", "comments", "enclosure", "guid",
    "pubDate", "source",
}  # fmt: skip
RISKY = "script|style|iframe|object|embed|meta|link|form|input|base|img|svg|math"


def at(path: str) -> Callable[[Tree, str], list[Any]]:
    return lambda tree, _: tree.xpath(path, namespaces=NAMES)


def absolute(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).hostname)


def undefined(tree: Tree, _: str) -> list[Any]:
    known = [(tree.xpath("/rss/channel/*"), CHANNEL), (tree.xpath("//item/*"), ITEM)]
    return [one.tag for each, names in known for one in each if one.tag not in names | {
        f"{{{NAMES['a']}}}link", f"{{{NAMES['a']}}}updated",
        f"{{{NAMES['c']}}}encoded", f"{{{NAMES['fh']}}}archive",
    }]  # fmt: skip


def twice(path: str) -> Callable[[Tree, str], list[Any]]:
    def found(tree: Tree, _: str) -> list[Any]:
        counts = Counter(tree.xpath(path, namespaces=NAMES))
        return [value for value, count in counts.items() if count > 1]

    return found


def repeated(tree: Tree, _: str) -> list[Any]:
    parents = tree.xpath("/rss/channel | //item")
    often = {"item", "category", f"{{{NAMES['a']}}}link"}
    counts = [Counter(one.tag for one in parent if one.tag not in often) for parent in parents]
    return [tag for each in counts for tag, count in each.items() if count > 1]


def bad_dates(tree: Tree, _: str) -> list[Any]:
    """RFC 822 in its four-digit form, the right day of the week, a numeric zone."""
    shape = r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
    dates = tree.xpath("//pubDate/text() | //lastBuildDate/text()")
    return [one for one in dates if not re.fullmatch(shape, one)
            or format_datetime(parsedate_to_datetime(one)) != one]  # fmt: skip


def relative(path: str) -> Callable[[Tree, str], list[Any]]:
    return lambda tree, _: [one for one in tree.xpath(path, namespaces=NAMES) if not absolute(one)]


def contents(tree: Tree) -> list[Any]:
    texts = tree.xpath("//c:encoded/text() | //a:content/text()", namespaces=NAMES)
    return [html.fragment_fromstring(text, "div") for text in texts]


def risky(tree: Tree, _: str) -> list[Any]:
    return [
        one.tag for made in contents(tree) for one in made.iter() if re.fullmatch(RISKY, one.tag)
    ]


def risky_attributes(tree: Tree, _: str) -> list[Any]:
    return [name for made in contents(tree) for one in made.iter() for name in one.attrib
            if name.startswith("on") or name == "style"]  # fmt: skip


def relative_references(tree: Tree, _: str) -> list[Any]:
    return [one for made in contents(tree) for one in made.xpath(".//@href | .//@src")
            if not absolute(one)]  # fmt: skip


def elsewhere(path: str) -> Callable[[Tree, str], list[Any]]:
    return lambda tree, own: [o for o in tree.xpath(path, namespaces=NAMES) if o != own]


Rule = tuple[Callable[[Tree, str], list[Any]], str, str]
"""What breaks it, and how to break it: a pattern of the document, and what to put there."""
RSS: Mapping[str, Rule] = {
    "UndefinedElement": (undefined, "<docs>", "<blink/><docs>"),
    "MissingTitle": (at("/rss/channel[not(title[normalize-space()])]"), "<title>.*?</title>", ""),
    "MissingLink": (at("/rss/channel[not(link)]"), "<link>.*?</link>", ""),
    "MissingDescription": (
        at("/rss/channel[not(description)]"),
        "<description>.*?</description>",
        "",
    ),
    "ItemMustContainTitleOrDescription": (
        at("//item[not(title) and not(description)]"),
        "<item><title>.*?</description>",
        "<item>",
    ),
    "DuplicateElement": (repeated, "<docs>", "<docs>x</docs><docs>"),
    "InvalidRFC2822Date": (bad_dates, r"<pubDate>\w{3}", "<pubDate>Xxx"),
    "InvalidLink": (
        relative("//channel/link/text() | //item/link/text()"),
        "<link>https://prices.example/changes",
        "<link>/changes",
    ),
    "MissingGuid": (at("//item[not(guid)]"), "<guid.*?</guid>", ""),
    "InvalidPermalink": (
        relative("//guid[not(@isPermaLink='false')]/text()"),
        'true">https://[^<]*',
        'true">x',
    ),
    "DuplicateValue": (twice("//guid/text()"), r"(<guid.*?</guid>)", r"\1\1"),
    "NotBlank": (
        at("//item/*[not(normalize-space()) and not(@href)] | //channel/title[not(text())]"),
        "<pubDate>[^<]*",
        "<pubDate>",
    ),
    "ContainsHTML": (at("//title[contains(., '<')]"), "<title>", "<title>&lt;b&gt;"),
    "InvalidLanguage": (
        lambda t, _: [
            x
            for x in t.xpath("//language/text()")
            if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", x)
        ],
        "<language>en",
        "<language>e n",
    ),
    "MissingAtomSelfLink": (
        at("/rss/channel[not(a:link[@rel='self'])]"),
        'rel="self"',
        'rel="via"',
    ),
    "SelfDoesntMatchLocation": (
        elsewhere("//channel/a:link[@rel='self']/@href"),
        r'(<atom:link href=")[^"]*',
        r"\1https://prices.example/other",
    ),
    "DuplicateDescriptionSemantics": (
        at("//item[count(description) > 1]"),
        r"(<description>[^<]*</description>)(<content)",
        r"\1\1\2",
    ),
    "SecurityRisk": (risky, "<content:encoded>", "<content:encoded>&lt;script&gt;&lt;/script&gt;"),
    "SecurityRiskAttr": (
        risky_attributes,
        "<content:encoded>",
        "<content:encoded>&lt;p onclick=x&gt;",
    ),
    "ContainsRelRef": (
        relative_references,
        "<content:encoded>",
        "<content:encoded>&lt;a href=/x&gt;",
    ),
}
ATOM: Mapping[str, Rule] = {
    "MissingElement": (
        at("//*[self::a:feed or self::a:entry][not(a:id) or not(a:title) or not(a:updated)]"),
        "<id>.*?</id>",
        "",
    ),
    "MissingSelf": (at("/a:feed[not(a:link[@rel='self'])]"), 'rel="self"', 'rel="via"'),
    "SelfDoesntMatchLocation": (
        elsewhere("/a:feed/a:link[@rel='self']/@href"),
        r'(<link href=")[^"]*(" rel="self")',
        r"\1https://x.example/\2",
    ),
    "DuplicateEntries": (twice("//a:entry/a:id/text()"), r"(<entry>.*?</entry>)", r"\1\1"),
    "DuplicateAtomLink": (
        at("//*[count(a:link[@rel='alternate']) > 1]"),
        r'(<link [^>]*rel="alternate"[^>]*>)',
        r"\1\1",
    ),
    "MissingContentOrAlternate": (
        at("//a:entry[not(a:content) and not(a:link[@rel='alternate'])]"),
        "<entry>.*?</entry>",
        "<entry><id>x</id></entry>",
    ),
    "MissingSummary": (at("//a:entry[not(a:summary)]"), "<summary.*?</summary>", ""),
    "InvalidRFC3339Date": (
        lambda t, _: [
            x
            for x in t.xpath("//a:updated/text() | //a:published/text()", namespaces=NAMES)
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", x)
        ],
        r"T(\d\d:\d\d:\d\d)",
        r" \1",
    ),
    "InvalidURI": (relative("//a:link/@href | //a:entry/a:id/text()"), "<id>https:", "<id>"),
    "MisplacedMetadata": (
        at("/a:feed/*[not(self::a:entry) and preceding-sibling::a:entry]"),
        "</feed>",
        "<generator>x</generator></feed>",
    ),
    "ContainsUndeclaredHTML": (
        at("//*[self::a:title or self::a:summary][not(@type)][contains(., '<')]"),
        "<title>",
        "<title>&lt;b&gt;",
    ),
    "InvalidTextType": (at("//a:content[not(@type='html')]"), 'type="html"', 'type="htm"'),
    "SecurityRisk": (risky, '(<content type="html">)', r"\1&lt;script&gt;&lt;/script&gt;"),
    "SecurityRiskAttr": (risky_attributes, '(<content type="html">)', r"\1&lt;p onclick=x&gt;"),
    "ContainsRelRef": (relative_references, '(<content type="html">)', r"\1&lt;a href=/x&gt;"),
}
OPML: Mapping[str, Rule] = {
    "InvalidOPMLVersion": (
        at("/opml[not(@version='1.0' or @version='1.1' or @version='2.0')]"),
        'version="2.0"',
        'version="3"',
    ),
    "MissingTitleAttr": (
        at("//outline[@type='rss'][not(@title) or not(@text)]"),
        ' title="[^"]*"',
        "",
    ),
    "MissingXmlURL": (at("//outline[@type='rss'][not(@xmlUrl)]"), ' xmlUrl="[^"]*"', ""),
    "MissingOutlineType": (at("//outline[@xmlUrl][not(@type)]"), ' type="rss"', ""),
    "InvalidURLAttribute": (relative("//@xmlUrl | //@htmlUrl"), 'xmlUrl="https:', 'xmlUrl="'),
}
FORMS = {"rss": RSS, "atom": ATOM, "opml": OPML}
EVERY = [(form, rule) for form, rules in FORMS.items() for rule in rules]


@pytest.fixture(scope="module")
def made() -> Mapping[str, bytes]:
    """Feeds of all kinds with archives, a hub and a correction."""
    site = make_site(
        settings={"feed_entries": 4},
        announce=AnnounceSettings(
            digest_kinds=("incident", "passage"), websub_hub="https://hub.example/"
        ),
    )
    changes = (*of_every_kind(), *(cut(f"x{n}", at=NOW) for n in range(9)))
    told = (*changes, retraction(changes[-1]))
    return feeds(site, stories(told, SiteNames.of(site)), updated=NOW)


@pytest.mark.parametrize(("form", "rule"), EVERY, ids=lambda value: value)
def test_a_rule_is_kept_by_every_document(made: Mapping[str, bytes], form: str, rule: str) -> None:
    documents = {path: body for path, body in made.items() if path.endswith(f".{form}")}
    assert len(documents) > (20 if form != "opml" else 0)
    for path, body in documents.items():
        assert FORMS[form][rule][0](etree.fromstring(body), f"https://prices.example/{path}") == []


@pytest.mark.parametrize(("form", "rule"), EVERY, ids=lambda value: value)
def test_a_rule_finds_what_breaks_it(made: Mapping[str, bytes], form: str, rule: str) -> None:
    find, pattern, instead = FORMS[form][rule]
    path = OPML_PATH if form == "opml" else f"feeds/all.{form}"
    whole = made[path].decode()
    broken = re.sub(pattern, instead, whole, flags=re.DOTALL)
    assert broken != whole
    assert find(etree.fromstring(broken.encode()), f"https://prices.example/{path}") != []


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_documents_are_declared_utf_8_without_a_doctype(
    made: Mapping[str, bytes], form: str
) -> None:
    for path, body in made.items():
        if path.endswith(form):
            assert re.match(rb"<\?xml version=['\"]1\.0['\"] encoding=['\"]UTF-8['\"]\?>", body)
            assert b"<!DOCTYPE" not in body
            body.decode("utf-8")


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_rfc_5005_an_archive_is_marked_and_the_current_document_is_not(
    made: Mapping[str, bytes], form: str
) -> None:
    archives = 0
    for path in (path for path in made if path.endswith(f".{form}")):
        tree = etree.fromstring(made[path])
        found = tree.xpath("/a:feed/a:link | /rss/channel/a:link", namespaces=NAMES)
        links = {one.get("rel"): one.get("href") for one in found}
        marks = tree.xpath("//fh:archive", namespaces=NAMES)
        assert len(marks) == ("current" in links), path
        archives += len(marks)
        for rel in {"prev-archive", "next-archive", "current"} & links.keys():
            assert links[rel].removeprefix("https://prices.example/") in made, (path, rel)
    assert archives > 5
