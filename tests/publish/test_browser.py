"""The built site in a real Chromium: accessible, quiet, whole without scripts."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from lumen import Sample, in_language, lumen_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(site: Path, root: Path) -> Iterator[str]:
    """A built site on loopback, under the path that its address has."""
    (root / "lumen").symlink_to(site)
    handler = functools.partial(Quiet, directory=str(root))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/lumen"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(built, tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="module")
def built_in_german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose own language is German."""
    sample = Sample(*lumen_site(tmp_path_factory.mktemp("lumen-de")))
    return in_language(sample, "de").build().out


@pytest.fixture(scope="module")
def german(built_in_german: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(built_in_german, tmp_path_factory.mktemp("served-de")) as address:
        yield address


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    contexts = []

    def open_it(**options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield open_it
    for context in contexts:
        context.close()


def paths(built: Path) -> list[str]:
    files = sorted(built.rglob("*.html"))
    return ["/" + str(f.relative_to(built)).removesuffix("index.html") for f in files]


def visit(page: Any, url: str) -> None:
    """Only the pages of which a script reads data are not whole once they are loaded."""
    scripted = url.endswith(("/calculator/", "/search/", "/changes/"))
    page.goto(url, wait_until="networkidle" if scripted else "load")


@pytest.mark.parametrize(
    ("width", "scheme", "other"), [(390, "light", "dark"), (1280, "dark", "light")]
)
def test_every_page_is_accessible_quiet_and_fits(
    built: Path,
    address: str,
    faults: Callable[..., list[Any]],
    open_page: Callable[..., Any],
    width: int,
    scheme: str,
    other: str,
) -> None:
    """In the `other` scheme all is where it was and only colours are different."""
    page = open_page(viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    noise: list[str] = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(address) else noise.append(r.url))
    for path in paths(built):
        visit(page, address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert faults(page) == [], path
        page.emulate_media(color_scheme=other)
        assert faults(page, colours=True) == [], path
        page.emulate_media(color_scheme=scheme)
    assert noise == []


def test_the_policy_is_never_broken(
    built: Path, address: str, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    noise: list[str] = []
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    for path in paths(built):
        visit(page, address + path)
    assert noise == []


def test_it_is_whole_without_scripts(address: str, open_page: Callable[..., Any]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/")
    assert "$30.00" in page.inner_text("main")
    page.goto(f"{address}/changes/")
    assert page.locator(".log > li").count() == 4
    assert not page.locator("[data-filter]").is_visible()
    page.goto(f"{address}/calculator/")
    assert "needs JavaScript" in page.inner_text("main")
    assert not page.locator("[data-calculator]").is_visible()
    page.goto(f"{address}/products/lumen-image-2/")
    assert page.locator("svg.chart").is_visible()
    page.goto(f"{address}/search/")
    assert page.get_by_role("link", name="What one Lumen image costs").is_visible()


WATCH_SHIFTS = """
window.moved = 0;
const add = (list) => list.getEntries().forEach((entry) => { window.moved += entry.value; });
new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_moves_while_it_loads(
    built: Path, address: str, open_page: Callable[..., Any]
) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.add_init_script(WATCH_SHIFTS)
    for path in paths(built):
        page.goto(address + path, wait_until="networkidle")
        assert page.evaluate("window.moved") == 0, path


def test_the_filter_hides_and_keeps_the_choice_in_the_address(
    address: str, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    page.goto(f"{address}/changes/")
    page.get_by_label("Kind").select_option("rate_down")
    assert page.locator(".log > li:visible").count() == 2
    assert page.inner_text("[data-count]") == "2 of 4 changes"
    assert page.url.endswith("?kind=rate_down")
    page.reload()
    assert page.locator(".log > li:visible").count() == 2
    page.get_by_label("Product").select_option("lumen-image-1")
    assert page.inner_text("[data-count]") == "0 of 4 changes"


def test_the_calculator_reckons_with_the_published_rates(
    built: Path, address: str, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    page.goto(f"{address}/calculator/", wait_until="networkidle")
    page.get_by_label("Image output, tokens").fill("1000")
    page.get_by_label("Text input, tokens").fill("1000")
    page.get_by_label("Requests per month").fill("100")
    page.get_by_label("Outputs accepted").fill("50")
    # 1000 × $30 / 1M + 1000 × $5 / 1M = $0.035 a request; twice that for an accepted output.
    assert page.inner_text("[data-result=request]") == "$0.035"
    assert page.inner_text("[data-result=accepted]") == "$0.07"
    assert page.inner_text("[data-result=month]") == "$3.50"
    page.get_by_label("Input read from cache").fill("100")
    assert page.inner_text("[data-result=request]") == "$0.0313"  # text at $1.25
    page.get_by_label("Tier").select_option("batch")
    assert page.inner_text("[data-result=request]") == "$0.0175"  # no cached price in a batch
    shared = page.get_attribute("[data-link]", "href")
    other = open_page()
    other.goto(f"{address}/calculator/{shared}", wait_until="networkidle")
    assert other.inner_text("[data-result=request]") == "$0.0175"
    other.get_by_label("Output priced by").select_option(label="medium 1024 × 1024")
    assert other.inner_text("[data-result=request]") == "$0.0555"


def test_search_finds_by_words(address: str, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(f"{address}/search/?q=image+costs")
    page.wait_for_selector("[data-results] a")
    first = page.locator("[data-results] a").first
    assert first.inner_text() == "What one Lumen image costs"
    first.click()
    assert page.url == f"{address}/articles/what-an-image-costs/"


def test_the_scripts_speak_the_language_of_the_page(
    built_in_german: Path,
    german: str,
    faults: Callable[..., list[Any]],
    open_page: Callable[..., Any],
) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, bypass_csp=True)
    page.add_init_script(WATCH_SHIFTS)
    for path in ("/changes/", "/calculator/", "/search/", "/products/lumen-image-2/", "/"):
        page.goto(german + path, wait_until="networkidle")
        assert page.evaluate("window.moved") == 0, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert faults(page) == [], path
    page.goto(f"{german}/changes/")
    page.get_by_label("Art").select_option("rate_down")
    assert page.inner_text("[data-count]") == "2 von 4 Änderungen"
    page.goto(f"{german}/search/?q=Lumen+Image+1", wait_until="networkidle")
    page.wait_for_selector("[data-results] a")
    assert page.inner_text("[data-found]").endswith(" Treffer")
    page.goto(f"{german}/calculator/", wait_until="networkidle")
    page.get_by_label("Image output, Tokens je Ausgabe").fill("1000")
    page.get_by_label("Texteingabe, Tokens je Anfrage").fill("1000")
    assert page.inner_text("[data-result=request]").replace("\u00a0", " ") == "0,035 $"
    assert page.inner_text("[data-parts] caption") == "Woraus sich ein Monat zusammensetzt"
    options = page.locator("#c-image option").all_inner_texts()
    assert options[0] == "verbrauchten Tokens"
    assert "niedrig 1024 × 1024" in options


def test_a_reader_changes_the_language(address: str, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(f"{address}/articles/what-an-image-costs/")
    page.get_by_role("link", name="Deutsch").click()
    assert page.url == f"{address}/de/articles/what-an-image-costs/"
    assert page.inner_text("h1") == "Was ein Bild bei Lumen kostet"
    page.get_by_role("link", name="English").click()
    assert page.inner_text("h1") == "What one Lumen image costs"
    page.goto(f"{address}/search/?q=Bild", wait_until="networkidle")
    found = page.locator("[data-results] a[hreflang=de]").first
    assert found.get_attribute("lang") == "de"


def test_the_skip_link_leads_to_the_content(address: str, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(f"{address}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


NUMBER_FOCUSABLE = """
() => {
  const kinds = "a[href], button, input, select, summary, [tabindex='0']";
  const shown = [...document.querySelectorAll(kinds)].filter((one) => one.checkVisibility());
  shown.forEach((one, number) => one.setAttribute("data-number", number));
  return shown.length;
}
"""
FOCUSED = """
() => {
  const [one, box] = [document.activeElement, document.activeElement.getBoundingClientRect()];
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  return [one.dataset.number ?? "", getComputedStyle(one).outlineStyle !== "none" && seen];
}
"""


def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    built: Path, address: str, open_page: Callable[..., Any]
) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    for path in paths(built):
        visit(page, address + path)
        wanted = page.evaluate(NUMBER_FOCUSABLE)
        reached = []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            number, visible = page.evaluate(FOCUSED)
            assert visible, (path, page.evaluate("document.activeElement.outerHTML"))
            reached.append(number)
        assert reached == [str(number) for number in range(wanted)], path


def test_the_calculator_and_the_filter_work_from_the_keyboard(
    address: str, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    page.goto(f"{address}/calculator/", wait_until="networkidle")
    page.get_by_label("Image output, tokens").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1000000")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("0")
    assert page.inner_text("[data-result=request]").startswith("$30")
    page.goto(f"{address}/changes/", wait_until="networkidle")
    page.get_by_label("Kind").focus()
    page.keyboard.type("Price cut")
    assert page.inner_text("[data-count]") == "2 of 4 changes"


def test_every_page_says_the_same_without_scripts(
    built: Path, address: str, open_page: Callable[..., Any]
) -> None:
    with_scripts, without = open_page(), open_page(java_script_enabled=False)
    for path in paths(built):
        visit(with_scripts, address + path)
        without.goto(address + path)
        assert without.locator("h1").is_visible(), path
        if path in {"/calculator/", "/search/", "/changes/"}:  # their forms are for scripts
            continue
        assert without.inner_text("body") == with_scripts.inner_text("body"), path


def test_pages_are_small(built: Path) -> None:
    import gzip

    for file in built.rglob("*.html"):
        assert len(gzip.compress(file.read_bytes())) < 20_000, file
    assets = sum(len(gzip.compress(f.read_bytes())) for f in (built / "assets").iterdir())
    assert assets < 20_000
    assert json.loads((built / "api/v1/search.json").read_text())["pages"]
