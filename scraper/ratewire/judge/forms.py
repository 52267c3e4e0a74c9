"""Captures that are no HTML: JSON, XML, Markdown and plain text."""

from __future__ import annotations

import json
import re
from typing import Final

from lxml import etree

from ratewire.judge.signs import plain_typography, signs, weight
from ratewire.model import Verdict, VerdictKind

_LONGEST_ERROR: Final = 400
"""No bare error message of a server or gateway is longer, in letters."""
_SAYS_MISSING: Final = re.compile(
    r"\b(?:404|410)\b|not.?found|no.?such|not exist|cannot get|default backend", re.IGNORECASE
)
_SAYS_BLOCKED: Final = re.compile(
    r"\b(?:401|403|429|451)\b|forbidden|denied|authori[sz]|authenti|too many|rate.?limit|blocked"
    r"|log.?in|sign.?in|a moment|cookies|invalid (?:token|api)|captcha|credentials",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_TAIL: Final = 10_000
_ERROR_NAMES: Final = frozenset(("error", "errors", "exception", "fault", "errorresponse"))
_ABOUT_ERRORS: Final = frozenset(
    (
        "message", "detail", "title", "code", "status", "statuscode", "status_code", "type",
        "instance", "success", "ok", "timestamp", "path", "requestid", "request_id", "trace_id",
    )
)  # fmt: skip
"""What stands around an error's message (RFC 9457 and the customs of frameworks)."""


def judge_json(text: str) -> Verdict | None:
    try:
        value = json.loads(text)
    except RecursionError:
        return None
    except ValueError:
        if bare := bare_error(text):
            return bare
        if text.rstrip()[-1:] in "}]":
            return None  # JSON lines, or JSON with comments: for the reader to try
        return Verdict(VerdictKind.TRUNCATED, f"JSON breaks off after {text.rstrip()[-40:]!r}")
    if value in ({}, [], None, ""):
        return Verdict(VerdictKind.EMPTY, f"JSON holds nothing: {text.strip()[:20]}")
    if not isinstance(value, dict) or len(text) > 2000:
        return None
    told = next((value[key] for key in value if key.lower() in _ERROR_NAMES and value[key]), "")
    said = next((str(value[key]) for key in ("message", "detail", "title") if value.get(key)), "")
    more = {key for key in value if key.lower() not in _ERROR_NAMES | _ABOUT_ERRORS}
    holds = any(isinstance(value[key], list | dict) and value[key] for key in more)
    envelope = (said and not more and _failed(value)) or (told and len(value) <= 6)
    if envelope or (len(value) <= 5 and not holds and bare_error(said)):
        return Verdict(_kind_of(f"{told} {said}"), f"JSON tells an error: {text.strip()[:120]}")
    return None


def _failed(value: dict[str, object]) -> bool:
    """Whether what holds a message alone says that something failed, or says nothing else."""
    codes = [v for v in value.values() if isinstance(v, int) and not isinstance(v, bool)]
    words = {str(value.get(key)).lower() for key in ("status", "type", "success", "ok")}
    failing = bool(words & {"error", "fail", "failed", "failure", "false"})
    return len(value) == 1 or failing or any(400 <= code < 600 for code in codes)


def judge_xml(text: str) -> Verdict | None:
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.XMLSyntaxError as error:
        end = _COMMENT.sub("", text[-_TAIL:]).rstrip()[-200:]
        closed = re.search(r"</[\w:.-]+\s*>\Z", end)
        root_name = re.search(r"<([A-Za-z][\w:.-]*)", text)
        if root_name and not (closed and f"</{root_name[1]}" in end):
            return Verdict(VerdictKind.TRUNCATED, f"XML breaks off: {str(error.msg)[:80]}")
        return None
    name = etree.QName(root).localname.lower()
    if name in _ERROR_NAMES:
        told = " ".join(" ".join(root.itertext()).split())
        return Verdict(_kind_of(told), f"XML tells an error: {told[:120]}")
    return None


def judge_text(text: str) -> Verdict | None:
    """Markdown and plain text: short ones that say nothing but an error."""
    if bare := bare_error(text):
        return bare
    if weight(text) > _LONGEST_ERROR * 2:
        return None
    heads = re.findall(r"^#\s+(.+?)\s*#*$", text, re.MULTILINE)[:1]
    # Lower headings are of sections, unless one of them is all there is.
    heads = heads or re.findall(r"^##\s+(.+?)\s*#*$", text, re.MULTILINE)
    if len(heads) > 1:
        return None
    for name, kind in (("missing", VerdictKind.MISSING), ("error", VerdictKind.ERROR)):
        found = signs(name)
        if (head := found.in_heads(heads)) and found.in_text(text):
            return Verdict(kind, f"headed {head!r}")
    return None


def bare_error(text: str) -> Verdict | None:
    """What a server or gateway says in place of a page, without any page around it."""
    plain = plain_typography(" ".join(text.split()))
    match = signs("error").more["bare"].search(plain) if len(plain) <= _LONGEST_ERROR else None
    return Verdict(_kind_of(match[0]), f"says nothing but {plain[:80]!r}") if match else None


def _kind_of(words: str) -> VerdictKind:
    """What kind of error these words tell."""
    if _SAYS_MISSING.search(words):
        return VerdictKind.MISSING
    return VerdictKind.BLOCKED if _SAYS_BLOCKED.search(words) else VerdictKind.ERROR
