from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

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
