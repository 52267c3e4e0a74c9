"""The built site as a reader's machine meets it: structure, links, metadata."""

from __future__ import annotations

import itertools
import json
import posixpath
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import lumen
import lxml.html
import pytest
from lumen import Sample

from ratewire.model import Alteration, ChangeKind
from ratewire.publish.metadata import script_safe

SITE = "https://watch.example/lumen"


def html_files(built: Path) -> list[Path]:
    return sorted(built.rglob("*.html"))


def page_path(built: Path, file: Path) -> str:
    return "/" + str(file.relative_to(built)).removesuffix("index.html")


def test_every_link_and_asset_leads_to_something_built(built: Path) -> None:
    seen = 0
    for file in html_files(built):
        tree = lxml.html.fromstring(file.read_bytes())
        for element, _, link, _ in tree.iterlinks():
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                assert element.tag in {"a", "link"}, f"{file}: loads {link} from elsewhere"
                continue
            path = unquote(parts.path)
            if file.name == "404.html":
                target = path.removeprefix("/lumen/")
            else:
                target = posixpath.normpath(posixpath.join(file.relative_to(built).parent, path))
            found = built / target if path else file
            if found.is_dir():
                assert path.endswith("/"), f"{file}: {link} needs a slash"
                found /= "index.html"
            assert found.is_file(), f"{file}: {link} leads nowhere"
            if parts.fragment:
                there = lxml.html.fromstring(found.read_bytes())
                assert there.get_element_by_id(parts.fragment, None) is not None, f"{file}: {link}"
            seen += 1
    assert seen > 300


def test_every_page_has_one_title_one_heading_and_unique_ids(built: Path) -> None:
    titles = []
    for file in html_files(built):
        tree = lxml.html.fromstring(file.read_bytes())
        titles.append(tree.findtext(".//title"))
        assert len(tree.xpath("//h1")) == 1, file
        assert len(tree.xpath("//main")) == 1, file
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), file
        language = "de" if "de" in file.relative_to(built).parts else "en"
        assert tree.xpath("//html/@lang") == [language], file
        levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3")]
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), (file, levels)
    assert len(set(titles)) == len(titles)


def test_every_page_names_its_address_and_its_twin(built: Path) -> None:
    for file in html_files(built):
        tree = lxml.html.fromstring(file.read_bytes())
        canonical = tree.xpath("//link[@rel='canonical']/@href")
        if file.name == "404.html":
            assert canonical == []
            continue
        assert canonical == [SITE + page_path(built, file)]
        assert (file.parent / "index.md").is_file()
        for name in ("description", "og:title", "og:description", "og:url"):
            found = tree.xpath(f"//meta[@name='{name}' or @property='{name}']/@content")
            assert len(found) == 1, (file, name)
            assert found[0], (file, name)
        assert tree.xpath("//link[@type='application/atom+xml']")


def test_the_policy_forbids_what_is_inline_and_nothing_is(built: Path) -> None:
    for file in html_files(built):
        tree = lxml.html.fromstring(file.read_bytes())
        (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert tree.xpath("//@style") == [], file
        assert tree.xpath("//style") == [], file
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == [], file
        for script in tree.xpath("//script"):
            assert script.get("src") or script.get("type") == "application/ld+json", file


def test_structured_data(built: Path) -> None:
    kinds = {}
    for file in html_files(built):
        for script in lxml.html.fromstring(file.read_bytes()).xpath("//script[not(@src)]"):
            graph = json.loads(script.text)["@graph"]
            kinds[page_path(built, file)] = graph[0]
            if len(graph) > 1:
                assert graph[1]["itemListElement"][0]["item"] == f"{SITE}/"
    article = kinds["/articles/what-an-image-costs/"]
    assert (article["@type"], article["datePublished"]) == ("Article", "2026-05-01")
    assert article["dateModified"] == "2026-06-18"  # the day its facts moved
    assert kinds["/products/lumen-image-2/"]["@type"] == "Dataset"
    questions = kinds["/faq/"]["mainEntity"]
    assert questions[0]["name"] == "Is there a price for text?"
    assert "$5.00 per 1M tokens" in questions[0]["acceptedAnswer"]["text"]


@pytest.mark.parametrize("text", ["</script>", "<!--", "\u2028", "&lt;", 'quote"'])
def test_json_cannot_leave_its_script(text: str) -> None:
    written = script_safe({"a": text})
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"a": text}


def test_the_sitemap_has_true_dates(built: Path) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    urls = ElementTree.fromstring((built / "sitemap.xml").read_bytes()).findall("s:url", space)
    dates = {u.findtext("s:loc", "", space): u.findtext("s:lastmod", "", space) for u in urls}
    assert dates[f"{SITE}/articles/plain-words/"] == "2026-04-01"
    assert dates[f"{SITE}/articles/what-an-image-costs/"] == "2026-06-18"
    assert dates[f"{SITE}/changes/c-wrong/"] == "2026-04-03"
    assert dates[f"{SITE}/products/lumen-draft/"] == ""
    assert f"{SITE}/404.html" not in dates


