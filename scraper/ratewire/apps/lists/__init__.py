"""Price lists that others keep: read, written, and held against the official facts. Pure."""

from ratewire.apps.lists.audit import Finding, Official, Standing, audit
from ratewire.apps.lists.formats import FORMATS, plain_amount, read_list, told_by_shape, write_list

__all__ = [
    "FORMATS",
    "Finding",
    "Official",
    "Standing",
    "audit",
    "plain_amount",
    "read_list",
    "told_by_shape",
    "write_list",
]
