"""The dead man's switch: an address that is called after each job that went well.

Whoever stands behind it (Healthchecks and its like) tells the owner when it was not called for
long. So nothing is called where the job did not end well, and silence is the alarm.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from urllib.parse import urlsplit

import httpx

from ratewire.services import ServiceClient

__all__ = ["VARIABLE", "address", "beat"]

VARIABLE = "HEARTBEAT_URL"
"""In the environment, not in the settings: whoever knows the address can silence the alarm."""
_TRIES = 3
_PAUSE = 2.0
_PATIENCE = 20.0
log = logging.getLogger(__name__)


def address(environment: Mapping[str, str]) -> str:
    """What is to be called; empty: nothing. Raises ValueError where it is no address."""
    url = environment.get(VARIABLE, "").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # of which the words hold the address
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{VARIABLE} is no address that begins with https://")
    return url


def beat(
    environment: Mapping[str, str],
    pause: Callable[[float], None] = time.sleep,
    within: float = _PATIENCE,
) -> bool:
    """Call it; whether it was heard, or there is none. What goes wrong is logged, and is no error:
    the job went well. Of the address no more than its host is told.
    """
    try:
        url = address(environment)
    except ValueError as error:
        log.warning("%s; correct it or take it away", error)
        return False
    trouble = ""
    for attempt in range(_TRIES if url else 0):
        if attempt:
            pause(_PAUSE)
        try:
            with closing(ServiceClient(timeout=within, follow_redirects=True)) as client:
                answer = client.request("GET", url, read_body=False)
            if answer.is_success:
                return True
            trouble = f"answered {answer.status_code}"
        except httpx.HTTPError as error:
            trouble = type(error).__name__
    if url:
        log.warning(
            "the dead man's switch at %s was not reached (%s); see %s, or wait for the next run",
            urlsplit(url).hostname, trouble, VARIABLE,
        )  # fmt: skip
    return not url