def test_llms_txt_lists_twins_that_are_there(built: Path) -> None:
    text = (built / "llms.txt").read_text()
    twins = re.findall(r"\]\((\S+index\.md)\)", text)
    assert len(twins) == len(html_files(built)) - 1
    for twin in twins:
        assert (built / twin.removeprefix(SITE + "/")).is_file()
    assert (
        "| Image output | $30.00 |" in (built / "articles/what-an-image-costs/index.md").read_text()
    )


def test_a_page_says_when_its_facts_moved_after_its_review(built: Path) -> None:
    text = (built / "articles/what-an-image-costs/index.html").read_text()
    assert "have changed since it was last reviewed on <time" in text
    assert "$32.00 → $30.00 per 1M tokens" in text
    assert "$40.00 → $32.00 per 1M tokens" not in text  # before the review
    assert "have moved since" not in (built / "articles/plain-words/index.html").read_text()


def test_a_change_shows_its_evidence(built: Path) -> None:
    text = (built / "changes/c-cut-2/index.html").read_text()
    for told in (
        "−6.25%",
        "lumen-image-2 | image.output | $32.00",
        "https://lumen.example/lumen-pricing#:~:text=lumen%2Dimage%2D2,%2430.00",
        "18 June 2026, 08:00 UTC",
        "18 June 2026, 09:00 UTC",
        "a" * 64,
        "b" * 64,
    ):
        assert told in text, told
    retracted = (built / "changes/c-wrong/index.html").read_text()
    assert "Retracted on" in retracted
    assert "The page showed a misprint for an hour." in retracted


def test_the_site_says_when_the_snapshot_was_taken_and_what_fails(built: Path) -> None:
    text = (built / "sources/index.html").read_text()
    assert "18 June 2026, 09:30 UTC</time>, from the stored snapshot" in text
    assert "answers 403 &lt;script&gt;" in text
    assert "Access refused" in text
    front = (built / "index.html").read_text()
    assert "snapshot of 18 June 2026" in front
    assert "2 of 3 sources healthy" in front


def test_a_site_of_snapshots_alone_says_so_on_every_page(sample: Sample) -> None:
    out = sample.build(checked={}).out
    for file in html_files(out):
        assert "facts from the snapshot of 18 June 2026, not checked since" in file.read_text()


def test_hostile_words_of_a_page_stay_words(sample: Sample) -> None:
    import lumen

    bad = "</script><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:x)"
    was = lumen.rate("lumen-image-2", "image.output", "30.00", tier=bad)
    became = lumen.rate("lumen-image-2", "image.output", "31.00", tier=bad)
    evidence = lumen.Evidence(bad, bad)
    facts = [lumen.replace(one, evidence=evidence, label=bad) for one in (was, became)]
    change = lumen.change(
        "c-bad",
        ChangeKind.RATE_UP,
        lumen.NOW,
        Alteration(ChangeKind.RATE_UP, facts[0], facts[1], lumen.Decimal("3.33")),
        source="lumen-pricing",
    )
    sample.store.save("lumen-pricing", *sample.store.load("lumen-pricing"), (change,))
    out = sample.build().out
    for file in html_files(out):
        tree = lxml.html.fromstring(file.read_bytes())
        assert tree.xpath("//img[@onerror]") == [], file
        assert all("alert" not in (s.text or "")[:20] for s in tree.xpath("//script")), file
        assert not [a for a in tree.xpath("//a/@href") if a.startswith("javascript")], file


def test_a_change_has_no_column_in_which_nothing_stands(sample: Sample) -> None:
    whole = sample.store.changes()[-1]
    rise = whole.alterations[0]
    new = lumen.rate("lumen-image-2", "video.output", "3.00")
    cases = {
        "c-new": (Alteration(ChangeKind.ADDED, None, new), ["What", "After"]),
        "c-gone": (Alteration(ChangeKind.REMOVED, new, None), ["What", "Before"]),
        "c-step": (rise, ["What", "Before", "After", "Change"]),
    }
    entries = [
        replace(whole, id=id, kind=one.kind, alterations=(one,)) for id, (one, _) in cases.items()
    ]
    sample.store.save(whole.source, None, None, entries)
    out = sample.build().out
    for id, (_, columns) in cases.items():
        tree = lxml.html.parse(out / "changes" / id / "index.html")
        assert [one.text_content() for one in tree.xpath("//thead//th")] == columns
        assert {len(row) for row in tree.xpath("//tbody/tr")} == {len(columns)}
