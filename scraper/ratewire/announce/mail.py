"""A message as an email: multipart text and HTML, with the headers that automatic mail carries.

Auto-Submitted is that of RFC 3834, List-Id of RFC 2919, List-Unsubscribe of RFC 2369 and its
one-click form of RFC 8058. All that recipients share is made once; what is personal is three
headers, so that thousands of mails cost little more than their transport.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ratewire.announce.recipients import SubscriberLinks
from ratewire.announce.telling import Telling
from ratewire.config import Site
from ratewire.wording.catalogue import Words, words_of
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = [
    "LETTERS",
    "Letter",
    "Letters",
    "address_is_safe",
    "composed",
    "display_name",
    "header_text",
    "plain_text",
]

_MOST_ROWS = 50
_UNSUBSCRIBE, _PREFERENCES = "\ue000", "\ue001"
"""Where a recipient's own links will stand: private characters, which `plain` drops from text."""
_PLACES = {
    mark: re.compile(rb"(?:=\r\n)?".join(b"=%02X" % byte for byte in mark.encode()))
    for mark in (_UNSUBSCRIBE, _PREFERENCES)
}
LETTERS = Path(__file__).parent
"""Templates of letters, and the one that all letters extend."""
_UNSAFE = frozenset(' \t\r\n\0<>",;:()[]\\')


def address_is_safe(address: str) -> bool:
    """Whether it is one bare ASCII addr-spec, which can stand in a header and in RCPT TO."""
    local, _, domain = address.rpartition("@")
    return (
        address.isascii()
        and address.isprintable()
        and bool(local and domain)
        and len(address) <= 254
        and not _UNSAFE.intersection(address)
        and "=?" not in address  # begins an encoded word (RFC 2047), which is another address
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """What every recipient of the same news gets; `to` makes it one recipient's."""

    shared: bytes
    """Headers, an empty line and the body, lines ended by CRLF."""
    domain: str
    unsubscribe: str

    def to(
        self,
        address: str,
        pseudonym: str,
        message_id: str,
        replies_to: str = "",
        links: SubscriberLinks | None = None,
    ) -> bytes:
        """The whole mail. `address` is one that `address_is_safe` holds to be so."""
        head = [f"To: {address}", f"Message-ID: <{message_id}@{self.domain}>"]
        if replies_to:
            head.append(f"In-Reply-To: <{replies_to}@{self.domain}>")
            head.append(f"References: <{replies_to}@{self.domain}>")
        where = links.unsubscribe if links else self.unsubscribe.replace("{recipient}", pseudonym)
        if where:
            head.append(f"List-Unsubscribe: <{where}>")
            if where.startswith("https:"):
                head.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        body = _linked(self.shared, links) if links else self.shared
        return "\r\n".join((*head, "")).encode("ascii") + body


def composed(
    site: Site, about: str, subject: str, text: str, html: str, language: str, now: datetime
) -> Letter:
    """A letter of the site: both forms of its words, under the headers of automatic mail.

    `about` names the list in List-Id (RFC 2919).
    """
    settings, email = site.settings, site.announce.email
    sender_name, sender = parseaddr(email.sender)
    host = urlsplit(settings.url).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name(sender_name or settings.title), addr_spec=sender)
    message["Subject"] = header_text(subject)
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<{about}.{host}>"
    message["Content-Language"] = language
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    body = message.as_bytes()
    boundary = f"=_{sha256(text.encode()).hexdigest()[:24]}"
    if boundary.encode() not in body:
        message.set_boundary(boundary)
    domain = sender.rpartition("@")[2] or host
    return Letter(message.as_bytes(), domain, email.unsubscribe)


class Letters:
    """Writes letters for one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._words = words_of(site)
        here = FileSystemLoader(LETTERS)
        self._page = Environment(
            loader=here, autoescape=True, undefined=StrictUndefined, trim_blocks=True
        ).get_template("mail.html")

    def letter(self, telling: Telling, now: datetime, *, personal: bool = False) -> Letter:
        """The letter that tells it, dated `now`; a personal one has the recipient's own links."""
        title = plain(self._site.settings.title, 120)
        text, html = self._text(telling, title, personal), self._html(telling, title, personal)
        language = self._site.settings.language
        return composed(self._site, "changes", telling.subject, text, html, language, now)

    def _footer(self, personal: bool) -> str:
        if personal:
            return self._words("mail.subscribed")
        unsubscribe = self._site.announce.email.unsubscribe
        why, way = self._words("mail.why"), self._words("mail.unsubscribe")
        return f"{why} {way}" if unsubscribe else why

    def _html(self, telling: Telling, title: str, personal: bool) -> str:
        return self._page.render(
            language=self._site.settings.language,
            subject=telling.subject,
            title=title,
            digest=telling.digest,
            stories=telling.stories,
            most_rows=_MOST_ROWS,
            footer=self._footer(personal),
            unsubscribe=_UNSUBSCRIBE if personal else "",
            preferences=_PREFERENCES if personal else "",
            say=self._words.html,
            home=f"{self._site.settings.url}/",
        )

    def _text(self, telling: Telling, title: str, personal: bool) -> str:
        end = f"-- \n{title}\n{self._site.settings.url}/\n{self._footer(personal)}\n"
        if personal:
            say = self._words
            end += f"{say('mail.preferences')}:\n{_PREFERENCES}\n"
            end += f"{say('mail.leave')}:\n{_UNSUBSCRIBE}\n"
        return f"{plain_text(telling, self._words)}\n\n{end}"


def _linked(shared: bytes, links: SubscriberLinks) -> bytes:
    """The shared quoted-printable body with the recipient's links in it."""
    for place, link in (
        (_PLACES[_UNSUBSCRIBE], links.unsubscribe),
        (_PLACES[_PREFERENCES], links.preferences),
    ):
        # Soft line breaks around and within it: how long a line gets does not depend on its place.
        safe = link.replace("=", "=3D")
        lines = re.findall(r"(?:=3D|[^=]){1,70}", safe)
        quoted = "".join(f"{line}=\r\n" for line in lines)
        shared = place.sub(f"=\r\n{quoted}".encode("ascii"), shared)
    return shared


def plain_text(telling: Telling, words: Words) -> str:
    """All that is told, as text."""
    rule = f"\n\n{'-' * 40}\n\n"
    return rule.join(_story_text(story, words) for story in telling.stories)


def _story_text(story: Story, words: Words) -> str:
    lines = [story.headline, "", story.detail, ""]
    for row in story.rows[:_MOST_ROWS]:
        step = f" ({row.step})" if row.step else ""
        before = words("mail.before", value=row.before)
        after = words("mail.after", value=f"{row.after}{step}")
        lines += [row.subject, f"  {before}", f"  {after}"]
    if len(story.rows) > _MOST_ROWS:
        lines.append(words("mail.more", count=len(story.rows) - _MOST_ROWS))
    lines += ["", words("mail.change_at", address=story.url)]
    if story.source_url:
        lines.append(f"{story.source}: {story.source_url}")
    return "\n".join(lines)


def display_name(text: str) -> str:
    """A sender's name of letters, digits and what needs no quotes: folding may lose quotes."""
    return plain(re.sub(r"[^\w .&'’–-]+", " ", text), 80)


def header_text(text: str) -> str:
    """A header's text as it is: what looks like an encoded word (RFC 2047) is not one."""
    return plain(text, 200).replace("=?", "= ?")
