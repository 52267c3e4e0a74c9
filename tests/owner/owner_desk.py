"""A site whose owner hears, and what tests let happen to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sample_changes import NOW, make_site, rate

from ratewire.config import AnnounceSettings, EmailSettings, OwnerSettings, Site
from ratewire.model import (
    Facts,
    Health,
    HealthState,
    Held,
    Pending,
    Snapshot,
    UnreadChange,
)
from ratewire.owner import OwnerReport, tell
from ratewire.record import DirectoryStore

SEAT = UnreadChange("$12 a seat", "$10 a seat", "Pricing › Teams", "no product is named")


@dataclass
class OwnerDesk:
    site: Site
    store: DirectoryStore
    environment: dict[str, str] = field(default_factory=dict)

    def tell(self, now: datetime = NOW, **more: Any) -> OwnerReport:
        report = tell(
            self.site, self.store, now=now, environment=self.environment,
            pause=lambda seconds: None, **more,
        )  # fmt: skip
        assert report is not None
        return report

    def pending(
        self,
        *unread: UnreadChange,
        held: Held | None = None,
        source: str = "acme-pricing",
        new: Sequence[str] = (),
    ) -> None:
        """What waits of a source; nothing: nothing does. `new` are prices that the page shows."""
        facts = Facts.of([rate("32.00")])
        url = f"https://{source}.example/pricing"
        snapshot = Snapshot(source, facts, "a" * 64, url, NOW, "1")
        shown = Facts.of([rate(price) for price in new]) if new else facts
        waits = Pending(shown, "b" * 64, url, NOW, held=held, unread=unread)
        self.store.save(source, snapshot, waits if unread or held else None)

    def health(self, state: HealthState, since: datetime, source: str = "brush-docs") -> None:
        self.store.save_health(source, Health(state, since, "answered 503"))


def desk_in(root: Path, owner: OwnerSettings, email: EmailSettings | None = None) -> OwnerDesk:
    announce = AnnounceSettings(email=email) if email else AnnounceSettings()
    site = replace(make_site(root, announce=announce), owner=owner)
    return OwnerDesk(site, DirectoryStore(site.snapshots))


def mail_settings(port: int) -> EmailSettings:
    return EmailSettings(
        host="127.0.0.1", port=port, security="none", timeout=5.0,
        sender="Example Prices <prices@prices.example>",
    )  # fmt: skip


def later(**more: float) -> datetime:
    return NOW + timedelta(**more)
