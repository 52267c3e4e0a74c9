"""Pages that somebody names by address or file: read and compared, with nothing recorded."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from ratewire.compare import ReadingsCompared
from ratewire.config import FetchSettings, ReadSettings
from ratewire.config.load import load_site
from ratewire.errors import ConfigError
from ratewire.fetch.saved import date_of, saved_capture
from ratewire.model import Capture, Source
from ratewire.stages import Examined, compare_captures, examine, fetch_capture, now_utc

__all__ = [
    "capture_of",
    "compare_pages",
    "is_address",
    "page_source",
    "read_limits",
    "read_page",
    "saved_page",
]

_HERE = Path()


def read_page(page: str | Path, *, url: str = "", source: str = "", site: Path = _HERE) -> Examined:
    """What a page says: `page` is its address, or a file with the page as it was served.

    `url`: where a file was served. `source`: the id of a source of the site in the folder `site`,
    whose hints are followed. Where the verdict is that this is not the page (a bot wall, an empty
    shell, an error), the reading has no facts. Raises ConfigError, FetchError, ReadError.
    """
    hinted = page_source(site, url or (str(page) if is_address(page) else ""), source)
    return examine(capture_of(page, hinted, site), hinted, read_limits(site))


def compare_pages(
    before: str | Path, after: str | Path, *, url: str = "", source: str = "", site: Path = _HERE
) -> ReadingsCompared:
    """What changed between two captures of one page: each as in `read_page`, mostly files.

    `held` is set where a guard would hold the later one back. Raises ConfigError, FetchError,
    ReadError.
    """
    address = next((str(page) for page in (after, before) if is_address(page)), "")
    hinted = page_source(site, url or address, source)
    earlier, later = (capture_of(page, hinted, site) for page in (before, after))
    return compare_captures(earlier, later, hinted, read_limits(site))


def is_address(page: str | Path) -> bool:
    """Whether a page is named by an address; else it is a file."""
    return isinstance(page, str) and "://" in page


def capture_of(page: str | Path, source: Source, site: Path = _HERE) -> Capture:
    """The page itself, fetched from the source's address or taken from a file.

    Raises FetchError, ReadError.
    """
    if not is_address(page):
        return saved_page(Path(page), source)
    whole = load_site(site) if _is_site(site) else None
    settings = whole.fetch if whole else FetchSettings()
    contact = whole.settings.contact if whole else ""
    limits = read_limits(site)
    return asyncio.run(fetch_capture(source, settings, limits, contact=contact, now=now_utc))


def saved_page(file: Path, source: Source) -> Capture:
    """The file as the source served it, on the day that its name begins with. Raises ReadError."""
    return saved_capture(file, source.url, date_of(file) or now_utc())


def page_source(folder: Path, url: str, id: str) -> Source:
    """The site's source of this id; without one, the address alone. Raises ConfigError.

    Hints are never taken unasked: what a page says does not depend on the folder one stands in.
    """
    if not id:
        return Source("page", "page", "", url or "https://page.invalid/")
    if not _is_site(folder):
        raise ConfigError(f"{folder.resolve()} has no ratewire.toml; name the site with --site")
    sources = load_site(folder).sources
    for each in sources:
        if each.id == id:
            return replace(each, url=url or each.url)
    raise ConfigError(f"no source {id!r}; there are {', '.join(s.id for s in sources)}")


def read_limits(folder: Path) -> ReadSettings:
    """Those of the site, where one stands in one."""
    return load_site(folder).read if _is_site(folder) else ReadSettings()


def _is_site(folder: Path) -> bool:
    return (folder / "ratewire.toml").is_file()
