"""What an owner is told of: a matter that waits for them, with all that it takes to settle it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Notice", "Topic"]


class Topic(StrEnum):
    """Kinds of matters. A further one is a line here and a function in `standing`."""

    heading: str
    """The heading above such matters in a message."""

    def __new__(cls, value: str, heading: str = "") -> Topic:
        one = str.__new__(cls, value)
        one._value_ = value
        one.heading = heading
        return one

    HELD = "held", "Readings that are held"
    UNREAD = "unread", "Changed figures that are not understood"
    PLACES = "places", "Pages that state two prices of one thing"
    SOURCES = "sources", "Sources that disagree"
    UNSTEADY = "unsteady", "Pages that switch between versions"
    UNWELL = "unwell", "Sources that cannot be read"
    UNDELIVERED = "undelivered", "Messages that could not be delivered"
    UNRENDERED = "unrendered", "Pages of the site that could not be rendered"
    DAMAGED = "damaged", "Records that were damaged"
    CLOCK = "clock", "The clock of the machine"
    STOPPED = "stopped", "Runs that did not come to their end"


@dataclass(frozen=True, slots=True)
class Notice:
    """One matter. It stands for as long as it is found again under the same topic, source and key;
    what else it says may change meanwhile and is no news.
    """

    topic: Topic
    source: str
    """Id of the source; empty: of the site as a whole."""
    key: str
    """Which of the source's matters of this topic."""
    headline: str
    """What is the matter, in one clause."""
    rows: tuple[tuple[str, str], ...] = ()
    """Label and words: before, now, where, why."""
    remedy: str = ""
    """The command, or what else settles it."""
    url: str = ""
    """The page that it is about."""

    @property
    def matter(self) -> tuple[Topic, str, str]:
        """What makes two notices one and the same."""
        return self.topic, self.source, self.key
