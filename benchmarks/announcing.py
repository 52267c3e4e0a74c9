"""How much more than bare feedgen a feed costs, and than bare smtplib a mail.

    python benchmarks/announcing.py [--quick]

feed_ratio: RSS and Atom of 1,000 changes, from the changes on, against feedgen alone: titles and
the before/after table put together by hand in the plainest way, for this one kind of change.
Every round has other changes, so that nothing is remembered from the round before.

mail_ratio: 10,000 mails (quick: 1,000) to an SMTP server on loopback, a process of its own, with
the outbox kept on disk, against `smtplib.SMTP.sendmail` in a loop with ready-made mails; one
connection each. Rounds are interleaved, and medians compared.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import smtplib
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path

from aiosmtpd.controller import Controller
from feedgen.feed import FeedGenerator

from ratewire.announce import announce
from ratewire.announce.mail import Letters
from ratewire.announce.telling import Telling
from ratewire.config import (
    AnnounceSettings,
    CompareSettings,
    EmailSettings,
    FetchSettings,
    Product,
    Site,
    SiteSettings,
    SubscribeSettings,
)
from ratewire.model import (
    Alteration,
    Change,
    ChangeKind,
    ChangeState,
    Rate,
    Source,
    Unit,
    Window,
)
from ratewire.publish.feeds.channel import FeedDocument, channels, documents
from ratewire.publish.feeds.entry import html
from ratewire.publish.feeds.xml import atom, entry_elements, rss
from ratewire.record.directory import DirectoryStore
from ratewire.wording.catalogue import words_of
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ENTRIES = 1000


def site(root: Path, email: EmailSettings | None = None) -> Site:
    return Site(
        root,
        SiteSettings("Example Prices", "https://prices.example", feed_entries=ENTRIES),
        FetchSettings(),
        CompareSettings(),
        AnnounceSettings(email=email or EmailSettings()),
        SubscribeSettings(),
        (Source("acme", "Acme pricing", "Acme", "https://acme.example/pricing"),),
        (Product("paint-2", "Paint 2", "Acme"),),
    )


def change(number: int) -> Change:
    at = NOW - timedelta(minutes=number)
    unit = Unit.parse("1M tokens")
    steps = tuple(
        Alteration(
            ChangeKind.RATE_DOWN,
            Rate("paint-2", meter, Decimal(40 + number), "USD", unit),
            Rate("paint-2", meter, Decimal(30 + number), "USD", unit),
            Decimal("-25.00"),
        )
        for meter in ("image.output",)
    )
    window = Window(at - timedelta(hours=1), at)
    return Change(
        f"change-{number:05}", ChangeKind.RATE_DOWN, "acme", steps, window, "a" * 64, "b" * 64,
        ChangeState.CONFIRMED, at, "https://acme.example/pricing",
    )  # fmt: skip


def interleaved(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> float:
    """Median time of ours over that of theirs."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
    mine, other = map(statistics.median, times)
    print(f"  ours {mine:.3f} s, theirs {other:.3f} s ({rounds} rounds)")
    return mine / other


# ── Feeds ────────────────────────────────────────────────────────────────────────────────────


def our_feed(where: Site, changes: list[Change]) -> tuple[FeedDocument, bytes, bytes]:
    told = stories(changes, SiteNames.of(where))
    everything = next(channels(where, told, words_of(where)))
    document = next(documents(everything, ENTRIES, NOW))
    elements = [entry_elements(each, where, html(each)) for each in document.stories]
    return document, rss(document, where, elements), atom(document, where, elements)


