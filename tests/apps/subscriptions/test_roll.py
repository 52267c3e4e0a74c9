"""The roll on SQLite and on PostgreSQL: the same rules, also when many come at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from running import KEY, Clock, service_site

from ratewire.apps.subscriptions import database as db
from ratewire.apps.subscriptions.database import database_url, migrate, open_database, version_of
from ratewire.apps.subscriptions.roll import Roll, Wishes
from ratewire.errors import ConfigError, StoreError

TWO_DAYS = timedelta(days=2)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def roll(database: str, clock: Clock) -> Iterator[Roll]:
    engine = open_database(psycopg_url(database))
    yield Roll(engine, (KEY,), clock, TWO_DAYS)
    engine.dispose()


def psycopg_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def joined(roll: Roll, address: str = "reader@example.org") -> str:
    """Someone who signed up and confirmed: their serial."""
    roll.sign_up(address, per_address=3)
    letter = roll.take_letter()
    assert letter
    assert letter.subscriber
    roll.letter_is_done(letter.id)
    assert roll.confirm(letter.subscriber.serial)
    return letter.subscriber.serial


def test_from_signing_up_to_leaving(roll: Roll) -> None:
    roll.sign_up("Reader@example.org", per_address=3)
    letter = roll.take_letter()
    assert letter
    assert letter.subscriber
    serial = letter.subscriber.serial
    assert (letter.subscriber.address, letter.subscriber.confirmed) == ("Reader@example.org", False)
    assert roll.recipients("") == ((), "")
    assert roll.take_letter() is None, "it is taken"
    roll.letter_is_done(letter.id)
    found = roll.confirm(serial)
    assert found
    assert (found.confirmed, found.consent) == (True, "form")
    wishes = Wishes(("paint-2",), ("rate_up", "rate_down"), "weekly")
    assert roll.want(serial, wishes) is not None
    ((one,), more) = roll.recipients("")
    assert (one.wishes, more) == (wishes, "")
    assert roll.leave(serial)
    assert not roll.leave(serial)
    assert roll.find(serial) is None
    assert roll.confirm(serial) is None
    assert roll.want(serial, wishes) is None
    assert set(roll.totals().values()) == {0}


def test_who_is_known_stays_as_they_are(roll: Roll) -> None:
    serial = joined(roll)
    roll.want(serial, Wishes(digest="daily"))
    roll.sign_up("READER@example.org", per_address=3, wishes=Wishes(digest="weekly"))
    letter = roll.take_letter()
    assert letter
    assert letter.subscriber
    assert (letter.subscriber.serial, letter.subscriber.wishes.digest) == (serial, "daily")


def test_an_address_is_written_to_so_often_an_hour(roll: Roll, clock: Clock) -> None:
    for _ in range(5):
        roll.sign_up("reader@example.org", per_address=3)
    assert roll.totals()["letters"] == 3
    clock.later = timedelta(hours=1)
    roll.sign_up("reader@example.org", per_address=3)
    assert roll.totals()["letters"] == 4


def test_a_client_is_counted(roll: Roll, clock: Clock) -> None:
    assert [roll.within_limit("client 192.0.2.1", 2) for _ in range(3)] == [True, True, False]
    assert roll.within_limit("client 192.0.2.2", 2)
    clock.later = timedelta(hours=1)
    assert roll.within_limit("client 192.0.2.1", 2)


def test_what_was_not_confirmed_is_forgotten(roll: Roll, clock: Clock) -> None:
    roll.sign_up("reader@example.org", per_address=3)
    letter = roll.take_letter()
    assert letter
    assert letter.subscriber
    clock.later = TWO_DAYS + timedelta(seconds=2)
    roll.sweep()
    totals = dict(roll.totals())
    assert totals["pending"] == 0
    assert totals["letters"] == 0


def test_asking_again_makes_the_link_good_again(roll: Roll, clock: Clock) -> None:
    roll.sign_up("reader@example.org", per_address=3)
    clock.later = TWO_DAYS + timedelta(seconds=2)
    roll.sign_up("reader@example.org", per_address=3)
    roll.sweep()
    ((one,)) = list(roll.everyone())
    assert roll.confirm(one.serial) is not None


def test_confirming_too_late_confirms_nothing(roll: Roll, clock: Clock) -> None:
    roll.sign_up("reader@example.org", per_address=3)
    letter = roll.take_letter()
    assert letter
    assert letter.subscriber
    clock.later = TWO_DAYS + timedelta(seconds=2)
    assert roll.confirm(letter.subscriber.serial) is None
    assert roll.totals()["confirmed"] == 0


# ── At once ──────────────────────────────────────────────────────────────────────────────────


def all_at_once(work: list[Callable[[], Any]]) -> list[Any]:
    start = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_two_confirm_at_once(roll: Roll) -> None:
    roll.sign_up("reader@example.org", per_address=3)
    letter = roll.take_letter()
    assert letter
    assert letter.subscriber
    serial = letter.subscriber.serial
    both = all_at_once([lambda: roll.confirm(serial)] * 2)
    assert [one.confirmed for one in both] == [True, True]
    assert roll.totals()["confirmed"] == 1


def test_confirming_and_leaving_at_once_leaves(roll: Roll) -> None:
    serial = joined(roll)
    all_at_once([lambda: roll.confirm(serial), lambda: roll.leave(serial)])
    assert roll.totals()["confirmed"] == 0


def test_many_sign_up_at_once(roll: Roll) -> None:
    def one(n: int) -> Callable[[], None]:
        return lambda: roll.sign_up(f"reader{n % 20}@example.org", per_address=3)

    all_at_once([one(n) for n in range(40)])
    totals = roll.totals()
    assert (totals["pending"], totals["letters"]) == (20, 40)


def test_a_letter_has_one_sender(roll: Roll) -> None:
    for n in range(10):
        roll.sign_up(f"reader{n}@example.org", per_address=3)
    taken = [one for one in all_at_once([roll.take_letter] * 16) if one]
    ids = [one.id for one in taken]
    assert len(ids) == len(set(ids))
    while one := roll.take_letter():  # a busy row is passed over, not lost
        ids.append(one.id)
    assert len(set(ids)) == len(ids) == 10


def test_no_retry_comes_before_a_first_try(roll: Roll, clock: Clock) -> None:
    for number in range(20):
        roll.sign_up(f"early{number}@example.org", per_address=3)
        letter = roll.take_letter()
        assert letter
        roll.letter_waits(letter.id, letter.tries)
    clock.later = timedelta(hours=1)
    roll.sign_up("new@example.org", per_address=3)
    letter = roll.take_letter()
    assert letter
    assert letter.subscriber
    assert letter.subscriber.address == "new@example.org"


def test_a_letter_whose_sender_was_killed_is_taken_again(roll: Roll, clock: Clock) -> None:
    roll.sign_up("reader@example.org", per_address=3)
    first = roll.take_letter()
    assert roll.take_letter() is None
    clock.later = timedelta(minutes=6)
    again = roll.take_letter()
    assert first
    assert again
    assert (again.id, again.tries) == (first.id, 2)


# ── Bounces, refusals, erasing ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("proven", "hard", "complaint", "outcomes", "why"),
    [
        (True, True, False, ["ended"], "bounced"),
        (True, False, True, ["ended"], "complained"),
        (True, False, False, ["counted", "counted", "ended"], "bounced"),
        (False, True, False, ["counted", "counted", "ended"], "bounced"),
        (False, False, True, ["counted", "counted", "ended"], "complained"),
    ],
)
def test_what_a_bounce_does(
    roll: Roll, proven: bool, hard: bool, complaint: bool, outcomes: list[str], why: str
) -> None:
    serial = joined(roll)
    who = {"serial": serial} if proven else {"address": "READER@example.org"}
    done = [roll.bounce(**who, hard=hard, complaint=complaint) for _ in outcomes]
    assert done == outcomes
    assert roll.bounce(**who, hard=hard, complaint=complaint) == "nobody"
    assert (roll.totals()["confirmed"], roll.totals()[why]) == (0, 1)
    # They are not written to, and cannot be added again.
    roll.sign_up("reader@example.org", per_address=3)
    letter = roll.take_letter()
    assert letter
    assert letter.refused
    assert roll.add("reader@example.org", Wishes(), "import: x") == "refused"


def test_old_bounces_do_not_count(roll: Roll, clock: Clock) -> None:
    serial = joined(roll)
    for days in (0, 31, 62, 93):
        clock.later = timedelta(days=days)
        assert roll.bounce(serial=serial, hard=False, complaint=False) == "counted"


def test_a_bounced_address_may_come_back_and_one_that_complained_not(
    roll: Roll, clock: Clock
) -> None:
    one, other = joined(roll), joined(roll, "other@example.org")
    roll.bounce(serial=one, hard=True, complaint=False)
    roll.bounce(serial=other, hard=False, complaint=True)
    clock.later = timedelta(days=31)
    roll.sweep()
    assert (roll.totals()["bounced"], roll.totals()["complained"]) == (0, 1)
    assert roll.add("reader@example.org", Wishes(), "x") == "added"
    assert roll.add("other@example.org", Wishes(), "x") == "refused"


def test_a_refusal_outlives_a_change_of_keys(database: str, clock: Clock) -> None:
    engine = open_database(psycopg_url(database))
    old = Roll(engine, (KEY,), clock, TWO_DAYS)
    old.bounce(serial=joined(old), hard=True, complaint=False)
    new = Roll(engine, ("n" * 32, KEY), clock, TWO_DAYS)
    assert new.add("reader@example.org", Wishes(), "x") == "refused"
    assert new.erase("reader@example.org")
    assert new.add("reader@example.org", Wishes(), "x") == "added"
    engine.dispose()


def test_erasing_leaves_nothing(roll: Roll) -> None:
    joined(roll)
    roll.sign_up("reader@example.org", per_address=3)
    assert roll.erase("Reader@Example.ORG")
    assert not roll.erase("reader@example.org")
    assert set(roll.totals().values()) == {0}


def test_an_erased_address_is_not_in_the_file(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "db" / "subscriptions.db"
    roll = Roll(open_database(f"sqlite:///{file}"), (KEY,), clock, TWO_DAYS)
    for n in range(30):
        roll.sign_up(f"somebody-{n}@example.org", per_address=3)
    before = b"".join(one.read_bytes() for one in file.parent.glob("subscriptions.db*"))
    assert b"somebody-7@" in before
    roll.erase("somebody-7@example.org")
    after = b"".join(one.read_bytes() for one in file.parent.glob("subscriptions.db*"))
    assert b"somebody-7@" not in after
    assert b"somebody-8@" in after


@pytest.mark.parametrize(("kept", "state"), [("confirmed", "known"), ("pending", "added")])
def test_taking_someone_over(roll: Roll, kept: str, state: str) -> None:
    if kept == "confirmed":
        joined(roll)
    else:
        roll.sign_up("reader@example.org", per_address=3)
    assert roll.add("Reader@example.org", Wishes(("paint-2",)), "import: a list") == state
    assert roll.add("other@example.org", Wishes(digest="daily"), "import: a list") == "added"
    found = {one.address: one for one in roll.everyone()}
    assert found["other@example.org"].consent == "import: a list"
    assert found["reader@example.org"].confirmed
    assert roll.totals()["confirmed"] == 2


def test_recipients_come_in_pages(roll: Roll, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ratewire.apps.subscriptions.roll._A_PAGE", 3)
    for n in range(7):
        roll.add(f"reader{n}@example.org", Wishes(), "x")
    roll.sign_up("pending@example.org", per_address=3)
    seen: list[str] = []
    after = ""
    while True:
        page, after = roll.recipients(after)
        seen += [one.address for one in page]
        if not after:
            break
    assert sorted(seen) == [f"reader{n}@example.org" for n in range(7)]
    assert len(list(roll.everyone())) == 8


# ── Versions ─────────────────────────────────────────────────────────────────────────────────


def test_the_database_is_of_a_version(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = psycopg_url(database)
    open_database(url).dispose()

    def second(connection: Any) -> None:
        connection.execute(sa.text("ALTER TABLE subscribers ADD COLUMN extra INTEGER"))

    monkeypatch.setattr(db, "STEPS", (*db.STEPS, second))
    with pytest.raises(StoreError, match=r"is of version 1; .* needs 2. .* migrate"):
        open_database(url)
    engine = open_database(url, upgrade=True)
    assert version_of(engine) == 2
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT extra FROM subscribers"))
    assert migrate(engine) == 2
    engine.dispose()
    monkeypatch.setattr(db, "STEPS", db.STEPS[:1])
    with pytest.raises(StoreError, match="bring ratewire up to date"):
        open_database(url)


def test_a_step_that_fails_changes_nothing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = psycopg_url(database)
    open_database(url).dispose()

    def broken(connection: Any) -> None:
        connection.execute(sa.text("ALTER TABLE subscribers ADD COLUMN extra INTEGER"))
        connection.execute(sa.text("SELECT nothing FROM nowhere"))

    monkeypatch.setattr(db, "STEPS", (*db.STEPS, broken))
    with pytest.raises(StoreError, match="cannot be reached"):
        open_database(url, upgrade=True)
    monkeypatch.setattr(db, "STEPS", db.STEPS[:1])
    engine = open_database(url)
    columns = {column["name"] for column in sa.inspect(engine).get_columns("subscribers")}
    assert "extra" not in columns
    engine.dispose()


def test_several_start_on_an_empty_database(database: str) -> None:
    url = psycopg_url(database)
    engines = all_at_once([lambda: open_database(url)] * 6)
    assert {version_of(engine) for engine in engines} == {1}
    for engine in engines:
        engine.dispose()


def test_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/new/s.db").dispose()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert {one.stat().st_mode & 0o777 for one in (tmp_path / "new").glob("s.db*")} == {0o600}
    assert (tmp_path / "new" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("sqlite:////proc/nowhere/s.db", StoreError, "cannot be written"),
        ("postgresql+psycopg://x:secret@127.0.0.1:1/n", StoreError, "cannot be reached"),
        ("nonsense://x", ConfigError, "cannot be opened"),
    ],
)
def test_a_database_that_is_not_there(url: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_text("hello, I am a letter to somebody@example.org" * 99)
    with pytest.raises(StoreError, match="not a database"):
        open_database(f"sqlite:///{tmp_path}/s.db")


def test_troubles_name_no_address(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "db" / "s.db"
    roll = Roll(open_database(f"sqlite:///{file}"), (KEY,), clock, TWO_DAYS)
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE letters")
    with pytest.raises(StoreError) as caught:
        roll.sign_up("reader@example.org", per_address=3)
    assert "reader" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", "sqlite:///{root}/subscriptions/subscriptions.db"),
        ("sqlite:////srv/s.db", "sqlite:////srv/s.db"),
        ("postgresql://u:p@h/n?sslmode=require", "postgresql+psycopg://u:p@h/n?sslmode=require"),
        ("postgres://h/n", "postgresql+psycopg://h/n"),
    ],
)
def test_where_the_database_is(tmp_path: Path, smtp: Any, said: str, found: str) -> None:
    site = service_site(tmp_path, smtp)
    url = database_url(site, {"RATEWIRE_SUBSCRIPTIONS_DATABASE": said})
    assert url == found.format(root=tmp_path)


def test_a_database_of_another_kind(tmp_path: Path, smtp: Any) -> None:
    site = service_site(tmp_path, smtp)
    with pytest.raises(ConfigError, match=r"ratewire.toml: subscribe.service.database"):
        database_url(site, {"RATEWIRE_SUBSCRIPTIONS_DATABASE": "mysql://u:secret@h/n"})
