"""The way of a transfer: which state follows which, and what each step stores.

    received -> unpacked -> accepted -> accessioned
                         -> review   -> accepted | rejected
                         -> rejected -> received                              (the same bytes anew)
                         -> checked  -> unpacked | discarded -> received   (a dry run)

Each step is a job, safe to repeat: it does its slow work first and changes the state in one
transaction with its findings and the next job. Begin at `NEXT` and `check`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM, Acting
from archive.config import Config
from archive.errors import Conflict, Invalid, NotFound, Unavailable
from archive.jobs import actions as jobs
from archive.jobs.worker import Running
from archive.plans import queries as plans
from ihp.terms import Outcome
from ingest import checks, clues, reach, read, receive, segments, unpack, virus
from ingest.agreements import checks as agreed
from ingest.agreements import queries as agreements
from ingest.classify import Classified, classify, taken
from ingest.findings import Finding, Severity
from ingest.formats import identify, rules
from ingest.formats.judge import judge
from ingest.models import State, Transfer, TransferFinding
from ingest.package import Package
from ingest.updates import target as updates

NEXT: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.UNPACKED, State.REJECTED, State.CHECKED}),
    State.UNPACKED: frozenset({State.ACCEPTED, State.REVIEW, State.REJECTED, State.CHECKED}),
    State.REVIEW: frozenset({State.UNPACKED, State.ACCEPTED, State.REJECTED}),
    State.CHECKED: frozenset({State.UNPACKED, State.DISCARDED}),
    State.DISCARDED: frozenset({State.RECEIVED}),
    State.REJECTED: frozenset({State.RECEIVED}),
    State.ACCEPTED: frozenset({State.ACCESSIONED, State.REJECTED}),
    State.ACCESSIONED: frozenset(),
}


_UNPACKED = "unpacked"  # our folder of a delivery's files, whatever the deliverer calls it
# What is told of every move, in its transaction: rooms above this one that follow deliveries.
FOLLOWERS: list[Callable[[Session, Transfer], None]] = []


def move(session: Session, transfer: Transfer, to: State, *, actor: Acting) -> None:
    """Move a transfer to its next state.

    :raises Conflict: if the table has no such move; a repeated step meets this, not a loss.
    """
    if to not in NEXT[State(transfer.state)]:
        raise Conflict(f"transfer {transfer.number} is {transfer.state} and cannot become {to}")
    transfer.state = to
    if to in {State.REJECTED, State.ACCESSIONED}:
        transfer.decided_at = clock.now()
    audit.record(session, f"transfer.{to.value}", f"transfer:{transfer.pid}", actor=actor)
    for follow in FOLLOWERS:
        follow(session, transfer)


def unpack_step(config: Config, running: Running) -> None:
    """Unpack a received delivery beside itself, and have every file scanned.

    What cannot be unpacked safely, or carries a virus, is rejected; nothing unpacked is left.
    """
    transfer = load(running.args["transfer"])
    if transfer.state != State.RECEIVED:
        return
    target = receive.folder_of(config.quarantine, transfer) / _UNPACKED
    if target.exists():  # what a killed worker left half-done; what stayed would be a twin
        shutil.rmtree(target)
    delivery = receive.package_of(config.quarantine, transfer)
    found = unpack.unpack(delivery, target, name=transfer.name, progress=running.progress)
    scanned = [] if has_errors(found.findings) else _scan(config, running, transfer, target)
    if has_errors(scanned):
        shutil.rmtree(target)
    with db.archive.transaction() as session:
        transfer = get(session, transfer.pid)
        _store_findings(session, transfer, "unpack", found.findings)
        _store_findings(session, transfer, "scan", scanned)
        if has_errors([*found.findings, *scanned]):
            to = State.CHECKED if transfer.only_check else State.REJECTED
            move(session, transfer, to, actor=SYSTEM)
        else:
            move(session, transfer, State.UNPACKED, actor=SYSTEM)
            enqueue(session, "ingest.check", transfer)
        running.finish(session)


def _scan(config: Config, running: Running, transfer: Transfer, root: Path) -> Sequence[Finding]:
    """Return what the virus scanner says, nothing where none is configured.

    A scanner that does not answer is told on the delivery's page, and the job is tried again:
    no delivery gets past this step unscanned.
    """
    if not config.clamd_url:
        return []
    try:
        return virus.scan(config.clamd_url, root, progress=running.progress).findings
    except Unavailable as error:
        waits = Finding("VIRUS-SCANNER", transfer.name, {"problem": str(error)})
        with db.archive.transaction() as session:
            _store_findings(session, get(session, transfer.pid), "scan", [waits])
        raise


def check_step(config: Config, running: Running) -> None:
    """Read the package, judge it by every rule, and ask the gate about every record."""
    transfer = load(running.args["transfer"])
    if transfer.state not in {State.UNPACKED, State.REVIEW}:
        return
    package = package_of(config, transfer)
    findings = [
        *package.findings,
        *checks.run(package, progress=running.progress),
        *_formats(config, transfer, package),
    ]
    with db.archive.transaction() as session:
        transfer = get(session, transfer.pid)
        gate = classify(
            session,
            package,
            transfer,
            institution=config.institution,
            finding_aid=config.finding_aid,
        )
        _describe(transfer, package, gate)
        part = _segment(session, transfer, package, gate)
        _store_findings(session, transfer, "segment", part)
        _store_findings(session, transfer, "check", findings)
        _store_findings(session, transfer, "gate", gate.findings)
        against = _against_agreement(session, transfer, package, gate)
        _store_findings(session, transfer, "agreement", against)
        _decide(session, transfer, findings, gate, [*against, *part])
        for each in segments.to_check_again(session, transfer):
            enqueue(session, "ingest.check", each)
        running.finish(session)


def _formats(config: Config, transfer: Transfer, package: Package) -> list[Finding]:
    """Identify the files, keep what was found beside the delivery, and judge it by the policy."""
    found = identify.identify(package)
    identify.keep(found, receive.folder_of(config.quarantine, transfer))
    with db.archive.reading() as session:
        policy = rules.policy_for(session, transfer.agreement or package.agreement)
    return list(judge(package, found, policy))


def formats_of(config: Config, transfer: Transfer, package: Package) -> identify.Identified:
    """Return the formats of a delivery as they were found when it was checked."""
    return identify.kept(receive.folder_of(config.quarantine, transfer), package)


def assign(
    session: Session,
    transfer: Transfer,
    *,
    unit_code: str,
    record_type: str,
    reason: str,
    viewer: Viewer,
) -> None:
    """Say for which unit and under which row a waiting delivery comes in, with a reason.

    The delivery is then checked and put to the gate anew; nothing is accepted here.

    :raises Conflict: if the delivery is not waiting in the inbox.
    :raises Invalid: if the reason is missing, or the unit's plan has no such row.
    """
    if transfer.state != State.REVIEW:
        raise Conflict(f"transfer {transfer.number} is {transfer.state}, not waiting for anybody")
    if not reason.strip():
        raise Invalid("say why; the reason is kept with the delivery")
    unit, row = accounts.need_unit(session, unit_code), record_type.strip()
    reach.demand(viewer, Permission.INGEST_ACCEPT, transfer)
    viewer.demand(Permission.INGEST_ACCEPT, unit.id)
    in_force = plans.in_force(session, unit.id, clock.today())
    if row and (in_force is None or not in_force.plan.rows(row)):
        raise Invalid(f"the plan in force of {unit.code} has no row {row!r}")
    transfer.unit_id, transfer.record_type = unit.id, row or None
    transfer.assigned_by, transfer.assigned_reason = viewer.actor_id, reason
    audit.record(
        session,
        "transfer.assign",
        f"transfer:{transfer.pid}",
        actor=viewer,
        note=reason,
        unit=unit.code,
        record_type=transfer.record_type,
    )
    enqueue(session, "ingest.check", transfer)


def accept(session: Session, transfer: Transfer, *, reason: str, viewer: Viewer) -> None:
    """Take in a waiting delivery whose records the gate wants a person to answer for.

    :raises Conflict: if it is not waiting, or its unit or a record type is still unknown.
    """
    if transfer.state != State.REVIEW:
        raise Conflict(f"transfer {transfer.number} is {transfer.state}, not waiting for anybody")
    if not reason.strip():
        raise Invalid("say why; the reason is kept with the delivery")
    open_questions = {"GATE-UNIT", "GATE-RECORD-TYPE", "GATE-ROW", "GATE-PLAN", "GATE-EMPTY"}
    codes = {f.code for f in session.scalars(findings_of(transfer))}
    if codes & segments.BLOCKING:
        raise Conflict("a part of the delivery is missing, or has come twice")
    if codes & (updates.BLOCKING | {"GATE-REFERENCE"}):
        raise Conflict("what the delivery would change is unknown, destroyed, or to be disposed of")
    if codes & open_questions:
        raise Conflict("unit and record type must be assigned before the delivery is accepted")
    reach.demand(viewer, Permission.INGEST_ACCEPT, transfer)
    reach.demand_units(session, session.scalars(findings_of(transfer)), viewer)
    transfer.assigned_by, transfer.assigned_reason = viewer.actor_id, reason
    move(session, transfer, State.ACCEPTED, actor=viewer)
    audit.record(session, "transfer.accept", f"transfer:{transfer.pid}", actor=viewer, note=reason)
    go_on(session, transfer)


def go_on(session: Session, transfer: Transfer) -> None:
    """Ask for what may be taken in now: the delivery, or the next of its parts when all are in."""
    session.flush()
    for each in segments.ready(session, transfer):
        enqueue(session, "ingest.accession", each)


def reject(session: Session, transfer: Transfer, *, reason: str, viewer: Viewer) -> None:
    """Turn a waiting delivery away; it stays in quarantine with its report."""
    if not reason.strip():
        raise Invalid("say why; the reason is kept with the delivery")
    reach.demand(viewer, Permission.INGEST_ACCEPT, transfer)
    transfer.assigned_by, transfer.assigned_reason = viewer.actor_id, reason
    move(session, transfer, State.REJECTED, actor=viewer)
    audit.record(session, "transfer.reject", f"transfer:{transfer.pid}", actor=viewer, note=reason)


def load(pid: str) -> Transfer:
    """Return a transfer by its id.

    :raises NotFound: if there is none.
    """
    with db.archive.reading() as session:
        return get(session, pid)


def package_of(config: Config, transfer: Transfer) -> Package:
    """Return the delivery as read; reading it again gives the same.

    A folder that says nothing of itself is called as its file was, not as our own folder is.
    """
    package = read.read(receive.folder_of(config.quarantine, transfer) / _UNPACKED)
    return read.renamed(package, _UNPACKED, Path(transfer.name).stem or transfer.name)


def findings_of(transfer: Transfer) -> Select[TransferFinding]:
    """Select a transfer's findings: errors first, then warnings, in the order they were found."""
    return (
        select(TransferFinding)
        .where(TransferFinding.transfer_id == transfer.id)
        .order_by(TransferFinding.severity, TransferFinding.id)
    )


