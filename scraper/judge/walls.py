"""Walls, shells and error pages of HTML. Each rule gives its evidence, or nothing.

A rule weighs what the page says it is (heads) and says to the visitor (sentences) against what it
holds beside: a page that prints prices, tables or much text is a page, whatever words stand on it.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from scraper.judge.look import Look
from scraper.judge.signs import (
    COOKIE_AND_RELOAD,
    GOES_ELSEWHERE,
    LOADING,
    MONEY,
    PRICED_DATA,
    STATE,
    fold,
    signs,
    weight,
)

_TINY: Final = 60
_LITTLE: Final = 250
_SHORT: Final = 1000
_SOME: Final = 1800
_MANY_LINKS: Final = 15
_PRICES: Final = 3


def holds_prices(look: Look) -> bool:
    """Prices or several tables: no wall shows those."""
    prices = sum(1 for _ in zip(MONEY.finditer(look.text), range(_PRICES), strict=False))
    return prices >= _PRICES or (look.tags["table"] >= 1 and weight(look.main) > _SHORT)


def holds_data(look: Look) -> bool:
    """Prices in what a page carries for its scripts: a reader finds them there."""
    if any(PRICED_DATA.search(data) or MONEY.search(data) for data in look.data):
        return True
    return any(len(PRICED_DATA.findall(code)) >= 2 for code in look.scripts if STATE.match(code))


def bot_challenge(look: Look) -> str:
    """A check that a visitor is no robot, or a refusal of one."""
    size = weight(look.main)
    if size > _SOME or look.listed > 2 or MONEY.search(look.main):
        return ""
    blocked = signs("blocked")
    head = blocked.in_heads(look.heads) if len(look.headings) < 5 else ""
    said = blocked.in_text(f"{look.main} {look.noscript}"[:6000])
    built = _challenge_built(look, blocked.more["parts"])
    strong = bool(head) + bool(built) + min(2, len(said))
    if look.tags["code"] or look.tags["pre"]:
        # Pages about such checks show what they send; the checks themselves hardly ever.
        strong -= 1
    enough = strong >= 2 if size <= _SHORT else strong >= 3
    bare = bool(head and size <= _LITTLE) or bool(built and size <= _TINY and not look.hollow)
    if not enough and not (bare and look.tags["a"] <= 3):
        return ""
    signs_met = (f"headed {head!r}" if head else "", built, *(f"says {s!r}" for s in said[:2]))
    return ", ".join(filter(None, signs_met))


def _challenge_built(look: Look, parts: re.Pattern[str]) -> str:
    """How the page is built to check its visitor: a widget, a form or a script for it."""
    for kind, values in (
        ("a form that goes to", look.actions),
        ("a frame of", look.frames),
        ("a part named", look.names),
        ("a script of", [code for code in look.scripts if len(code) < 300]),
    ):
        for value in values:
            if parts.search(value):
                return f"{kind} {value[:60]!r}"
    for code in look.scripts:
        if COOKIE_AND_RELOAD.search(code[:20_000]):
            return "a script that sets a cookie and loads the page again"
        if (part := parts.search(code[:20_000])) and weight(look.main) <= _LITTLE:
            return f"a script with {part[0]!r} in it"
    return ""


def consent_wall(look: Look) -> str:
    """Consent is asked for before anything is shown."""
    rest, asked = weight(look.main), look.consent or look.main
    if rest > (_LITTLE if look.consent else _SOME) or weight(asked) < 40:
        return ""
    consent = signs("consent")
    said = consent.in_text(f"{' '.join(look.heads)} {asked}"[:6000])
    buttons = [b for b in look.buttons if consent.more["buttons"].search(b)]
    if len(said) < 2 or not (buttons or look.actions):
        return ""
    if look.tags["a"] > _MANY_LINKS and not look.consent:
        return ""
    shown = buttons[0] if buttons else said[0]
    return f"says {said[0]!r} and offers {shown.strip()[:40]!r}, and shows nothing else"


def login_wall(look: Look) -> str:
    """One has to sign in, or subscribe, before anything is shown."""
    size = weight(look.main)
    if size > _SHORT or look.listed > 1:
        return ""
    login = signs("login")
    head = login.in_heads(look.heads)
    said = login.in_text(f"{look.main} {' '.join(look.buttons)}"[:4000])
    asks = any(re.search(r"password|pwd|email|user|login|otp", field) for field in look.inputs)
    if head and asks:
        return f"headed {head!r} with a form to sign in"
    controls = bool(look.inputs or look.buttons)
    if head and len(said) >= 2 and size <= _LITTLE * 2 and controls and not look.listed:
        return f"headed {head!r}, says {said[0]!r}"
    must = login.more["must"].search(fold(look.main))
    if must and size <= _LITTLE and controls:
        return f"says {must[0]!r}, and little else"
    has_password = any(field.startswith("password") for field in look.inputs)
    if size <= _LITTLE * 2 and len(said) >= 2 and has_password:
        return f"asks for a password and says {said[0]!r}, and little else"
    return ""


def _short_page(kind: str, look: Look, *, limit: int = _SHORT) -> str:
    """A short page headed so, that says so to the visitor or says nothing else."""
    size = weight(look.main)
    if size > limit or look.listed > 1 or MONEY.search(look.main):
        return ""
    found = signs(kind)
    if size <= _LITTLE * 2 and (head := found.alone(look.heads)):
        return f"headed {head!r}"
    head = found.in_heads(look.heads)
    said = found.in_text(look.main[:4000])
    if look.listed:
        # Who explains such pages shows tables and code; who is one hardly does.
        sure = head and said and (size <= _LITTLE or len(said) >= 3)
        return f"headed {head!r}, says {said[0]!r}" if sure else ""
    if head and (said or size <= _LITTLE):
        return f"headed {head!r}" + (f", says {said[0]!r}" if said else " and says little else")
    if len(said) >= 2 and size <= _LITTLE * 2 and not look.subheadings:
        return f"says {said[0]!r} and {said[1]!r}, and little else"
    return ""


missing_page = partial(_short_page, "missing", limit=1400)
error_page = partial(_short_page, "error")
maintenance_page = partial(_short_page, "maintenance")


def crash_page(look: Look) -> str:
    """A framework's own page about an error of the site, long as it may be."""
    for head in look.heads[:2]:
        match = re.match(r"(?:\w+\.)*\w*(?:Error|Exception)\b(?: at /| in |:|$)", head)
        if match and re.search(r"traceback|stack ?trace|exception", look.text[:20_000], re.I):
            return f"headed {head[:80]!r}, with a trace"
    if re.match(r"\s*(?:Traceback \(most recent|(?:PHP )?Fatal error:)", look.text):
        return f"begins with {look.text[:60]!r}"
    return ""


