"""Snapshot and new facts in, trusted changes out. Pure.

align ──► follow ──► classify ──► guard ──► confirm ──► group
which     under the  what became  is it     is it       one cause,
figure    recorded   of it        plausible there twice one change
is which  names
"""

from ratewire.compare.addresses import DISAGREE, Elsewhere, look_elsewhere, other_look
from ratewire.compare.clocks import mended
from ratewire.compare.confirm import Comparison, at_rest, compare, compare_unchanged
from ratewire.compare.differences import Differences, differences
from ratewire.compare.disagree import disagreements
from ratewire.compare.group import alteration_key
from ratewire.compare.reader import lens, needs_rebase, only_decided, rebase
from ratewire.compare.review import (
    Question,
    accept,
    correct,
    correction,
    questions,
    reject,
    retract,
    unread_key,
)
from ratewire.compare.rows import ChangeRow, ReadingsCompared, change_rows, compare_readings
from ratewire.compare.told import as_told

__all__ = [
    "DISAGREE",
    "ChangeRow",
    "Comparison",
    "Differences",
    "Elsewhere",
    "Question",
    "ReadingsCompared",
    "accept",
    "alteration_key",
    "as_told",
    "at_rest",
    "change_rows",
    "compare",
    "compare_readings",
    "compare_unchanged",
    "correct",
    "correction",
    "differences",
    "disagreements",
    "lens",
    "look_elsewhere",
    "mended",
    "needs_rebase",
    "only_decided",
    "other_look",
    "questions",
    "rebase",
    "reject",
    "retract",
    "unread_key",
]
