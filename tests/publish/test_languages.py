"""Pages in several languages, and sites in another than English."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import feedparser
import lumen
import lxml.html
import pytest
from lumen import GERMAN, Sample, add_german, in_language
from lxml import etree

from ratewire.config.load import load_site
from ratewire.errors import BuildError

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ENGLISH_PATH, GERMAN_PATH = "/articles/what-an-image-costs/", "/de/articles/what-an-image-costs/"
LISTS = {"/", "/articles/", "/de/articles/", "/search/"}
TRANSLATION = Path("articles") / "what-an-image-costs.de.md"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def page(built: Path, path: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((built / path.strip("/") / "index.html").read_bytes())


@pytest.fixture
def german(sample: Sample) -> Sample:
    """The site with its German pages, not built."""
    add_german(sample.site)
    return sample


# ── A translated page ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [ENGLISH_PATH, GERMAN_PATH])
def test_each_version_names_every_version(built: Path, path: str) -> None:
    tree, url = page(built, path), "https://watch.example/lumen"
    links = tree.xpath("//link[@rel='alternate'][@hreflang]")
    assert [(link.get("hreflang"), link.get("href")) for link in links] == [
        ("en", url + ENGLISH_PATH),
        ("de", url + GERMAN_PATH),
        ("x-default", url + ENGLISH_PATH),
    ]
    assert tree.xpath("//link[@rel='canonical']/@href") == [url + path]
    assert tree.xpath("//meta[@property='og:url']/@content") == [url + path]


def test_the_sitemap_names_them_too(built: Path) -> None:
    tree = etree.fromstring((built / "sitemap.xml").read_bytes())
    found = {
        each.findtext("s:loc", namespaces=SITEMAP): [
            (link.get("hreflang"), link.get("href")) for link in each.findall("x:link", SITEMAP)
        ]
        for each in tree
    }
    url = "https://watch.example/lumen"
    ways = [("en", ENGLISH_PATH), ("de", GERMAN_PATH), ("x-default", ENGLISH_PATH)]
    expected = [(tag, url + path) for tag, path in ways]
    assert found[url + ENGLISH_PATH] == found[url + GERMAN_PATH] == expected
    assert found[f"{url}/articles/plain-words/"] == []


def test_a_translation_is_in_its_language_throughout(built: Path) -> None:
    tree = page(built, GERMAN_PATH)
    assert tree.get("lang") == "de"
    assert tree.xpath("//meta[@property='og:locale']/@content") == ["de_DE"]
    assert tree.xpath("//meta[@property='og:locale:alternate']/@content") == ["en_US"]
    schema = json.loads(tree.xpath("//script[@type='application/ld+json']")[0].text)
    assert schema["@graph"][0]["inLanguage"] == "de"
    text = " ".join(tree.find("body").text_content().replace("\u00a0", " ").split())
    for part in (
        "Zum Inhalt springen",
        "30,00 $ pro 1 Mio. Tokens",
        "50 % davon",
        "10.000 Bilder",
        "Bildausgabe",
        "geprüft am 20. Juni 2026",
        "Lumen Image 1 ist seit dem 20. Mai 2026 als auslaufend gekennzeichnet",
        "2 von 3 Quellen in Ordnung",
        "Preissenkung",
        "Auf dieser Seite",
    ):
        assert part in text, part
    titles = tree.xpath("//span[@class='rate']/@title")
    assert titles
    assert all(re.search(r"geprüft am \d+\. Juni 2026$", title) for title in titles)
    english = r"\b(?:Prices|verified|per 1M|Skip|Sources|June)\b"
    assert re.findall(english, text.replace("Lumen pricing", "")) == []


def test_figures_are_the_same_in_every_language(built: Path) -> None:
    def amounts(path: str) -> set[tuple[str, ...]]:
        rates = page(built, path).xpath("//span[@class='rate']")
        names = ("data-product", "data-meter", "data-conditions", "data-amount", "data-unit")
        return {tuple(rate.get(name) for name in names) for rate in rates}

    assert len(amounts(GERMAN_PATH)) > 10
    assert amounts(GERMAN_PATH) <= amounts(ENGLISH_PATH)


def test_the_markdown_twin_is_in_its_language(built: Path) -> None:
    twin = (built / GERMAN_PATH.strip("/") / "index.md").read_text("utf-8").replace("\u00a0", " ")
    assert twin.startswith("# Was ein Bild bei Lumen kostet\n")
    assert "| Bildausgabe | 30,00 $ |" in twin
    assert "Preise pro 1 Mio. Tokens:" in twin


def test_a_reader_can_change_the_language(built: Path) -> None:
    for path, other, name in (
        (ENGLISH_PATH, "../../de/articles/what-an-image-costs/", "Deutsch"),
        (GERMAN_PATH, "../../../articles/what-an-image-costs/", "English"),
    ):
        (switch,) = page(built, path).xpath("//nav[@class='versions']")
        (link,) = switch.iter("a")
        assert (link.get("href"), link.text) == (other, name)
        assert link.get("lang") == link.get("hreflang") == ("de" if name == "Deutsch" else "en")
        assert [one.get("aria-current") for one in switch.iter("span")] == ["true"]
    assert page(built, "/articles/plain-words/").xpath("//nav[@class='versions']") == []


def test_links_lead_to_pages_in_the_same_language_where_there_are_some(built: Path) -> None:
    links = page(built, GERMAN_PATH).xpath("//div[@class='prose']//a/@href")
    assert "../../../de/faq/" in links
    assert "../../../products/lumen-image-1/" in links
    assert "../../../changes/" in links
    assert page(built, "/de/faq/").xpath("//footer//a[contains(@href, 'faq')]/@href") == [
        "../../de/faq/"
    ]


def test_the_menu_leads_to_its_own_language_first_and_says_where_it_leaves_it(built: Path) -> None:
    (menu,) = page(built, GERMAN_PATH).xpath("//header//nav")
    links = {
        link.get("href"): (link.get("hreflang"), link.get("aria-current"))
        for link in menu.iter("a")
    }
    assert links["../../../de/articles/"] == (None, "true")
    assert links["../../../products/"] == ("en", None)
    foot = page(built, GERMAN_PATH).xpath("//footer//nav//a")
    told = {link.get("href"): link.get("hreflang") for link in foot}
    assert told["../../../de/faq/"] is None
    assert told["../../../about/"] == "en"
    crumbs = page(built, GERMAN_PATH).xpath("//nav[@class='crumbs']//a")
    assert [(link.get("href"), link.get("hreflang")) for link in crumbs] == [
        ("../../../", "en"),
        ("../../../de/articles/", None),
    ]
    schema = json.loads(
        page(built, GERMAN_PATH).xpath("//script[@type='application/ld+json']")[0].text
    )
    way = [item["item"] for item in schema["@graph"][1]["itemListElement"]]
    assert way[1] == "https://watch.example/lumen/de/articles/"


def test_a_language_has_its_list_of_articles(built: Path) -> None:
    tree = page(built, "/de/articles/")
    assert tree.get("lang") == "de"
    (card,) = tree.xpath("//ul[@class='cards']/li")
    own, other = card.iter("a")
    assert (own.get("href"), own.get("hreflang")) == (
        "../../de/articles/what-an-image-costs/",
        None,
    )
    assert (other.get("href"), other.get("hreflang")) == (
        "../../articles/what-an-image-costs/",
        "en",
    )
    (switch,) = page(built, "/articles/").xpath("//nav[@class='versions']//a")
    assert (switch.get("href"), switch.get("hreflang")) == ("../de/articles/", "de")
    assert (built / "de/articles/index.md").exists()


def unsaid(here: Path) -> set[str]:
    """Links out of a German page that do not say that they lead to another language."""
    found = set()
    tree = lxml.html.fromstring(here.read_bytes())
    for link in tree.xpath("//a[not(@hreflang)][not(@class='brand')][not(@rel='external')]"):
        target = (here.parent / link.get("href").partition("#")[0]).resolve()
        file = target / "index.html" if target.is_dir() else target
        if file.suffix == ".html" and lxml.html.fromstring(file.read_bytes()).get("lang") != "de":
            found.add(link.get("href"))
    return found


def test_every_link_of_a_list_that_leaves_its_language_says_so(built: Path) -> None:
    assert not unsaid(built / "de" / "articles" / "index.html")


def test_a_german_table_is_called_one(german: Sample) -> None:
    file = german.site.content / TRANSLATION
    file.write_text(file.read_text("utf-8") + "\n| a | b |\n| - | - |\n| 1 | 2 |\n", "utf-8")
    german.build()
    boxes = page(german.site.output, GERMAN_PATH).xpath("//div[@class='scroll']/@aria-label")
    assert "Tabelle" in boxes
    assert "Table" not in boxes


def test_lists_and_the_search_know_translations(built: Path) -> None:
    (link,) = page(built, "/articles/").xpath("//ul[@class='cards']//a[@hreflang]")
    assert (link.get("hreflang"), link.text) == ("de", "Deutsch")
    assert link.get("href") == "../de/articles/what-an-image-costs/"
    cards = page(built, "/articles/").xpath("//ul[@class='cards']/li")
    assert len(cards) == 2  # one for each article, not for each version
    found = json.loads((built / "api/v1/search.json").read_bytes())["pages"]
    mine = [each for each in found if each["path"].startswith("/de/")]
    assert {(each["language"], each["kind"]) for each in mine} == {
        ("de", "Article"),
        ("de", "Page"),
        ("de", "Questions"),
    }
    assert all("language" not in each for each in found if each not in mine)
    assert f"{GERMAN_PATH}index.md" in (built / "llms.txt").read_text("utf-8")


def test_the_words_of_a_product_give_it_a_page_in_their_language(german: Sample) -> None:
    words = german.site.content / "products" / "lumen-image-2.de.md"
    words.write_text("Malt Bilder. [Was eines kostet](/articles/what-an-image-costs/).", "utf-8")
    out = replace(german, site=load_site(german.site.root)).build().out
    ways = ("/products/lumen-image-2/", "/de/products/lumen-image-2/")
    for path in ways:
        links = page(out, path).xpath("//link[@rel='alternate'][@hreflang]/@href")
        assert links == [f"https://watch.example/lumen{each}" for each in (*ways, ways[0])]
    tree = page(out, ways[1])
    text = " ".join(tree.find("body").text_content().replace("\u00a0", " ").split())
    for part in ("Malt Bilder.", "30,00 $ pro 1 Mio. Tokens", "Bildausgabe", "Preise"):
        assert part in text, part
    (link,) = tree.xpath("//a[text()='Was eines kostet']/@href")
    assert link == "../../../de/articles/what-an-image-costs/"
    assert tree.xpath("//ol[@class='log']//a")
    assert not unsaid(out / "de" / "products" / "lumen-image-2" / "index.html")
    words.unlink()
    replace(german, site=load_site(german.site.root)).build()
    assert not (out / "de" / "products").exists()


def test_an_untranslated_page_is_not_doubled(built: Path) -> None:
    assert sorted(str(f.relative_to(built)) for f in (built / "de").rglob("*.html")) == [
        "de/articles/index.html",
        "de/articles/what-an-image-costs/index.html",
        "de/faq/index.html",
    ]


def test_a_page_in_one_language_says_nothing_of_others(sample: Sample) -> None:
    out = sample.build().out
    for file in out.rglob("*.html"):
        assert "hreflang" not in file.read_text("utf-8"), file
        assert "og:locale" not in file.read_text("utf-8"), file
    assert b"xhtml" not in (out / "sitemap.xml").read_bytes()


# ── The next build ───────────────────────────────────────────────────────────────────────────


def put(sample: Sample, name: Path) -> None:
    shutil.copy(GERMAN / "content" / name, sample.site.content / name)


def rewrite(sample: Sample, name: str, old: str, new: str) -> None:
    file = sample.site.content / name
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("before", "alter", "rendered"),
    [
        pytest.param(
            [],
            lambda s: put(s, TRANSLATION),
            LISTS | {ENGLISH_PATH, GERMAN_PATH, "/articles/plain-words/"},
            id="a translation added",
        ),
        pytest.param(
            [TRANSLATION],
            lambda s: (s.site.content / TRANSLATION).unlink(),
            LISTS - {"/de/articles/"} | {ENGLISH_PATH, "/articles/plain-words/"},
            id="a translation removed",
        ),
        pytest.param(
            [TRANSLATION],
            lambda s: put(s, Path("faq.de.md")),
            {"/faq/", "/de/faq/", "/de/articles/", GERMAN_PATH},
            id="a page to which a translation can lead",
        ),
        pytest.param(
            [TRANSLATION, Path("faq.de.md")],
            lambda s: (s.site.content / "faq.de.md").unlink(),
            {"/faq/", "/de/articles/", GERMAN_PATH},
            id="such a page removed",
        ),
        pytest.param(
            [TRANSLATION],
            lambda s: rewrite(s, str(TRANSLATION), "Kurz gesagt", "In Kürze"),
            {GERMAN_PATH},
            id="its text altered",
        ),
        pytest.param(
            [TRANSLATION],
            lambda s: rewrite(s, "articles/what-an-image-costs.md", "## In short", "## In brief"),
            {ENGLISH_PATH},
            id="the original's text altered",
        ),
    ],
)
def test_what_comes_of_a_translation_is_built_and_no_more(
    sample: Sample, before: list[Path], alter: Callable[[Sample], None], rendered: set[str]
) -> None:
    for name in before:
        put(sample, name)
    old = contents(sample.build().out)
    alter(sample)
    report = sample.build()
    new = contents(report.out)
    pages = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    moved = {f"/{name.removesuffix('index.html')}" for name in pages if name.endswith(".html")}
    assert moved - {GERMAN_PATH, "/de/faq/", "/de/articles/"} <= rendered
    assert report.rendered == len(rendered)
    assert new == contents(sample.build(fresh=True).out)


def test_a_moved_fact_is_told_in_every_language(german: Sample) -> None:
    german.build()
    facts = lumen.snapshot("lumen-pricing", lumen.pricing("29.00"))
    german.store.save("lumen-pricing", facts, None)
    out = german.build().out
    assert "29,00\u00a0$" in (out / GERMAN_PATH.strip("/") / "index.html").read_text("utf-8")
    assert "$29.00" in (out / ENGLISH_PATH.strip("/") / "index.html").read_text("utf-8")
    assert contents(out) == contents(german.build(fresh=True).out)


def test_a_new_address_of_the_original_is_that_of_its_translations(german: Sample) -> None:
    german.build()
    rewrite(german, "articles/what-an-image-costs.md", "order = 1", 'order = 1\nslug = "costs"')
    out = german.build().out
    assert (out / "de/articles/costs/index.html").is_file()
    assert not (out / "de/articles/what-an-image-costs").exists()


def test_two_builds_are_the_same_to_the_byte(german: Sample) -> None:
    first = contents(german.build().out)
    assert contents(german.build(fresh=True).out) == first
    assert german.build().rendered == 0


# ── Bad cases ────────────────────────────────────────────────────────────────────────────────

FRONT = '+++\ntitle = "Worte"\n+++\nWorte.\n'


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"articles/none.de.md": FRONT}, ["none.de.md:1", "translates", "none.md", "not there"]),
        ({"articles/plain-words.xq.md": FRONT}, ["plain-words.xq.md", "'xq'", "plain-words.de.md"]),
        (
            {"articles/plain-words.german.md": FRONT},
            ["plain-words.german.md", "'plain-words.german'", "plain-words.de.md"],
        ),
        (
            {"articles/plain-words.de.md": FRONT, "articles/plain-words.DE.md": FRONT},
            ["plain-words.", "same language as", "remove one"],
        ),
        (
            {"articles/plain-words.en.md": FRONT},
            ["plain-words.en.md", "own language", "remove one"],
        ),
        (
            {"articles/plain-words.de.md": FRONT.replace("+++\nW", 'slug = "x"\n+++\nW')},
            ["plain-words.de.md:3", "slug", "plain-words.md", "remove the key"],
        ),
        (
            {"articles/plain-words.de.md": FRONT + '{{ rate("lumen-image-2", "none") }}'},
            ["plain-words.de.md:5", "no single rate"],
        ),
    ],
)
def test_a_mistake_is_one_clear_error(
    sample: Sample, files: dict[str, str], said: list[str]
) -> None:
    before = contents(sample.build().out)
    for name, text in files.items():
        (sample.site.content / name).write_text(text, "utf-8")
    with pytest.raises(BuildError) as raised:
        sample.build()
    assert "\n" not in str(raised.value)
    for part in said:
        assert part in str(raised.value)
    assert contents(sample.site.output) == before


# ── A site in another language ───────────────────────────────────────────────────────────────


@pytest.fixture
def in_german(sample: Sample) -> Sample:
    return in_language(sample, "de")


def test_a_wholly_german_site(in_german: Sample) -> None:
    out = in_german.build().out
    for file in out.rglob("*.html"):
        tree = lxml.html.fromstring(file.read_bytes())
        assert tree.get("lang") == "de"
        assert "Zum Inhalt springen" in tree.text_content()
        assert tree.xpath("//meta[@property='og:locale']/@content") == ["de_DE"]
        assert tree.xpath("//link[@hreflang]") == []
    log = page(out, "/changes/")
    assert [h.text for h in log.iter("h2")] == ["Juni 2026", "Mai 2026", "April 2026", "März 2026"]
    feed = feedparser.parse((out / "feeds/all.atom").read_bytes())
    assert feed.feed.language == "de"
    assert feed.feed.title == "Lumen Watch: alle Änderungen"
    newest = feed.entries[0].title.replace("\u00a0", " ")
    assert newest.endswith("32,00 $ → 30,00 $ pro 1 Mio. Tokens (−6,25 %)")
    assert "Diese Änderung mit ihrem Beleg" in feed.entries[0].content[0].value
    assert "wird abgeschaltet" in (out / "calendar.ics").read_text("utf-8")
    assert "läuft aus" in (out / "badges/lumen-image-1.svg").read_text("utf-8")
    api = json.loads((out / "api/v1/rates.json").read_bytes())["rates"][0]
    assert re.fullmatch(r"\d+\.\d+", api["amount"])  # data stays data


def test_its_articles_may_be_in_english_too(in_german: Sample) -> None:
    content = in_german.site.content / "articles"
    shutil.copy(content / "plain-words.md", content / "plain-words.en.md")
    out = in_german.build().out
    tree = page(out, "/en/articles/plain-words/")
    assert tree.get("lang") == "en"
    assert tree.xpath("//link[@hreflang='x-default']/@href") == [
        "https://watch.example/lumen/articles/plain-words/"
    ]
    assert "Skip to content" in tree.text_content()
