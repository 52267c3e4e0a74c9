"""Stories with their words, as lists and pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ratewire.publish.statements import Vocabulary
from ratewire.publish.stories import Story
from ratewire.publish.wording import wording

__all__ = ["Told", "tell"]


@dataclass(frozen=True, slots=True)
class Told:
    story: Story
    headline: str
    summary: str

    @property
    def path(self) -> str:
        return f"/changes/{self.story.change.id}/"


def tell(stories: Iterable[Story], vocabulary: Vocabulary) -> tuple[Told, ...]:
    """In the vocabulary's words."""
    told = [(story, wording(story, vocabulary)) for story in stories]
    return tuple(Told(story, said.headline, said.summary) for story, said in told)
