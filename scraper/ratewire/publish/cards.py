"""What a page's card says: the picture that stands beside a link to it in other places.

Words and colours only; `drawing` makes the picture. A card's `digest` is known without drawing it,
so that a page can name its card and a build can see which cards are new.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from ratewire.config import SiteSettings
from ratewire.model import Alteration, Availability, ChangeKind, Rate
from ratewire.publish.labels import Labels, capitalised
from ratewire.wording.catalogue import ENGLISH, Words
from ratewire.wording.facts import SiteNames, subject, value
from ratewire.wording.formats import day, percent
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = [
    "HEIGHT",
    "WIDTH",
    "Card",
    "CardLink",
    "CardStep",
    "Style",
    "Tone",
    "article_card",
    "card_file",
    "change_card",
    "link_to",
    "site_card",
    "style_of",
]

WIDTH, HEIGHT = 1200, 630
"""Pixels: 1.91 to 1, which every network shows uncut."""
_MOST_STEPS = 3


class Tone(StrEnum):
    """A colour and its soft form, by the style sheet's name."""

    PLAIN = "soft"
    ACCENT = "accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


_TONES: Mapping[ChangeKind, Tone] = {
    ChangeKind.RATE_UP: Tone.BAD,
    ChangeKind.RATE_DOWN: Tone.GOOD,
    ChangeKind.ADDED: Tone.GOOD,
    ChangeKind.REMOVED: Tone.BAD,
    ChangeKind.UNIT: Tone.WARN,
    ChangeKind.RENAMED: Tone.ACCENT,
    ChangeKind.AVAILABILITY: Tone.ACCENT,
    ChangeKind.SCHEDULED: Tone.WARN,
    ChangeKind.INCIDENT: Tone.BAD,
}
"""As in style.css."""


@dataclass(frozen=True, slots=True)
class CardStep:
    """A fact before and after, either of which may be empty; `note` is the unit or the rest."""

    subject: str
    before: str
    after: str
    note: str = ""
    percent: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Plain text throughout: bounded, without control characters, not escaped."""

    site: str
    host: str
    title: str
    text: str = ""
    """Stands under the title."""
    tag: str = ""
    """What kind of change."""
    tone: Tone = Tone.ACCENT
    steps: tuple[CardStep, ...] = ()
    """One is shown large and without its subject, several as lines."""
    rest: str = ""
    """`and 3 more`, where steps are left out."""
    foot: str = ""
    untrue: bool = False
    """Retracted: the figures are struck out."""


# ── Words ────────────────────────────────────────────────────────────────────────────────────


def site_card(settings: SiteSettings) -> Card:
    """The card of the site, for pages that have none of their own."""
    blank = _blank(settings)
    return replace(blank, title=blank.site, site="", text=plain(settings.description, 240))


def article_card(
    settings: SiteSettings,
    title: str,
    description: str,
    dated: date | None,
    words: Words = ENGLISH,
) -> Card:
    return replace(
        _blank(settings),
        title=plain(title, 200),
        text=plain(description, 240),
        foot=day(dated, words) if dated else "",
    )


def change_card(settings: SiteSettings, story: Story) -> Card:
    """A change as it is now known."""
    truth, retracted, words = story.truth, story.retracted, story.words
    steps = [_step(each, story.vocabulary) for each in truth.alterations if _shows_step(each)]
    single = len(steps) == len(truth.alterations) == 1
    tag = words("kind.retracted" if retracted else f"kind.{story.change.kind.value}")
    if story.corrections and not retracted:
        tag = words("card.corrected", kind=tag)
    return replace(
        _blank(settings),
        title=capitalised(steps[0].subject) if single else plain(story.headline, 200),
        tag=tag,
        tone=Tone.PLAIN if retracted else _TONES.get(story.change.kind, Tone.PLAIN),
        steps=tuple(steps[:_MOST_STEPS]),
        rest=words("card.more", count=left) if (left := len(steps) - _MOST_STEPS) > 0 else "",
        foot=f"{day(story.change.recorded_at, words)} · {story.source}",
        untrue=retracted,
    )


def _blank(settings: SiteSettings) -> Card:
    host = urlsplit(settings.url).hostname or ""
    return Card(site=plain(settings.title, 60), host=plain(host, 60), title="")


def _shows_step(alteration: Alteration) -> bool:
    """Whether before and after say it at a glance; a text or a name is told in words."""
    return alteration.kind not in {
        ChangeKind.RENAMED,
        ChangeKind.INCIDENT,
        ChangeKind.PASSAGE,
    }


def _step(alteration: Alteration, vocabulary: SiteNames) -> CardStep:
    before, after, fact = alteration.before, alteration.after, alteration.fact
    name = subject(fact, vocabulary)
    words, labels = vocabulary.words, Labels(vocabulary.words)
    by = "" if alteration.percent is None else percent(alteration.percent, words, signed=True)
    if isinstance(fact, Rate):
        old = labels.amount(before) if isinstance(before, Rate) else ""
        new = labels.amount(after) if isinstance(after, Rate) else ""
        note = labels.per(fact.unit)
        if isinstance(before, Rate) and before.unit != fact.unit:
            note = words("card.was", now=note, before=labels.per(before.unit))
        return CardStep(name, old, new, note, by)
    if isinstance(fact, Availability):
        old = labels.stage(before.stage) if isinstance(before, Availability) else ""
        new = labels.stage(after.stage) if isinstance(after, Availability) else ""
        told = value(after, vocabulary) if after is not None else ""
        return CardStep(name, old, new, capitalised(told.partition(words("list.comma"))[2]))
    old, new = (value(each, vocabulary) if each is not None else "" for each in (before, after))
    return CardStep(name, old, new, "", by)


# ── Style ────────────────────────────────────────────────────────────────────────────────────

_DEFAULTS: Mapping[str, str] = {
    "paper": "#ffffff", "raised": "#f6f7f9", "ink": "#16181d", "soft": "#555c6b",
    "line": "#e2e5ea", "accent": "#1d4ed8", "accent-soft": "#eaf0ff", "good": "#14794a",
    "good-soft": "#e5f5ec", "warn": "#8a5300", "warn-soft": "#fff3dc", "bad": "#b3261e",
    "bad-soft": "#fdeceb",
}  # fmt: skip
_FACES = ("regular", "strong", "more")
_COLOUR = re.compile(r"--([\w-]+):\s*#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\s*;")


@dataclass(frozen=True, slots=True)
class Style:
    """What every card of a site has in common."""

    regular: tuple[Path, ...]
    """Typefaces: a character is drawn with the first that has it."""
    strong: tuple[Path, ...]
    colours: tuple[tuple[str, tuple[int, int, int]], ...]
    """By the style sheet's names: red, green, blue from 0 to 255."""
    digest: str

    def of(self, card: Card) -> str:
        """Digest of what is drawn: another one, another picture."""
        return hashlib.sha256(f"{self.digest}{card!r}".encode()).hexdigest()[:12]


