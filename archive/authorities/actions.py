"""Make and change authority records, relate agents, and link them to records.

Whoever changes a name must be allowed to describe the records of every unit that uses it, for
it changes in all of them. Each function is one deed; none commits. Begin at `make`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.authorities import queries
from archive.authorities.models import AgentRelation, Relation
from archive.authorities.queries import Authority
from archive.edition import actions as edition
from archive.errors import Conflict, Invalid, NotFound
from archive.holdings.actions import subject_of as record_subject
from archive.holdings.models import (
    Agent,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    Publication,
    Term,
)
from archive.holdings.naming import authorized, told_variants

AGENT_FIELDS = frozenset(
    {"kind", "name", "dates", "history", "variants", "places", "functions", "mandate"}
    | {"sources", "identifiers", "living"}
)
TERM_FIELDS = frozenset({"kind", "value", "latitude", "longitude", "variants", "note"})
ROLES = ("creator", "author", "photographer", "architect", "recipient", "depicted", "mentioned")


def make(session: Session, model: type[Authority], facts: Mapping[str, Any], *, viewer: Viewer,
         ) -> Authority:  # fmt: skip
    """Add an agent or term and return it.

    :raises Conflict: if one of the kind has the name already.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE)
    _require_free(session, model, facts, but=None)
    made = model(**facts)
    session.add(made)
    session.flush()
    audit.record(session, "authority.make", subject_of(made), actor=viewer, kind=made.kind)
    return made


def change(
    session: Session, authority: Authority, facts: Mapping[str, Any], *, viewer: Viewer
) -> list[str]:
    """Change an agent or term and return the names of the fields that really changed.

    A variant that everyone could find records by, and now may not, leaves the edition at once:
    the records that had it are withdrawn, and come back without it by the next drain.

    :raises Conflict: if another of the kind has the name, or it is merged into another.
    """
    demand(session, authority, viewer)
    _require_in_use(authority)
    allowed = AGENT_FIELDS if isinstance(authority, Agent) else TERM_FIELDS
    unknown = sorted(set(facts) - allowed)
    if unknown:
        raise Invalid(f"these fields cannot be changed by hand: {', '.join(unknown)}")
    _require_free(session, type(authority), facts, but=authority)
    changed = [name for name, value in facts.items() if getattr(authority, name) != value]
    told = set(told_variants(authority, clock.today()))
    before = authorized(authority)
    for name in changed:
        setattr(authority, name, facts[name])
    if changed:
        session.flush()
        audit.record(
            session,
            "authority.change",
            subject_of(authority),
            actor=viewer,
            note=f"{before} → {authorized(authority)}" if before != authorized(authority) else None,
            fields=changed,
        )
    if told - set(told_variants(authority, clock.today())):
        close_names(session, authority)
    return changed


def relate(
    session: Session,
    one: Agent,
    other: Agent,
    kind: Relation,
    *,
    viewer: Viewer,
    dates: str | None = None,
) -> AgentRelation:
    """Say how one agent stands to another: `one` is the predecessor, the part, the member.

    :raises Invalid: if the two are one.
    :raises Conflict: if that is said already, or the other way round.
    """
    for each in (one, other):
        demand(session, each, viewer)
        _require_in_use(each)
    if one.id == other.id:
        raise Invalid("an agent has no relation to itself")
    said = session.scalars(
        select(AgentRelation).where(
            AgentRelation.kind == kind,
            AgentRelation.removed_at.is_(None),
            AgentRelation.from_id.in_([one.id, other.id]),
            AgentRelation.to_id.in_([one.id, other.id]),
        )
    ).first()
    if said is not None:
        raise Conflict("the two have that relation already")
    relation = AgentRelation(from_id=one.id, to_id=other.id, kind=kind, dates=dates or None)
    session.add(relation)
    session.flush()
    _tell(session, "authority.relate", one, viewer, other=other.pid, kind=kind.value)
    return relation


