"""Keep what a delivery's PREMIS tells of its files: their formats, and what happened before.

The documents themselves are kept with the delivery's papers; here they become rows of the files
and events beside our own. Begin at `add`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.holdings.models import Aip, Event, File
from ingest.finding_files import Finder
from ingest.models import Transfer
from ingest.package import EventDraft, Package

_PORTION = 500


def add(session: Session, package: Package, transfer: Transfer, aips: Sequence[Aip]) -> None:
    """Write formats and events to the files they are of; a file that did not come in has none.

    An event of the package as a whole belongs to its object where there is only one.
    """
    if not package.claims and not package.events:
        return
    finder = Finder(package.files)
    kept = _kept(session, aips)
    for claim in package.claims:
        file = finder.file_of(claim)
        row = kept.get(file.path) if file is not None else None
        if row is not None and claim.puid and row.puid is None:
            # What the bytes told stands; a claim is better than nothing, and says what it is.
            row.puid, row.format_basis = claim.puid, "claimed by the delivery's PREMIS"
    for event in package.events:
        for path in event.paths:
            file = finder.find(path)
            row = kept.get(file.path) if file is not None else None
            if row is not None:
                session.add(_row(event, transfer, row.aip_id, row.id))
        if not event.paths and len(aips) == 1:
            session.add(_row(event, transfer, aips[0].id, None))


def _kept(session: Session, aips: Sequence[Aip]) -> dict[str, File]:
    found: dict[str, File] = {}
    for start in range(0, len(aips), _PORTION):
        ids = [aip.id for aip in aips[start : start + _PORTION]]
        own = select(File).where(File.aip_id.in_(ids), File.last_version.is_(None))
        found |= {f.logical_path.removeprefix("content/"): f for f in session.scalars(own)}
    return found


def _row(event: EventDraft, transfer: Transfer, aip_id: int, file_id: int | None) -> Event:
    said = {"text": event.detail, "identifier": event.identifier}
    return Event(
        aip_id=aip_id,
        file_id=file_id,
        kind=event.kind[:40],
        at=event.at,
        outcome=event.outcome[:20],
        detail={"told_by": "PREMIS", "transfer": transfer.pid}
        | {name: text for name, text in said.items() if text},
        agent=event.agent[:120],
    )
