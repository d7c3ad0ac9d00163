"""Tell why a record is as visible as it is: every decision, its rule, clause and dates.

Reads and asks the law; changes nothing. Begin at `lines`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts.models import Role
from archive.accounts.permissions import ROLE_MAY, Permission
from archive.config import Config
from archive.edition import queries as edition
from archive.holdings import access, queries
from archive.holdings.models import Description
from ihp.policy import Decision
from ihp.terms import Action


def lines(
    session: Session, record: Description, config: Config, *, role: str | None = None
) -> Iterator[str]:
    """Yield the explanation, one line at a time."""
    yield f"{record.reference}  {record.title}"
    yield f"  level {record.level}; unit {record.unit.code}; date {record.date_text or 'undated'}"
    yield f"  plan row {record.rule_code or '-'} of {record.plan_unit.code}"
    above = queries.ancestors(session, record)
    yield f"  below {' > '.join(each.reference for each in above) or '(top)'}"
    for action in Action:
        yield from _decision(action, access.decide(session, action, record))
    yield (
        f"  kept answers: show {record.shown}, publish {record.access}, under "
        f"{record.decided_under}, until {record.decision_until or 'further notice'}"
    )
    yield f"  may be disposed of from: {record.dispose_after or 'never, or not known'}"
    yield f"  an archivist lets out: {record.publication}"
    with db.edition.reading() as public:
        row = edition.record(public, record.pid, clock.today())
    if row is None:
        yield "  in the edition: no"
    else:
        contents = "with contents" if row.contents_open else "description only"
        yield f"  in the edition: yes, {contents}, until {row.open_until or 'further notice'}"
    if role is not None:
        may = ROLE_MAY[Role(role)]
        yield f"  the role {role} may read holdings: {Permission.HOLDINGS_READ in may}"


def _decision(action: Action, decision: Decision) -> Iterator[str]:
    until = f", until {decision.valid_until}" if decision.valid_until else ""
    plan = decision.plan_version or "no plan"
    yield f"  {action.value:8} {decision.outcome.value.upper():6} under {plan}{until}"
    for reason in decision.reasons:
        last = f" [until {reason.until}]" if reason.until else ""
        yield f"           {reason.rule or '-'}: {reason.text_en} ({reason.clause}){last}"
