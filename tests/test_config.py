"""Every mistake an owner can make in a site's folder is named with file, line, key and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewire.config import (
    ButtondownSettings,
    Form,
    ListmonkSettings,
    ServiceSettings,
    Site,
    SubscribeSettings,
    duration,
    is_due,
)
from ratewire.config.load import load_site
from ratewire.config.toml import read_front_matter
from ratewire.errors import ConfigError
from ratewire.model import SourceKind

SETTINGS = """\
[site]
title = "Prices"
url = "https://prices.example/"
featured_product = "model-1"

[fetch]
delay = 0.5

[announce.email]
port = 25
security = "none"

[[announce.webhook]]
url = "https://hooks.example/a"

[meters]
"text.input" = "Text in"
"""
SOURCE = """\
name = "Prices"
publisher = "Example"
url = "https://example.com/prices"
alternates = ["https://example.com/prices.md"]

[hints]
products = ["model-*"]

[hints.meters]
"Per 1M in" = "text.input"

[expect]
must_have = ["model-1 text.input"]
min_rates = 2
"""
PRODUCT = """\
+++
name = "Model 1"
publisher = "Example"
aliases = ["M1"]
+++

The *first* model.
"""


def write_site(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    whole: dict[str, str | bytes] = {
        "ratewire.toml": SETTINGS,
        "content/sources/prices.toml": SOURCE,
        "content/products/model-1.md": PRODUCT,
        **(files or {}),
    }
    for name, text in whole.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def test_a_whole_site(tmp_path: Path) -> None:
    site = load_site(write_site(tmp_path))
    assert isinstance(site, Site)
    assert site.settings.url == "https://prices.example"
    assert site.fetch.delay == 0.5
    assert site.announce.webhooks[0].url == "https://hooks.example/a"
    assert site.meters == {"text.input": "Text in"}
    source = site.source("prices")
    assert source.kind is SourceKind.PRICING
    assert source.hints.meters == {"Per 1M in": "text.input"}
    assert source.expect.must_have == ("model-1 text.input",)
    (product,) = site.products
    assert (product.id, product.text) == ("model-1", "The *first* model.")
    assert site.output == tmp_path.resolve() / "site"


def test_an_address_that_is_a_secret_is_refused_in_a_file_and_not_repeated(tmp_path: Path) -> None:
    text = SETTINGS + '[[announce.apprise]]\nurl = "slack://s3cr3t/b/c"\n'
    with pytest.raises(ConfigError) as caught:
        load_site(write_site(tmp_path, {"ratewire.toml": text}))
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "postgresql://u:hunter2@h/n",
        "postgresql://u:hun/ter2@h/n",
        "postgresql+psycopg://h/n?user=u&password=hunter2",
        "mysql://u:hunter2@h/n",
        "hunter2",
    ],
)
def test_a_password_of_the_database_is_refused_and_not_repeated(value: str, tmp_path: Path) -> None:
    text = SETTINGS + f"[subscribe.service]\ndatabase = {value!r}\n"
    with pytest.raises(ConfigError, match=r"subscribe\.service\.database") as caught:
        load_site(write_site(tmp_path, {"ratewire.toml": text}))
    assert "hun" not in str(caught.value)
    assert "ter2" not in str(caught.value)


def test_services_and_github_are_set_by_their_tables(tmp_path: Path) -> None:
    text = f"""{SETTINGS}
[[announce.apprise]]
url = "env:TEAM_CHAT"
products = ["model-1"]
kinds = ["rate_up"]
digest = "weekly"

