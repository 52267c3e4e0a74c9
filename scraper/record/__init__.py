"""The store: snapshots, changes and captures, written whole or not at all."""

from scraper.record.cache import Cache, Checks
from scraper.record.directory import DirectoryStore
from scraper.record.remains import Remains
from scraper.record.store import Store

__all__ = ["Cache", "Checks", "DirectoryStore", "Remains", "Store"]
