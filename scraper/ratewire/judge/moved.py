"""Did a redirect lead to another page than the one asked for?"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from ratewire.model import Capture, Source

_LOCALE: Final = re.compile(r"[a-z]{2}(?:[-_][a-z]{2,4})?")
_ENDINGS: Final = re.compile(r"\.(?:html?|md|mdx|php|aspx?|txt)$")
_LOGIN: Final = re.compile(
    r"(?:^|[/.])(?:log-?in|sign-?in|auth|oauth2?|sso|session|account/login|users/sign_in|idp)"
    r"(?:[/.?]|$)"
)
_CONSENT: Final = re.compile(r"(?:^|[/.])(?:consent|cookie-?wall|gdpr|privacy-?gate)(?:[/.?]|$)")
_MISSING: Final = re.compile(
    r"(?:^|[/.])(?:404|not-?found|page-?not-?found|error(?:-?page)?)(?:[/.?]|$)"
)


def led_to(capture: Capture) -> str:
    """`login`, `consent`, `missing` where a redirect led to such an address, `home`, `other`
    where it led to another page; empty where the page asked for answered."""
    if not capture.requested_url or capture.requested_url == capture.url:
        return ""
    asked, final = _segments(capture.requested_url), _segments(capture.url)
    if asked == final:
        return ""
    parts = urlsplit(capture.url)
    address = f"{parts.hostname or ''}{parts.path}".lower()
    before = (
        f"{urlsplit(capture.requested_url).hostname or ''}{urlsplit(capture.requested_url).path}"
    )
    same_end = bool(asked and final) and asked[-1] == final[-1]
    for name, pattern in (("login", _LOGIN), ("consent", _CONSENT), ("missing", _MISSING)):
        if not same_end and pattern.search(address) and not pattern.search(before.lower()):
            return name
    if not final:
        host = (parts.hostname or "").split(".")
        return "" if asked and asked[-1] in host[:-2] else "home"
    if not asked or asked[-1] in final or final[-1] in asked:
        return ""
    return "other"


def still_the_page(capture: Capture, source: Source, text: str) -> bool:
    """Does the page, wherever it now stands, hold all that is expected of it?"""
    expected = (*source.expect.text, *(name.split()[0] for name in source.expect.must_have))
    folded = text.casefold()
    return bool(expected) and all(words.casefold() in folded for words in expected)


def _segments(url: str) -> list[str]:
    """A path's parts without locale, index and ending."""
    parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    parts = [_ENDINGS.sub("", part) for part in parts]
    return [p for p in parts if p not in ("index", "home") and not _LOCALE.fullmatch(p)]