def as_finding(row: TransferFinding) -> Finding:
    """Return a stored finding in the form that knows its words."""
    return Finding(row.code, row.where, row.params)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any finding makes the package invalid."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def _against_agreement(
    session: Session, transfer: Transfer, package: Package, gate: Classified
) -> list[Finding]:
    agreement = agreements.by_number(session, transfer.agreement)
    unit_id = agreement.unit_id if agreement else None
    found = agreed.findings(
        agreement,
        transfer.agreement,
        package,
        unit_id=gate.placed[0].unit_id if gate.placed else transfer.unit_id,
        rows={p.rule for p in gate.placed if p.rule and p.plan_unit_id == unit_id},
        received=clock.day_of(transfer.received_at),
    )
    return list(found)


def _decide(
    session: Session,
    transfer: Transfer,
    findings: Sequence[Finding],
    gate: Classified,
    against: Sequence[Finding],
) -> None:
    if transfer.only_check:
        move(session, transfer, State.CHECKED, actor=SYSTEM)
    elif has_errors(findings) or (taken(gate.placed) and gate.update is None):
        move(session, transfer, State.REJECTED, actor=SYSTEM)
    elif _waits(gate, against):
        if transfer.state != State.REVIEW:
            move(session, transfer, State.REVIEW, actor=SYSTEM)
    else:
        move(session, transfer, State.ACCEPTED, actor=SYSTEM)
        go_on(session, transfer)


