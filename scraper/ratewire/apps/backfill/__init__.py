"""A page's past, from dated captures into the log."""

from ratewire.apps.backfill.archive import Archive
from ratewire.apps.backfill.backfill import Backfilled, backfill
from ratewire.apps.backfill.captures import from_folder, from_git

__all__ = ["Archive", "Backfilled", "backfill", "from_folder", "from_git"]
