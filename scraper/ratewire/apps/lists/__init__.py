"""Price lists that others keep: read, written, and held against the official facts. Pure."""

from ratewire.apps.lists.audit import AuditFinding, AuditStatus, Official, audit
from ratewire.apps.lists.formats import FORMATS, plain_amount, read_list, told_by_shape, write_list

__all__ = [
    "FORMATS",
    "AuditFinding",
    "AuditStatus",
    "Official",
    "audit",
    "plain_amount",
    "read_list",
    "told_by_shape",
    "write_list",
]
