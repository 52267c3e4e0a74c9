"""The owner hears what waits for them: each matter once when it begins and once when it is over."""

from scraper.owner.notices import Notice, Topic
from scraper.owner.telling import OwnerReport, has_owner_recipients, owner_recipients, tell

__all__ = ["Notice", "OwnerReport", "Topic", "has_owner_recipients", "owner_recipients", "tell"]
