"""The catalogues of interface words, and that nothing is said beside them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from literals import literals
from lumen import FIXTURE, Sample
from markupsafe import Markup, escape

import ratewire
from ratewire.config.load import load_site
from ratewire.config.toml import read_toml
from ratewire.errors import BuildError
from ratewire.model import Rate, Unit
from ratewire.publish.theme import Theme
from ratewire.wording import formats
from ratewire.wording.catalogue import ENGLISH, OPEN, Words, theme_folder, words_of
from ratewire.wording.locales import forms_of
from ratewire.wording.text import joined

THEME = theme_folder()
FIXTURE_ARTICLE = FIXTURE / "content" / "articles" / "what-an-image-costs.md"
TEMPLATES = sorted(
    path for path in THEME.rglob("*") if path.suffix in {".html", ".md"} and path.is_file()
)
LANGUAGES = {file.stem: file for file in sorted((THEME / "words").glob("*.toml"))}


def messages(words: Words) -> dict[str, object]:
    return {key: one for key, one in words._messages.items() if key.split(".")[0] not in OPEN}


# ── The catalogues that come along ───────────────────────────────────────────────────────────


def test_there_is_english_and_german() -> None:
    assert {"en", "de"} <= LANGUAGES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_the_same_keys_and_arguments(language: str) -> None:
    words = Words(language)
    assert words.missing == ()
    own = read_toml(LANGUAGES[language])
    english = messages(ENGLISH)
    assert messages(words).keys() == english.keys()
    for key, texts in flat(own.data).items():
        if key.split(".")[0] in OPEN:
            continue
        assert names_in(texts) == names_in(flat(read_toml(LANGUAGES["en"]).data)[key]), key
        if isinstance(texts, dict):
            assert texts.keys() == forms_of(language).categories(), key


def flat(table: object, start: str = "") -> dict[str, object]:
    assert isinstance(table, dict)
    found: dict[str, object] = {}
    for name, value in table.items():
        key = f"{start}{name}"
        if isinstance(value, dict) and not ("other" in value and "one" in value):
            found |= flat(value, f"{key}.")
        else:
            found[key] = value
    return found


def names_in(texts: object) -> set[str]:
    every = texts.values() if isinstance(texts, dict) else [texts]
    return {name for text in every for name in re.findall(r"\{(\w+)\}", str(text))}


def test_every_word_is_used() -> None:
    """By its key, or by one that is put together: `f"kind.{kind}"`, `seen.word ~ "_first"`."""
    package = Path(ratewire.__file__ or "").parent
    code = [
        f for room in ("wording", "publish", "announce") for f in (package / room).rglob("*.py")
    ]
    code += [package / "announce" / "mail.html", *TEMPLATES, *(THEME / "assets").glob("*.js")]
    text = "\n".join(file.read_text("utf-8") for file in code)
    starts = tuple(set(re.findall(r'"([a-z_]+\.(?:[a-z_]+\.)?(?:[a-z]+_)?)(?:\{|" ~)', text)))

    def is_used(key: str) -> bool:
        first = re.sub("_(?:first|was|because|on)$", "", key)
        script = key.rpartition(".script.")[2]  # in JavaScript by its last part
        named = any(f"{q}{each}{q}" in text for each in (key, first, script) for q in "'\"")
        return named or key.startswith(starts)

    assert [key for key in messages(ENGLISH) if not is_used(key)] == []


# ── No word beside them ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(THEME)))
def test_no_template_says_a_word_of_its_own(file: Path) -> None:
    assert literals(file.read_text("utf-8"), html=file.suffix == ".html") == []


def test_neither_does_the_mail() -> None:
    import ratewire.announce

    mail = Path(ratewire.announce.__file__ or "").with_name("mail.html")
    assert literals(mail.read_text("utf-8"), html=True) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Word</p>", ["Word"]),
        ('<p aria-label="Word"></p>', ["Word"]),
        ('<img alt="A {{ x }} word">', ["word"]),
        ("{{ 'Stops' if x else say('a.b') }}", ["Stops"]),
        ("{{ x or 'Glance' }}", ["Glance"]),
        ("{{ {'a': 'is so'}[x] }}", ["is", "so"]),
        ("{% for words, path in (('Prices', '/x/'),) %}{{ words }}{% endfor %}", ["Prices"]),
        ("{% set told = 'Told' %}{{ told }}", ["Told"]),
        ("{{ a('/x/', 'Here') }}", ["Here"]),
        ("{{ say('a.b', name='Name') }}", ["Name"]),
        ("{{ 'one ' ~ x }}", ["one"]),
        ("{% macro m() %}<b>Deep</b>{% endmacro %}", ["Deep"]),
        ("{% block b %}{% if x %}<b>If</b>{% else %}Else{% endif %}{% endblock %}", ["If", "Else"]),
        ('<meta name="description" content="Told">', ["Told"]),
        ("{{ ['some']|join(', and ') }}", []),
        ("<p>{{ say('nav.home') }}: {{ link('/x/') }}</p>", []),
        ('<p class="seen" data-words="{{ x }}">1 · 2</p><code>v1</code>', []),
        ("<script>const x = 'word'</script>", []),
    ],
)
def test_the_look_for_words_finds_them(source: str, found: list[str]) -> None:
    assert literals(source, html=True) == found


def test_nothing_of_a_built_site_is_said_beside_the_catalogue(sample: Sample) -> None:
    """A language whose every word is one strange letter: what can be read then is no interface."""
    sample = in_lorem(sample)
    strange(sample)
    out = sample.build().out
    known = {word.lower() for text in own_texts(sample) for word in latin(text)}
    spoken: set[str] = set()
    for file in sorted(path for path in out.rglob("*") if path.is_file()):
        spoken |= {(file.name, word) for text in said(file) for word in latin(text)}
    left = {(name, word) for name, word in spoken if word.lower() not in known}
    assert left == set()
    home = (out / "index.html").read_text("utf-8")
    assert home.count("ж") > 20


def strange(sample: Sample) -> None:
    """Every message with ж for each run of its letters."""
    english = read_toml(LANGUAGES["en"]).data
    lines = []
    for key, texts in flat(english).items():
        if key.split(".")[0] in (*OPEN, "rules"):
            continue
        forms = texts if isinstance(texts, dict) else {"": texts}
        odd = {
            name: "".join(
                part if part.startswith("{") else re.sub(r"[^\W\d_]+", "ж", part)
                for part in re.split(r"(\{\w+\})", str(text))
            )
            for name, text in forms.items()
        }
        value = json.dumps(odd[""], ensure_ascii=False) if "" in odd else None
        many = ", ".join(f"{n} = {json.dumps(t, ensure_ascii=False)}" for n, t in odd.items())
        path = ".".join(json.dumps(part) for part in key.split("."))
        lines.append(f"{path} = {value or '{ ' + many + ' }'}")
    (sample.site.templates / "words").mkdir(parents=True)
    file = sample.site.templates / "words" / "en.toml"
    file.write_text("\n".join(lines), "utf-8")


def own_texts(sample: Sample) -> list[str]:
    """What comes from content, settings, pages and names, and so stands in no catalogue."""
    site = sample.site
    months = [forms_of("en").month(date(2026, month, 1)) for month in range(1, 13)]
    facts = "text image input output cached standard batch low medium high tier per 1M tokens"
    notes = "The page showed a misprint for an hour. answers 403 script Deprecations Pricing"
    names = [name for each in site.products for name in (each.id, each.name, each.publisher)]
    names += [name for each in site.sources for name in (each.id, each.name, each.publisher)]
    return [
        *names,
        *months,
        facts,
        notes,
        LOREM,
        site.settings.title,
        "UTC mailto desk watch example",
        *(source.url.replace("/", " ") for source in site.sources),  # broken at each slash
    ]


LOREM = "Lorem ipsum dolor sit amet"


def in_lorem(sample: Sample) -> Sample:
    """The site with content of which no word is an interface's, and an article of every figure."""
    site = sample.site
    for file in (*site.content.glob("products/*.md"), *site.content.glob("*.md")):
        front, _, _ = file.read_text("utf-8").rpartition("+++")
        front = re.sub(r'(title|description) = ".*"', rf'\1 = "{LOREM}"', front)
        file.write_text(f"{front}+++\n## {LOREM}\n\n{LOREM}.\n", "utf-8")
    for file in site.content.glob("articles/*.md"):
        file.unlink()
    figures = re.findall(r"\{\{.*?\}\}", FIXTURE_ARTICLE.read_text("utf-8"))
    text = "\n\n".join(figures).replace("(p", '("lumen-image-2"').replace("[p", '["lumen-image-2"')
    front = f'+++\ntitle = "{LOREM}"\npublished = 2026-01-01\n+++\n'
    heads = "".join(f"## {word}\n\n" for word in LOREM.split())
    (site.content / "articles" / "lorem.md").write_text(f"{front}{heads}{text}", "utf-8")
    settings = site.root / "ratewire.toml"
    told = re.sub(r'(description|notice) = ".*"', rf'\1 = "{LOREM}"', settings.read_text("utf-8"))
    settings.write_text(told, "utf-8")
    return Sample(load_site(site.root), sample.store)


