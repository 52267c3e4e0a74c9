"""From what is recorded to a folder of files, swapped in whole.

Only pages whose article, facts or neighbours changed are rendered again; the outcome is the same,
to the byte, as that of a full build.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from ratewire.config import Site
from ratewire.errors import BuildError, StoreError
from ratewire.publish.api import data_files
from ratewire.publish.articles import Article, load_articles
from ratewire.publish.badges import badge_files
from ratewire.publish.cards import card_file
from ratewire.publish.feeds import feeds
from ratewire.publish.hosting import host_files
from ratewire.publish.ledger import Ledger, Query
from ratewire.publish.listings import Listed, Listing
from ratewire.publish.manifest import Head, Made, Manifest
from ratewire.publish.metadata import calendar, llms, robots, sitemap
from ratewire.publish.pages import LeftOut, Page, Rendered, plan
from ratewire.publish.rendering import draw_cards, render_pages
from ratewire.publish.searching import search_index
from ratewire.publish.staging import Staging, mark
from ratewire.publish.stamps import stamps_of
from ratewire.publish.stated import Records
from ratewire.publish.theme import Theme

__all__ = ["BuildReport", "build"]

log = logging.getLogger(__name__)
_SAFE = re.compile(r"(?!.*\.\.)[\w@+,=~-][\w@+,=~.-]*(?:/[\w@+,=~.-]+)*")
"""Letters of any script: a product's id is in the page's own words."""
_WRITERS = ("babel", "feedgen", "jinja2", "markdown", "pillow")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Counts of files but for the first two."""

    pages: int
    """Pages of the site."""
    rendered: int
    """Pages rendered anew."""
    written: int
    unchanged: int
    removed: int
    out: Path
    left_out: tuple[LeftOut, ...] = ()
    """Pages that could not be rendered."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """By product, the publisher at whose address it stands."""


def build(
    site: Site,
    store: Records,
    *,
    now: datetime,
    checked: Mapping[str, datetime],
    met: Mapping[str, Mapping[str, int]] | None = None,
    out: Path | None = None,
    fresh: bool = False,
) -> BuildReport:
    """Build the site into `out` (default: the site's own folder) and say what was done.

    `checked`: when each source was last seen to be genuine. `met`: what checks met since. `fresh`:
    render every page, whatever the last build left. Raises BuildError, StoreError; what stood in
    `out` before then still stands.
    """
    out = (out or site.output).resolve()
    with _named(out):
        ledger = Ledger(site, store, now=now, checked=checked, met=met)
        return replace(_built(site, ledger, out, fresh=fresh), owners=ledger.owners)


@contextmanager
def _named(out: Path) -> Iterator[None]:
    """A trouble of the disk becomes a StoreError that names the file and the way out."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or out}: cannot be written or read while the site is built "
            f"({error.strerror or error}); the site built before still stands. Free some space or "
            "mend the permissions, then run again"
        ) from error


def _built(site: Site, ledger: Ledger, out: Path, *, fresh: bool) -> BuildReport:
    name = hashlib.sha256(str(out).encode()).hexdigest()[:16]
    record = site.cache / "builds" / f"{name}.json"
    place = _place(out, record.with_suffix(".next"))
    run = _Build(ledger, out, place)
    head = Head() if fresh else Head.load(record)
    if (head.state, head.folder) == (run.state, mark(out)):
        return BuildReport(head.pages, 0, 0, head.files, 0, out)
    before = Manifest() if fresh else Manifest.load(record)
    if mark(out) != before.folder:
        before = Manifest()
    try:
        after, report = run.after(before)
    except FileNotFoundError as error:
        if not before.files:
            raise BuildError(f"{error.filename}: is gone while the site was built") from None
        log.info("%s is no longer there; building in full", error.filename)
        before = Manifest()
        after, report = run.after(before)
    after.save(record, before)
    return report


