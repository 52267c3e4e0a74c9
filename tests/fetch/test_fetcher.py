"""Conditional requests, alternates, manners, routes and the rest of one fetch."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hostile import BEHAVIOURS, NOW, PAGE, Behaviour, Exchange, Hostile, hostile

from ratewire.config import FetchSettings
from ratewire.errors import ConfigError
from ratewire.fetch import Fetched, Validators
from ratewire.fetch.fetcher import Fetcher
from ratewire.judge import judge
from ratewire.model import Capture, Expectations, Source, Verdict, VerdictKind

Make = Callable[..., FetchSettings]
MakeSource = Callable[..., Source]


@asynccontextmanager
async def serving(**behaviours: Callable[[Exchange], object]) -> AsyncIterator[Hostile]:
    """The hostile server with some behaviours of the test's own."""
    own = {name.replace("_", "-"): Behaviour(serve, "") for name, serve in behaviours.items()}  # type: ignore[arg-type]
    BEHAVIOURS.update(own)
    try:
        async with hostile() as server:
            yield server
    finally:
        for name in own:
            del BEHAVIOURS[name]


async def tagged(x: Exchange) -> None:
    """Answers 304 to whoever holds the page."""
    if x.headers.get("if-none-match") == '"v1"':
        await x.send(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nConnection: close\r\n\r\n')
    else:
        await x.answer(PAGE, 'ETag: "v1"', "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT")


def test_unchanged_page_costs_a_304(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with serving(tagged=tagged) as server, fetcher(settings()) as fetch:
            page = source(server.url("tagged"))
            first = await fetch.fetch(page, {})
            assert first.capture is not None
            assert first.validators == Validators(
                page.url, '"v1"', "Thu, 01 Jan 2026 00:00:00 GMT", first.capture.sha256
            )
            second = await fetch.fetch(page, {first.validators.url: first.validators})
            assert second.capture is None
            assert second.unchanged == first.capture.sha256
            assert second.validators == first.validators
            assert server.headers[-1]["if-modified-since"].startswith("thu, 01 jan")

    asyncio.run(check())


def test_without_a_stored_capture_no_condition_is_sent(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with serving(tagged=tagged) as server, fetcher(settings()) as fetch:
            url = server.url("tagged")
            fetched = await fetch.fetch(source(url), {url: Validators(url, '"v1"', "", "")})
            assert fetched.capture is not None
            assert "if-none-match" not in server.headers[-1]

    asyncio.run(check())


def test_the_same_bytes_are_unchanged_without_a_304(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with hostile() as server, fetcher(settings()) as fetch:
            page = source(server.url("served/plain"))
            first = await fetch.fetch(page, {})
            assert first.capture is not None
            assert first.validators == Validators(page.url, "", "", first.capture.sha256)
            second = await fetch.fetch(page, {page.url: first.validators})
            assert second.unchanged == first.capture.sha256
            assert second.capture is None
            assert {"if-none-match", "if-modified-since"}.isdisjoint(server.headers[-1])

    asyncio.run(check())


def test_validators_are_for_the_address_that_answered(settings: Make, source: MakeSource) -> None:
    async def moved(x: Exchange) -> None:
        await x.redirect("/tagged")

    async def check() -> None:
        async with serving(tagged=tagged, moved=moved) as server, fetcher(settings()) as fetch:
            page = source(server.url("moved"))
            first = await fetch.fetch(page, {})
            assert first.capture is not None
            assert first.validators is not None
            assert first.capture.url == first.validators.url == server.url("tagged")
            assert first.capture.requested_url == page.url
            second = await fetch.fetch(page, {first.validators.url: first.validators})
            assert second.unchanged == first.capture.sha256
            asked_moved, asked_tagged = server.headers[-2:]
            assert "if-none-match" not in asked_moved
            assert asked_tagged["if-none-match"] == '"v1"'
            other = await fetch.fetch(source(server.url("tagged")), {page.url: first.validators})
            assert other.capture is not None

    asyncio.run(check())


def test_a_redirect_to_another_sources_page_is_not_unchanged(
    settings: Make, source: MakeSource
) -> None:
    """The home page is watched, too, and is what it was; the price list now leads to it."""

    async def gone(x: Exchange) -> None:
        await x.redirect("/tagged")

    async def check() -> None:
        async with serving(tagged=tagged, gone=gone) as server, fetcher(settings()) as fetch:
            home = await fetch.fetch(source(server.url("tagged")), {})
            assert home.validators is not None
            known = {home.validators.url: home.validators}
            prices = await fetch.fetch(source(server.url("gone")), known)
            assert not prices.unchanged
            assert prices.capture is not None

    asyncio.run(check())


def test_a_wall_leaves_no_validators(settings: Make, source: MakeSource) -> None:
    """Else its 304 would count as the page being unchanged."""

    async def wall(x: Exchange) -> None:
        await x.answer(b"<title>Access Denied</title><h1>Access Denied</h1>", 'ETag: "w"')

    async def check() -> None:
        async with serving(wall=wall) as server, fetcher(settings(), judge=judge) as fetch:
            fetched = await fetch.fetch(source(server.url("wall")), {})
            assert fetched.capture is not None
            assert fetched.validators is None

    asyncio.run(check())


def test_alternates_are_tried_in_order(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with hostile() as server, fetcher(settings(), judge=judge) as fetch:
            names = ("challenge-as-200", "close-at-once", "status-404", "served/a", "served/b")
            first, *others = map(server.url, names)
            fetched = await fetch.fetch(source(first, alternates=tuple(others)), {})
            assert fetched.capture is not None
            assert fetched.capture.url == server.url("served/a")
            assert [line.partition(": ")[2].split()[0] for line in fetched.attempts] == [
                "blocked", "the", "missing", "genuine",
            ]  # fmt: skip

    asyncio.run(check())


def test_the_first_wall_is_given_where_no_address_serves(
    settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        async with hostile() as server, fetcher(settings(), judge=judge) as fetch:
            page = source(server.url("shell"), alternates=(server.url("status-500"),))
            fetched = await fetch.fetch(page, {})
            assert fetched.capture is not None
            assert fetched.capture.url == page.url
            assert not fetched.problem

    asyncio.run(check())


def test_who_asks_is_said(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        contact = "https://status.example/about"
        async with hostile() as server, fetcher(settings(), contact=contact) as fetch:
            await fetch.fetch(source(server.url("x"), expect=Expectations(language="fr")), {})
            said = server.headers[-1]
            assert said["user-agent"] == f"ratewire/0.1 (+{contact})"
            assert said["accept-language"].startswith("fr")
            assert {"gzip", "br", "zstd"} <= set(said["accept-encoding"].split(", "))

    asyncio.run(check())


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────


def test_a_secret_goes_to_its_own_host_alone(
    settings: Make,
    source: MakeSource,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "hush-hush")
    caplog.set_level(logging.DEBUG)

    async def check() -> None:
        async with hostile() as other:

            async def away(x: Exchange) -> None:
                await x.redirect(other.url("served/elsewhere"))

            async with serving(away=away) as server, fetcher(settings()) as fetch:
                page = source(
                    server.url("away"),
                    alternates=(other.url("served/alternate"),),
                    headers={
                        "X-Token": "env:ACME_TOKEN",
                        "Authorization": "Bearer abc",
                        "X-A": "b",
                    },
                )
                fetched = await fetch.fetch(page, {})
                assert fetched.capture is not None
                assert server.headers[-1]["x-token"] == "hush-hush"
                assert server.headers[-1]["authorization"] == "bearer abc"
                for said in other.headers:
                    assert "x-token" not in said
                    assert "authorization" not in said
                    assert said["x-a"] == "b"
                assert "hush-hush" not in caplog.text + repr(fetched)

    asyncio.run(check())


def test_a_missing_secret_is_named(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with hostile() as server, fetcher(settings()) as fetch:
            page = source(server.url("x"), headers={"X-Token": "env:NO_SUCH_VARIABLE_HERE"})
            fetched = await fetch.fetch(page, {})
            assert "NO_SUCH_VARIABLE_HERE" in fetched.problem
            assert not server.asked

    asyncio.run(check())


# ── Manners ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("robots", "problem"),
    [
        (b"", ""),
        (b"User-agent: *\nDisallow: /private", ""),
        (b"User-agent: *\nDisallow: /", "robots.txt forbids"),
        (b"User-agent: ratewire\nDisallow: /served", "robots.txt forbids"),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: ratewire\nAllow: /", ""),
        (b"\xff\xfe not a robots file <html>", ""),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "robots.txt forbids"),
    ],
)
def test_robots_are_obeyed(robots: bytes, problem: str, settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with hostile() as server, fetcher(settings(robots=True)) as fetch:
            server.robots = robots
            fetched = [await fetch.fetch(source(server.url(f"served/{n}")), {}) for n in range(2)]
            for each in fetched:
                assert problem in each.problem if problem else each.capture is not None
            assert server.asked.count("/robots.txt") == 1
            assert len(server.asked) == (1 if problem else 3)

    asyncio.run(check())


def test_redirects_share_one_time_budget(settings: Make, source: MakeSource) -> None:
    """Each hop answers within the limit, all of them together do not."""

    async def slow(x: Exchange) -> None:
        await asyncio.sleep(0.25)
        hop = int(x.path.partition("?")[2])
        await (x.answer() if hop == 3 else x.redirect(f"/hop?{hop + 1}"))

    async def check() -> None:
        async with serving(hop=slow) as server, fetcher(settings(timeout=0.6)) as fetch:
            fetched = await fetch.fetch(source(server.url("hop?0")), {})
            assert fetched.problem.startswith("took longer than 0.6 s in all")
            assert "/hop?3" not in server.asked
        async with serving(hop=slow) as server, fetcher(settings(timeout=5.0)) as fetch:
            assert (await fetch.fetch(source(server.url("hop?0")), {})).capture is not None

    asyncio.run(check())


def test_robots_are_asked_of_the_host_that_a_redirect_leads_to(
    settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        async with hostile() as other:
            other.robots = b"User-agent: *\nDisallow: /"

            async def away(x: Exchange) -> None:
                await x.redirect(other.url("served/elsewhere"))

            async with serving(away=away) as server, fetcher(settings(robots=True)) as fetch:
                fetched = await fetch.fetch(source(server.url("away")), {})
                assert "robots.txt forbids" in fetched.problem
                assert other.asked == ["/robots.txt"]

    asyncio.run(check())


async def _unavailable(x: Exchange) -> None:
    await x.answer(b"", status="503 Service Unavailable")


async def _broken(x: Exchange) -> None:
    await x.answer(b"", status="500 Internal Server Error")


async def _too_often(x: Exchange) -> None:
    await x.answer(b"", status="429 Too Many Requests")


async def _in_a_loop(x: Exchange) -> None:
    await x.redirect("/robots.txt")


async def _a_picture(x: Exchange) -> None:
    await x.answer(b"GIF", media_type="image/gif")


@pytest.mark.parametrize(
    ("serve", "why"),
    [
        (_unavailable, "it is answered 503"),
        (_broken, "it is answered 500"),
        (_too_often, "it is answered 429"),
        (_in_a_loop, "redirects in a loop"),
        (_a_picture, "is image/gif, not a page"),
    ],
)
def test_unreadable_robots_keep_us_away(
    serve: Callable[[Exchange], object], why: str, settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        own = {"robots.txt": serve}
        async with serving(**own) as server, fetcher(settings(robots=True)) as fetch:
            fetched = await fetch.fetch(source(server.url("served/x")), {})
            assert fetched.problem.startswith(f"the host's robots.txt cannot be had: {why}")
            assert set(server.asked) == {"/robots.txt"}

    asyncio.run(check())


def test_a_host_without_robots_may_say_so_with_a_picture(
    settings: Make, source: MakeSource
) -> None:
    async def missing(x: Exchange) -> None:
        await x.answer(b"GIF", media_type="image/gif", status="404 Not Found")

    async def check() -> None:
        own = {"robots.txt": missing}
        async with serving(**own) as server, fetcher(settings(robots=True)) as fetch:
            fetched = await fetch.fetch(source(server.url("served/x")), {})
            assert fetched.capture is not None, fetched.problem

    asyncio.run(check())


def test_few_at_once_to_one_host(settings: Make, source: MakeSource) -> None:
    now, most = 0, 0

    async def slow(x: Exchange) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        await x.answer()

    async def check() -> None:
        async with serving(slow=slow) as server, fetcher(settings(per_host=3)) as fetch:
            pages = [source(server.url(f"slow?{n}")) for n in range(15)]
            everything = [fetched async for fetched in fetch.fetch_all(pages, {})]
            assert len(everything) == 15
            assert all(fetched.capture for fetched in everything)

    asyncio.run(check())
    assert most == 3


def test_a_pause_stands_between_requests(settings: Make, source: MakeSource) -> None:
    times: list[float] = []

    async def timed(x: Exchange) -> None:
        times.append(asyncio.get_running_loop().time())
        await x.answer()

    async def check() -> None:
        async with serving(timed=timed) as server, fetcher(settings(delay=0.05)) as fetch:
            pages = [source(server.url("timed")) for _ in range(4)]
            await asyncio.gather(*(fetch.fetch(page, {}) for page in pages))

    asyncio.run(check())
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) > 0.03


def test_who_waits_for_a_turn_hears_that_the_host_wants_rest(
    settings: Make, source: MakeSource
) -> None:
    """The second waits for its turn already when the first is told to stay away."""

    async def busy(x: Exchange) -> None:
        await x.answer(b"", "Retry-After: 3600", status="429 Too Many Requests")

    async def check() -> None:
        async with serving(busy=busy) as server, fetcher(settings(delay=0.3, per_host=2)) as fetch:
            pages = [source(server.url(f"busy?{n}")) for n in range(2)]
            first, second = await asyncio.gather(*(fetch.fetch(page, {}) for page in pages))
            assert first.capture is not None
            assert first.capture.status == 429
            assert "left alone" in second.problem
            assert len(server.asked) == 1

    asyncio.run(check())


def test_one_bad_host_holds_up_no_other(settings: Make, source: MakeSource) -> None:
    """Twenty sources that hang take the places of their own host alone."""

    async def check() -> None:
        async with hostile() as bad, hostile() as good:
            limits = settings(concurrency=4, per_host=2, timeout=5.0)
            async with fetcher(limits) as fetch:
                pages = [source(bad.url("hang-before-the-answer"))] * 20
                pages += [source(good.url(f"served/{n}")) for n in range(10)]
                seen = 0
                async for fetched in fetch.fetch_all(pages, {}):
                    assert fetched.capture is not None
                    seen += 1
                    if seen == 10:
                        break

    asyncio.run(asyncio.wait_for(check(), 5))


# ── Many ─────────────────────────────────────────────────────────────────────────────────────


def test_every_source_is_given_once_and_one_failing_harms_no_other(
    settings: Make, source: MakeSource
) -> None:
    async def check() -> None:
        async with hostile() as server, fetcher(settings(concurrency=5)) as fetch:
            names = ["close-at-once", "gzip-bomb", "served/a", "status-500", "served/b", "picture"]
            pages = [
                Source(id=f"s{n}", name="", publisher="", url=server.url(name))
                for n, name in enumerate(names * 5)
            ]
            seen = {f.source_id: f async for f in fetch.fetch_all(pages, {})}
            assert sorted(seen) == sorted(page.id for page in pages)
            served = [f for f in seen.values() if f.capture and f.capture.body == PAGE]
            assert len(served) == 10

    asyncio.run(check())


def test_a_fault_of_ours_at_one_source_harms_no_other(settings: Make, source: MakeSource) -> None:
    def faulty(capture: Capture, _: Source) -> Verdict:
        if capture.url.endswith("/served/b"):
            raise RuntimeError("oops")
        return Verdict(VerdictKind.GENUINE)

    async def check() -> None:
        async with hostile() as server, fetcher(settings(), judge=faulty) as fetch:
            pages = [replace(source(server.url(f"served/{n}")), id=n) for n in "abc"]
            seen = {f.source_id: f async for f in fetch.fetch_all(pages, {})}
            assert seen["a"].capture
            assert seen["c"].capture
            assert "could not be fetched (RuntimeError)" in seen["b"].problem

    asyncio.run(check())


def test_no_sources_no_trouble(settings: Make) -> None:
    async def check() -> list[Fetched]:
        async with fetcher(settings()) as fetch:
            return [fetched async for fetched in fetch.fetch_all([], {})]

    assert asyncio.run(check()) == []


# ── Routes ───────────────────────────────────────────────────────────────────────────────────


def test_a_route_serves_the_official_address(
    settings: Make, source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "hush-hush")

    async def check() -> None:
        async with hostile() as server:
            server.robots = b"User-agent: *\nDisallow: /"
            routes = {
                "https://acme.example/": server.url("served/"),
                "https://other.example/pricing": server.url("served/exact"),
            }
            limits = settings(allow_private=False, robots=True, delay=30.0)
            async with fetcher(limits, routes=routes) as fetch:
                for url, path in (
                    ("https://acme.example/docs/pricing?a=b", "/served/docs/pricing?a=b"),
                    ("https://other.example/pricing", "/served/exact"),
                ):
                    page = source(url, headers={"X-Token": "env:ACME_TOKEN"})
                    fetched = await fetch.fetch(page, {})
                    assert fetched.capture is not None, fetched.problem
                    assert fetched.capture.url == url
                    assert server.asked[-1] == path
                    assert "x-token" not in server.headers[-1]

    asyncio.run(check())


def test_a_route_opens_no_other_door(settings: Make, source: MakeSource) -> None:
    async def check() -> None:
        async with hostile() as inside, hostile() as server:

            async def away(x: Exchange) -> None:
                await x.redirect(inside.url("served/secret"))

            BEHAVIOURS["away"] = Behaviour(away, "")
            routes = {"http://acme.example/": server.url("")}
            async with fetcher(settings(allow_private=False), routes=routes) as fetch:
                fetched = await fetch.fetch(source("http://acme.example/away"), {})
                assert "not a public address" in fetched.problem
                direct = await fetch.fetch(source(server.url("served/x")), {})
                assert "not a public address" in direct.problem
                assert not inside.asked
            del BEHAVIOURS["away"]

    asyncio.run(check())


@pytest.mark.parametrize("target", ["http://10.0.0.1:80/", "http://example.com/", "nonsense"])
def test_a_route_leads_to_this_machine_alone(target: str, settings: Make) -> None:
    with pytest.raises(ConfigError, match="route"):
        Fetcher(settings(), now=lambda: NOW, routes={"https://acme.example/": target})


# ── Captures ─────────────────────────────────────────────────────────────────────────────────


def test_a_capture_keeps_what_matters(settings: Make, source: MakeSource) -> None:
    async def full(x: Exchange) -> None:
        body = "<p>Preis: 5,00 €</p>".encode("cp1252")
        await x.answer(
            body, "X-Secret: a", "Content-Language: de", "Set-Cookie: a=b",
            media_type="Text/HTML; charset=ISO-8859-1",
        )  # fmt: skip

    async def check() -> None:
        async with serving(full=full) as server, fetcher(settings()) as fetch:
            fetched = await fetch.fetch(source(server.url("full")), {})
            capture = fetched.capture
            assert capture is not None
            assert capture.text == "<p>Preis: 5,00 €</p>"
            assert capture.media_type == "text/html"
            assert capture.headers["content-language"] == "de"
            assert {"x-secret", "set-cookie"}.isdisjoint(capture.headers)
            assert capture.fetched_at == NOW

    asyncio.run(check())


def fetcher(settings: FetchSettings, **more: object) -> Fetcher:
    return Fetcher(settings, now=lambda: NOW, **more)  # type: ignore[arg-type]
