"""What Markdown's and MDX's markup shows: to blocks, before anything is read in them."""

from __future__ import annotations

import pytest
from blocks_of import lines_of, rows_of

TABLE = "| Plan | Price |\n| --- | --- |\n| Moss | $5 |"


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        (r"Up to \<= 2k: \$2, beyond \> 2k: \$4", ["Up to <= 2k: $2, beyond > 2k: $4"]),
        (r"Use \{braces\} and \*stars\* and `\$x`", [r"Use {braces} and *stars* and \$x"]),
        ("`<think>` and `{{ x }}` cost $1", ["<think> and {{ x }} cost $1"]),
        ("See <https://docs.example/a_b_c>.", ["See https://docs.example/a_b_c."]),
        ("**输入：**价格 ￥2", ["输入：价格 ￥2"]),
        ("**$5**/mo, *not* 2 * 3 * 4, snake_case_name", ["$5/mo, not 2 * 3 * 4, snake_case_name"]),
        ("First line  \nsecond\\\nthird\nfourth", ["First line\nsecond\nthird fourth"]),
        ("One\n\n---\n\n* * *\n\nTwo", ["One", "Two"]),
        ("- Moss\n\n  It costs $5.\n- Fern", ["Moss", "It costs $5.", "Fern"]),
        ("1. Moss $5\n2. Fern $6", ["Moss $5", "Fern $6"]),
        ("Moss\n: $5 a month\n: $50 a year\n\nFern\n: $6", ["$5 a month", "$50 a year", "$6"]),
        ("<b>Moss</b>\n<b>Fern</b>", ["Moss Fern"]),
        ("> [!NOTE]\n> All for $5.\n> > And more.", ["All for $5. And more."]),
        ("Text[^1] here\n\n[^1]: From May.", ["Text here", "[1] From May."]),
        ("{% include 'prices.md' %}\n\n{{ site.prices }}\n\n<!-- $9 -->", []),
        ("It costs {{ price }} a month", ["It costs {{ price }} a month"]),
    ],
)  # fmt: skip
def test_a_line_shows_what_a_reader_sees(markdown: str, seen: list[str]) -> None:
    assert lines_of(markdown) == seen


@pytest.mark.parametrize(
    ("mdx", "seen"),
    [
        ('- <Link title="Moss" url="#a"/>: \\$5/min', ["Moss: $5/min"]),
        ('Now <Badge label="new" /> and <Tooltip tip="why">here</Tooltip>.', ["Now new and here."]),
        ('<Card title="Moss" href="/moss" />\n\nMore.', ["Moss", "More."]),
        ('<Card title="Moss" description="$5 a month" href="/?p=$9" />', ["$5 a month"]),
        ("<Highlight>$5</Highlight>", ["$5"]),
        ("<CodeBlock>$5</CodeBlock>", []),
        ("<Tip>\n  Moss costs $5.\n</Tip>", ["Moss costs $5."]),
        ("<Steps>\n<Step title=\"Pay\">\n$5 once\n</Step>\n</Steps>", ["$5 once"]),
        ('import X from "./x.mdx"\n\n<X />\n\nText', ["Text"]),
        ("    Indented in MDX: $5\n\n<Note>x</Note>", ["Indented in MDX: $5", "x"]),
    ],
)  # fmt: skip
def test_a_component_shows_its_words(mdx: str, seen: list[str]) -> None:
    assert lines_of(mdx) == seen


@pytest.mark.parametrize(
    ("markdown", "rows"),
    [
        (TABLE, [["Plan", "Price"], ["Moss", "$5"]]),
        (f"> {TABLE}".replace("\n", "\n> "), [["Plan", "Price"], ["Moss", "$5"]]),
        ("Plan | Price\n--- | ---\n`a|b` \\| c | $5", [["Plan", "Price"], ["a|b | c", "$5"]]),
        ("| Plan | Price |\n|--|--|\n| Moss<br>new | <Tag>$5</Tag> each |",
         [["Plan", "Price"], ["Moss\nnew", "$5 each"]]),
        ("| Plan | Price |\n|--|--|\n| Moss | {{ moss.price }} |\n| Fern | $NaN |",
         [["Plan", "Price"], ["Moss", "{{ moss.price }}"], ["Fern", "$NaN"]]),
        ("```text\nCredits    Monthly    Yearly\n\n7,500      $25        $252 ($21/month)\n```",
         [["Credits", "Monthly", "Yearly"], ["7,500", "$25", "$252 ($21/month)"]]),
        ("    Boxes    Price\n    7,500    $25\n", [["Boxes", "Price"], ["7,500", "$25"]]),
        (f"``` \n{TABLE}\n```", []),
        ("```python\nname    price\na       $5\n```", []),
        (f"```moss```\n```fern```\n\n{TABLE}", [["Plan", "Price"], ["Moss", "$5"]]),
        (f"```json a.json\n[1]\n```\n\n{TABLE}", [["Plan", "Price"], ["Moss", "$5"]]),
    ],
)  # fmt: skip
def test_a_table_has_the_cells_that_a_reader_sees(markdown: str, rows: list[list[str]]) -> None:
    assert rows_of(markdown) == rows
