"""Pictures of each kind of page, at 390 and 1280 px, light and dark, from a built site.

python benchmarks/screenshots.py site /tmp/pictures [--only NAME]
"""

from __future__ import annotations

import argparse
import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
TOO_WIDE = "(page => page.scrollWidth > page.clientWidth)(document.documentElement)"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on loopback; yields its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def page_kinds(site: Path) -> dict[str, str]:
    """One page of each kind that the site has: name to path."""
    kinds = {"home": "/", "404": "/404.html"}
    for folder in sorted(path for path in site.iterdir() if path.is_dir()):
        if (folder / "index.html").exists():
            kinds[folder.name] = f"/{folder.name}/"
        inner = sorted(path.parent for path in folder.glob("*/**/index.html"))
        if inner:
            # The one with most to show.
            fullest = max(inner, key=lambda path: (path / "index.html").stat().st_size)
            kinds[f"{folder.name}-one"] = f"/{fullest.relative_to(site)}/"
    return kinds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", help="kinds of page, with commas")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    only = set(filter(None, options.only.split(",")))
    with served(options.site) as address, sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=options.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for scheme in SCHEMES:
            for width in WIDTHS:
                context = browser.new_context(
                    viewport={"width": width, "height": 844 if width < 500 else 900},
                    color_scheme=scheme,
                )
                page = context.new_page()
                for name, path in page_kinds(options.site).items():
                    if only and name not in only:
                        continue
                    page.goto(address + path, wait_until="networkidle")
                    too_wide = page.evaluate(TOO_WIDE)
                    file = options.out / f"{name}-{width}-{scheme}.png"
                    page.screenshot(path=str(file), full_page=True)
                    print(f"{file}{'  (wider than the screen)' if too_wide else ''}")
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