def latin(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"https?://\S+|/[\w./-]+|\w+\.\w{2,4}\b", " ", text))


def said(file: Path) -> list[str]:
    """What a reader of this file sees or hears."""
    text = file.read_text("utf-8") if file.suffix not in {".png", ".zst"} else ""
    match file.suffix:
        case ".html":
            soup = BeautifulSoup(text, "html.parser")
            told = [str(one["content"]) for one in soup.select("meta[name=description]")]
            for name in ("alt", "aria-label", "title"):
                told += [str(node[name]) for node in soup.find_all(attrs={name: True})]
            for quiet in soup.select("script, style, code"):
                quiet.extract()
            return [*told, soup.get_text(" ")]
        case ".md":
            return [re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text)]
        case ".svg" if "badges" in file.parts:
            return [BeautifulSoup(text, "html.parser").get_text(" ")]
        case ".atom" | ".rss":
            told = ["title", "summary", "content", "subtitle", "description"]
            found = BeautifulSoup(text, "xml").find_all(told)
            return [BeautifulSoup(one.get_text(), "html.parser").get_text(" ") for one in found]
        case ".ics":
            return re.findall(r"^(?:SUMMARY|DESCRIPTION):(.*)", text, re.M)
        case ".json" if file.name == "search.json":
            found = json.loads(text)["pages"]
            headings = [words for one in found for _, words in one.get("headings", ())]
            return [f"{one['title']} {one['kind']}" for one in found] + headings
        case ".json" if file.name == "openapi.json":
            return re.findall(r'"(?:summary|description)": "([^"]*)"', text)
        case ".txt" if file.name == "llms.txt":
            return [re.sub(r"\]\([^)]*\)", " ", text)]
    return []


