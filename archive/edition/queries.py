"""Reads of the edition. Every one of them serves only what is open on the day asked about.

Pure reads that return rows and values; none asks more than a constant number of questions.
Begin at `record` and `of_pids`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, defer, selectinload

from archive.edition.models import PublicFile, PublicRecord
from archive.sorting import swedish

STRUCTURE = ("fonds", "series")  # levels that hold records rather than being one


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The records before and after one among those with the same parent."""

    before: PublicRecord | None
    after: PublicRecord | None


@dataclass(frozen=True, slots=True)
class KindTile:
    """A kind of record, how many there are, and one picture to show for it."""

    kind: str
    count: int
    thumb_id: str | None


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place, how many records are about it, and where it lies if that is known."""

    name: str
    count: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is: records, those with pictures, and whole archives."""

    records: int
    digitized: int
    fonds: int


def live(today: date) -> ColumnElement[bool]:
    """Return the condition that every read carries: not past its last day."""
    return or_(PublicRecord.open_until.is_(None), PublicRecord.open_until >= today)


def record(session: Session, pid: str, today: date) -> PublicRecord | None:
    """Return a record with its files, or None if there is nothing to see under that name."""
    found = select(PublicRecord).where(PublicRecord.pid == pid, live(today))
    return session.scalars(found.options(selectinload(PublicRecord.files))).one_or_none()


def by_reference(session: Session, reference: str, today: date) -> PublicRecord | None:
    """Return a record by its reference code, exactly as written."""
    found = select(PublicRecord).where(PublicRecord.reference == reference, live(today))
    return session.scalars(found.options(defer(PublicRecord.text))).one_or_none()


def of_pids(session: Session, pids: Sequence[str], today: date) -> dict[str, PublicRecord]:
    """Return those of the records that may be seen, by pid; what is not there is left out."""
    if not pids:
        return {}
    found = select(PublicRecord).where(PublicRecord.pid.in_(pids), live(today))
    return {each.pid: each for each in session.scalars(found)}


def ancestors(session: Session, record: PublicRecord, today: date) -> list[PublicRecord]:
    """Return the records above, from the top; read anew, for one may have been withdrawn."""
    order = [step["pid"] for step in record.ancestors]
    found = of_pids(session, order, today)
    return [found[pid] for pid in order if pid in found]


def contents_open(record: PublicRecord, today: date) -> bool:
    """Return whether text and files may be shown on this day, not only the description."""
    return record.contents_open and (
        record.contents_until is None or record.contents_until >= today
    )


def file(session: Session, file_id: str, today: date) -> PublicFile | None:
    """Return a file whose record is open, contents and all, on this day."""
    found = (
        select(PublicFile)
        .join(PublicRecord, PublicRecord.pid == PublicFile.pid)
        .where(
            PublicFile.id == file_id,
            live(today),
            PublicRecord.contents_open.is_(True),
            or_(PublicRecord.contents_until.is_(None), PublicRecord.contents_until >= today),
        )
    )
    return session.scalars(found).one_or_none()


def children(
    session: Session, pid: str | None, today: date, *, limit: int = 100, offset: int = 0
) -> list[PublicRecord]:
    """Return the records directly below, in the archive's own order; None gives the top."""
    found = (
        _listed(today)
        .where(PublicRecord.parent_pid == pid)
        .order_by(PublicRecord.sort_key, PublicRecord.pid)
    )
    return list(session.scalars(found.limit(limit).offset(offset)))


def children_of(
    session: Session, pids: Sequence[str], today: date, *, limit: int
) -> list[PublicRecord]:
    """Return the records directly below each of several, in the archive's own order."""
    found = (
        _listed(today)
        .where(PublicRecord.parent_pid.in_(pids))
        .order_by(PublicRecord.sort_key, PublicRecord.pid)
    )
    return list(session.scalars(found.limit(limit)))


