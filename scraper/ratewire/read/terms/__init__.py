"""On which terms the rates of a page hold, by the words round the figures that print them.

The readers give each rate its conditions, in words; here the words become values: brackets, what
is included, the least and the most that is charged, billing, sales, hours.
"""

from ratewire.read.terms.hours import hours_told
from ratewire.read.terms.reading import by_hours, sentences_with_hours, with_terms

__all__ = ["by_hours", "hours_told", "sentences_with_hours", "with_terms"]
