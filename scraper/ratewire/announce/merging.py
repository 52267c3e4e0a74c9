"""Two runs' records of who was told what become one: nobody who was told is told again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ratewire.record.checksum import sealed

__all__ = ["merged"]

_OWNER = "owner/"
Rows = dict[tuple[str, str], dict[str, Any]]


def merged(files: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """One folder `announced/` out of several (each: contents by name within the folder).

    Told is whom any of them told, in the owner's folder within it too. Raises ValueError where one
    cannot be read, or was written under another key.
    """
    folders = list(files)
    ours = [{n: d for n, d in one.items() if not n.startswith(_OWNER)} for one in folders]
    owners = [
        {n.removeprefix(_OWNER): d for n, d in one.items() if n.startswith(_OWNER)}
        for one in folders
    ]
    return {**_merged(ours), **{f"{_OWNER}{n}": d for n, d in _merged(owners).items()}}


def _merged(files: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    whole: dict[str, bytes] = {}
    told: dict[str, set[str]] = {}
    records: list[dict[str, Any]] = []
    for folder in files:
        for name, data in folder.items():
            if name.startswith("told/"):
                body = json.loads(data)
                told.setdefault(body["change"], set()).update(body["told"])
                body["told"] = sorted(told[body["change"]])
                whole[name] = _json(sealed("told", "", body))
            elif name == "outbox.json":
                records.append(json.loads(data))
            elif name.endswith(".jsonl"):
                whole[name] = _lines(whole.get(name, b""), data)
            else:
                whole[name] = data
    if records:
        whole["outbox.json"] = _json(sealed("outbox", "", _record(records, told)))
    return whole


def _record(records: list[dict[str, Any]], told: Mapping[str, set[str]]) -> dict[str, Any]:
    if len({record["key"] for record in records}) > 1:
        raise ValueError("outbox.json was written under two keys")
    since: dict[str, str] = {}
    waiting: Rows = {}
    dead: Rows = {}
    # Whom one of them names is there.
    gone = set.intersection(*(set(record.get("absent", {})) for record in records))
    absent = {id: max(record["absent"][id] for record in records) for id in sorted(gone)}
    passed = {id for record in records for id in record.get("passed", ())}
    for record in records:
        for id, at in record["recipients"].items():
            since[id] = min(at, since.get(id, at))
        for row in record["waiting"]:
            _keep(waiting, (row["to"], row["change"]), row)
        for row in record["dead"]:
            _keep(dead, (row["to"], row["id"]), row)
    latest = {key: value for key, value in records[-1].items() if key != "absent"}
    return {
        **latest,
        **({"passed": sorted(passed)} if passed else {}),
        "recipients": dict(sorted(since.items())),
        **({"absent": absent} if absent else {}),
        "waiting": [
            row for (to, change), row in sorted(waiting.items()) if to not in told.get(change, ())
        ],
        "dead": [
            row
            for (to, _), row in sorted(dead.items(), key=lambda item: item[1]["id"])
            if not all(to in told.get(change, ()) for change in row["changes"])
        ],
    }


def _keep(rows: Rows, at: tuple[str, str], row: dict[str, Any]) -> None:
    """The row of more tries; unsure whether it arrived if either is."""
    before = rows.get(at, row)
    longer, other = (row, before) if before["tries"] <= row["tries"] else (before, row)
    unsure = {"unsure": other["unsure"]} if "unsure" in other else {}
    rows[at] = {**unsure, **longer}


def _lines(first: bytes, second: bytes) -> bytes:
    """The lines of both. What lacks its newline was cut off and tells nothing."""
    known = first.splitlines(keepends=True)
    lines = [*known, *(line for line in second.splitlines(keepends=True) if line not in known)]
    return b"".join(line for line in lines if line.endswith(b"\n"))


def _json(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode()
