"""What a comparison goes on with: a later reading under the names that are on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ratewire.model import Facts, Figure, Quantity, Rate, UnreadChange

__all__ = ["Followed", "Identity"]

Identity = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """A later reading as the record would have it."""

    facts: Facts
    figures: tuple[Figure, ...]
    """Of the later capture, each with the recorded name of the rate that it prints."""
    aligned: Mapping[int, int] = field(default_factory=dict)
    """Number of a figure of the earlier capture to that of the later one which it is."""
    renamed: Mapping[Identity, Identity] = field(default_factory=dict)
    """Recorded name to the name that the page gives now, of rates whose label changed."""
    contents: Mapping[Identity, tuple[Quantity, Quantity]] = field(default_factory=dict)
    """Of rates that cost what they did, but for another quantity: what it was and is."""
    before: tuple[Rate, ...] = ()
    """What the earlier capture printed as well, though it is not on record."""
    still: tuple[Rate, ...] = ()
    """What the later capture goes on saying in another place, though its own figure is gone."""
    unread: tuple[UnreadChange, ...] = ()
    stays: bool = False
    """Most of what the earlier capture printed beside its rates is still there, and it is enough
    to tell a page that dropped its prices from one that broke."""
    damaged: tuple[str, ...] = ()
    """Recorded prices in whose place the page shows none, in words."""
    marks: tuple[str, ...] = ()
    """Places that print two prices of one thing."""
