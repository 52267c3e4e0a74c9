"""Price lists in the shapes that others keep them in, to rates and back.

Each shape is a table (`fields`): its field to our meter, conditions and unit. Numbers are read as
decimals, never through binary floating point. A field that no table knows is passed over: these
lists carry much that is no price.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ratewire.apps.lists.fields import GENAI_PRICES, LITELLM, LLM_PRICES, MODELS_DEV, ListField
from ratewire.errors import ConfigError
from ratewire.model import Conditions, Evidence, Rate, Unit, spelled

__all__ = ["FORMATS", "Format", "plain_amount", "read_list", "told_by_shape", "write_list"]

# ── Reading ──────────────────────────────────────────────────────────────────────────────────


def read_list(data: bytes, *, format: str = "", name: str = "the list") -> tuple[Rate, ...]:
    """The rates of a list; `format` is one of `FORMATS`, or empty: told by its shape.

    Each rate's evidence says in `where` at which key it stands. Raises ConfigError.
    """
    if format and format not in FORMATS:
        raise ConfigError(f"{format!r} is no format; use one of {', '.join(FORMATS)}")
    text = data.decode("utf-8-sig", "replace")
    try:
        if format in {"csv", "jsonl"}:
            return tuple(FORMATS[format].read(text))
        try:
            value = json.loads(text, parse_float=plain_amount, parse_int=plain_amount)
        except _AmountError:
            raise
        except ValueError:
            return tuple(FORMATS["jsonl" if text.lstrip()[:1] == "{" else "csv"].read(text))
        return tuple(FORMATS[format or told_by_shape(value)].read(value))
    except (
        ValueError, TypeError, KeyError, AttributeError, InvalidOperation, RecursionError,
    ) as error:  # fmt: skip
        raise ConfigError(f"{name}: not a price list of a known shape ({error})") from error


class _AmountError(ValueError):
    pass


def plain_amount(text: str) -> Decimal:
    """A number that fits a line: one like 1e999999999 would fill the memory when written out."""
    amount = Decimal(text)
    exponent = amount.as_tuple().exponent
    if len(text) > 60 or not isinstance(exponent, int) or abs(exponent) > 40:
        raise _AmountError(f"{text[:20]}… is no amount")
    return amount


def told_by_shape(value: Any) -> str:
    """Which of `FORMATS` a parsed list has the shape of."""
    if isinstance(value, list):
        return "genai-prices"
    if "rates" in value or "product" in value:
        return "json" if "rates" in value else "jsonl"
    if "prices" in value or "price_history" in str(list(value.get("models") or ())[:1]):
        return "llm-prices"
    if any(isinstance(entry, dict) and isinstance(entry.get("models"), dict)
           for entry in value.values()):  # fmt: skip
        return "models.dev"
    return "litellm"


def _priced(
    product: str, prices: Mapping[str, Any], fields: Sequence[ListField], where: str, **days: str
) -> Iterator[Rate]:
    for field in fields:
        amount: Any = prices
        for part in field.name.split("."):
            amount = amount.get(part) if isinstance(amount, Mapping) else None
        if isinstance(amount, Decimal):
            yield Rate(
                product, field.meter, amount, "USD", field.unit, field.conditions.with_(**days),
                label=product,
                evidence=Evidence(f"{field.name}: {amount:f}", f"{where} › {field.name}"),
            )  # fmt: skip


def _read_models_dev(value: Any) -> Iterator[Rate]:
    for provider, entry in value.items():
        for model, said in (entry.get("models") or {}).items():
            where = f"{provider} › {model} › cost"
            yield from _priced(model, said.get("cost") or {}, MODELS_DEV, where)


def _read_litellm(value: Any) -> Iterator[Rate]:
    for model, entry in value.items():
        if model not in {"sample_spec", "fallback_generalizations"}:
            yield from _priced(model.rpartition("/")[2], entry, LITELLM, model)


def _read_llm_prices(value: Any) -> Iterator[Rate]:
    for entry in value.get("prices") or ():
        yield from _priced(entry["id"], entry, LLM_PRICES, entry["id"], **_days(entry))
    for entry in value.get("models") or ():
        for prices in entry.get("price_history") or ():
            yield from _priced(entry["id"], prices, LLM_PRICES, entry["id"], **_days(prices))


def _days(entry: Mapping[str, Any]) -> dict[str, str]:
    names = {"effective_from": entry.get("from_date"), "effective_to": entry.get("to_date")}
    return {name: str(day) for name, day in names.items() if day}


def _read_genai_prices(value: Any) -> Iterator[Rate]:
    for provider in value:
        for model in provider.get("models") or ():
            where = f"{provider['id']} › {model['id']}"
            prices = model.get("prices") or {}
            for each in prices if isinstance(prices, list) else [{"prices": prices}]:
                constraint = each.get("constraint") or {}
                day = constraint.get("start_date")
                if constraint and not day:
                    continue  # by the hour of the day: not a price that stands
                days = {"effective_from": str(day)} if day else {}
                bases = {
                    name: amount.get("base") if isinstance(amount, Mapping) else amount
                    for name, amount in each["prices"].items()
                }
                yield from _priced(model["id"], bases, GENAI_PRICES, where, **days)


def _read_json(value: Any) -> Iterator[Rate]:
    for entry in value["rates"]:
        yield _own(entry)


def _read_jsonl(text: str) -> Iterator[Rate]:
    for line in filter(str.strip, text.splitlines()):
        yield _own(json.loads(line, parse_float=plain_amount, parse_int=plain_amount))


def _read_csv(text: str) -> Iterator[Rate]:
    reader = csv.DictReader(io.StringIO(text))
    if missing := {"product", "meter", "amount"} - set(reader.fieldnames or ()):
        raise ValueError(f"no column {' and no column '.join(sorted(missing))}")
    for row in reader:
        yield _own({name: cell for name, cell in row.items() if cell})


def _own(entry: Mapping[str, Any]) -> Rate:
    """Our own shape, as `ratewire read --json` and the site's data have it."""
    said = entry.get("conditions") or {}
    if isinstance(said, str):
        said = dict(part.strip().split("=", 1) for part in said.split(";") if part.strip())
    product, meter, amount = entry["product"], entry["meter"], entry["amount"]
    return Rate(
        product,
        meter,
        amount if isinstance(amount, Decimal) else plain_amount(str(amount)),
        entry.get("currency") or "USD",
        Unit.parse(entry.get("unit") or "1M tokens"),
        Conditions.of({name: str(word) for name, word in said.items()}),
        label=entry["product"],
        evidence=Evidence(
            str(entry.get("excerpt") or ""), f"{entry['product']} › {entry['meter']}"
        ),
        percent=plain_amount(str(entry["percent"])) if entry.get("percent") else None,
    )