def _waits(gate: Classified, against: Sequence[Finding]) -> bool:
    """Return whether a person has to look before the records come in."""
    is_told = any(f.code not in _STOPS_NOTHING for f in against)
    return is_told or gate.outcome is not Outcome.ALLOW or bool(taken(gate.placed))


_STOPS_NOTHING = frozenset({agreed.UNKNOWN, "SEGMENT-WHOLE"})


def _segment(
    session: Session, transfer: Transfer, package: Package, gate: Classified
) -> list[Finding]:
    """Note which part of a delivery it is, among its unit's; return what is to be said of it."""
    part, unit_id = package.segment, gate.placed[0].unit_id if gate.placed else None
    if part is None or unit_id is None or transfer.only_check:
        transfer.segment_group = transfer.segment_number = transfer.segment_total = None
        return []
    group = f"{session.get_one(OrgUnit, unit_id).code} {part.group}"
    if transfer.segment_group != group:
        # Also the lock under which two parts that come at once see each other.
        subject = f"transfer:{transfer.pid}"
        audit.record(session, "transfer.segment", subject, actor=SYSTEM, number=part.number)
    transfer.segment_group = group
    transfer.segment_number, transfer.segment_total = part.number, part.total
    session.flush()
    return list(segments.findings(segments.standing(session, transfer)))


