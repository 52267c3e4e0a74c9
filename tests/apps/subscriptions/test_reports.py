"""Mail that came back: whose it was, told by what only they can have got; and hostile reports."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratewire.apps.subscriptions.reports import DeliveryReport, read_report

SERIAL = "0123456789abcdef0123456789abcdef"
OTHER = "f" * 32


def serial_of(token: str) -> str:
    if token != "good":
        raise ValueError("not ours")
    return SERIAL


def report(
    *,
    to: str = "prices@prices.example",
    status: str = "Action: failed\nStatus: 5.1.1",
    returned: str = "Subject: Changes\nMessage-ID: <abc@prices.example>",
    recipient: str = "Final-Recipient: rfc822; Reader@example.org",
    returned_type: str = "message/rfc822",
) -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{recipient}
{status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: {returned_type}

{returned}

The body.
--b--
""".replace("\n", "\r\n").encode()


COMPLAINT = """From: <fbl@provider.example>
To: {to}
Subject: FW: Changes
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeFBL/1.0
Version: 1
Original-Rcpt-To: reader@example.org

--b
Content-Type: message/rfc822

From: prices@prices.example
Subject: Changes
{header}

Words.
--b--
"""


def complaint(kind: str = "abuse", header: str = "X: y", to: str = "fbl@prices.example") -> bytes:
    return COMPLAINT.format(kind=kind, header=header, to=to).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("more", "serial"),
    [
        ({}, ""),
        ({"to": f"bounces+{SERIAL}@prices.example"}, SERIAL),
        ({"to": f"Bounces <bounces+{SERIAL.upper()}@prices.example>"}, SERIAL),
        ({"to": "prices@prices.example\nX-Original-To: b-" + SERIAL + "@prices.example"}, SERIAL),
        ({"returned": "List-Unsubscribe: <https://s.example/unsubscribe?t=good>"}, SERIAL),
        ({"returned": "List-Unsubscribe: <mailto:x@y>, <https://s.example/u?t=good>"}, SERIAL),
        ({"returned": "List-Unsubscribe: <https://s.example/unsubscribe?t=forged>"}, ""),
        ({"returned": f"Message-ID: <7.{SERIAL}@prices.example>"}, SERIAL),
        (
            {
                "returned": f"Message-ID: <7.{SERIAL}@prices.example>",
                "returned_type": "text/rfc822-headers",
            },
            SERIAL,
        ),
    ],
)
def test_whose_it_was(more: dict[str, str], serial: str) -> None:
    (found,) = read_report(report(**more), serial_of)
    assert (found.serial, found.address, found.hard) == (serial, "Reader@example.org", True)


@pytest.mark.parametrize(
    ("status", "hard"),
    [
        ("Action: failed\nStatus: 5.1.1", True),
        ("Action: FAILED\nStatus: 5.1.10 (null MX)", True),
        ("Action: failed\nStatus: 5.0.0", True),
        ("Action: failed\nStatus: 5.2.1", True),
        ("Action: failed\nStatus: 5.2.2", False),
        ("Action: failed\nStatus: 5.7.1", False),
        ("Action: failed\nStatus: 4.4.7", False),
        ("Action: failed", True),
        ("Action: delayed\nStatus: 4.4.1", None),
        ("Action: delivered\nStatus: 2.0.0", None),
        ("Action: relayed\nStatus: 2.0.0", None),
    ],
)
def test_what_a_status_means(status: str, hard: bool | None) -> None:
    found = read_report(report(status=status), serial_of)
    assert [one.hard for one in found] == ([] if hard is None else [hard])


def test_each_recipient_that_failed() -> None:
    two = "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\n"
    data = report(recipient=two + "Final-Recipient: rfc822; b@example.org")
    assert [one.address for one in read_report(data, serial_of)] == [
        "a@example.org",
        "b@example.org",
    ]


@pytest.mark.parametrize(
    ("header", "serial"),
    [("List-Unsubscribe: <https://s.example/unsubscribe?t=good>", SERIAL), ("X: y", "")],
)
def test_a_complaint(header: str, serial: str) -> None:
    (found,) = read_report(complaint(header=header), serial_of)
    assert found == DeliveryReport(serial, "reader@example.org", complaint=True)


def test_what_is_no_complaint() -> None:
    assert read_report(complaint("not-spam"), serial_of) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: a@b\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b--",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: message/feedback-report\r\n\r\n",
        b"Content-Type: multipart/report; report-type=\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
    ],
)
def test_other_mail_is_no_report(data: bytes) -> None:
    found = read_report(data, serial_of)
    assert all(not one.serial and not one.address for one in found)


def test_deep_nesting_ends() -> None:
    data = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(200)
    )
    assert read_report(data, serial_of) == ()


def test_parts_nested_by_the_thousand_are_no_report() -> None:
    heads = (f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3000))
    assert read_report("".join(heads).encode(), serial_of) == ()


def test_links_without_an_end_are_read_once() -> None:
    """Each tried to the end of the header took minutes."""
    returned = f"List-Unsubscribe: {'<https://a' * 90_000}\nMessage-ID: <abc@prices.example>"
    (found,) = read_report(report(returned=returned), serial_of)
    assert found.serial == ""


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_are_too_much(data: bytes) -> None:
    read_report(data, serial_of)
    read_report(report().replace(b"Reporting-MTA", data), serial_of)


def test_a_serial_in_the_text_proves_nothing() -> None:
    data = report(returned=f"Subject: bounces+{OTHER}@prices.example <1.{OTHER}@x>")
    assert [one.serial for one in read_report(data, serial_of)] == [""]


def test_a_report_does_not_show_its_address() -> None:
    assert "Reader" not in repr(read_report(report(), serial_of))
