"""Which email addresses can subscribe (RFC 5321, 5322; DNS is not asked), and when two are one."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from ratewire.announce.mail import address_is_safe

__all__ = ["address_of", "folded", "masked"]

_MOST = 254


def address_of(text: str) -> str:
    """The address that was typed, as it can stand in a header and in RCPT TO.

    ASCII only: mail servers that take other addresses (RFC 6531) are not yet the rule. An
    internationalised domain becomes its ASCII form. Raises ValueError, in words that do not repeat
    what was typed.
    """
    typed = text.strip()
    if len(typed) > _MOST:
        raise ValueError("is too long for an email address")
    try:
        found = validate_email(
            typed,
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=True,
        )
    except EmailNotValidError:
        raise ValueError("is not one email address, like name@example.org") from None
    address = found.ascii_email
    if address is None or not address_is_safe(address):
        raise ValueError("has characters that mail servers do not take everywhere")
    return address


def folded(address: str) -> str:
    """The same for the same mailbox: servers that tell upper from lower case are history."""
    return address.casefold()


def masked(address: str) -> str:
    """`a…@example.org`, for people to look at."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
