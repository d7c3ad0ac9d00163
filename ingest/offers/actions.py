"""Offer records, appraise an offer, prepare it, hand it in, talk about it. Nothing here commits.

Every step is a line of the offer's story and an event of the audit; the words themselves are the
audit's note, which can be erased. Begin at `offer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM, Acting
from archive.errors import Conflict, Invalid, NotFound
from archive.telling import told
from ihp import dates
from ingest import queries as deliveries
from ingest.models import State, Transfer
from ingest.offers import checklist, lists, queries
from ingest.offers.models import FROM_ARCHIVE, FROM_UNIT, NEXT, Offer, OfferEntry, OfferState, Way


@dataclass(frozen=True, slots=True)
class Terms:
    """What a unit says of the records that it offers."""

    unit_id: int
    row_code: str
    title: str
    date_text: str
    extent: str
    medium: str
    way: Way
    secrecy: str | None = None
    system: str | None = None
    about: str | None = None


def offer(session: Session, terms: Terms, *, viewer: Viewer) -> Offer:
    """Offer records from a row of the unit's plan, and return the offer.

    :raises Invalid: if the dates cannot be read, or no row of the plan in force holds for them.
    """
    viewer.demand(Permission.INGEST_SUBMIT, terms.unit_id)
    try:
        span = dates.parse(terms.date_text)
    except ValueError as error:
        raise Invalid(str(error)) from error
    if span.date_max is None:
        raise Invalid("say from which years the records are")
    if queries.row_of(session, terms.unit_id, terms.row_code, terms.date_text) is None:
        raise Invalid(f"no row {terms.row_code!r} of the plan in force holds for these years")
    now = clock.now()
    made = Offer(
        number=(session.scalar(select(func.max(Offer.number))) or 0) + 1,
        unit_id=terms.unit_id,
        row_code=terms.row_code,
        title=terms.title,
        date_text=terms.date_text,
        extent=terms.extent,
        medium=terms.medium,
        way=terms.way,
        secrecy=terms.secrecy,
        system=terms.system,
        about=terms.about,
        checklist=[],
        rows=[],
        created_by=viewer.actor_id,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    _tell(session, made, OfferState.OFFERED, terms.about or "", viewer)
    return made


def appraise(
    session: Session, found: Offer, verdict: OfferState, *, reason: str, viewer: Viewer
) -> None:
    """Say whether the archive wants the records, or ask more first. Only a yes needs no words.

    :raises Invalid: if a question or a no has no words, or the verdict is none of the archive's.
    :raises Conflict: if the offer does not wait for the archive.
    """
    viewer.demand(Permission.INGEST_ACCEPT, found.unit_id)
    if verdict not in {OfferState.ACCEPTED, OfferState.ASKED, OfferState.DECLINED}:
        raise Invalid("say whether the archive accepts, asks or declines")
    if found.state not in {OfferState.OFFERED, OfferState.ASKED}:
        raise Conflict(f"offer {found.number} is not waiting for the archive")
    if verdict != OfferState.ACCEPTED:
        _demand_words(reason)
    move(session, found, verdict, body=reason, actor=viewer)


def say(session: Session, found: Offer, *, body: str, viewer: Viewer) -> None:
    """Write a message; the unit's answer to a question gives the offer back to the archive."""
    if not viewer.may(Permission.INGEST_ACCEPT, found.unit_id):
        viewer.demand(Permission.INGEST_SUBMIT, found.unit_id)
    if not body.strip():
        raise Invalid("the message is empty")
    is_answer = found.state == OfferState.ASKED and viewer.may(
        Permission.INGEST_SUBMIT, found.unit_id
    )
    if is_answer and _asked_by(session, found) != viewer.actor_id:
        move(session, found, OfferState.OFFERED, body=body, actor=viewer)
        return
    is_archive = viewer.may(Permission.INGEST_ACCEPT, found.unit_id)
    _write(session, found, FROM_ARCHIVE if is_archive else FROM_UNIT, body, viewer)
    subject = f"offer:{found.pid}"
    audit.record(session, "offer.message", subject, actor=viewer, note=body)


def tick(session: Session, found: Offer, done: Sequence[str], *, viewer: Viewer) -> None:
    """Keep which things of the checklist are done."""
    viewer.demand(Permission.INGEST_SUBMIT, found.unit_id)
    _demand_preparing(found)
    known = [item.key for item in _items(session, found)]
    found.checklist = [key for key in known if key in done]
    found.updated_at = clock.now()
    subject = f"offer:{found.pid}"
    audit.record(session, "offer.prepare", subject, actor=viewer, done=found.checklist)


def hand_in_boxes(session: Session, found: Offer, on: date | None, *, viewer: Viewer) -> None:
    """Say on which day the boxes come; everything must be prepared, and the list be whole.

    :raises Invalid: if something of it is missing.
    """
    viewer.demand(Permission.INGEST_SUBMIT, found.unit_id)
    _demand_preparing(found)
    missing = _missing_of_boxes(session, found, on)
    if missing:
        said = [Invalid(each) for each in missing]
        raise Invalid("; ".join(missing), sv=" ".join(told(each) for each in said))
    found.boxes_on = on
    move(session, found, OfferState.SUBMITTED, body=on.isoformat() if on else "", actor=viewer)


