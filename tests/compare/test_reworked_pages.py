"""Pages that were laid out anew, or written by other hands, around the same prices: what was a
card is a row, what only one of the two readings understands is no news, a free plan stays free.
"""

from __future__ import annotations

import pytest
from captures import compared, said


def cards(*plans: tuple[str, str, str]) -> str:
    """Name, price and what is said of it."""
    each = (f"<div class=card><h3>{n}</h3><p>{p}</p><p>{w}</p></div>" for n, p, w in plans)
    return f"<main><h1>Pricing</h1><h2>Crew plans</h2>{''.join(each)}</main>"


def rows(head: str, *lines: str) -> str:
    rule = "---|" * (head.count("|") + 1)
    return "\n".join((f"| {head} |", f"|{rule}", *(f"| {line} |" for line in lines), ""))


def html_rows(head: str, *lines: str) -> str:
    def row(line: str, tag: str) -> str:
        return "".join(f"<{tag}>{cell.strip()}</{tag}>" for cell in line.split("|"))

    body = "".join(f"<tr>{row(line, 'td')}</tr>" for line in lines)
    return f"<table><thead><tr>{row(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"


CARDS_AND_ROWS = (
    cards(("Small Crew", "$290", "Up to 15 sailors"), ("Grand Crew", "$590", "Up to 75 sailors")),
    "<main><h1>Pricing</h1><h2>Crew plans</h2>"
    + html_rows("Plan | Sailors | Price | For", "Small | Up to 15 | $290 / yr | Harbour boats",
                "Grand | Up to 90 | $590 / yr | Ferries") + "</main>",
)  # fmt: skip
UNDERSTOOD_NOW = (
    "<main><h1>Hinnasto</h1><h2>Saukon tunti 50€. Kysy tarjous!</h2></main>",
    "<main><h1>Hinnasto</h1><h2>Tuntiveloitus 50€</h2></main>",
)
FREE_UNDER_ANOTHER_HEADING = (
    "# Otter\n\n## Plans\n\n### Starter\n\n$0 / month\n\n### Crew\n\n$20 / month\n",
    "# Otter\n\n## Plans\n\n$0 / month\n\n### Crew\n\n$20 / month\n",
)
QUIET = {
    "cards that become rows under shorter names": CARDS_AND_ROWS,
    "a price that is understood since the page was put otherwise": UNDERSTOOD_NOW,
    "nothing to pay under another heading": FREE_UNDER_ANOTHER_HEADING,
}


@pytest.mark.parametrize("pages", QUIET.values(), ids=QUIET)
def test_no_news_of_prices_that_stand(pages: tuple[str, str]) -> None:
    before, after = pages

    assert said(compared(before, after)) == []


BOTH_WAYS = {name: pages for name, pages in QUIET.items() if pages is not UNDERSTOOD_NOW}


