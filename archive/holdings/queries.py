"""Read the holdings: the tree, one record with all that belongs to it, lists.

Returns rows and values, writes nothing. Begin at `by_ref` and `page_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from archive.errors import NotFound
from archive.holdings.facts import ancestor_ids
from archive.holdings.models import (
    Agent,
    Aip,
    Derivative,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    Event,
    File,
    Hold,
    Mark,
    RecordText,
    Term,
)
from archive.sorting import swedish


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A record with everything a page about it shows."""

    record: Description
    ancestors: Sequence[Description]
    children: Sequence[Description]
    child_count: int
    files: Sequence[File]
    migrated: dict[str, list[File]]  # by the pid of the source
    derivatives: dict[int, dict[str, Derivative]]
    agents: Sequence[tuple[DescriptionAgent, Agent]]
    terms: Sequence[Term]
    texts: Sequence[RecordText]
    holds: Sequence[Hold]
    marks: Sequence[Mark]
    events: Sequence[Event]
    aip: Aip | None


def by_ref(session: Session, reference: str) -> Description:
    """Return the record with this reference code or pid, its units loaded.

    :raises NotFound: if there is none.
    """
    wanted = reference.strip()
    found = session.scalars(
        _with_units().where(or_(Description.reference == wanted, Description.pid == wanted))
    ).first()
    if found is None:
        raise NotFound(f"there is no record {wanted!r}")
    return found


def page_of(session: Session, record: Description, *, children: int = 200) -> RecordPage:
    """Return a record with what belongs to it, in a constant number of queries."""
    below = select(Description).where(Description.parent_id == record.id)
    files = session.scalars(files_of(record)).all()
    return RecordPage(
        record=record,
        ancestors=ancestors(session, record),
        children=session.scalars(below.order_by(Description.position).limit(children)).all(),
        child_count=session.scalar(select(func.count()).select_from(below.subquery())) or 0,
        files=files,
        migrated=_by_source(session.scalars(migrated_of(record))),
        derivatives=derivatives_of(session, [file.id for file in files]),
        agents=session.execute(_agents_of(record)).all(),
        terms=session.scalars(
            select(Term)
            .join(DescriptionTerm, DescriptionTerm.term_id == Term.id)
            .where(DescriptionTerm.description_id == record.id)
            .order_by(Term.kind, swedish(Term.value))
        ).all(),
        texts=session.scalars(
            select(RecordText).where(RecordText.description_id == record.id)
        ).all(),
        holds=session.scalars(
            select(Hold)
            .where(Hold.description_id.in_(_line(record)), Hold.lifted_at.is_(None))
            .order_by(Hold.id)
        ).all(),
        marks=session.scalars(
            select(Mark)
            .where(Mark.description_id.in_(_line(record)), Mark.lifted_at.is_(None))
            .order_by(Mark.id)
        ).all(),
        events=session.scalars(
            select(Event).where(Event.aip_id == record.aip_id).order_by(Event.id).limit(100)
        ).all(),
        aip=session.get(Aip, record.aip_id) if record.aip_id else None,
    )


def _agents_of(record: Description) -> Select[DescriptionAgent, Agent]:
    return (
        select(DescriptionAgent, Agent)
        .join(Agent, Agent.id == DescriptionAgent.agent_id)
        .where(DescriptionAgent.description_id == record.id)
    )


def _by_source(migrated: Iterable[File]) -> dict[str, list[File]]:
    """Return what each original became, one after the other, where that was migrated again."""
    found: dict[str, list[File]] = {}
    first: dict[str, str] = {}
    for file in sorted(migrated, key=lambda file: file.id):
        source = file.migrated_from or ""
        first[file.pid] = first.get(source, source)
        found.setdefault(first[file.pid], []).append(file)
    return found


def ancestors(session: Session, record: Description) -> list[Description]:
    """Return the records above, the fonds first."""
    above = session.scalars(
        select(Description).where(Description.id.in_(ancestor_ids(record)))
    ).all()
    return sorted(above, key=lambda row: len(row.path))


def branch(record: Description) -> Select[Description]:
    """Select a record and everything below it, parents before children."""
    return (
        select(Description)
        .where(Description.path.startswith(record.path))
        .order_by(func.length(Description.path), Description.position)
    )


def tops(unit_ids: frozenset[int] | None = None) -> Select[Description]:
    """Select the fonds, by reference; of some units only, where they are named."""
    query = _with_units().where(Description.parent_id.is_(None))
    if unit_ids is not None:
        query = query.where(Description.unit_id.in_(unit_ids))
    return query.order_by(Description.reference)


def files_of(record: Description) -> Select[File]:
    """Select the record's own originals, in page order; not what they were migrated to."""
    return originals().where(File.description_id == record.id)


def originals() -> Select[File]:
    """Select files that are their record's own now, in page order.

    Neither those that an update replaced, nor those that others were migrated to.
    """
    return (
        select(File)
        .where(File.last_version.is_(None), File.migrated_from.is_(None))
        .order_by(File.sequence, File.id)
    )


def migrated_of(record: Description) -> Select[File]:
    """Select what the record's files were migrated to."""
    return (
        select(File)
        .where(File.description_id == record.id, File.migrated_from.is_not(None))
        .where(File.last_version.is_(None))
        .order_by(File.sequence, File.id)
    )


def derivatives_of(session: Session, file_ids: Sequence[int]) -> dict[int, dict[str, Derivative]]:
    """Return the copies for use of some files: file id -> role -> copy."""
    found: dict[int, dict[str, Derivative]] = {}
    for row in session.scalars(select(Derivative).where(Derivative.file_id.in_(file_ids))):
        found.setdefault(row.file_id, {})[row.role] = row
    return found


def object_of(session: Session, file: File) -> tuple[str, str, str]:
    """Return where a file's bytes lie in the store: (object id, logical path, version).

    The version is the one that the database knows: a newer one may be on its way.

    :raises NotFound: if its package has been disposed of.
    """
    aip = session.get_one(Aip, file.aip_id)
    if aip.purged_at is not None:
        raise NotFound("the package of this file has been disposed of")
    return aip.object_id, file.logical_path, file.last_version or aip.version


def _with_units() -> Select[Description]:
    return select(Description).options(
        joinedload(Description.unit), joinedload(Description.plan_unit)
    )


def _line(record: Description) -> list[int]:
    return [*ancestor_ids(record), record.id]
