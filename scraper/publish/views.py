"""What each kind of page shows: its title, description and what its template is given.

A view asks `figures.ledger` for everything, so that the build knows what the page depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scraper.model import Alteration, HealthState
from scraper.publish import articles, labels
from scraper.publish.articles import Article
from scraper.publish.badges import badge_width
from scraper.publish.cards import Card, article_card, change_card, site_card
from scraper.publish.charts import Line, line_of
from scraper.publish.citations import text_fragment
from scraper.publish.feeds import feed_path
from scraper.publish.figures import Figures
from scraper.publish.freshness import touching
from scraper.publish.phrases import conditions_words, day, plain
from scraper.publish.stated import Quoted, Watched
from scraper.publish.statements import Vocabulary, value
from scraper.publish.stories import Story
from scraper.publish.telling import Told, tell
from scraper.publish.wording import rows

__all__ = ["Crumb", "History", "View", "ViewOf", "moved_since"]

Crumb = tuple[str, str]
"""Words and path."""


@dataclass(frozen=True, slots=True)
class View:
    """A page before its template."""

    title: str
    description: str
    context: Mapping[str, object] = field(default_factory=dict)
    crumbs: tuple[Crumb, ...] = ()
    """The way from the front page, this page left out."""
    dated: date | None = None
    """The newest date that its own text carries."""
    published: date | None = None
    headings: tuple[tuple[str, str], ...] = ()
    """(anchor, words), for the search."""
    feed: str = ""
    """Path of a feed of its own, without suffix."""
    schema: str = "WebPage"
    """What it is in schema.org's words."""
    card: Card | None = None
    """Its own; None: the site's."""


ViewOf = Callable[[Figures], View]
HOME: Crumb = ("Home", "/")


# ── Front page and articles ──────────────────────────────────────────────────────────────────


def home(figures: Figures, listed: Sequence[Article]) -> View:
    settings, ledger = figures.theme.site.settings, figures.ledger
    products = ledger.products()
    feature = ledger.product(settings.feature) or next(iter(products), None)
    stated = ledger.availability(feature.id) if feature else None
    return View(
        title=settings.title,
        description=settings.description,
        context={
            "feature": feature,
            "stated": stated,
            "tiles": _choose_standard(figures, feature.id) if feature else [],
            "products": products,
            "stories": _told(figures, ledger.stories("", 5)),
            "articles": listed,
        },
        dated=_newest(listed),
        schema="WebSite",
        card=site_card(settings),
    )


def article(figures: Figures, one: Article, related: Sequence[Article]) -> View:
    text = articles.render(one, figures)
    moved = moved_since(figures, one.reviewed)
    dated = max(filter(None, (one.published, one.reviewed)), default=None)
    return View(
        title=one.title,
        description=one.description,
        context={
            "article": one,
            "text": text,
            "moved": _told(figures, moved),
            "related": related,
            "cited": [figures.ledger.watched(id) for id in figures.cited],
            "answers": text.answers if one.faq else (),
        },
        crumbs=(HOME, ("Articles", "/articles/")) if "/articles/" in one.path else (HOME,),
        dated=dated,
        published=one.published,
        headings=tuple((heading.id, heading.text) for heading in text.headings),
        schema="FAQPage" if one.faq else "Article",
        card=article_card(figures.theme.site.settings, one.title, one.description, dated),
    )


def article_index(figures: Figures, listed: Sequence[Article]) -> View:
    return View(
        title="All articles",
        description="What to know before you rely on a price: every article of this site.",
        context={"articles": listed},
        crumbs=(HOME,),
        dated=_newest(listed),
        schema="CollectionPage",
    )


# ── Changes ──────────────────────────────────────────────────────────────────────────────────


def _told(figures: Figures, stories: Sequence[Story]) -> tuple[Told, ...]:
    return tell(figures.theme.site, stories)


