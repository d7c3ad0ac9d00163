"""Tell a comparison of plans, and a simulation, in lines for people or as plain JSON values.

Begin at `comparison_lines` and `simulation_lines`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from archive.oversight.simulation import Affected, Simulation
from ihp.diff import Change, Comparison
from ihp.diff_words import CHANGES, sentences
from ihp.outlook import Outlook
from ihp.plan import Plan
from ihp.security import SecurityClass

_NAMES = {
    "show": "show",
    "publish": "publish",
    "dispose": "dispose",
    "dispose_from": "may be disposed of from",
    "open_from": "open from",
    "security_class": "class",
}


def comparison_lines(old: Plan | None, new: Plan, found: Comparison) -> Iterator[str]:
    """Yield what changes between two versions, one row after the other."""
    yield f"{_label(old)} → {_label(new)}: rows changed: {len(found.rows)}"
    for change in Change:
        if rows := found.of(change):
            yield f"  {CHANGES[change].text_en}: {len(rows)}"
    for row in found.rows:
        yield f"{row.code}  {CHANGES[row.change].text_en}"
        for sentence in sentences(row, old, new):
            yield f"    {sentence.text_en}"


def comparison_form(old: Plan | None, new: Plan, found: Comparison) -> dict[str, Any]:
    """Return the same as plain values, each sentence in both languages."""
    return {
        "old": _label(old) if old else None,
        "new": _label(new),
        "rows": [
            {
                "code": row.code,
                "change": row.change.value,
                "columns": list(row.columns),
                "sv": [each.text_sv for each in sentences(row, old, new)],
                "en": [each.text_en for each in sentences(row, old, new)],
            }
            for row in found.rows
        ],
    }


def simulation_lines(done: Simulation, *, limit: int) -> Iterator[str]:
    """Yield what a version would do: counts first, then at most `limit` records of each list."""
    changed = [each for each in done.affected if each.changes]
    yield f"{done.new} instead of {done.old or 'no plan'} on {done.on}; nothing is changed"
    yield f"{done.records} records asked, {len(changed)} would change"
    for name, count in done.counts().items():
        yield f"  {_NAMES.get(name, name)}: {count}"
    yield f"would be withdrawn from the public: {len(done.withdrawn)}"
    yield from _listed(done.withdrawn, limit, lambda e: f"{e.reference} ({e.withdrawal})")
    yield f"held, whatever the version says: {len(done.held)}"
    yield from _listed(done.held, limit, lambda e: e.reference)
    yield f"changed: {len(changed)}"
    yield from _listed(changed, limit, _sentence)


def simulation_form(done: Simulation) -> dict[str, Any]:
    """Return the same as plain values, with every record."""
    return {
        "old": done.old,
        "new": done.new,
        "on": done.on.isoformat(),
        "records": done.records,
        "counts": done.counts(),
        "withdrawn": [each.reference for each in done.withdrawn],
        "held": [each.reference for each in done.held],
        "affected": [
            {
                "reference": each.reference,
                "pid": each.pid,
                "rule": each.rule,
                "changes": list(each.changes),
                "before": _outlook(each.before),
                "after": _outlook(each.after),
                "withdrawal": each.withdrawal,
                "held": each.is_held,
            }
            for each in done.affected
        ],
    }


def _label(plan: Plan | None) -> str:
    if plan is None:
        return "no plan"
    return plan.version if plan.number else plan.title  # a file has no number


def _listed(found: Sequence[Affected], limit: int, say: Any) -> Iterator[str]:
    for each in found[:limit]:
        yield f"  {say(each)}"
    if len(found) > limit:
        yield f"  … and {len(found) - limit} more; --json tells all"


def _sentence(each: Affected) -> str:
    said = "; ".join(
        f"{_NAMES[name]} {_word(getattr(each.before, name))} → {_word(getattr(each.after, name))}"
        for name in each.changes
    )
    return f"{each.reference}  {each.rule or '-'}  {said}"


def _outlook(found: Outlook) -> dict[str, Any]:
    level = found.security_class
    return {
        "show": found.show.value,
        "publish": found.publish.value,
        "dispose": found.dispose.value,
        "dispose_from": found.dispose_from.isoformat() if found.dispose_from else None,
        "open_from": found.open_from.isoformat() if found.open_from else None,
        "class": {"K": level.k, "R": level.r, "T": level.t} if level else None,
    }


def _word(value: Any) -> str:
    match value:
        case None:
            return "none"
        case SecurityClass():
            return f"K{value.k} R{value.r} T{value.t}"
        case date() if value == date.min:
            return "always"
        case date():
            return value.isoformat()
    return str(value.value)