@pytest.mark.parametrize("pages", BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_nor_is_the_way_back(pages: tuple[str, str]) -> None:
    before, after = pages

    assert said(compared(after, before)) == []


MODELS = "# Models\n\n"
COLUMNS = {
    "heads cut short": (
        rows("Model | Input ($/1M tokens) | Output ($/1M tokens) | Host",
             "Otter-5 | $0.14 | $0.28 | us"),
        rows("Model | Input ($/1M) | Cache read ($/1M) | Output ($/1M)",
             "`river/Otter-5` | $0.10 | – | $0.28", "`river/Mink-2` | $0.15 | $0.05 | $1.00"),
        ["added ->0.05", "added ->0.15", "added ->1", "rate_down 0.14>0.1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "told"), COLUMNS.values(), ids=COLUMNS)
def test_a_row_known_by_one_price_is_known_by_all(before: str, after: str, told: list[str]) -> None:
    assert said(compared(MODELS + before, MODELS + after)) == told


def test_a_free_plan_that_goes_beside_another_is_gone() -> None:
    page = "# Plans\n\n{}## Crew\n\n$20 / month\n"

    found = compared(page.format("## Trial\n\n$0 / month\n\n"), page.format(""))

    assert "removed 0>-" in said(found)


STYLE = "<style>.was{color:#888;text-decoration: line-through}.sale{color:red}</style>"
PLANS = (
    "<main><h1>Otter Studio</h1>{}<section><h3>Solo</h3>{}</section>"
    "<section><h3>Crew</h3>{}</section></main>"
)
SALES = {
    "struck by the page's style": (
        PLANS.format("", "<div>$320</div>", "<div>$990</div>"),
        PLANS.format(STYLE, "<div class=was>$320</div><div class=sale>$190</div>",
                     "<div class=was>$990</div><div class=sale>$640</div>"),
    ),
    "struck by the name of a class": (
        PLANS.format("", "<div>$320</div>", "<div>$990</div>"),
        PLANS.format("", "<div class=old-price>$320</div><div>$190</div>",
                     "<div class=price__was>$990</div><div>$640</div>"),
    ),
    "struck by an element": (
        PLANS.format("", "<div>$320</div>", "<div>$990</div>"),
        PLANS.format("", "<div><del>$320</del></div><div>$190</div>",
                     "<div><del>$990</del></div><div>$640</div>"),
    ),
    "struck in Markdown": (
        "# Otter Studio\n\n### Solo\n\n$320\n\n### Crew\n\n$990\n",
        "# Otter Studio\n\n### Solo\n\n~~$320~~\n\n$190\n\n### Crew\n\n~~$990~~\n\n$640\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("pages", SALES.values(), ids=SALES)
def test_a_sale_is_a_fall_and_its_end_a_rise(pages: tuple[str, str]) -> None:
    before, after = pages

    assert said(compared(before, after)) == ["rate_down 320>190", "rate_down 990>640"]
    assert said(compared(after, before)) == ["rate_up 190>320", "rate_up 640>990"]


def test_a_sentence_that_is_not_understood_has_another_unit() -> None:
    line = "<button><b>Clinic</b> 400 calls <span>≈ $823/{}</span></button>"
    page = f"<main><h1>Your month</h1>{line}</main>"

    (told,) = said(compared(page.format("mo"), page.format("day")))

    assert told.startswith("unread ")
    assert said(compared(page.format("mo"), page.format("mo"))) == []


def test_labels_that_become_part_of_their_line() -> None:
    def services(between: str) -> str:
        lines = (("Check-up of an otter", "50"), ("Sealing a tooth", "50"), ("Wide sealing", "150"))
        each = (f"<div><span>{n}</span>{between}<span>{p} zł</span></div>" for n, p in lines)
        return f"<main><h1>Prices</h1><h4>Young otters</h4>{between.join(each)}</main>"

    assert said(compared(services("\n"), services(" "))) == []
    assert said(compared(services(" "), services("\n"))) == []


def switched(*plans: tuple[str, str, str]) -> str:
    """Name, price of a month, and price of a year, which is not on screen."""
    box = (
        '<div class=plan><div>{}</div><div><span>{}</span><span style="display:none">{}</span> '
        "<span>€</span></div><div>/ mois</div><ul><li>Une loutre</li></ul></div>"
    )
    return f"<main><h1>Offres</h1>{''.join(box.format(*plan) for plan in plans)}</main>"


def test_a_price_that_only_a_switch_shows_is_not_silent() -> None:
    before = switched(("Libre", "0", "0"), ("Plus", "9,99", "79"), ("Grand", "14,99", "119"))
    after = switched(("Libre", "0", "0"), ("Plus", "9,99", "99,99"), ("Grand", "14,99", "149,99"))

    told = said(compared(before, after))

    assert len(told) == 2
    assert all(
        "99,99 €" in each or "149,99 €" in each or each.startswith("rate_up") for each in told
    )


SIGNED = {
    "in a table": "| Job | Price |\n|---|---|\n| Draw | {} per image |\n| Cut | {} per image |\n",
    "in sentences": "Drawing costs {} per image.\n\nCutting costs {} per image.\n",
    "not understood": "- Book page (~1,500 signs) → {}\n- Photo (~20 signs) → {}\n",
}
WAYS = [("${}", "{} USD"), ("${}", "${} USD"), ("{} €", "{} EUR"), ("£{}", "GBP {}")]


@pytest.mark.parametrize("page", SIGNED.values(), ids=SIGNED)
@pytest.mark.parametrize(("sign", "name"), WAYS)
def test_the_sign_of_a_currency_is_its_name(page: str, sign: str, name: str) -> None:
    def written(form: str, *amounts: str) -> str:
        return "# Otter\n\n" + page.format(*(form.format(amount) for amount in amounts))

    before = written(sign, "0.0136", "0.0405")

    assert said(compared(before, written(name, "0.0136", "0.0405"))) == []
    assert len(said(compared(before, written(name, "0.0136", "0.0408")))) == 1


@pytest.mark.parametrize("page", SIGNED.values(), ids=SIGNED)
def test_another_currency_is_another_price(page: str) -> None:
    before, after = (page.format(f"{sign}2", f"{sign}3") for sign in "$€")

    assert said(compared("# Otter\n\n" + before, "# Otter\n\n" + after))


def test_a_plan_that_goes_leaves_words_that_other_plans_have_as_well() -> None:
    def plans(*each: tuple[str, str]) -> str:
        box = (
            "<div class=plan><h3>{}</h3><div>€{}</div>"
            "<div>per month, paid by bank transfer</div><ul><li>One otter</li></ul></div>"
        )
        return f"<main><h1>Plans</h1>{''.join(box.format(*plan) for plan in each)}</main>"

    before = plans(("Solo", "49"), ("Crew", "99"), ("Fleet", "199"), ("Port", "299"))
    after = plans(("Crew", "99"), ("Fleet", "199"), ("Port", "299"))

    assert said(compared(before, after)) == ["removed 49>-"]