# ── What is said ─────────────────────────────────────────────────────────────────────────────

MILLION = Unit.of("token", count=1_000_000)


def rate(amount: str, unit: Unit = MILLION, currency: str = "USD", qualifier: str = "") -> Rate:
    return Rate("lumen", "image.output", Decimal(amount), currency, unit, qualifier=qualifier)


@pytest.mark.parametrize(
    ("language", "told", "expected"),
    [
        ("en", lambda w: formats.day(date(2026, 12, 4), w), "4 December 2026"),
        ("de", lambda w: formats.day(date(2026, 12, 4), w), "4. Dezember 2026"),
        ("de", lambda w: w.forms.month(date(2026, 3, 1)), "März 2026"),
        (
            "de",
            lambda w: formats.moment(datetime(2026, 3, 1, 9, 5, tzinfo=UTC), w),
            "1. März 2026, 09:05 Uhr UTC",
        ),
        ("de", lambda w: formats.price(rate("30.00"), w), "30,00 $ pro 1 Mio. Tokens"),
        ("de", lambda w: formats.price(rate("1234.5", currency="CHF"), w),
         "1.234,50 CHF pro 1 Mio. Tokens"),
        ("de", lambda w: formats.price(rate("0"), w), "kostenlos"),
        ("de", lambda w: formats.price(rate("4", Unit.of("image"), qualifier="from"), w),
         "ab 4,00 $ pro Bild"),
        ("de", lambda w: formats.per(Unit.of("GB", "month"), w), "pro GB-Monat"),
        ("de", lambda w: formats.per(Unit.of("tool-call"), w), "pro call-tool"),
        ("de", lambda w: formats.per(Unit.of("minute", count=20), w), "pro 20 Minuten"),
        ("de", lambda w: formats.percent(Decimal("-6.25"), w, signed=True), "−6,25 %"),
        ("de", lambda w: joined(["A", "B", "C"], 2, w), "A, B und 1 weitere"),
        ("de", lambda w: joined(["A", "B", "C"], 3, w), "A, B und C"),
        ("de", lambda w: w("count.rates", count=1), "1 Preis"),
        ("de", lambda w: w("count.rates", count=2), "2 Preise"),
        ("en", lambda w: w("count.rates", count=0), "0 rates"),
        ("en", lambda w: formats.price(rate("30.00"), w), "$30.00 per 1M tokens"),
        ("de-AT", lambda w: w("nav.prices"), "Preise"),
        ("xx", lambda w: w("nav.prices"), "Prices"),
        ("xx", lambda w: formats.day(date(2026, 12, 4), w), "4 December 2026"),
    ],
)  # fmt: skip
def test_each_language_has_its_own_way(
    language: str, told: Callable[[Words], str], expected: str
) -> None:
    assert told(Words(language)).replace("\u00a0", " ") == expected