def bare_feed(changes: list[Change]) -> tuple[bytes, bytes]:
    """What an owner would write who has feedgen and price changes, and nothing else."""
    feed = FeedGenerator()
    feed.id("https://prices.example/feeds/all.atom")
    feed.title("Example Prices")
    feed.subtitle("Changes")
    feed.author(name="Example Prices")
    feed.link(href="https://prices.example/feeds/all.atom", rel="self")
    feed.link(href="https://prices.example/")
    for each in changes:
        (step,) = each.alterations
        before, after = step.before, step.after
        assert isinstance(before, Rate)
        assert isinstance(after, Rate)
        what = f"{after.product} {after.meter}"
        old, new = (
            f"${before.amount:.2f} per {before.unit}",
            f"${after.amount:.2f} per {after.unit}",
        )
        title = f"{what}: {old} → {new} ({step.percent} %)"
        summary = f"{title}. Acme pricing changed after {each.window.last_seen_old:%d %B %Y %H:%M}."
        row = "".join(f"<td>{escape(cell)}</td>" for cell in (what, old, new, f"{step.percent} %"))
        head = "<tr><th>What</th><th>Before</th><th>After</th><th>Change</th></tr>"
        made = feed.add_entry(order="append")
        made.guid(f"https://prices.example/changes/{each.id}/", permalink=True)
        made.title(title)
        made.link(href=f"https://prices.example/changes/{each.id}/")
        made.link(href=each.url, rel="via")
        made.summary(summary)
        made.content(
            f"<p>{escape(summary)}</p><table>{head}<tr>{row}</tr></table>"
            f'<p><a href="{escape(each.url)}">Acme pricing</a></p>',
            type="html",
        )
        made.published(each.recorded_at)
        made.updated(each.recorded_at)
        terms = {"kind": each.kind.value, "product": after.product, "source": "Acme pricing"}
        made.category(
            [
                {"term": term, "scheme": f"https://prices.example/feeds/{name}/"}
                for name, term in terms.items()
            ]
        )
    return feed.rss_str(), feed.atom_str()


def feed_ratio(rounds: int) -> float:
    where = site(Path("/nowhere"))
    batches = [
        [change(number) for number in range(round_ * ENTRIES, (round_ + 1) * ENTRIES)]
        for round_ in range(rounds + 1)
    ]
    document, *_ = our_feed(where, batches.pop())
    assert len(document.entries) == ENTRIES
    ours, theirs = iter(batches), iter(batches)
    return interleaved(lambda: our_feed(where, next(ours)), lambda: bare_feed(next(theirs)), rounds)


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────


class Sink:
    """Takes every mail and counts it."""

    def __init__(self, count: object) -> None:
        self.count = count

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
        self.count.value += 1
        return "250 OK"


def serve(port: int, count: object, ready: object) -> None:
    controller = Controller(Sink(count), hostname="127.0.0.1", port=port)
    controller.start()
    ready.set()
    threading.Event().wait()


def mail_ratio(mails: int, rounds: int) -> float:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = multiprocessing.get_context("spawn")
    count, ready = own.Value("i", 0), own.Event()
    server = own.Process(target=serve, args=(port, count, ready), daemon=True)
    server.start()
    ready.wait()
    to = tuple(f"reader{number:05}@x.example" for number in range(mails))
    email = EmailSettings("127.0.0.1", port, "none", sender="prices@prices.example", to=to)

    def our_mails() -> None:
        with tempfile.TemporaryDirectory() as folder:
            where = site(Path(folder), email)
            store = DirectoryStore(where.snapshots)
            store.save("acme", None, None, [change(0)])
            report = announce(where, store, now=NOW, environment={})
            assert report.accepted == mails

    body = ready_made_mail(email)

    def bare_mails() -> None:
        with smtplib.SMTP("127.0.0.1", port) as connection:
            for address in to:
                connection.sendmail(
                    "prices@prices.example", [address], b"To: " + address.encode() + b"\r\n" + body
                )

    ratio = interleaved(our_mails, bare_mails, rounds)
    assert count.value == 2 * mails * rounds
    server.terminate()
    return ratio


def ready_made_mail(email: EmailSettings) -> bytes:
    """The very mail that ours sends, all but its `To`."""
    where = site(Path("/nowhere"), email)
    told = stories([change(0)], SiteNames.of(where))
    return Letters(where).letter(Telling(told, False, False), NOW).shared


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under a minute")
    quick = parser.parse_args().quick
    print("feed of 1,000 entries, RSS and Atom:")
    feed = feed_ratio(3 if quick else 7)
    mails = 1000 if quick else 10_000
    print(f"{mails:,} mails:")
    mail = mail_ratio(mails, 3)
    result = {"feed_ratio": round(feed, 3), "mail_ratio": round(mail, 3)}
    print("RESULT " + json.dumps(result))


if __name__ == "__main__":
    main()
