"""Facts in words: what one is about and what it says, with the site's own names.

Plain text, bounded and free of control characters; not escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ratewire.config import Site
from ratewire.model import Availability, Fact, Incident, Limit, Multiplier, Passage, Rate
from ratewire.wording.catalogue import ENGLISH, Words, meters_of, words_of
from ratewire.wording.formats import (
    conditions_words,
    dated,
    meter_words,
    moment,
    price_on_terms,
    times,
)
from ratewire.wording.text import joined, plain

__all__ = ["NAMELESS", "SiteNames", "stage_words", "subject", "value"]


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The site's names for what a change speaks of, and the words in which it is told."""

    products: Mapping[str, str] = field(default_factory=dict)
    meters: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    publishers: Mapping[str, str] = field(default_factory=dict)
    words: Words = ENGLISH
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Names of products by any other name that pages call them, in small letters."""
    site_url: str = ""

    @classmethod
    def of(cls, site: Site, words: Words | None = None) -> SiteNames:
        """In these words, or in those of the site's own language."""
        words = words or words_of(site)
        return cls(
            {product.id: product.name for product in site.products},
            meters_of(site, words),
            {source.id: source.name for source in site.sources},
            {source.id: source.publisher for source in site.sources},
            words,
            {
                name.lower(): product.name
                for product in site.products
                for name in (*product.aliases, product.id)
            },
            site.settings.url,
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


NAMELESS = SiteNames()
"""Calls all things what the page calls them."""


def subject(fact: Fact, vocabulary: SiteNames) -> str:
    """What a fact is about: `gpt-image-2 image output (batch)`."""
    words = vocabulary.words
    match fact:
        case Rate():
            name = f"{vocabulary.product(fact)} {meter_words(fact.meter, vocabulary.meters, words)}"
            under = conditions_words(fact.conditions, words)
        case Availability():
            name, under = vocabulary.product(fact), conditions_words(fact.conditions, words)
        case Limit():
            what = plain(fact.what, 40)
            name = f"{vocabulary.product(fact)} {what.upper() if len(what) <= 3 else what}"
            tier = (plain(fact.tier, 40),) if fact.tier else ()
            held = conditions_words(fact.conditions, words)
            under = words("list.comma").join((*tier, *filter(None, (held,))))
        case Incident():
            return plain(fact.title, 160)
        case Passage():
            return words("told.quoted", name=plain(fact.name, 120))
        case Multiplier():
            name, under = vocabulary.product(fact), conditions_words(fact.conditions, words)
    return f"{name.strip()} ({under})" if under else name.strip()


def value(fact: Fact | None, vocabulary: SiteNames = NAMELESS) -> str:
    """What a fact says, as it stands in a table; `—` for what was not there."""
    words = vocabulary.words
    match fact:
        case None:
            return "—"
        case Rate():
            return price_on_terms(fact, words)
        case Availability():
            return stage_words(fact, vocabulary)
        case Limit():
            amount = words("limit.unlimited_word")
            if fact.amount is not None:
                amount = words.forms.number(f"{fact.amount.normalize():,f}")
            return words("limit.amount", amount=amount, unit=plain(fact.unit, 40)).strip()
        case Incident():
            until = words("incident.open")
            if fact.resolved_at:
                until = words("incident.resolved", moment=moment(fact.resolved_at, words))
            return words(
                "incident.told",
                impact=words(f"impact.{fact.impact.value}"),
                start=moment(fact.started_at, words),
                until=until,
            )
        case Passage():
            return plain(fact.text, 600)
        case Multiplier():
            return times(fact.factor, words)


def stage_words(fact: Availability, vocabulary: SiteNames) -> str:
    """`deprecated, shutdown 1 June 2026, replaced by Paint 2`; by the vocabulary's name for it."""
    words = vocabulary.words
    told = [words(f"stage.word.{fact.stage.value}")]
    if fact.announced_on:
        told.append(dated("availability.announced_on", fact.announced_on, words))
    if fact.shutdown_on:
        told.append(dated("availability.shutdown_on", fact.shutdown_on, words))
    if fact.shutdown_not_before:
        told.append(dated("availability.not_before", fact.shutdown_not_before, words))
    if fact.replacement:
        named = vocabulary.successor(fact.replacement)
        told.append(words("availability.replaced_by", product=named))
    if fact.regions:
        regions = joined([plain(region, 40) for region in fact.regions], 6, words)
        told.append(words("availability.in", regions=regions))
    if fact.exceptions:
        told.append(plain(fact.exceptions, 160))
    return words("list.comma").join(told)