@given(st.text(max_size=30))
def test_what_is_put_in_is_escaped_where_the_page_is_html(hostile: str) -> None:
    for language in LANGUAGES:
        words = WORDS[language]
        html = words.html("product.silent", product=hostile)
        assert html == escape(words("product.silent", product=hostile))
        assert "<" not in html


WORDS = {language: Words(language) for language in LANGUAGES}


def test_markup_is_put_in_as_it_is() -> None:
    link = Markup('<a href="/x/">{}</a>').format("<b>")
    told = ENGLISH.html("seen.on_source", seen="<i>", source=link)
    assert told == '&lt;i&gt; on <a href="/x/">&lt;b&gt;</a>'


def test_braces_in_what_is_put_in_are_no_names() -> None:
    assert ENGLISH("home.available", product="{day} {0}") == "{day} {0} is available"
    assert ENGLISH.html("home.available", product="{day}") == "{day} is available"


def test_scripts_get_the_same_messages() -> None:
    told = json.loads(Words("de").script("search.script"))
    assert told["results"] == {"one": "{count} Treffer", "other": "{count} Treffer"}
    assert told["not_loaded"] == "Das Verzeichnis konnte nicht geladen werden."


# ── A site's own words ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def write(sample: Sample) -> Callable[..., Path]:
    """Writes a catalogue of the site's own."""

    def it(text: str, language: str = "en") -> Path:
        file = sample.site.templates / "words" / f"{language}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    return it


def test_a_site_says_single_words_in_its_own_way(
    sample: Sample, write: Callable[..., Path]
) -> None:
    out = sample.build().out
    before = (out / "index.html").read_text("utf-8")
    file = write('[nav]\nprices = "What it <costs>"\n')
    report = sample.build()
    assert report.rendered == report.pages
    after = (out / "index.html").read_text("utf-8")
    assert "What it &lt;costs&gt;" in after
    assert after.replace("What it &lt;costs&gt;", "Prices") == before
    file.unlink()
    sample.build()
    assert (out / "index.html").read_text("utf-8") == before


