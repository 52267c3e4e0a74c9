"""Small SVG pictures that state a product's stage or a rate, for use in other people's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

from ratewire.model import Stage
from ratewire.publish.ids import safe_id
from ratewire.publish.labels import Labels
from ratewire.publish.ledger import Ledger

__all__ = ["badge", "badge_files", "badge_width"]

_COLOURS: Mapping[Stage, str] = {
    Stage.ANNOUNCED: "#5b5b66",
    Stage.LIMITED: "#8a5a00",
    Stage.PREVIEW: "#8a5a00",
    Stage.AVAILABLE: "#13693f",
    Stage.DEPRECATED: "#8a5a00",
    Stage.RETIRED: "#9b1c1c",
}
_PLAIN = "#1f4fd8"
_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
"""A meter whose name can be that of a file; others come from a page's own headings."""


def badge_files(ledger: Ledger, labels: Labels) -> Mapping[str, bytes]:
    """`badges/<product>.svg` and, in the standard tier, `badges/<product>/<meter>.svg`."""
    files: dict[str, bytes] = {}
    for product in ledger.products():
        stated = ledger.availability(product.id)
        if stated is not None:
            colour = _COLOURS[stated.stage]
            text = labels.stage(stated.stage, within=True)
            files[f"badges/{product.id}.svg"] = badge(product.name, text, colour)
        for meter in sorted({one.rate.meter for one in ledger.rates(product.id)}):
            quoted = ledger.rate(product.id, meter)
            if quoted is not None and _NAME.fullmatch(meter) and safe_id(meter) == meter:
                name = f"{product.name} {labels.meter(meter, within=True)}"
                told = labels.price(quoted.rate)
                files[f"badges/{product.id}/{meter}.svg"] = badge(name, told, _PLAIN)
    return files


def badge(name: str, text: str, colour: str) -> bytes:
    """Two fields side by side; widths are estimated, and `textLength` makes the text fit them."""
    left, right = _width(name), _width(text)
    total = badge_width(name, text)
    return (
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="22" role="img" '
            'aria-label="{}"><title>{}</title>'
            '<rect width="{}" height="22" rx="4" fill="#2b2b33"/>'
            '<path d="M{} 0h{}a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H{}z" fill="{}"/>'
            '<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="12">'
            '<text x="10" y="15" textLength="{}">{}</text>'
            '<text x="{}" y="15" textLength="{}">{}</text></g></svg>\n'
        )
        .format(
            total, f"{name}: {text}", f"{name}: {text}", total,
            left + 20, right + 16, left + 20, colour,
            left, name, left + 30, right, text,
        )
        .encode()
    )  # fmt: skip


def badge_width(name: str, text: str) -> int:
    """In pixels."""
    return _width(name) + _width(text) + 40


def _width(text: str) -> int:
    """About what Verdana takes at 12 px."""
    return round(sum(4.5 if char in "ijl.,:;'|!1It " else 7.6 for char in text))