def sent_elsewhere(look: Look) -> str:
    """A page whose only content is where to go instead."""
    if weight(look.main) > _LITTLE:
        return ""
    refresh = re.match(r"\s*(\d+)\s*[;,]\s*url\s*=\s*[\"']?([^\"'\s]+)", look.refresh, re.I)
    if refresh and int(refresh[1][:4]) <= 10:
        return f"sends the visitor to {refresh[2][:120]}"
    for code in look.scripts:
        match = GOES_ELSEWHERE.match(code[:2000])
        if match:
            return f"its script sends the visitor to {match[1][:120]}"
    return ""


def script_shell(look: Look) -> str:
    """A frame whose content only a script would bring."""
    size = weight(look.main)
    if size > _LITTLE * 2 or not look.scripts or look.listed or MONEY.search(look.main):
        return ""
    if holds_data(look):
        return ""
    needs = signs("shell").in_text(look.noscript[:2000] or look.main[:2000])
    loading = bool(LOADING.fullmatch(look.main))
    signs_met = (
        "the place for the content is empty" if look.hollow else "",
        f"shows only {look.main[:40]!r}" if loading else "",
        f"says {needs[0]!r}" if needs else "",
    )
    met = ", ".join(filter(None, signs_met))
    if (look.hollow or loading) and (size <= _LITTLE or needs):
        return met
    if needs and size <= _TINY * 2 and not look.headings:
        return met
    if size <= _TINY and not look.headings:
        return "scripts, and hardly a word"
    return ""
