"""Take an accepted delivery into the house: objects first, rows second.

1. Each AIP is written to the store (both copies, synced, read back). 2. One transaction adds
descriptions, files, events, audit and the jobs that follow. A killed worker repeats both: the
store answers "I have it" and the rows either all exist or none. Begin at `accession_step`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive import clock, db
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.errors import Conflict
from archive.holdings import access
from archive.holdings import actions as holdings
from archive.holdings.models import Aip, Description, Event, File, Level
from archive.images.derive import can_be_shown
from archive.jobs import actions as jobs
from archive.jobs.worker import Running
from archive.storage import actions as storage
from archive.storage.store import StoredFile, StoredVersion, open_store
from ihp.security import SCALE
from ingest import packing, pipeline, provenance, submission, terms
from ingest.classify import Classified, Placed, classify, events_of, taken
from ingest.formats import recording
from ingest.formats.identify import Identified
from ingest.models import State, Transfer
from ingest.package import Package, PackageFile
from ingest.recorded import AipPlan
from ingest.updates import bases, following, merging
from ingest.updates.following import Before
from ingest.updates.target import BLOCKING

_TOOL = "stadsarkiv ingest"


@dataclass(frozen=True, slots=True)
class Packed:
    """The objects of a delivery: planned, as they are stored, and the formats of their files."""

    plans: Sequence[AipPlan]
    stored: Mapping[str, StoredVersion]
    formats: Identified


def accession_step(config: Config, running: Running) -> None:
    """Store the packages of an accepted transfer and add its records, whole or not at all."""
    transfer = pipeline.load(running.args["transfer"])
    if transfer.state != State.ACCEPTED:
        return
    package = pipeline.package_of(config, transfer)
    with db.archive.reading() as session:
        gate = _classified(session, config, package, transfer)
        here = bases.of(session, [p.known for p in gate.placed if p.known is not None])
    plans, store = packing.plan_aips(package, gate, transfer, here), open_store(config)
    formats = pipeline.formats_of(config, transfer, package)
    was = merging.as_they_were(store, plans)
    stored = packing.store_all(store, plans, gate, transfer, running)
    papers = submission.store_submission(store, package, transfer, gate, stored.values())
    with db.archive.transaction() as session:
        fresh = pipeline.get(session, transfer.pid)
        again = _classified(session, config, package, fresh)
        _demand_unchanged(again)
        known = following.follow(session, fresh, again, plans, was)
        rows = _add_rows(session, fresh, package, again, Packed(plans, stored, formats), known)
        storage.record_stored(session, papers)
        fresh.record_count = len(rows) + len(known)
        pipeline.move(session, fresh, State.ACCESSIONED, actor=SYSTEM)
        pipeline.enqueue(session, "ingest.receipt", fresh)
        pipeline.go_on(session, fresh)
        running.finish(session)


def _demand_unchanged(again: Classified) -> None:
    """Refuse to add rows that have lost their ground since the delivery was judged."""
    if taken(again.placed):
        raise Conflict("another delivery has taken these references in the meantime")
    lost = BLOCKING & {finding.code for finding in again.findings}
    if lost:
        raise Conflict(f"what the delivery changes is not as it was: {', '.join(sorted(lost))}")


def _classified(
    session: Session, config: Config, package: Package, transfer: Transfer
) -> Classified:
    return classify(
        session,
        package,
        transfer,
        institution=config.institution,
        finding_aid=config.finding_aid,
    )


def _add_rows(
    session: Session,
    transfer: Transfer,
    package: Package,
    gate: Classified,
    packed: Packed,
    known: Mapping[str, Description],
) -> dict[str, Description]:
    """Add what is new; return its rows by key. `known` are those that were here, by key."""
    plans, grown = packed.plans, [p for p in packed.plans if p.base is not None]
    aips = _add_aips(session, transfer, [p for p in plans if p.base is None], packed.stored)
    aips |= following.grow_aips(session, transfer, gate, grown, packed.stored)
    rows = _add_descriptions(session, transfer, gate)
    looked_at = {aips[p.object_id]: p.files for p in plans}
    session.add_all(recording.events(packed.formats, looked_at))
    aip_of = {file.draft: aips[plan.object_id] for plan in plans for file in plan.files}
    every = {**known, **rows}
    for key, aip in aip_of.items():
        if key in every:
            every[key].aip_id = aip.id
    before = following.end_files(session, grown, packed.stored)
    _add_files(session, every, aips, packed, before)
    provenance.add(session, package, transfer, list(aips.values()))
    _add_marks(session, transfer, gate, rows)
    terms.link(session, [(rows[p.draft.key], p.draft) for p in gate.placed if p.draft.key in rows])
    access.refresh_ids(session, [row.id for row in every.values()])
    return rows


def _add_aips(
    session: Session,
    transfer: Transfer,
    plans: Sequence[AipPlan],
    stored: Mapping[str, StoredVersion],
) -> dict[str, Aip]:
    aips: dict[str, Aip] = {}
    for plan in plans:
        version = stored[plan.object_id]
        decision = plan.root.decision
        aips[plan.object_id] = Aip(
            object_id=plan.object_id,
            version=version.version,
            rule_code=plan.rule,
            plan_version=(decision.plan_version if decision else None) or "",
            inventory_digest=version.digest,
            size_bytes=sum(f.size_bytes for f in version.files.values()),
            stored_at=clock.now(),
            transfer_pid=transfer.pid,
        )
        storage.record_stored(session, version)
    session.add_all(aips.values())
    session.flush()
    for aip in aips.values():
        for kind in ("validation", "ingestion"):
            session.add(_event(aip, kind, transfer))
    return aips


def _event(aip: Aip, kind: str, transfer: Transfer) -> Event:
    return Event(
        aip_id=aip.id,
        kind=kind,
        at=clock.now(),
        outcome="success",
        detail={"transfer": transfer.pid, "profile": transfer.profile},
        agent=_TOOL,
    )


def _add_descriptions(
    session: Session, transfer: Transfer, gate: Classified
) -> dict[str, Description]:
    """Add the tree level by level, so that every row knows its parent's id; return rows by key."""
    rows: dict[str, Description] = {}
    ids: dict[str, tuple[int, str]] = {}
    waiting = list(gate.placed)
    while waiting:
        ready = [p for p in waiting if p.draft.parent is None or p.draft.parent in ids]
        if not ready:
            raise Conflict("the delivery's tree has a loop or a parent that is missing")
        new = {
            p.draft.key: _row(p, transfer, ids, n) for n, p in enumerate(ready) if not p.existing_id
        }
        session.add_all(new.values())
        session.flush()
        for placed in ready:
            key = placed.draft.key
            if placed.existing_id:
                above = session.get_one(Description, placed.existing_id)
                ids[key] = (above.id, above.path)
                continue
            parent_path = ids[placed.draft.parent][1] if placed.draft.parent else "/"
            new[key].path = f"{parent_path}{new[key].id}/"
            ids[key] = (new[key].id, new[key].path)
        rows.update(new)
        done = {p.draft.key for p in ready}
        waiting = [p for p in waiting if p.draft.key not in done]
    session.flush()
    return rows


