"""Facts and changes as the JSON that other programs rely on. Keys are added, never renamed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ratewire.compare import ChangeRow, Question, ReadingsCompared, change_rows, unread_key
from ratewire.model import (
    Change,
    Fact,
    Facts,
    Figure,
    Health,
    Held,
    Pending,
    Rate,
    Reading,
    Role,
    Snapshot,
    Source,
    UnreadChange,
    Verdict,
)
from ratewire.model.moments import rfc3339
from ratewire.pipeline import Outcome, Report
from ratewire.record.codec import plain

if TYPE_CHECKING:
    from ratewire.announce import AnnounceReport
    from ratewire.owner import OwnerReport
    from ratewire.publish.build import BuildReport

__all__ = [
    "announced",
    "built",
    "change",
    "comparison",
    "explanation",
    "fact",
    "facts",
    "health",
    "outcome",
    "owner",
    "reading",
    "report",
    "row",
    "standing",
    "time",
    "waiting",
]

Json = dict[str, Any]


def time(value: datetime | None) -> str | None:
    """RFC 3339, in UTC."""
    return rfc3339(value) if value else None


def fact(one: Fact) -> Json:
    """A fact's own keys, with where it stood and in which words beside them."""
    told: Json = plain(one)
    told.pop("evidence", None)
    if isinstance(one, Rate):
        terms = told.pop("terms", {})
        told = {
            "product": one.product,
            "meter": one.meter,
            "conditions": dict(one.conditions),
            "amount": f"{one.amount:f}",
            "currency": one.currency,
            "unit": str(one.unit),
            **told,
            **terms,
        }
    evidence = one.evidence
    return {
        **told,
        "excerpt": evidence.excerpt,
        "where": evidence.where,
        "rules": list(evidence.rules),
    }


def fee(one: Rate) -> Json:
    """A price that is a share of a value: `plus` is its fixed part, null where there is none."""
    told = fact(one)
    del told["amount"]
    return told | {"plus": f"{one.amount:f}" if one.amount else None}


def facts(all_facts: Facts) -> Json:
    return {
        "rates": [fact(one) for one in all_facts.rates if not one.is_fee],
        "fees": [fee(one) for one in all_facts.rates if one.is_fee],
        "availability": [fact(one) for one in all_facts.availability],
        "limits": [fact(one) for one in all_facts.limits],
        "incidents": [fact(one) for one in all_facts.incidents],
        "passages": [fact(one) for one in all_facts.passages],
        "multipliers": [fact(one) for one in all_facts.multipliers],
    }


def reading(verdict: Verdict, read: Reading, url: str) -> Json:
    """What `ratewire read --json` prints; without facts where the page is not genuine."""
    return {
        "verdict": verdict.kind.value,
        "evidence": verdict.evidence,
        "url": url,
        **facts(read.facts),
        "figures_unread": [
            figure_unread(each) for each in read.figures if each.role is Role.UNREAD
        ],
        "marks": list(read.marks),
    }


def figure_unread(one: Figure) -> Json:
    """A figure of the page that is not understood."""
    return {"text": one.line, "where": str(one.place), "why": one.reason}


def row(one: ChangeRow) -> Json:
    """One fact before and after; amounts per unit of the newer page."""
    return {
        "id": one.id,
        "kind": one.kind.value,
        "product": one.product,
        "meter": one.meter,
        "conditions": dict(one.conditions),
        "old": one.old,
        "new": one.new,
        "percent": None if one.percent is None else f"{one.percent:f}",
        "excerpts": list(one.excerpts),
    }


def comparison(found: ReadingsCompared) -> Json:
    """What `ratewire compare --json` prints. Both `held` and `changes`: told once it settled."""
    return {
        "held": held(found.held),
        "changes": [row(each) for each in change_rows(found.alterations)],
        "unread": [unread(each) for each in found.unread],
        "marks": list(found.marks),
    }


def held(one: Held | None) -> Json | None:
    return {"guard": one.guard, "reason": one.reason} if one else None


def unread(one: UnreadChange) -> Json:
    """A changed figure that is not understood; `old` or `new` is null where it came or went."""
    return {"old": one.old or None, "new": one.new or None, "where": one.where, "why": one.why}