def part_ways(session: Session, agent: Agent, relation_pid: str, *, viewer: Viewer) -> None:
    """Take a relation of the agent away; the row stays as history.

    :raises NotFound: if the agent has no such relation.
    """
    demand(session, agent, viewer)
    relation = session.scalars(
        select(AgentRelation).where(
            AgentRelation.pid == relation_pid, AgentRelation.removed_at.is_(None)
        )
    ).first()
    if relation is None or agent.id not in {relation.from_id, relation.to_id}:
        raise NotFound("there is no such relation")
    relation.removed_at = clock.now()
    _tell(session, "authority.part", agent, viewer, relation=relation.pid)


def link(
    session: Session, record: Description, authority: Authority, *, role: str, viewer: Viewer
) -> None:
    """Name an agent in a role, or a place or subject, in a record.

    :raises Conflict: if the record names it so already, or it is merged into another.
    :raises Invalid: if there is no such role.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    _require_in_use(authority)
    if isinstance(authority, Agent) and role not in ROLES:
        raise Invalid("choose a role")
    if _link(session, record, authority, role) is not None:
        raise Conflict("the record names it already")
    session.add(new_link(record.id, authority, role))
    audit.record(
        session,
        "record.name",
        record_subject(record),
        actor=viewer,
        authority=authority.pid,
        role=role,
    )
    session.flush()


def unlink(
    session: Session, record: Description, authority: Authority, *, role: str, viewer: Viewer
) -> None:
    """Take the name from the record again.

    :raises NotFound: if the record does not name it so.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    row = _link(session, record, authority, role)
    if row is None:
        raise NotFound("the record does not name it")
    session.delete(row)
    audit.record(
        session,
        "record.unname",
        record_subject(record),
        actor=viewer,
        authority=authority.pid,
        role=role,
    )
    session.flush()


def new_link(record_id: int, authority: Authority, role: str) -> DescriptionAgent | DescriptionTerm:
    """Return the row that says that a record names an authority; a term has no role."""
    if isinstance(authority, Agent):
        return DescriptionAgent(description_id=record_id, agent_id=authority.id, role=role)
    return DescriptionTerm(description_id=record_id, term_id=authority.id)


def demand(session: Session, authority: Authority, viewer: Viewer) -> None:
    """Pass if the viewer may describe the records of every unit that uses the name.

    :raises Refused: otherwise.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE)
    for unit_id in queries.unit_ids(session, authority):
        viewer.demand(Permission.HOLDINGS_DESCRIBE, unit_id)


def close_names(session: Session, authority: Authority) -> None:
    """Take the published records that name it out of the edition; the drain brings them back."""
    named = queries.naming_records(session, authority)
    pids = {record.pid for record, _ in named if record.publication != Publication.NONE}
    edition.withdraw_now(sorted(pids))


def subject_of(authority: Authority) -> str:
    """Return how the audit names it."""
    return f"authority:{authority.pid}"


def _tell(session: Session, deed: str, agent: Agent, viewer: Viewer, **details: str) -> None:
    audit.record(session, deed, subject_of(agent), actor=viewer, **details)


def _link(
    session: Session, record: Description, authority: Authority, role: str
) -> DescriptionAgent | DescriptionTerm | None:
    if isinstance(authority, Agent):
        return session.get(DescriptionAgent, (record.id, authority.id, role))
    return session.get(DescriptionTerm, (record.id, authority.id))


def _require_in_use(authority: Authority) -> None:
    if authority.merged_into is not None:
        raise Conflict("the authority record is merged into another; use that one")


def _require_free(
    session: Session, model: type[Authority], facts: Mapping[str, Any], *, but: Authority | None
) -> None:
    column: Any = Agent.name if model is Agent else Term.value
    named: Any = facts.get("name" if model is Agent else "value") or (but and authorized(but))
    if not (named or "").strip():
        raise Invalid("the authority record needs a name")
    kind = facts.get("kind") or (but and but.kind)
    same = session.scalars(select(model).where(column == named, model.kind == kind)).first()
    if same is not None and same is not but:
        raise Conflict("there is already one of that kind with that name")
