# /// script
# requires-python = ">=3.11"
# dependencies = ["brotli", "fonttools>=4.60", "uharfbuzz>=0.50"]
# ///
"""Makes templates/fonts/*.ttf from Inter 4.1, as the npm package inter-ui 4.1.1 carries it.

    uv run scripts/typefaces.py FOLDER    (of the unpacked package)

Kept are the letters of Latin, Greek and Cyrillic, and the usual signs. Kerning is written out as a
table of pairs, which is what a layout without an engine understands.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

import uharfbuzz as hb
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

HERE = Path(__file__).parents[1] / "templates" / "fonts"
MADE = {"regular": "web/Inter-Regular.woff2", "strong": "display/InterDisplay-SemiBold.woff2"}
KEPT = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x2BB, 0x2BD), (0x2C6, 0x2DD), (0x370, 0x3FF), (0x400, 0x52F),
    (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209C), (0x20A0, 0x20C0),
    (0x2100, 0x215F), (0x2190, 0x22FF), (0x25A0, 0x25FF), (0x2605, 0x2606), (0x2713, 0x2717),
    (0xFFFD, 0xFFFD),
)  # fmt: skip
SIGNS = ".,:;-–«»()"
LATIN = "".join(map(chr, range(0x21, 0x7F))) + "‘’“”–—…€£¥×éèêëàâäåáöôòóøüûùúçñíîïßÄÖÜÉÅ"
CYRILLIC = "".join(map(chr, range(0x410, 0x450))) + SIGNS
GREEK = "".join(map(chr, (*range(0x391, 0x3AA), *range(0x3AC, 0x3CF)))) + SIGNS
LEAST = 12
"""Units of 2048: less is not worth a pair."""


def pairs(file: Path, names: dict[int, str]) -> dict[tuple[str, str], int]:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(file))))

    def width(text: str) -> int:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(font, buffer, {"calt": False, "liga": False, "ccmp": False})
        return sum(place.x_advance for place in buffer.glyph_positions)

    found = {}
    for letters in (LATIN, CYRILLIC, GREEK):
        known = [letter for letter in letters if ord(letter) in names]
        alone = {letter: width(letter) for letter in known}
        for a, b in product(known, known):
            closer = width(a + b) - alone[a] - alone[b]
            if abs(closer) >= LEAST:
                found[names[ord(a)], names[ord(b)]] = closer
    return found


def kerning(found: dict[tuple[str, str], int]) -> object:
    table, part = newTable("kern"), KernTable_format_0()
    part.version, part.coverage, part.apple, part.tupleIndex = 0, 1, False, None
    part.kernTable = found
    table.version, table.kernTables = 0, [part]
    return table


def make(source: Path, target: Path) -> None:
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    font.save(target)
    found = pairs(target, font.getBestCmap())
    options = Options()
    options.hinting, options.layout_features, options.notdef_outline = False, [], True
    options.glyph_names, options.name_IDs = False, [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["GPOS", "GSUB", "GDEF"]
    font = TTFont(target, recalcTimestamp=False)
    subset = Subsetter(options)
    subset.populate(unicodes=[code for first, last in KEPT for code in range(first, last + 1)])
    subset.subset(font)
    left = set(font.getGlyphOrder())
    font["kern"] = kerning({pair: by for pair, by in found.items() if left.issuperset(pair)})
    font["head"].modified = font["head"].created
    font.save(target)


if __name__ == "__main__":
    for name, source in MADE.items():
        make(Path(sys.argv[1]) / source, HERE / f"{name}.ttf")
