from __future__ import annotations

import pytest
from pages import Page, pages

from ratewire.judge import judge


@pytest.mark.parametrize("page", list(pages()), ids=lambda page: page.name)
def test_verdict(page: Page) -> None:
    verdict = judge(page.capture, page.source)
    assert verdict.kind is page.kind, verdict.evidence
    assert verdict.genuine or verdict.evidence
