"""What the two kinds of package share: their files and packages by record, and their frame.

Begin at `Parcel` and `framed`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.holdings.models import Aip, File
from archive.publish.sources import ARCHIVE_NAME
from ingest.build_spec import Administrative, BuildFile, PackageSpec, PackageType
from ingest.export.branch import Entry

PORTION = 500
_WORDS = {
    PackageType.AIP: "Arkivpaket (AIP): originalen med beskrivningar, händelser och planrader.\n"
    "Archival package (AIP): originals with descriptions, events and plan rows.\n"
    "Paketet kan innehålla sekretess. It may hold secret records.",
    PackageType.DIP: "Utlämningspaket (DIP): det som lagen låter lämna ut.\n"
    "Dissemination package (DIP): what the law lets out.",
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package to be built, with what it holds; `left_out` are files that do not go with it."""

    spec: PackageSpec
    records: int
    files: int
    left_out: int


def files_of(session: Session, record_ids: Sequence[int]) -> list[File]:
    """Return the originals of the records, in the order of the records and of their pages."""
    order = {record_id: number for number, record_id in enumerate(record_ids)}
    found: list[File] = []
    for start in range(0, len(record_ids), PORTION):
        portion = record_ids[start : start + PORTION]
        own = select(File).where(File.description_id.in_(portion), File.last_version.is_(None))
        found.extend(session.scalars(own))
    return sorted(found, key=lambda f: (order[f.description_id], f.sequence, f.id))


def aips_of(session: Session, files: Sequence[File]) -> Mapping[int, Aip]:
    """Return the packages in which the files are kept, by id."""
    ids = sorted({file.aip_id for file in files})
    found: dict[int, Aip] = {}
    for start in range(0, len(ids), PORTION):
        for aip in session.scalars(select(Aip).where(Aip.id.in_(ids[start : start + PORTION]))):
            found[aip.id] = aip
    return found


def framed(
    kind: PackageType,
    entries: Sequence[Entry],
    content: Sequence[BuildFile],
    administrative: Sequence[Administrative],
    *,
    at: datetime,
) -> PackageSpec:
    """Return the specification of a package of the entries, the first of them at its top."""
    top = entries[0]
    said = f"{ARCHIVE_NAME}, {top.record.reference}\n{_WORDS[kind]}"
    numbers = f"{len(entries)} records, {len(content)} files, {at.isoformat(timespec='seconds')}"
    return PackageSpec(
        object_id=f"stadsarkiv-{kind.value.lower()}-{top.record.pid}",
        label=f"{top.record.reference} {top.draft.title}",
        drafts=tuple(entry.draft for entry in entries),
        files=tuple(content),
        submitter=ARCHIVE_NAME,
        created=at.isoformat(timespec="seconds"),
        package_type=kind,
        administrative=tuple(administrative),
        readme=f"{said}\n{numbers}",
    )


def safe(name: str) -> str:
    """Return an object's id as the name of a folder."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)
