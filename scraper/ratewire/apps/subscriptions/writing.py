"""The service's own letters: a link to confirm, or, to who is subscribed already, their links.

Both have the same parts and are sent at the same occasion, so that the page where someone signed
up need not say which it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from jinja2 import Environment

from ratewire.announce.mail import display_name, header_text
from ratewire.apps.subscriptions.links import Links, Purpose
from ratewire.apps.subscriptions.roll import Subscriber
from ratewire.config import Site
from ratewire.wording.text import plain

__all__ = ["Writer"]


@dataclass(frozen=True, slots=True)
class _LetterWords:
    """A letter with one thing to do."""

    subject: str
    lines: tuple[str, ...]
    button: str
    link: str
    after: str


class Writer:
    """Writes the letters of one site."""

    def __init__(self, site: Site, links: Links, pages: Environment) -> None:
        self._site = site
        self._links = links
        self._page = pages.get_template("letter.html")
        self._title = plain(site.settings.title, 120)

    def letter(self, to: Subscriber, number: int, now: datetime) -> bytes:
        """The whole mail, lines ended by CRLF."""
        words = self._known(to) if to.confirmed else self._new(to)
        name, sender = parseaddr(self._site.announce.email.sender)
        message = EmailMessage(policy=SMTP)
        message["To"] = Address(addr_spec=to.address)
        message["From"] = Address(display_name(name or self._title), addr_spec=sender)
        message["Subject"] = header_text(words.subject)
        message["Date"] = format_datetime(now)
        # The serial tells whose letter it was, should it come back.
        domain = sender.rpartition("@")[2] or urlsplit(self._site.settings.url).hostname
        message["Message-ID"] = f"<{number}.{to.serial}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "en"
        home = f"{self._site.settings.url}/"
        text = "\n\n".join((*words.lines, f"{words.button}:\n{words.link}", words.after))
        message.set_content(f"{text}\n\n-- \n{self._title}\n{home}\n", cte="quoted-printable")
        html = self._page.render(words=words, title=self._title, home=home)
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        return message.as_bytes()

    def _new(self, to: Subscriber) -> _LetterWords:
        return _LetterWords(
            f"Confirm your subscription to {self._title}",
            (
                f"Someone, probably you, asked for mail about changes at {self._title}.",
                "If it was you, confirm it. If not, do nothing: no mail comes, and this address "
                "is erased.",
            ),
            "Confirm the subscription",
            self._links.link(Purpose.CONFIRM, to.serial),
            f"The link is good for {_long(self._site.subscribe.service.confirmation_ttl)}.",
        )

    def _known(self, to: Subscriber) -> _LetterWords:
        leave = self._links.link(Purpose.UNSUBSCRIBE, to.serial)
        return _LetterWords(
            f"Your subscription to {self._title}",
            (
                f"You are subscribed to changes at {self._title}.",
                "Someone, probably you, entered this address there again. Here is the link by "
                "which you change what you get.",
            ),
            "Change what you get",
            self._links.link(Purpose.PREFERENCES, to.serial),
            f"To end the subscription: {leave}",
        )


def _long(duration: str) -> str:
    """`2d` as `2 days`; what is made of several parts stays as it is."""
    unit = {"m": "minute", "h": "hour", "d": "day", "w": "week"}.get(duration.strip()[-1:], "")
    number = duration.strip()[:-1].strip()
    return f"{number} {unit}{'s' * (number != '1')}" if unit and number.isdecimal() else duration
