"""Tell those who asked: mail, signed webhooks, WebSub; each recipient once for each change."""

from ratewire.announce.deliver import (
    AnnounceReport,
    Planned,
    announce,
    dead_letters,
    send_again,
)
from ratewire.announce.outbox import DeadLetter, Message

__all__ = [
    "AnnounceReport",
    "DeadLetter",
    "Message",
    "Planned",
    "announce",
    "dead_letters",
    "send_again",
]
