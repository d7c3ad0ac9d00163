"""Let the rows follow the new version of a package: its descriptions, files, events and audit.

What a person has decided or written stays: the row of the plan, marks that were lifted, whether
it is published, and every field that is no longer as its delivery had it. Begin at `grow_aips`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from archive import clock
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.edition import actions as edition
from archive.errors import Conflict
from archive.history.actions import Occasion, note_many
from archive.holdings import access
from archive.holdings import actions as holdings
from archive.holdings.models import (
    Aip,
    Description,
    Event,
    File,
    Mark,
    Publication,
    RecordText,
)
from archive.storage import actions as storage
from archive.storage.store import StoredVersion
from ihp.security import SCALE
from ingest import recorded, terms
from ingest.classify import Classified, Placed, events_of
from ingest.models import Transfer
from ingest.recorded import AipPlan, Tree

MODIFICATION = "modification"  # PREMIS, eventType
_PORTION, _BRANCHES = 500, 100
_FIELDS = (
    "title", "public_title", "extent", "scope", "language", "genre", "notes",
    "personal_data", "living_persons", "rights", "is_register",
)  # fmt: skip
_DATES = ("date_text", "date_edtf", "date_min", "date_max")
_UNKNOWN_IF_NONE = frozenset({"living_persons", "rights"})


@dataclass(slots=True)
class Before:
    """The files that are here already: the last number of each record, and those that go on."""

    numbers: dict[int, int] = field(default_factory=dict)  # record -> its last sequence
    files: dict[tuple[str, str], File] = field(default_factory=dict)  # (object, path) -> its row
    new: dict[str, set[str]] = field(default_factory=dict)  # object -> names that the update brings


def grow_aips(
    session: Session,
    transfer: Transfer,
    gate: Classified,
    plans: Sequence[AipPlan],
    stored: Mapping[str, StoredVersion],
) -> dict[str, Aip]:
    """Bring the rows of packages that have a new version up to it; return them by object id.

    :raises Conflict: if one has changed since its new version was made; the job begins again.
    """
    grown: dict[str, Aip] = {}
    rows = _aips(session, [plan.base.aip_id for plan in plans if plan.base is not None])
    for plan in plans:
        assert plan.base is not None and gate.update is not None
        aip, version = rows[plan.base.aip_id], stored[plan.object_id]
        if aip.version != plan.base.version or aip.purged_at is not None:
            raise Conflict(f"package {aip.object_id} has changed in the meantime")
        grown[plan.object_id] = aip
        storage.record_stored(session, version)
        if version.version != aip.version:  # else the same once more: nothing happened to it
            said = {"transfer": transfer.pid, "status": gate.update.value, "files": len(plan.files)}
            _grow(session, aip, plan, version, said)
    return grown


def _grow(
    session: Session, aip: Aip, plan: AipPlan, version: StoredVersion, said: Mapping[str, Any]
) -> None:
    detail = {**said, "from": aip.version, "to": version.version}
    for kind in ("validation", MODIFICATION):
        session.add(
            Event(
                aip_id=aip.id,
                kind=kind,
                at=clock.now(),
                outcome="success",
                detail=detail,
                agent="stadsarkiv ingest",
            )
        )
    decision = plan.root.decision
    aip.version, aip.inventory_digest = version.version, version.digest
    aip.size_bytes = sum(file.size_bytes for file in version.files.values())
    aip.plan_version = (decision.plan_version if decision else None) or aip.plan_version


def _aips(session: Session, ids: Sequence[int]) -> dict[int, Aip]:
    found: dict[int, Aip] = {}
    for start in range(0, len(ids), _PORTION):
        some = select(Aip).where(Aip.id.in_(ids[start : start + _PORTION]))
        found |= {aip.id: aip for aip in session.scalars(some)}
    return found


def follow(
    session: Session,
    transfer: Transfer,
    gate: Classified,
    plans: Iterable[AipPlan],
    was: Mapping[str, Mapping[str, Any]],
) -> dict[str, Description]:
    """Let the records that are here follow what the update says of them; return them by key."""
    filled = {file.draft for plan in plans for file in plan.files}
    placed = {p.known.id: p for p in gate.placed if p.known is not None}
    here, tree = Here.of(session, sorted(placed)), Tree.of(gate)
    replaces = gate.update is not None and gate.update.replaces
    said, moved, history = [], [], []
    for row in here.rows.values():
        one, before = placed[row.id], _values(row)
        changed = _describe(session, row, one, tree, was, here) if replaces else []
        is_closed = _close(session, transfer, row, one, here)
        if is_closed or changed:
            moved.append(row)
        elif one.draft.key not in filled:
            continue
        after = _values(row)
        history.append((row.pid, {name: (before[name], after[name]) for name in before}))
        detail = {"transfer": transfer.pid, "status": gate.update, "fields": changed}
        said.append((holdings.subject_of(row), detail))
    audit.record_many(session, "record.update", said, actor=SYSTEM)
    occasion = Occasion("update", reason=f"{transfer.number}. {transfer.label or transfer.name}")
    note_many(session, history, actor=SYSTEM, occasion=occasion)
    session.flush()
    access.refresh_ids(session, _below(session, moved))
    return {placed[row.id].draft.key: row for row in here.rows.values()}


@dataclass(slots=True)
class Here:
    """The records that an update names, as they are here, with their marks and transcriptions."""

    rows: dict[int, Description] = field(default_factory=dict)
    marks: dict[int, set[str]] = field(default_factory=dict)
    texts: dict[int, RecordText] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, ids: Sequence[int]) -> Here:
        """Return the records with these ids, in few queries however many they are."""
        here = cls()
        for start in range(0, len(ids), _PORTION):
            some = ids[start : start + _PORTION]
            for row in session.scalars(select(Description).where(Description.id.in_(some))):
                here.rows[row.id] = row
            for mark in session.scalars(select(Mark).where(Mark.description_id.in_(some))):
                here.marks.setdefault(mark.description_id, set()).add(mark.clause)
            own = RecordText.description_id.in_(some), RecordText.source == "transcription"
            for text in session.scalars(select(RecordText).where(*own)):
                here.texts[text.description_id] = text
        return here


def _describe(
    session: Session,
    row: Description,
    placed: Placed,
    tree: Tree,
    was: Mapping[str, Mapping[str, Any]],
    here: Here,
) -> list[str]:
    """Write what the delivery says now over what it said then; return the names of what changed."""
    now, then = recorded.as_form(placed, tree.by_key), was.get(placed.reference)
    if then is None and row.updated_at != row.created_at:
        return []  # somebody has written in it, and nothing tells where
    changed = []
    for name in _FIELDS:
        is_untouched = then is None or _stored(name, then.get(name)) == getattr(row, name)
        if is_untouched and getattr(row, name) != _stored(name, now[name]):
            setattr(row, name, _stored(name, now[name]))
            changed.append(name)
    if (then is None or then["date_text"] == row.date_text) and now["date_text"] != row.date_text:
        row.date_text, row.date_edtf = now["date_text"], placed.span.edtf
        row.date_min, row.date_max = placed.span.date_min, placed.span.date_max
        changed.append("date_text")
    events = {t.value: day.isoformat() for t, day in events_of(placed.draft.events).items()}
    if (then is None or then["events"] == row.events) and events != row.events:
        row.events = events
        changed.append("events")
    changed += _text(session, placed, then, row, here.texts.get(row.id))
    if changed and then is not None:
        row.updated_at = clock.now()
    return changed


def _values(row: Description) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*_FIELDS, *_DATES, "events")}


def _stored(name: str, value: Any) -> Any:
    return "unknown" if value is None and name in _UNKNOWN_IF_NONE else value


def _text(
    session: Session,
    placed: Placed,
    then: Mapping[str, Any] | None,
    row: Description,
    own: RecordText | None,
) -> list[str]:
    """Replace the transcription that came with the record, unless somebody has changed it."""
    words = own.body.replace("\u00ad", "") if own is not None else None
    if placed.draft.text in {None, words} or (then is not None and words != then.get("text")):
        return []
    body = terms.with_soft_hyphens(placed.draft.text or "", placed.draft.broken_lines)
    session.merge(RecordText(description_id=row.id, source="transcription", body=body))
    return ["text"]


def _close(
    session: Session, transfer: Transfer, row: Description, placed: Placed, here: Here
) -> bool:
    """Add what the update claims to be secret; a mark that somebody lifted is not set again."""
    known = here.marks.get(row.id, set())
    fresh = [clause for clause in placed.marks if clause not in known]
    for clause in fresh:
        holdings.claim_mark(session, row, clause, authority=transfer.name)
    claimed = placed.security_class
    if claimed is None or row.class_scale is not None:
        return bool(fresh)
    row.k, row.r, row.t, row.class_scale = claimed.k, claimed.r, claimed.t, SCALE
    return True


def _below(session: Session, rows: Sequence[Description]) -> list[int]:
    """Return the ids of the records and of all below them."""
    found: set[int] = set()
    for start in range(0, len(rows), _BRANCHES):
        some = [Description.path.startswith(row.path) for row in rows[start : start + _BRANCHES]]
        found.update(session.scalars(select(Description.id).where(or_(*some))))
    return sorted(found)


def end_files(
    session: Session, plans: Sequence[AipPlan], stored: Mapping[str, StoredVersion]
) -> Before:
    """End the files that a new version has others in place of; return those that go on.

    What was public of them leaves the edition at once; the drain brings what is there now.
    """
    before, ended = Before(), set[int]()
    by_id = {plan.base.aip_id: plan for plan in plans if plan.base is not None}
    before.new = {p.object_id: {p.place_of(f) for f in p.files} for p in plans}
    ids = list(by_id)
    for start in range(0, len(ids), _PORTION):
        own = File.aip_id.in_(ids[start : start + _PORTION]), File.last_version.is_(None)
        for file in session.scalars(select(File).where(*own).order_by(File.id)):
            if _ends(file, by_id[file.aip_id], stored, before):
                file.last_version = by_id[file.aip_id].base.version  # type: ignore[union-attr]
                ended.add(file.description_id)
    _take_back(session, sorted(ended))
    return before


def _ends(file: File, plan: AipPlan, stored: Mapping[str, StoredVersion], before: Before) -> bool:
    """Return whether a file is no longer its record's; note one that is."""
    if file.description_id not in plan.replaced:
        last = before.numbers.get(file.description_id, 0)
        before.numbers[file.description_id] = max(last, file.sequence)
        return False
    path = file.logical_path
    if (
        path in before.new[plan.object_id]
        and stored[plan.object_id].files[path].sha512 == file.sha512
    ):
        before.files[plan.object_id, path] = file
        return False
    return True


def _take_back(session: Session, ended: Sequence[int]) -> None:
    """Forget what was read from files that ended, and take their records out of the edition."""
    session.flush()
    for start in range(0, len(ended), _PORTION):
        some = ended[start : start + _PORTION]
        session.execute(
            delete(RecordText).where(
                RecordText.description_id.in_(some), RecordText.source != "transcription"
            )
        )
        public = select(Description.pid).where(
            Description.id.in_(some), Description.publication != Publication.NONE
        )
        edition.withdraw_now(list(session.scalars(public)))
