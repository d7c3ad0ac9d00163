"""Reference codes: which is the next free one, and whether one is taken.

A code that a record had before stays its own: it is cited. Begin at `suggest` and `taken`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.errors import Conflict, Invalid
from archive.history.models import FormerReference
from archive.holdings.models import Description, Level

_NUMBERED = re.compile(r"^(.*?)(\d+)$", re.DOTALL)
_AT_ONCE = 500
MOST = 500


def suggest(session: Session, parent: Description | None, level: Level, *, institution: str) -> str:
    """Return the next free code at this place: one more than the highest beside it.

    Without any beside it, a first one after the city's custom: fonds "SE/LSA/1", series "…/A1",
    volume "…:1", and below that "…/1".
    """
    parent_id = parent.id if parent else None
    beside = session.scalars(
        select(Description.reference).where(
            Description.parent_id == parent_id, Description.level == level
        )
    )
    numbered = [found for found in map(_NUMBERED.match, beside) if found]
    if not numbered:
        return _first_free(session, _first(parent, level, institution))
    highest = max(numbered, key=lambda found: int(found[2]))
    return _first_free(session, _after(highest[0]))


def following(first: str, count: int) -> list[str]:
    """Return so many codes that follow each other, leading zeros kept.

    :raises Invalid: if more than one is asked for and the first ends in no number, or too many.
    """
    if count > MOST:
        raise Invalid(f"at most {MOST} records are described at once")
    found = [first]
    while len(found) < count:
        if _NUMBERED.match(first) is None:
            raise Invalid("the first reference must end in a number, so that the others follow")
        found.append(_after(found[-1]))
    return found


def number_of(reference: str) -> str:
    """Return the number that a code ends in, as it is written; nothing without one."""
    found = _NUMBERED.match(reference)
    return found[2] if found else ""


def taken(session: Session, wanted: Sequence[str], *, own: Iterable[str] = ()) -> list[str]:
    """Return which of the codes another record has or had; `own` are pids that may have them."""
    mine, found = set(own), set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        now = select(Description.reference, Description.pid).where(Description.reference.in_(some))
        before = select(FormerReference.reference, FormerReference.record_pid).where(
            FormerReference.reference.in_(some)
        )
        for query in (now, before):
            found |= {code for code, pid in session.execute(query) if pid not in mine}
    return sorted(found)


def require_free(session: Session, wanted: Sequence[str], *, own: Iterable[str] = ()) -> None:
    """Pass if no other record has or had any of the codes, and no code is asked for twice.

    :raises Conflict: naming the first of them that is taken.
    """
    occupied = taken(session, wanted, own=own)
    if occupied or len(set(wanted)) < len(wanted):
        raise Conflict(f"the reference {(occupied or wanted)[0]} is taken")


def leave(session: Session, record: Description, code: str) -> None:
    """Keep a code that the record no longer has as its former one, so that it leads there still.

    A record that gets an old code back keeps the row too: the store forgets no row.
    """
    known = select(FormerReference.id).where(FormerReference.reference == code)
    if session.scalars(known).first() is None:
        session.add(FormerReference(reference=code, record_pid=record.pid, since=clock.now()))


def _first(parent: Description | None, level: Level, institution: str) -> str:
    if parent is None:
        return f"{institution}/1"
    mark = {Level.SERIES: "/A1", Level.VOLUME: ":1"}.get(level, "/1")
    return f"{parent.reference}{mark}"


def _first_free(session: Session, code: str) -> str:
    for _ in range(1000):
        if not taken(session, [code]):
            return code
        code = _after(code)
    return code


def _after(code: str) -> str:
    found = _NUMBERED.match(code)
    if found is None:
        return f"{code}:1"
    return f"{found[1]}{int(found[2]) + 1:0{len(found[2])}d}"
