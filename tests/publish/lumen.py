"""The records of an invented vendor, for a site in `fixtures/lumen` to be built from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from ratewire.config import Site
from ratewire.config.load import load_site
from ratewire.model import (
    Alteration,
    Availability,
    Change,
    ChangeKind,
    ChangeState,
    Conditions,
    Evidence,
    Facts,
    Health,
    HealthState,
    Limit,
    Rate,
    Snapshot,
    Stage,
    StatedDate,
    Unit,
    Window,
)
from ratewire.publish.build import BuildReport, build
from ratewire.publish.figures import Figures
from ratewire.publish.ledger import Ledger
from ratewire.publish.theme import Theme
from ratewire.record import DirectoryStore

FIXTURE = Path(__file__).parent / "fixtures" / "lumen"
GERMAN = FIXTURE.with_name("lumen-german")
NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
TAKEN = datetime(2026, 6, 18, 9, 30, tzinfo=UTC)
CHECKED = {"lumen-pricing": datetime(2026, 6, 20, 11, 40, tzinfo=UTC)}
MILLION = Unit.of("token", count=1_000_000)


def rate(product: str, meter: str, amount: str, unit: Unit = MILLION, **conditions: str) -> Rate:
    excerpt = f"{product} | {meter} | ${amount}"
    evidence = Evidence(excerpt, f"Pricing › {product} › {meter}")
    held = Conditions.of(conditions)
    return Rate(product, meter, Decimal(amount), "USD", unit, held, evidence=evidence)


def pricing(output: str = "30.00") -> Facts:
    """The pricing page, with a price to vary."""
    two, one, draft = "lumen-image-2", "lumen-image-1", "lumen-draft"
    rates = [
        rate(two, "text.input", "5.00", tier="standard"),
        rate(two, "text.input.cached", "1.25", tier="standard"),
        rate(two, "image.input", "8.00", tier="standard"),
        rate(two, "image.input.cached", "2.00", tier="standard"),
        rate(two, "image.output", output, tier="standard"),
        rate(two, "text.input", "2.50", tier="batch"),
        rate(two, "image.input", "4.00", tier="batch"),
        rate(two, "image.output", "15.00", tier="batch"),
        rate(one, "text.input", "5.00", tier="standard"),
        rate(one, "image.input", "10.00", tier="standard"),
        rate(one, "image.output", "40.00", tier="standard"),
        rate(one, "text.output", "12.00", tier="standard"),
        rate(draft, "image.output", "0.006", Unit.of("image")),
    ]
    return Facts(rates=tuple(sorted(rates, key=lambda one: one.identity)))


def guide() -> Facts:
    image = Unit.of("image")
    prices = {
        ("low", "1024x1024"): "0.006",
        ("medium", "1024x1024"): "0.053",
        ("high", "1024x1024"): "0.211",
        ("low", "1536x1024"): "0.005",
        ("medium", "1536x1024"): "0.041",
        ("high", "1536x1024"): "0.165",
    }
    rates = [
        rate("lumen-image-2", "image.output", amount, image, quality=quality, size=size)
        for (quality, size), amount in prices.items()
    ]
    limits = tuple(
        Limit("lumen-image-2", what, amount, f"tier-{tier}")
        for tier, images, tokens in ((1, 5, 100_000), (2, 20, 250_000), (3, 50, None))
        for what, amount in (("ipm", Decimal(images)), ("tpm", tokens and Decimal(tokens)))
    )
    return Facts(rates=tuple(sorted(rates, key=lambda one: one.identity)), limits=limits)


def lifecycle() -> Facts:
    return Facts(
        availability=(
            Availability(
                "lumen-image-1",
                Stage.DEPRECATED,
                announced_on=StatedDate(date(2026, 5, 20)),
                shutdown_on=StatedDate(date(2026, 11, 20)),
                replacement="lumen-image-2",
                evidence=Evidence("lumen-image-1 | 2026-11-20 | lumen-image-2", "Deprecations"),
            ),
        )
    )


def change(
    id: str, kind: ChangeKind, when: datetime, *alterations: Alteration, source: str
) -> Change:
    return Change(
        id=id,
        kind=kind,
        source=source,
        alterations=alterations,
        window=Window(when - timedelta(hours=2), when - timedelta(hours=1)),
        before_capture="a" * 64,
        after_capture="b" * 64,
        state=ChangeState.CONFIRMED,
        recorded_at=when,
        publisher="Lumen Labs",
        url=f"https://lumen.example/{source}",
    )


def moved(
    id: str, when: datetime, meter: str, before: str, after: str, tier: str = "standard"
) -> Change:
    """A rate of lumen-image-2 that moved."""
    was = rate("lumen-image-2", meter, before, tier=tier)
    became = rate("lumen-image-2", meter, after, tier=tier)
    percent = ((became.amount / was.amount - 1) * 100).quantize(Decimal("0.01"))
    kind = ChangeKind.RATE_UP if percent > 0 else ChangeKind.RATE_DOWN
    return change(id, kind, when, Alteration(kind, was, became, percent), source="lumen-pricing")


def changes() -> tuple[Change, ...]:
    deprecated = lifecycle().availability[0]
    before = replace(deprecated, stage=Stage.AVAILABLE, announced_on=None, shutdown_on=None)
    wrong = moved("c-wrong", datetime(2026, 4, 2, 8, tzinfo=UTC), "text.input", "5.00", "50.00")
    return (
        moved("c-cut-1", datetime(2026, 3, 3, 10, tzinfo=UTC), "image.output", "40.00", "32.00"),
        wrong,
        replace(
            wrong,
            id="c-wrong-back",
            state=ChangeState.RETRACTED,
            recorded_at=datetime(2026, 4, 3, 8, tzinfo=UTC),
            note="The page showed a misprint for an hour.",
            follows="c-wrong",
        ),
        change(
            "c-life",
            ChangeKind.AVAILABILITY,
            datetime(2026, 5, 20, 15, tzinfo=UTC),
            Alteration(ChangeKind.AVAILABILITY, before, deprecated),
            source="lumen-lifecycle",
        ),
        moved("c-cut-2", datetime(2026, 6, 18, 10, tzinfo=UTC), "image.output", "32.00", "30.00"),
    )


def snapshot(source: str, facts: Facts, taken_at: datetime = TAKEN) -> Snapshot:
    return Snapshot(source, facts, "c" * 64, f"https://lumen.example/{source}", taken_at, "1")


def fill(store: DirectoryStore) -> None:
    """Everything there is to know of Lumen Labs on 20 June 2026."""
    log = changes()
    for source, facts in (
        ("lumen-pricing", pricing()),
        ("lumen-guide", guide()),
        ("lumen-lifecycle", lifecycle()),
    ):
        own = tuple(one for one in log if one.source == source)
        taken = TAKEN if source != "lumen-lifecycle" else datetime(2026, 6, 1, tzinfo=UTC)
        store.save(source, snapshot(source, facts, taken), None, own)
    store.save_health("lumen-pricing", Health(HealthState.OK, TAKEN))
    store.save_health(
        "lumen-lifecycle",
        Health(HealthState.BLOCKED, datetime(2026, 6, 2, tzinfo=UTC), "answers 403 <script>"),
    )


def lumen_site(root: Path) -> tuple[Site, DirectoryStore]:
    """A copy of the fixture's site at `root`, and its store, filled."""
    shutil.copytree(FIXTURE, root, dirs_exist_ok=True)
    site = load_site(root)
    store = DirectoryStore(site.snapshots)
    fill(store)
    return site, store


def add_german(site: Site) -> None:
    """One article and the questions in German too."""
    shutil.copytree(GERMAN, site.root, dirs_exist_ok=True)


@dataclass(frozen=True)
class Sample:
    """A site's folder with its records."""

    site: Site
    store: DirectoryStore

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.site, self.store, now=NOW, checked=CHECKED)

    @property
    def figures(self) -> Figures:
        """The figures of a page at the top."""
        paths = {"/", "/changes/", "/data/", "/sources/"}
        paths |= {f"/products/{product.id}/" for product in self.site.products}
        paths |= {f"/changes/{story.change.id}/" for story in self.ledger.stories()}
        return Figures(self.ledger, Theme(self.site), "/", paths)

    def build(self, **more: object) -> BuildReport:
        moments = {"now": NOW, "checked": CHECKED, **more}
        return build(self.site, self.store, **moments)  # type: ignore[arg-type]


def in_language(sample: Sample, tag: str) -> Sample:
    """The site with another language for its own."""
    settings = sample.site.root / "ratewire.toml"
    text = settings.read_text("utf-8").replace("[site]\n", f'[site]\nlanguage = "{tag}"\n')
    settings.write_text(text, "utf-8")
    return Sample(load_site(sample.site.root), sample.store)
