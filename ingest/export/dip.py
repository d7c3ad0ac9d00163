"""The DIP of a branch: what the law lets everyone see, and what a person has released in a case.

A picture goes as its access copy; an original goes only where the reading room shows it too, or
where its record was released. Files are named by number, for their own names may tell. Begin at
`parcel_of`.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from archive.cases import actions as case_actions
from archive.cases.models import Case, Outcome
from archive.errors import NotFound
from archive.holdings.models import Aip, Derivative, Description, File
from archive.holdings.queries import derivatives_of
from archive.publish.compile import shows_original
from archive.storage.store import Store
from ingest.build_spec import Administrative, BuildFile, PackageType, Section
from ingest.export import branch, premis
from ingest.export.parcel import PORTION, Parcel, aips_of, files_of, framed
from ingest.export.premis import FileObject, Happening

_Copies = Mapping[int, Mapping[str, Derivative]]


def released_in(session: Session, case: Case) -> frozenset[int]:
    """Return the ids of the records whose release was decided in the case.

    As when the case hands them out: what lies below one and is open by law goes with it.
    """
    found: set[int] = set()
    for item in case.items:
        if item.outcome == Outcome.RELEASE and item.description_id is not None:
            record = session.get_one(Description, item.description_id)
            found.update(each.id for each in case_actions.releasable(session, record))
    return frozenset(found)


def parcel_of(
    session: Session,
    store: Store,
    derivatives: Path,
    top: Description,
    *,
    at: datetime,
    released: Collection[int] = (),
) -> Parcel:
    """Return the DIP of a branch; `derivatives` is the folder of the copies for use.

    :raises Refused: if `top` may not be shown.
    :raises NotFound: if no file of the branch is let out.
    """
    entries = list(branch.allowed(session, top, released))
    files = files_of(session, [entry.record.id for entry in entries if entry.is_open])
    aips, copies = aips_of(session, files), _copies_of(session, files)
    keys = {entry.record.id: entry.draft.key for entry in entries}
    content = [
        _built(file, copy, store, derivatives, aips, keys[file.description_id])
        for file in files
        if (copy := _copy(file, aips, copies.get(file.id, {}), derivatives, released))
    ]
    if not content:
        raise NotFound(f"no file below {top.reference} may be handed out")
    history = premis.document([], list(_objects(content)), [_dissemination(at)])
    administrative = [
        Administrative("preservation/premis.xml", history, Section.PROVENANCE, "PREMIS")
    ]
    spec = framed(PackageType.DIP, entries, content, administrative, at=at)
    return Parcel(spec, len(entries), len(content), len(files) - len(content))


def _copy(
    file: File,
    aips: Mapping[int, Aip],
    copies: Mapping[str, Derivative],
    derivatives: Path,
    released: Collection[int],
) -> File | Derivative | None:
    """Return what is handed out for a file, or None: it is destroyed, or no copy is made yet."""
    if aips[file.aip_id].purged_at is not None:
        return None
    if file.migrated_from is not None:  # goes beside its original, never in place of a copy
        return file if file.description_id in released else None
    if file.description_id in released or shows_original(file):
        return file
    access = copies.get("access")
    return access if access is not None and (derivatives / access.path).is_file() else None


def _built(
    file: File,
    copy: File | Derivative,
    store: Store,
    derivatives: Path,
    aips: Mapping[int, Aip],
    key: str,
) -> BuildFile:
    if isinstance(copy, File):
        aip = aips[file.aip_id]
        source = store.path_of(aip.object_id, file.logical_path, aip.version)
    else:
        source = derivatives / copy.path
    ending = mimetypes.guess_extension(copy.media_type) or ".bin"
    kind = "-migrated" if file.migrated_from else ""
    name = f"{key}/{file.sequence:04d}{kind}{ending}"
    return BuildFile(name, source, key, copy.media_type, copy.sha256)


def _copies_of(session: Session, files: list[File]) -> _Copies:
    found: dict[int, dict[str, Derivative]] = {}
    for start in range(0, len(files), PORTION):
        found |= derivatives_of(session, [f.id for f in files[start : start + PORTION]])
    return found


def _objects(content: list[BuildFile]) -> Iterator[FileObject]:
    for built in content:
        assert isinstance(built.source, Path)
        yield FileObject(
            file_id=built.path,
            path=f"representations/rep1/data/{built.path}",
            digests={"SHA-256": built.digest or ""},
            size_bytes=built.source.stat().st_size,
            media_type=built.media_type or "application/octet-stream",
        )


def _dissemination(at: datetime) -> Happening:
    return Happening("dissemination", "dissemination", at, "success", "stadsarkiv", (), {})
