"""The site's form: where it posts to, what it says beside the address, and what it is allowed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lumen import Sample

from ratewire.config import (
    ButtondownSettings,
    ListmonkSettings,
    ServiceSettings,
    SubscribeSettings,
)

UUID = "6d48fffe-7d37-4c14-b317-3e4cda33a647"
LISTMONK = ListmonkSettings("https://lists.example.org", 3, UUID, "ratewire")


@pytest.mark.parametrize(
    ("settings", "action", "hidden"),
    [
        (
            SubscribeSettings("buttondown", buttondown=ButtondownSettings("example", "a&b")),
            "https://buttondown.com/api/emails/embed-subscribe/example",
            [("tag", "a&amp;b"), ("embed", "1")],
        ),
        (
            SubscribeSettings("listmonk", listmonk=LISTMONK),
            "https://lists.example.org/subscription/form",
            [("l", UUID), ("nonce", "")],
        ),
        (
            SubscribeSettings("service", service=ServiceSettings("https://s.example.org/")),
            "https://s.example.org/subscribe",
            [],
        ),
        (SubscribeSettings("form", "https://f.example.org/x"), "https://f.example.org/x", []),
        (SubscribeSettings("none", "https://f.example.org/x"), "", []),
    ],
    ids=lambda one: one.provider if isinstance(one, SubscribeSettings) else None,
)
def test_the_form(
    sample: Sample, settings: SubscribeSettings, action: str, hidden: list[tuple[str, str]]
) -> None:
    site = replace(sample.site, subscribe=settings)
    out = Sample(site, sample.store).build().out
    page = (out / "changes" / "index.html").read_text("utf-8")
    policy = re.search(r"form-action 'self'([^;]*);", page)
    assert policy
    assert policy[1].strip() == action
    part = page[page.index('<div class="subscribe">') :].partition("</div>\n")[0]
    assert re.findall(r'<form action="([^"]*)" method="post">', part) == [action] * bool(action)
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', part) == hidden
    assert ('type="email" name="email"' in part) == bool(action)
    assert "feeds/all.atom" in page
