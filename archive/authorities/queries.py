"""Read authority records: lists, one with what belongs to it, and which may be the same.

A person sees the names that the records of their units name, who describes also those that no
record names yet; who reads the whole archive sees every name. Begin at `found` and `page_of`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from archive.accounts.permissions import Permission, Viewer
from archive.authorities.models import AgentRelation, AuthorityMerge
from archive.errors import NotFound
from archive.holdings.models import (
    Agent,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    Term,
)
from archive.holdings.naming import fold, match_key
from archive.sorting import swedish

Authority = Agent | Term

PER_PAGE = 50
AGENT_KINDS = ("person", "family", "organization")
TERM_KINDS = ("place", "subject")


@dataclass(frozen=True, slots=True)
class Within:
    """Whose names somebody may see: those of some units, and perhaps those not used by any."""

    units: frozenset[int]
    unused: bool = False


Units = Within | None  # None is the whole archive


def reach(viewer: Viewer) -> Units:
    """Return whose names a person may see."""
    units = viewer.units(Permission.HOLDINGS_READ)
    if units is None:
        return None
    return Within(units, viewer.may(Permission.HOLDINGS_DESCRIBE))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: words, a kind ("" is every agent) and a page."""

    words: str = ""
    kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of authority records, with how many records name each."""

    rows: Sequence[Authority]
    uses: Mapping[int, int]
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return -(-self.total // PER_PAGE)


@dataclass(frozen=True, slots=True)
class Related:
    """A relation as it is seen from one of its two ends."""

    relation: AgentRelation
    other: Agent
    is_from: bool


@dataclass(frozen=True, slots=True)
class AuthorityPage:
    """An authority record with everything that its page shows."""

    relations: Sequence[Related]
    records: Sequence[tuple[Description, str]]
    record_count: int
    alike: Sequence[Authority]
    merges: Sequence[tuple[AuthorityMerge, str]]
    used_instead: Authority | None


def agent_by_pid(session: Session, pid: str, units: Units) -> Agent:
    """Return the agent with this id; a place or subject is none.

    :raises NotFound: as `by_pid`.
    """
    row = by_pid(session, pid, units)
    if not isinstance(row, Agent):
        raise NotFound("there is no such authority record")
    return row


def found(session: Session, asked: Asked, units: Units) -> Listed:
    """Return the records in use whose names have every word, in Swedish order."""
    model = Term if asked.kind in TERM_KINDS else Agent
    query = _visible(model, units).where(model.merged_into.is_(None))
    if asked.kind:
        query = query.where(model.kind == asked.kind)
    for word in fold(asked.words).split():
        query = query.where(
            or_(
                model.search_key.contains(word, autoescape=True),
                model.search_key.contains(match_key(word), autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    start = (max(asked.page, 1) - 1) * PER_PAGE
    rows = session.scalars(
        query.order_by(swedish(_name(model)), model.id).offset(start).limit(PER_PAGE)
    ).all()
    return Listed(rows, uses(session, rows), total)


def uses(session: Session, rows: Sequence[Authority]) -> dict[int, int]:
    """Return by how many records each row (all of one sort) is named."""
    if not rows:
        return {}
    own: Any = _own(type(rows[0]))
    counted = select(own, func.count()).where(own.in_([row.id for row in rows])).group_by(own)
    return dict(session.execute(counted).all())


def by_pid(session: Session, pid: str, units: Units = None) -> Authority:
    """Return the agent or term with this id, if records of these units name it.

    :raises NotFound: if there is none that they may know of.
    """
    for model in (Agent, Term):
        row: Authority | None = session.scalars(
            _visible(model, units).where(model.pid == pid)
        ).first()
        if row is not None:
            return row
    raise NotFound("there is no such authority record")


def used_instead(session: Session, pid: str, units: Units) -> Authority | None:
    """Return the one in use that a merged name leads to in the end, if the viewer may know it.

    The name itself may be out of sight by then: no record of these units names it any more.
    """
    seen: set[str] = set()
    try:
        here = by_pid(session, pid)
        while here.merged_into is not None and here.merged_into not in seen:
            seen.add(here.merged_into)
            here = by_pid(session, here.merged_into)
        return by_pid(session, here.pid, units) if seen else None
    except NotFound:
        return None


def page_of(
    session: Session, authority: Authority, units: Units, *, most: int = 100
) -> AuthorityPage:
    """Return what belongs to an authority record, in a constant number of queries."""
    named = naming(authority, units)
    count = session.scalar(select(func.count()).select_from(named.subquery())) or 0
    instead = authority.merged_into
    return AuthorityPage(
        relations=_relations(session, authority, units),
        records=_pairs(session, named.order_by(Description.reference).limit(most)),
        record_count=count,
        alike=alike(session, authority, units),
        merges=_merges(session, authority),
        used_instead=by_pid(session, instead, units) if instead else None,
    )


def naming(authority: Authority, units: Units = None) -> Select[Description, str]:
    """Select the records that name it, each with the role (that of a term is "")."""
    if isinstance(authority, Agent):
        query = (
            select(Description, DescriptionAgent.role)
            .join(DescriptionAgent, DescriptionAgent.description_id == Description.id)
            .where(DescriptionAgent.agent_id == authority.id)
        )
    else:
        query = (
            select(Description, func.coalesce("", ""))
            .join(DescriptionTerm, DescriptionTerm.description_id == Description.id)
            .where(DescriptionTerm.term_id == authority.id)
        )
    return query if units is None else query.where(Description.unit_id.in_(units.units))


def naming_records(session: Session, authority: Authority) -> list[tuple[Description, str]]:
    """Return every record that names it, by reference, each with the role."""
    return _pairs(session, naming(authority).order_by(Description.reference))


def unit_ids(session: Session, authority: Authority) -> set[int]:
    """Return the units whose records name it."""
    rows = naming(authority).subquery()
    return set(session.scalars(select(rows.c.unit_id).distinct()))


def alike(session: Session, authority: Authority, units: Units) -> Sequence[Authority]:
    """Return others of its sort of which a name sounds like one of its names."""
    model = type(authority)
    own = [line for line in authority.search_key.splitlines() if len(line) > 2 and line[0] == "="]
    if authority.merged_into or not own:
        return []
    query = _visible(model, units).where(
        model.id != authority.id,
        model.merged_into.is_(None),
        or_(*(model.search_key.contains(f"\n{key}\n", autoescape=True) for key in own)),
    )
    if isinstance(authority, Term):
        query = query.where(model.kind == authority.kind)
    return session.scalars(query.order_by(swedish(_name(model))).limit(20)).all()


def suggested(session: Session, kind: str, units: Units, *, most: int = 100) -> list[list[Any]]:
    """Return groups of records of a kind ("" is every agent) that may be the same.

    Two queries however many names there are: the keys are compared here.
    """
    model: Any = Term if kind in TERM_KINDS else Agent
    rows = _visible(model, units).where(model.merged_into.is_(None))
    if kind:
        rows = rows.where(model.kind == kind)
    keyed = rows.with_only_columns(model.id, model.search_key).order_by(model.id)
    by_key: dict[str, dict[int, None]] = defaultdict(dict)
    for number, keys in session.execute(keyed):
        for key in keys.splitlines():
            if key.startswith("=") and len(key) > 1:
                by_key[key][number] = None
    groups = list(dict.fromkeys(tuple(ids) for ids in by_key.values() if len(ids) > 1))[:most]
    wanted = {number for group in groups for number in group}
    rows = select(model).where(model.id.in_(wanted))
    there: dict[int, Any] = {row.id: row for row in session.scalars(rows)}
    return [[there[number] for number in group] for group in groups]


def last_merge(session: Session, loser: str) -> AuthorityMerge | None:
    """Return the merge in force by which this record was merged away."""
    return session.scalars(
        select(AuthorityMerge).where(
            AuthorityMerge.loser == loser, AuthorityMerge.undone_at.is_(None)
        )
    ).first()


def merge_by_pid(session: Session, pid: str) -> AuthorityMerge | None:
    """Return the merge with this id."""
    return session.scalars(select(AuthorityMerge).where(AuthorityMerge.pid == pid)).first()


def _pairs(session: Session, query: Any) -> list[tuple[Description, str]]:
    return [(record, role) for record, role in session.execute(query)]


def _relations(session: Session, authority: Authority, units: Units) -> list[Related]:
    if not isinstance(authority, Agent):
        return []
    one, two = aliased(Agent), aliased(Agent)
    rows = session.execute(
        select(AgentRelation, one, two)
        .join(one, one.id == AgentRelation.from_id)
        .join(two, two.id == AgentRelation.to_id)
        .where(
            or_(AgentRelation.from_id == authority.id, AgentRelation.to_id == authority.id),
            AgentRelation.removed_at.is_(None),
        )
        .order_by(AgentRelation.kind, AgentRelation.id)
    ).all()
    found = [Related(r, b if a.id == authority.id else a, a.id == authority.id) for r, a, b in rows]
    if units is None:
        return found
    known = set(session.scalars(_visible(Agent, units).with_only_columns(Agent.id)))
    return [each for each in found if each.other.id in known]


def _merges(session: Session, authority: Authority) -> Sequence[tuple[AuthorityMerge, str]]:
    """Return the merges into it that stand, each with the name that went."""
    model = type(authority)
    return session.execute(
        select(AuthorityMerge, _name(model))
        .join(model, model.pid == AuthorityMerge.loser)
        .where(AuthorityMerge.winner == authority.pid, AuthorityMerge.undone_at.is_(None))
        .order_by(AuthorityMerge.id)
    ).all()


def _visible(model: Any, units: Units) -> Select[Any]:
    query = select(model)
    if units is None:
        return query
    own = _own(model)
    within = (
        select(own)
        .join(Description, Description.id == own.class_.description_id)
        .where(Description.unit_id.in_(units.units))
    )
    seen = [model.id.in_(within)]
    # One that was merged away has no records; who sees the one used instead sees it.
    instead = aliased(model)
    seen.append(model.merged_into.in_(select(instead.pid).where(instead.id.in_(within))))
    if units.unused:
        seen.append(model.merged_into.is_(None) & model.id.not_in(select(own)))
    return query.where(or_(*seen))


def _own(model: Any) -> Any:
    return DescriptionAgent.agent_id if model is Agent else DescriptionTerm.term_id


def _name(model: Any) -> Any:
    return Agent.name if model is Agent else Term.value
