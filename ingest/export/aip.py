"""The AIP of a branch: every original below a record that is still kept, with its history.

Beside the originals go the descriptions as they are now, each package's description as it came
in, the events (PREMIS 3) and the plan rows. The bytes are copied, and compared, by `ingest.build`.
Whether the reader may read all this is asked before. Begin at `parcel_of`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.errors import NotFound
from archive.holdings.models import Aip, Description, Event, File
from archive.storage.store import Store
from ingest.build_spec import Administrative, BuildFile, PackageType, Section
from ingest.export import branch, planrows, premis
from ingest.export.parcel import PORTION, Parcel, aips_of, files_of, framed, safe
from ingest.export.premis import FileObject, Happening

_RECORDS = "metadata/records.json"


def parcel_of(session: Session, store: Store, top: Description, *, at: datetime) -> Parcel:
    """Return the AIP of a branch.

    :raises NotFound: if no original is kept below `top`.
    """
    entries = list(branch.everything(session, top))
    found = files_of(session, [entry.record.id for entry in entries])
    kept = aips_of(session, found)
    aips = [aip for aip in kept.values() if aip.purged_at is None]
    files = [file for file in found if kept[file.aip_id].purged_at is None]
    if not files:
        raise NotFound(f"there is no original below {top.reference}")
    keys = {entry.record.id: entry.draft.key for entry in entries}
    content = [_original(store, file, kept[file.aip_id], keys) for file in files]
    whole = _whole(session, aips, files)
    rows = planrows.document(
        session, [entry.record for entry in entries], aips, whole=whole, day=at.date()
    )
    administrative = (
        Administrative(
            "other/plan.json", rows, Section.RIGHTS, other="PLAN", media_type="application/json"
        ),
        Administrative(
            "preservation/premis.xml",
            _history(session, aips, files, content),
            Section.PROVENANCE,
            "PREMIS",
        ),
        *(_as_it_came(store, aip) for aip in aips if aip.id in whole),
    )
    spec = framed(PackageType.AIP, entries, content, administrative, at=at)
    return Parcel(spec, len(entries), len(files), len(found) - len(files))


def _original(store: Store, file: File, aip: Aip, keys: Mapping[int, str]) -> BuildFile:
    name = file.logical_path.removeprefix("content/")
    return BuildFile(
        path=f"{safe(aip.object_id)}/{name}",
        source=store.path_of(aip.object_id, file.logical_path, aip.version),
        draft=keys[file.description_id],
        media_type=file.media_type,
        digest=file.sha512,
    )


def _whole(session: Session, aips: Sequence[Aip], files: Iterable[File]) -> frozenset[int]:
    """Return the ids of the packages that go whole: none of their files lies outside the branch."""
    here: dict[int, int] = {}
    for file in files:
        here[file.aip_id] = here.get(file.aip_id, 0) + 1
    whole: set[int] = set()
    for portion in _portions([aip.id for aip in aips]):
        counted = session.execute(
            select(File.aip_id, func.count())
            .where(File.aip_id.in_(portion), File.last_version.is_(None))
            .group_by(File.aip_id)
        )
        whole.update(aip_id for aip_id, count in counted if here.get(aip_id) == count)
    return frozenset(whole)


def _as_it_came(store: Store, aip: Aip) -> Administrative:
    """Return the description that was stored with a package when it was taken in."""
    return Administrative(
        path=f"other/{safe(aip.object_id)}/records.json",
        source=store.path_of(aip.object_id, _RECORDS, aip.version),
        section=Section.PROVENANCE,
        other="STADSARKIV-RECORDS",
        media_type="application/json",
        digest=store.version(aip.object_id, aip.version).files[_RECORDS].sha512,
    )


def _history(
    session: Session, aips: Sequence[Aip], files: Sequence[File], content: Sequence[BuildFile]
) -> bytes:
    ids = {aip.id: aip.object_id for aip in aips}
    objects = [
        FileObject(
            file_id=file.pid,
            path=f"representations/rep1/data/{built.path}",
            digests={"SHA-512": file.sha512, "SHA-256": file.sha256},
            size_bytes=file.size_bytes,
            media_type=file.media_type,
            puid=file.puid,
            format_name=file.format_name,
            format_version=file.format_version,
            format_note=_note(file),
            original_name=file.original_name,
            kept_in=ids[file.aip_id],
            migrated_from=file.migrated_from,
        )
        for file, built in zip(files, content, strict=True)
    ]
    happened = list(_events(session, ids, {file.id: file.pid for file in files}))
    return premis.document(list(ids.values()), objects, happened)


def _note(file: File) -> str | None:
    """Return on what the format was identified, what the tool warned of, and which tool it was."""
    said = [file.format_basis, file.format_warning, file.format_tool]
    return "; ".join(text for text in said if text) or None


def _events(
    session: Session, aips: Mapping[int, str], files: Mapping[int, str]
) -> Iterator[Happening]:
    """Yield what happened to the packages, and to those of their files that are in the branch."""
    for portion in _portions(list(aips)):
        query = select(Event).where(Event.aip_id.in_(portion)).order_by(Event.at, Event.id)
        for event in session.scalars(query):
            if event.file_id is not None and event.file_id not in files:
                continue
            subject = files[event.file_id] if event.file_id else aips[event.aip_id]
            yield Happening(
                event_id=f"event-{event.id}",
                kind=event.kind,
                at=event.at,
                outcome=event.outcome,
                agent=event.agent,
                objects=(subject,),
                detail=event.detail,
                source=event.detail.get("source") if event.outcome == "success" else None,
            )


def _portions(ids: Sequence[int]) -> Iterator[Collection[int]]:
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))
