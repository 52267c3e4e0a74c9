"""Containers that Markdown's dialects add, as tags: `:::note`, `!!! note`, `=== "Tab"`,
`{% tab title="…" %}`, `{{< tab "…" >}}`.

A pane of a switcher becomes a `<Tab>`, a titled box a fold whose title is a heading; a box
without a title leaves its text where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

__all__ = ["directives_to_tags"]

_TEMPLATE_TAB = re.compile(
    r"\{(?:%|\{[<%])-?\s*(?P<end>/|end)?(?P<name>tabs?|tabpane|expand|details)\b"
    r"(?P<rest>[^%}]*?)/?\s*-?(?:%\}|[>%]\}\})"
)
_QUOTED = re.compile(r"""(?:\b(?:title|name|header|label)\s*=\s*)?["'“](?P<text>[^"'”]+)["'”]""")
_COLONS = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>:{3,})[ \t]*(?P<rest>.*?)[ \t]*$")
_BOX = re.compile(r"\{?\.?(?P<kind>[\w-]+)\}?(?:\[(?P<named>[^\]]*)\])?[ \t]*(?P<title>.*)")
_INDENTED = re.compile(
    r"^(?P<indent>[ \t]*)(?:(?P<pane>===[!+]*)[ \t]+\"(?P<label>[^\"]+)\""
    r"|(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[\w-]+)[^\"\n]*(?:\"(?P<title>[^\"]*)\")?)[ \t]*$"
)
_PANE_LINE = re.compile(r"^[ \t]*==[ \t]+(?P<label>[^=\n]+?)[ \t]*$")


def directives_to_tags(text: str) -> str:
    """The text with its containers as tags that the reader of components knows."""
    if "{%" in text or "{{" in text:
        text = _TEMPLATE_TAB.sub(_template_tag, text)
    if ":::" in text:
        text = "\n".join(_colons(text.split("\n")))
    if re.search(r"^[ \t]*(?:===|!!!|\?\?\?)", text, re.M):
        text = "\n".join(_indented(text.split("\n")))
    return text


def _template_tag(match: re.Match[str]) -> str:
    name = {"tab": "Tab", "tabs": "Tabs", "tabpane": "Tabs"}.get(match["name"], "Fold")
    if match["end"]:
        return f"\n</{name}>\n"
    label = _QUOTED.search(match["rest"])
    bare = match["rest"].strip()
    title = label["text"] if label else bare if re.fullmatch(r"[\w .-]+", bare) else ""
    return f'\n<{name} title="{escape(title)}">\n' if title else f"\n<{name}>\n"


def _colons(lines: Sequence[str]) -> Iterator[str]:
    """`::: kind Title` up to its `:::`; the panes of `:::tabs` begin with `== Label`."""
    open_: list[str] = []
    for line in lines:
        match = _COLONS.match(line)
        if match and not match["rest"]:
            yield open_.pop() if open_ else ""
        elif match and (box := _BOX.fullmatch(match["rest"])):
            opened, closing = _box(box["kind"], box["named"] or box["title"])
            open_.append(closing)
            yield opened
        elif open_ and open_[-1].endswith("</Tabs>") and (pane := _PANE_LINE.match(line)):
            yield ("</Tab>\n" if open_[-1] != "</Tabs>" else "") + _opened("Tab", pane["label"])
            open_[-1] = "</Tab>\n</Tabs>"
        else:
            yield line


def _box(kind: str, title: str) -> tuple[str, str]:
    """What opens and closes a box; nothing for one without a title."""
    if kind in ("tabs", "tab-set"):
        return "<Tabs>", "</Tabs>"
    if kind in ("tab", "tab-item"):
        return _opened("Tab", title), "</Tab>"
    title = title.strip(" *_{}")
    if kind == "example":
        title = f"Example: {title}"
    return (_opened("Fold", title), "</Fold>") if title else ("", "")


def _opened(name: str, title: str) -> str:
    return f'<{name} title="{escape(title)}">'


def _indented(lines: Sequence[str]) -> Iterator[str]:
    """`=== "Label"` and `!!! kind "Title"` hold for the lines that are indented deeper."""
    open_: list[tuple[int, str]] = []
    for line in lines:
        indent = len(line) - len(line.lstrip())
        match = _INDENTED.match(line)
        label = match["label"] if match else None
        while line.strip() and open_ and indent <= open_[-1][0]:
            if label and open_[-1] == (indent, "</Tabs>"):
                break
            yield open_.pop()[1]
        if match is None:
            depth = 4 * sum(closing != "</Tabs>" for _, closing in open_)
            yield line[min(depth, indent) :]
            continue
        if label and (indent, "</Tabs>") not in open_:
            open_.append((indent, "</Tabs>"))
            yield "<Tabs>"
        opened, closing = (
            (_opened("Tab", label), "</Tab>") if label
            else _box(match["kind"], match["title"] or "")
        )  # fmt: skip
        open_.append((indent, closing))
        yield opened
    yield from (closing for _, closing in reversed(open_))
