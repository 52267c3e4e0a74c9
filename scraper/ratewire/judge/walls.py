"""Walls, shells and error pages of HTML. Each rule gives its evidence, or nothing.

A rule weighs what the page says it is (heads) and says to the visitor (sentences) against what it
holds beside: a page that prints prices, tables or much text is a page, whatever words stand on it.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from ratewire.judge.look import Look
from ratewire.judge.signs import (
    COOKIE_AND_RELOAD,
    GOES_ELSEWHERE,
    LOADING,
    MONEY,
    PRICED_DATA,
    STATE,
    plain_typography,
    signs,
    weight,
)

_TINY: Final = 60
_LITTLE: Final = 250
_SHORT: Final = 1000
_SOME: Final = 1800
_MANY_LINKS: Final = 15
_FEW_LINKS: Final = 5
_PRICES: Final = 3
_NO_FIELDS: Final = ("hidden", "submit", "button", "checkbox", "image")


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
    # In a language whose words are not known: a widget, no field to fill in, and hardly more.
    fields = [field for field in look.inputs if not field.startswith(_NO_FIELDS)]
    widget = _widget(look, blocked.more["widgets"])
    wordless = widget and size <= _LITTLE and not (fields or look.hollow or look.listed)
    if not enough and not ((bare or wordless) and look.tags["a"] <= 3):
        return ""
    signs_met = (f"headed {head!r}" if head else "", built, *(f"says {s!r}" for s in said[:2]))
    return ", ".join(filter(None, signs_met))


def _widget(look: Look, parts: re.Pattern[str]) -> str:
    """A form, a frame or a part of the page that is named so."""
    for kind, values in (
        ("a form that goes to", look.actions),
        ("a frame of", look.frames),
        ("a part named", look.names),
    ):
        for value in values:
            if parts.search(value):
                return f"{kind} {value[:60]!r}"
    return ""


def _challenge_built(look: Look, parts: re.Pattern[str]) -> str:
    """How the page is built to check its visitor: a widget, a form or a script for it."""
    if widget := _widget(look, parts):
        return widget
    for code in look.scripts:
        if len(code) < 300 and parts.search(code):
            return f"a script of {code[:60]!r}"
    for code in look.scripts:
        if COOKIE_AND_RELOAD.search(code[:20_000]):
            return "a script that sets a cookie and loads the page again"
        if (part := parts.search(code[:20_000])) and weight(look.main) <= _LITTLE:
            return f"a script with {part[0]!r} in it"
    return ""


def consent_wall(look: Look) -> str:
    """Consent is asked for before anything is shown."""
    rest, asked = weight(look.main), look.consent or look.main
    if rest > (_LITTLE if look.consent else _SOME) or weight(asked) < 40 or _shows_more(look):
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


def _shows_more(look: Look) -> bool:
    """Whether there is something beside what asks for consent: a price, a heading over words."""
    if MONEY.search(look.main):
        return True
    headed = any(head and head in look.main for head in look.headings)
    return bool(look.consent) and headed and weight(look.main) > _TINY


def login_wall(look: Look) -> str:
    """One has to sign in, or subscribe, before anything is shown."""
    size = weight(look.main)
    if size > _SHORT or look.listed > 1:
        return ""
    login = signs("login")
    said = login.in_text(f"{look.main} {' '.join(look.buttons)}"[:4000])
    has_password = any(field.startswith("password") for field in look.inputs)
    head = login.in_heads(look.heads)
    if not head and (said or has_password):
        head = login.in_heads(look.heads, "greeting")
    asks = any(re.search(r"password|pwd|email|user|login|otp", field) for field in look.inputs)
    if head and asks:
        return f"headed {head!r} with a form to sign in"
    tiny = size <= (_TINY if look.tags["p"] else _TINY * 2) and look.tags["a"] <= _FEW_LINKS
    if has_password and tiny and not MONEY.search(look.main):
        return "asks for a password, and little else"
    controls = bool(look.inputs or look.buttons)
    if head and len(said) >= 2 and size <= _LITTLE * 2 and controls and not look.listed:
        return f"headed {head!r}, says {said[0]!r}"
    must = login.more["must"].search(plain_typography(look.main))
    if must and size <= _LITTLE and controls:
        return f"says {must[0]!r}, and little else"
    if size <= _LITTLE * 2 and len(said) >= 2 and has_password:
        return f"asks for a password and says {said[0]!r}, and little else"
    return ""


def _own_heads(look: Look) -> list[str]:
    """What the page says it is. Where title and first heading agree, or there are several lower
    headings, those are of its sections: of a status page, of a list of errors."""
    top = look.headings[0] if look.headings else ""
    agreed = bool(top) and "." not in top and plain_typography(top) in plain_typography(look.title)
    if agreed or len(look.subheadings) > 1:
        return [head for head in (look.title, *look.headings[:3]) if head] or look.heads
    return look.heads


def _short_page(kind: str, look: Look, *, limit: int = _SHORT) -> str:
    """A short page headed so, that says so to the visitor or says nothing else."""
    size = weight(look.main)
    if size > limit or look.listed > 1 or MONEY.search(look.main):
        return ""
    found, heads = signs(kind), _own_heads(look)
    if size <= _LITTLE * 2 and (head := found.alone(heads)):
        return f"headed {head!r}"
    head = found.in_heads(heads)
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


def says_it_is_missing(look: Look) -> str:
    """A page that prints prices, of something else: its title and its heading both say that what
    was asked for is not there, and so does a sentence."""
    missing = signs("missing")
    title, heading = missing.in_heads([look.title]), missing.in_heads(look.headings[:1])
    if not (title and heading) or weight(look.main) > _SOME or look.listed:
        return ""
    if said := missing.in_text(look.main[:4000]):
        return f"titled {title!r}, headed {heading!r}, says {said[0]!r}"
    return ""


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
