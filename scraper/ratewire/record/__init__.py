"""The store: snapshots, changes and captures, written whole or not at all."""

from ratewire.record.cache import Cache, Checks
from ratewire.record.directory import DirectoryStore
from ratewire.record.remains import Remains
from ratewire.record.store import Store

__all__ = ["Cache", "Checks", "DirectoryStore", "Remains", "Store"]
