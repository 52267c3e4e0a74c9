"""Price lists that others keep: read, written, and held against the official facts. Pure."""

from scraper.lists.audit import Finding, Official, Standing, audit
from scraper.lists.formats import FORMATS, plain_amount, read_list, told_by_shape, write_list

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