def test_a_language_may_be_begun(
    sample: Sample, write: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    """What it lacks stands in English, and is named."""
    write('[nav]\nprices = "Ceny"\n[count.rates]\none = "{count} cena"\nfew = "{count} ceny"\n'
          'many = "{count} cen"\nother = "{count} ceny"\n', "pl")  # fmt: skip
    words = words_of(sample.site, "pl")
    assert words("nav.prices") == "Ceny"
    assert words("nav.changes") == "Changes"
    assert [words("count.rates", count=n) for n in (1, 2, 5, 22)] == [
        "1 cena", "2 ceny", "5 cen", "22 ceny",
    ]  # fmt: skip
    assert "nav.changes" in words.missing
    assert "nav.prices" not in words.missing
    assert f"words/pl.toml lacks {len(words.missing)} words" in caplog.text


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("[nav", "en", ["words/en.toml", "not TOML"]),
        ('[nav]\nprizes = "Prices"', "en", ["en.toml:2", "nav.prizes", "nav.prices"]),
        ('[nav]\n\nprices = 3', "en", ["en.toml:3", "nav.prices", 'text in "quotes"', "3"]),
        ('[foot]\npulse = "{good} of {total}"', "en",
         ["en.toml:2", "foot.pulse", "{good}", "{healthy}, {total}"]),
        ('[nav]\nprices = "{what}"', "en", ["en.toml:2", "nav.prices", "{what}", "nothing"]),
        ('[nav]\nprices = "a { b"', "en", ["en.toml:2", "nav.prices", "brace"]),
        ('[foot]\npulse = "{healthy!r}"', "en", ["en.toml:2", "foot.pulse", "{day}"]),
        ('[foot]\npulse = "{healthy.real}"', "en", ["en.toml:2", "foot.pulse", "{healthy.real}"]),
        ('[foot]\npulse = "{}"', "en", ["en.toml:2", "foot.pulse", "not a name"]),
        ('[count]\nrates = { one = "x" }', "en", ["en.toml:2", "count.rates", "other"]),
        ('[nav]\nprices = { one = "x", other = "y" }', "de", ["de.toml:2", "nav.prices", "plural"]),
    ],
)  # fmt: skip
def test_a_mistake_in_a_catalogue_is_one_clear_error(
    sample: Sample, write: Callable[..., Path], text: str, language: str, said: list[str]
) -> None:
    file = write(text, language)
    with pytest.raises(BuildError) as raised:
        words_of(sample.site, language)("nav.home")
    told = str(raised.value)
    assert "\n" not in told
    assert str(file) in told
    for part in said:
        assert part in told


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('say("nav.prizes")', ["'nav.prizes'", "words/en.toml", "nav.prices"]),
        ('say("foot.pulse", healthy=1)', ["'foot.pulse'", "healthy, total", "given: healthy"]),
        ('say("nav.prices", count=1)', ["'nav.prices'", "takes nothing", "given: count"]),
    ],
)
def test_a_mistake_in_a_template_names_it_and_its_line(
    sample: Sample, call: str, said: list[str]
) -> None:
    sample.site.templates.mkdir()
    file = sample.site.templates / "about.html"
    file.write_text('{% extends "base.html" %}\n{% block main %}\n{{ ' + call + " }}{% endblock %}")
    with pytest.raises(BuildError) as raised:
        sample.build()
    assert (raised.value.file, raised.value.line) == (file, 3)
    for part in said:
        assert part in str(raised.value)


def test_english_needs_no_tables_of_other_languages() -> None:
    """Babel is loaded for another language, not for the command line's help nor a wholly English
    site."""
    code = (
        "import sys; from ratewire.cli import app; from ratewire.publish.build import build; "
        "from ratewire.wording.catalogue import ENGLISH; "
        "from ratewire.wording.formats import money; from decimal import Decimal; "
        "ENGLISH('nav.home'); money(Decimal(1), 'USD'); "
        "print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_theme_speaks_several_languages_at_once(sample: Sample) -> None:
    theme = Theme(sample.site)
    assert theme.speaking("") is theme
    german = theme.speaking("de")
    assert (theme.words("nav.prices"), german.words("nav.prices")) == ("Prices", "Preise")
    assert german.speaking("de") is german
