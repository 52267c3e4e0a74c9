"""The links in mails: signed, so that nobody can make one, and good for one purpose each.

A token is a subscriber's serial, the time and an HMAC-SHA256 over both under a key of the purpose
(itsdangerous). It names no address. Whoever has the link may use it; so pages with links in their
address send no referrer and are not stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

__all__ = ["Links", "Purpose", "Token"]

_LONGEST = 300
_PREFERENCES = timedelta(days=90)


class Purpose(StrEnum):
    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"
    """Does not expire: an old mail's button has to work."""


class Token(str):
    """What a link carries; a secret."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Token(…)"


class Links:
    """Makes and reads the links of one service."""

    def __init__(
        self, base: str, keys: Sequence[str], within: timedelta, now: Callable[[], datetime]
    ) -> None:
        """`keys`: the first signs, and a link that any of them signed is good."""
        self._base = base.rstrip("/")
        self._good_for = {Purpose.CONFIRM: within, Purpose.PREFERENCES: _PREFERENCES}

        class Signer(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(now().timestamp())

        self._serializers = {
            purpose: URLSafeTimedSerializer(
                list(reversed(keys)),  # the last signs, there
                salt=f"ratewire.subscriptions.{purpose}",
                signer=Signer,
                signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
            )
            for purpose in Purpose
        }

    def token(self, purpose: Purpose, serial: str) -> Token:
        dumped = self._serializers[purpose].dumps(serial)
        return Token(dumped if isinstance(dumped, str) else dumped.decode("ascii"))

    def link(self, purpose: Purpose, serial: str) -> str:
        return f"{self._base}/{purpose}?t={self.token(purpose, serial)}"

    def serial(self, purpose: Purpose, token: str) -> str:
        """Whose it is. Raises ValueError, in words for a reader, where it is no good."""
        limit = self._good_for.get(purpose)
        if len(token) > _LONGEST or not token.isascii():
            raise ValueError("This link is not complete.")
        try:
            serial = self._serializers[purpose].loads(
                token, max_age=int(limit.total_seconds()) if limit else None
            )
        except SignatureExpired:
            raise ValueError("This link is too old.") from None
        except BadSignature:
            raise ValueError("This link is not complete.") from None
        return str(serial)
