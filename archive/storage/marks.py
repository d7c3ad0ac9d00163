"""Which disk is which: a mark beside each root, made once, and remembered by the database.

A disk that is not mounted leaves an empty folder behind, and a wrong disk another archive's.
Neither is written to: a root that is not the one expected is `away`, with the reason, until it
is back or an operator says that a new disk takes its place. Begin at `examine` and `adopt`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive import clock, db
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.errors import Conflict
from archive.storage.disk import Root
from archive.storage.models import UNCHECKED, StoredObject, StoreRoot

_PROBES = 500  # newest and oldest objects that are looked for; a disk of last year lacks the newest
_STRAYS = 10  # one in so many may be missing from a root that is the right one


def examine(roots: Sequence[Root]) -> None:
    """Say of each root what mark it must have (`expected`) and why it is not it (`away`).

    Reads only. An expected mark of None means: a root that gets one now, or has one already.
    """
    remembered, unsure = _remembered(), list[tuple[Root, str | None]]()
    for number, root in enumerate(roots):
        mark = root.read_mark()
        root.expected, root.away = remembered.get(number), ""
        if root.expected is None or mark is None:
            unsure.append((root, mark))
        elif mark != root.expected:
            root.away = _reason(root, "is the disk of another store, or of another copy")
    if not unsure:
        return
    known = _known_objects()
    anything = bool(known) or any(root.holds_anything() for root in roots)
    for root, mark in unsure:
        if not _fits(root, mark, known, is_new_store=not (anything or root.expected)):
            root.away = _reason(root, "does not hold what was kept there (is its disk mounted?)")


def settle(roots: Sequence[Root]) -> None:
    """Make the roots that are not away, mark those without a mark, and remember the marks."""
    for root in roots:
        if not root.away:
            root.prepare()
            root.expected = root.ensure_mark(root.expected)
    remembered = _remembered()
    news = {
        number: root
        for number, root in enumerate(roots)
        if not root.away and remembered.get(number) != root.expected
    }
    if news and db.archive.is_open:
        with db.archive.transaction() as session:
            for number, root in news.items():
                _remember(session, number, root)


def adopt(roots: Sequence[Root], place: str) -> None:
    """Let the root at a place be the one expected from now on, as an operator says it is.

    Every object is then counted as unchecked, so that the next nights fill the new disk.

    :raises Conflict: if the root fits already, there is none at that place, or it is empty and
        no other copy is there to fill it from.
    """
    number, root = next(((n, r) for n, r in enumerate(roots) if str(r) == place), (-1, None))
    if root is None:
        places = ", ".join(map(str, roots))
        raise Conflict(f"there is no root {place}; the settings name {places}")
    if not root.away:
        raise Conflict(f"the root {place} fits already; there is nothing to adopt")
    if _known_objects() and not root.holds_anything() and all(other.away for other in roots):
        raise Conflict(
            f"{place} is empty and no other copy is there to fill it from: mount the disk that"
            " holds the store, or restore a backup"
        )
    root.prepare()
    root.expected, root.away = root.ensure_mark(None, anew=True), ""
    with db.archive.transaction() as session:
        _remember(session, number, root)
        session.execute(update(StoredObject).values(last_checked_at=UNCHECKED))
        audit.record(session, "store.adopt", f"store:{number}", actor=SYSTEM, place=place)


def _remembered() -> dict[int, str]:
    if not db.archive.is_open:
        return {}
    with db.archive.reading() as session:
        return {row.number: row.mark for row in session.scalars(select(StoreRoot))}


def _known_objects() -> list[str]:
    """Return some of the objects that the database knows."""
    if not db.archive.is_open:
        return []
    query = select(StoredObject.object_id).where(StoredObject.state != "missing").limit(_PROBES)
    with db.archive.reading() as session:
        newest = session.scalars(query.order_by(StoredObject.stored_at.desc())).all()
        oldest = session.scalars(query.order_by(StoredObject.stored_at)).all()
    return list({*newest, *oldest})


def _fits(root: Root, mark: str | None, known: Sequence[str], *, is_new_store: bool) -> bool:
    """Return whether a root that nobody remembers, or that has lost its mark, may be used."""
    if is_new_store:
        return True
    if not known:  # an empty database, before it is rebuilt from the roots that hold something
        return mark is not None or root.holds_anything()
    there = sum(root.folder_of(object_id).is_dir() for object_id in known)
    return there > 0 and len(known) - there <= max(1, len(known) // _STRAYS)


def _remember(session: Session, number: int, root: Root) -> None:
    row = session.get(StoreRoot, number)
    if row is None:
        row = StoreRoot(number=number)
        session.add(row)
    row.mark, row.place, row.since = root.expected or "", str(root), clock.now()


def _reason(root: Root, what: str) -> str:
    return (
        f"{root} {what}; nothing is written until it is back, or until"
        f" `stadsarkiv store adopt {root}` says that it is a new disk"
    )
