"""ratewire watches official pages and publishes what they say, with the evidence.

The names here are its public face (docs/python.md). They are loaded when first used, so that a
command loads no more than it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ratewire.errors import RatewireError
    from ratewire.pages import compare_pages, read_page
    from ratewire.pipeline import build_site, open_site

__all__ = ["RatewireError", "build_site", "compare_pages", "open_site", "read_page"]

_HOMES = {
    "RatewireError": "ratewire.errors",
    "build_site": "ratewire.pipeline",
    "compare_pages": "ratewire.pages",
    "open_site": "ratewire.pipeline",
    "read_page": "ratewire.pages",
}


def __getattr__(name: str) -> Any:
    if home := _HOMES.get(name):
        return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