def _row(
    placed: Placed, transfer: Transfer, ids: Mapping[str, tuple[int, str]], position: int
) -> Description:
    draft, now = placed.draft, clock.now()
    return Description(
        reference=placed.reference,
        parent_id=ids[draft.parent][0] if draft.parent else None,
        position=position,
        level=Level(draft.level),
        title=draft.title,
        public_title=draft.public_title,
        date_text=draft.date_text,
        date_edtf=placed.span.edtf,
        date_min=placed.span.date_min,
        date_max=placed.span.date_max,
        extent=draft.extent,
        scope=draft.scope,
        language=draft.language,
        genre=draft.genre,
        notes=list(draft.notes),
        unit_id=placed.unit_id,
        plan_unit_id=placed.plan_unit_id,
        rule_code=placed.rule,
        events={t.value: day.isoformat() for t, day in events_of(draft.events).items()},
        personal_data=draft.personal_data,
        living_persons=draft.living_persons or "unknown",
        rights=draft.rights or "unknown",
        is_register=draft.is_register,
        k=placed.security_class.k if placed.security_class else None,
        r=placed.security_class.r if placed.security_class else None,
        t=placed.security_class.t if placed.security_class else None,
        class_scale=SCALE if placed.security_class else None,
        custody_on=transfer.custody_on,
        transfer_pid=transfer.pid,
        created_at=now,
        updated_at=now,
    )


def _add_files(
    session: Session,
    rows: Mapping[str, Description],
    aips: Mapping[str, Aip],
    packed: Packed,
    before: Before,
) -> None:
    sequence: dict[str, int] = {}
    fresh: set[str] = set()
    for plan in packed.plans:
        kept = packed.stored[plan.object_id].files
        for file in plan.files:
            if file.draft is None or file.draft not in rows:
                continue
            last = before.numbers.get(rows[file.draft].id, 0)
            sequence[file.draft] = sequence.get(file.draft, last) + 1
            same = before.files.get((plan.object_id, plan.place_of(file)))
            if same is not None and same.description_id == rows[file.draft].id:
                same.sequence, same.label = sequence[file.draft], file.label
                continue
            if can_be_shown(file.media_type or ""):
                fresh.add(file.draft)
            place = plan.place_of(file)
            row = _file_row(file, place, kept[place], packed.formats)
            row.description_id, row.aip_id = rows[file.draft].id, aips[plan.object_id].id
            row.sequence = sequence[file.draft]
            session.add(row)
    session.flush()
    for key in fresh:
        jobs.enqueue(session, "ingest.derive", description=rows[key].pid)


def _file_row(file: PackageFile, place: str, kept: StoredFile, formats: Identified) -> File:
    return File(
        logical_path=place,
        original_name=file.original_name or file.path.rsplit("/", 1)[-1],
        label=file.label,
        media_type=file.media_type or "application/octet-stream",
        claimed_type=file.media_type,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        sha512=kept.sha512,
        **recording.columns(formats, file),
    )


def _add_marks(
    session: Session, transfer: Transfer, gate: Classified, rows: Mapping[str, Description]
) -> None:
    """Close what the delivery claims to be secret; a person may lift each mark (OSL 5:5)."""
    for placed in gate.placed:
        if placed.draft.key not in rows:
            continue
        row = rows[placed.draft.key]
        for clause in placed.marks:
            holdings.claim_mark(session, row, clause, authority=transfer.name)