# ── Writing ──────────────────────────────────────────────────────────────────────────────────


def write_list(rates: Iterable[Rate], format: str, *, publisher: str = "") -> bytes:
    """The rates in a shape of `FORMATS`: those of them for which it has a field, in US dollars.

    `csv`, `json` and `jsonl` hold them all. Raises ConfigError.
    """
    if format not in FORMATS:
        raise ConfigError(f"{format!r} is no format; use one of {', '.join(FORMATS)}")
    return FORMATS[format].write(list(rates), publisher)


def _by_product(
    rates: Iterable[Rate], fields: Sequence[ListField]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Products in order, each with its fields; a rate of the standard tier is one without tier."""
    known = {(*field.key, field.unit.things): field for field in fields}
    found: dict[str, dict[str, Any]] = {}
    for rate in sorted(rates, key=lambda rate: rate.identity):
        conditions = rate.conditions
        if conditions.get("tier") == "standard":
            conditions = conditions.without("tier")
        meter = rate.meter.removeprefix("text.")
        field = known.get((meter, conditions, rate.unit.things))
        plain = rate.currency == "USD" and not rate.is_fee
        amount = rate.per(field.unit) if field and plain else None
        if field and amount is not None:
            at = found.setdefault(rate.product, {})
            *path, last = field.name.split(".")
            for part in path:
                at = at.setdefault(part, {})
            at[last] = _number(amount)
    yield from sorted(found.items())


def _number(amount: Decimal) -> int | float:
    """As these formats have it: a JSON number, whose shortest form is the decimal's own."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _write_models_dev(rates: Sequence[Rate], publisher: str) -> bytes:
    models = {
        product: {"id": product, "name": product, "cost": cost}
        for product, cost in _by_product(rates, MODELS_DEV)
    }
    provider = publisher.lower().replace(" ", "-") or "official"
    return _json({provider: {"id": provider, "name": publisher, "models": models}})


def _write_litellm(rates: Sequence[Rate], publisher: str) -> bytes:
    provider = publisher.lower().replace(" ", "_") or "official"
    return _json(
        {
            product: {"litellm_provider": provider, **prices}
            for product, prices in _by_product(rates, LITELLM)
        }
    )


def _write_llm_prices(rates: Sequence[Rate], publisher: str) -> bytes:
    vendor = publisher.lower().replace(" ", "-") or "official"
    prices = [
        {"id": product, "vendor": vendor, "name": product, **prices}
        for product, prices in _by_product(rates, LLM_PRICES)
    ]
    return _json({"prices": prices})


def _write_genai_prices(rates: Sequence[Rate], publisher: str) -> bytes:
    models = [
        {"id": product, "match": {"equals": product}, "prices": prices}
        for product, prices in _by_product(rates, GENAI_PRICES)
    ]
    provider = publisher.lower().replace(" ", "-") or "official"
    return _json([{"id": provider, "name": publisher, "models": models}])


def _plain(rate: Rate) -> dict[str, Any]:
    said = spelled(rate.terms)
    assert isinstance(said, dict)
    share = {} if rate.percent is None else {"percent": f"{rate.percent:f}"}
    return {
        "product": rate.product,
        "meter": rate.meter,
        "conditions": dict(rate.conditions),
        "amount": f"{rate.amount:f}",
        "currency": rate.currency,
        "unit": str(rate.unit),
        **share,
        **said,
    }


def _flat(rate: Rate) -> dict[str, Any]:
    """A row of a table: conditions in one cell, and the terms, as JSON, in another."""
    told = _plain(rate)
    told["conditions"] = "; ".join(f"{name}={word}" for name, word in rate.conditions)
    terms = {name: told.pop(name) for name in list(told) if name not in _COLUMNS}
    return told | {"terms": json.dumps(terms, ensure_ascii=False) if terms else ""}


_COLUMNS = ("product", "meter", "conditions", "amount", "currency", "unit", "percent", "terms")
_ALWAYS = frozenset(_COLUMNS[:6])


def _write_json(rates: Sequence[Rate], _: str) -> bytes:
    return _json({"rates": [_plain(rate) for rate in rates]})


def _write_jsonl(rates: Sequence[Rate], _: str) -> bytes:
    return "".join(json.dumps(_plain(rate), ensure_ascii=False) + "\n" for rate in rates).encode()


def _write_csv(rates: Sequence[Rate], _: str) -> bytes:
    text = io.StringIO()
    rows = [_flat(rate) for rate in rates]
    used = {name for row in rows for name, cell in row.items() if cell != ""}
    writer = csv.DictWriter(text, [name for name in _COLUMNS if name in _ALWAYS | used])
    writer.writeheader()
    writer.writerows({name: row[name] for name in row if name in _ALWAYS | used} for row in rows)
    return text.getvalue().encode()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Format:
    read: Callable[[Any], Iterable[Rate]]
    """Of parsed JSON; for `csv` and `jsonl` of text."""
    write: Callable[[Sequence[Rate], str], bytes]


FORMATS: Mapping[str, Format] = {
    "models.dev": Format(_read_models_dev, _write_models_dev),
    "litellm": Format(_read_litellm, _write_litellm),
    "llm-prices": Format(_read_llm_prices, _write_llm_prices),
    "genai-prices": Format(_read_genai_prices, _write_genai_prices),
    "json": Format(_read_json, _write_json),
    "jsonl": Format(_read_jsonl, _write_jsonl),
    "csv": Format(_read_csv, _write_csv),
}
