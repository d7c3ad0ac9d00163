"""Compile a record for the public: field by field, what may be shown and nothing else.

A field that is not named here cannot leave the house. Begin at `compiled`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from archive import clock
from archive.edition import shelf
from archive.edition.models import FileRole, PublicFile, PublicRecord, new_file_id
from archive.holdings.access import Verdict
from archive.holdings.models import Derivative, Description, File, Publication
from archive.publish.sources import Source
from archive.storage.store import Store
from ihp import dates
from ihp.terms import Outcome, PersonalData

# An original is shown when it is no picture: a picture's access copy carries no camera data.
_ORIGINALS = frozenset({"application/pdf", "text/csv", "text/plain", "audio/mpeg", "audio/wav"})
# A copy for use, and as what it is published. ALTO goes only where its text does.
_COPIES = {
    "access": FileRole.ACCESS,
    "thumb": FileRole.THUMB,
    "pyramid": FileRole.PYRAMID,
    "alto": FileRole.TEXT,
}
Known = Mapping[tuple[str, str], list[PublicFile]]


def may_be_in(record: Description, verdict: Verdict) -> bool:
    """Return whether the record stands in the edition at all: a person and the law both say so."""
    return (
        record.publication != Publication.NONE
        and verdict.show.outcome is Outcome.ALLOW
        and record.destroyed_on is None
    )


def is_open(record: Description, verdict: Verdict) -> bool:
    """Return whether its contents stand there too."""
    return (
        record.publication == Publication.FULL
        and may_be_in(record, verdict)
        and verdict.publish.outcome is Outcome.ALLOW
    )


def shows_original(file: File) -> bool:
    """Return whether an open record's original is for everyone, and not only its access copy."""
    return file.media_type in _ORIGINALS


def compiled(
    source: Source, verdict: Verdict, store: Store, derivatives: Path, known: Known
) -> PublicRecord:
    """Return the public document of a record that `may_be_in` let pass.

    `known` are the files that the edition has of it, by role and SHA-256: they keep their
    address, and each is taken from the list, for two pages may have the same bytes. Bytes that
    are new are put on the shelf here, before any row names them.
    """
    record, open_ = source.record, is_open(source.record, verdict)
    public = PublicRecord(
        pid=record.pid,
        reference=record.reference,
        level=record.level,
        title=record.public_title or record.title,
        sort_key=sort_key(record),
        date_text=record.date_text,
        date_words=dates.describe(record.date_min, record.date_max),
        year_min=_year(record.date_min or record.date_max),
        year_max=_year(record.date_max or record.date_min),
        extent=record.extent,
        language=record.language,
        kind=record.genre,
        citation=f"{source.archive_name}, {record.reference}",
        decision={"show": verdict.show.as_dict(), "publish": verdict.publish.as_dict()},
        open_until=_last_day(verdict.show.valid_until),
        contents_open=open_,
        contents_until=_last_day(verdict.publish.valid_until) if open_ else None,
        noindex=not open_ or record.personal_data not in {None, PersonalData.NONE.value},
        published_on=(record.published_at or clock.now()).astimezone(clock.STOCKHOLM).date(),
        updated_at=clock.now(),
        files=[],
    )
    _place_in_archive(public, source)
    if open_:
        _add_contents(public, source, store, derivatives, known)
    return public


def _place_in_archive(public: PublicRecord, source: Source) -> None:
    above = source.ancestors
    public.ancestors = list(above)
    public.parent_pid = above[-1]["pid"] if above else None
    public.fonds_pid = above[0]["pid"] if above else source.record.pid
    public.fonds_title = above[0]["title"] if above else source.record.title
    public.unit_code, public.unit_name = source.unit.code, source.unit.name


def _add_contents(
    public: PublicRecord, source: Source, store: Store, derivatives: Path, known: Known
) -> None:
    record = source.record
    public.scope, public.rights = record.scope, record.rights
    public.text = "\n\n".join(source.texts) or None
    public.creators = list(source.creators)
    public.places = [term.value for term in source.terms if term.kind == "place"]
    public.subjects = [term.value for term in source.terms if term.kind == "subject"]
    public.also_named = list(source.told_names)
    located = next((t for t in source.terms if t.latitude is not None), None)
    if located is not None:
        public.latitude, public.longitude = located.latitude, located.longitude
    for file in source.files:
        copies = source.derivatives.get(file.id, {})
        if not source.is_read_by_machine:
            copies = {role: copy for role, copy in copies.items() if role != "alto"}
        public.files.extend(_copies(file, copies, derivatives, known))
        if shows_original(file):
            object_id, version = source.objects[file.aip_id]
            path = store.path_of(object_id, file.logical_path, version)
            public.files.append(_published(file, FileRole.ORIGINAL, path, known))


def _copies(
    file: File, derivatives: Mapping[str, Derivative], root: Path, known: Known
) -> Sequence[PublicFile]:
    return [
        _published(file, _COPIES[role], root / copy.path, known, copy)
        for role, copy in sorted(derivatives.items())
        if role in _COPIES
    ]


def _published(
    file: File,
    role: FileRole,
    path: Path,
    known: Known,
    copy: Derivative | None = None,
) -> PublicFile:
    sha256 = copy.sha256 if copy else file.sha256
    same = known.get((role.value, sha256))
    before = same.pop(0) if same else None
    if before is not None and shelf.locate(before.path) is not None:
        file_id, place = before.id, before.path
    else:
        file_id = new_file_id()
        place = shelf.place(path, file_id)
    return PublicFile(
        id=file_id,
        sequence=file.sequence,
        label=file.label,
        role=role,
        media_type=copy.media_type if copy else file.media_type,
        size_bytes=copy.size_bytes if copy else file.size_bytes,
        path=place,
        sha256=sha256,
        width=copy.width if copy else None,
        height=copy.height if copy else None,
    )


def sort_key(record: Description) -> str:
    """Return a key that sorts references as people do: A1:2 before A1:10."""
    return re.sub(r"\d+", lambda m: m[0].zfill(8), record.reference)[:300]


def _year(day: date | None) -> int | None:
    return day.year if day else None


def _last_day(changes_on: date | None) -> date | None:
    return changes_on - timedelta(days=1) if changes_on else None
