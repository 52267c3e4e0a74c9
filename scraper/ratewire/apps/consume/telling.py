"""The words of a pull request: its title, and a body in which each figure has its evidence. Pure.

Names and excerpts are other people's text: nothing of them may be taken for Markdown, HTML, a
mention or a reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from ratewire.apps.consume.planning import Left, Plan, Update
from ratewire.wording.formats import conditions_words
from ratewire.wording.text import plain

__all__ = ["body", "mark", "title"]

_MOST = (200, 100, 50, 20, 5, 0)
"""Rows of a table: as many as go in."""
_MARKED = 2000
"""Figures in a mark, which has to go into a body too."""
_LONGEST = 60_000
"""Characters: a body holds 65,536."""
_ACTIVE = re.compile(
    r"[^\w\s.,:;%()+−–→-]|_|(?<=\w)[.:](?=[\w/])(?<!\d\.(?=\d))|%(?=\w)|(?i:(?<=gh)-)"
)
"""Signs that mean something to Markdown, HTML or a forge; of dots, not those in figures."""
_BEFORE_NAMES = "@#!~%$&^-.:"
"""Signs by which GitHub or GitLab knows a mention, a reference or an address."""


def title(plan: Plan, *, name: str, site: str) -> str:
    """One line of plain words."""
    count = len(plan.updates)
    prices = "a price" if count == 1 else f"{count} prices"
    line = f"Update {prices} in {plain(name, 80)} from {urlsplit(site).netloc}"
    return re.sub(r"[@#`]", " ", line)


def mark(plan: Plan) -> str:
    """Which figures are proposed, for the next run: a comment that no reader sees."""
    return f"<!-- ratewire {' '.join(update.digest for update in plan.updates[:_MARKED])} -->"


def body(plan: Plan, *, name: str, site: str) -> str:
    """GitHub's Markdown; empty where nothing is to be updated."""
    if not plan.updates:
        return ""
    bodies = ("\n".join(_lines(plan, name, site, most)) + "\n" for most in _MOST)
    text = ""
    for text in bodies:
        if len(text) <= _LONGEST:
            break
    return text


def _lines(plan: Plan, name: str, site: str, most: int) -> Iterator[str]:
    yield (
        f"{_link(urlsplit(site).netloc, site + '/')} read other amounts on official pages than "
        f"{inert(name)} has. Only these figures differ in the file."
    )
    yield ""
    rows = [_row(update) for update in plan.updates[:most]]
    yield from _table(("Figure", "Was", "Is", "For", "Official page", "Last seen", "Change"), rows)
    if len(plan.updates) > most:
        yield f"\n… and {len(plan.updates) - most} more; the diff has them all."
    if said := [update for update in plan.updates[:most] if update.excerpts]:
        yield "\n<details><summary>In the official pages’ words</summary>\n"
        for update in said:
            yield f"- {inert(update.place)}: {' → '.join(f'“{inert(e)}”' for e in update.excerpts)}"
        yield "\n</details>"
    if plan.left:
        yield "\nLeft as they are:\n"
        yield from _table(("Figure", "Stands", "Why"), map(_left, plan.left[:most]))
        if len(plan.left) > most:
            yield f"\n… and {len(plan.left) - most} more."
    yield ""
    yield (
        "A figure is as sure as the page it leads to: look before you merge. Close this, and these "
        "figures are not proposed again."
    )
    yield ""
    yield mark(plan)


def _row(update: Update) -> tuple[str, ...]:
    rate, story = update.stated.rate, update.story
    under = conditions_words(rate.conditions)
    what = f"{rate.product} {rate.meter}{f' ({under})' if under else ''}"
    change = "as long as it was watched"
    if story:
        seen = f"between {story.last_seen_old[:10]} and {story.first_seen_new[:10]}"
        change = f"{_link(story.headline, story.url)}, {seen}"
    return (
        f"{inert(update.place)}<br>{inert(what)}",
        inert(update.old),
        f"**{inert(update.new)}**",
        inert(f"{update.listed.currency} per {update.listed.unit}"),
        _link(update.source, update.stated.url),
        update.stated.verified_on.isoformat(),
        change,
    )


def _left(one: Left) -> tuple[str, ...]:
    return inert(one.place), inert(one.stands), inert(one.why)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(head)
    for line in (names, ["---"] * len(names), *rows):
        yield f"| {' | '.join(line)} |"


def _link(words: str, url: str) -> str:
    """`url` is one that was checked to hold no sign of Markdown's or HTML's."""
    return f"[{inert(words)}](<{url}>)".replace("|", "%7C")


def inert(words: str) -> str:
    """One line that shows as it is, whatever it holds.

    To CommonMark a numeric reference is text; but forges look for mentions, references and
    addresses in what comes of it, so these are parted by a space that has no width.
    """
    return _ACTIVE.sub(_as_reference, plain(words, 300))


def _as_reference(found: re.Match[str]) -> str:
    parted = "&#8203;" if found[0] in _BEFORE_NAMES else ""
    return f"&#{ord(found[0])};{parted}"
