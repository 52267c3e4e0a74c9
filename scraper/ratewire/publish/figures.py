"""The functions that articles and templates call for figures. docs/content.md describes them.

A fact that does not exist raises BuildError; `articles` adds the file and the line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NoReturn
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from ratewire.errors import BuildError
from ratewire.model import Conditions, Facts, Limit, Source, Stage, Unit
from ratewire.publish.charts import line_of, sparkline
from ratewire.publish.freshness import touching
from ratewire.publish.grids import (
    PriceGrid,
    compare_grid,
    cost_grids,
    limit_grid,
    multiplier_grid,
    rate_grids,
)
from ratewire.publish.labels import meter_order, reckoned
from ratewire.publish.ledger import Ledger
from ratewire.publish.slots import RenderedFigure, Slots
from ratewire.publish.stated import (
    LastSeen,
    Quoted,
    StatedAvailability,
    StatedLimit,
    StatedMultiplier,
)
from ratewire.publish.theme import Theme, figure_html, link_from, markdown_escape
from ratewire.wording.formats import dated, day, percent
from ratewire.wording.text import plain

__all__ = ["Figures"]


@dataclass
class Figures:
    """The figures of one page; what it asks is written down by `ledger`."""

    ledger: Ledger
    theme: Theme
    path: str
    """The page's own path, `/articles/x/`; links lead from there."""
    paths: Collection[str]
    """All pages of the site."""

    def __post_init__(self) -> None:
        self.slots = Slots()
        self.words, self.labels = self.theme.words, self.theme.labels
        language = self.theme.language
        self._root = f"/{language.lower()}" if language else ""
        self.cited: dict[str, LastSeen] = {}
        self.linked: dict[str, None] = {}
        # A page such as 404.html is shown at any depth, so its links start at the root.
        root = urlsplit(self.theme.site.settings.url).path.rstrip("/")
        at_root = not self.path.endswith("/")
        self._relative = root.__add__ if at_root else link_from(self.path)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """By the names under which articles call them."""
        names = (
            "rate amount value has_rate has_limits has_availability rate_table compare_table "
            "cost_table available stage availability limits_table limit verified changes_list "
            "multipliers_table has_multipliers sources_list subscribe product_link money number "
            "ratio link"
        )
        return {name: getattr(self, name) for name in names.split()} | {"percent": self.share}

    def link(self, target: str) -> str:
        """A link to a page of the site, `/articles/x/`, from this page; in the page's language, if
        it is there. Raises BuildError where there is no such page; a file (`/api/v1/rates.json`) is
        checked when all are built.
        """
        return self.link_to(self.at(target))

    def at(self, target: str) -> str:
        """The place of a page in this page's language; its own, where it is in no such language."""
        own = f"{self._root}{target}"
        return own if self._root and own.partition("#")[0] in self.paths else target

    def hreflang(self, target: str) -> Markup:
        """The attribute by which a link says that it leaves this page's language; else empty."""
        if not self._root or self.at(target).startswith(f"{self._root}/"):
            return Markup("")
        return Markup(' hreflang="{}"').format(self.theme.site.settings.language)

    def link_to(self, target: str) -> str:
        """As `link`, to the very page that is named."""
        path = target.partition("#")[0]
        if path.startswith("/"):
            if path.endswith("/") and path not in self.paths:
                near = get_close_matches(path, self.paths, 3)
                hint = f"; did you mean {' or '.join(near)}?" if near else ""
                raise BuildError(f"no page {path}{hint}")
            if path != self.path:
                self.linked[path] = None
        return self._relative(target)

    # ── Single figures ───────────────────────────────────────────────────────────────────────

    def rate(self, product: str, meter: str, **conditions: str) -> str:
        """`$30.00 per 1M tokens`"""
        return self._figure(self.quote(product, meter, **conditions), self.labels.price)

    def amount(self, product: str, meter: str, **conditions: str) -> str:
        """`$30.00`"""
        return self._figure(self.quote(product, meter, **conditions), self.labels.amount)

    def value(self, product: str, meter: str, per: str = "", **conditions: str) -> Decimal:
        """A number to reckon with: the amount for the printed unit, or for one `per`."""
        rate = self.quote(product, meter, **conditions).rate
        if not per:
            return rate.amount
        try:
            converted = rate.per(Unit.parse(per))
        except ValueError as error:
            raise BuildError(str(error)) from None
        if converted is None:
            raise BuildError(f"{product} {meter} is priced per {rate.unit}, not per {per}")
        return converted

    def has_rate(self, product: str, meter: str, **conditions: str) -> bool:
        return self.ledger.rate(product, meter, Conditions.of(conditions)) is not None

    def has_limits(self, product: str) -> bool:
        return bool(self.ledger.limits(product))

    def has_multipliers(self, product: str) -> bool:
        return bool(self.ledger.multipliers(product))

    def has_availability(self, product: str) -> bool:
        """Whether any source speaks of the product: `stage` and `availability` then answer."""
        return self.ledger.availability(product) is not None

    def money(self, value: Decimal | int | str, currency: str = "USD", digits: int = -1) -> str:
        """`$0.006`; `digits` rounds to so many decimals."""
        number = Decimal(value)
        rounded = number if digits < 0 else round(number, digits)
        return reckoned(rounded, currency, self.words)

    def number(self, value: Decimal | int, digits: int = 0) -> str:
        """`20,000`, `1,234.5`: a count as the page's language writes it, to so many decimals."""
        return self.words.forms.number(f"{Decimal(value):,.{digits}f}")

    def ratio(self, part: Decimal | int, whole: Decimal | int) -> str:
        """`2`, `1.5`, `3.75`: how many times as much the part is as the whole."""
        times = (Decimal(part) / _not_zero(whole)).quantize(Decimal("0.01")).normalize()
        return self.words.forms.number(f"{times:f}")

    def share(self, part: Decimal | int, whole: Decimal | int) -> str:
        """`50%`: the part as a share of the whole."""
        return percent(Decimal(part) / _not_zero(whole) * 100, self.words)

    # ── Tables ───────────────────────────────────────────────────────────────────────────────

    def rate_table(self, product: str, **conditions: str) -> str:
        """A product's rates; in the standard tier if none is named, all tiers with `tier="*"`.
        Prices by size and quality are for `cost_table`, unless there are no others.
        """
        chosen = self._choose(product, conditions)
        if not conditions:
            unsized = {"size", "quality"}.isdisjoint
            chosen = tuple(q for q in chosen if unsized(dict(q.rate.conditions))) or chosen
        if not chosen:
            self._missing(product, "*", conditions)
        return self._grids(rate_grids(chosen, self.labels))

    def cost_table(
        self,
        product: str,
        sizes: Iterable[str] = (),
        qualities: Iterable[str] = (),
        **conditions: str,
    ) -> str:
        """Prices of one image by quality and size."""
        grids = cost_grids(self._choose(product, conditions), self.labels, sizes, qualities)
        if not grids:
            self._missing(product, "size and quality", conditions)
        return self._grids(grids)

    def compare_table(self, products: Iterable[str], **conditions: str) -> str:
        """Products side by side, in the standard tier unless another is named."""
        ids = {self.name(id): id for id in map(self._known, products)}
        held = Conditions.of(conditions)
        rates = {name: self.ledger.rates(id) for name, id in ids.items()}
        for quoted in rates.values():
            self._cite(quoted)
        lookup = lambda name, meter: self.ledger.rate(ids[name], meter, held)  # noqa: E731
        return self._grids((compare_grid(rates, self.labels, lookup),))

    def limits_table(self, product: str) -> str:
        stated = self.ledger.limits(self._known(product))
        if not stated:
            raise BuildError(f"no source states limits of {product!r}")
        self._cite(stated)
        return self._grids((limit_grid(stated, self.labels),))

    def multipliers_table(self, product: str) -> str:
        """What a product's prices are multiplied by: in a batch, in a region."""
        stated = self.ledger.multipliers(self._known(product))
        if not stated:
            raise BuildError(f"no source states what prices of {product!r} are multiplied by")
        self._cite(stated)
        return self._grids((multiplier_grid(stated, self.labels, self.theme.vocabulary),))

    # ── Availability and limits ──────────────────────────────────────────────────────────────

    def stage(self, product: str) -> str:
        """`announced`, `limited`, `preview`, `available`, `deprecated` or `retired`; empty
        where no source tells.
        """
        known = self._known(product)
        return str(self.stated(product).stage) if self.ledger.availability(known) else ""

    def available(self, product: str) -> bool:
        """Whether it can be used today: a deprecated product can, until the day it stops."""
        stated = self.ledger.availability(product)
        if stated is None or stated.past:
            return False
        return stated.stage not in {Stage.ANNOUNCED, Stage.RETIRED}

    def availability(self, product: str) -> str:
        """A sentence: stage, dates, replacement."""
        text = self.availability_text(product)
        return self._text(text)

    def availability_text(self, product: str) -> str:
        stated, name, words = self.stated(product), self.name(product), self.words
        fact, who = stated.fact, stated.source.publisher or stated.source.name
        if fact is None:
            return words("availability.listed", product=name, source=stated.source.name)
        key = f"availability.{stated.stage.value}"
        if stated.stage is Stage.DEPRECATED and fact.announced_on:
            since = fact.announced_on
            told = dated("availability.deprecated_since", since, words, product=name)
        elif stated.stage is Stage.RETIRED and fact.shutdown_on:
            told = dated(f"{key}_on", fact.shutdown_on, words, product=name)
        else:
            told = words(key, product=name)
        if stated.stage is Stage.DEPRECATED and fact.shutdown_on:
            stops = "availability.was_to_stop" if stated.past else "availability.stops"
            told = dated(stops, fact.shutdown_on, words, told=told)
        elif fact.shutdown_not_before and stated.stage is not Stage.RETIRED:
            stops = "availability.stops_not_before"
            told = dated(stops, fact.shutdown_not_before, words, told=told)
        if fact.regions:
            regions = words("list.comma").join(fact.regions)
            told = words("availability.in_regions", told=told, regions=regions)
        if fact.replacement:
            instead = self.name(fact.replacement)
            told = words("availability.instead", told=told, publisher=who, product=instead)
        return told + (f" ({fact.exceptions})." if fact.exceptions else ".")

    def limit(self, product: str, what: str, tier: str = "") -> str:
        """`150,000 tokens per minute`"""
        known = self.ledger.limits(self._known(product))
        found = [s for s in known if s.limit.what == what and s.limit.tier == tier]
        if not found:
            told = ", ".join(sorted({_limit_call(s.limit) for s in known})) or "none"
            raise BuildError(f"no limit {what!r} of {product!r} for tier {tier!r}; known: {told}")
        self._cite(found[:1])
        return self._text(self.labels.limit(found[0].limit))

    # ── Dates, changes, sources ──────────────────────────────────────────────────────────────

    def verified(self, product: str) -> str:
        """`verified 24 November 2026`, or `last seen on …` when that is long ago."""
        stated = self.ledger.availability(self._known(product))
        if stated is None:
            raise BuildError(f"no source speaks of {product!r}")
        self._cite([stated])
        return self.seen(stated.seen)

    def seen(self, seen: LastSeen, *, first: bool = False) -> str:
        """How lately something was seen, as a `<time>` with its words; `first` in a sentence."""
        on = day(seen.day, self.words)
        words = self.words(f"{seen.word}_first" if first else seen.word)
        return self._hold(
            lambda: f'{escape(words)} <time datetime="{seen.day.isoformat()}">{on}</time>',
            lambda: f"{words} {on}",
        )

    def newest(self, own: date | None) -> date | None:
        """The day on which what the page says last moved: its own text, or a fact it shows."""
        touched = [story.updated.date() for story in touching(self.ledger)[:1]]
        return max([*touched, *([own] if own else [])], default=None)

    def changes_list(self, product: str = "", most: int = 5) -> str:
        """The latest changes of a product, or of all."""
        stories = self.theme.told(self.ledger.stories(product, most))
        return self._part("changes_list", stories=stories, product=product)

    def sources_list(self) -> str:
        """The sources that this page's figures come from, wherever on the page it is called."""

        def part(form: str) -> Callable[[], str]:
            def render() -> str:
                watched = [self.ledger.watched(id) for id in self.cited]
                return self._render(f"parts/sources_list.{form}", sources=watched)

            return render

        return self.slots.hold(RenderedFigure(part("html"), part("md"), block=True))

    def subscribe(self) -> str:
        return self._part("subscribe")

    def product_link(self, product: str, text: str = "") -> str:
        """A link to the product's page, or its name where the site has none."""
        known, name = self.ledger.product(product), text or self.name(product)
        if known is None:
            return self._text(name)
        where = self.link(f"/products/{known.id}/")
        return self._hold(
            lambda: f'<a href="{escape(where)}">{escape(name)}</a>',
            lambda: f"[{markdown_escape(name)}]({where})",
        )

    def name(self, product: str) -> str:
        known = self.ledger.product(product)
        return known.name if known is not None else plain(product, 80)

    def source_link(self, source: Source) -> str:
        return self._hold(
            lambda: f'<a href="{escape(source.url)}" rel="external">{escape(source.name)}</a>',
            lambda: f"[{markdown_escape(source.name)}]({source.url})",
        )

    def count(self, facts: Facts) -> str:
        """`5 rates, 1 statement of availability`"""
        some = (
            ("rates", len(facts.rates)),
            ("availability", len(facts.availability)),
            ("limits", len(facts.limits)),
            ("incidents", len(facts.incidents)),
            ("passages", len(facts.passages)),
            ("multipliers", len(facts.multipliers)),
        )
        words = self.words
        told = [words(f"count.{name}", count=number) for name, number in some if number]
        return words("list.comma").join(told) or words("count.none")

    def main_rate(self, product: str) -> Quoted | None:
        """The rate that stands for a product where there is room for one: its plain output."""
        plain_rates = [
            one
            for one in self.ledger.rates(product)
            if one.rate.conditions.get("tier") in {"", "standard"}
            and not one.rate.conditions.without("tier")
        ]
        return max(plain_rates, key=lambda one: meter_order(one.rate.meter), default=None)

    def spark(self, quoted: Quoted) -> Markup:
        """The rate's way so far as a small line; nothing where it never moved."""
        rate = quoted.rate
        points = self.ledger.history(rate.product, rate.meter, rate.conditions)
        return sparkline(line_of(points, quoted.seen.midnight, self.words))

    def unpriced(self, product: str) -> list[str]:
        """Meters that its siblings have a price for and the product has none, in words."""
        own = {one.rate.meter for one in self.ledger.rates(product)}
        known = self.ledger.product(product)
        meters = set(self.ledger.meters(known.publisher)) if known is not None else set()
        return [
            self.labels.meter(name, within=True) for name in sorted(meters - own, key=meter_order)
        ]

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    def quote(self, product: str, meter: str, **conditions: str) -> Quoted:
        """The rate with its source. Raises BuildError that names what there is instead."""
        quoted = self.ledger.rate(product, meter, Conditions.of(conditions))
        if quoted is None:
            self._missing(product, meter, conditions)
        self._cite([quoted])
        return quoted

    def stated(self, product: str) -> StatedAvailability:
        stated = self.ledger.availability(self._known(product))
        if stated is None:
            raise BuildError(f"no source says whether {product!r} is available")
        self._cite([stated])
        return stated

    def _choose(self, product: str, conditions: dict[str, str]) -> tuple[Quoted, ...]:
        known = self.ledger.rates(self._known(product))
        tier = conditions.get("tier", "")
        rest = Conditions.of(conditions).without("tier")
        if not tier and any(one.rate.conditions.get("tier") == "standard" for one in known):
            tier = "standard"
        chosen = tuple(
            one
            for one in known
            if set(rest) <= set(one.rate.conditions)
            and not one.rate.conditions.get("effective_from")
            and (tier == "*" or one.rate.conditions.get("tier") in {tier, ""})
        )
        self._cite(chosen)
        return chosen

    def _known(self, product: str) -> str:
        if self.ledger.known(product) or self.ledger.availability(product) is not None:
            return self.ledger.resolve(product)
        ids = [one.id for one in self.ledger.products()]
        near = get_close_matches(product, ids, 3) or ids[:8]
        raise BuildError(
            f"no source speaks of product {product!r}; did you mean {', '.join(near)}?"
        )

    def _missing(self, product: str, meter: str, conditions: dict[str, str]) -> NoReturn:
        known = self.ledger.rates(self._known(product))
        under = f" under {Conditions.of(conditions)}" if conditions else ""
        told = sorted({_rate_call(q) for q in known if meter in ("*", q.rate.meter)}) or sorted(
            {q.rate.meter for q in known}
        )
        some = "; ".join(told[:12]) or "none at all"
        raise BuildError(f"no single rate {meter!r} of {product!r}{under}; known: {some}")

    def _cite(
        self, stated: Iterable[Quoted | StatedAvailability | StatedLimit | StatedMultiplier]
    ) -> None:
        for one in stated:
            self.cited.setdefault(one.source.id, one.seen)

    def _figure(self, quoted: Quoted, words: Callable[[Any], str]) -> str:
        text = words(quoted.rate)
        return self._hold(
            lambda: figure_html(quoted, text, self.words), lambda: markdown_escape(text)
        )

    def _text(self, text: str) -> str:
        return self._hold(lambda: str(escape(text)), lambda: markdown_escape(text))

    def _grids(self, grids: tuple[PriceGrid, ...]) -> str:
        return self._part("grid", grids=grids)

    def _part(self, name: str, **context: object) -> str:
        return self._hold(
            lambda: self._render(f"parts/{name}.html", **context),
            lambda: self._render(f"parts/{name}.md", **context),
            block=True,
        )

    def _render(self, template: str, **context: object) -> str:
        return self.theme.render(template, figures=self, ledger=self.ledger, **context).strip()

    def _hold(
        self, html: Callable[[], str], markdown: Callable[[], str], block: bool = False
    ) -> str:
        return self.slots.hold(RenderedFigure(html, markdown, block))


def _not_zero(value: Decimal | int) -> Decimal:
    if not value:
        raise BuildError("a share of zero is asked for")
    return Decimal(value)


def _rate_call(quoted: Quoted) -> str:
    held = "".join(f", {key}={value!r}" for key, value in quoted.rate.conditions)
    return f"{quoted.rate.meter}{held}"


def _limit_call(limit: Limit) -> str:
    return f"{limit.what}, tier={limit.tier!r}" if limit.tier else limit.what
