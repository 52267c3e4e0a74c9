"""A page's past, from dated captures into the log."""

from scraper.history.archive import Archive
from scraper.history.backfill import Backfilled, backfill
from scraper.history.captures import from_folder, from_git

__all__ = ["Archive", "Backfilled", "backfill", "from_folder", "from_git"]
