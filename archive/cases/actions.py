"""Handle cases: receive, register, answer, decide item by item, close.

The gate is asked for every item, and again when it is decided. A refusal needs the power to
refuse, a clause and reasons. Begin at `receive`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.addresses import mailable
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM, Acting
from archive.cases import calendar, queries
from archive.cases.models import OPEN, Case, CaseItem, CaseMessage, Outcome, State
from archive.counter import actions as counter
from archive.counter.models import Incoming
from archive.errors import Conflict, Invalid, Refused
from archive.holdings import access
from archive.holdings.models import Description
from archive.jobs import actions as jobs
from archive.mail import actions as mail
from archive.mail.models import Occasion
from ihp.terms import Action
from ihp.terms import Outcome as Law

LIMITS = {"question": 20_000, "requester": 200, "contact": 200}


def receive(session: Session, incoming: Incoming) -> Case:
    """Make a case of what came over the counter; the same twice gives the same case."""
    known = session.scalars(select(Case).where(Case.incoming_id == incoming.id)).first()
    if known is not None:
        return known
    form = incoming.payload
    asked = Asked(
        kind=str(form.get("kind") or "disclosure"),
        channel="web",
        question=str(form.get("question") or ""),
        requester=form.get("requester") or None,
        contact=form.get("contact") or None,
        email=mailable(form.get("email")),
        language=str(form.get("language") or "sv"),
        references=[str(r) for r in form.get("records") or [] if str(r).strip()],
    )
    case = register(session, asked, actor=SYSTEM, incoming=incoming)
    notify(session, case)
    tell(session, case, Occasion.RECEIPT)
    return case


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, and as much of who they are as they wish to say."""

    kind: str
    channel: str
    question: str
    requester: str | None = None
    contact: str | None = None
    email: str | None = None
    language: str = "sv"
    references: Sequence[str] = ()


def register(
    session: Session, asked: Asked, *, actor: Acting, incoming: Incoming | None = None
) -> Case:
    """Open a case with its number, its due day and an item for each record asked for.

    A first answer is due the same working day (JO's rule of thumb for disclosure).

    :raises Invalid: if nothing is asked.
    """
    if not asked.question.strip() and not asked.references:
        raise Invalid("a case needs a question or a record that is asked for")
    case = Case(
        case_no=_next_number(session),
        kind=asked.kind[:20],
        channel=asked.channel,
        question=asked.question.strip()[: LIMITS["question"]],
        requester=asked.requester[: LIMITS["requester"]] if asked.requester else None,
        contact=asked.contact[: LIMITS["contact"]] if asked.contact else None,
        email=asked.email,
        language="en" if asked.language == "en" else "sv",
        received_at=clock.now(),
        due_on=calendar.working_day(clock.today()),
    )
    _came_over_the_counter(case, incoming)
    session.add(case)
    session.flush()
    for reference in asked.references:
        add_item(session, case, reference)
    details = {"channel": case.channel, "kind": case.kind}
    audit.record(session, "case.receive", subject_of(case), actor=actor, **details)
    return case


def _came_over_the_counter(case: Case, incoming: Incoming | None) -> None:
    if incoming is None:
        return
    case.received_at, case.incoming_id = incoming.at, incoming.id
    case.token_hash, case.public_key = incoming.token_hash, incoming.public_key


def add_item(session: Session, case: Case, reference: str) -> CaseItem:
    """Add a record that is asked for, found by pid or reference, with what the law says of it."""
    record = session.scalars(
        select(Description).where(
            (Description.pid == reference.strip()) | (Description.reference == reference.strip())
        )
    ).first()
    item = CaseItem(
        case_id=case.id,
        description_id=record.id if record else None,
        asked_for=reference.strip()[:500],
        verdict=access.decide(session, Action.RELEASE, record).as_dict() if record else None,
    )
    session.add(item)
    session.flush()
    return item


def take(session: Session, case: Case, *, viewer: Viewer) -> None:
    """Take a case on: from now on the viewer answers for it."""
    case.officer_id = viewer.user_id
    if case.state == State.RECEIVED:
        case.state = State.TESTING
    audit.record(session, "case.take", subject_of(case), actor=viewer)
    notify(session, case)


