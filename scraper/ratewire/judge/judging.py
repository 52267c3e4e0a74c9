"""From a capture to a verdict, by what the page shows and how it is built."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ratewire.judge import walls
from ratewire.judge.forms import bare_error, judge_json, judge_text, judge_xml
from ratewire.judge.locale import wrong_currency, wrong_language
from ratewire.judge.look import Look, look
from ratewire.judge.moved import led_to, still_the_page
from ratewire.judge.truncation import breaks_off
from ratewire.model import Capture, Source, SourceKind, Verdict, VerdictKind

_HTML: Final = re.compile(
    r"\s*+(?:(?:<!--(?:[^-]|-(?!->))*-->|<\?xml[^>]*>)\s*+)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML: Final = re.compile(r"\s*(?:<\?xml\b|<(?:rss|feed|rdf:RDF|urlset|Error|error)\b)")
_CONTROLS: Final = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\f\r")
_START: Final = 65_536
_NOISE: Final = 0.03
_BLOCKING: Final = frozenset((401, 402, 403, 407, 418, 429, 451))
_MISSING: Final = frozenset((404, 410))
_GENUINE: Final = Verdict(VerdictKind.GENUINE)
_BY_KIND: Final[dict[str, Callable[[str], Verdict | None]]] = {
    "json": judge_json,
    "xml": judge_xml,
    "text": judge_text,
}


def judge(capture: Capture, source: Source) -> Verdict:
    """Is this capture the page that `source` names? Pure; some milliseconds for a large page.

    The first rule that finds evidence decides. What is no wall, shell, error or other page is
    genuine: whether it still says what it said is for comparing, not for here.
    """
    text = capture.text
    if not text.strip():
        return _by_status(capture) or Verdict(VerdictKind.EMPTY, "the body is empty")
    if noise := _noise(text):
        return _by_status(capture) or Verdict(VerdictKind.ERROR, noise)
    kind = _kind(capture, text)
    if kind == "html":
        seen = look(text)
        return _judge_html(capture, source, text, seen) or _GENUINE
    return (
        _by_status(capture)
        or _led_away(capture)
        or _by_form(kind, text, source)
        or _other_page(capture, source, text)
        or _other_locale(source, text, capture.headers.get("content-language", ""))
        or _GENUINE
    )


def _noise(text: str) -> str:
    """Evidence that these are bytes of something else: packed twice, a picture, a wrong encoding.

    One control character here or there stands on many a page; every ninth byte of noise is one.
    """
    start = text[:_START]
    controls = sum(map(start.count, _CONTROLS))
    share = controls / len(start)
    return f"no text: {share:.0%} of its characters are controls" if share > _NOISE else ""


def _by_form(kind: str, text: str, source: Source) -> Verdict | None:
    verdict = _BY_KIND[kind](text)
    if verdict and verdict.kind is VerdictKind.EMPTY and source.kind is SourceKind.STATUS:
        return None  # no incidents is good news
    return verdict


def _kind(capture: Capture, text: str) -> str:
    """How to look at it: what it is, before what it says it is."""
    if _HTML.match(text[:4000]):
        return "html"
    if "json" in capture.media_type or (text.lstrip()[:1] in "{[" and not capture.media_type):
        return "json"
    if _XML.match(text[:200]):
        return "xml"
    return "html" if "html" in capture.media_type else "text"


def _judge_html(capture: Capture, source: Source, text: str, seen: Look) -> Verdict | None:
    priced = walls.holds_prices(seen) and capture.status < 400
    if not priced and (evidence := walls.bot_challenge(seen)):
        return Verdict(VerdictKind.BLOCKED, f"bot challenge: {evidence}")
    if by_status := _by_status(capture):
        return by_status
    if evidence := breaks_off(text):
        return Verdict(VerdictKind.TRUNCATED, evidence)
    if led_away := _led_away(capture):
        return led_away
    if not priced:
        if bare := bare_error(seen.main):
            return bare
        for kind, rule in _RULES:
            if rule is _MAINTENANCE and source.kind is SourceKind.STATUS:
                continue  # a status page tells of it
            if evidence := rule(seen):
                return Verdict(kind, evidence)
    elif evidence := walls.says_it_is_missing(seen):
        return Verdict(VerdictKind.MISSING, evidence)
    return (
        _other_page(capture, source, f"{seen.text} {text}")
        or _other_locale(source, seen.text, seen.language)
        or _hardly_there(seen)
    )


def _labelled(label: str, rule: Callable[[Look], str]) -> Callable[[Look], str]:
    def labelled(seen: Look) -> str:
        evidence = rule(seen)
        return f"{label}: {evidence}" if evidence else ""

    return labelled


_MAINTENANCE: Final = _labelled("maintenance", walls.maintenance_page)
_RULES: Final[tuple[tuple[VerdictKind, Callable[[Look], str]], ...]] = (
    (VerdictKind.BLOCKED, _labelled("consent wall", walls.consent_wall)),
    (VerdictKind.BLOCKED, _labelled("login wall", walls.login_wall)),
    (VerdictKind.ERROR, _MAINTENANCE),
    (VerdictKind.MISSING, walls.missing_page),
    (VerdictKind.ERROR, walls.error_page),
    (VerdictKind.ERROR, walls.crash_page),
    (VerdictKind.MOVED, walls.sent_elsewhere),
    (VerdictKind.SHELL, walls.script_shell),
)


def _by_status(capture: Capture) -> Verdict | None:
    status = capture.status
    if status in _MISSING:
        return Verdict(VerdictKind.MISSING, f"status {status}")
    if status in _BLOCKING:
        return Verdict(VerdictKind.BLOCKED, f"status {status}")
    if status == 206:
        return Verdict(VerdictKind.TRUNCATED, "status 206, a part of the page")
    if status >= 300 or status < 200:
        return Verdict(VerdictKind.ERROR, f"status {status}")
    return None


def _hardly_there(seen: Look) -> Verdict | None:
    if seen.text or seen.data or seen.tags["img"] or walls.holds_data(seen):
        return None
    return Verdict(VerdictKind.EMPTY, "no visible text")


# ── What the source expects ──────────────────────────────────────────────────────────────────


def _led_away(capture: Capture) -> Verdict | None:
    """A redirect to an address that says what it is."""
    to = led_to(capture)
    if to in ("login", "consent"):
        return Verdict(VerdictKind.BLOCKED, f"{to} wall: a redirect led to {capture.url}")
    if to == "missing":
        return Verdict(VerdictKind.MISSING, f"a redirect led to {capture.url}")
    return None


def _other_page(capture: Capture, source: Source, text: str) -> Verdict | None:
    to = led_to(capture)
    if to in ("home", "other") and not still_the_page(capture, source, text):
        page = "the home page" if to == "home" else "another page"
        return Verdict(VerdictKind.MOVED, f"a redirect led to {page}, {capture.url}")
    folded = text.casefold()
    for words in source.expect.text:
        if words.casefold() not in folded:
            return Verdict(VerdictKind.MISSING, f"the expected words {words!r} are not on the page")
    return None


def _other_locale(source: Source, text: str, stated: str) -> Verdict | None:
    expect = source.expect
    wrong = wrong_language(text, stated, expect.language) or wrong_currency(text, expect.currency)
    return Verdict(VerdictKind.WRONG_LOCALE, wrong) if wrong else None
