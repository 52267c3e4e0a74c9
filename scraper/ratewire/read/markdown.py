"""Markdown and MDX to HTML: enough of it to read facts, so that one reader serves both.

Follows CommonMark's blocks and GitHub's tables where it matters; code blocks are left out (prices
in samples are no prices), includes and template tags that were never filled in vanish.
"""

from __future__ import annotations

import re
from html import escape

from ratewire.read.blocks import blocks_html, is_table_delimiter
from ratewire.read.directives import directives_to_tags
from ratewire.read.fences import without_fences, without_indented_code
from ratewire.read.inline import with_literals
from ratewire.read.mdx import components_to_html
from ratewire.read.plain_tables import looks_like_plain_tables, plain_tables_to_markdown

__all__ = ["looks_like_markdown", "markdown_to_html"]

_FRONT = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.S)
_TITLE = re.compile(r"^title[ \t]*[:=](.*)$", re.M)
_OPENER = re.compile(r"<%|\{%|\{\{|\{/\*|<!--")
_CLOSER = {"<%": "%>", "{%": "%}", "{{": "}}", "{/*": "*/}", "<!--": "-->"}
_DEFINITION = re.compile(r"^ {0,3}\[[^\]^\n][^\]\n]{0,200}\]:[ \t]+\S+.*\n?", re.M)
_LONGEST_PLACEHOLDER = 80


def looks_like_markdown(text: str) -> bool:
    """Whether a text served without a telling media type is Markdown rather than HTML."""
    start = text.lstrip("\ufeff \n\r\t")[:2000].lower()
    if start.startswith(("<!doctype", "<html", "<head", "<?xml", "<rss", "<feed")):
        return False
    if "<html" in start or "<body" in start:
        return False
    return bool(
        start.startswith("---\n")
        or re.search(r"^#{1,6} \S", text, re.M)
        or _has_pipe_table(text)
        or looks_like_plain_tables(text)
    )


def _has_pipe_table(text: str) -> bool:
    above = ""
    for line in text.split("\n") if "--" in text else ():
        if "|" in above and "--" in line and is_table_delimiter(line):
            return True
        above = line
    return False


def markdown_to_html(text: str) -> str:
    """An HTML page of the same headings, tables, lists and paragraphs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    title = ""
    if front := _FRONT.match(text):
        text = text[front.end() :]
        found = _TITLE.search(front.group(2))
        title = found.group(1).strip().strip("'\"") if found else ""
    text = with_literals(without_fences(text))
    text = _without_templates(directives_to_tags(_DEFINITION.sub("", text)))
    if looks_like_plain_tables(text):
        text = plain_tables_to_markdown(text)
    text = components_to_html(without_indented_code(text))
    head = f"<title>{escape(title)}</title>" if title else ""
    lead = f"<h1>{escape(title)}</h1>" if title and not re.search(r"^# ", text, re.M) else ""
    return f"<html><head>{head}</head><body>{lead}{blocks_html(text)}</body></html>"


def _without_templates(text: str) -> str:
    """The text without comments and the tags of template languages. What stands for a value amid
    words or in a cell (`{{ price }}`) is shown to readers as it is, and stays.
    """
    parts: list[str] = []
    unclosed: set[str] = set()
    at = 0
    for match in _OPENER.finditer(text):
        opener, start = match.group(), match.start()
        if start < at or opener in unclosed or text[start - 1 : start] == "=":
            continue
        closer = _CLOSER[opener]
        end = text.find(closer, match.end())
        if end < 0:
            unclosed.add(opener)
            continue
        parts.append(text[at:start])
        at = end + len(closer)
        if opener == "{{" and _is_value(text, start, at):
            parts.append(text[start:at].replace("{", "&#123;"))
    return "".join((*parts, text[at:]))


def _is_value(text: str, start: int, end: int) -> bool:
    if end - start > _LONGEST_PLACEHOLDER or not text[start + 2 : end - 2].strip()[:1].isalpha():
        return False
    before = text[text.rfind("\n", max(0, start - 500), start) + 1 : start]
    after = text[end : end + 500].partition("\n")[0]
    return bool(before.strip() or after.strip())