def style_of(folders: Sequence[Path]) -> Style:
    """From a theme's folders, the site's own first: `fonts/regular.ttf`, `strong.ttf`, where it is
    there `more.ttf`, and the light colours of `assets/style.css`.
    """
    found = (folder / "assets" / "style.css" for folder in folders)
    sheet = next((file.read_text("utf-8") for file in found if file.is_file()), "")
    colours = {**_DEFAULTS}
    for name, digits in _COLOUR.findall(sheet.partition("@media")[0]):
        if name in colours:
            colours[name] = f"#{digits if len(digits) == 6 else ''.join(c + c for c in digits)}"
    fonts = {
        name: file
        for folder in reversed(folders)
        for name in _FACES
        if (file := folder / "fonts" / f"{name}.ttf").is_file()
    }
    total = hashlib.sha256(repr(sorted(colours.items())).encode())
    code = [Path(__file__).with_name(f"{name}.py") for name in ("drawing", "lettering")]
    for part in (*(fonts[name] for name in sorted(fonts)), *code):
        total.update(part.read_bytes())
    rgb = tuple((name, _rgb(colour)) for name, colour in sorted(colours.items()))
    more = [fonts["more"]] if "more" in fonts else []
    return Style((fonts["regular"], *more), (fonts["strong"], *more), rgb, total.hexdigest())


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


# ── Links ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class CardLink:
    """A card as a page names it."""

    url: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


def card_file(path: str) -> str:
    """The file of the card of the page at `path`: `/articles/x/` → `articles/x/card.png`."""
    return f"{path.lstrip('/')}card.png"


def link_to(path: str, mark: str, alt: str, settings: SiteSettings) -> CardLink:
    """The card of the page at `path`; `mark` is its digest, `alt` says what is to be seen.

    Networks keep a picture for days by its whole address. The query makes a new picture a new
    address, and a page that a network has kept still finds the file.
    """
    return CardLink(f"{settings.url}/{card_file(path)}?v={mark}", alt)
