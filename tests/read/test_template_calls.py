"""Pages as their template has them: calls that put a picture there are no text, values are."""

from __future__ import annotations

import pytest
from reading_of import rates_of, reading

PAGE = (
    '<html lang="en"><h1>Care</h1><table><thead><tr><th></th><th>Otter Pro</th><th>Otter Lite</th>'
    "</tr></thead><tbody><tr><td>Rack</td><td>$450</td><td>$225</td></tr>"
    "<tr><td>Laptop</td><td>$25</td><td>n/a</td></tr>"
    "<tr><td>Longer upkeep</td><td>{0}</td><td>{0}</td></tr></tbody></table></html>"
)


@pytest.mark.parametrize(
    "call",
    [
        '{{ image(url="https://pics.example/a1.svg", width="16", height="16") | safe }}',
        "{{- icon( name = 'tick-16' ) -}}",
        '{{ partials.tick(size="16", hi_def=True,) }}',
    ],
)
def test_a_call_with_named_arguments_is_no_text(call: str) -> None:
    assert rates_of(PAGE.format(call), "text/html") == rates_of(PAGE.format("yes"), "text/html")
    assert len(rates_of(PAGE.format(call), "text/html")) == 3
    assert "{{" not in " ".join(f.place.words + f.text for f in
                                reading(PAGE.format(call), "text/html").figures)  # fmt: skip


@pytest.mark.parametrize("value", ["{{ price }}", "{{ price('rack') }}", "{{ plan.price(16) }}"])
def test_what_stands_for_a_value_stays(value: str) -> None:
    lines = reading(PAGE.format("yes").replace("$225", value), "text/html").lines.texts
    assert any(value in line for line in lines)
