"""A page's past, from dated captures into the log."""

from ratewire.history.archive import Archive
from ratewire.history.backfill import Backfilled, backfill
from ratewire.history.captures import from_folder, from_git

__all__ = ["Archive", "Backfilled", "backfill", "from_folder", "from_git"]
