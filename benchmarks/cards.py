"""What a card costs: processor time and size, by kind, drawn again and again by one process.

    python benchmarks/cards.py [--quick]

Medians. The last line has `ms` and `bytes` for the mean of the kinds, and `most_bytes`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import replace

from ratewire.publish.cards import Card, CardStep, Tone, style_of
from ratewire.publish.drawing import Easel
from ratewire.publish.theme import theme_folder

BLANK = Card("GPT Image 2 Status", "gpt-image-2-status.example", "", foot="18 June 2026 · Pricing")
STEP = CardStep("Image output (batch, low quality)", "$32.00", "$30.00", "per 1M tokens", "−6.25%")
HEADLINE = "What one picture costs in each size and quality, and how to reckon your own"
CARDS = {
    "article": replace(BLANK, title=HEADLINE, text=f"{HEADLINE}, from the official rates."),
    "long article": replace(BLANK, title=HEADLINE * 3, text=HEADLINE * 4),
    "one rate": replace(BLANK, title="Image output", tag="Cut", tone=Tone.GOOD, steps=(STEP,)),
    "many rates": replace(
        BLANK, title=HEADLINE, tag="Cut", tone=Tone.GOOD, steps=(STEP,) * 3, rest="and 9 more"
    ),
    "site": replace(BLANK, site="", title="GPT Image 2 Status", text=HEADLINE * 2),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = 20 if parser.parse_args().quick else 200
    easel = Easel(style_of([theme_folder()]))
    taken: dict[str, list[float]] = {name: [] for name in CARDS}
    sizes = {name: len(easel.draw(card)) for name, card in CARDS.items()}
    for _ in range(rounds):
        for name, card in CARDS.items():
            start = time.process_time()
            easel.draw(card)
            taken[name].append((time.process_time() - start) * 1000)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, milliseconds in medians.items():
        print(f"{name:14} {milliseconds:5.1f} ms  {sizes[name]:6,} bytes")
    result = {
        "ms": round(statistics.mean(medians.values()), 2),
        "bytes": round(statistics.mean(sizes.values())),
        "most_bytes": max(sizes.values()),
    }
    print(f"RESULT {json.dumps(result)}")


if __name__ == "__main__":
    main()
