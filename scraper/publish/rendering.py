"""Pages rendered, and cards drawn, one after the other or, where there are many, by several
processes at a time.

The outcome is the same to the byte, whatever the number of processes.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext

from scraper.publish.cards import Card, Style
from scraper.publish.ledger import Ledger
from scraper.publish.pages import Page, Rendered, render
from scraper.publish.theme import Theme

__all__ = ["MANY", "draw_cards", "render_pages"]

log = logging.getLogger(__name__)
MANY = 150
"""From so many pages on, processes gain more time than they take to start."""
_FIRST = 20
"""Pages that this process renders while the others are busy: the first are of many kinds, so that
few templates are compiled more than once."""
_SHARE = 250
"""Pages that a process is sent at a time, at most."""


def render_pages(
    pages: Sequence[Page],
    ledger: Ledger,
    theme: Theme,
    paths: frozenset[str],
    *,
    workers: int = 0,
) -> Iterator[Rendered]:
    """Pages in their order; `paths`: of all pages of the site. `workers`: how many processes, as
    many as there are processors unless it is said; one where the pages are few.

    Raises BuildError of the first page that cannot be rendered, naming file and line.
    """
    workers = workers or _processors()
    rest = pages
    if workers > 1 and len(pages) >= MANY:
        try:
            for share in _by_many(pages, ledger, theme, paths, workers):
                yield from share
                rest = rest[len(share) :]
        except BrokenProcessPool:
            log.warning("a process that rendered pages was ended; one process renders the rest")
    yield from _render_share(rest, ledger, theme, paths)


def _by_many(
    pages: Sequence[Page], ledger: Ledger, theme: Theme, paths: frozenset[str], workers: int
) -> Iterator[list[Rendered]]:
    size = min(_SHARE, -(-len(pages) // workers))
    shares = [pages[start : start + size] for start in range(_FIRST, len(pages), size)]
    # Packed before this process renders: what it looks up meanwhile is kept in the ledger, and
    # the pool's own thread would pack a ledger that changes under it.
    work = partial(_render_packed, packed=pickle.dumps((ledger, theme, paths)))
    with _pool(workers) as pool:
        others = pool.map(work, shares)
        yield _render_share(pages[:_FIRST], ledger, theme, paths)
        yield from others


def _render_packed(pages: Sequence[Page], packed: bytes) -> list[Rendered]:
    return _render_share(pages, *_unpacked(packed))


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> tuple[Ledger, Theme, frozenset[str]]:
    """Once for all shares of a process: a theme loads and binds its templates but once."""
    ledger, theme, paths = pickle.loads(packed)
    return ledger, theme, paths


def _render_share(
    pages: Sequence[Page], ledger: Ledger, theme: Theme, paths: frozenset[str]
) -> list[Rendered]:
    return [render(page, ledger, theme, paths) for page in pages]


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
    from scraper.publish.drawing import Easel  # a library of pictures: not for a build without any

    easel = Easel(style)
    return [easel.draw(card) for card in cards]


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, _context(), initializer=_stay_no_longer_than_parent)


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
