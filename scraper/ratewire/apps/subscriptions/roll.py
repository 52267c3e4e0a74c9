"""The roll: who subscribed, what they want, who must not be written to.

Each method is one transaction. What it takes to sign up is the same for an address that is known,
unknown or refused, so that neither the answer nor its time tells which.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, RowMapping

from ratewire.apps.subscriptions.addresses import folded
from ratewire.apps.subscriptions.database import counts, letters, refused, subscribers, told

__all__ = ["BounceReason", "DueLetter", "Roll", "Subscriber", "Wishes"]

_HOUR = 3600
_BOUNCES = 3
"""So many soft or unproven bounces within `_REMEMBERED` end a subscription."""
_REMEMBERED = timedelta(days=30)
"""How long a bounce counts and a bounced address is not written to. A complaint has no end."""
_LEASE = 300
"""Seconds for which a letter is one sender's."""
_PAUSES = (60, 300, 1800, 7200, 21600)
"""Seconds before the second, third … try of a letter."""
_A_PAGE = 500
_TROUBLE = "the database of the subscriptions did not do what it was asked"


class BounceReason(StrEnum):
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What someone wants to hear of; empty: everything that is announced, as it is announced."""

    products: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    digest: str = ""
    """`daily`, `weekly` or empty: at once."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    serial: str
    """Random; names them in links and in mail that comes back."""
    address: str = field(repr=False)
    confirmed: bool
    wishes: Wishes
    consent: str
    """How they agreed."""
    asked_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A letter that is due and now its reader's to send."""

    id: int
    tries: int
    """This one included."""
    subscriber: Subscriber | None
    """None: erased meanwhile."""
    refused: bool
    """They must not be written to."""


