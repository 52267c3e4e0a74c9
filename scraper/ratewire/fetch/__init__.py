"""Polite HTTP: gives a source's capture, or says in one clause why there is none.

Reads no content and knows no other stage: whether an answer is the page at all is told by the
`judge` that is handed in. `fetcher` loads the HTTP libraries: only what fetches imports it.
"""

from ratewire.fetch.answers import Fetched, Validators
from ratewire.fetch.schedule import due, parse_duration

__all__ = ["Fetched", "Validators", "due", "parse_duration"]
