"""The owner hears what waits for them: each matter once when it begins and once when it is over."""

from ratewire.owner.notices import Notice, Topic
from ratewire.owner.telling import OwnerReport, has_owner_recipients, owner_recipients, tell

__all__ = ["Notice", "OwnerReport", "Topic", "has_owner_recipients", "owner_recipients", "tell"]
