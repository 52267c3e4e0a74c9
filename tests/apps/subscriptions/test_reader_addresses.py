"""Addresses: what can stand in a header and in RCPT TO, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratewire.announce.mail import address_is_safe
from ratewire.apps.subscriptions.addresses import address_of, folded, masked


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("reader@example.org", "reader@example.org"),
        ("  reader@example.org\n", "reader@example.org"),
        ("Reader+prices@Example.ORG", "Reader+prices@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("a@sub.example.co.uk", "a@sub.example.co.uk"),
        ("reader@bücher.example.org", "reader@xn--bcher-kva.example.org"),
    ],
)
def test_addresses_that_can_subscribe(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "@", "reader", "reader@", "@example.org", "a@b", "a b@example.org",
        "a@example.org,b@example.org", "a@example.org;b@example.org", "a@example.org b@example.org",
        "a@example.org\r\nBcc: b@example.org", "a\n@example.org", "a@example.org\x00",
        "Reader <reader@example.org>", "<reader@example.org>", '"a b"@example.org',
        '"a\\"@b"@example.org', "a@[127.0.0.1]", "a@127.0.0.1", "a@[IPv6:::1]", "a@localhost",
        "a..b@example.org", ".a@example.org", "a.@example.org", "a@-example.org", "a@example..org",
        "bücher@example.org", "a\u202e@example.org", "а@example.org", "a@exa\u200bmple.org",
        "a(comment)@example.org", "a@example.org>", "a" * 65 + "@example.org",
        "a@" + "b" * 64 + ".org", "a@" + ".".join(["bcd"] * 80) + ".org", "x" * 100_000,
        "a@example.org%0d%0aBcc:b@example.org", "mailto:a@example.org?bcc=b@example.org",
        "=?utf-8?q?a?=@example.org", "=?utf-8?b?YQ==?=@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has) ") as caught:
        address_of(typed)
    assert len(typed) < 16 or typed not in str(caught.value)


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[\w.+-]{1,70}@[\w.-]{1,70}\.\w{2,9}", fullmatch=True))
def test_whatever_is_taken_is_safe(typed: str) -> None:
    try:
        address = address_of(typed)
    except ValueError:
        return
    assert address_is_safe(address)
    assert address.count("@") == 1
    assert len(address) <= 254
    assert not set(address) & set('\r\n\0 <>,;:"()[]\\')
    assert address_of(address) == address


def test_when_two_are_one() -> None:
    assert folded("Reader@Example.org") == folded("reader@example.org")


def test_a_masked_address_says_little() -> None:
    assert masked("reader@example.org") == "r…@example.org"