def write(session: Session, case: Case, body: str, *, internal: bool, viewer: Viewer) -> None:
    """Write to the requester, or a note among staff."""
    if not body.strip():
        raise Invalid("the message is empty")
    direction = "internal" if internal else "out"
    session.add(
        CaseMessage(
            case_id=case.id,
            direction=direction,
            body=body.strip()[:20_000],
            at=clock.now(),
            by=viewer.actor_id,
        )
    )
    if not internal:
        case.first_answer_at = case.first_answer_at or clock.now()
        notify(session, case)
        tell(session, case, Occasion.MESSAGE)
    audit.record(session, f"case.{direction}", subject_of(case), actor=viewer)


def hear(session: Session, case: Case, incoming: Incoming) -> None:
    """Take in a message or a withdrawal that the requester left on the counter, once."""
    known = select(CaseMessage.id).where(CaseMessage.incoming_id == incoming.id)
    if session.scalars(known).first() is not None:
        return
    body = str(incoming.payload.get("body") or "")[:20_000]
    if incoming.kind == "withdraw" and case.state in OPEN:
        case.state, case.closed_at = State.WITHDRAWN, clock.now()
        body = body or "Återtagen."
        mail.forget_about(session, subject_of(case))
    session.add(
        CaseMessage(
            case_id=case.id,
            direction="in",
            body=body,
            at=incoming.at,
            by="requester",
            incoming_id=incoming.id,
        )
    )
    audit.record(session, f"case.{incoming.kind}", subject_of(case), actor=SYSTEM)
    notify(session, case)


def decide_item(
    session: Session,
    case: Case,
    item: CaseItem,
    outcome: Outcome,
    *,
    reason: str,
    clause: str = "",
    viewer: Viewer,
) -> None:
    """Decide one item. The gate is asked again now; what it says is kept with the decision.

    :raises Conflict: if the case is closed or the item is decided already.
    :raises Refused: if the law denies the release, or the viewer may not refuse.
    :raises Invalid: if a reason is missing, or a refusal names no clause.
    """
    viewer.demand(Permission.CASES_DECIDE)
    if case.state not in OPEN or item.outcome is not None:
        raise Conflict("the item is decided, or its case is closed")
    record = session.get(Description, item.description_id) if item.description_id else None
    if outcome is Outcome.RELEASE:
        _demand_release(session, item, record, reason)
    else:
        _demand_refusal(outcome, reason, clause, viewer)
    item.outcome, item.reason, item.clause = outcome, reason.strip(), clause.strip() or None
    item.decided_by, item.decided_at = viewer.actor_id, clock.now()
    _answered(case, viewer)
    audit.record(
        session,
        f"case.item_{outcome.value}",
        subject_of(case),
        actor=viewer,
        note=reason or None,
        item=item.pid,
        record=record.pid if record else None,
        clause=item.clause,
    )
    if outcome is Outcome.RELEASE and case.public_key:
        jobs.enqueue(session, "cases.release", item=item.pid)
    _tell_of_the_decision(session, case)


def _tell_of_the_decision(session: Session, case: Case) -> None:
    notify(session, case)
    undecided = select(CaseItem.id).where(CaseItem.case_id == case.id, CaseItem.outcome.is_(None))
    if session.scalars(undecided).first() is None:  # one letter for the answer, not one an item
        tell(session, case, Occasion.READY)


def _demand_refusal(outcome: Outcome, reason: str, clause: str, viewer: Viewer) -> None:
    if not viewer.may(Permission.CASES_REFUSE):
        raise Refused("a refusal is decided by somebody with delegation to refuse")
    if not reason.strip() or (outcome is Outcome.REFUSE and not clause.strip()):
        raise Invalid("a refusal states its provision and its reasons (FL 32 §)")


def _answered(case: Case, viewer: Viewer) -> None:
    case.first_answer_at = case.first_answer_at or clock.now()
    if case.state == State.RECEIVED:
        case.state = State.TESTING
    case.officer_id = case.officer_id or viewer.user_id


def releasable(session: Session, record: Description) -> list[Description]:
    """Return the record that was decided, and those below it that the law opens by themselves.

    A person's decision is about one record: what lies below it and needs a test of its own is
    not handed out with it.
    """
    open_below = [
        each
        for each in queries.below(session, record)
        if access.decide(session, Action.RELEASE, each).outcome is Law.ALLOW
    ]
    return [record, *open_below]


