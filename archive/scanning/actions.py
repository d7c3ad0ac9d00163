"""Order scans, follow the order step by step, tie files to it, and judge what came.

Every step is a line of the order's story and an event of the audit. Whoever may describe the
unit's records may order scans of them. Nothing here commits. Begin at `order`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM, Acting
from archive.errors import Conflict, Invalid
from archive.holdings.models import Description, File
from archive.jobs import actions as jobs
from archive.jobs.models import Priority
from archive.scanning import queries
from archive.scanning.judge import PAPERS, Scan, Wanted, judge
from archive.scanning.models import NEXT, OPEN, Colour, OrderState, ScanEntry, ScanFile, ScanOrder

MOST_FILES = 20_000
_BY_HAND = frozenset(OrderState) - {OrderState.ORDERED}


@dataclass(frozen=True, slots=True)
class Terms:
    """What is ordered: why, what of the record, how finely, on what paper, how much, by when."""

    why: str
    dpi: int
    colour: Colour = Colour.COLOUR
    what: str = ""
    paper: str | None = None
    pages: int | None = None
    due_on: date | None = None
    asked_by: str = ""
    firm: str = ""


def order(session: Session, record: Description, terms: Terms, *, viewer: Viewer) -> ScanOrder:
    """Order scans of a record and all below it, and return the order.

    :raises Invalid: if no reason is given, or the deadline has passed.
    :raises Conflict: if the record is destroyed, or an open order for it is there already.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    _require_sound(terms)
    if record.destroyed_on is not None:
        raise Conflict("the record is destroyed; there is nothing to scan")
    is_open = ScanOrder.description_id == record.id, ScanOrder.state.in_(OPEN)
    before = session.scalars(select(ScanOrder).where(*is_open).limit(1)).first()
    if before is not None:
        raise Conflict(f"order {before.number} for this record is not finished")
    now = clock.now()
    made = ScanOrder(
        number=(session.scalar(select(func.max(ScanOrder.number))) or 0) + 1,
        description_id=record.id,
        record=record,
        state=OrderState.ORDERED,
        had=_had(session, record),
        findings=[],
        ordered_at=now,
        updated_at=now,
    )
    _write(made, terms)
    session.add(made)
    session.flush()
    _tell(session, made, OrderState.ORDERED.value, "", viewer)
    return made


def change(session: Session, found: ScanOrder, terms: Terms, *, viewer: Viewer) -> None:
    """Change what is ordered; scans that have come are judged anew by it, and not measured again.

    :raises Conflict: if the order is finished.
    :raises Invalid: as `order`; a deadline that has passed may stay as it is.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, found.record.unit_id)
    if found.state not in OPEN:
        raise Conflict(f"order {found.number} is finished and takes no more scans")
    _require_sound(terms, due_before=found.due_on)
    _write(found, terms)
    found.updated_at = clock.now()
    audit.record(session, "scan.change", subject_of(found), actor=viewer)
    session.flush()
    if queries.scans(session, found):
        ask_for_check(session, found)


def step(
    session: Session, found: ScanOrder, to: OrderState, *, reason: str = "", viewer: Viewer
) -> None:
    """Take an order to its next state by hand.

    Sent back and cancelled need a reason. What is sent back keeps its scans until others come.

    :raises Invalid: if the reason is missing, or there are no scans to accept or send back.
    :raises Conflict: if the order cannot go there from where it is, or is being checked.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, found.record.unit_id)
    if to not in _BY_HAND:
        raise Invalid("an order is made on the record's page")
    if to in {OrderState.RETURNED, OrderState.CANCELLED} and not reason.strip():
        raise Invalid("say why; the reason is kept and told to the firm")
    if to == OrderState.ACCEPTED:
        _require_checked(session, found)
    move(session, found, to, reason=reason, actor=viewer)


def move(
    session: Session, found: ScanOrder, to: OrderState, *, reason: str = "", actor: Acting
) -> None:
    """Take an order to its next state.

    :raises Conflict: if the table has no such step.
    """
    if to not in NEXT[OrderState(found.state)]:
        raise Conflict(f"order {found.number} cannot take that step from where it is")
    found.state = to
    _tell(session, found, to.value, reason, actor)


def look_for_scans(session: Session) -> None:
    """Ask the worker to look whether what has just come in was ordered; nothing if nothing is."""
    if session.scalars(select(ScanOrder.id).where(ScanOrder.state.in_(OPEN)).limit(1)).first():
        jobs.enqueue(
            session, "scanning.meet", lock_key="scanning", once=True, priority=Priority.BEHIND
        )


def meet(session: Session, found: ScanOrder) -> int:
    """Tie to an order the files that came to its record since it was ordered; return how many.

    The order is then delivered, and its scans are checked.
    """
    if found.state not in OPEN:
        return 0
    had, files = set(found.had), session.scalars(queries.files_below(found.record))
    fresh = [file.id for file in files if file.pid not in had]
    return _tie(session, found, fresh, by_hand=False, actor=SYSTEM)


