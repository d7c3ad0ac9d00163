"""Change the holdings: describe, classify, publish, withdraw, hold and mark.

Each function is one verb of the trade, asks the gate where the law has a say, and writes to the
audit. None commits. Begin at `publish`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from archive import clock, enforce
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.audit.actions import Acting
from archive.edition import actions as edition
from archive.errors import Conflict, Invalid, Refused
from archive.history import actions as history
from archive.history.actions import Occasion
from archive.holdings import access, queries, stale
from archive.holdings.facts import facts_of
from archive.holdings.models import Description, Hold, Mark, Publication
from archive.plans import queries as plans
from ihp import dates, secrecy
from ihp.policy import Decision
from ihp.terms import Action, Outcome

# What a person may change by hand; everything else has a verb of its own.
EDITABLE = frozenset(
    {"title", "public_title", "date_text", "extent", "scope", "language", "genre", "notes"}
    | {"personal_data", "living_persons", "rights", "is_register", "contract_open_from"}
)

# What is read out of a date as it is written.
_DATES = ("date_edtf", "date_min", "date_max")
_PORTION = 500


def describe(
    session: Session,
    description: Description,
    changes: Mapping[str, Any],
    *,
    actor: Acting,
    occasion: Occasion | None = None,
) -> list[str]:
    """Change the description and return the names of the fields that really changed.

    A new date is read anew (`ihp.dates`), the law is asked again at once, and the history keeps
    what every field said before.

    :raises Invalid: if a field may not be changed this way, or the date cannot be read.
    """
    fields = set_fields(description, changes)
    changed = [name for name in changes if name in fields]
    if changed:
        subject = subject_of(description)
        audit.record(session, "record.describe", subject, actor=actor, fields=changed)
        history.note(session, description.pid, fields, actor=actor, occasion=occasion or Occasion())
        session.flush()
        access.refresh_branch(session, description)
    return changed


def set_fields(description: Description, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give fields new values and return what each said before and says now; dates are read.

    The caller writes the audit and the history, and asks the law: `describe` does all of it.

    :raises Invalid: if a field may not be changed this way, or the date cannot be read.
    """
    unknown = sorted(set(changes) - EDITABLE)
    if unknown:
        raise Invalid(f"these fields cannot be changed by hand: {', '.join(unknown)}")
    names = (*changes, *_DATES) if "date_text" in changes else tuple(changes)
    before = {name: getattr(description, name) for name in names}
    for name, value in changes.items():
        if before[name] == value:
            continue
        if name == "date_text":
            set_date(description, value)
        else:
            setattr(description, name, value)
    after = {name: getattr(description, name) for name in names}
    fields = {name: (before[name], after[name]) for name in names if before[name] != after[name]}
    if fields:
        description.updated_at = clock.now()
    return fields


def set_date(description: Description, text: str | None) -> None:
    """Store a date as written and as the law counts with it; undated gives nulls, never today.

    :raises Invalid: if the text cannot be read as a date.
    """
    try:
        span = dates.parse(text or "")
    except ValueError as error:
        raise Invalid(str(error)) from error
    description.date_text = text or None
    description.date_edtf = span.edtf
    description.date_min, description.date_max = span.date_min, span.date_max


def assign_rule(
    session: Session,
    description: Description,
    unit: OrgUnit,
    rule_code: str,
    *,
    reason: str,
    actor: Acting,
) -> None:
    """Put a record under a row of a unit's plan, with a reason that stays in the audit.

    A row that holds for other dates goes with the reason; a row that is none does not.

    :raises Invalid: if no reason is given, or the unit's plan in force has no such row.
    :raises Refused: by the law, with its decision.
    """
    if not reason.strip():
        raise Invalid("say why the record belongs under this row; the reason is kept")
    # Asked before the gate: to it an unknown row is a question, which any reason would answer.
    in_force = plans.in_force(session, unit.id, clock.today())
    if in_force is None or not in_force.plan.rows(rule_code):
        raise Invalid(f"the plan in force of {unit.code} has no row {rule_code!r}")
    old = session.get_one(OrgUnit, description.plan_unit_id).code, description.rule_code
    description.plan_unit_id, description.rule_code = unit.id, rule_code
    session.flush()
    enforce.require(
        session,
        Action.INGEST,
        facts_of(session, description),
        plan_unit_id=unit.id,
        subject=subject_of(description),
        actor=actor,
        reason=reason,
    )
    fields = {"plan_unit": (old[0], unit.code), "rule_code": (old[1], rule_code)}
    occasion = Occasion("row", reason)
    history.note(session, description.pid, fields, actor=actor, occasion=occasion)
    access.refresh_branch(session, description)


