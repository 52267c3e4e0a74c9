"""What is said where something goes wrong, and the layer that lets no value of it out."""

from __future__ import annotations

import logging
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ratewire.apps.subscriptions.pages import HEADERS
from ratewire.errors import StoreError

__all__ = ["TITLES", "WORDS", "Shield", "fault"]

log = logging.getLogger(__name__)

TITLES = {
    401: "Not allowed", 403: "Not from here", 404: "Page not found", 405: "Not so",
    413: "Too much", 429: "Too many", 503: "Not now",
}  # fmt: skip
WORDS = {
    401: "This address is for the site’s own job.",
    403: "The form was sent from another site. Use the one on this site.",
    404: "There is no page at this address.",
    413: "That is more than a form has.",
    429: "Too many addresses were entered from where you are. Try again in an hour.",
    503: "Something is out of order here. Nothing was changed; try again in a minute.",
}
_KNOWN = {
    "/", "/subscribe", "/confirm", "/preferences", "/unsubscribe", "/recipients", "/bounce",
    "/health",
}  # fmt: skip


def fault() -> HTMLResponse:
    """The page for what nobody expected."""
    html = "<!doctype html><html lang=en><title>Not now</title><h1>Not now</h1>"
    headers = {**HEADERS, "retry-after": "60"}
    return HTMLResponse(f"{html}<p>{WORDS[503]}</p>", 503, headers=headers)


class Shield:
    """The outermost layer: a fault is a page and a line in the log, neither of which has a value
    in it, for values are addresses.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            return
        except Exception as error:
            where = scope["path"] if scope["path"] in _KNOWN else "a page"
            words = str(error) if isinstance(error, StoreError) else type(error).__name__
            log.error("%s %s: %s", scope["method"], where, words)
            if not begun:
                await fault()(scope, receive, send)
