"""Which character encoding a body is in, found as browsers do (WHATWG Encoding and HTML):
byte order mark, then the header, then the page's own word, then a guess.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PARAMETER: Final = re.compile(r";\s*charset\s*=\s*\"?([^\";\s]+)", re.IGNORECASE)
_XML: Final = re.compile(rb"<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"'>]+)")
_XML_HEAD: Final = re.compile(r"<\?[^>]*>")
_IN_CONTENT: Final = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_AS_BROWSERS_READ: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "utf-16": "utf-16-le",
}  # fmt: skip
"""Labels that the web uses for a wider encoding than they name (WHATWG Encoding §4.2)."""
_UNKNOWN_TO_PYTHON: Final = {
    "x-sjis": "cp932", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8", "unicode": "utf-16-le",
    "x-gbk": "gb18030", "x-x-big5": "big5", "x-cp1251": "cp1251", "x-cp1252": "cp1252",
    "x-mac-cyrillic": "mac-cyrillic", "x-user-defined": "cp1252", "dos-874": "cp874",
}  # fmt: skip
_READABLE: Final = frozenset(
    (
        "utf-8", "utf-16-le", "utf-16-be", "cp866", "koi8-r", "koi8-u", "mac-roman",
        "mac-cyrillic", "cp874", "gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "cp932",
        "cp949", *(f"cp125{n}" for n in range(9)),
        *(f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    )
)  # fmt: skip
"""No other codec is let near a body: some of Python's are slow on purpose-made input."""


def find_charset(body: bytes, content_type: str, media_type: str) -> str:
    """The name of the Python codec that `body` is to be read with.

    `content_type`: the header as it came, of which the charset parameter counts.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    stated = _PARAMETER.search(content_type)
    return (_codec(stated[1]) if stated else "") or _declared(body, media_type) or _guess(body)


def _declared(body: bytes, media_type: str) -> str:
    if not ("html" in media_type or "xml" in media_type or not media_type):
        return ""
    start = body[:1024]
    found = _XML.match(start)
    name = _codec(found[1].decode("ascii", "replace")) if found else ""
    if not name or "html" in media_type:
        name = _said_by_meta(start) or name
    return _as_it_was_read(name)


def _said_by_meta(start: bytes) -> str:
    """The codec that the first meta element names of which any is known; or empty."""
    if b"charset" not in start.lower():
        return ""
    from bs4 import BeautifulSoup, SoupStrainer  # not for the many pages whose header says it

    text = _XML_HEAD.sub("", start.decode("latin-1"))
    for meta in BeautifulSoup(text, "lxml", parse_only=SoupStrainer("meta")).find_all("meta"):
        label = str(meta.get("charset", ""))
        if not label and str(meta.get("http-equiv", "")).lower() == "content-type":
            found = _IN_CONTENT.search(str(meta.get("content", "")))
            label = found[1] if found else ""
        if name := _codec(label):
            return name
    return ""


def _as_it_was_read(name: str) -> str:
    """A page that could be read so far as to name its encoding is not in UTF-16."""
    return "utf-8" if name.startswith("utf-16") else name


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return "cp1252"
    return "utf-8"


def _codec(label: str) -> str:
    label = label.strip(" \t\n\r\f\"'")[:40].lower()
    try:
        name = codecs.lookup(_UNKNOWN_TO_PYTHON.get(label, label)).name
    except (LookupError, ValueError):
        return ""
    name = _AS_BROWSERS_READ.get(name, name)
    return name if name in _READABLE else ""
