"""Snapshot and new facts in, trusted changes out. Pure.

match ──► classify ──► guard ──► confirm ──► group
which is  what became  is it     is it       one cause,
which     of it        plausible there twice one change
"""

from scraper.compare.confirm import Comparison, at_rest, compare, compare_unchanged
from scraper.compare.differences import differences
from scraper.compare.group import alteration_key
from scraper.compare.reader import lens, rebase
from scraper.compare.review import (
    Question,
    accept,
    correct,
    correction,
    questions,
    reject,
    withdraw,
)
from scraper.compare.rows import ChangeRow, change_rows, compare_readings

__all__ = [
    "ChangeRow",
    "Comparison",
    "Question",
    "accept",
    "alteration_key",
    "at_rest",
    "change_rows",
    "compare",
    "compare_readings",
    "compare_unchanged",
    "correct",
    "correction",
    "differences",
    "lens",
    "questions",
    "rebase",
    "reject",
    "withdraw",
]