def publish(
    session: Session, description: Description, *, viewer: Viewer, full: bool = True
) -> Decision:
    """Let the record into the edition: its contents too (`full`), or its description only.

    The description must be allowed to be shown in both cases. Returns the decision.

    :raises Refused: by the law, with its decision, or because the viewer's role is not enough.
    """
    viewer.demand(Permission.HOLDINGS_PUBLISH, description.unit_id)
    for action in (Action.SHOW, Action.PUBLISH) if full else (Action.SHOW,):
        decision = access.decide(session, action, description)
        if decision.outcome is not Outcome.ALLOW:
            reasons = "; ".join(reason.text_sv for reason in decision.reasons)
            raise Refused(f"{description.reference}: {reasons}", decision)
    let_in = _let_in(description, decision, full=full, viewer=viewer)
    audit.record_many(session, "record.publish", [let_in], actor=viewer)
    _publish_above(session, description, viewer)
    return decision


def _let_in(
    description: Description, decision: Decision, *, full: bool, viewer: Viewer
) -> tuple[str, dict[str, Any]]:
    """Note the archivist's word on a record; return what the audit says of it."""
    description.publication = Publication.FULL if full else Publication.DESCRIPTION
    description.published_at, description.published_by = clock.now(), viewer.actor_id
    description.withdrawn_reason = None
    return subject_of(description), {
        "extent": description.publication.value,
        "plan": decision.plan_version,
        "rules": [r.rule for r in decision.reasons],
    }


def _publish_above(session: Session, description: Description, viewer: Viewer) -> None:
    """Let the finding aid above a published record be seen, where the law shows it."""
    for above in queries.ancestors(session, description):
        if above.publication != Publication.NONE or Outcome(above.shown) is not Outcome.ALLOW:
            continue
        is_open = Outcome(above.access) is Outcome.ALLOW
        above.publication = Publication.FULL if is_open else Publication.DESCRIPTION
        above.published_at, above.published_by = clock.now(), viewer.actor_id
        audit.record(
            session,
            "record.publish",
            subject_of(above),
            actor=viewer,
            extent=above.publication.value,
            below=description.pid,
        )


def publish_branch(
    session: Session, description: Description, *, viewer: Viewer
) -> tuple[int, int]:
    """Publish a record and all below it, each as far as the law allows it.

    Contents where they are open, else the description where it may be shown. Returns how many
    stand in the edition now, and how many may not. The law is asked for five hundred at a time,
    so that a fonds of ten thousand records takes seconds.

    :raises Refused: if the viewer's role is not enough for a unit whose records are among them.
    """
    branch = branch_of(session, description)
    for unit_id in {description.unit_id, *(each.unit_id for each in branch)}:
        viewer.demand(Permission.HOLDINGS_PUBLISH, unit_id)
    done = 0
    for start in range(0, len(branch), _PORTION):
        portion = branch[start : start + _PORTION]
        answers = access.verdicts(session, portion)
        shown = [each for each in portion if answers[each.id].show.outcome is Outcome.ALLOW]
        events = []
        for each in shown:
            answer = answers[each.id]
            full = answer.publish.outcome is Outcome.ALLOW
            decision = answer.publish if full else answer.show
            events.append(_let_in(each, decision, full=full, viewer=viewer))
        audit.record_many(session, "record.publish", events, actor=viewer)
        done += len(shown)
    if done:
        _publish_above(session, description, viewer)
    return done, len(branch) - done


