"""Pages rendered, and cards drawn, one after the other or, where there are many, by several
processes at a time.

The outcome is the same to the byte, whatever the number of processes.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext

from ratewire.publish.cards import Card, Style
from ratewire.publish.ledger import Ledger
from ratewire.publish.pages import LeftOut, Page, Rendered, render_or_leave_out
from ratewire.publish.theme import Theme

__all__ = ["MANY", "draw_cards", "render_pages"]

log = logging.getLogger(__name__)
MANY = 80
"""From so many pages on, processes gain more time than they take to start."""
_SHARE = 250
"""Pages that a process is sent at a time, at most."""


@dataclass(frozen=True, slots=True)
class _Site:
    """What every page is rendered with."""

    ledger: Ledger
    theme: Theme
    paths: frozenset[str]

    def render(self, pages: Sequence[Page]) -> list[Rendered | LeftOut]:
        return [render_or_leave_out(page, self.ledger, self.theme, self.paths) for page in pages]


_SITE: ContextVar[_Site] = ContextVar("site")
"""Given to each process of a pool as it begins."""


def render_pages(
    pages: Sequence[Page],
    ledger: Ledger,
    theme: Theme,
    paths: frozenset[str],
    *,
    workers: int = 0,
) -> list[Rendered | LeftOut]:
    """Pages in their order; `paths`: of all pages of the site. `workers`: how many processes, as
    many as there are processors unless it is said; one where the pages are few.

    Raises BuildError of the first page that cannot be rendered, naming file and line.
    """
    site, workers = _Site(ledger, theme, paths), workers or _processors()
    # One of each kind first: a process that is forked has all templates that this one has loaded.
    kinds = {page.template: page for page in reversed(pages)}
    first = [page for page in pages if kinds[page.template] is page]
    rest = [page for page in pages if kinds[page.template] is not page]
    done = site.render(first)
    if workers > 1 and len(rest) >= MANY:
        try:
            for share in _by_many(rest, site, workers):
                done += share
        except BrokenProcessPool:
            log.warning("a process that rendered pages was ended; one process renders the rest")
    done += site.render(rest[len(done) - len(first) :])
    by_path = {page.path: one for page, one in zip([*first, *rest], done, strict=True)}
    return [by_path[page.path] for page in pages]


def _by_many(
    pages: Sequence[Page], site: _Site, workers: int
) -> Iterator[list[Rendered | LeftOut]]:
    size = min(_SHARE, -(-len(pages) // workers))
    shares = [pages[start : start + size] for start in range(0, len(pages), size)]
    with _pool(workers, site) as pool:
        yield from pool.map(_render_share, shares)


def _render_share(pages: Sequence[Page]) -> list[Rendered | LeftOut]:
    return _SITE.get().render(pages)


def draw_cards(cards: Sequence[Card], style: Style, *, workers: int = 0) -> Iterator[bytes]:
    """PNG pictures in the order of their cards; `workers` as for `render_pages`."""
    workers = workers or _processors()
    work = partial(_draw_share, style=style)
    rest = cards
    if workers > 1 and len(cards) >= MANY:
        size = min(_SHARE, -(-len(cards) // workers))
        shares = [cards[start : start + size] for start in range(0, len(cards), size)]
        try:
            with _pool(workers) as pool:
                for share in pool.map(work, shares):
                    yield from share
                    rest = rest[len(share) :]
        except BrokenProcessPool:
            log.warning("a process that drew cards was ended; one process draws the rest")
    if rest:
        yield from work(rest)


def _draw_share(cards: Sequence[Card], style: Style) -> list[bytes]:
    from ratewire.publish.drawing import Easel  # a library of pictures: not for a build without any

    easel = Easel(style)
    return [easel.draw(card) for card in cards]


def _pool(workers: int, site: _Site | None = None) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, _context(), initializer=_begin, initargs=(site,))


def _begin(site: _Site | None) -> None:
    if site is not None:
        _SITE.set(site)
    _stay_no_longer_than_parent()


def _stay_no_longer_than_parent() -> None:
    """A process of a pool waits for work for ever, even where the one that gives it was killed."""
    parent = parent_process()

    def leave() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=leave, daemon=True).start()


def _processors() -> int:
    """Those that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> BaseContext:
    """A fork starts at once, but is safe on Linux only, where no other thread can hold a lock."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    return get_context("fork" if forks else "spawn")
