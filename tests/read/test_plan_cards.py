"""Plan cards of every build, headings that hold a price, bold lines that are headings."""

from __future__ import annotations

import pytest
from reading_of import rates_of, reading

from ratewire.read.headings import name_and_price
from ratewire.read.titles import is_title

PLANS = ["basic | price | 29 USD per month", "pro | price | 59 USD per month"]
BUILDS = {
    "headings": "<div><h3>{}</h3><p>{}</p><p>For one team</p></div>",
    "heading under its price": "<div><p>{1}</p><h3>{0}</h3><p>For one team</p></div>",
    "price as heading": "<div><h3>{}</h3><ul><li>One seat</li></ul><h3>{}</h3></div>",
    "lists": "<div><ul><li>{}</li><li>{}</li><li>One seat</li></ul></div>",
    "divs": "<div><div>{}</div><div>{}</div><div>One seat</div></div>",
    "links": '<a href="/buy"><span>{}</span><span>{}</span><span>One seat</span></a>',
    "buttons": "<button><span>{}</span><span>{}</span></button>",
    "labels": '<label><input type="radio"><span>{}</span><span>{}</span></label>',
    "definitions": "<dl><dt>Plan</dt><dd>{}</dd><dt>Price</dt><dd>{}</dd></dl>",
    "terms": "<dl><dt>{}</dt><dd>{}</dd><dd>One seat</dd></dl>",
    "items of blocks": "<li><div><p>{}</p><p>One seat</p></div><p>{}</p></li>",
    "a badge first": "<div><div>Most popular</div><div>{}</div><div>{}</div><div>Go</div></div>",
    "a French badge": "<div><div>⭐ LE PLUS POPULAIRE</div><p>{}</p><div>{}</div><p>Go</p></div>",
    "a Polish badge": "<div><div>Najczęściej wybierany</div><p>{}</p><div>{}</div><p>Go</p></div>",
    "wrapped deeply": "<div><div><div><div><p>{}</p><ul><li>One</li></ul><div><div><div><div>"
    "<p>{}</p></div></div></div></div></div></div></div></div>",
    "the unit below": "<div><p>{0}</p><p>{2}</p><p>per month</p></div>",
    "the unit below the tax": "<div><p>{0}</p><p>{2}</p><p>+ VAT per month</p></div>",
    "a billed unit below": "<div><p>{0}</p><p>{2}</p><p>Billed per month</p></div>",
    "an ornate unit below": "<div><p>{0}</p><p>{2}</p><p># · per month, no contract</p></div>",
    "a sign on its own line": "<div><p>{0}</p><p><b>$</b>\n<b>{3}</b>\n<i>/month</i></p></div>",
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_a_card_of_any_build_names_its_price(build: str) -> None:
    plans = (("Basic", "$29/month", "$29", "29"), ("Pro", "$59/month", "$59", "59"))
    cards = "".join(build.format(*plan) for plan in plans)
    page = (
        f"<title>Plans</title><h1>Plans</h1><h2>Pricing that grows with you</h2><div>{cards}</div>"
    )
    assert rates_of(page, "text/html") == PLANS


def test_the_slogan_above_cards_may_change_without_renaming_them() -> None:
    card = "<div><ul><li>{}</li><li>{}/month</li></ul></div>"
    card = card.format("Basic", "$29") + card.format("Pro", "$59")
    for slogan in ("Free for open source", "Pay as you grow.", "Ready when you are?"):
        assert rates_of(f"<h1>Plans</h1><h2>{slogan}</h2><div>{card}</div>", "text/html") == PLANS


def test_a_card_ends_with_its_box() -> None:
    page = (
        "<h1>Kestrel pricing</h1><div><div><div>Basic</div><div>$29/month</div><div>Go</div></div>"
        "<div><div>Pro</div><div>$59/month</div><div>Go</div></div></div>"
        "<p>Every further seat is $5 per month.</p>"
    )
    seat = "kestrel | further-seat | 5 USD per seat-month"
    assert rates_of(page, "text/html") == sorted([*PLANS, seat])


def test_numbers_that_boast_are_no_cards() -> None:
    page = (
        "<title>Pricing</title><h1>Pricing</h1><div>"
        "<div><div>Saved by customers</div><div>$2M</div></div>"
        "<div><div>Calls served</div><div>$9B</div></div></div>"
    )
    assert rates_of(page, "text/html") == []


@pytest.mark.parametrize(
    ("heading", "parted"),
    [
        ("Pro -- $20/mo", ("Pro", "$20/mo")),
        ("Pro – from $20 per month", ("Pro", "from $20 per month")),
        ("Hobby ($30 / mo)", ("Hobby", "$30 / mo")),
        ("Startup: 200 € pro Monat", ("Startup", "200 € pro Monat")),
        ("Pro $20/mo", ("Pro", "$20/mo")),
        ("Basic package = $49", ("Basic package", "$49")),
        ("PAKIET DUŻY = od 299 zł", ("PAKIET DUŻY", "od 299 zł")),
        (
            "Pachet complet pentru toate canalele de la 999 euro",
            ("Pachet complet pentru toate canalele", "de la 999 euro"),
        ),
        ("$9 per user/month", ("", "$9 per user/month")),
        ("Additional job is $50/month.", ("", "Additional job is $50/month.")),
        ("Plans over $3,300", ("Plans over $3,300", "")),
        ("Save $20 per month", ("Save $20 per month", "")),
        ("$50 in free credits", ("$50 in free credits", "")),
        ("Storage", ("Storage", "")),
    ],
)
def test_a_heading_is_parted_into_a_name_and_a_price(heading: str, parted: tuple[str, str]) -> None:
    assert name_and_price(heading) == parted


def test_a_heading_that_is_a_sentence_names_nothing_below_it() -> None:
    page = "<title>Plans</title><h1>Plans</h1><h2>Another job is $50/month.</h2><p>$7 per seat</p>"
    assert not [each for each in rates_of(page, "text/html") if "50-month" in each]


@pytest.mark.parametrize(
    "text", ["Basic", "Performance boxes", "Onyx 2", "Pay as you go", "基础版", "Tarif Pro"]
)
def test_a_short_name_is_a_title(text: str) -> None:
    assert is_title(text)


@pytest.mark.parametrize(
    "text",
    ["Pricing that scales with you", "What is a job?", "Free for open source", "Save 20%",
     "Start your trial today", "Most popular", "7kq1zjwkuiwfwyudtntok2", "Einfach für alle Teams.",
     "选择适合您的方案", "", "29"],
)  # fmt: skip
def test_a_slogan_a_question_a_badge_or_an_id_is_no_title(text: str) -> None:
    assert not is_title(text)


def test_a_bold_line_is_the_heading_of_what_follows_within_its_box() -> None:
    page = (
        "# Pricing\n\n**Speech (Vox 1)**\n\n- Rate: **0.77 USD per hour**\n\n"
        "**Clips**\n\n- Rate: 2 USD per hour\n"
    )
    assert rates_of(page) == [
        "clips | price | 2 USD per hour",
        "vox-1 | price | 0.77 USD per hour",
    ]
    boxed = (
        "<h2>Snapshots</h2><section><p><strong>New charges</strong></p><p>They begin soon.</p>"
        "</section><ul><li>$0.08/GB per month</li></ul>"
    )
    assert rates_of(boxed, "text/html") == ["snapshots | price | 0.08 USD per GB-month"]


def test_a_bold_remark_is_no_heading() -> None:
    page = (
        "# Storage pricing\n\n**All prices are in euros.**\n\n**Prices per hour**\n\n"
        "- $2 per hour\n"
    )
    assert rates_of(page) == ["storage | price | 2 USD per hour"]


def test_words_of_neighbouring_spans_stay_apart() -> None:
    page = "<h3>Plus</h3><p>$12 <span>per user / month</span><span>billed monthly</span></p>"
    assert rates_of(page, "text/html") == ["plus | price | 12 USD per user-month"]
    broken = "<h3><span>P</span><span>l</span><span>us</span></h3><p>$12 per month</p>"
    assert rates_of(broken, "text/html") == ["plus | price | 12 USD per month"]


CARD = "<div><p>{}</p><p>{}</p><p>{}</p><p>Start now</p></div>"


@pytest.mark.parametrize("free", ["Free", "Gratis", "Kostenlos", "Gratuit", "免费"])
def test_a_plan_may_be_called_free(free: str) -> None:
    cards = CARD.format(free, "$0", "/month") + CARD.format("Pro", "$59", "/month")
    rates = rates_of(f"<h1>Plans and pricing</h1><div>{cards}</div>", "text/html")
    wanted = [f"{free.lower()} | price | 0 USD per month", "pro | price | 59 USD per month"]
    assert rates == sorted(wanted)


def test_a_unit_alone_in_the_line_below_is_that_of_the_price() -> None:
    cards = CARD.format("Basic", "7$", "User/Month") + CARD.format("Pro", "9$", "User/Month")
    assert rates_of(f"<h1>Pricing</h1><div>{cards}</div>", "text/html") == [
        "basic | price | 7 USD per user-month",
        "pro | price | 9 USD per user-month",
    ]


def test_what_a_plan_includes_is_no_unit_of_its_price() -> None:
    cards = CARD.format("Basic", "$7", "Projects") + CARD.format("Pro", "$9", "10 GB/Month storage")
    assert rates_of(f"<h1>Pricing</h1><div>{cards}</div>", "text/html") == [
        "basic | price | 7 USD per unit",
        "pro | price | 9 USD per unit",
    ]


def test_a_plan_named_standard_among_plans_is_a_product() -> None:
    names = ("Basic", "Standard", "Advanced")
    cards = "".join(
        f"<div><h3>{name}</h3><h6>${at}.00 / year</h6></div>" for at, name in enumerate(names, 3)
    )
    assert rates_of(f"<title>Kestrel</title><h1>Plans</h1>{cards}", "text/html") == [
        "advanced | price | 5.00 USD per year",
        "basic | price | 3.00 USD per year",
        "standard | price | 4.00 USD per year",
    ]


TABS = (
    '<ul class="nav"><li><a data-toggle="tab" href="#m{0}">{1}</a></li>'
    '<li><a data-toggle="tab" href="#y{0}">{2}</a></li></ul>'
    '<div><div id="m{0}"><p>${3}</p></div><div id="y{0}"><p>${4}</p></div></div>'
)


@pytest.mark.parametrize(
    ("monthly", "yearly"),
    [("Monthly", "Annually"), ("Monatlich", "Jährlich"), ("Mensual", "Anual"), ("月付", "年付")],
)
def test_tabs_of_bootstraps_make_say_for_which_period_a_price_is(monthly: str, yearly: str) -> None:
    cards = "".join(
        f"<div><h3>{name}</h3>{TABS.format(at, monthly, yearly, at, at * 10)}</div>"
        for at, name in ((3, "Basic"), (7, "Pro"))
    )
    assert rates_of(f"<h1>Plans and prices</h1>{cards}", "text/html") == [
        "basic | price | 3 USD per unit | period month",
        "basic | price | 30 USD per unit | period year",
        "pro | price | 7 USD per unit | period month",
        "pro | price | 70 USD per unit | period year",
    ]


@pytest.mark.parametrize(
    "part", ["Features", "Funktionen", "Características", "Fonctionnalités", "料金プラン", "Cennik"]
)
@pytest.mark.parametrize("tag", ["h2", "h4"])
def test_the_heading_of_a_part_of_a_card_does_not_name_it(part: str, tag: str) -> None:
    cards = "".join(
        f"<div><span>{name}</span><h2>€{price} Per Month</h2>"
        f"<{tag}>{part}</{tag}><p>Two seats</p></div>"
        for name, price in (("Onyx", 49), ("Quartz", 99))
    )
    rates = rates_of(f"<title>Plans</title><h1>Plans</h1><div>{cards}</div>", "text/html")
    assert [each.split(" | ")[0] for each in rates] == ["onyx", "quartz"]


def test_the_last_part_of_a_card_does_not_name_its_price() -> None:
    cards = "".join(
        f"<div><h2>{name}</h2><h3>Features</h3><ul><li>One seat</li></ul><h3>Purchasing</h3>"
        f"<p>Card</p><p>{price}</p></div>"
        for name, price in (("Onyx", "free"), ("Quartz", "14.950,00 $ per cluster / year"))
    )
    rates = rates_of(f"<title>Plans</title><h1>Plans</h1><div>{cards}</div>", "text/html")
    assert any(each.startswith("quartz | price | 14950.00 USD per cluster-year") for each in rates)


@pytest.mark.parametrize("form", ["🚀 {}", "{} ⭐️", "✨{} 🎉"])
def test_pictures_round_a_heading_say_nothing(form: str) -> None:
    assert name_and_price(form.format("Crew — $20 / month")) == ("Crew", "$20 / month")


@pytest.mark.parametrize(
    "line",
    ["For teams that grow", "Für kleine Teams", "Per chi parte online", "Para equipos pequeños",
     "Pour les petites équipes", "Dla małych firm", "🌐"],
)  # fmt: skip
def test_a_line_for_whom_a_plan_is_does_not_name_it(line: str) -> None:
    cards = "".join(
        f"<div><div>{line}</div><div>{name}</div><div>Made well.</div>"
        f"<div><span>€</span><span>{price}</span></div><div>al mese · tutto</div></div>"
        for name, price in (("Onyx", 449), ("Quartz", 649))
    )
    rates = rates_of(f"<title>Prezzi</title><h1>Prezzi</h1><div>{cards}</div>", "text/html")
    assert [each.split(" | ")[:3] for each in rates] == [
        ["onyx", "price", "449 EUR per month"], ["quartz", "price", "649 EUR per month"]
    ]  # fmt: skip


def test_a_plan_called_after_its_users_keeps_its_name() -> None:
    cards = "".join(
        f"<div><div>{name}</div><div>${price}</div><div>per month</div></div>"
        for name, price in (("For small teams", 4), ("For large teams", 6))
    )
    rates = rates_of(f"<title>Plans</title><h1>Plans</h1><div>{cards}</div>", "text/html")
    assert [each.split(" | ")[0] for each in rates] == ["for-large-teams", "for-small-teams"]


@pytest.mark.parametrize(
    "line", ["pr. måned", "miesięcznie", "na miesiąc", "al mes", "per maand", "por mês", "в месяц"]
)
def test_the_line_below_a_price_says_per_what_it_is(line: str) -> None:
    text = f"<title>Prices</title><h1>Prices</h1><h3>Onyx</h3><p>429 EUR</p><p>{line}</p>"
    assert any(
        each.startswith("onyx | price | 429 EUR per month") for each in rates_of(text, "text/html")
    )


@pytest.mark.parametrize("mark", ["sub", "sup"])
@pytest.mark.parametrize(
    ("tax", "remark", "price"),
    [("+ VAT", "save €30", "270 EUR per unit"), ("+ IVA", "risparmi 30€", "270 EUR per unit"),
     ("*", "you save €30", "270 EUR per unit"), ("+ IVA", "annuale", "270 EUR per year")],
)  # fmt: skip
def test_a_price_ends_where_a_remark_beside_it_begins(
    mark: str, tax: str, remark: str, price: str
) -> None:
    text = (
        "<title>Prices</title><h1>Prices</h1><div><h3>Onyx</h3><h4><sup>€</sup>270"
        f"<{mark}>{tax}</{mark}><span>{remark}</span></h4></div>"
    )
    assert [each.split(" | ")[:3] for each in rates_of(text, "text/html")] == [
        ["onyx", "price", price]
    ]


def test_two_numbers_beside_each_other_are_never_one() -> None:
    line = "<h4><sup>€</sup>500<sub>1</sub><span>200€ upkeep a year</span></h4>"
    text = f"<title>Prices</title><h1>Prices</h1><h3>Onyx</h3>{line}"
    figures = [figure.text for figure in reading(text, "text/html").figures]
    assert not any("500200" in each.replace(" ", "") for each in figures)


@pytest.mark.parametrize(
    "teaser", ["Plans starting at $19/month", "Tarife ab $19/month", "Planes desde $19/month"]
)
def test_what_plans_start_at_is_no_plan_of_its_own(teaser: str) -> None:
    cards = "".join(
        f"<div><h3>{name}</h3><p>${price}/month</p></div>"
        for name, price in (("Onyx", 19), ("Quartz", 39))
    )
    text = f"<title>Halden</title><h1>Pricing</h1><p>{teaser}</p><div>{cards}</div>"
    rates = rates_of(text, "text/html", url="https://halden.example/pricing")
    assert [each.split(" | ")[0] for each in rates] == ["onyx", "quartz"]


@pytest.mark.parametrize(
    "once", ["one-time", "einmalig", "eenmalig", "una tantum", "jednorazowo", "единоразово"]
)
def test_a_price_paid_once_is_that_of_its_card(once: str) -> None:
    cards = "".join(
        f"<div><span>{name}</span><p>€{price} {once}</p></div>"
        for name, price in (("Onyx", 199), ("Quartz", 399))
    )
    rates = rates_of(f"<title>Pricing</title><h1>Pricing</h1><div>{cards}</div>", "text/html")
    assert [each.split(" | ")[0] for each in rates] == ["onyx", "quartz"]


@pytest.mark.parametrize("joint", ["or", "oder", "ou", "o", "または", "或", "또는", "или", "lub"])
def test_a_word_that_joins_two_prices_names_neither(joint: str) -> None:
    text = (
        "<title>Pricing</title><h1>Pricing</h1><div><h2>Onyx</h2><p>580円/月</p>"
        f"<p>{joint} 4,200円/年</p></div>"
    )
    assert {each.split(" | ")[0] for each in rates_of(text, "text/html")} == {"onyx"}


def test_the_unit_of_a_price_stands_below_the_hidden_price_beside_it() -> None:
    hidden = '<span style="display:none">'
    cards = "".join(
        f"<div><h3>{name}</h3><div><span>{month}</span>{hidden}{year}</span> <span>€</span></div>"
        f"<div><span>/ month</span>{hidden}/ year</span></div><p>One seat</p></div>"
        for name, month, year in (("Onyx", "9,99", "79"), ("Quartz", "14,99", "119"))
    )
    rates = rates_of(f"<title>Pricing</title><h1>Pricing</h1><div>{cards}</div>", "text/html")
    for name, price in (("onyx", "9.99"), ("quartz", "14.99")):
        assert any(each.startswith(f"{name} | price | {price} EUR per month") for each in rates)
