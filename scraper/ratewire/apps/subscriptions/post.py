"""Sends the service's letters over the mail server of `[announce.email]`, and tries again later.

Nothing that is logged has an address in it: a letter is known by the first digits of its reader's
serial.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parseaddr

from ratewire.announce.couriers import DeliveryStatus
from ratewire.announce.mail import address_is_safe
from ratewire.announce.smtp import connect, hand_over, verdict
from ratewire.apps.subscriptions.roll import DueLetter, Roll, Subscriber
from ratewire.apps.subscriptions.writing import Writer
from ratewire.config import Site

__all__ = ["Post"]

log = logging.getLogger(__name__)

_AT_MOST = 200
"""Letters of one round, after which the connection is given back."""


class Post:
    """Takes letters from the roll and hands them over, one after the other."""

    def __init__(
        self,
        site: Site,
        environment: Mapping[str, str],
        roll: Roll,
        writer: Writer,
        now: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = site.announce.email
        self._password = environment.get(self._settings.password_env, "")
        self._roll, self._writer, self._now, self._tls = roll, writer, now, tls

    def send_due(self) -> int:
        """How many letters were accepted. Raises StoreError; a trouble of the mail is logged."""
        server: smtplib.SMTP | None = None
        sent = 0
        try:
            for _ in range(_AT_MOST):
                letter = self._roll.take_letter()
                if letter is None:
                    break
                to = letter.subscriber
                if to is None or letter.refused or not address_is_safe(to.address):
                    self._roll.letter_is_done(letter.id)
                    continue
                data = self._written(letter, to)
                if data is None:
                    self._roll.letter_waits(letter.id, letter.tries)
                    continue
                try:
                    server = server or self._connect()
                    sent += self._send(server, letter, to, data)
                except (OSError, smtplib.SMTPException) as error:
                    # Its text may name the recipient.
                    log.warning("letter %s: %s", to.serial[:6], type(error).__name__)
                    self._roll.letter_waits(letter.id, letter.tries)
                    if server is None:
                        break  # nobody is there; the others wait as well
                    server.close()
                    server = None
        finally:
            if server is not None:
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
        return sent

    def _connect(self) -> smtplib.SMTP:
        if self._settings.security != "none" and self._tls is None:
            self._tls = ssl.create_default_context()
        return connect(self._settings, self._password, self._tls)

    def _written(self, letter: DueLetter, to: Subscriber) -> bytes | None:
        """None: it cannot be written, which must not keep others from theirs."""
        try:
            return self._writer.letter(to, letter.id, self._now())
        # The email package raises all sorts of errors; their texts may name the reader.
        except Exception as error:
            log.warning("letter %s: cannot be written: %s", to.serial[:6], type(error).__name__)
            return None

    def _send(self, server: smtplib.SMTP, letter: DueLetter, to: Subscriber, data: bytes) -> bool:
        back = self._settings.return_path.replace("{recipient}", to.serial)
        code, words = server.docmd("MAIL", f"FROM:<{back or parseaddr(self._settings.sender)[1]}>")
        refuses_us = code != 250
        if not refuses_us:
            code, words = server.docmd("RCPT", f"TO:<{to.address}>")
            if code in (250, 251):
                code, words = server.docmd("DATA")
                if code == 354:
                    code, words = hand_over(server, data)
                    if code == 250:
                        self._roll.letter_is_done(letter.id)
                        return True
        log.warning("letter %s: the mail server answered %d", to.serial[:6], code)
        with suppress(smtplib.SMTPException):
            server.rset()
        if not refuses_us and verdict(code, words) is DeliveryStatus.REFUSED:
            self._roll.letter_is_done(letter.id)
            self._roll.bounce(serial=to.serial, hard=True, complaint=False)
        else:
            self._roll.letter_waits(letter.id, letter.tries)
        return False
