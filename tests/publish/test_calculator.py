"""The calculator in a real Chromium: what it says each use costs, and why."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from halden import NOW, halden_site

from ratewire.publish.build import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def calculator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site, store = halden_site(tmp_path_factory.mktemp("halden"))
    build(site, store, now=NOW, checked={"halden": NOW})
    handler = functools.partial(Quiet, directory=str(site.output))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/calculator/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Any, calculator: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    one = context.new_page()
    one.goto(calculator, wait_until="networkidle")
    yield one
    context.close()


def ask(page: Any, product: str, fields: Mapping[str, str], requests: str = "1") -> None:
    page.get_by_label("Product").select_option(product)
    page.get_by_label("Requests per month").fill(requests)
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').fill(value)


@pytest.mark.parametrize(
    ("product", "fields", "month", "how"),
    [
        ("graduated", {"price": "15000"}, "$1,325.00",
         "10,000 at $0.09 per GB; 5,000 at $0.085 per GB"),
        ("volume", {"price": "15000"}, "$1,275.00", "15,000 at $0.085 per GB"),
        ("percent", {"fee": "3", "of": "50"}, "$15.00", "3 × 10%, each of $50.00"),
        ("percent-and-fixed", {"fee": "100", "of": "50"}, "$175.00",
         "100 × 2.9% + $0.30 per transaction, each of $50.00"),
        ("minimum-and-cap", {"fee": "2", "of": "10"}, "$1.00", "at least $0.50"),
        ("minimum-and-cap", {"fee": "2", "of": "10000"}, "$10.00", "at most $5.00"),
        ("least-and-step", {"price": "0.2"}, "$0.03", "0.5 at $0.06 per minute"),
        ("least-and-step", {"price": "0.55"}, "$0.036", "0.6 at $0.06 per minute"),
        ("included", {"price": "12"}, "$3.00", "10 included; 2 at $1.50 per GB"),
        ("billing", {"price": "3"}, "$48.00", "3 at $16.00 per user-month"),
        ("yearly", {"price": "2"}, "$20.00", "for 12 months at a time"),
        ("sale", {"price": "1"}, "$15.00", "1 at $15.00 per month"),
        ("hours", {"input;period=peak": "1000000"}, "$0.44", "1,000,000 at $0.44 per 1M tokens"),
        ("unnamed-bracket", {"price": "3"}, "$87.00", "does not say how its brackets add up"),
    ],
)  # fmt: skip
def test_each_term_is_reckoned_and_said(
    page: Any, product: str, fields: Mapping[str, str], month: str, how: str
) -> None:
    ask(page, product, fields)
    assert page.inner_text("[data-result=month]") == month
    assert how in page.inner_text("[data-parts]")
    assert page.inner_text("[data-sum]").startswith(f"A month costs {month}: ")


def test_brackets_of_a_context_are_reached_by_each_request(page: Any) -> None:
    ask(page, "context", {"text.input": "200000"}, requests="10")
    assert page.inner_text("[data-result=month]") == "$2.50"  # 10 × 0.2 × 1.25
    ask(page, "context", {"text.input": "200001"}, requests="10")
    assert page.inner_text("[data-result=month]") == "$5.00"
    assert page.inner_text("[data-result=request]") == "$0.50"


def test_brackets_of_a_months_use_are_reached_by_all_requests(page: Any) -> None:
    ask(page, "graduated", {"price": "15"}, requests="1000")
    assert page.inner_text("[data-result=month]") == "$1,325.00"
    assert page.inner_text("[data-result=request]") == "$1.33"


def test_what_is_paid_once_is_in_no_month(page: Any) -> None:
    ask(page, "one-off", {"price": "2"})
    assert page.inner_text("[data-result=month]") == "$0.00"
    assert "One-off: Price (paid once) $1,200.00." in page.inner_text("[data-sum]")


def test_a_multiplier_is_chosen_and_said(page: Any) -> None:
    ask(page, "multiplied", {"price": "2"})
    assert page.inner_text("[data-result=month]") == "$6.00"
    page.get_by_label("Price multipliers").select_option(index=1)
    assert page.inner_text("[data-result=month]") == "$6.60"
    assert "all × 1.1" in page.inner_text("[data-parts]")
    shared = page.url
    page.goto(shared, wait_until="networkidle")
    assert page.inner_text("[data-result=month]") == "$6.60"


def test_only_what_a_product_has_is_asked_for(page: Any) -> None:
    ask(page, "graduated", {})
    assert not page.locator("[data-fees]").is_visible()
    assert not page.locator("[data-multiplied]").is_visible()
    for name in ("Input read from cache", "Outputs per request", "Outputs that are accepted"):
        assert not page.get_by_label(name).is_visible()
    assert "Per accepted output" not in page.inner_text(".tiles")
    ask(page, "percent", {})
    assert page.locator("[data-fees]").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_accessible(
    browser: Any, calculator: str, faults: Callable[..., list[Any]], width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    for product in ("graduated", "minimum-and-cap", "hours", "multiplied"):
        page.goto(f"{calculator}?product={product}", wait_until="networkidle")
        for field in page.locator("[data-meters] input").all():
            field.fill("12345")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
    context.close()


def test_the_page_without_its_data_says_so(browser: Any, calculator: str, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/lines.json", lambda route: route.abort())
    page.goto(calculator, wait_until="networkidle")
    assert "could not be loaded" in page.inner_text("main")
    context.close()
