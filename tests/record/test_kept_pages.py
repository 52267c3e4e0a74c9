"""Captures packed against an earlier one: small, and never unreadable for it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keeping import SOURCE, START, facts

from ratewire.errors import StoreError
from ratewire.model import Capture, Snapshot
from ratewire.record import DirectoryStore
from ratewire.record.pages import base_of, pack, unpack

S = SOURCE.id
FILLER = random.Random(1).randbytes(20_000).hex().encode()


def page(number: int, filler: bytes = FILLER) -> Capture:
    body = b"<html><style>" + filler + b"</style>$%d</html>" % number
    return Capture("https://example.org/", body, START + number * timedelta(hours=1))


def test_a_page_that_hardly_changed_takes_hardly_any_room() -> None:
    base = page(0)
    whole, packed = pack(page(1)), pack(page(1), base)
    assert len(packed) < len(whole) / 20
    assert base_of(packed) == base.sha256
    assert base_of(whole) == ""
    assert unpack(packed, page(1).sha256, base) == unpack(whole, page(1).sha256) == page(1)


def test_against_a_page_that_is_quite_another_it_is_packed_whole() -> None:
    other = page(0, random.Random(2).randbytes(20_000).hex().encode())
    assert pack(page(1), other) == pack(page(1))


@given(one=st.binary(max_size=400), other=st.binary(max_size=400))
def test_any_capture_is_unpacked_as_it_was(one: bytes, other: bytes) -> None:
    base, capture = (replace(page(0), body=body) for body in (one, other))
    assert unpack(pack(capture, base), capture.sha256, base) == capture


def test_the_same_base_seen_at_another_time_serves_as_well() -> None:
    packed = pack(page(1), page(0))
    later = replace(page(0), fetched_at=START + timedelta(days=9), headers={"etag": '"2"'})
    assert unpack(packed, page(1).sha256, later) == page(1)


def test_without_its_base_it_is_said_what_is_missing() -> None:
    packed = pack(page(1), page(0))
    for wrong in (None, page(2)):
        with pytest.raises(StoreError, match=f"its base, the page {page(0).sha256}, is gone"):
            unpack(packed, page(1).sha256, wrong)
    with pytest.raises(StoreError, match="not a stored page"):
        unpack(packed[:60], page(1).sha256, page(0))


# ── In the store ─────────────────────────────────────────────────────────────────────────────


def keep(store: DirectoryStore, *numbers: int) -> None:
    """Captures one after the other, each of which stands when the next comes."""
    for number in numbers:
        new = page(number)
        stands = Snapshot(S, facts(str(number + 1)), new.sha256, new.url, new.fetched_at, "r1")
        store.save(S, stands, None, (), [new])


def sizes(root: Path) -> dict[str, int]:
    return {file.stem: file.stat().st_size for file in root.rglob("*.zst")}


def test_each_kept_page_can_be_read_however_many_came_after(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    keep(store, *range(40))
    kept = sizes(tmp_path)
    assert page(0).sha256 in kept, "the others are packed against it"
    assert page(39).sha256 in kept
    assert len(kept) < 20, "and it alone is kept for that"
    assert sum(kept.values()) < 2 * kept[page(0).sha256]
    for number in range(40):
        if page(number).sha256 in kept:
            assert DirectoryStore(tmp_path).page(S, page(number).sha256) == page(number)


def test_a_page_whose_base_is_gone_is_set_aside_and_the_next_is_packed_whole(
    tmp_path: Path,
) -> None:
    store = DirectoryStore(tmp_path)
    keep(store, 0, 1)
    (tmp_path / S / "pages" / f"{page(0).sha256}.zst").unlink()
    assert store.page(S, page(1).sha256) is None
    keep(store, 2)
    assert store.page(S, page(2).sha256) == page(2)


def test_pages_that_name_each_other_as_their_base_are_no_trap(tmp_path: Path) -> None:
    folder = tmp_path / S / "pages"
    folder.mkdir(parents=True)
    one, two = page(1), page(2)
    (folder / f"{one.sha256}.zst").write_bytes(pack(one, two))
    (folder / f"{two.sha256}.zst").write_bytes(pack(two, one))
    assert DirectoryStore(tmp_path).page(S, one.sha256) is None
