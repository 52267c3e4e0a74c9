"""Apprise in a process of its own: it may hang, log an address with its secret, or keep files.

A program, not a part of the package: one JSON object on stdin, one on stdout.

    {"about": [url, …]}  →  [{"format", "title", "body"} or null where Apprise knows no such thing]
    {"url", "title", "body", "format"}  →  {"taken": bool, "answers": […]}

Apprise says but yes or no. `answers` says what became of each HTTP request under it: a status with
its Retry-After, `unreached` (no connection, so nothing was handed over), or `unanswered`.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

from apprise import Apprise, AppriseAsset, PersistentStoreMode
from apprise.plugins import NotifyBase
from requests import PreparedRequest, Response, exceptions
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

Answers = list[dict[str, Any]]
_BEFORE_IT_IS_SENT = (NewConnectionError, ConnectTimeoutError, SSLError)


def main() -> None:
    logging.disable(logging.CRITICAL)  # its lines name addresses
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints, prints to nowhere
    ask = json.load(sys.stdin)
    answer = [about(url) for url in ask["about"]] if "about" in ask else send(**ask)
    json.dump(answer, out)
    out.close()


def service(url: str) -> NotifyBase | None:
    # A redirected POST comes back as a GET, and its 200 would pass for an acceptance.
    asset = AppriseAsset(
        app_id="ratewire",
        app_desc="ratewire",
        async_mode=False,
        http_redirects=False,
        storage_mode=PersistentStoreMode.MEMORY,
    )
    found = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    return found if isinstance(found, NotifyBase) else None


def about(url: str) -> dict[str, Any] | None:
    """What the service takes: its own first choice of format, and most characters."""
    if (found := service(url)) is None:
        return None
    first = found.resolve_format(None)
    format = first if first.value == "html" else found.resolve_format("text")
    return {
        "format": str(format.value),
        "title": int(found.title_maxlen),
        "body": int(found.body_maxlen),
    }


def send(url: str, title: str, body: str, format: str) -> dict[str, Any]:
    answers: Answers = []
    watch(answers)
    sender = Apprise()
    found = service(url)
    if found is None:
        return {"taken": False, "answers": []}
    sender.add(found)
    try:
        taken = bool(sender.notify(title=title, body=body, body_format=format))
    except Exception:  # a plugin's own trouble: no more is known than that it was not a yes
        taken = False
    return {"taken": taken, "answers": answers}


def watch(answers: Answers) -> None:
    """Note what becomes of each request. This process does nothing else, and ends with it."""
    pass_on = HTTPAdapter.send

    def send(self: HTTPAdapter, request: PreparedRequest, *args: Any, **more: Any) -> Response:
        try:
            response: Response = pass_on(self, request, *args, **more)
        except exceptions.RequestException as error:
            cause = getattr(error.args[0], "reason", None) if error.args else None
            reached = not isinstance(cause, _BEFORE_IT_IS_SENT)
            answers.append({"what": "unanswered" if reached else "unreached"})
            raise
        wait = response.headers.get("retry-after", "")
        answers.append({"what": "answered", "status": response.status_code, "wait": wait})
        return response

    HTTPAdapter.send = send  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
