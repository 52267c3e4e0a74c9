"""Captures that are no HTML: JSON, XML, Markdown and plain text."""

from __future__ import annotations

import json
import re
from typing import Final

from lxml import etree

from scraper.judge.signs import fold, signs, weight
from scraper.model import Verdict, VerdictKind

_BARE: Final = 400
"""No error message of a server or gateway is longer, in letters."""


def judge_json(text: str) -> Verdict | None:
    try:
        value = json.loads(text)
    except RecursionError:
        return None
    except ValueError:
        if bare := judge_text(text):
            return bare
        if text.rstrip()[-1:] in "}]":
            return None
        return Verdict(VerdictKind.TRUNCATED, f"JSON breaks off after {text.rstrip()[-40:]!r}")
    if value in ({}, [], None, ""):
        return Verdict(VerdictKind.EMPTY, f"JSON holds nothing: {text.strip()[:20]}")
    if isinstance(value, dict) and len(text) < 2000:
        told = {key.lower() for key in value} & {"error", "errors", "exception", "fault"}
        said = str(value.get("message") or value.get("detail") or value.get("title") or "")
        if any(value.get(key) or value.get(key.capitalize()) for key in told) and len(value) <= 6:
            return Verdict(VerdictKind.ERROR, f"JSON tells an error: {text.strip()[:120]}")
        if len(value) <= 5 and said and _bare_error(said):
            return Verdict(VerdictKind.ERROR, f"JSON tells an error: {said[:120]}")
    return None


def judge_xml(text: str) -> Verdict | None:
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.XMLSyntaxError as error:
        closed = re.search(r"</[\w:.-]+>\s*(?:<!--.*?-->\s*)*$", text, re.DOTALL)
        root_name = re.search(r"<([A-Za-z][\w:.-]*)", text)
        if root_name and not (closed and f"</{root_name[1]}>" in text[-200:]):
            return Verdict(VerdictKind.TRUNCATED, f"XML breaks off: {str(error.msg)[:80]}")
        return None
    name = etree.QName(root).localname.lower()
    if name in ("error", "errors", "fault", "errorresponse"):
        return Verdict(VerdictKind.ERROR, f"XML tells an error: {' '.join(root.itertext())[:120]}")
    return None


def judge_text(text: str) -> Verdict | None:
    """Markdown and plain text: short ones that say nothing but an error."""
    plain = fold(" ".join(text.split()))
    if len(plain) <= _BARE and (match := _bare_error(plain)):
        return Verdict(_kind_of_bare(match), f"says nothing but {plain[:80]!r}")
    if weight(plain) > _BARE * 2:
        return None
    heads = re.findall(r"^#{1,2}\s+(.+?)\s*#*$", text, re.MULTILINE)[:2]
    for name, kind in (("missing", VerdictKind.MISSING), ("error", VerdictKind.ERROR)):
        found = signs(name)
        if (head := found.in_heads(heads)) and found.in_text(plain):
            return Verdict(kind, f"headed {head!r}")
    return None


def _bare_error(text: str) -> str:
    match = signs("error").more["bare"].search(fold(text).strip())
    return match[0] if match else ""


def _kind_of_bare(words: str) -> VerdictKind:
    folded = words.lower()
    if re.search(r"40[4]|410|not found|no such|default backend", folded):
        return VerdictKind.MISSING
    if re.search(r"40[13]|429|451|forbidden|denied|authori|too many|rate|blocked|login|sign in|"
                 r"moment|cookies|authentic|invalid", folded):  # fmt: skip
        return VerdictKind.BLOCKED
    return VerdictKind.ERROR