def change_log(figures: Figures) -> View:
    every = _told(figures, figures.ledger.stories())
    months: dict[str, list[Told]] = {}
    for one in every:
        when = one.story.change.recorded_at
        months.setdefault(day(when.date().replace(day=1)).split(" ", 1)[1], []).append(one)
    return View(
        title="Change log",
        description="Every change of price, availability and limits found on the official pages, "
        "newest first, each with its evidence.",
        context={
            "months": months,
            "total": len(every),
            "kinds": {one.story.change.kind: labels.KINDS[one.story.change.kind] for one in every},
            "products": {id: figures.name(id) for one in every for id in one.story.change.products},
            "sources": {
                one.story.change.source: figures.ledger.watched(one.story.change.source).source.name
                for one in every
            },
        },
        crumbs=(HOME,),
        feed=feed_path("all"),
        schema="CollectionPage",
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """An altered fact's words on the page before and after."""

    before: str
    after: str
    where: str
    link: str


def change(figures: Figures, id: str) -> View:
    story = figures.ledger.story(id)
    assert story is not None, "a page is planned only for a change in the log"
    (one,) = _told(figures, (story,))
    vocabulary = Vocabulary.of(figures.theme.site)
    truth = story.truth
    watched = figures.ledger.watched(story.change.source)
    return View(
        title=one.headline,
        description=one.summary,
        context={
            "told": one,
            "change": truth,
            "rows": rows(truth, vocabulary),
            "proofs": _proofs(truth.alterations, truth.url or watched.source.url),
            "watched": watched,
            "products": [p for p in map(figures.ledger.product, truth.products) if p],
        },
        crumbs=(HOME, ("Change log", "/changes/")),
        dated=story.updated.date(),
        published=story.change.recorded_at.date(),
        schema="NewsArticle",
        card=change_card(figures.theme.site.settings, story, one.headline, vocabulary),
    )


def _proofs(alterations: Sequence[Alteration], url: str) -> tuple[Proof, ...]:
    """Each excerpt once, however many facts stand in it."""
    found: dict[tuple[str, str], Proof] = {}
    for altered in alterations:
        before = altered.before.evidence.excerpt if altered.before is not None else ""
        evidence = altered.fact.evidence
        after = evidence.excerpt if altered.after is not None else ""
        link = text_fragment(url, after) if after else url
        if before or after:
            found.setdefault((before, after), Proof(before, after, evidence.where, link))
    return tuple(found.values())


# ── Products ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class History:
    """One rate through time."""

    label: str
    line: Line


def product_index(figures: Figures) -> View:
    products = figures.ledger.products()
    return View(
        title="Prices and availability",
        description="Every product followed here, whether it can be used, and what it costs.",
        context={"products": products},
        crumbs=(HOME,),
        schema="CollectionPage",
    )


def product(figures: Figures, id: str) -> View:
    ledger = figures.ledger
    known = ledger.product(id)
    assert known is not None, "a page is planned only for a product that is followed"
    quoted = ledger.rates(id)
    histories = [_history(figures, one) for one in quoted if not _is_dated(one)]
    text, _ = articles.markdown(known.text, figures)
    stated = ledger.availability(id)
    return View(
        title=f"{known.name} prices and availability",
        description=_product_description(figures, id),
        context={
            "product": known,
            "text": text,
            "stated": stated,
            "quoted": quoted,
            "scheduled": ledger.scheduled(id),
            "disputed": [one for one in quoted if one.others],
            "limits": ledger.limits(id),
            "histories": [one for one in histories if one and one.line.moves],
            "steady": [one.label for one in histories if one and not one.line.moves],
            "stories": _told(figures, ledger.stories(id, 10)),
        },
        crumbs=(HOME, ("Prices", "/products/")),
        feed=feed_path("product", id),
        schema="Dataset",
    )


def _is_dated(quoted: Quoted) -> bool:
    return bool(quoted.rate.conditions.get("effective_from"))


def _history(figures: Figures, quoted: Quoted) -> History | None:
    rate = quoted.rate
    points = figures.ledger.history(rate.product, rate.meter, rate.conditions)
    if not points:
        return None
    under = conditions_words(rate.conditions)
    name = labels.meter(rate.meter, figures.theme.site.meters) + (f", {under}" if under else "")
    return History(name, line_of(points, quoted.seen.midnight))


def _product_description(figures: Figures, id: str) -> str:
    name, stated = figures.name(id), figures.ledger.availability(id)
    standard = _choose_standard(figures, id)
    some = [
        f"{labels.meter(one.rate.meter, figures.theme.site.meters).lower()} {value(one.rate)}"
        for one in standard[-3:]
    ]
    stage = labels.STAGES[stated.stage].lower() if stated else "not spoken of by any source"
    return f"{name} is {stage}. " + (f"{labels.capitalised('; '.join(some))}." if some else "")


def _choose_standard(figures: Figures, id: str) -> list[Quoted]:
    chosen = [
        one
        for one in figures.ledger.rates(id)
        if not one.rate.conditions.without("tier")
        and one.rate.conditions.get("tier") in {"", "standard"}
    ]
    return sorted(chosen, key=lambda one: labels.meter_order(one.rate.meter))


def compare(figures: Figures) -> View:
    products = [p for p in figures.ledger.products() if figures.ledger.rates(p.id)]
    return View(
        title="Compare prices",
        description="Standard prices of every product followed here, side by side.",
        context={"products": products},
        crumbs=(HOME,),
    )


@dataclass(frozen=True, slots=True)
class Field:
    """How much of a meter a request uses, as the calculator first asks for it."""

    meter: str
    label: str
    value: int


_USUAL = {"text.input": 150, "image.output": 1200}


def calculator(figures: Figures) -> View:
    """Its form as it stands for the first product, so that nothing moves when the script starts."""
    products = [p for p in figures.ledger.products() if figures.ledger.rates(p.id)]
    rates = [one.rate for one in figures.ledger.rates(products[0].id)] if products else []
    plain_rates = [rate for rate in rates if not rate.conditions.without("tier")]
    tiers = sorted({r.conditions.get("tier") for r in plain_rates}, key=labels.tier_order)
    shown = [r for r in plain_rates if r.conditions.get("tier") == tiers[0]]
    fields = [
        Field(
            rate.meter,
            f"{labels.capitalised(rate.meter.replace('.', ' ').replace('-', ' '))}, "
            f"{'-'.join(rate.unit.things)}s in each "
            + ("output" if rate.meter.endswith("output") else "request"),
            _USUAL.get(rate.meter, 0),
        )
        for rate in sorted(shown, key=lambda rate: labels.meter_order(rate.meter))
        if not rate.meter.endswith(".cached")
    ]
    return View(
        title="Cost calculator",
        description="What your requests cost, and what one accepted output costs, at today's "
        "official rates.",
        context={
            "products": products,
            "tiers": tiers,
            "fields": fields,
            "by_image": any(r.conditions.get("size") or r.conditions.get("quality") for r in rates),
        },
        crumbs=(HOME,),
        schema="WebApplication",
    )


# ── The watch and the rest ───────────────────────────────────────────────────────────────────

STATES: Mapping[HealthState, str] = {
    HealthState.OK: "Verified",
    HealthState.FAILING: "Not reachable",
    HealthState.BLOCKED: "Access refused",
    HealthState.HELD: "Held for review",
    HealthState.NEVER_SEEN: "Not seen yet",
}


def sources(figures: Figures) -> View:
    watched = figures.ledger.watch()
    return View(
        title="Sources",
        description="The official pages watched, how often, when each was last verified, and "
        "whether watching it goes well.",
        context={
            "watch": watched,
            "states": STATES,
            "moments": figures.ledger.moments(),
            "snapshots": {one.source.id: figures.ledger.snapshot(one.source.id) for one in watched},
            "stories": {one.source.id: _stories_of(figures, one) for one in watched},
        },
        crumbs=(HOME,),
        headings=tuple((one.source.id, plain(one.source.name)) for one in watched),
    )


def _stories_of(figures: Figures, watched: Watched) -> tuple[Told, ...]:
    every = figures.ledger.stories()
    return _told(figures, [one for one in every if one.change.source == watched.source.id][:5])


def about(figures: Figures) -> View:
    return View(
        title="How this site works",
        description="How a change is found, confirmed, published and, if need be, corrected.",
        context={"compare": figures.theme.site.compare},
        crumbs=(HOME,),
        schema="AboutPage",
    )


def data(figures: Figures) -> View:
    return View(
        title="Data and feeds",
        description="Every figure of this site as JSON and CSV, every change as a feed, and "
        "badges that stay true.",
        context={
            "products": figures.ledger.products(),
            "watch": figures.ledger.watch(),
            "badge_width": badge_width,
        },
        crumbs=(HOME,),
        feed=feed_path("all"),
    )


def search(figures: Figures, listed: Sequence[Article]) -> View:
    return View(
        title="Search",
        description="Search articles, answers, products, changes and sources.",
        context={"articles": listed, "products": figures.ledger.products()},
        crumbs=(HOME,),
        schema="SearchResultsPage",
    )


def not_found(figures: Figures) -> View:
    return View(title="Page not found", description="There is no page at this address.")


# ── Inside ───────────────────────────────────────────────────────────────────────────────────


def _newest(listed: Sequence[Article]) -> date | None:
    return max((d for one in listed for d in (one.published, one.reviewed) if d), default=None)


def moved_since(figures: Figures, reviewed: date | None) -> tuple[Story, ...]:
    """Changes of what the article says, recorded after the day of its last review."""
    if reviewed is None:
        return ()
    stories = touching(figures.ledger)
    return tuple(story for story in stories if story.change.recorded_at.date() > reviewed)
