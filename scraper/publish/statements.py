"""Facts in words: what one is about and what it says, with the site's own names.

Plain text, bounded and free of control characters; not escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.config import Site
from scraper.model import Availability, Fact, Incident, Limit, Passage, Rate
from scraper.publish.phrases import conditions_words, day, joined, meter_words, moment, plain, price

__all__ = ["Vocabulary", "stage_words", "subject", "value"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The site's names for what a change speaks of."""

    products: Mapping[str, str]
    meters: Mapping[str, str]
    sources: Mapping[str, str]
    publishers: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Names of products by any other name that pages call them, in small letters."""

    @classmethod
    def of(cls, site: Site) -> Vocabulary:
        return cls(
            {product.id: product.name for product in site.products},
            site.meters,
            {source.id: source.name for source in site.sources},
            {source.id: source.publisher for source in site.sources},
            {
                name.lower(): product.name
                for product in site.products
                for name in (*product.aliases, product.id)
            },
        )

    def product(self, fact: Fact) -> str:
        """The site's name, else the page's own label, else the id."""
        id = getattr(fact, "product", "")
        return plain(self.products.get(id) or getattr(fact, "label", "") or id, 80)

    def successor(self, name: str) -> str:
        """A product named within a fact: the site's name for it, else the page's."""
        return plain(self.aliases.get(name.lower(), name), 80)

    def source(self, id: str) -> str:
        return plain(self.sources.get(id, id), 120)

    def publisher(self, id: str) -> str:
        return plain(self.publishers.get(id, ""), 80)


def subject(fact: Fact, vocabulary: Vocabulary) -> str:
    """What a fact is about: `gpt-image-2 image output (batch)`."""
    match fact:
        case Rate():
            name = f"{vocabulary.product(fact)} {meter_words(fact.meter, vocabulary.meters)}"
            under = conditions_words(fact.conditions)
        case Availability():
            name, under = vocabulary.product(fact), conditions_words(fact.conditions)
        case Limit():
            what = plain(fact.what, 40)
            name = f"{vocabulary.product(fact)} {what.upper() if len(what) <= 3 else what}"
            tier = (plain(fact.tier, 40),) if fact.tier else ()
            under = ", ".join((*tier, *filter(None, (conditions_words(fact.conditions),))))
        case Incident():
            return plain(fact.title, 160)
        case Passage():
            return f"“{plain(fact.name, 120)}”"
    return f"{name.strip()} ({under})" if under else name.strip()


def value(fact: Fact | None, vocabulary: Vocabulary | None = None) -> str:
    """What a fact says, as it stands in a table; `—` for what was not there."""
    match fact:
        case None:
            return "—"
        case Rate():
            return price(fact)
        case Availability():
            return stage_words(fact, vocabulary)
        case Limit():
            amount = "unlimited" if fact.amount is None else f"{fact.amount.normalize():,f}"
            return f"{amount} {plain(fact.unit, 40)}".strip()
        case Incident():
            until = f"resolved {moment(fact.resolved_at)}" if fact.resolved_at else "open"
            return f"{fact.impact.value}, since {moment(fact.started_at)}, {until}"
        case Passage():
            return plain(fact.text, 600)


def stage_words(fact: Availability, vocabulary: Vocabulary | None = None) -> str:
    words = [fact.stage.value]
    if fact.announced_on:
        words.append(f"announced {day(fact.announced_on)}")
    if fact.shutdown_on:
        words.append(f"shutdown {day(fact.shutdown_on)}")
    if fact.replacement:
        named = vocabulary.successor(fact.replacement) if vocabulary else fact.replacement
        words.append(f"replaced by {plain(named, 80)}")
    if fact.regions:
        words.append(f"in {joined([plain(region, 40) for region in fact.regions], 6)}")
    if fact.exceptions:
        words.append(plain(fact.exceptions, 160))
    return ", ".join(words)
