from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown.extensions.tables import TableProcessor
from markdown.serializers import to_html_string
from markdown.treeprocessors import InlineProcessor

from ratewire.publish import markup
from ratewire.publish.markup import convert, slug


def relative(target: str) -> str:
    return ".." + target


def html(source: str) -> str:
    return convert(source, relative)[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("## What's *new*?", '<h2 id="whats-new">What\'s <em>new</em>?</h2>'),
        ("## A {#own .wide}", '<h2 class="wide" id="own">A</h2>'),
        ("# A\n\n# A\n\n# A", '<h1 id="a">A</h1>\n<h1 id="a-2">A</h1>\n<h1 id="a-3">A</h1>'),
        ("# ?", '<h1 id="section">?</h1>'),
        ("[a](/b/?x=1&y=2#z)", '<p><a href="../b/?x=1&amp;y=2#z">a</a></p>'),
        ("[a](//b.example)", '<p><a href="//b.example">a</a></p>'),
        ("[a](#b)", '<p><a href="#b">a</a></p>'),
        ("<https://a.example>", '<a href="https://a.example" rel="external">https://a.example</a>'),
        ("[a][1]\n\n[1]: /b/", '<p><a href="../b/">a</a></p>'),
        ('A <a href="/b/">b</a>', '<p>A <a href="../b/">b</a></p>'),
        ('<p><a href="https://b.example">b</a></p>', '<a href="https://b.example" rel="external">'),
        ("~~old~~ \\~\\~new\\~\\~", "<p><del>old</del> ~~new~~</p>"),
        ("a\n:   b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
        ("a[^1]\n\n[^1]: b", 'class="footnote-ref" href="#fn:1"'),
        ("```python\na < b\n```", '<pre><code class="language-python">a &lt; b\n</code></pre>'),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ('"a" -- b...', '<p>"a" -- b...</p>'),
    ],
)
def test_what_becomes_of_it(source: str, expected: str) -> None:
    assert expected in html(source)


def test_alignment_becomes_a_class_and_each_table_has_its_box() -> None:
    text = html(
        "| a | b | c |\n| :-- | :-: | --: |\n| 1 | 2 | 3 |\n\nb\n\n> | a |\n> | - |\n> | 1 |"
    )
    assert "<td>1</td>" in text
    assert '<td class="center">2</td>' in text
    assert '<th class="number">c</th>' in text
    assert text.count('class="scroll"') == text.count("<table>") == 2
    assert "align" not in text


def test_a_table_is_named_in_the_words_of_its_page() -> None:
    text, _ = convert("| a |\n| - |\n| 1 |", relative, "Tabelle")
    assert '<div aria-label="Tabelle" class="scroll"' in text


def test_a_heading_tells_its_words_without_markup() -> None:
    _, headings = convert("## A `b` &amp; <i>c</i> < \\* [d](/e/)", relative)
    (heading,) = headings
    assert (heading.text, heading.id) == ("A b &amp; c &lt; * d", "a-b-c-d")


def test_letters_of_any_script_stay_in_an_id() -> None:
    assert slug("Preis für 1 Bild – 価格") == "preis-für-1-bild-価格"


def test_one_text_leaves_nothing_for_the_next() -> None:
    html("# A\n\n[1]: /b/\n\n[^x]: c")
    assert html("# A\n\n[a][1] [^x]") == '<h1 id="a">A</h1>\n<p>[a][1] [^x]</p>'


def test_threads_do_not_meet() -> None:
    sources = [
        f"# {n}\n\n[a](/{n}/) `b` **c**\n\n| a | b |\n| - | - |\n| 1 | 2 |" for n in range(80)
    ]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(html, sources)) == [html(source) for source in sources]


PIECES = (
    "a b", "word", " ", "  \n", "\n", "\n\n", "    ", "*", "**", "_", "__", "`", "``", "~~", "~",
    "[", "]", "](/x/)", "![", "](y.png)", "[1]", "[1]: /z/", "[^1]", "[^1]: note", "<", ">", "<b>",
    "</b>", "<a@b.c>", "<https://a.example>", "&amp;", "&", "\\", "{#id .c}", "{: .d }", "# ",
    "## ", "- ", "1. ", ":   ", "> ", "| a | b |\n| - | -: |\n| 1 | 2 |", "```\n",
    "\ue0000\ue001",
)  # fmt: skip


_NUMBER = re.compile(r"(?<=klzzwxh:)\d{4}")


def plain_markdown() -> markup._Converter:
    """Python-Markdown as it comes: every step, none of the short ways."""
    converter = markup._Converter(frozenset())
    steps = converter._markdown
    steps.serializer = to_html_string
    steps.treeprocessors.register(InlineProcessor(steps), "inline", 20)
    rows = TableProcessor(steps.parser, {"use_align_attribute": True})
    steps.parser.blockprocessors.register(rows, "table", 75)
    return converter


def assert_plain(source: str) -> None:
    ours, theirs = convert(source, relative), plain_markdown().convert(source, relative, "Table")
    # Of `*a**a `b` c*`c` the library leaves a mark of its own in the text, with a running number.
    assert _NUMBER.sub("", repr(ours)) == _NUMBER.sub("", repr(theirs))


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_the_short_ways_change_nothing(source: str) -> None:
    assert_plain(source)


WHOLE = (
    "`a`", "` b `", "`a  \nb`", "`a & <b>`", "[a](/x/)", "[a b](https://a.example/x_y*z?a=~1)",
    "[a  \nb](/x/)", "[`a`](/x/)", "[a](/x/ 't')", "[a][1]", "[a]()", "*a*", "**a b**",
    "**[a](/x/)**", "*a `b` c*", "![a](/b.png)", "a", " ", ".", "!", "(", "\n", "{: .c }",
    "\n\n- ", "\n\n# ", "\n\n[1]: /z/\n\n", "*", "_", "`", "]",
)  # fmt: skip


@given(st.lists(st.sampled_from(WHOLE), max_size=9).map("".join))
def test_code_links_and_emphasis_are_what_the_library_makes_of_them(source: str) -> None:
    assert_plain(source)


MARKS = ("*", "**", "***", "_", "__", "word", " ", "é", "1", ".", "(", ")", "\\", "`", "|", "\n")


@given(st.lists(st.sampled_from(MARKS), max_size=12).map("".join))
def test_the_short_ways_change_no_emphasis(source: str) -> None:
    table = f"| a | b |\n| - | - |\n| {source} | **c** |"
    for text in (source, table):
        assert_plain(text)
