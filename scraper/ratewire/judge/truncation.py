"""Does a page of HTML break off? Many a whole page leaves out its last end tags, so those alone
tell nothing: elements must be open that no standard lets stay so."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_ENDS: Final = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_WHOLE: Final = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TAG: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title)\b[^<>]*>.*?(?:</\1\s*>|\Z)"
    r"|<(/?)(div|section|main|article|table|tbody|ul|ol|nav|header|footer|form|aside|svg|select"
    r"|span|a|button|pre|h[1-6])\b(?>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE | re.DOTALL,
)
_UNFINISHED: Final = re.compile(r"<[a-z!/][^<>]{0,2000}\Z", re.IGNORECASE)


def breaks_off(text: str) -> str:
    """Evidence that an HTML document ends before its end, or empty."""
    if not _WHOLE.search(text[:4000]) or _ENDS.search(text[-4000:]):
        return ""
    tail = " ".join(text[-60:].split())
    if _UNFINISHED.search(text[-2100:]):
        return f"breaks off within a tag: {tail!r}"
    still_open: Counter[str] = Counter()
    last = ""
    for match in _TAG.finditer(text):
        last = match[0]
        if match[3]:
            still_open[match[3].lower()] += -1 if match[2] else 1
    if last.startswith("<!--") and not last.endswith("-->"):
        return f"breaks off within a comment: {tail!r}"
    if last[:7].lower().startswith(("<script", "<style")) and not re.search(r"</\w+\s*>\Z", last):
        return f"breaks off within a script: {tail!r}"
    names = [name for name, count in still_open.items() if count > 0]
    if names:
        return f"ends with {' and '.join(names[:3])} still open: {tail!r}"
    return ""
