"""A price list of somebody's own, kept right by what a ratewire site publishes.

Pure but for `asking` (the site) and `proposing` (git): what is published and where the figures of a
file stand go in, the file with other figures and the words of a pull request come out.
"""

from ratewire.apps.consume.asking import ask
from ratewire.apps.consume.figures import figures_of
from ratewire.apps.consume.mapping import load_mapping
from ratewire.apps.consume.planning import Left, Plan, Update, plan
from ratewire.apps.consume.proposing import Proposed, propose
from ratewire.apps.consume.published import Published
from ratewire.apps.consume.telling import body, title

__all__ = [
    "Left",
    "Plan",
    "Proposed",
    "Published",
    "Update",
    "ask",
    "body",
    "figures_of",
    "load_mapping",
    "plan",
    "propose",
    "title",
]