def _missing_of_boxes(session: Session, found: Offer, on: date | None) -> list[str]:
    """Return all that keeps boxes from being handed in, so that it can be mended at one go."""
    missing = []
    undone = _undone(session, found)
    if undone:
        missing.append(f"{len(undone)} things of the checklist are not done yet")
    if on is None or on < clock.today():
        missing.append("say on which day the boxes come, today or later")
    if not found.rows:
        missing.append("write the list of what is in the boxes first")
    elif lists.errors_of(found.list_kind, found.rows):
        missing.append("the list of what is in the boxes has errors; mend them first")
    return missing


def hand_in_package(session: Session, found: Offer, transfer: Transfer, *, viewer: Viewer) -> None:
    """Tie a delivery to the offer that it is the answer to; from there on the delivery leads.

    :raises Invalid: if something of the checklist is missing.
    :raises Conflict: if the delivery is another unit's, tried only, turned away, or tied already.
    """
    viewer.demand(Permission.INGEST_SUBMIT, found.unit_id)
    _demand_preparing(found)
    _demand_prepared(session, found)
    if transfer.unit_id != found.unit_id or transfer.only_check:
        raise Conflict(f"transfer {transfer.number} is not this unit's delivery")
    if transfer.state == State.REJECTED or queries.of_transfer(session, transfer) is not None:
        raise Conflict(f"transfer {transfer.number} cannot be the answer to this offer")
    found.transfer_pid = transfer.pid
    move(session, found, OfferState.SUBMITTED, body=str(transfer.number), actor=viewer)
    follow(session, transfer)


def hand_in_delivery(session: Session, found: Offer, number: str, *, viewer: Viewer) -> None:
    """Tie the delivery of a number that a person wrote, as far as the viewer may see it.

    :raises Invalid: if there is no such delivery for this viewer.
    """
    try:
        transfer = deliveries.readable(session, number.strip(), viewer)
    except NotFound as error:
        raise Invalid(f"there is no transfer {number.strip()!r}") from error
    hand_in_package(session, found, transfer, viewer=viewer)


def send_back(session: Session, found: Offer, *, reason: str, viewer: Viewer) -> None:
    """Give a paper delivery back to the unit to mend; a package is turned away at the dock."""
    viewer.demand(Permission.INGEST_ACCEPT, found.unit_id)
    _demand_words(reason)
    if found.way != Way.PAPER:
        raise Conflict("a package is taken in or turned away as a delivery")
    found.boxes_on = None
    move(session, found, OfferState.ACCEPTED, body=reason, actor=viewer)


def withdraw(session: Session, found: Offer, *, reason: str, viewer: Viewer) -> None:
    """Take an offer back, with the reason."""
    viewer.demand(Permission.INGEST_SUBMIT, found.unit_id)
    _demand_words(reason)
    move(session, found, OfferState.WITHDRAWN, body=reason, actor=viewer)


def follow(session: Session, transfer: Transfer) -> None:
    """Let an offer follow its delivery: in the archive it has arrived, turned away it is undone."""
    found = queries.of_transfer(session, transfer)
    if found is None or found.state != OfferState.SUBMITTED:
        return
    if transfer.state == State.ACCESSIONED:
        move(session, found, OfferState.ARRIVED, body=str(transfer.number), actor=SYSTEM)
    elif transfer.state == State.REJECTED:
        found.transfer_pid = None
        move(session, found, OfferState.ACCEPTED, body=str(transfer.number), actor=SYSTEM)


def move(session: Session, found: Offer, to: OfferState, *, body: str, actor: Acting) -> None:
    """Take an offer to its next state.

    :raises Conflict: if the table has no such step.
    """
    if to not in NEXT[OfferState(found.state)]:
        raise Conflict(f"offer {found.number} is {found.state} and cannot become {to}")
    found.state = to
    _tell(session, found, to, body, actor)


def _tell(session: Session, found: Offer, state: OfferState, body: str, actor: Acting) -> None:
    _write(session, found, state.value, body, actor)
    subject = f"offer:{found.pid}"
    audit.record(session, f"offer.{state.value}", subject, actor=actor, note=body or None)


def _write(session: Session, found: Offer, kind: str, body: str, actor: Acting) -> None:
    now = clock.now()
    found.updated_at = now
    session.add(
        OfferEntry(offer_id=found.id, at=now, actor=actor.actor_id, kind=kind, body=body.strip())
    )


def _asked_by(session: Session, found: Offer) -> str | None:
    query = select(OfferEntry.actor).where(
        OfferEntry.offer_id == found.id, OfferEntry.kind == OfferState.ASKED
    )
    return session.scalar(query.order_by(OfferEntry.id.desc()).limit(1))


def _demand_words(reason: str) -> None:
    if not reason.strip():
        raise Invalid("say why; the reason is kept with the offer")


def _demand_preparing(found: Offer) -> None:
    if found.state != OfferState.ACCEPTED:
        raise Conflict(f"offer {found.number} is not being prepared")


def _items(session: Session, found: Offer) -> Sequence[checklist.Item]:
    row = queries.row_of(session, found.unit_id, found.row_code, found.date_text)
    return checklist.items_for(Way(found.way), row)


def _demand_prepared(session: Session, found: Offer) -> None:
    undone = _undone(session, found)
    if undone:
        raise Invalid(f"{len(undone)} things of the checklist are not done yet")


def _undone(session: Session, found: Offer) -> list[checklist.Item]:
    return [item for item in _items(session, found) if item.key not in found.checklist]
