"""How well fees (`2.9% + $0.30`, `1.5%`) are read: found against labelled by a person.

A fee answers a label when percentage and fixed part are the same, in one currency where there is a
fixed part, on the same unit where both name one, and when every word of the label's `is` stands in
its product, label, meter, conditions or unit (alternatives parted by `|`). Each fee answers at most
one label; one that is `optional` may be read or not, under whatever name. A fee that answers no
label is wrong, but on pages of which only a part is labelled.

    python benchmarks/fees.py [--quick] [--corpus DIR] [--only SUBSTRING] [--verbose]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ratewire.errors import ReadError
from ratewire.model import Capture, Rate, Source
from ratewire.read import read

FIELD = Path(__file__).parents[2] / "shared" / "field"
_EACH = {"", "unit"}


def words(text: str) -> set[str]:
    """Words in the singular, near enough; of scripts without spaces each character."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("-", " ")
    found = re.findall(r"[a-z0-9.+<>≤≥]+|[^\x00-\x7f]", folded)
    return {re.sub(r"(?<=\w\w)s$", "", word.strip(".")) or word for word in found}


def answers(fee: Rate, label: dict[str, Any]) -> bool:
    """Whether a fee that was read is what the label says."""
    plus = Decimal(label.get("plus") or 0)
    if fee.percent != Decimal(label["percent"]) or fee.amount != plus:
        return False
    if plus and fee.currency != label.get("currency"):
        return False
    if label.get("optional"):
        return True
    unit, wanted = str(fee.unit), label.get("unit", "")
    if not {unit, wanted} & _EACH and not words(wanted) <= words(unit):
        return False
    conditions = " ".join(f"{key} {value}" for key, value in fee.conditions)
    said = words(" ".join((fee.product, fee.label, fee.meter, conditions, unit)))
    return all(any(words(each) <= said for each in one.split("|")) for one in label["is"])


def score(
    fees: Sequence[Rate], labels: Sequence[dict[str, Any]]
) -> tuple[int, list[dict[str, Any]], list[Rate]]:
    """How many labels have an answer, those without, and the fees that answer none."""
    free, right, missed = list(fees), 0, []
    for label in sorted(labels, key=lambda each: (bool(each.get("optional")), -len(each["is"]))):
        fee = next((each for each in free if answers(each, label)), None)
        if fee is not None:
            free.remove(fee)
            right += not label.get("optional")
        elif not label.get("optional"):
            missed.append(label)
    return right, missed, free


def fees_of(root: Path, gold: dict[str, Any]) -> list[Rate]:
    day = datetime.fromisoformat(f"{gold.get('date') or '2026-11'}-01"[:10])
    body = (root / gold["page"]).read_bytes()
    capture = Capture(url=gold["url"], body=body, fetched_at=day.replace(tzinfo=UTC))
    try:
        facts = read(capture, Source("page", gold["page"], "", gold["url"])).facts
    except ReadError as error:
        print(f"{gold['page']}: {error}", file=sys.stderr)
        return []
    return [rate for rate in facts.rates if rate.is_fee]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only pages with labelled fees")
    parser.add_argument("--corpus", type=Path, default=FIELD)
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    parser.add_argument("--verbose", action="store_true", help="list what is missed and wrong")
    options = parser.parse_args()
    gold_files = sorted((options.corpus / "gold").glob("*.json"))
    names = [name for name in gold_files if options.only in name.name]
    if not names:
        sys.exit(f"{options.corpus}: no gold/ there; name the corpus with --corpus DIR")
    total = dict.fromkeys(("pages", "labels", "right", "missed", "wrong"), 0)
    for name in names:
        gold = json.loads(name.read_text("utf-8"))
        labels = gold.get("fees", [])
        if options.quick and not labels:
            continue
        right, missed, wrong = score(fees_of(options.corpus, gold), labels)
        wrong = wrong if gold.get("complete", True) else []
        counted = sum(not label.get("optional") for label in labels)
        found = (1, counted, right, len(missed), len(wrong))
        total = {key: total[key] + n for key, n in zip(total, found, strict=True)}
        if missed or wrong or (labels and options.verbose):
            print(f"{gold['page']}: {right} of {counted} right, {len(wrong)} wrong")
        for label in missed:
            print(f"    missed {label}")
        for fee in wrong:
            print(f"    wrong  {fee.product} · {fee.meter} · {fee.conditions} · {fee.percent}% "
                  f"+ {fee.amount} {fee.currency} per {fee.unit}")  # fmt: skip
    read_at_all = total["right"] + total["wrong"]
    recall = round(total["right"] / total["labels"], 4) if total["labels"] else None
    precision = round(total["right"] / read_at_all, 4) if read_at_all else None
    print(f"RESULT {json.dumps({**total, 'recall': recall, 'precision': precision})}")


if __name__ == "__main__":
    main()
