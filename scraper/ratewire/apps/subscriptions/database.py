"""The service's database: SQLite in a file, or PostgreSQL by its URL; and its versions.

Times are whole seconds since 1970 in UTC. Statements that fail are told without their values, for
values are addresses.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from ratewire.config import Site
from ratewire.errors import ConfigError, StoreError

__all__ = [
    "counts",
    "database_url",
    "letters",
    "migrate",
    "open_database",
    "refused",
    "subscribers",
    "version_of",
]

_LOGGER = "subscriptions"
_WAIT = 30
"""Seconds that a statement waits for another one's end."""

_tables = sa.MetaData()
_schema = sa.Table("ratewire_schema", _tables, sa.Column("version", sa.Integer, nullable=False))
subscribers = sa.Table(
    "subscribers",
    _tables,
    sa.Column("serial", sa.String(32), primary_key=True),
    sa.Column("address", sa.String(254), nullable=False),
    sa.Column("folded", sa.String(254), nullable=False, unique=True),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("products", sa.Text, nullable=False),
    sa.Column("kinds", sa.Text, nullable=False),
    sa.Column("digest", sa.String(8), nullable=False),
    sa.Column("consent", sa.Text, nullable=False),
    sa.Column("asked_at", sa.BigInteger, nullable=False),
    sa.Column("confirmed_at", sa.BigInteger, nullable=False),
    sa.Column("bounces", sa.Integer, nullable=False),
    sa.Column("bounced_at", sa.BigInteger, nullable=False),
)
"""`products` and `kinds` are words separated by spaces; empty: all."""
letters = sa.Table(
    "letters",
    _tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("serial", sa.String(32), nullable=False, index=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("asked_at", sa.BigInteger, nullable=False),
    sa.Column("next_at", sa.BigInteger, nullable=False, index=True),
)
"""Mails that the service itself is to send. What one says follows from its subscriber's state."""
refused = sa.Table(
    "refused",
    _tables,
    sa.Column("mark", sa.String(64), primary_key=True),
    sa.Column("why", sa.String(16), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Addresses that are not written to, as keyed digests: they bounced, or their owner complained."""
counts = sa.Table(
    "counts",
    _tables,
    sa.Column("mark", sa.String(64), primary_key=True),
    sa.Column("hour", sa.BigInteger, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
"""How often an address or a client was seen within an hour; both as keyed digests."""


def _first(connection: Connection) -> None:
    _tables.create_all(connection, checkfirst=False)


STEPS: tuple[Callable[[Connection], None], ...] = (_first,)
"""The step at n brings a database of version n to n + 1; steps are added and never changed."""


def database_url(site: Site, environment: Mapping[str, str]) -> str:
    """Where the subscribers are. Raises ConfigError."""
    said = site.subscribe.service.database
    url = said
    if said.startswith("env:"):
        url = environment.get(said.removeprefix("env:"), "").strip()
    if not url:
        return f"sqlite:///{site.root / 'subscriptions' / 'subscriptions.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        return f"postgresql+psycopg://{url.partition('://')[2]}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError(
            "is sqlite:////path/to/file.db or postgresql://user@host/name",
            file=site.root / "ratewire.toml",
            key=f"subscribe.service.database ({said})",
        )
    return url


def open_database(url: str, *, upgrade: bool = False, look: bool = False) -> Engine:
    """The database, made where it is empty, unless one only wants to `look`.

    Raises ConfigError where its driver is not there, StoreError where it cannot be reached, is
    older than this ratewire (unless `upgrade`) or newer.
    """
    file = url.partition("sqlite:///")[2]
    if file:
        _make_room(Path(file))
    # Else, where someone makes SQLAlchemy log all there is, rows would be in the log.
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGER}").setLevel(logging.WARNING)
    try:
        engine = sa.create_engine(
            url,
            hide_parameters=True,
            logging_name=_LOGGER,
            connect_args={"timeout": _WAIT} if file else {"connect_timeout": 10},
            # A connection to a file costs nothing; many of them wait at the file, in turn.
            **({"poolclass": NullPool} if file else {"pool_pre_ping": True}),
        )
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigError(
            f"the database of the subscriptions cannot be opened ({type(error).__name__}); see "
            "subscribe.service.database in docs/subscriptions.md"
        ) from None
    if file:
        _set_up_sqlite(engine)
    with told("the database of the subscriptions cannot be reached", connecting=True), _alone(file):
        version = version_of(engine)
        if version == 0 and look:
            return engine
        if version == 0 or (upgrade and version < len(STEPS)):
            version = migrate(engine)
    if version < len(STEPS):
        raise StoreError(
            f"the database of the subscriptions is of version {version}; this ratewire needs "
            f"{len(STEPS)}. Back it up, then: ratewire subscriptions migrate"
        )
    if version > len(STEPS):
        raise StoreError(
            f"the database of the subscriptions is of version {version}, and this ratewire knows "
            f"{len(STEPS)}; bring ratewire up to date"
        )
    return engine


def version_of(engine: Engine) -> int:
    """0: an empty database."""
    if not sa.inspect(engine).has_table(_schema.name):
        return 0
    with engine.connect() as connection:
        return connection.execute(sa.select(_schema.c.version)).scalar() or 0


def migrate(engine: Engine) -> int:
    """Bring it to this ratewire's version, all or nothing; returns that version."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # one of several that start at once
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7241801)"))
        before = 0
        if sa.inspect(connection).has_table(_schema.name):
            before = connection.execute(sa.select(_schema.c.version)).scalar() or 0
        for step in STEPS[before:]:
            step(connection)
        if before < len(STEPS):
            connection.execute(_schema.delete())
            connection.execute(_schema.insert().values(version=len(STEPS)))
        return max(before, len(STEPS))


@contextmanager
def told(what: str, *, connecting: bool = False) -> Iterator[None]:
    """Troubles of the database as StoreError, without values.

    Only what the driver says while connecting is told on: it speaks of hosts and users.
    """
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None)
        why = type(cause or error).__name__
        if connecting and cause is not None:
            why = " ".join(str(cause).split())[:200]
        raise StoreError(f"{what}: {why}; nothing was lost, try again") from None


def _make_room(file: Path) -> None:
    """The file's folder, which git leaves out and others cannot look into. Raises StoreError."""
    folder = file.parent
    try:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True)
            (folder / ".gitignore").write_text("*\n")
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))  # its logs take its permissions
    except OSError as error:
        raise StoreError(f"{file}: cannot be written ({error.strerror})") from None


def _alone(file: str) -> AbstractContextManager[object]:
    """One process at a time makes a file a database: SQLite does not wait for its turn there."""
    if not file:
        return nullcontext()
    path = Path(file)
    return FileLock(path.with_name(f".{path.name}.lock"), mode=0o600)


def _set_up_sqlite(engine: Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin below, and not at the first write
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten

    @sa.event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
