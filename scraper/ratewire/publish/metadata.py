"""What machines are told of a page and of the site: JSON-LD, sitemap, robots, llms.txt, dates."""

from __future__ import annotations

import json
from datetime import UTC, date, timedelta
from xml.sax.saxutils import escape as xml_escape

from markupsafe import Markup

from ratewire.config import SiteSettings
from ratewire.publish.articles import Answer
from ratewire.publish.cards import CardLink
from ratewire.publish.ledger import Ledger
from ratewire.publish.listings import Listed, Listing
from ratewire.publish.theme import markdown_escape
from ratewire.publish.views import View
from ratewire.wording.catalogue import Words
from ratewire.wording.text import plain

__all__ = ["calendar", "json_ld", "llms", "robots", "script_safe", "sitemap"]

_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script_safe(value: object) -> str:
    """JSON that cannot end the `<script>` around it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def json_ld(
    view: View,
    path: str,
    settings: SiteSettings,
    language: str,
    updated: date | None,
    card: CardLink | None = None,
) -> Markup:
    """schema.org's words for a page: what it is, the way to it, questions and answers."""
    url = settings.url + path
    publisher = {"@type": "Organization", "name": settings.author or settings.title}
    thing: dict[str, object] = {
        "@type": view.schema,
        "@id": url,
        "url": url,
        "name": view.title,
        "description": view.description,
        "inLanguage": language,
        "publisher": publisher,
    }
    if view.schema in {"Article", "NewsArticle"}:
        thing |= {"headline": view.title[:110], "author": publisher}
        if card is not None:
            size = {"width": card.width, "height": card.height}
            thing["image"] = {"@type": "ImageObject", "url": card.url, **size}
    if view.schema == "Dataset":
        thing |= {"creator": publisher, "isAccessibleForFree": True}
    if view.published:
        thing["datePublished"] = view.published.isoformat()
    if updated:
        thing["dateModified"] = updated.isoformat()
    answers = view.context.get("answers", ())
    if view.schema == "FAQPage" and isinstance(answers, tuple):
        thing["mainEntity"] = [_question(answer) for answer in answers]
    graph = [thing]
    if view.crumbs:
        ways = [*view.crumbs, (view.title, path)]
        items = [
            {"@type": "ListItem", "position": place, "name": name, "item": settings.url + way}
            for place, (name, way) in enumerate(ways, 1)
        ]
        graph.append({"@type": "BreadcrumbList", "itemListElement": items})
    return Markup(script_safe({"@context": "https://schema.org", "@graph": graph}))


def _question(answer: Answer) -> dict[str, object]:
    accepted = {"@type": "Answer", "text": answer.text}
    return {"@type": "Question", "name": answer.question, "acceptedAnswer": accepted}


def sitemap(url: str, *, several: bool) -> Listing:
    """sitemaps.org 0.9; `lastmod` is the day on which a page's own content last moved. Each version
    of a page that is in several languages names all of them, itself included; `several`: there is
    such a page.
    """

    def line(page: Listed) -> str:
        lastmod = f"<lastmod>{page.updated.isoformat()}</lastmod>" if page.updated else ""
        versions = (*page.versions, *(("x-default", path) for _, path in page.versions[:1]))
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{xml_escape(url + path)}"/>'
            for tag, path in versions
        )
        return f"<url><loc>{xml_escape(url + page.path)}</loc>{lastmod}{links}</url>"

    xhtml = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"' if several else ""
    first = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{xhtml}>\n'
    )
    return Listing("sitemap.xml", first, "\n</urlset>\n", line)


def robots(url: str) -> bytes:
    """RFC 9309: everything may be read."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {url}/sitemap.xml\n".encode()


def llms(settings: SiteSettings, words: Words) -> Listing:
    """llms.txt: title, description and a list of the pages' Markdown twins."""
    title, description = markdown_escape(settings.title), markdown_escape(settings.description)
    first = f"# {title}\n\n> {description}\n\n## {words('llms.pages')}\n\n"
    last = (
        f"\n\n## {words('llms.data')}\n\n"
        f"- [{words('llms.rates')}]({settings.url}/api/v1/rates.json)\n"
        f"- [{words('llms.changes')}]({settings.url}/api/v1/changes.json)\n"
    )

    def line(page: Listed) -> str:
        link = f"[{markdown_escape(page.title)}]({settings.url}{page.path}index.md)"
        return f"- {link}: {markdown_escape(page.description)}"

    return Listing("llms.txt", first, last, line)


# ── Calendar ─────────────────────────────────────────────────────────────────────────────────


def calendar(ledger: Ledger, words: Words) -> bytes:
    """The days on which products stop, as iCalendar (RFC 5545)."""
    settings = ledger.site.settings
    host = settings.url.split("//", 1)[-1].split("/", 1)[0]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0",
        f"PRODID:-//{_ics(settings.title)}//ratewire//{settings.language.upper()}",
        "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_ics(settings.title)}",
    ]  # fmt: skip
    for product in ledger.products():
        stated = ledger.availability(product.id)
        if stated is None or stated.fact is None or stated.fact.shutdown_on is None:
            continue
        on = stated.fact.shutdown_on
        successor = ledger.product(stated.fact.replacement)
        replacement = plain(successor.name if successor else stated.fact.replacement, 80)
        stops = words("calendar.stops", product=product.name)
        instead = words("calendar.instead", product=replacement) if replacement else ""
        snapshot = ledger.snapshot(stated.source.id)
        assert snapshot is not None, "it states the product's stage"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{product.id}-shutdown@{host}",
            f"DTSTAMP:{snapshot.taken_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{on.first:%Y%m%d}",
            *([] if on.is_day else [f"DTEND;VALUE=DATE:{on.last + timedelta(days=1):%Y%m%d}"]),
            f"SUMMARY:{_ics(stops)}",
            *([f"DESCRIPTION:{_ics(instead)}"] if instead else []),
            f"URL:{settings.url}/products/{product.id}/",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines).encode()


def _ics(text: str) -> str:
    """A value of type TEXT: one line, as another would be a property of its own."""
    text = plain(text)
    for char in "\\;,":
        text = text.replace(char, f"\\{char}")
    return text


def _folded(line: str) -> str:
    """At most 75 octets a line; continuations start with a space."""
    parts, current = [], ""
    for char in line:
        if len((current + char).encode()) > 74:
            parts.append(current)
            current = ""
        current += char
    return "\r\n ".join([*parts, current])
