"""What the owner decides of changes that wait or were told, as it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from ratewire.compare import (
    Comparison,
    Question,
    accept,
    correct,
    correction,
    questions,
    reject,
    retract,
    unread_key,
)
from ratewire.errors import ConfigError
from ratewire.model import (
    Alteration,
    Change,
    ChangeState,
    Health,
    HealthState,
    Pending,
    Rate,
    Snapshot,
    Source,
)
from ratewire.pipeline import Job
from ratewire.read import reader_mark

__all__ = ["accept_waiting", "correct_change", "reject_waiting", "retract_change", "waiting"]


def waiting(job: Job) -> dict[str, tuple[Pending, tuple[Question, ...]]]:
    """By source, what its page shows and does not stand. Raises StoreError."""
    found = {}
    for source in job.site.sources:
        snapshot, pending = job.store.load(source.id)
        asked = questions(snapshot, pending)
        open_ = any(not each.rejected for each in asked)
        if pending is not None and (pending.held or pending.unread or open_):
            found[source.id] = (pending, asked)
    return found


def accept_waiting(job: Job, id: str, *, silent: bool = False) -> tuple[Change, ...]:
    """What waits under this key, or all that waits of this source, stands and is told.

    `silent`: it stands and nothing is told. Raises ConfigError where nothing waits under the id.
    """

    def decide(
        source: Source, snapshot: Snapshot | None, pending: Pending, keys: tuple[str, ...] | None
    ) -> Comparison:
        return accept(
            snapshot, pending, source, job.time(), keys=keys, silent=silent,
            history=job.store.changes(publisher=source.publisher), reader=reader_mark(),
        )  # fmt: skip

    return _decided(job, id, decide)


def reject_waiting(job: Job, id: str) -> None:
    """What waits is refused for as long as the page goes on showing it. Raises ConfigError."""
    _decided(job, id, lambda _, snapshot, pending, keys: reject(snapshot, pending, keys=keys))


def retract_change(job: Job, id: str, note: str) -> Change:
    """A change that was told did not happen: an entry says so. Raises ConfigError."""
    change = _told(job, id)
    with job.store.lock(change.source):
        snapshot, pending = job.store.load(change.source)
        found = retract(change, snapshot, pending, note, job.time())
        job.store.save(change.source, found.snapshot, found.pending, found.changes)
    return found.changes[0]


def correct_change(job: Job, id: str, note: str, amounts: Mapping[str, Decimal]) -> Change:
    """A change that was told happened otherwise: an entry with the amounts as they truly are.

    `amounts` by meter, or by product and meter with a space between. Raises ConfigError.
    """
    change = _told(job, id)
    named = {name for alteration in change.alterations for name in _names(alteration)}
    if unknown := sorted(amounts.keys() - named):
        raise ConfigError(
            f"change {id} is not about {unknown[0]!r}; it is about {', '.join(sorted(named))}"
        )
    right = [_corrected(alteration, amounts) for alteration in change.alterations]
    with job.store.lock(change.source):
        snapshot, pending = job.store.load(change.source)
        found = correct(change, snapshot, pending, note, job.time(), alterations=right)
        job.store.save(change.source, found.snapshot, found.pending, found.changes)
    return found.changes[0]


def _told(job: Job, id: str) -> Change:
    told = [change for change in job.store.changes() if change.id == id]
    if not told or told[0].state is not ChangeState.CONFIRMED:
        raise ConfigError(f"no confirmed change has the id {id!r}; `ratewire log` lists them")
    return told[0]


def _names(alteration: Alteration) -> tuple[str, ...]:
    fact = alteration.after
    return (fact.meter, f"{fact.product} {fact.meter}") if isinstance(fact, Rate) else ()


def _corrected(alteration: Alteration, amounts: Mapping[str, Decimal]) -> Alteration:
    wanted = [amounts[name] for name in _names(alteration) if name in amounts]
    if not wanted or not isinstance(alteration.after, Rate):
        return alteration
    return correction(alteration, replace(alteration.after, amount=wanted[-1]))


Decide = Callable[[Source, Snapshot | None, Pending, tuple[str, ...] | None], Comparison]


def _decided(job: Job, id: str, decide: Decide) -> tuple[Change, ...]:
    source, keys = _meant(job, id, waiting(job).items())
    with job.store.lock(source.id):
        snapshot, pending = job.store.load(source.id)
        if pending is None:
            raise ConfigError(f"nothing waits under {id!r} any more")
        found = decide(source, snapshot, pending, keys)
        job.store.save(source.id, found.snapshot, found.pending, found.changes)
        if found.held is None:
            job.store.save_health(source.id, Health(HealthState.OK, job.time()))
    return found.changes


def _meant(
    job: Job, id: str, asked: Iterable[tuple[str, tuple[Pending, tuple[Question, ...]]]]
) -> tuple[Source, tuple[str, ...] | None]:
    """The source and keys that an id stands for: a source's id means all that waits there."""
    for source_id, (pending, found) in asked:
        if id == source_id:
            return job.site.source(source_id), None
        waiting = [*(each.key for each in found), *map(unread_key, pending.unread)]
        keys = [key for key in waiting if key.startswith(id)]
        if len(keys) == 1:
            return job.site.source(source_id), (keys[0],)
    raise ConfigError(f"nothing waits under {id!r}; `ratewire review` lists what does")
