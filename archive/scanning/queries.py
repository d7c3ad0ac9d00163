"""Read the orders: the list, one with its scans and story, and the files that came to a record.

A person sees the orders of records of their own units. Begin at `page` and `shown`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, Viewer
from archive.errors import NotFound
from archive.holdings import queries as holdings
from archive.holdings.models import Derivative, Description, File
from archive.scanning import judge
from archive.scanning.models import (
    OPEN,
    WITH_THE_FIRM,
    OrderState,
    ScanEntry,
    ScanFile,
    ScanOrder,
)

Units = frozenset[int] | None
SIZE = 50
SCANS_SHOWN = 60
SOON_DAYS = 7
_FIRST = {OrderState.DELIVERED: 0, OrderState.RETURNED: 1, OrderState.SCANNING: 1,
          OrderState.ORDERED: 1, OrderState.ACCEPTED: 2}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to: a state, a unit's id, and what is late on a day."""

    state: str = ""
    unit_id: int | None = None
    late_on: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list of orders."""

    rows: Sequence[ScanOrder]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // SIZE))


@dataclass(frozen=True, slots=True)
class Shown:
    """A scan as its order's page shows it."""

    scan: ScanFile
    file: File
    thumb: Derivative | None


@dataclass(frozen=True, slots=True)
class Said:
    """A line of an order's story with who wrote it."""

    entry: ScanEntry
    name: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many scans came, how many were looked at, and how many have something to say."""

    came: int
    measured: int
    bad: int
    warned: int


def matching(units: Units, filters: Filters) -> Select[ScanOrder]:
    """Select the orders of the units that the filters let through, what waits first."""
    query = select(ScanOrder).join(ScanOrder.record)
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    if filters.state == "open":
        query = query.where(ScanOrder.state.in_(OPEN))
    elif filters.state:
        query = query.where(ScanOrder.state == filters.state)
    if filters.unit_id is not None:
        query = query.where(Description.unit_id == filters.unit_id)
    if filters.late_on is not None:
        query = query.where(ScanOrder.due_on < filters.late_on, ScanOrder.state.in_(WITH_THE_FIRM))
    return query.options(contains_eager(ScanOrder.record).joinedload(Description.unit)).order_by(
        case(_FIRST, value=ScanOrder.state, else_=3),
        ScanOrder.due_on.is_(None),
        ScanOrder.due_on,
        ScanOrder.id.desc(),
    )


def page(session: Session, units: Units, filters: Filters, number: int = 1) -> Page:
    """Return a page of the list; two queries."""
    query = matching(units, filters)
    ids = query.with_only_columns(ScanOrder.id).options().order_by(None)
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // SIZE)))
    rows = session.scalars(query.limit(SIZE).offset((number - 1) * SIZE)).all()
    return Page(rows, total, number)


def by_pid(session: Session, pid: str) -> ScanOrder:
    """Return the order with this id, its record and unit loaded.

    :raises NotFound: if there is none.
    """
    order = session.scalars(
        select(ScanOrder)
        .where(ScanOrder.pid == pid)
        .options(joinedload(ScanOrder.record).joinedload(Description.unit))
    ).first()
    if order is None:
        raise NotFound("there is no such order of scans")
    return order


def of_record(session: Session, record: Description) -> Sequence[ScanOrder]:
    """Return the orders for a record or one above or below it, the newest first."""
    line = [int(step) for step in record.path.strip("/").split("/") if step]
    return session.scalars(
        select(ScanOrder)
        .join(ScanOrder.record)
        .where(or_(Description.id.in_(line), Description.path.startswith(record.path)))
        .options(contains_eager(ScanOrder.record))
        .order_by(ScanOrder.id.desc())
        .limit(SIZE)
    ).all()


def story(session: Session, order: ScanOrder) -> list[Said]:
    """Return what happened to an order, in order."""
    entries = session.scalars(
        select(ScanEntry).where(ScanEntry.order_id == order.id).order_by(ScanEntry.id)
    ).all()
    names = accounts.names(session, {entry.actor for entry in entries})
    return [Said(entry, names.get(entry.actor, "")) for entry in entries]


def scans(session: Session, order: ScanOrder) -> list[tuple[ScanFile, File]]:
    """Return the scans of an order that are still their record's files, in page order."""
    rows = session.execute(
        select(ScanFile, File)
        .join(File, File.id == ScanFile.file_id)
        .join(Description, Description.id == File.description_id)
        .where(ScanFile.order_id == order.id, File.last_version.is_(None))
        .order_by(func.length(Description.path), Description.path, File.sequence, File.id)
    )
    return [(scan, file) for scan, file in rows]


def worst(rows: Sequence[tuple[ScanFile, File]]) -> list[tuple[ScanFile, File]]:
    """Return scans with the worst first, and otherwise in the order in which they lie."""
    return sorted(rows, key=lambda row: -judge.weight(row[0].findings))


def shown(
    session: Session, rows: Sequence[tuple[ScanFile, File]], number: int
) -> tuple[list[Shown], int]:
    """Return a page of scans, the worst first, with thumbs, and how many pages there are."""
    pages = max(1, -(-len(rows) // SCANS_SHOWN))
    start = (min(max(number, 1), pages) - 1) * SCANS_SHOWN
    some = worst(rows)[start : start + SCANS_SHOWN]
    copies = holdings.derivatives_of(session, [file.id for _, file in some])
    return [Shown(scan, f, copies.get(f.id, {}).get("thumb")) for scan, f in some], pages


def tally(rows: Sequence[tuple[ScanFile, File]]) -> Tally:
    """Return how far the check of scans is and how much it found."""
    severities = [{finding["severity"] for finding in scan.findings} for scan, _ in rows]
    return Tally(
        came=len(rows),
        measured=sum(scan.measured is not None for scan, _ in rows),
        bad=sum(judge.BAD in found for found in severities),
        warned=sum(judge.WARN in found and judge.BAD not in found for found in severities),
    )


def files_below(record: Description) -> Select[File]:
    """Select the originals of a record and of all below it."""
    return (
        holdings.originals()
        .join(Description, Description.id == File.description_id)
        .where(Description.path.startswith(record.path))
    )


def open_orders() -> Select[ScanOrder]:
    """Select the orders that scans may still come to, their records loaded."""
    return (
        select(ScanOrder)
        .where(ScanOrder.state.in_(OPEN))
        .options(joinedload(ScanOrder.record))
        .order_by(ScanOrder.id)
    )


def counts(session: Session, units: Units, today: date) -> Mapping[str, int]:
    """Return how many orders wait for the archive ("delivered"), and how many are late ("late")."""
    is_late = (ScanOrder.due_on < today) & ScanOrder.state.in_(WITH_THE_FIRM)
    query = select(
        func.count(case((ScanOrder.state == OrderState.DELIVERED, 1))),
        func.count(case((is_late, 1))),
        func.count(case((ScanOrder.state.in_(WITH_THE_FIRM), 1))),
    ).join(ScanOrder.record)
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    delivered, late, away = session.execute(query).one()
    return {"delivered": delivered, "late": late, "away": away}


def names(session: Session, viewer: Viewer, pids: Sequence[str]) -> Mapping[str, str]:
    """Return what the log calls the orders that the viewer may read: "12 SE/LSA/T1/A1:1"."""
    query = (
        select(ScanOrder.pid, ScanOrder.number, Description.reference)
        .join(ScanOrder.record)
        .where(ScanOrder.pid.in_(pids))
    )
    units = viewer.units(Permission.HOLDINGS_READ)
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    return {row.pid: f"{row.number} {row.reference}" for row in session.execute(query)}