def waiting(source: str, pending: Pending, asked: Sequence[Question]) -> Json:
    rows = change_rows([question.alteration for question in asked])
    return {
        "source": source,
        "held": held(pending.held),
        "changes": [
            row(each) | {"seen": question.times, "first_seen": time(question.first_seen),
                         "rejected": question.rejected}
            for each, question in zip(rows, asked, strict=True)
        ],
        "unread": [{"id": unread_key(each), **unread(each)} for each in pending.unread],
    }  # fmt: skip


def change(one: Change) -> Json:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "state": one.state.value,
        "source": one.source,
        "products": list(one.products),
        "basis": one.basis.value or None,
        "looks": one.looks or None,
        "recorded_at": time(one.recorded_at),
        "last_seen_old": time(one.window.last_seen_old),
        "first_seen_new": time(one.window.first_seen_new),
        "url": one.url,
        "follows": one.follows or None,
        "note": one.note,
        "alterations": [row(each) for each in change_rows(one.alterations)],
    }


def outcome(one: Outcome) -> Json:
    return {
        "source": one.source.id,
        **health(one.health),
        "read": one.read,
        "changes": [change(each) for each in one.changes],
        "waiting": [row(each) for each in change_rows(one.pending.waiting)] if one.pending else [],
        "unread": [unread(each) for each in one.pending.unread] if one.pending else [],
        "attempts": list(one.attempts),
    }


def health(one: Health) -> Json:
    return {"state": one.state.value, "since": time(one.since), "detail": one.detail}


def standing(
    source: Source,
    known: Health,
    verified: datetime | None,
    snapshot: Snapshot | None,
    pending: Pending | None,
) -> Json:
    """A source as `ratewire status --json` tells of it."""
    return {
        "source": source.id,
        "url": source.url,
        **health(known),
        "verified_at": time(verified),
        "taken_at": time(snapshot.taken_at) if snapshot else None,
        "facts": len(list(snapshot.facts)) if snapshot else 0,
        "waiting": len(pending.waiting) if pending else 0,
        "unread": len(pending.unread) if pending else 0,
    }


def explanation(snapshot: Snapshot, rates: Sequence[Rate], past: Sequence[Change]) -> Json:
    return {
        "source": snapshot.source,
        "url": snapshot.url,
        "capture": snapshot.capture,
        "taken_at": time(snapshot.taken_at),
        "reader": snapshot.reader,
        "rates": [fact(rate) for rate in rates],
        "changes": [change(each) for each in past],
    }


def built(one: BuildReport) -> Json:
    counts = ("pages", "rendered", "written", "unchanged", "removed")
    left_out = [{"path": each.path, "reason": each.reason} for each in one.left_out]
    return {
        **{name: getattr(one, name) for name in counts},
        "out": str(one.out),
        "left_out": left_out,
    }


def announced(one: AnnounceReport) -> Json:
    counts = ("accepted", "later", "refused", "unknown", "repeated", "dead")
    return {
        "due": [
            {"message": each.message, "to": each.to, "subject": each.subject,
             "changes": list(each.changes)}
            for each in one.planned
        ],
        **{name: getattr(one, name) for name in counts},
        "troubles": list(one.troubles),
    }  # fmt: skip


def owner(one: OwnerReport | None) -> Json | None:
    """What waits for the owner, and what came of telling it; null where nobody is named."""
    if one is None:
        return None
    return {
        "standing": [
            {"topic": each.topic.value, "source": each.source or None, "headline": each.headline,
             "remedy": each.remedy}
            for each in one.standing
        ],
        "due": [{"message": each.message, "to": each.to, "subject": each.subject}
                for each in one.planned],
        "accepted": one.accepted,
        "troubles": list(one.troubles),
    }  # fmt: skip


def report(one: Report) -> Json:
    """What a run did. `built`, `announced` and `owner` are null where the run had no such part."""
    return {
        "checked": [outcome(each) for each in one.outcomes],
        "health": {id: health(each) for id, each in one.health.items()},
        "built": built(one.built) if one.built else None,
        "announced": announced(one.announced) if one.announced else None,
        "owner": owner(one.owner),
    }
