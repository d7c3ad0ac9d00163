"""The house's own rules: read for a delivery, listed for the desk, changed with a reason.

Begin at `policy_for` and `set_rule`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.errors import Invalid
from archive.sorting import swedish
from ingest.formats.models import FormatRule
from ingest.formats.policy import HOUSE, Policy, Verdict, is_subject


def policy_for(session: Session, agreement: str | None) -> Policy:
    """Return the rules that hold for deliveries of an agreement, None for those of none."""
    wanted = (agreement or HOUSE).strip()
    rows = session.scalars(
        select(FormatRule).where(
            FormatRule.agreement.in_({HOUSE, wanted}), FormatRule.verdict.is_not(None)
        )
    ).all()
    rules = {
        name: {row.subject: Verdict(row.verdict or "") for row in rows if row.agreement == name}
        for name in (HOUSE, wanted)
    }
    return Policy(rules[wanted] if wanted else {}, rules[HOUSE])


def listed(session: Session, *, agreements_too: bool = True) -> Sequence[FormatRule]:
    """Return the house's own rules that hold, those for all deliveries first, or only those."""
    query = select(FormatRule).where(FormatRule.verdict.is_not(None))
    if not agreements_too:
        query = query.where(FormatRule.agreement == HOUSE)
    return session.scalars(query.order_by(swedish(FormatRule.agreement), FormatRule.subject)).all()


def of_agreement(session: Session, number: str) -> Sequence[FormatRule]:
    """Return what was agreed on formats with one deliverer, above what holds for all."""
    query = select(FormatRule).where(FormatRule.agreement == number)
    return session.scalars(
        query.where(FormatRule.verdict.is_not(None)).order_by(FormatRule.subject)
    ).all()


def set_rule(
    session: Session,
    subject: str,
    verdict: Verdict | None,
    *,
    agreement: str,
    reason: str,
    viewer: Viewer,
) -> FormatRule:
    """Say what holds for a format from now on; None lets the program's list hold again.

    Deliveries that are in already are not judged anew.

    :raises Invalid: if the subject is no PUID, suffix, "*" or "unknown", or the reason is missing.
    """
    viewer.demand(Permission.FORMATS_MANAGE)
    subject, agreement = subject.strip().lower(), agreement.strip()
    if not is_subject(subject):
        raise Invalid(f"{subject!r} is neither a PUID such as fmt/354 nor a suffix such as .sh")
    if not reason.strip():
        raise Invalid("say why the format is judged so; the reason is kept")
    row = session.scalars(
        select(FormatRule).where(FormatRule.agreement == agreement, FormatRule.subject == subject)
    ).first()
    if row is None:
        row = FormatRule(agreement=agreement, subject=subject)
        session.add(row)
    row.verdict = verdict.value if verdict else None
    row.reason, row.changed_by, row.changed_at = reason.strip(), viewer.actor_id, clock.now()
    session.flush()
    audit.record(
        session,
        "format.rule",
        f"format:{subject}",
        actor=viewer,
        note=reason.strip(),
        verdict=row.verdict or "list",
        agreement=agreement or None,
    )
    return row