def tie(session: Session, found: ScanOrder, record: Description, *, viewer: Viewer) -> int:
    """Say by hand that the files of a record, and of all below it, are this order's scans.

    :raises Conflict: if the order is finished.
    :raises Invalid: if the record has no files that were not there already.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, found.record.unit_id)
    viewer.demand(Permission.HOLDINGS_READ, record.unit_id)
    if found.state not in OPEN:
        raise Conflict(f"order {found.number} is finished and takes no more scans")
    ids = list(session.scalars(queries.files_below(record).with_only_columns(File.id)))
    _require_few(len(ids))
    count = _tie(session, found, ids, by_hand=True, actor=viewer)
    if not count:
        raise Invalid("the record has no files that are not among the scans already")
    return count


def untie(session: Session, found: ScanOrder, file: File, *, viewer: Viewer) -> None:
    """Say that a file is no scan of this order; it does not come back by itself."""
    viewer.demand(Permission.HOLDINGS_DESCRIBE, found.record.unit_id)
    row = session.get(ScanFile, (found.id, file.id))
    if row is None or found.state not in OPEN:
        raise Conflict("the file is not among the scans, or the order is finished")
    session.delete(row)
    found.had = [*found.had, file.pid]
    audit.record(session, "scan.untie", subject_of(found), actor=viewer, file=file.pid)
    session.flush()
    ask_for_check(session, found)


def ask_for_check(session: Session, found: ScanOrder) -> None:
    """Have the scans of an order measured and judged, behind everything that people wait for."""
    found.checked_at = None
    jobs.enqueue(
        session,
        "scanning.check",
        lock_key=f"scanning:{found.pid}",
        once=True,
        priority=Priority.BEHIND,
        scan_order=found.pid,
    )


def keep_figures(
    session: Session, found: ScanOrder, figures: Mapping[int, Mapping[str, Any]]
) -> None:
    """Keep what was measured of some scans, by the id of the file."""
    rows = select(ScanFile).where(
        ScanFile.order_id == found.id, ScanFile.file_id.in_(figures.keys())
    )
    for row in session.scalars(rows):
        row.measured = dict(figures[row.file_id])
    session.flush()


def conclude(session: Session, found: ScanOrder) -> None:
    """Hold the figures of all scans against the order, and keep the findings.

    Not while scans that came during the check are still to be measured: theirs is queued.
    """
    rows = queries.scans(session, found)
    if any(scan.measured is None for scan, _ in rows):
        return
    wanted = Wanted(found.dpi, found.colour, found.paper, found.pages)
    each, together = judge(
        wanted, [Scan(file.original_name, file.sha256, scan.measured or {}) for scan, file in rows]
    )
    for (scan, _), findings in zip(rows, each, strict=True):
        if scan.findings != findings:
            scan.findings = findings
    found.findings, found.checked_at = together, clock.now()
    bad = sum(any(f["severity"] == "bad" for f in findings) for findings in each)
    audit.record(session, "scan.check", subject_of(found), actor=SYSTEM, files=len(rows), bad=bad)
    session.flush()


def subject_of(found: ScanOrder) -> str:
    """Return how the audit names an order."""
    return f"scan:{found.pid}"


def _tie(
    session: Session, found: ScanOrder, ids: Sequence[int], *, by_hand: bool, actor: Acting
) -> int:
    known = set(session.scalars(select(ScanFile.file_id).where(ScanFile.order_id == found.id)))
    fresh = [file_id for file_id in ids if file_id not in known]
    if not fresh:
        return 0
    session.add_all(
        ScanFile(order_id=found.id, file_id=file_id, is_by_hand=by_hand, findings=[])
        for file_id in fresh
    )
    session.flush()
    if found.state != OrderState.DELIVERED:
        move(session, found, OrderState.DELIVERED, reason=str(len(fresh)), actor=actor)
    else:
        _tell(session, found, "files", str(len(fresh)), actor)
    ask_for_check(session, found)
    return len(fresh)


def _tell(session: Session, found: ScanOrder, kind: str, body: str, actor: Acting) -> None:
    now = clock.now()
    found.updated_at = now
    session.add(
        ScanEntry(order_id=found.id, at=now, actor=actor.actor_id, kind=kind, body=body.strip())
    )
    audit.record(session, f"scan.{kind}", subject_of(found), actor=actor, note=body.strip() or None)


def _had(session: Session, record: Description) -> list[str]:
    pids = session.scalars(
        queries.files_below(record).with_only_columns(File.pid).limit(MOST_FILES + 1)
    ).all()
    _require_few(len(pids))
    return list(pids)


def _require_few(count: int) -> None:
    if count > MOST_FILES:
        raise Invalid(f"there are more than {MOST_FILES} files there; choose a smaller branch")


def _write(found: ScanOrder, terms: Terms) -> None:
    found.why, found.what = terms.why.strip(), terms.what.strip() or None
    found.dpi, found.colour, found.paper = terms.dpi, terms.colour, terms.paper
    found.pages, found.due_on = terms.pages, terms.due_on
    found.asked_by, found.firm = terms.asked_by.strip() or None, terms.firm.strip() or None


def _require_sound(terms: Terms, *, due_before: date | None = None) -> None:
    if not terms.why.strip():
        raise Invalid("say why the record is scanned; the reason is kept")
    if terms.paper is not None and terms.paper not in PAPERS:
        raise Invalid(f"{terms.paper!r} is no size of paper that is known here")
    if terms.due_on not in {None, due_before} and terms.due_on < clock.today():
        raise Invalid(f"the deadline {terms.due_on} has passed")


def _require_checked(session: Session, found: ScanOrder) -> None:
    if not queries.scans(session, found):
        raise Invalid("no scans have come; there is nothing to accept")
    if found.checked_at is None:
        raise Conflict("the scans are being checked; wait until that is done")
