"""Is everything here that a site needs to run by itself? Each finding with its remedy."""

from scraper.doctor.examining import examine
from scraper.doctor.findings import Finding, Standing

__all__ = ["Finding", "Standing", "examine"]