def _describe(transfer: Transfer, package: Package, gate: Classified) -> None:
    # From here on the delivery is its unit's: nobody else sees it or may take it in.
    transfer.unit_id = gate.home_id
    transfer.supplier, transfer.clues = clues.supplier_of(package), clues.clues_of(package, gate)
    transfer.profile, transfer.object_id = package.profile, package.object_id
    transfer.label = package.label
    transfer.file_count = len(package.files)
    transfer.agreement = transfer.agreement or package.agreement


def _store_findings(
    session: Session, transfer: Transfer, stage: str, findings: Sequence[Finding]
) -> None:
    session.execute(
        delete(TransferFinding).where(
            TransferFinding.transfer_id == transfer.id, TransferFinding.stage == stage
        )
    )
    session.add_all(
        TransferFinding(
            transfer_id=transfer.id,
            stage=stage,
            code=finding.code,
            severity=finding.severity.value,
            where=finding.where,
            params={key: str(value) for key, value in finding.params.items()},
        )
        for finding in findings
    )


def enqueue(session: Session, name: str, transfer: Transfer) -> None:
    """Ask for a delivery's next step; while the delivery is paused, the step is held."""
    jobs.enqueue(
        session,
        name,
        lock_key=f"transfer:{transfer.pid}",
        is_held=transfer.paused_at is not None,
        transfer=transfer.pid,
    )


def get(session: Session, pid: str) -> Transfer:
    transfer = session.scalars(select(Transfer).where(Transfer.pid == pid)).first()
    if transfer is None:
        raise NotFound(f"there is no transfer {pid!r}")
    return transfer