def child_counts(session: Session, pids: Sequence[str], today: date) -> Mapping[str, int]:
    """Return how many records lie directly below each of these; none is left out as 0."""
    if not pids:
        return {}
    counted = (
        select(PublicRecord.parent_pid, func.count())
        .where(PublicRecord.parent_pid.in_(pids), live(today))
        .group_by(PublicRecord.parent_pid)
    )
    return {parent: count for parent, count in session.execute(counted) if parent}


def neighbours(session: Session, record: PublicRecord, today: date) -> Neighbours:
    """Return the records before and after, in the archive's own order, under the same parent."""
    if record.parent_pid is None:
        return Neighbours(None, None)
    place = tuple_(PublicRecord.sort_key, PublicRecord.pid)
    here = tuple_(record.sort_key, record.pid)
    beside = _listed(today).where(PublicRecord.parent_pid == record.parent_pid).limit(1)
    before = beside.where(place < here).order_by(
        PublicRecord.sort_key.desc(), PublicRecord.pid.desc()
    )
    after = beside.where(place > here).order_by(PublicRecord.sort_key, PublicRecord.pid)
    return Neighbours(session.scalars(before).first(), session.scalars(after).first())


def fonds(session: Session, today: date) -> list[tuple[PublicRecord, int]]:
    """Return the archives by title, each with how many records of it are published."""
    counted = (
        select(PublicRecord.fonds_pid, func.count().label("count"))
        .where(live(today), PublicRecord.level.not_in(STRUCTURE))
        .group_by(PublicRecord.fonds_pid)
        .subquery()
    )
    found = (
        select(PublicRecord, func.coalesce(counted.c.count, 0))
        .outerjoin(counted, counted.c.fonds_pid == PublicRecord.pid)
        .where(PublicRecord.level == "fonds", live(today))
        .options(defer(PublicRecord.text))
        .order_by(swedish(PublicRecord.title), PublicRecord.pid)
    )
    return [(row, count) for row, count in session.execute(found)]


def newest(session: Session, today: date, *, limit: int = 8) -> list[PublicRecord]:
    """Return the latest published records; those with a picture first among equals."""
    found = (
        _listed(today)
        .where(PublicRecord.level.not_in(STRUCTURE))
        .order_by(
            PublicRecord.published_on.desc(), PublicRecord.digitized.desc(), PublicRecord.pid.desc()
        )
    )
    return list(session.scalars(found.limit(limit)))


def kinds(session: Session, today: date) -> list[KindTile]:
    """Return the kinds of record, most frequent first, each with its newest picture."""
    shown = and_(live(today), PublicRecord.kind.is_not(None), PublicRecord.level != "fonds")
    ranked = (
        select(
            PublicRecord.kind,
            PublicRecord.thumb_id,
            func.row_number()
            .over(
                partition_by=PublicRecord.kind,
                order_by=(PublicRecord.published_on.desc(), PublicRecord.pid),
            )
            .label("rank"),
        )
        .where(shown, PublicRecord.thumb_id.is_not(None), _contents(today))
        .subquery()
    )
    counted = (
        select(PublicRecord.kind, func.count().label("count"))
        .where(shown)
        .group_by(PublicRecord.kind)
        .subquery()
    )
    tiles = (
        select(counted.c.kind, counted.c.count, ranked.c.thumb_id)
        .outerjoin(ranked, and_(ranked.c.kind == counted.c.kind, ranked.c.rank == 1))
        .order_by(counted.c.count.desc(), counted.c.kind)
    )
    return [KindTile(*row) for row in session.execute(tiles)]


def decades(session: Session, today: date) -> list[tuple[int, int]]:
    """Return (first year, number of records) for each decade that has any, in order.

    A record that spans several decades counts in each of them, as it does in a search by years.
    """
    first, last = PublicRecord.year_min // 10, PublicRecord.year_max // 10
    spans = select(first, last, func.count()).where(_is_dated(today)).group_by(first, last)
    found: Counter[int] = Counter()
    for begins, ends, count in session.execute(spans):
        for tens in range(int(begins or 0), int(ends or 0) + 1):
            found[tens * 10] += count
    return sorted(found.items())


