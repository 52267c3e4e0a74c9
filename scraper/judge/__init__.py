"""Is this capture the page at all? Only a genuine one is read; all others count as not seen."""

from scraper.judge.judge import judge

__all__ = ["judge"]