[announce.github]
repository = "example/prices"
as = "issue"
"""
    announce = load_site(write_site(tmp_path, {"ratewire.toml": text})).announce
    (service,) = announce.apprise
    assert (service.url, service.products, service.digest) == (
        "env:TEAM_CHAT",
        ("model-1",),
        "weekly",
    )
    assert announce.github is not None
    assert (announce.github.form, announce.github.api) == ("issue", "https://api.github.com")


def test_a_later_file_may_add_what_an_earlier_one_names(tmp_path: Path) -> None:
    old = PRODUCT.replace('aliases = ["M1"]', 'successor = "model-2"\norder = 2')
    new = PRODUCT.replace("Model 1", "Model 2")
    site = load_site(
        write_site(
            tmp_path, {"content/products/model-1.md": old, "content/products/model-2.md": new}
        )
    )
    assert [product.id for product in site.products] == ["model-1", "model-2"]


T, S, P = "ratewire.toml", "content/sources/prices.toml", "content/products/model-1.md"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "key", "words"),
    [
        (T, 'title = "Prices"', 'titel = "Prices"', 2, "site.titel", 'did you mean "title"?'),
        (T, 'title = "Prices"\n', "", 1, "site.title", "is missing"),
        (T, 'title = "Prices"', 'title = ""', 2, "site.title", "is not empty"),
        (T, 'title = "Prices"', "title = Prices", 2, "", "not TOML"),
        (T, 'title = "Prices"', "title = 7", 2, "site.title", 'is text in "quotes", not 7'),
        (T, '"https://prices.example/"', '"prices.example"', 3, "site.url", "is an address"),
        (T, '"https://prices.example/"', '"https://a b/"', 3, "site.url", "is an address"),
        (T, '"https://prices.example/"', '"https://h:x/"', 3, "site.url", "is an address"),
        (T, '"https://prices.example/"', '"ftp://h/"', 3, "site.url", "is an address"),
        (T, '"https://prices.example/"', '"https://u:p@h/"', 3, "site.url", "password"),
        (T, '"model-1"', '"modle-1"', 4, "site.featured_product", 'did you mean "model-1"?'),
        (T, "[fetch]", "[fetsch]", 6, "fetsch", 'did you mean "fetch"?'),
        (T, "delay = 0.5", "delay = -1", 7, "fetch.delay", "is 0 or more, not -1"),
        (T, "delay = 0.5", 'delay = "1s"', 7, "fetch.delay", "is a number, not '1s'"),
        (T, "delay = 0.5", "delay = true", 7, "fetch.delay", "is a number, not true"),
        (T, "delay = 0.5", 'robots = "no"', 7, "fetch.robots", "is true or false"),
        (T, "delay = 0.5", "concurrency = 2.5", 7, "fetch.concurrency", "is a whole number"),
        (T, "delay = 0.5", "concurrency = 0", 7, "fetch.concurrency", "is 1 or more"),
        (T, "delay = 0.5", "delay = 1\ndelay = 2", 8, "", "not TOML"),
        (T, "port = 25", "port = 70000", 10, "announce.email.port", "between 1 and 65535"),
        (T, '"none"', '"startls"', 11, "announce.email.security", 'did you mean "starttls"?'),
        (T, "https://hooks", "hooks", 14, "announce.webhook.url", "is an address"),
        (T, '"https://hooks.example/a"', "[]", 14, "announce.webhook.url", "is text"),
        (T, "[[announce.webhook]]", "[announce.webhook]", 13, "announce.webhook", "is a list"),
        (
            T,
            "[meters]",
            "[[announce.apprise]]\nurl = 'slack://a/b/c'\n[meters]",
            17,
            "announce.apprise.url",
            "is env:NAME",
        ),
        (T, "[meters]", "[[announce.apprise]]\n[meters]", 16, "announce.apprise.url", "is missing"),
        (
            T,
            "[meters]",
            "[announce.github]\nrepository = 'x'\n[meters]",
            17,
            "announce.github.repository",
            "is `owner/name`",
        ),
        (
            T,
            "[meters]",
            "[announce.github]\nrepository = 'a/b'\nas = 'tag'\n[meters]",
            18,
            "announce.github.as",
            "release, issue",
        ),
        (
            T,
            "[meters]",
            "[announce.github]\nrepository = 'a/b'\napi = 'http://ghe.example'\n[meters]",
            18,
            "announce.github.api",
            "is an https: address",
        ),
        (
            T,
            "[meters]",
            "[compare]\napart = '1h'\n[meters]",
            17,
            "compare.apart",
            "is now called min_interval",
        ),
        (
            T,
            "[meters]",
            "[subscribe]\nway = 'form'\n[meters]",
            17,
            "subscribe.way",
            "is now called provider",
        ),
        (T, '"Text in"', "{}", 17, "meters.text.input", "is text"),
        (
            T,
            "[meters]",
            "[compare]\nmax_removed = 1.5\n[meters]",
            17,
            "compare.max_removed",
            "and 1",
        ),
        (
            T,
            "[meters]",
            "[compare]\nmin_interval = '5'\n[meters]",
            17,
            "compare.min_interval",
            "30m, 1h or 3d",
        ),
        (
            T,
            "[meters]",
            "[subscribe]\nprovider = 'x'\n[meters]",
            17,
            "subscribe.provider",
            "none, form",
        ),
        (
            T,
            "[meters]",
            "[subscribe]\nprovider = 'buttonup'\n[meters]",
            17,
            "subscribe.provider",
            'mean "buttond',
        ),
        (
            T,
            "[meters]",
            "[subscribe]\nprovider = 'form'\n[meters]",
            16,
            "subscribe.action",
            'provider = "form"',
        ),
        (
            T,
            "[meters]",
            "[subscribe]\nprovider = 'buttondown'\n[meters]",
            16,
            "subscribe.buttondown.newsletter",
            "is not set",
        ),
        (
            T,
            "[meters]",
            "[subscribe.listmonk]\nuuid = 'x'\n[meters]",
            17,
            "subscribe.listmonk.uuid",
            "is a UUID",
        ),
        (
            T,
            "[meters]",
            "[subscribe.listmonk]\nurl = 'http://l.example'\n[meters]",
            17,
            "subscribe.listmonk.url",
            "is https, or http on the same machine",
        ),
        (
            T,
            "[meters]",
            "[subscribe.service]\nurl = 'https://s.example/x'\n[meters]",
            17,
            "subscribe.service.url",
            "without a path",
        ),
        (
            T,
            "[meters]",
            "[subscribe.service]\nconfirmation_ttl = '2'\n[meters]",
            17,
            "subscribe.service.confirmation_ttl",
            "30m, 1h or 3d",
        ),
        (
            T,
            "[meters]",
            "[subscribe.service]\nper_client = 0\n[meters]",
            17,
            "subscribe.service.per_client",
            "1 or more",
        ),
        (
            T,
            "[meters]",
            "[subscribe.service]\ndatabase = 'mysql://h/n'\n[meters]",
            17,
            "subscribe.service.database",
            "sqlite:////path",
        ),
        (
            T,
            "[meters]",
            "[subscribe.service]\ndatabase = 'postgresql://u:p@h/n'\n[meters]",
            17,
            "subscribe.service.database",
            "carries a password",
        ),
        (
            T,
            "[meters]",
            "[subscribe.service]\ndatabase = 'postgres://h/n?sslmode=require&Password=p'\n[meters]",
            17,
            "subscribe.service.database",
            "carries a password",
        ),
        (
            T,
            "[meters]",
            "[subscribe.service]\nurll = ''\n[meters]",
            17,
            "subscribe.service.urll",
            'did you mean "url"?',
        ),
        (
            T,
            "port = 25",
            "return_path = 'b+{recipient}'",
            10,
            "announce.email.return_path",
            "email",
        ),
        (
            T,
            "[fetch]",
            "[announce]\nimmediate = ['rate']\n[fetch]",
            7,
            "announce.immediate",
            "rate_up",
        ),
        (T, "[site]", "site = 3\n[fetch.x]\n[none]", 1, "site", "is a table of its own, not 3"),
        (S, 'name = "Prices"', 'name = "Prices"\nid = "A B"', 2, "id", "is a slug"),
        (S, "[hints]", 'every = "hourly"\n[hints]', 6, "every", "30m, 1h or 3d"),
        (S, "[hints]", 'every = "61 * * * *"\n[hints]', 6, "every", "cron"),
        (S, "[hints]", 'kind = "pricin"\n[hints]', 6, "kind", 'did you mean "pricing"?'),
        (S, "[hints]", 'stale_after = "3"\n[hints]', 6, "stale_after", "is not a duration"),
        (S, "[hints]", 'headers = {"a b" = "c"}\n[hints]', 6, "headers.a b", "RFC 9110"),
        (S, "[hints]", 'headers = {a = "c\\nd"}\n[hints]', 6, "headers.a", "one line"),
        (S, "[hints]", 'headers = {a = "\u00e9"}\n[hints]', 6, "headers.a", "ASCII"),
        (T, "[fetch]", "[fetch]\nuser_agent = 'watch\u00e9'", 7, "fetch.user_agent", "ASCII"),
        (S, '["https://example.com/prices.md"]', '"x"', 4, "alternates", "is a list in [ ]"),
        (S, '["https://example.com/prices.md"]', '["x"]', 4, "alternates", "is an address"),
        (S, '["model-*"]', '["model-*", 3]', 7, "hints.products", 'is text in "quotes", not 3'),
        (S, "[hints.meters]", "currency = 'usd'\n[hints.meters]", 9, "hints.currency", "4217"),
        (S, "[hints.meters]", "unit = '1M to ken'\n[hints.meters]", 9, "hints.unit", "1M tokens"),
        (S, '"text.input"', '"Text input"', 10, "hints.meters.Per 1M in", "is a meter"),
        (S, '"model-1 text.input"', '"a b c"', 13, "expect.must_have", "`product meter`"),
        (S, "min_rates = 2", "min_rates = -2", 14, "expect.min_rates", "0 or more"),
        (S, "min_rates = 2", "min_rate = 2", 14, "expect.min_rate", 'mean "min_rates"?'),
        (S, 'publisher = "Example"\n', "", 1, "publisher", "is missing"),
        (P, "+++\n", "---\n", 1, "", "starts with a line +++"),
        (P, "+++\n\n", "\n", 1, "", "no closing +++"),
        (P, 'name = "Model 1"', 'name = "Model 1"\ntext = "x"', 3, "text", "no such key"),
        (P, 'name = "Model 1"', "name = Model", 2, "", "not TOML"),
        (P, 'name = "Model 1"', 'name = ""', 2, "name", "is not empty"),
        (P, 'aliases = ["M1"]', 'successor = "m-2"', 4, "successor", "no product of"),
    ],
)
def test_a_mistake_is_named(
    tmp_path: Path, file: str, old: str, new: str, line: int, key: str, words: str
) -> None:
    text = {T: SETTINGS, S: SOURCE, P: PRODUCT}[file]
    assert old in text
    write_site(tmp_path, {file: text.replace(old, new, 1)})
    with pytest.raises(ConfigError) as caught:
        load_site(tmp_path)
    error = caught.value
    assert words in str(error)
    assert str(error).startswith(f"{tmp_path.resolve() / file}:{line}: {key}")
    assert (error.file, error.line, error.key) == (tmp_path.resolve() / file, line, key)
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        (
            "provider = 'listmonk'",
            ["listmonk.url", "listmonk.list", "listmonk.uuid", "listmonk.user"],
        ),
        ("provider = 'service'", ["service.url"]),
    ],
)
def test_a_provider_names_all_that_it_needs(tmp_path: Path, said: str, keys: list[str]) -> None:
    write_site(tmp_path, {T: f"{SETTINGS}\n[subscribe]\n{said}\n"})
    with pytest.raises(ConfigError) as caught:
        load_site(tmp_path)
    for key in keys:
        assert f": subscribe.{key}: is not set" in str(caught.value)
    assert "ratewire.toml:" in str(caught.value)
    # The service also sends mail.
    assert ("announce.email.sender: is not set" in str(caught.value)) == ("service" in said)


def test_the_form_of_each_way() -> None:
    uuid = "6d48fffe-7d37-4c14-b317-3e4cda33a647"
    ways = {
        "none": None,
        "form": Form("https://f.example/post"),
        "buttondown": Form(
            "https://buttondown.com/api/emails/embed-subscribe/example", (("embed", "1"),)
        ),
        "listmonk": Form("https://l.example/subscription/form", (("l", uuid), ("nonce", ""))),
        "service": Form("https://s.example/subscribe"),
    }
    for way, form in ways.items():
        settings = SubscribeSettings(
            way,
            "https://f.example/post",
            ButtondownSettings("example"),
            ListmonkSettings("https://l.example/", 3, uuid, "u"),
            ServiceSettings("https://s.example/"),
        )
        assert settings.form == form


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            T: SETTINGS.replace("delay", "dealy").replace("port = 25", 'port = "25"'),
            S: SOURCE.replace("min_rates", "min_rate"),
            P: "no front matter",
        },
    )
    with pytest.raises(ConfigError) as caught:
        load_site(tmp_path)
    told = [line.partition(": ")[2].partition(":")[0] for line in str(caught.value).splitlines()]
    assert told == [
        "fetch.dealy",
        "announce.email.port",
        "expect.min_rate",
        "starts with a line +++, TOML and another +++",
    ]


def test_a_folder_that_is_no_site_tells_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ratewire init"):
        load_site(tmp_path)


def test_ids_and_aliases_have_one_owner(tmp_path: Path) -> None:
    twin = SOURCE.replace('name = "Prices"', 'name = "Twin"\nid = "prices"')
    write_site(tmp_path, {"content/sources/twin.toml": twin})
    with pytest.raises(ConfigError, match=r'twin\.toml:2: id: "prices" is also the id of'):
        load_site(tmp_path)
    (tmp_path / "content/sources/twin.toml").unlink()
    other = PRODUCT.replace("Model 1", "Model 2").replace("M1", "m1")
    write_site(tmp_path, {"content/products/model-2.md": other})
    with pytest.raises(ConfigError, match=r'aliases: "m1" already stands for model-1'):
        load_site(tmp_path)


def test_the_words_of_a_product_may_stand_beside_it_in_other_languages(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "content/products/model-1.de.md": "Das *erste* Modell.\n",
            "content/products/model-1.pt-br.md": "O primeiro.",
            "content/products/model-1.5.md": PRODUCT.replace("M1", "M1.5"),
            "content/products/model-1.pro.md": PRODUCT.replace("M1", "M1-pro"),
        },
    )
    found = {product.id: product.translations for product in load_site(tmp_path).products}
    assert found == {
        "model-1": (("de", "Das *erste* Modell."), ("pt-BR", "O primeiro.")),
        "model-1.5": (),
        "model-1.pro": (),
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("model-1.en.md", "The first.", r"same language as model-1\.md; remove one"),
        ("model-1.DE.md", "Das erste.", r"same language as model-1\.DE\.md; remove one"),
        ("model-1.fr.md", PRODUCT, "words alone, without front matter"),
        ("model-1.fr.md", " \n", "words alone"),
        ("model-9.fr.md", "Le neuf.", r"translates model-9\.md, which is not there"),
        ("model-1.fr.md", b"L'\xe9t\xe9", "is not UTF-8"),
    ],
)
def test_a_translation_that_cannot_be_one_is_named(
    tmp_path: Path, name: str, text: str | bytes, words: str
) -> None:
    write_site(
        tmp_path, {"content/products/model-1.de.md": "Das.", f"content/products/{name}": text}
    )
    with pytest.raises(ConfigError, match=words) as caught:
        load_site(tmp_path)
    assert caught.value.file is not None
    assert caught.value.file.name.startswith("model-")
    assert caught.value.line == 1


@pytest.mark.parametrize(
    ("content", "words"), [(b"name = '\xff'", "is not UTF-8"), (b"\xef\xbb\xbfname = 1", "is text")]
)
def test_bytes_that_are_not_text(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_site(write_site(tmp_path, {S: content}))


def test_a_line_is_found_beside_long_strings_and_repeated_tables(tmp_path: Path) -> None:
    text = SETTINGS.replace(
        'title = "Prices"', 'title = "Prices"\ndescription = """\nurl = no\n[fetch]\n"""'
    )
    text += '\n[[announce.webhook]]\nurl = "https://b.example"\nsecret = 1\n'
    write_site(tmp_path, {T: text})
    with pytest.raises(ConfigError) as caught:
        load_site(tmp_path)
    assert text.splitlines()[(caught.value.line or 0) - 1] == "secret = 1"


def test_front_matter_keeps_the_body_and_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("+++\ntitle = 'A'\n+++\n\n# A\n+++\n")
    document, body, first = read_front_matter(file)
    assert (document.data["title"], body, first) == ("A", "\n# A\n+++\n", 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        ("1d12h", timedelta(hours=36)),
        (" 2 W ", timedelta(weeks=2)),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "30", "m", "1.5h", "-1h", "1h and", "1y"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"write e\.g\. 30m"):
        duration(text)


@given(st.integers(0, 10**6), st.sampled_from("smhdw"))
def test_a_duration_is_the_sum_of_its_parts(count: int, unit: str) -> None:
    assert duration(f"{count}{unit}1s") == count * duration(f"1{unit}") + timedelta(seconds=1)


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "minutes_ago", "due"),
    [
        ("1h", None, True),
        ("1h", 60, True),
        ("1h", 58, True),
        ("1h", 30, False),
        ("0 * * * *", None, True),
        ("0 * * * *", 60, True),
        ("0 * * * *", 1, True),
        ("30 * * * *", 20, False),
        ("30 * * * *", 31, True),
        ("0 0 29 2 *", 60 * 24 * 30, False),
    ],
)
def test_what_is_due(every: str, minutes_ago: int | None, due: bool) -> None:
    last = None if minutes_ago is None else NOON - timedelta(minutes=minutes_ago)
    assert is_due(every, last, NOON) is due