def dated(session: Session, today: date) -> int:
    """Return how many records have a known year."""
    return session.scalar(select(func.count()).where(_is_dated(today))) or 0


def _is_dated(today: date) -> ColumnElement[bool]:
    known = and_(PublicRecord.year_min.is_not(None), PublicRecord.year_max.is_not(None))
    return and_(known, PublicRecord.level.not_in(STRUCTURE), live(today))


def places(session: Session, today: date) -> list[PlaceCount]:
    """Return every main place by name, with its count and where it lies."""
    counted = (
        select(
            PublicRecord.place,
            func.count(),
            func.avg(PublicRecord.latitude),
            func.avg(PublicRecord.longitude),
        )
        .where(PublicRecord.place.is_not(None), live(today))
        .group_by(PublicRecord.place)
        .order_by(swedish(PublicRecord.place))
    )
    return [PlaceCount(*row) for row in session.execute(counted)]


def unit_names(session: Session, today: date) -> list[tuple[str, str]]:
    """Return (code, name) of every unit that has something published."""
    found = (
        select(PublicRecord.unit_code, func.max(PublicRecord.unit_name))
        .where(live(today), PublicRecord.unit_code != "")
        .group_by(PublicRecord.unit_code)
        .order_by(PublicRecord.unit_code)
    )
    return [(code, name) for code, name in session.execute(found)]


def totals(session: Session, today: date) -> Totals:
    """Return how many records, pictured records and archives can be seen today."""
    is_record = PublicRecord.level.not_in(STRUCTURE)
    counted = select(
        func.count().filter(is_record),
        func.count().filter(and_(is_record, PublicRecord.digitized)),
        func.count().filter(PublicRecord.level == "fonds"),
    ).where(live(today))
    return Totals(*session.execute(counted).one())


def page_of_pids(session: Session, today: date, *, after: str, limit: int) -> list[PublicRecord]:
    """Return records in pid order after one: for sitemaps and rebuilds, a page at a time."""
    found = _listed(today).where(PublicRecord.pid > after).order_by(PublicRecord.pid)
    return list(session.scalars(found.limit(limit)))


def page_of_changes(
    session: Session,
    today: date,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    after: tuple[datetime, str] | None = None,
    unit: str | None = None,
    fonds: str | None = None,
    limit: int,
) -> list[PublicRecord]:
    """Return records in the order of their last change, a page at a time, for harvesters.

    `after` is the change and pid of the last one of the page before; `before` is not included.
    """
    found = _listed(today).order_by(PublicRecord.updated_at, PublicRecord.pid).limit(limit)
    if since is not None:
        found = found.where(PublicRecord.updated_at >= since)
    if before is not None:
        found = found.where(PublicRecord.updated_at < before)
    if after is not None:
        moment, pid = after
        found = found.where(
            PublicRecord.updated_at >= moment,
            or_(PublicRecord.updated_at > moment, PublicRecord.pid > pid),
        )
    if unit is not None:
        found = found.where(PublicRecord.unit_code == unit)
    if fonds is not None:
        found = found.where(PublicRecord.fonds_pid == fonds)
    return list(session.scalars(found))


def earliest_change(session: Session, today: date) -> datetime | None:
    """Return when the record that has stood unchanged the longest was last changed."""
    found = select(PublicRecord.updated_at).where(live(today))
    return session.scalars(found.order_by(PublicRecord.updated_at).limit(1)).first()


def _listed(today: date) -> Select[PublicRecord]:
    """Select what may be seen, without the long text that lists never show."""
    return select(PublicRecord).where(live(today)).options(defer(PublicRecord.text))


def _contents(today: date) -> ColumnElement[bool]:
    return and_(
        PublicRecord.contents_open.is_(True),
        or_(PublicRecord.contents_until.is_(None), PublicRecord.contents_until >= today),
    )