def close(session: Session, case: Case, *, viewer: Viewer) -> None:
    """Close a case with the state that its items' decisions make.

    :raises Conflict: if an item is undecided or the case is closed.
    """
    if case.state not in OPEN:
        raise Conflict("the case is closed")
    items = list(session.scalars(select(CaseItem).where(CaseItem.case_id == case.id)))
    if any(item.outcome is None for item in items):
        raise Conflict("every item must be decided before the case is closed")
    released = sum(item.outcome == Outcome.RELEASE for item in items)
    if not items:
        case.state = State.ANSWERED
    elif released == len(items):
        case.state = State.RELEASED
    else:
        case.state = State.PARTLY_RELEASED if released else State.REFUSED
    case.closed_at = clock.now()
    audit.record(session, "case.close", subject_of(case), actor=viewer, state=case.state.value)
    notify(session, case)
    if not items:  # an answer without items was told of by no decision
        tell(session, case, Occasion.READY)


def tell(session: Session, case: Case, occasion: Occasion) -> None:
    """Let a letter say that there is news, to a requester who left an address and holds a link.

    Without a link there is nothing that a letter could point at: that case came by telephone or
    over the desk, and is answered the way it came.
    """
    if case.email and case.token_hash:
        mail.post(
            session,
            occasion,
            case.email,
            case_no=case.case_no,
            subject=subject_of(case),
            language=case.language,
        )


def forget_addresses(session: Session) -> int:
    """Erase the address for notices in cases closed a month ago; return in how many.

    By then what was handed out is fetched or gone, and the address has served its end.
    """
    before = clock.now() - counter.KEPT
    old = session.scalars(
        select(Case).where(Case.email.is_not(None), Case.closed_at < before)
    ).all()
    for case in old:
        case.email = None
        audit.record(session, "case.address_erased", subject_of(case), actor=SYSTEM)
    return len(old)


def notify(session: Session, case: Case) -> None:
    """Let a job lay a new sealed notice on the counter, where the requester follows the case."""
    if case.token_hash:
        jobs.enqueue(session, "cases.notify", once=True, lock_key=f"case:{case.pid}", case=case.pid)


def subject_of(case: Case) -> str:
    """Return the name under which the audit knows a case."""
    return f"case:{case.pid}"


def notice_of(case: Case, records: Mapping[int, Description]) -> dict[str, Any]:
    """Return what the requester may see of the case; internal titles and notes stay inside."""
    return {
        "case_no": case.case_no,
        "state": State(case.state).value,
        "question": case.question,
        "received_at": case.received_at.isoformat(),
        "due_on": case.due_on.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "items": [
            {
                "asked_for": item.asked_for,
                "reference": _shown_reference(records.get(item.description_id or 0), item),
                "outcome": item.outcome,
                "clause": item.clause,
                "reason": item.reason if item.outcome is not None else None,
                "verdict": item.verdict,
            }
            for item in case.items
        ],
        "messages": [
            {"direction": m.direction, "body": m.body, "at": m.at.isoformat()}
            for m in case.messages
            if m.direction != "internal"
        ],
    }


def _shown_reference(record: Description | None, item: CaseItem) -> str:
    """Return the title the public may see, else the requester's own words."""
    if record is not None and record.shown == "allow":
        return f"{record.reference} {record.public_title or record.title}"
    return item.asked_for


def _demand_release(
    session: Session, item: CaseItem, record: Description | None, reason: str
) -> None:
    if record is None:
        raise Conflict("find the record first: an item without a record cannot be released")
    decision = access.decide(session, Action.RELEASE, record)
    item.verdict = decision.as_dict()
    if decision.outcome is Law.DENY:
        raise Refused("; ".join(r.text_sv for r in decision.reasons), decision)
    if decision.outcome is Law.REVIEW and not reason.strip():
        raise Invalid("secrecy was tested by you: write the reason why it does not hinder")


def _next_number(session: Session) -> str:
    prefix = f"SA-{clock.today().year}-"
    last = session.scalars(
        select(Case.case_no)
        .where(Case.case_no.startswith(prefix))
        .order_by(Case.case_no.desc())
        .limit(1)
    ).first()
    return f"{prefix}{(int(last.removeprefix(prefix)) if last else 0) + 1:06d}"
