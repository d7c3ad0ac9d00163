"""The packages here that an update adds versions to, as the database knows them.

Not as the store has them: a killed worker may have written a version that no row tells of, and
the next one begins again from what is known. Begin at `of`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.holdings.models import Aip, File
from ingest.updates.target import Known

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A file of a package here, and the record that it is of."""

    path: str
    sha512: str
    size_bytes: int
    record_id: int


@dataclass(frozen=True, slots=True)
class Base:
    """A package here: its version, its row of the plan, and the files that are its records'."""

    aip_id: int
    object_id: str
    version: str
    rule: str
    files: tuple[Held, ...]


def of(session: Session, known: Iterable[Known]) -> dict[int, Base]:
    """Return the packages of the records, by id; those that were disposed of are not there."""
    ids = sorted({each.aip_id for each in known if each.aip_id is not None})
    found: dict[int, Base] = {}
    for start in range(0, len(ids), _PORTION):
        portion = ids[start : start + _PORTION]
        held: dict[int, list[Held]] = {}
        own = select(File).where(File.aip_id.in_(portion), File.last_version.is_(None))
        for file in session.scalars(own.order_by(File.id)):
            one = Held(file.logical_path, file.sha512, file.size_bytes, file.description_id)
            held.setdefault(file.aip_id, []).append(one)
        living = select(Aip).where(Aip.id.in_(portion), Aip.purged_at.is_(None))
        for aip in session.scalars(living):
            files = tuple(held.get(aip.id, ()))
            found[aip.id] = Base(aip.id, aip.object_id, aip.version, aip.rule_code, files)
    return found
