"""Feeds by their standards, and as a reader's own tool sees them.

The rules tested are those of RFC 4287 (as a schema, atom.rng), the RSS 2.0 specification, JSON
Feed 1.1, RFC 5005, WebSub, and what the W3C feed validator warns of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree, html
from sample_changes import NOW, correction, cut, make_site, of_every_kind, rate, retraction, step

from ratewire.config import AnnounceSettings, Product
from ratewire.model import Change, ChangeKind, ChangeState
from ratewire.publish.feeds import OPML_PATH, feeds
from ratewire.publish.feeds.channel import channels, documents
from ratewire.wording.catalogue import ENGLISH
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

SITE = make_site()
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = {"atom": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}
SAFE_TAGS = {
    *("p", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "blockquote", "ul", "li", "del"),
}
SAFE_ATTRIBUTES = {"href", "scope"}


def build(*changes: Change, site=SITE) -> Mapping[str, bytes]:
    return feeds(site, stories(changes, SiteNames.of(site)), updated=EPOCH)


def entries(body: bytes) -> list[Any]:
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed.entries


def cuts(count: int) -> tuple[Change, ...]:
    return tuple(cut(f"c{n:04}", NOW + timedelta(hours=n)) for n in range(count))


# ── Which feeds ──────────────────────────────────────────────────────────────────────────────


def test_there_is_a_feed_for_everything_and_each_product_kind_and_source() -> None:
    made = build(*of_every_kind())
    names = {path.rpartition(".")[0] for path in made}
    assert names == {
        "feeds/all",
        "feeds/feeds",
        *(f"feeds/product/{product.id}" for product in SITE.products),
        *(f"feeds/kind/{kind}" for kind in ChangeKind),
        *(f"feeds/source/{source.id}" for source in SITE.sources),
    }
    for name in names - {"feeds/feeds"}:
        assert {f"{name}.rss", f"{name}.atom", f"{name}.json"} <= made.keys()


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("feeds/product/draw-1", {"c05", "c06"}),
        ("feeds/kind/limit", {"c07"}),
        ("feeds/kind/passage", {"c10"}),
        ("feeds/source/brush-docs", set()),
        ("feeds/all", {f"c{n:02}" for n in range(9)}),
    ],
)
def test_each_feed_has_what_belongs_to_it(path: str, ids: set[str]) -> None:
    found = entries(build(*of_every_kind())[f"{path}.atom"])
    assert {entry.id.split("/")[-2] for entry in found} == ids


def test_kinds_that_the_owner_does_not_announce_stand_in_their_own_feed_only() -> None:
    quiet = make_site(
        announce=AnnounceSettings(immediate=("rate_up",), digest_kinds=("rate_down",))
    )
    made = build(*of_every_kind(), site=quiet)
    assert [entry.id.split("/")[-2] for entry in entries(made["feeds/all.rss"])] == ["c01", "c00"]
    assert len(entries(made["feeds/kind/limit.rss"])) == 1


def test_pending_changes_are_in_no_feed() -> None:
    made = build(cut(state=ChangeState.PENDING))
    assert made == build()
    assert not any(b"$30.00" in body for body in made.values())


# ── What an entry says ───────────────────────────────────────────────────────────────────────


def test_all_forms_are_read_back_with_the_same_entries() -> None:
    first = cut("a", NOW - timedelta(days=1))
    made = build(first, *of_every_kind(), retraction(first))
    for name in {path.rpartition(".")[0] for path in made} - {"feeds/feeds"}:
        seen = []
        for form in ("rss", "atom"):
            seen.append(
                [
                    (
                        entry.id,
                        entry.title,
                        entry.link,
                        entry.summary,
                        entry.content[0].value,
                        entry.published_parsed[:6],
                        updated(entry),
                        [tag.term for tag in entry.tags],
                    )
                    for entry in entries(made[f"{name}.{form}"])
                ]
            )
        seen.append(
            [
                (
                    item["id"],
                    item["title"],
                    item["url"],
                    item["summary"],
                    item["content_html"],
                    moment(item["date_published"]),
                    moment(item["date_modified"]),
                    item["tags"],
                )
                for item in json.loads(made[f"{name}.json"])["items"]
            ]
        )
        assert seen[0] == seen[1] == seen[2]


def updated(entry: Any) -> tuple[int, ...]:
    known = entry.updated_parsed if "updated" in entry else entry.published_parsed
    return tuple(known[:6])


def moment(text: str) -> tuple[int, ...]:
    return datetime.fromisoformat(text).astimezone(UTC).timetuple()[:6]


def test_an_entry_has_the_whole_table_its_categories_and_dates() -> None:
    (entry,) = entries(build(cut())["feeds/all.atom"])
    assert entry.title == "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)"
    assert entry.link == entry.id == "https://prices.example/changes/cut/"
    cells = [c.text_content() for c in html.fromstring(entry.content[0].value).iter("td", "th")]
    assert cells[4:] == [
        "Paint 2 image output",
        "$32.00 per 1M tokens",
        "$30.00 per 1M tokens",
        "−6.25%",
    ]
    assert [(tag.term, tag.scheme.rsplit("/", 2)[1]) for tag in entry.tags] == [
        ("Price cuts", "kind"),
        ("Paint 2", "product"),
        ("Acme pricing", "source"),
    ]
    assert entry.published_parsed[:6] == NOW.timetuple()[:6]


def test_a_correction_updates_its_entry_under_the_same_id() -> None:
    first = cut()
    before = build(first)
    after = build(first, correction(first, step(rate("32.00"), rate("31.00"))))
    for form in ("rss", "atom"):
        (old,), (new,) = (entries(made[f"feeds/all.{form}"]) for made in (before, after))
        assert new.id == old.id
        assert new.published == old.published
        assert new.updated_parsed[:6] == (NOW + timedelta(hours=3)).timetuple()[:6]
        assert new.title.startswith("Corrected: ")
        assert "→ $31.00" in new.title
        assert "The unit was misread" in new.content[0].value


def test_a_retraction_strikes_what_did_not_happen() -> None:
    first = cut()
    (entry,) = entries(build(first, retraction(first))["feeds/all.rss"])
    assert entry.title.startswith("Retracted: ")
    assert "<del>$30.00 per 1M tokens</del>" in entry.content[0].value


def test_a_huge_table_is_cut_and_says_so() -> None:
    steps = [step(rate("2", size=str(n)), rate("1", size=str(n))) for n in range(300)]
    (entry,) = entries(build(replace(cut(), alterations=tuple(steps)))["feeds/all.rss"])
    assert entry.content[0].value.count("<tr>") == 201
    assert "100 more rows" in entry.content[0].value


# ── Stable, bounded ──────────────────────────────────────────────────────────────────────────


def test_the_same_changes_give_the_same_bytes_in_any_order() -> None:
    first = cut("a", NOW - timedelta(days=1))
    changes = (first, *of_every_kind(), retraction(first))
    assert build(*changes) == build(*reversed(changes))


def test_ids_do_not_depend_on_the_other_changes() -> None:
    alone = {entry.id for entry in entries(build(cut())["feeds/all.rss"])}
    among = {entry.id for entry in entries(build(cut(), *of_every_kind())["feeds/all.rss"])}
    assert alone < among


def small(entries: int = 4, **announce: Any):
    return make_site(settings={"feed_entries": entries}, announce=AnnounceSettings(**announce))


def archives(made: Mapping[str, bytes], form: str) -> Iterator[bytes]:
    """From the current document back, as RFC 5005 tells a reader to go."""
    name = "feeds/all"
    while name:
        body = made[f"{name}.{form}"]
        yield body
        if form == "json":
            older = json.loads(body).get("next_url", "")
        else:
            tree = etree.fromstring(body)
            found = tree.xpath("//atom:link[@rel='prev-archive']/@href", namespaces=NAMES)
            older = found[0] if found else ""
        name = older.removeprefix("https://prices.example/").rpartition(".")[0]


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
@pytest.mark.parametrize("count", [0, 1, 4, 5, 8, 9, 13])
def test_archives_hold_what_the_current_document_does_not(form: str, count: int) -> None:
    made = build(*cuts(count), site=small())
    seen: set[str] = set()
    for number, body in enumerate(archives(made, form)):
        if form == "json":
            ids = [item["id"] for item in json.loads(body)["items"]]
        else:
            ids = [entry.id for entry in entries(body)]
            marked = etree.fromstring(body).xpath("//fh:archive", namespaces=NAMES)
            assert len(marked) == (1 if number else 0)
        assert len(ids) <= 4
        seen.update(ids)
    assert seen == {f"https://prices.example/changes/c{n:04}/" for n in range(count)}


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_an_archive_names_its_neighbours_and_the_current_document(form: str) -> None:
    made = build(*cuts(13), site=small())
    links = {
        link.get("rel"): link.get("href")
        for link in etree.fromstring(made[f"feeds/archive/all-2.{form}"]).iter(
            f"{{{NAMES['atom']}}}link"
        )
        if link.getparent().tag not in (f"{{{NAMES['atom']}}}entry", "item")
    }
    base = "https://prices.example/feeds/archive/all"
    assert links["current"] == f"https://prices.example/feeds/all.{form}"
    assert links["prev-archive"] == f"{base}-1.{form}"
    assert links["next-archive"] == f"{base}-3.{form}"
    assert links["self"] == f"{base}-2.{form}"


def test_no_archive_has_the_address_of_a_feed() -> None:
    """The first one of `paint-2` is not the feed of a product `paint-2-1`."""
    site = small()
    site = replace(site, products=(*site.products, Product("paint-2-1", "Paint 2.1", "Acme")))
    names = [
        document.name
        for channel in channels(site, stories(cuts(13)), ENGLISH)
        for document in documents(channel, 4, NOW)
    ]
    assert "feeds/product/paint-2-1" in names
    assert "feeds/archive/product/paint-2-1" in names
    assert len(names) == len(set(names))


def test_a_full_archive_never_changes_but_by_a_correction() -> None:
    first, later = (build(*cuts(n), site=small()) for n in (9, 12))
    assert first["feeds/archive/all-1.atom"] == later["feeds/archive/all-1.atom"]
    assert first["feeds/archive/all-1.json"] == later["feeds/archive/all-1.json"]


def test_a_corrected_old_entry_shows_in_the_current_document_too() -> None:
    changes = cuts(13)
    wrong = retraction(changes[0], at=NOW + timedelta(days=30))
    made = build(*changes, wrong, site=small())
    newest = entries(made["feeds/all.atom"])[0]
    assert newest.title.startswith("Retracted: ")
    assert any(e.title.startswith("Retracted: ") for e in entries(made["feeds/archive/all-1.atom"]))
    assert len(entries(made["feeds/all.atom"])) <= 8


# ── By their standards ───────────────────────────────────────────────────────────────────────

CASES = {
    "nothing": (SITE, ()),
    "all kinds": (SITE, of_every_kind()),
    "archives and a hub": (small(websub_hub="https://hub.example/"), cuts(13)),
    "a correction": (SITE, (cut(), retraction(cut()))),
}


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES.keys())
def made(request: pytest.FixtureRequest) -> Mapping[str, bytes]:
    site, changes = request.param
    return build(*changes, site=site)


def test_atom_is_valid(made: Mapping[str, bytes]) -> None:
    schema = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
    for path in (path for path in made if path.endswith(".atom")):
        tree = etree.fromstring(made[path])
        assert schema.validate(tree), f"{path}: {schema.error_log}"
        ids = tree.xpath("//atom:entry/atom:id/text()", namespaces=NAMES)
        assert len(ids) == len(set(ids))
        (own,) = tree.xpath("/atom:feed/atom:link[@rel='self']/@href", namespaces=NAMES)
        assert own == f"https://prices.example/{path}"
        assert len(tree.xpath("/atom:feed/atom:link[@rel='alternate']", namespaces=NAMES)) == 1
        for entry in tree.iter(f"{{{NAMES['atom']}}}entry"):
            times = [entry.findtext(f"atom:{n}", None, NAMES) for n in ("published", "updated")]
            assert datetime.fromisoformat(times[0]) <= datetime.fromisoformat(times[1])


RSS_CHANNEL = {"title", "link", "description", "docs", "generator", "language", "lastBuildDate"}
RSS_ITEM = {"title", "link", "description", "guid", "category", "pubDate"}
RSS_FOREIGN = {
    f"{{{NAMES['atom']}}}link",
    f"{{{NAMES['atom']}}}updated",
    f"{{{NAMES['fh']}}}archive",
    "{http://purl.org/rss/1.0/modules/content/}encoded",
}


def test_rss_is_valid(made: Mapping[str, bytes]) -> None:
    for path in (path for path in made if path.endswith(".rss")):
        tree = etree.fromstring(made[path])
        assert (tree.tag, tree.get("version")) == ("rss", "2.0")
        (channel,) = tree
        once = [child.tag for child in channel if child.tag in RSS_CHANNEL]
        assert len(once) == len(set(once))
        assert {"title", "link", "description"} <= set(once)
        assert {child.tag for child in channel} <= RSS_CHANNEL | RSS_FOREIGN | {"item"}
        assert channel.findtext("link") == "https://prices.example/"
        (own,) = channel.xpath("atom:link[@rel='self']", namespaces=NAMES)
        assert own.get("href") == f"https://prices.example/{path}"
        assert own.get("type") == "application/rss+xml"
        guids = [guid.text for guid in channel.iter("guid")]
        assert len(guids) == len(set(guids))
        for item in channel.iter("item"):
            assert {child.tag for child in item} <= RSS_ITEM | RSS_FOREIGN
            single = [child.tag for child in item if child.tag != "category"]
            assert len(single) == len(set(single))
            guid = item.find("guid")
            assert guid.get("isPermaLink") == "true"
            assert guid.text.startswith("https://")
        for date in tree.xpath("//pubDate/text() | //lastBuildDate/text()"):
            assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", date)
            assert parsedate_to_datetime(date).tzinfo is not None


def test_json_feed_is_valid(made: Mapping[str, bytes]) -> None:
    for path in (path for path in made if path.endswith(".json")):
        feed = json.loads(made[path])
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert feed["feed_url"] == f"https://prices.example/{path}"
        assert all(author.get("name") for author in feed["authors"])
        for item in feed["items"]:
            assert isinstance(item["id"], str)
            assert item["content_html"]
            for key in ("date_published", "date_modified"):
                assert datetime.fromisoformat(item[key]).tzinfo is not None
            assert len(item["tags"]) == len(set(item["tags"]))


def test_content_is_safe_html_without_style_script_or_images(made: Mapping[str, bytes]) -> None:
    for path in (path for path in made if path.endswith(".json")):
        for item in json.loads(made[path])["items"]:
            for element in html.fragment_fromstring(item["content_html"], "div").iterdescendants():
                assert element.tag in SAFE_TAGS
                assert set(element.attrib) <= SAFE_ATTRIBUTES
                assert element.get("href", "https:").startswith("https:")


def test_the_hub_is_named_in_current_documents_of_every_form() -> None:
    made = build(*cuts(13), site=small(websub_hub="https://hub.example/"))
    for form in ("rss", "atom"):
        hubs = {
            name: etree.fromstring(made[f"{name}.{form}"]).xpath(
                "//atom:link[@rel='hub']/@href", namespaces=NAMES
            )
            for name in ("feeds/all", "feeds/archive/all-1")
        }
        assert hubs == {"feeds/all": ["https://hub.example/"], "feeds/archive/all-1": []}
    assert json.loads(made["feeds/all.json"])["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example/"}
    ]


def test_opml_lists_every_feed_and_each_is_there(made: Mapping[str, bytes]) -> None:
    tree = etree.fromstring(made[OPML_PATH])
    assert (tree.tag, tree.get("version")) == ("opml", "2.0")
    listed = [outline.get("xmlUrl") for outline in tree.iter("outline") if outline.get("type")]
    assert len(listed) == 1 + len(SITE.products) + len(ChangeKind) + len(SITE.sources)
    assert all(url.removeprefix("https://prices.example/") in made for url in listed)
    assert all(outline.get("text") for outline in tree.iter("outline"))
