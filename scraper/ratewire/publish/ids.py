"""Ids of products as parts of addresses and names of files, on every system that a site is kept on.

An id comes of a page's own words. What no file can be called gets another id here, always the
same one, and never that of another product; all others stay as they are.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ratewire.config import Product
from ratewire.model import Change, Fact, Facts, Incident, Passage, Rate, Snapshot, Source

__all__ = ["Owners", "safe_id"]

_SAFE = re.compile(r"(?!.*\.\.)[\w@+,=~-][\w@+,=~.-]*(?<!\.)")
_UNSAFE = re.compile(r"[^\w@+,=~-]+")
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin|conout|com[\d¹²³]|lpt[\d¹²³])(?:\..*)?|.*\.(?:html?|md|svg|png)"
)
"""Devices of Windows, with any ending, and what the site's own files beside it may be called."""
_LONGEST = 200
"""Bytes; with the endings that files get, no system takes more than 255."""
_KEPT = 60
"""Bytes of an id that is too long or unsafe which stay to be recognised by."""


@lru_cache(maxsize=20_000)
def safe_id(id: str) -> str:
    """The id itself, if it can be the name of a file and of a folder; else one that can."""
    if _is_safe(id):
        return id
    words = _UNSAFE.sub("-", unicodedata.normalize("NFC", id).lower())
    kept = words.encode()[:_KEPT].decode("utf-8", "ignore").strip("-.~")
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{kept}-{digest}" if kept else f"id-{digest}"


def _is_safe(id: str) -> bool:
    return (
        bool(_SAFE.fullmatch(id))
        and len(id.encode("utf-8", "surrogatepass")) <= _LONGEST
        and id == id.lower() == unicodedata.normalize("NFC", id)
        and not _RESERVED.fullmatch(id)
    )


@dataclass(frozen=True)
class Owners:
    """Whose a product is, where publishers call products alike: theirs are two, under two ids.

    It is the publisher's that the site names for it, else the one's who had it first as recorded,
    else the one's whose source has the lowest rank. The others' products get their publisher's
    name before their own. No clock has a say in it.
    """

    by_product: Mapping[str, str]
    """Publisher of each product that a publisher speaks of, or spoke of."""

    @classmethod
    def of(
        cls,
        stated: Iterable[tuple[Source, Snapshot]],
        products: Iterable[Product],
        recorded: Mapping[str, str] | None = None,
    ) -> Owners:
        """`stated`: in the order of rank. `recorded`: whose products were until now."""
        named = {product.id: product.publisher for product in products if product.publisher}
        speakers: dict[str, dict[str, None]] = defaultdict(dict)
        publishers = set()
        for source, snapshot in stated:
            if not source.publisher:
                continue
            publishers.add(source.publisher)
            for id in {_product_of(fact) for fact in snapshot.facts} - {""}:
                speakers[id].setdefault(source.publisher)
        known = {id: one for id, one in (recorded or {}).items() if one in publishers}
        first = {id: next(iter(among)) for id, among in speakers.items()}
        chosen = {id: one for id, one in named.items() if one in speakers.get(id, ())}
        return cls(dict(sorted((first | known | chosen).items())))

    def id(self, product: str, publisher: str) -> str:
        """The product's id on the site, as a file can be called."""
        owner = self.by_product.get(product, publisher)
        theirs = publisher and owner != publisher
        first = "-".join(publisher.casefold().split())
        return safe_id(f"{first}-{product}" if theirs else product)

    def in_snapshot(self, snapshot: Snapshot, publisher: str) -> Snapshot:
        facts = snapshot.facts
        if all(self._keeps(fact, publisher) for fact in facts):
            return snapshot
        named = (self._named(fact, publisher) for fact in facts)
        return replace(snapshot, facts=Facts.of(named, facts.missing))

    def in_change(self, change: Change) -> Change:
        publisher = change.publisher
        facts = (side for each in change.alterations for side in (each.before, each.after))
        if all(side is None or self._keeps(side, publisher) for side in facts):
            return change
        named = (
            replace(
                each,
                before=None if each.before is None else self._named(each.before, publisher),
                after=None if each.after is None else self._named(each.after, publisher),
            )
            for each in change.alterations
        )
        return replace(change, alterations=tuple(named))

    def _keeps(self, fact: Fact, publisher: str) -> bool:
        if isinstance(fact, Incident | Passage):
            return True
        nobodys = not fact.product and not isinstance(fact, Rate)  # a limit of the whole account
        return nobodys or self.id(fact.product, publisher) == fact.product

    def _named(self, fact: Fact, publisher: str) -> Fact:
        if isinstance(fact, Incident | Passage) or self._keeps(fact, publisher):
            return fact
        return replace(fact, product=self.id(fact.product, publisher))


def _product_of(fact: Fact) -> str:
    return "" if isinstance(fact, Incident | Passage) else fact.product
