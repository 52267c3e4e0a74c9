"""Is everything here that a site needs to run by itself? Each finding with its remedy."""

from ratewire.apps.doctor.examining import examine
from ratewire.apps.doctor.findings import CheckStatus, Finding

__all__ = ["CheckStatus", "Finding", "examine"]
