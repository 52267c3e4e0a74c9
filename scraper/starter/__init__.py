"""What ships to begin with: the history of `ratewire demo` and the files of a new site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import tomlkit

from scraper.config import load_site
from scraper.errors import ConfigError, StoreError

__all__ = ["demo_folder", "write_site"]

_CHECKOUT = Path(__file__).resolve().parents[2] / "demo"


@contextmanager
def demo_folder() -> Iterator[Path]:
    """The demo's site with its captures: inside the installed package, or of a checkout."""
    installed = files("scraper.starter") / "demo"
    if installed.is_dir():
        with as_file(installed) as folder:
            yield folder
    else:
        yield _CHECKOUT


def write_site(folder: Path, *, title: str, url: str) -> tuple[Path, ...]:
    """Make a new site's files and say which; the folder must be new or empty.

    Raises ConfigError where it is not or a value is no good, StoreError where it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is there and not empty; name a new folder")
    written = []
    with as_file(files("scraper.starter") / "site") as starter:
        for file in sorted(path for path in starter.rglob("*") if path.is_file()):
            name = file.relative_to(starter)
            target = folder / name.with_name(name.name.replace("dot-", ".", 1))
            text = file.read_text("utf-8")
            if name == Path("ratewire.toml"):
                document = tomlkit.parse(text)
                settings = document["site"]
                settings.update({"title": title, "url": url})
                text = tomlkit.dumps(document)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, "utf-8")
            except OSError as error:
                raise StoreError(f"{target}: cannot be written ({error.strerror})") from None
            written.append(target)
    load_site(folder)
    return tuple(written)
