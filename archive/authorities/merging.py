"""Merge two authority records that are one, and undo it.

The one that goes stays as a row that points at the other, so that its old name leads there: for
people, for a later delivery, and for undoing. Begin at `merge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Viewer
from archive.audit import actions as audit
from archive.authorities import actions, queries
from archive.authorities.models import AgentRelation, AuthorityMerge
from archive.authorities.queries import Authority
from archive.errors import Conflict, Invalid
from archive.holdings.models import Agent, Description, DescriptionAgent, DescriptionTerm
from archive.holdings.naming import names_of, told_variants


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do: how many links follow, how many the other has, names it gets."""

    moving: int
    joining: int
    relations: int
    variants: Sequence[str]
    examples: Sequence[tuple[Description, str]]


def preview(session: Session, loser: Authority, winner: Authority) -> Preview:
    """Return what `merge` would do with the two.

    :raises Invalid: or Conflict, as `merge`.
    """
    _require_two(loser, winner)
    links = queries.naming_records(session, loser)
    there = {(d.id, role) for d, role in queries.naming_records(session, winner)}
    moving = [(d, role) for d, role in links if (d.id, role) not in there]
    relations = session.scalars(_relations(loser)).all() if isinstance(loser, Agent) else []
    return Preview(
        moving=len(moving),
        joining=len(links) - len(moving),
        relations=len(relations),
        variants=_new_names(loser, winner),
        examples=moving[:20],
    )


def merge(
    session: Session, loser: Authority, winner: Authority, *, viewer: Viewer
) -> AuthorityMerge:
    """Let `winner` be used wherever `loser` was; its names become variants.

    :raises Invalid: if the two are one, or of different sorts.
    :raises Conflict: if one of them is merged already.
    """
    _require_two(loser, winner)
    for each in (loser, winner):
        actions.demand(session, each, viewer)
    told = set(told_variants(winner, clock.today()))
    moved, joined = _move_links(session, loser, winner)
    done = AuthorityMerge(
        sort="agent" if isinstance(loser, Agent) else "term",
        loser=loser.pid,
        winner=winner.pid,
        moved=moved,
        joined=joined,
        relations=_move_relations(session, loser, winner),
        variants=_new_names(loser, winner),
        merged_at=clock.now(),
        merged_by=viewer.actor_id,
    )
    _take_names(loser, winner, done.variants)
    loser.merged_into = winner.pid
    session.add(done)
    session.flush()
    audit.record(
        session,
        "authority.merge",
        actions.subject_of(winner),
        actor=viewer,
        loser=loser.pid,
        moved=len(moved),
        joined=len(joined),
    )
    if told - set(told_variants(winner, clock.today())):
        actions.close_names(session, winner)
    return done


def undo(session: Session, done: AuthorityMerge, *, viewer: Viewer) -> None:
    """Part two records that were merged; each gets its own links, names and relations back.

    What was linked to the winner after the merge stays there. Whether the winner may be alive
    is left as the merge had it: the stricter of the two.

    :raises Conflict: if it is undone already, or the winner has itself been merged away.
    """
    loser = queries.by_pid(session, done.loser)
    winner = queries.by_pid(session, done.winner)
    actions.demand(session, winner, viewer)
    if done.undone_at is not None:
        raise Conflict("the merge is undone already")
    if winner.merged_into is not None:
        raise Conflict("undo the later merge first")
    told = set(told_variants(winner, clock.today()))
    _give_links_back(session, done, loser, winner)
    _give_relations_back(session, done, loser, winner)
    winner.variants = [v for v in winner.variants if v["name"] not in done.variants]
    loser.merged_into = None
    done.undone_at = clock.now()
    session.flush()
    if told - set(told_variants(winner, clock.today())):
        actions.close_names(session, winner)
    audit.record(
        session, "authority.unmerge", actions.subject_of(winner), actor=viewer, loser=loser.pid
    )


def _require_two(loser: Authority, winner: Authority) -> None:
    if type(loser) is not type(winner) or loser.pid == winner.pid:
        raise Invalid("choose two authority records of one sort")
    if not isinstance(loser, Agent) and loser.kind != winner.kind:
        raise Invalid("choose two authority records of one sort")
    if loser.merged_into is not None or winner.merged_into is not None:
        raise Conflict("the authority record is merged into another; use that one")


