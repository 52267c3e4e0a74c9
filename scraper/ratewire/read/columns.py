"""What each column of a table holds: by its own heading, else by what stands in its cells.

No column's role hangs on how many of its cells are words: one price among words is a price.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ratewire.read.cells import holds_money, is_free, is_price
from ratewire.read.document import Cell
from ratewire.read.lexicon import fold, lexicon, unbracketed
from ratewire.read.meters import NOTHING, Metered
from ratewire.read.quantities import read_cell
from ratewire.read.vocabulary import vocabulary
from ratewire.read.voids import is_no_rate, names_credit

__all__ = [
    "CONDITION_COLUMNS",
    "column_end",
    "column_kind",
    "column_roles",
    "names_currency",
    "takes_numbers",
]

CONDITION_COLUMNS = ("modality", "tier", "region", "size", "quality", "context")
_LABEL_KINDS = ("product", "unit", "currency", *CONDITION_COLUMNS)
_ID = re.compile(r"(?=\S*[\d-])[\w.:/-]+(?: \(.*\))?")
_SHARE = re.compile(r"[+\-–−]?\s?\d[\d.,]*\s?[%‰]|[-–—]?")
_IN_CODE = re.compile(r"[(（]\s?[A-Z]{3,5}\s?[)）]$")
_COUNTS = re.compile(r"\b(count|number|max|limit|rate limit|per minute|size)\b")

Body = Sequence[Sequence[Cell]]


def column_roles(
    heads: Sequence[str], meters: Sequence[Metered], body: Body, bare: bool
) -> tuple[str, ...]:
    """By column: `price`, `product`, `unit`, `currency`, `key`, `end` (of a band), `remark`,
    `skip`, a condition's name, or `label`. `bare`: the surroundings of the table speak of money.
    """
    roles = [
        _role(head, _meter(meters, at), [row[at] for row in body], at, bare)
        for at, head in enumerate(heads)
    ]
    if roles[:1] == ["price"]:
        ranges = any(_is_range(row[0]) for row in body)
        plain = not _says_something(_meter(meters, 0))
        if ("price" in roles[1:] and (plain or ranges)) or (len(roles) > 1 and ranges and plain):
            roles[0] = "key"  # a range of sales, or what the plan costs elsewhere
    if "price" not in roles:  # `Least | Most` of a price, not of a band
        roles = [
            "price" if r == "end" and _any_price(body, at) else r for at, r in enumerate(roles)
        ]
    if "price" in roles:
        for at in range(1, len(roles)):  # `Free` in each row, beside prices
            free = lexicon("prose", "free")
            named_free = free.search(fold(heads[at])) and not free.exactly(unbracketed(heads[at]))
            if roles[at] == "label" and not named_free and any(is_free(row[at]) for row in body):
                roles[at] = "price"
    if set(roles) == {"price", "skip"}:  # `$50/mo | 20,000 credits`: they tell the plans apart
        roles = [
            "label" if role == "skip" and names_credit(fold(head)) else role
            for role, head in zip(roles, heads, strict=True)
        ]
    _name_product(roles, heads, body)
    return tuple(roles)


def takes_numbers(head: str, meter: Metered, bare: bool) -> bool:
    """Whether a number without a currency is a price under this heading."""
    if _counts_things(head) or is_threshold(head):
        return False
    if meter.currency or (meter.priced and meter.unit):
        return True
    # `Input MP` counts what goes in; `Input (HCU)` is in a unit of account.
    tokens = meter.is_token_meter and (not meter.other or bool(_IN_CODE.search(head)))
    return bare and (tokens or meter.priced or not head)


def is_threshold(head: str) -> bool:
    """A heading of sums that decide a price and are none: `30-day volume`, `Gross sales`."""
    folded = fold(unbracketed(head))
    return bool(
        lexicon("not_a_rate", "threshold").search(folded) and not lexicon("price").search(folded)
    )


def column_kind(head: str) -> str:
    """What a column's heading calls its cells: `product`, `region` …; empty: nothing known."""
    if head and vocabulary().per_end.search(head):  # `Billed per`
        return "unit"
    return lexicon("column").exactly(unbracketed(head)) if head else ""


