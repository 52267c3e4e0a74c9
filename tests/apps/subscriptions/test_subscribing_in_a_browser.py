"""A reader with a real browser and without scripts, from the site's form to leaving."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from running import Running, link_of
from sample_changes import cut

from ratewire.apps.subscriptions.links import Purpose
from ratewire.config import Site
from ratewire.publish.build import build
from ratewire.record.directory import DirectoryStore

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


def with_notice(site: Site) -> Site:
    notice = "Example Prices is independent of the vendors that it watches."
    return replace(site, settings=replace(site.settings, notice=notice))


@pytest.fixture
def standing(running: Callable[..., Running], tmp_path: Path) -> Iterator[Running]:
    """A service, and the built site at its own origin."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}"

    def there(site: Site) -> Site:
        return replace(site, settings=replace(site.settings, url=home))

    it = running(site=there)
    store = DirectoryStore(it.site.snapshots)
    change = cut()
    store.save(change.source, None, None, [change])
    build(it.site, store, now=it.clock(), checked={}, out=folder / "site")
    yield it
    server.shutdown()
    server.server_close()


def test_a_reader_without_scripts(standing: Running, browser: Any) -> None:
    it = standing
    page = browser.new_page(java_script_enabled=False)
    noise: list[str] = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    page.goto(f"{it.site.settings.url}/site/changes/")
    page.get_by_label("Short updates by email").fill("reader@example.org")
    page.get_by_role("button", name="Subscribe").click()
    page.wait_for_url(f"{it.url}/subscribe")
    assert "Look into your mail" in page.inner_text("h1")

    page.goto(link_of(it.mail()))
    page.get_by_role("button", name="Confirm").click()
    assert page.inner_text("h1") == "Subscribed"
    page.get_by_label("Paint 2").check()
    page.get_by_label("Price cuts").check()
    page.get_by_label("Once a week, on Monday").check()
    page.get_by_role("button", name="Save").click()
    assert page.inner_text("[role=status]") == "Saved."
    assert page.get_by_label("Paint 2").is_checked()
    assert not page.get_by_label("Draw 1").is_checked()
    (row,) = it.recipients()
    assert (row["products"], row["kinds"], row["digest"]) == (["paint-2"], ["rate_down"], "weekly")

    page.goto(row["preferences"])
    assert page.get_by_label("Once a week, on Monday").is_checked()
    page.get_by_label("Paint 2").uncheck()
    page.get_by_role("button", name="Save").click()
    assert it.recipients()[0]["products"] == []

    page.goto(row["unsubscribe"])
    assert len(it.recipients()) == 1
    page.get_by_role("button", name="Unsubscribe").click()
    assert page.inner_text("h1") == "Unsubscribed"
    assert it.recipients() == []
    page.goto(row["preferences"])
    assert page.inner_text("h1") == "This link does not work"
    page.get_by_label("Email address").fill("reader@example.org")
    page.get_by_role("button", name="Subscribe").click()
    assert "Look into your mail" in page.inner_text("h1")
    assert [said for said in noise if "410" not in said] == []
    page.close()


def test_the_same_from_a_site_elsewhere_is_refused(
    running: Callable[..., Running], browser: Any
) -> None:
    it = running()
    page = browser.new_page(java_script_enabled=False)
    page.set_content(
        f'<form method=post action="{it.url}/subscribe"><input name=email value="a@example.org">'
        "<button>Win</button></form>"
    )
    page.get_by_role("button", name="Win").click()
    assert page.inner_text("h1") == "Not from here"
    assert it.service.roll.totals()["pending"] == 0
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_every_page_is_accessible_quiet_and_fits(
    running: Callable[..., Running],
    browser: Any,
    faults: Callable[..., list[Any]],
    width: int,
    scheme: str,
    tmp_path: Path,
) -> None:
    other = "dark" if scheme == "light" else "light"
    it = running(site=with_notice)
    it.sign_up("reader@example.org")
    confirm = link_of(it.mail())
    serial = next(iter(it.service.roll.everyone())).serial
    links = it.service.links
    shots = Path(os.environ.get("RATEWIRE_SHOTS", tmp_path))
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith(it.url) else noise.append(r.url))

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert faults(page) == [], name
        page.emulate_media(color_scheme=other)
        assert faults(page, colours=True) == [], name
        page.screenshot(path=shots / f"{name}-{width}-{other}.png", full_page=True)
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=shots / f"{name}-{width}-{scheme}.png", full_page=True)

    page.goto(f"{it.url}/")
    look("home")
    page.evaluate("document.forms[0].noValidate = true")
    page.get_by_label("Email address").fill("reader@exam_ple.org")
    page.get_by_role("button", name="Subscribe").click()
    assert page.get_by_text("This is not one email address").is_visible()
    look("wrong")
    page.get_by_label("Email address").fill("other@example.org")
    page.get_by_role("button", name="Subscribe").click()
    look("asked")
    page.goto(confirm)
    look("confirm")
    page.get_by_role("button", name="Confirm").click()
    look("confirmed")
    page.goto(links.link(Purpose.PREFERENCES, serial))
    look("preferences")
    page.goto(links.link(Purpose.UNSUBSCRIBE, serial))
    look("leave")
    page.get_by_role("button", name="Unsubscribe").click()
    look("left")
    page.goto(confirm)
    look("gone")
    assert [said for said in noise if "status of 4" not in said] == []
    html = it.smtp.messages[0].get_body(("html",)).get_content()
    page.set_content(html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=shots / f"mail-{width}-{scheme}.png", full_page=True)
    context.close()


def test_the_policy_is_never_broken(running: Callable[..., Running], browser: Any) -> None:
    it = running()
    page = browser.new_page()
    noise: list[str] = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    for path in ("/", "/confirm?t=x"):
        page.goto(f"{it.url}{path}", wait_until="networkidle")
        assert (
            page.evaluate("getComputedStyle(document.querySelector('button')).cursor") == "pointer"
        )
    assert [said for said in noise if "410" not in said] == []
    page.close()
