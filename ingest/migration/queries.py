"""Read what is kept in formats that the house wishes away, and what waits to be migrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from archive.holdings.models import Aip, Description, File, format_called
from ingest.formats import rules
from ingest.formats.identify import Format
from ingest.formats.policy import Verdict
from ingest.migration.converters import Converter, converter_for

_BYTES = "byte match"  # what is kept was identified; a rule on a name is not asked here


@dataclass(frozen=True, slots=True)
class Kept:
    """A format that is taken with a wish for another: how much of it is kept and migrated."""

    puid: str
    called: str
    files: int
    size_bytes: int
    migrated: int
    converter: Converter | None

    @property
    def waiting(self) -> int:
        """Return how many files have not been migrated."""
        return self.files - self.migrated


@dataclass(frozen=True, slots=True)
class Scope:
    """What a migration is about: files of one format, of some units, below one record."""

    puid: str
    unit_ids: tuple[int, ...] | None = None
    path: str = "/"


def kept(session: Session, unit_ids: frozenset[int] | None) -> list[Kept]:
    """Return the formats that the house wishes away and keeps files of, most files first."""
    outcome = aliased(File)
    query = (
        select(
            File.puid,
            func.max(File.format_name),
            func.max(File.format_version),
            func.count(),
            func.sum(File.size_bytes),
            func.count(outcome.id),
        )
        .join(Aip, Aip.id == File.aip_id)
        .join(Description, Description.id == File.description_id)
        .outerjoin(outcome, outcome.migrated_from == File.pid)
        .where(Aip.purged_at.is_(None), File.puid.is_not(None))
        .group_by(File.puid)
        .order_by(func.count().desc(), File.puid)
    )
    if unit_ids is not None:
        query = query.where(Description.unit_id.in_(unit_ids))
    policy = rules.policy_for(session, None)
    return [
        Kept(puid, format_called(name, number), files, int(size), migrated, converter_for(puid))
        for puid, name, number, files, size, migrated in session.execute(query).all()
        if puid and policy.verdict(Format(puid, basis=_BYTES), "") is Verdict.MIGRATE
    ]


def is_wished_away(session: Session, puid: str) -> bool:
    """Return whether the house takes the format with a wish for another."""
    verdict = rules.policy_for(session, None).verdict(Format(puid, basis=_BYTES), "")
    return verdict is Verdict.MIGRATE


def waiting(session: Session, scope: Scope) -> int:
    """Return how many files of a scope have not been migrated."""
    files = _unmigrated(scope).with_only_columns(func.count())
    return session.scalar(files) or 0


def packages(session: Session, scope: Scope) -> Sequence[int]:
    """Return the ids of the packages with files of a scope that have not been migrated."""
    query = _unmigrated(scope).with_only_columns(File.aip_id).distinct().order_by(File.aip_id)
    return session.scalars(query).all()


def files_in(session: Session, aip_id: int, scope: Scope) -> Sequence[File]:
    """Return a package's files of a scope that have not been migrated, in page order."""
    query = _unmigrated(scope).where(File.aip_id == aip_id)
    return session.scalars(query.order_by(File.sequence, File.id)).all()


def paths_in(session: Session, aip_id: int) -> set[str]:
    """Return the logical paths of a package's files."""
    return set(session.scalars(select(File.logical_path).where(File.aip_id == aip_id)))


def _unmigrated(scope: Scope) -> Select[File]:
    outcome = aliased(File)
    conditions: list[ColumnElement[bool]] = [
        File.puid == scope.puid,
        File.last_version.is_(None),
        Aip.purged_at.is_(None),
        Description.path.startswith(scope.path),
        ~select(outcome.id).where(outcome.migrated_from == File.pid).exists(),
    ]
    if scope.unit_ids is not None:
        conditions.append(Description.unit_id.in_(scope.unit_ids))
    return (
        select(File)
        .join(Aip, Aip.id == File.aip_id)
        .join(Description, Description.id == File.description_id)
        .where(*conditions)
    )