def column_end(head: str) -> str:
    """`from` or `to`, of a column that holds one end of a band."""
    return lexicon("end").exactly(unbracketed(head)) if head else ""


def names_currency(heads: Sequence[str], meters: Sequence[Metered]) -> bool:
    """Whether a heading gives the currency of the whole table: `Input ($/1M tokens)` beside
    `Batch input`, or a column of currencies.
    """
    return any(column_kind(head) == "currency" for head in heads) or any(
        meter.currency and meter.is_token_meter for meter in meters
    )


def _any_price(body: Body, column: int) -> bool:
    return any(is_price(row[column]) for row in body)


def _is_range(cell: Cell) -> bool:
    """`$1 – $500`, `up to $500`."""
    return any(
        amount.upper is not None or amount.qualifier == "up to"
        for amount in read_cell(cell.text).amounts
    )


def _says_something(meter: Metered) -> bool:
    return meter.says_something or bool(meter.conditions)


def _meter(meters: Sequence[Metered], column: int) -> Metered:
    return meters[column] if meters else NOTHING


def _role(head: str, meter: Metered, cells: Sequence[Cell], column: int, bare: bool) -> str:
    if is_threshold(head) and any(map(holds_money, cells)):
        return "key"
    folded = fold(unbracketed(head))
    if column and lexicon("not_a_rate", "remark").exactly(folded):
        return "remark"
    if is_no_rate(folded, cells) or lexicon("not_a_rate", "before_now").exactly(folded):
        return "skip"
    if not meter.priced and lexicon("limit").search(folded):
        return "skip"
    if column_end(head):
        return "end"
    kinds = [read_cell(cell.text).kind for cell in cells]
    kind = column_kind(head)
    if kind in _LABEL_KINDS and not meter.priced and "text" in kinds:
        return kind
    if any(map(holds_money if meter.priced else is_price, cells)):
        return "price"
    numbers = "number" in kinds and column > 0 and (head or "text" not in kinds)
    if numbers and takes_numbers(head, meter, bare):
        return "price"
    if "free" in kinds and (meter.is_token_meter or meter.priced or (bare and not head)):
        return "price"
    return kind if kind in _LABEL_KINDS else "label"


def _name_product(roles: list[str], heads: Sequence[str], body: Body) -> None:
    """Of the columns without a role of their own, the one that names the rows' products."""
    _unname_counts(roles, body)
    if "product" in roles:
        return
    labels = [
        at for at, role in enumerate(roles)
        if role == "label" and not all(_is_share(row[at].line) for row in body)
    ]  # fmt: skip
    if not any(heads):
        ids = [at for at in labels[1:2] if all(_ID.fullmatch(row[at].line) for row in body)]
        if ids:  # `Embedding | text-embed-3`: a group and its members
            roles[ids[0]] = "product"
            return
    about = lexicon("column")
    first = next((at for at in labels if not about.exactly(heads[at])), None)
    if first is not None and not any(role in CONDITION_COLUMNS for role in roles[:first]):
        roles[first] = "product"


def _unname_counts(roles: list[str], body: Body) -> None:
    """Behind names, `GPU` over numbers is how many of them there are."""
    at = roles.index("product") if "product" in roles else 0
    if at and "label" in roles[:at] and not any(_is_text(row[at]) for row in body):
        roles[at] = "label"


def _is_text(cell: Cell) -> bool:
    return read_cell(cell.text).kind == "text"


def _is_share(line: str) -> bool:
    """`+0.5%`: a fee beside the prices, and nobody's name."""
    return bool(_SHARE.fullmatch(line))


def _counts_things(head: str) -> bool:
    return bool(_COUNTS.search(fold(head)))
