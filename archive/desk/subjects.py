"""What the log and the queue are about, by the names people use: a reference, a case number.

A viewer is told the names of what they may read, and of nothing else. A room above the desk hands
in the names of its own things. Begin at `names`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, Viewer
from archive.cases.models import Case
from archive.holdings.models import Description

Namer = Callable[[Session, Viewer, Sequence[str]], Mapping[str, str]]
_OF_JOBS = {"transfer": "transfer", "description": "record", "case": "case"}  # argument to kind


def names(session: Session, viewer: Viewer, subjects: Iterable[str]) -> dict[str, str]:
    """Return the name of each subject ("record:PID") that has one and that the viewer may read.

    One query for each kind of thing, however many there are.
    """
    by_kind: dict[str, list[str]] = defaultdict(list)
    for subject in set(subjects):
        kind, _colon, key = subject.partition(":")
        by_kind[kind].append(key)
    return {
        f"{kind}:{key}": name
        for kind, keys in by_kind.items()
        if kind in _namers
        for key, name in _namers[kind](session, viewer, keys).items()
    }


def register(kind: str, namer: Namer) -> None:
    """Let a room name its own kind of thing, by the part of the subject after the colon."""
    _namers[kind] = namer


def of_job(args: Mapping[str, Any]) -> str | None:
    """Return what a job is about, by its arguments, as the log would name it."""
    return next((f"{kind}:{args[name]}" for name, kind in _OF_JOBS.items() if name in args), None)


def _records(session: Session, viewer: Viewer, pids: Sequence[str]) -> Mapping[str, str]:
    wanted = (Description.pid, Description.reference, Description.unit_id)
    rows = session.execute(select(*wanted).where(Description.pid.in_(pids)))
    return {
        pid: reference
        for pid, reference, unit_id in rows
        if viewer.may(Permission.HOLDINGS_READ, unit_id)
    }


def _cases(session: Session, viewer: Viewer, pids: Sequence[str]) -> Mapping[str, str]:
    if not viewer.may(Permission.CASES_READ):
        return {}
    rows = session.execute(select(Case.pid, Case.case_no).where(Case.pid.in_(pids)))
    return {row.pid: row.case_no for row in rows}


def _users(session: Session, viewer: Viewer, ids: Sequence[str]) -> Mapping[str, str]:
    if not viewer.may(Permission.AUDIT_READ):
        return {}
    found = accounts.names(session, [f"user:{each}" for each in ids if each.isdecimal()])
    return {actor.partition(":")[2]: name for actor, name in found.items()}


def _as_written(session: Session, viewer: Viewer, keys: Sequence[str]) -> Mapping[str, str]:
    """Name what goes by a code or number of its own."""
    return {key: key for key in keys}


_namers: dict[str, Namer] = {
    "record": _records,
    "case": _cases,
    "user": _users,
    "unit": _as_written,
    "format": _as_written,
}