class Roll:
    """The roll in a database. Methods raise StoreError."""

    def __init__(
        self, engine: Engine, keys: Sequence[str], now: Callable[[], datetime], pending: timedelta
    ) -> None:
        """`pending`: how long an address that was not confirmed is kept."""
        self._engine = engine
        self._keys = tuple(key.encode() for key in keys)
        self._now = now
        self._pending = int(pending.total_seconds())
        dialect = engine.dialect.name
        self._insert = postgresql.insert if dialect == "postgresql" else sqlite.insert

    # ── Readers ──────────────────────────────────────────────────────────────────────────────

    def within_limit(self, what: str, most: int) -> bool:
        """Whether this address or client was seen at most so often in this hour, now included."""
        with self._transaction() as connection:
            return self._count(connection, what) <= most

    def sign_up(self, address: str, *, per_address: int, wishes: Wishes | None = None) -> None:
        """Someone gave the address; a letter to it will say what follows."""
        now, key = self._seconds(), folded(address)
        row = self._row(address, wishes or Wishes(), "form", now, confirmed=False)
        with self._transaction() as connection:
            seen = self._count(connection, f"address {key}")
            connection.execute(
                self._insert(subscribers)
                .values(row)
                .on_conflict_do_update(  # a new link is good for as long as a first one
                    index_elements=["folded"],
                    set_={"asked_at": now},
                    where=subscribers.c.confirmed.is_(False),
                )
            )
            serial = connection.execute(
                sa.select(subscribers.c.serial).where(subscribers.c.folded == key)
            ).scalar_one()
            if seen <= per_address:
                values = {"serial": serial, "tries": 0, "asked_at": now, "next_at": now}
                connection.execute(letters.insert().values(values))

    def confirm(self, serial: str) -> Subscriber | None:
        """None: nobody asked, or it was too long ago. Confirming twice is confirming."""
        with self._transaction() as connection:
            connection.execute(
                subscribers.update()
                .where(
                    subscribers.c.serial == serial,
                    subscribers.c.confirmed.is_(False),
                    subscribers.c.asked_at >= self._seconds() - self._pending,
                )
                .values(confirmed=True, confirmed_at=self._seconds())
            )
            return self._find(connection, subscribers.c.serial == serial)

    def find(self, serial: str) -> Subscriber | None:
        with self._transaction() as connection:
            return self._find(connection, subscribers.c.serial == serial)

    def want(self, serial: str, wishes: Wishes) -> Subscriber | None:
        """None: they are not subscribed."""
        with self._transaction() as connection:
            connection.execute(
                subscribers.update()
                .where(subscribers.c.serial == serial, subscribers.c.confirmed.is_(True))
                .values(**_stored(wishes))
            )
            found = self._find(connection, subscribers.c.serial == serial)
        return found if found and found.confirmed else None

    def leave(self, serial: str) -> bool:
        """Their address is erased. False: they were not on the roll."""
        with self._transaction() as connection:
            return self._remove(connection, serial)

    # ── The owner ────────────────────────────────────────────────────────────────────────────

    def everyone(self) -> Iterator[Subscriber]:
        """All, confirmed or not."""
        after = ""
        while page := self._page(after):
            yield from page
            after = page[-1].serial

    def recipients(self, after: str) -> tuple[tuple[Subscriber, ...], str]:
        """A page of those who confirmed, and after whom the next one begins (empty: no more)."""
        page = self._page(after, subscribers.c.confirmed.is_(True))
        return page, page[-1].serial if len(page) == _A_PAGE else ""

    def totals(self) -> Mapping[str, int]:
        """`confirmed`, `pending`, `bounced`, `complained`, and `letters` that wait."""
        with self._transaction() as connection:
            by_state = connection.execute(
                sa.select(subscribers.c.confirmed, sa.func.count()).group_by(
                    subscribers.c.confirmed
                )
            )
            states = {bool(confirmed): int(count) for confirmed, count in by_state}
            why = connection.execute(
                sa.select(refused.c.why, sa.func.count()).group_by(refused.c.why)
            )
            whys = {str(each): int(count) for each, count in why}
            waiting = connection.execute(sa.select(sa.func.count()).select_from(letters)).scalar()
        return {
            "confirmed": states.get(True, 0),
            "pending": states.get(False, 0),
            **{each.value: whys.get(each.value, 0) for each in BounceReason},
            "letters": waiting or 0,
        }

    def add(self, address: str, wishes: Wishes, consent: str) -> str:
        """Someone who agreed elsewhere: `added`, `known` (as before) or `refused`."""
        now = self._seconds()
        row = self._row(address, wishes, consent, now, confirmed=True)
        with self._transaction() as connection:
            if self._is_refused(connection, address):
                return "refused"
            done = connection.execute(
                self._insert(subscribers)
                .values(row)
                .on_conflict_do_update(
                    index_elements=["folded"],
                    set_={"confirmed": True, "consent": consent, "confirmed_at": now},
                    where=subscribers.c.confirmed.is_(False),
                )
                .returning(subscribers.c.serial)
            )
            return "added" if done.first() else "known"

    def erase(self, address: str) -> bool:
        """All that is known of the address, refusals included. False: nothing was."""
        key = folded(address)
        marks = [*self._marks(f"refused {key}"), *self._marks(f"address {key}")]
        with self._transaction() as connection:
            serial = connection.execute(
                sa.select(subscribers.c.serial).where(subscribers.c.folded == key)
            ).scalar()
            found = self._remove(connection, serial) if serial else False
            gone = connection.execute(refused.delete().where(refused.c.mark.in_(marks))).rowcount
            gone += connection.execute(counts.delete().where(counts.c.mark.in_(marks))).rowcount
        self._scrub()
        return found or gone > 0

    def bounce(self, *, serial: str = "", address: str = "", hard: bool, complaint: bool) -> str:
        """What came back, for someone known by serial (proven) or address (anybody can claim it).

        A complaint or a hard bounce that is proven ends the subscription at once; others when
        there are three within 30 days. Returns `ended`, `counted` or `nobody`.
        """
        where = subscribers.c.serial == serial
        if not serial:
            where = subscribers.c.folded == folded(address)
        now = self._seconds()
        with self._transaction() as connection:
            row = connection.execute(sa.select(subscribers).where(where)).mappings().first()
            if row is None:
                return "nobody"
            recent = row["bounced_at"] > now - int(_REMEMBERED.total_seconds())
            bounces = (row["bounces"] if recent else 0) + 1
            if (serial and (hard or complaint)) or bounces >= _BOUNCES:
                why = BounceReason.COMPLAINED if complaint else BounceReason.BOUNCED
                mark = self._marks(f"refused {row['folded']}")[0]
                values = {"mark": mark, "why": why.value, "at": now}
                connection.execute(self._insert(refused).values(values).on_conflict_do_nothing())
                self._remove(connection, row["serial"])
                return "ended"
            connection.execute(
                subscribers.update().where(where).values(bounces=bounces, bounced_at=now)
            )
            return "counted"

    def sweep(self) -> None:
        """Forget what is over: addresses that were not confirmed, counts, bounces."""
        now = self._seconds()
        old = sa.select(subscribers.c.serial).where(
            subscribers.c.confirmed.is_(False), subscribers.c.asked_at < now - self._pending
        )
        with self._transaction() as connection:
            connection.execute(letters.delete().where(letters.c.serial.in_(old)))
            removed = connection.execute(
                subscribers.delete().where(subscribers.c.serial.in_(old))
            ).rowcount
            connection.execute(counts.delete().where(counts.c.hour < now // _HOUR - 1))
            long_ago = now - int(_REMEMBERED.total_seconds())
            connection.execute(
                refused.delete().where(
                    refused.c.why == BounceReason.BOUNCED.value, refused.c.at < long_ago
                )
            )
        if removed:
            self._scrub()

    # ── Letters ──────────────────────────────────────────────────────────────────────────────

    def take_letter(self) -> DueLetter | None:
        """One that is due, and nobody else's for some minutes; None: none is."""
        now = self._seconds()
        with self._transaction() as connection:
            row = (
                connection.execute(
                    sa.select(letters)
                    .where(letters.c.next_at <= now)
                    .order_by(letters.c.tries, letters.c.id)  # no retry before a first try
                    .limit(1)
                    .with_for_update(skip_locked=True)
                )
                .mappings()
                .first()
            )
            if row is None:
                return None
            mine = letters.c.id == row["id"]
            subscriber = self._find(connection, subscribers.c.serial == row["serial"])
            connection.execute(
                letters.update().where(mine).values(next_at=now + _LEASE, tries=row["tries"] + 1)
            )
            is_refused = bool(subscriber and self._is_refused(connection, subscriber.address))
        return DueLetter(row["id"], row["tries"] + 1, subscriber, is_refused)

    def letter_is_done(self, id: int) -> None:
        """It was sent, or never will be."""
        with self._transaction() as connection:
            connection.execute(letters.delete().where(letters.c.id == id))

    def letter_waits(self, id: int, tries: int) -> None:
        """It is tried again later, for as long as its link would be good."""
        now = self._seconds()
        next_at = now + _PAUSES[min(tries, len(_PAUSES)) - 1]
        with self._transaction() as connection:
            connection.execute(letters.update().where(letters.c.id == id).values(next_at=next_at))
            connection.execute(letters.delete().where(letters.c.asked_at < now - self._pending))

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with told(_TROUBLE), self._engine.begin() as connection:
            yield connection

    def _seconds(self) -> int:
        return int(self._now().timestamp())

    def _marks(self, words: str) -> list[str]:
        """A digest under each key, the current one first, that says nothing of the words."""
        return [hmac.new(key, words.encode(), hashlib.sha256).hexdigest() for key in self._keys]

    def _count(self, connection: Connection, what: str) -> int:
        insert = self._insert(counts).values(
            mark=self._marks(what)[0], hour=self._seconds() // _HOUR, count=1
        )
        return int(
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["mark", "hour"], set_={"count": counts.c.count + 1}
                ).returning(counts.c.count)
            ).scalar_one()
        )

    def _row(
        self, address: str, wishes: Wishes, consent: str, now: int, *, confirmed: bool
    ) -> dict[str, Any]:
        return {
            "serial": secrets.token_hex(16),
            "address": address,
            "folded": folded(address),
            "confirmed": confirmed,
            **_stored(wishes),
            "consent": consent,
            "asked_at": now,
            "confirmed_at": now if confirmed else 0,
            "bounces": 0,
            "bounced_at": 0,
        }

    def _find(self, connection: Connection, where: sa.ColumnElement[bool]) -> Subscriber | None:
        row = connection.execute(sa.select(subscribers).where(where)).mappings().first()
        if row is None:
            return None
        found = _subscriber(row)
        long_ago = self._seconds() - self._pending
        return found if found.confirmed or row["asked_at"] >= long_ago else None

    def _page(self, after: str, *where: sa.ColumnElement[bool]) -> tuple[Subscriber, ...]:
        with self._transaction() as connection:
            rows = connection.execute(
                sa.select(subscribers)
                .where(subscribers.c.serial > after, *where)
                .order_by(subscribers.c.serial)
                .limit(_A_PAGE)
            ).mappings()
            return tuple(_subscriber(row) for row in rows)

    def _is_refused(self, connection: Connection, address: str) -> bool:
        marks = self._marks(f"refused {folded(address)}")
        found = connection.execute(sa.select(refused.c.mark).where(refused.c.mark.in_(marks)))
        return found.first() is not None

    def _remove(self, connection: Connection, serial: str) -> bool:
        connection.execute(letters.delete().where(letters.c.serial == serial))
        gone = connection.execute(subscribers.delete().where(subscribers.c.serial == serial))
        return gone.rowcount > 0

    def _scrub(self) -> None:
        """What was erased also leaves SQLite's log of writes."""
        if self._engine.dialect.name == "sqlite":
            with told(_TROUBLE):
                connection = self._engine.raw_connection()
                try:
                    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    connection.close()


def _stored(wishes: Wishes) -> dict[str, str]:
    return {
        "products": " ".join(wishes.products),
        "kinds": " ".join(wishes.kinds),
        "digest": wishes.digest,
    }


def _subscriber(row: RowMapping) -> Subscriber:
    wishes = Wishes(tuple(row["products"].split()), tuple(row["kinds"].split()), row["digest"])
    confirmed_at = _moment(row["confirmed_at"]) if row["confirmed"] else None
    return Subscriber(
        row["serial"], row["address"], bool(row["confirmed"]), wishes, row["consent"],
        _moment(row["asked_at"]), confirmed_at,
    )  # fmt: skip


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
