"""The service as an ASGI application: pages for readers, and two doors for the site's own job.

What changes anything is a POST. Who acts is known by the token of the link they followed and by
nothing else: there are no cookies. A page that a link scanner opens changes nothing.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ratewire.apps.subscriptions.addresses import address_of
from ratewire.apps.subscriptions.asking import body, field, network, origin
from ratewire.apps.subscriptions.asking import form as sent_form
from ratewire.apps.subscriptions.links import Links, Purpose
from ratewire.apps.subscriptions.pages import HEADERS, Pages
from ratewire.apps.subscriptions.post import Post
from ratewire.apps.subscriptions.reports import DeliveryReport, read_report
from ratewire.apps.subscriptions.roll import Roll, Subscriber
from ratewire.apps.subscriptions.shield import TITLES, WORDS, Shield, fault
from ratewire.config import Site
from ratewire.errors import StoreError

__all__ = ["Service", "application", "note"]

log = logging.getLogger(__name__)

_A_MAIL = 2_000_000
_A_ROUND = 20.0
"""Seconds between two looks for letters that are due; a new one is sent at once."""
_A_SWEEP = 600.0
_AN_HOUR = "3600"


@dataclass(frozen=True)
class Service:
    """All that the application needs."""

    site: Site
    roll: Roll
    links: Links
    pages: Pages
    post: Post
    token: str
    """What announcing shows; empty: nobody is told the recipients."""


def application(service: Service) -> ASGIApp:
    return Shield(_Application(service).app)


def note(roll: Roll, reports: tuple[DeliveryReport, ...]) -> tuple[str, ...]:
    """Put down what came back: for each report `ended`, `counted` or `nobody`."""
    done = []
    for one in reports:
        known = {"serial": one.serial} if one.serial else {"address": one.address}
        done.append(roll.bounce(**known, hard=one.hard, complaint=one.complaint))
    return tuple(done)


class _Application:
    def __init__(self, service: Service) -> None:
        self._it = service
        self._limits = service.site.subscribe.service
        self._origins = {origin(service.site.settings.url), origin(self._limits.url)}
        self._mail = anyio.Event()
        get, post = ["GET"], ["POST"]
        self.app = Starlette(
            routes=[
                Route("/", self.home, methods=get),
                Route("/subscribe", self.subscribe, methods=post),
                Route("/confirm", self.ask_to_confirm, methods=get),
                Route("/confirm", self.confirm, methods=post),
                Route("/preferences", self.preferences, methods=get),
                Route("/preferences", self.save, methods=post),
                Route("/unsubscribe", self.ask_to_leave, methods=get),
                Route("/unsubscribe", self.leave, methods=post),
                Route("/recipients", self.recipients, methods=get),
                Route("/bounce", self.bounce, methods=post),
                Route("/health", self.health, methods=get),
                Route("/assets/{name}", self.asset, methods=get),
            ],
            exception_handlers={HTTPException: self.refused, Exception: self.failed},
            lifespan=self._lifespan,
        )

    # ── Subscribing ──────────────────────────────────────────────────────────────────────────

    async def home(self, request: Request) -> Response:
        return self._page("home.html", "Subscribe", email="", wrong="")

    async def subscribe(self, request: Request) -> Response:
        self._from_our_pages(request)
        form = await sent_form(request)
        client = f"client {network(request)}"
        if not await run_sync(self._it.roll.within_limit, client, self._limits.per_client):
            raise HTTPException(429, headers={"retry-after": _AN_HOUR})
        typed = field(form, "email")
        try:
            address = address_of(typed)
        except ValueError as error:
            return self._page("home.html", "Subscribe", 422, email=typed[:254], wrong=str(error))
        wishes = self._it.pages.wishes(form)

        def sign_up() -> None:
            most = self._limits.per_address
            self._it.roll.sign_up(address, per_address=most, wishes=wishes)

        await run_sync(sign_up)
        self._mail.set()
        return self._page("asked.html", "Look into your mail")

    async def ask_to_confirm(self, request: Request) -> Response:
        token = request.query_params.get("t", "")
        found = await self._whose(Purpose.CONFIRM, token)
        if found.confirmed:
            return self._wishes_of(found, "You are subscribed.")
        lead = "One more step, then you hear of changes by mail."
        return self._page(
            "act.html", "Confirm your subscription",
            lead=lead, action="/confirm", token=token, button="Confirm",
        )  # fmt: skip

    async def confirm(self, request: Request) -> Response:
        found = await self._whose(Purpose.CONFIRM, await self._posted(request))
        confirmed = await run_sync(self._it.roll.confirm, found.serial)
        if confirmed is None:
            raise _NoLongerError("This link is no longer good.")
        return self._wishes_of(
            confirmed, "You are subscribed. Below is what you get; change it as you like."
        )

    # ── Preferences ──────────────────────────────────────────────────────────────────────────

    async def preferences(self, request: Request) -> Response:
        found = await self._whose(Purpose.PREFERENCES, request.query_params.get("t", ""))
        return self._wishes_of(found)

    async def save(self, request: Request) -> Response:
        form = await self._form_with_token(request)
        found = await self._whose(Purpose.PREFERENCES, field(form, "t"))
        wishes = self._it.pages.wishes(form)
        saved = await run_sync(self._it.roll.want, found.serial, wishes)
        if saved is None:
            raise _NoLongerError("You are not subscribed any longer.")
        return self._wishes_of(saved, "Saved.")

    def _wishes_of(self, one: Subscriber, done: str = "") -> Response:
        links = self._it.links
        return self._page(
            "preferences.html",
            "Subscribed" if done.startswith("You are") else "What you get",
            done=done,
            token=links.token(Purpose.PREFERENCES, one.serial),
            leave=links.token(Purpose.UNSUBSCRIBE, one.serial),
            wishes=one.wishes,
        )

    # ── Leaving ──────────────────────────────────────────────────────────────────────────────

    async def ask_to_leave(self, request: Request) -> Response:
        token = request.query_params.get("t", "")
        self._serial(Purpose.UNSUBSCRIBE, token)
        lead = "Ends all mail and erases your address."
        return self._page(
            "act.html", "Unsubscribe",
            lead=lead, action="/unsubscribe", token=token, button="Unsubscribe",
        )  # fmt: skip

    async def leave(self, request: Request) -> Response:
        """Also for mail programs: a POST to the link itself (RFC 8058), whatever its body."""
        token = request.query_params.get("t", "") or await self._posted(request)
        serial = self._serial(Purpose.UNSUBSCRIBE, token)
        await run_sync(self._it.roll.leave, serial)
        return self._page(
            "said.html", "Unsubscribed",
            lead="No more mail comes, and your address is erased.", again=False,
        )  # fmt: skip

    # ── The site's own job ───────────────────────────────────────────────────────────────────

    async def recipients(self, request: Request) -> Response:
        self._authorised(request)
        after = request.query_params.get("after", "")
        page, next = await run_sync(self._it.roll.recipients, after)
        links = self._it.links
        rows = [
            {
                "id": one.serial,
                "address": one.address,
                "products": one.wishes.products,
                "kinds": one.wishes.kinds,
                "digest": one.wishes.digest,
                "unsubscribe": links.link(Purpose.UNSUBSCRIBE, one.serial),
                "preferences": links.link(Purpose.PREFERENCES, one.serial),
            }
            for one in page
        ]
        return JSONResponse({"recipients": rows, "next": next})

    async def bounce(self, request: Request) -> Response:
        """A mail that came back, as it is (message/rfc822)."""
        self._authorised(request)
        mail = await body(request, _A_MAIL)

        def read_and_note() -> tuple[str, ...]:
            return note(self._it.roll, read_report(mail, self._leaver))

        return JSONResponse({"reports": await run_sync(read_and_note)})

    def _leaver(self, token: str) -> str:
        return self._it.links.serial(Purpose.UNSUBSCRIBE, token)

    async def health(self, request: Request) -> Response:
        await run_sync(self._it.roll.totals)
        return JSONResponse({"ok": True})

    async def asset(self, request: Request) -> Response:
        found = self._it.pages.assets.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        headers = {"cache-control": "public, max-age=3600", "x-content-type-options": "nosniff"}
        return Response(found[1], media_type=found[0], headers=headers)

    # ── What goes wrong ──────────────────────────────────────────────────────────────────────

    async def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status, headers = error.status_code, dict(error.headers or {})
        if isinstance(error, _NoLongerError):
            return self._page(
                "said.html", "This link does not work", status,
                lead=f"{error.detail} Enter your address and you get a new one.", again=True,
            )  # fmt: skip
        words = WORDS.get(status, "That cannot be done.")
        page = self._page(
            "said.html", TITLES.get(status, "Not so"), status, lead=words, again=False
        )
        page.headers.update(headers)
        return page

    async def failed(self, request: Request, error: Exception) -> Response:
        """The error goes on to the shield, which notes it."""
        return fault()

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._send_letters)
            tasks.start_soon(self._sweep)
            yield
            tasks.cancel_scope.cancel()

    async def _send_letters(self) -> None:
        while True:
            try:
                await run_sync(self._it.post.send_due)
            except StoreError as error:
                log.warning("%s", error)
            except Exception as error:  # a letter that cannot be written must not stop the others
                log.error("sending letters: %s", type(error).__name__)
            with anyio.move_on_after(_A_ROUND):
                await self._mail.wait()
            self._mail = anyio.Event()

    async def _sweep(self) -> None:
        while True:
            try:
                await run_sync(self._it.roll.sweep)
            except StoreError as error:
                log.warning("%s", error)
            await anyio.sleep(_A_SWEEP)

    def _page(self, template: str, title: str, status: int = 200, **shown: object) -> HTMLResponse:
        html = self._it.pages.page(template, title, **shown)
        return HTMLResponse(html, status, headers=HEADERS)

    def _serial(self, purpose: Purpose, token: str) -> str:
        try:
            return self._it.links.serial(purpose, token)
        except ValueError as error:
            raise _NoLongerError(str(error)) from None

    async def _whose(self, purpose: Purpose, token: str) -> Subscriber:
        found = await run_sync(self._it.roll.find, self._serial(purpose, token))
        if found is None or (purpose is not Purpose.CONFIRM and not found.confirmed):
            raise _NoLongerError("This link is no longer good.")
        return found

    async def _posted(self, request: Request) -> str:
        return field(await self._form_with_token(request), "t")

    async def _form_with_token(self, request: Request) -> Mapping[str, list[str]]:
        # The token is the proof; a browser that says another site sent the form is refused all
        # the same.
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise HTTPException(403)
        return await sent_form(request)

    def _from_our_pages(self, request: Request) -> None:
        """The sign-up form stands on the site and here. A page elsewhere cannot post in the name
        of its readers.
        """
        where = request.headers.get("sec-fetch-site", "")
        said = request.headers.get("origin", "")
        if where in ("same-origin", "none") or said in self._origins:
            return
        if where or said not in ("", "null"):
            raise HTTPException(403)

    def _authorised(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        right = self._it.token
        if not right or not hmac.compare_digest(given.encode(), right.encode()):
            raise HTTPException(401, headers={"www-authenticate": "Bearer"})


class _NoLongerError(HTTPException):
    """A link that is not good; the words are for its reader."""

    def __init__(self, words: str) -> None:
        super().__init__(410, words)
