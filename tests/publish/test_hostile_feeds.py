"""Whatever a page says ends in a feed as text, and nowhere as markup, link or structure."""

from __future__ import annotations

import json
from html import unescape

import feedparser
import pytest
from hostile_words import (
    HARMLESS,
    PAYLOADS,
    check_html,
    check_text,
    check_xml,
    hostile_changes,
    hostile_site,
)
from sample_changes import NOW

from ratewire.publish.feeds import feeds
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

TAGS = {
    *("p", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "blockquote", "ul", "li", "del"),
}
ATTRIBUTES = {"href", "scope"}


def build(text: str) -> dict[str, bytes]:
    site = hostile_site(text)
    told = stories(hostile_changes(text), SiteNames.of(site))
    return dict(feeds(site, told, updated=NOW))


@pytest.fixture(scope="module")
def harmless() -> dict[str, bytes]:
    return build(HARMLESS)


@pytest.fixture(scope="module", params=PAYLOADS.values(), ids=PAYLOADS.keys())
def made(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return build(request.param)


def without_via(names: list[str]) -> list[str]:
    """The link to the official page is there only where its address is a web address."""
    return [name for name in names if not name.endswith("}link")]


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS.values())) >= 100


def test_rss_atom_and_opml_keep_their_structure(made, harmless) -> None:
    assert made.keys() == harmless.keys()
    for path, body in made.items():
        if path.endswith((".rss", ".atom", ".opml")):
            assert without_via(check_xml(body)) == without_via(check_xml(harmless[path])), path


def test_a_reader_sees_all_entries_with_safe_content(made) -> None:
    for form in ("rss", "atom"):
        parsed = feedparser.parse(made[f"feeds/all.{form}"], sanitize_html=False)
        assert not parsed.bozo
        assert len(parsed.entries) == 11
        for entry in parsed.entries:
            check_text(entry.title)
            check_html(entry.content[0].value, TAGS, ATTRIBUTES)
            if form == "rss":
                check_html(entry.summary, set(), set())
            assert entry.link.startswith("https://prices.example/changes/h")


def test_a_description_in_rss_is_html_that_reads_as_the_plain_text(made, harmless) -> None:
    rss, atom = (
        feedparser.parse(made[f"feeds/all.{form}"], sanitize_html=False) for form in ("rss", "atom")
    )
    for one, other in zip(rss.entries, atom.entries, strict=True):
        assert unescape(one.summary) == other.summary
    assert unescape(rss.feed.description) == atom.feed.subtitle
    for part in (rss.feed.description, *(entry.summary for entry in rss.entries)):
        check_html(part, set(), set())


def test_json_keeps_its_structure_and_its_content_is_safe(made, harmless) -> None:
    feed, plain = (json.loads(each["feeds/all.json"]) for each in (made, harmless))
    assert feed.keys() == plain.keys()
    assert made["feeds/all.json"].isascii()
    for item, other in zip(feed["items"], plain["items"], strict=True):
        assert item.keys() - {"external_url"} == other.keys()
        assert item["id"] == other["id"]
        check_html(item["content_html"], TAGS, ATTRIBUTES)
        for key in ("title", "summary", "content_text"):
            check_text(item[key])


def test_nothing_grows_with_what_is_scraped(made) -> None:
    assert all(len(body) < 1_000_000 for body in made.values())
