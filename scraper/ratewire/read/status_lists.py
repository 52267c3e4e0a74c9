"""Where in JSON the incidents of a status page are, known by shape alone: a list of incidents
beside the page's own data, or entries with keys that only incidents have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import Any

from ratewire.model import Impact

__all__ = ["StatusWords", "listed_incidents", "status_words"]

_Json = Mapping[str, Any]
_Listed = list[tuple[object, bool]]
"""Entries, and of each whether a list of planned maintenance held it."""


@dataclass(frozen=True)
class StatusWords:
    """status.toml."""

    data: Mapping[str, Mapping[str, list[str]]]

    def keys(self, of: str) -> Sequence[str]:
        return self.data["keys"][of]

    def lists(self, of: str) -> Sequence[str]:
        return self.data["lists"][of]

    def types(self, of: str) -> Sequence[str]:
        return self.data["types"][of]

    @cached_property
    def sure(self) -> frozenset[str]:
        return frozenset(self.data["sure"]["keys"])

    @cached_property
    def page(self) -> frozenset[str]:
        return frozenset(self.data["page"]["keys"])

    @cached_property
    def states(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(words) for name, words in self.data["states"].items()}

    @cached_property
    def impacts(self) -> Mapping[str, Impact]:
        listed = self.data["impacts"].items()
        return {word: Impact(name) for name, words in listed for word in words}


@cache
def status_words() -> StatusWords:
    text = files("ratewire.read").joinpath("status.toml").read_text("utf-8")
    return StatusWords(tomllib.loads(text))


def listed_incidents(data: object, *, must: bool, likely: bool = False) -> _Listed | None:
    """Each entry, and whether a list of maintenance held it; None: no status page's data.

    `must`: its owner says that it is one, and a list's name will do. `likely`: its address says so,
    and entries with a title, a start and a state will do.
    """
    if isinstance(data, list):
        return [(entry, False) for entry in data] if _are_sure(data) else None
    if not isinstance(data, dict):
        return None
    if (resources := _resources(data)) is not None:
        return resources
    found = list(_named_lists(data))
    entries = [*chain(*found)]
    told = [entry for entry, _ in entries]
    if found and (must or _is_page(data) or _are_sure(told) or (likely and _are_told(told))):
        return entries
    lists = [value for value in data.values() if isinstance(value, list)]
    unnamed = [*chain(*lists)] if len(lists) == len(data) else data.get("data")
    if isinstance(unnamed, list) and (_are_sure(unnamed) or (likely and _are_told(unnamed))):
        return [(entry, False) for entry in unnamed]
    return None


def _is_page(data: _Json) -> bool:
    words = status_words()
    wrapped = (data.get(key) for key in words.lists("wrapper"))
    documents = (each for each in (data, *wrapped) if isinstance(each, dict))
    return _has_pair(data) or any(
        isinstance(each.get(key), dict | str) for each in documents for key in words.page
    )


def _has_pair(data: _Json) -> bool:
    return all(isinstance(data.get(key), list) for key in status_words().lists("pair"))


def _named_lists(data: _Json, *, planned: bool = False) -> Iterator[_Listed]:
    """The lists under names of status.toml, of a document and of the wrappers in it."""
    words = status_words()
    maintenance = {
        *words.lists("maintenance"),
        *(words.lists("within_maintenance") if planned else ()),
    }
    incidents = {*words.lists("incidents"), *(words.lists("pair") if _has_pair(data) else ())}
    for name, value in data.items():
        if isinstance(value, dict) and name in words.lists("wrapper"):
            yield from _named_lists(value, planned=name == "maintenance")
        elif isinstance(value, list) and name in maintenance | incidents:
            yield [(entry, name in maintenance) for entry in value]


def _are_sure(entries: Sequence[object]) -> bool:
    """Entries such as only a status page has."""
    sure = status_words().sure
    return bool(entries) and all(isinstance(e, dict) and sure & e.keys() for e in entries)


def _are_told(entries: Sequence[object]) -> bool:
    """Entries with a title, a start and a state, as lists on an address for status are."""
    words = status_words()
    kinds = [set(words.keys(of)) for of in ("title", "start", "status")]
    return bool(entries) and all(
        isinstance(entry, dict) and all(kind & entry.keys() for kind in kinds) for entry in entries
    )


# ── JSON:API ─────────────────────────────────────────────────────────────────────────────────


def _resources(data: _Json) -> _Listed | None:
    """The incidents among a document's resources, with the updates and parts they name by id."""
    words = status_words()
    listed = [
        each
        for part in (data.get("data"), data.get("included"))
        for each in (part if isinstance(part, list) else [part])
        if isinstance(each, dict) and isinstance(each.get("attributes"), dict)
    ]
    kinds = {str(each.get("type")) for each in listed}
    if not kinds & {*words.types("page"), *words.types("incident")}:
        return None
    by_id = {(str(each.get("type")), str(each.get("id"))): _flat(each) for each in listed}
    return [
        (_joined(each, by_id), each["attributes"].get("report_type") == "maintenance")
        for each in listed
        if str(each.get("type")) in words.types("incident")
    ]


def _flat(resource: _Json) -> dict[str, Any]:
    return {"id": resource.get("id"), **resource["attributes"]}


def _joined(resource: _Json, by_id: Mapping[tuple[str, str], _Json]) -> dict[str, Any]:
    words = status_words()
    named = list(_named_ids(resource))
    touched = resource["attributes"].get("affected_resources")
    for each in touched if isinstance(touched, list) else []:
        if isinstance(each, dict):
            named += [(kind, str(each.get(f"{kind}_id"))) for kind in words.types("component")]
    return {
        **_flat(resource),
        "updates": [by_id[at] for at in named if at in by_id and at[0] in words.types("update")],
        "components": [
            by_id[at] for at in named if at in by_id and at[0] in words.types("component")
        ],
    }


def _named_ids(resource: _Json) -> Iterator[tuple[str, str]]:
    related = resource.get("relationships")
    for relation in related.values() if isinstance(related, dict) else ():
        found = relation.get("data") if isinstance(relation, dict) else None
        for each in found if isinstance(found, list) else []:
            if isinstance(each, dict):
                yield str(each.get("type")), str(each.get("id"))