class _Build:
    """One run: what it starts from, and (`after`) what it makes of what the last one left."""

    def __init__(self, ledger: Ledger, out: Path, place: Path) -> None:
        self.ledger, self.out, self.place = ledger, out, place
        site = self.site = ledger.site
        self.theme = Theme(site)
        self.stamps = stamps_of(site.content / "articles", ".md") | stamps_of(site.content, ".md")
        self.static = site.root / "static"
        below = sorted(path for path in self.static.rglob("*") if path.is_dir())
        static = [stamps_of(folder) for folder in (self.static, *below)]
        names = repr([sorted(each) for each in static])  # such a file may stand for one of ours
        self.base = _digest(_program(), self.theme.digest, repr(site), names)
        self.state = _digest(self.base, self.ledger.state, repr(self.stamps), repr(static))

    def after(self, last: Manifest) -> tuple[Manifest, BuildReport]:
        self.last = last
        self.before = last if last.base == self.base else Manifest()
        articles = self._articles()
        pages = plan(self.ledger, articles)
        made, written = self._pages(pages)
        pages = tuple(page for page in pages if page.path in made)
        written |= self._cards(pages)
        written |= self._other_files(pages, made)
        self._check_links(pages, made, written)
        return self._write(
            written,
            Manifest(
                base=self.base,
                state="" if self.left_out else self.state,  # to be tried again
                articles={a.file: (self.stamps[a.file], a) for a in articles},
                answers={query: self.ledger.digest(query) for query in _heard(made)},
                pages=made,
                cards=self.cards,
                feeds=self.feeds,
            ),
        )

    # ── Pages ────────────────────────────────────────────────────────────────────────────────

    def _articles(self) -> tuple[Article, ...]:
        known = {
            name: article
            for name, (stamp, article) in self.before.articles.items()
            if self.stamps.get(name) == stamp
        }
        return load_articles(self.site.content, known, language=self.site.settings.language)

    def _pages(self, pages: tuple[Page, ...]) -> tuple[dict[str, Made], dict[str, bytes | None]]:
        """Every page, and its files; None: the file is as it was."""
        moved = {
            query
            for query, digest in self.before.answers.items()
            if self.ledger.digest(query) != digest
        }
        paths = frozenset(page.path for page in pages)
        gone = self.before.pages.keys() - paths
        self._say_gone(self.last.pages.keys() - paths)

        @cache
        def stands(heard: tuple[Query, ...]) -> bool:
            return moved.isdisjoint(heard)

        @cache
        def leads(linked: tuple[str, ...]) -> bool:
            return gone.isdisjoint(linked)

        def fits(page: Page, last: Made | None) -> bool:
            return (
                last is not None
                and last.inputs == page.inputs
                and stands(last.heard)
                and leads(last.linked)
            )

        stale = [page for page in pages if not fits(page, self.before.pages.get(page.path))]
        done = render_pages(stale, self.ledger, self.theme, paths)
        rendered = {
            page.path: each
            for page, each in zip(stale, done, strict=True)
            if isinstance(each, Rendered)
        }
        self.left_out = tuple(each for each in done if isinstance(each, LeftOut))
        missing = {each.path for each in self.left_out}
        for each in self.left_out:
            log.warning("%s is left out: %s", each.path, each.reason)
        made: dict[str, Made] = {}
        files: dict[str, bytes | None] = {}
        for page in pages:
            if page.path in missing:
                continue
            new = rendered.get(page.path)
            made[page.path] = _made(page, new) if new else self.before.pages[page.path]
            files[page.file] = new.html if new else None
            if page.twin:
                files[page.twin] = new.markdown if new else None
        self.rendered, self.stale = len(stale), rendered
        return made, files

    def _say_gone(self, paths: Iterable[str]) -> None:
        """Of which products the pages go: it may be by a product's file that was added."""
        of_products = (re.fullmatch(r"/products/([^/]+)/", path) for path in paths)
        ids = sorted(found[1] for found in of_products if found)
        unnamed = [id for id in ids if self.ledger.rates(id)]
        if unnamed:
            log.warning(
                "%d products that are still priced have no page any more, for content/products/ "
                "names others: %s; add a file for each that is to have one",
                len(unnamed), ", ".join(unnamed[:10]),
            )  # fmt: skip
        if left := [id for id in ids if id not in unnamed]:
            log.warning("%d products have no page any more: %s", len(left), ", ".join(left[:10]))

    def _cards(self, pages: tuple[Page, ...]) -> dict[str, bytes | None]:
        """Pictures of pages; a card that shows what it showed is not drawn again."""
        files = [card_file(page.path) for page in pages if page.path not in self.stale]
        self.cards = {file: last for file in files if (last := self.before.cards.get(file))}
        new = {
            file: one
            for path, one in self.stale.items()
            if one.card and not (self.static / (file := card_file(path))).exists()
        }
        self.cards |= {file: one.mark for file, one in new.items()}
        stale = {
            file: one.card
            for file, one in new.items()
            if one.card and self.last.cards.get(file) != one.mark
        }
        drawn = draw_cards(tuple(stale.values()), self.theme.cards)
        return dict.fromkeys(self.cards) | dict(zip(stale, drawn, strict=True))

    # ── Other files ──────────────────────────────────────────────────────────────────────────

    def _other_files(
        self, pages: tuple[Page, ...], made: Mapping[str, Made]
    ) -> dict[str, bytes | None]:
        return {
            **self.theme.assets,
            **self._feeds(),
            **data_files(self.ledger),
            **badge_files(self.ledger, self.theme.labels),
            **host_files(self.site.settings),
            **self._lists(pages, made),
            "calendar.ics": calendar(self.ledger, self.theme.words),
            "robots.txt": robots(self.site.settings.url),
            **{
                str(file.relative_to(self.static)): file.read_bytes()
                for file in sorted(self.static.rglob("*"))
                if file.is_file()
            },
        }

    def _lists(self, pages: tuple[Page, ...], made: Mapping[str, Made]) -> dict[str, bytes]:
        """What lists every page, with the lines that the last build wrote of those that stand."""
        settings, words = self.site.settings, self.theme.words
        several = any(page.versions for page in pages)
        files: dict[str, bytes] = {}
        for each in (
            sitemap(settings.url, several=several),
            llms(settings, words),
            search_index(words),
        ):
            old = self._lines(each)
            lines = (
                old.get(page.path) or each.line(_listed(page, made[page.path]))
                for page in pages
                if page.path.endswith("/")
            )
            files[each.file] = each.whole(lines)
        return files

    def _lines(self, listing: Listing) -> dict[str, str]:
        """By path; of a file that is no longer as it was built, none."""
        try:
            whole = (self.out / listing.file).read_bytes()
        except OSError:
            return {}
        if _digest_bytes(whole) != self.before.files.get(listing.file):
            return {}
        paths = [path for path in self.before.pages if path.endswith("/")]
        lines = listing.lines(whole)
        if len(lines) != len(paths):
            return {}
        pairs = zip(paths, lines, strict=True)
        return {path: line for path, line in pairs if path not in self.stale}

    def _feeds(self) -> Mapping[str, bytes | None]:
        """Feeds tell of nothing but changes: most builds have no new one."""
        # A site that names no products has a page, and so a feed, for each that has a rate.
        named = replace(self.site, products=self.ledger.products())
        updated = self.ledger.beginning or datetime(2000, 1, 1, tzinfo=UTC)
        told = _digest(self.ledger.told, repr(named.products), repr(updated))
        if told == self.before.feeds[0]:
            self.feeds = self.before.feeds
            return dict.fromkeys(self.feeds[1])
        made = feeds(named, self.ledger.stories(), updated=updated)
        self.feeds = told, tuple(made)
        return made

    def _check_links(
        self,
        pages: tuple[Page, ...],
        made: Mapping[str, Made],
        files: Mapping[str, bytes | None],
    ) -> None:
        known: set[tuple[str, ...]] = set()
        missing = {each.path for each in self.left_out}
        for page in pages:
            linked = made[page.path].linked
            if linked in known:
                continue
            for link in linked:
                file = link.lstrip("/") + ("index.html" if link.endswith("/") else "")
                if file not in files and link not in missing:
                    raise BuildError(f"the page {page.path} links to {link}, which is not built")
            known.add(linked)

    # ── Writing ──────────────────────────────────────────────────────────────────────────────

    def _write(
        self, files: dict[str, bytes | None], manifest: Manifest
    ) -> tuple[Manifest, BuildReport]:
        old = self.last.files
        digests: dict[str, str] = {}
        for name, data in sorted(files.items()):
            if data is None:
                digests[name] = old[name]
                continue
            if not _SAFE.fullmatch(name):
                raise BuildError(f"{name!r} cannot be the name of a file in the site")
            digests[name] = _digest_bytes(data)
        written = {name for name, digest in digests.items() if old.get(name) != digest}
        removed = old.keys() - digests.keys()
        files |= dict.fromkeys(digests.keys() - written)  # the same bytes: the same file
        spare, behind = self.last.spare, self.last.behind
        if written or removed or not self.out.exists():
            staging = Staging(self.out, self.place, self.last)
            spare, behind = staging.replace(files, written | removed)
        done = replace(manifest, folder=mark(self.out), files=digests, spare=spare, behind=behind)
        unchanged = len(digests) - len(written)
        return done, BuildReport(
            len(manifest.pages), self.rendered, len(written), unchanged, len(removed), self.out,
            self.left_out,
        )  # fmt: skip


def _listed(page: Page, made: Made) -> Listed:
    told = made.title, made.description, made.updated, made.headings
    return Listed(page.path, *told, page.language, page.versions)


def _made(page: Page, new: Rendered) -> Made:
    return Made(
        page.inputs, new.title, new.description, new.updated, new.headings, new.heard, new.linked
    )


def _heard(made: Mapping[str, Made]) -> dict[Query, None]:
    """Every question of any page once, in the order of the pages."""
    rows = dict.fromkeys(one.heard for one in made.values())
    return dict.fromkeys(query for heard in rows for query in heard)


def _place(out: Path, wanted: Path) -> Path:
    """Where the next site grows: in the cache, or beside `out` if that is on another disk."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    same = wanted.parent.stat().st_dev == out.parent.stat().st_dev
    return wanted if same else out.with_name(f".{out.name}.next")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _digest_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:20]


@lru_cache(maxsize=1)
def _program() -> str:
    """A digest of this package's own code, and the versions of the libraries that write pages:
    another program may build another site.
    """
    total = hashlib.sha256(repr([version(library) for library in _WRITERS]).encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(file.read_bytes())
    return total.hexdigest()
