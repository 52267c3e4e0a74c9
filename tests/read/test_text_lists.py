"""Random price lists as cards, lists, sentences and headings, in five languages, amid money that
is no price: what is read is the truth and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_of import reading


@dataclass(frozen=True)
class Tongue:
    """How one language writes prices and what is none."""

    code: str
    title: str
    price: str
    """`{}` is the amount."""
    per: str
    """After the amount of a plan: a month."""
    sentence: str
    """`{name}`, `{price}`."""
    slogan: str
    features: tuple[str, ...]
    noise: tuple[str, ...]
    """Sentences with money that is no price."""


TONGUES = (
    Tongue(
        "en", "Plans and pricing", "${}", " per month", "{name} costs {price}.",
        "Pricing that grows with you", ("5 projects", "Email support"),
        ("Save $20 with a yearly plan.", "For example, 30 builds would cost $45 per month.",
         "New accounts get $50 in free credits.", "Most teams pay $70 per month.",
         "Orders over $500 ship at once.", "Other providers charge $99 per month."),
    ),
    Tongue(
        "de", "Preise", "{} €", " pro Monat", "{name} kostet {price}.",
        "Preise, die mit Ihnen wachsen", ("5 Projekte", "Support per E-Mail"),
        ("Sparen Sie 20 € im ersten Jahr.", "Zum Beispiel kosten 30 Läufe 45 € pro Monat.",
         "Sie erhalten 50 € Guthaben.", "Im Durchschnitt zahlen Teams 70 € pro Monat."),
    ),
    Tongue(
        "es", "Precios", "{} €", " al mes", "{name} cuesta {price}.",
        "Precios que crecen con tu equipo", ("5 proyectos", "Soporte por correo"),
        ("Ahorra 20 € con el pago anual.", "Por ejemplo, 30 usos cuestan 45 € al mes.",
         "Recibes 50 € en crédito.", "De media, los equipos pagan 70 € al mes."),
    ),
    Tongue(
        "fr", "Tarifs", "{} €", " par mois", "{name} coûte {price}.",
        "Des tarifs qui suivent votre équipe", ("5 projets", "Assistance par courriel"),
        ("Économisez 20 € par an.", "Par exemple, 30 usages coûtent 45 € par mois.",
         "En moyenne, les équipes paient 70 € par mois."),
    ),
    Tongue(
        "zh", "价格", "{}元", "/月", "{name} 的价格为 {price}。",
        "选择适合您的方案", ("5 个项目", "邮件支持"),
        ("例如，30 次构建每月花费 45 元。", "新用户每月赠送 50 元。", "平均每月花费 70 元。"),
    ),
)  # fmt: skip

CURRENCIES = {"en": "USD", "de": "EUR", "es": "EUR", "fr": "EUR", "zh": "CNY"}


@dataclass(frozen=True)
class PriceList:
    tongue: Tongue
    plans: tuple[tuple[str, int], ...]
    noise: tuple[str, ...]

    def money(self, amount: int) -> str:
        return self.tongue.price.format(amount) + self.tongue.per

    @property
    def truth(self) -> set[tuple[str, ...]]:
        currency = CURRENCIES[self.tongue.code]
        return {(name.lower(), str(Decimal(n)), currency, "month") for name, n in self.plans}


NAMES = st.sampled_from(
    (
        "Basic",
        "Team",
        "Scale",
        "Business",
        "Onyx",
        "Quartz",
        "Starter",
        "Growth",
        "Flint",
        "Premium",
    )
)


@st.composite
def price_lists(draw: st.DrawFn) -> PriceList:
    tongue = draw(st.sampled_from(TONGUES))
    names = draw(st.lists(NAMES, min_size=2, max_size=4, unique=True))
    amounts = draw(st.lists(st.integers(3, 999), min_size=4, max_size=4, unique=True))
    noise = draw(st.lists(st.sampled_from(tongue.noise), max_size=2, unique=True))
    return PriceList(tongue, tuple(zip(names, amounts, strict=False)), tuple(noise))


# ── builds ───────────────────────────────────────────────────────────────────────────────────


def _cards(each: str) -> Callable[[PriceList], str]:
    """Cards of one build: `{name}`, `{price}`, `{one}`, `{two}`."""

    def page(prices: PriceList) -> str:
        one, two = map(escape, prices.tongue.features)
        cards = "".join(
            each.format(name=name, price=escape(prices.money(amount)), one=one, two=two)
            for name, amount in prices.plans
        )
        return f"<div>{cards}</div>"

    return page


def _sentences(prices: PriceList) -> str:
    return "".join(
        f"<p>{escape(prices.tongue.sentence.format(name=name, price=prices.money(amount)))}</p>"
        for name, amount in prices.plans
    )


BUILDS: dict[str, Callable[[PriceList], str]] = {
    "headings": _cards("<div><h3>{name}</h3><p>{price}</p><ul><li>{one}</li></ul></div>"),
    "divs": _cards("<div><div>{name}</div><div>{price}</div><div>{one}</div><p>{two}</p></div>"),
    "lists": _cards("<div><ul><li>{name}</li><li>{price}</li><li>{one}</li></ul></div>"),
    "items": _cards("<li><div><p>{name}</p><p>{one}</p></div><p>{price}</p></li>"),
    "links": _cards('<a href="/buy"><span>{name}</span><span>{price}</span><span>{one}</span></a>'),
    "buttons": _cards("<button><span>{name}</span><span>{price}</span></button>"),
    "terms": _cards("<dl><dt>{name}</dt><dd>{price}</dd><dd>{one}</dd></dl>"),
    "prices in headings": _cards("<section><h3>{name} – {price}</h3><p>{one}</p></section>"),
    "prices as headings": _cards("<section><h3>{name}</h3><p>{one}</p><h3>{price}</h3></section>"),
    "bold lines": _cards("<p><strong>{name}</strong></p><ul><li>{price}</li></ul>"),
    "list items": _cards("<ul><li>{name}: {price}</li></ul>"),
    "sentences": _sentences,
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
@given(prices=price_lists())
@settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
def test_a_list_of_any_build_reads_to_its_truth(
    build: Callable[[PriceList], str], prices: PriceList
) -> None:
    tongue = prices.tongue
    noise = "".join(f"<p>{escape(line)}</p>" for line in prices.noise)
    page = (
        f'<html lang="{tongue.code}"><title>{tongue.title}</title><body><h1>{tongue.title}</h1>'
        f"<p>{tongue.slogan}</p>{build(prices)}<h2>{tongue.slogan}</h2>{noise}</body></html>"
    )
    rates = reading(page, "text/html").facts.rates
    assert {
        (rate.product, str(rate.amount), rate.currency, str(rate.unit)) for rate in rates
    } == prices.truth