def withdraw(session: Session, description: Description, *, reason: str, viewer: Viewer) -> int:
    """Take a record and everything below it out of the edition, at once; return how many.

    :raises Invalid: if no reason is given.
    :raises Conflict: if nothing of it is published.
    """
    viewer.demand(Permission.HOLDINGS_PUBLISH, description.unit_id)
    if not reason.strip():
        raise Invalid("say why the record is withdrawn; the reason is kept")
    branch = [d for d in branch_of(session, description) if d.publication != Publication.NONE]
    if not branch:
        raise Conflict(f"{description.reference} is not published")
    for each in branch:
        each.publication = Publication.NONE
        each.withdrawn_reason = reason
        audit.record(session, "record.withdraw", subject_of(each), actor=viewer, note=reason)
    session.flush()
    edition.withdraw_now([each.pid for each in branch])
    return len(branch)


def place_hold(
    session: Session,
    description: Description,
    *,
    reason: str,
    actor: Acting,
    until: date | None = None,
) -> Hold:
    """Stop every disposal of a record and what lies below it (rättslig spärr).

    :raises Invalid: if no reason is given or the hold would end before it begins.
    """
    if not reason.strip():
        raise Invalid("say why the record is held; the reason is kept")
    if until is not None and until < clock.today():
        raise Invalid(f"the hold would end {until}, before today")
    hold = Hold(
        description_id=description.id,
        reason=reason,
        placed_by=actor.actor_id,
        placed_at=clock.now(),
        until=until,
    )
    session.add(hold)
    session.flush()
    audit.record(
        session, "hold.place", subject_of(description), actor=actor, note=reason, hold=hold.id
    )
    access.refresh_branch(session, description)
    return hold


def lift_hold(
    session: Session, hold: Hold, description: Description, *, reason: str, actor: Acting
) -> None:
    """End a hold; disposal becomes possible again if the plan allows it.

    :raises Invalid: if no reason is given.
    """
    if not reason.strip():
        raise Invalid("say why the hold is lifted; the reason is kept")
    hold.lifted_at = clock.now()
    session.flush()
    audit.record(
        session, "hold.lift", subject_of(description), actor=actor, note=reason, hold=hold.id
    )
    access.refresh_branch(session, description)


def set_mark(
    session: Session,
    description: Description,
    clause: str,
    *,
    authority: str,
    actor: Acting,
) -> Mark:
    """Mark a record and what lies below it as secret under a clause (OSL 5:5): a warning.

    :raises Invalid: if the clause is not one of the rules that the law knows.
    """
    if clause not in secrecy.rules():
        raise Invalid(f"{clause!r} is not a secrecy rule; expected an id such as OSL-26-1")
    mark = Mark(
        description_id=description.id,
        clause=clause,
        set_on=clock.today(),
        authority=authority,
        set_by=actor.actor_id,
    )
    session.add(mark)
    session.flush()
    audit.record(session, "mark.set", subject_of(description), actor=actor, clause=clause)
    access.refresh_branch(session, description)
    stale.mark_branch(session, description)
    return mark


def claim_mark(session: Session, description: Description, clause: str, *, authority: str) -> Mark:
    """Mark a new record as its delivery claims; the clause may be one that the law does not know.

    Such a clause closes without end. The caller asks the law anew, as for any new record.
    """
    mark = Mark(
        description_id=description.id,
        clause=clause,
        set_on=clock.today(),
        authority=authority[:200],
        set_by=audit.SYSTEM.actor_id,
    )
    session.add(mark)
    audit.record(session, "mark.claim", subject_of(description), actor=audit.SYSTEM, clause=clause)
    return mark


def lift_mark(
    session: Session, mark: Mark, description: Description, *, reason: str, actor: Acting
) -> None:
    """Remove a secrecy marking; the plan's own secrecy stays.

    :raises Invalid: if no reason is given.
    """
    if not reason.strip():
        raise Invalid("say why the mark is lifted; the reason is kept")
    mark.lifted_at = clock.now()
    session.flush()
    audit.record(session, "mark.lift", subject_of(description), actor=actor, note=reason)
    access.refresh_branch(session, description)


def subject_of(description: Description) -> str:
    """Return the name under which the audit knows a record."""
    return f"record:{description.pid}"


def branch_of(session: Session, description: Description) -> list[Description]:
    """Return the record and everything below it, the top first."""
    return list(session.scalars(queries.branch(description)))