def _new_names(loser: Authority, winner: Authority) -> list[str]:
    known = set(names_of(winner))
    return list(dict.fromkeys(name for name in names_of(loser) if name not in known))


def _take_names(loser: Authority, winner: Authority, names: Sequence[str]) -> None:
    """Give the winner the names; whether it may be alive is said by the stricter of the two."""
    kinds = {variant["name"]: variant["kind"] for variant in loser.variants}
    winner.variants = [
        *winner.variants,
        *({"name": name, "kind": kinds.get(name, "merged")} for name in names),
    ]
    if isinstance(winner, Agent) and isinstance(loser, Agent):
        winner.living = _stricter(winner.living, loser.living)


def _stricter(one: str, other: str) -> str:
    return next(word for word in ("yes", "unknown", "no") if word in {one, other})


def _rows(session: Session, authority: Authority) -> Sequence[Any]:
    """Return the links of an authority, each with its record's pid."""
    link: Any = DescriptionAgent if isinstance(authority, Agent) else DescriptionTerm
    own = link.agent_id if isinstance(authority, Agent) else link.term_id
    return session.execute(
        select(link, Description.pid)
        .join(Description, Description.id == link.description_id)
        .where(own == authority.id)
    ).all()


def _move_links(
    session: Session, loser: Authority, winner: Authority
) -> tuple[list[list[str]], list[list[str]]]:
    there = {(link.description_id, getattr(link, "role", "")) for link, _ in _rows(session, winner)}
    moved, joined = [], []
    for link, pid in _rows(session, loser):
        role = getattr(link, "role", "")
        if (link.description_id, role) in there:
            joined.append([pid, role])
        else:
            session.add(actions.new_link(link.description_id, winner, role))
            moved.append([pid, role])
        session.delete(link)
    session.flush()
    return moved, joined


def _relations(agent: Agent) -> Any:
    return select(AgentRelation).where(
        or_(AgentRelation.from_id == agent.id, AgentRelation.to_id == agent.id),
        AgentRelation.removed_at.is_(None),
    )


def _move_relations(session: Session, loser: Authority, winner: Authority) -> list[list[Any]]:
    """Give the winner the loser's relations; one between the two, or said already, goes."""
    if not isinstance(loser, Agent) or not isinstance(winner, Agent):
        return []
    said = {(r.from_id, r.to_id, str(r.kind)) for r in session.scalars(_relations(winner))}
    done: list[list[Any]] = []
    for relation in session.scalars(_relations(loser)).all():
        end = "from_id" if relation.from_id == loser.id else "to_id"
        setattr(relation, end, winner.id)
        key = (relation.from_id, relation.to_id, str(relation.kind))
        is_gone = relation.from_id == relation.to_id or key in said
        if is_gone:
            relation.removed_at = clock.now()
        done.append([relation.pid, end, is_gone])
    return done


def _give_links_back(
    session: Session, done: AuthorityMerge, loser: Authority, winner: Authority
) -> None:
    there = {(pid, getattr(link, "role", "")): link for link, pid in _rows(session, winner)}
    numbers = _numbers(session, [pid for pid, _ in (*done.moved, *done.joined)])
    for pid, role in done.moved:
        if (pid, role) in there:  # one that somebody has unlinked since stays unlinked
            session.delete(there[pid, role])
            session.add(actions.new_link(numbers[pid], loser, role))
    for pid, role in done.joined:
        if pid in numbers:
            session.add(actions.new_link(numbers[pid], loser, role))


def _numbers(session: Session, pids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(pids), 500):
        some = select(Description.pid, Description.id).where(
            Description.pid.in_(pids[start : start + 500])
        )
        found.update(session.execute(some).all())
    return found


def _give_relations_back(
    session: Session, done: AuthorityMerge, loser: Authority, winner: Authority
) -> None:
    ends = {pid: (end, is_gone) for pid, end, is_gone in done.relations}
    for row in session.scalars(select(AgentRelation).where(AgentRelation.pid.in_(ends))):
        end, is_gone = ends[row.pid]
        if getattr(row, end) != winner.id:
            continue
        setattr(row, end, loser.id)
        if is_gone:
            row.removed_at = None
