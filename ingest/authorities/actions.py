"""Take an authority file in: new names are made, known ones get what they lack.

Nothing that stands in a record here is written over: whoever keeps the names has the last word.
Begin at `take_in`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import xml
from archive.accounts.permissions import Permission, Viewer
from archive.authorities import actions, queries
from archive.authorities.queries import Authority
from archive.errors import Invalid, NotFound, Refused
from archive.holdings.models import Agent
from ingest import eac
from ingest.authorities import facts

_LISTS = ("variants", "places", "identifiers")
_TEXTS = ("dates", "history", "functions", "mandate", "sources")


class Became(StrEnum):
    """What became of one record of a file."""

    MADE = "made"
    FILLED = "filled"
    SAME = "same"
    LEFT = "left"  # it has no name, or belongs to units whose names the viewer does not keep


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file: its name there, what became of it, and the names of its new fields."""

    name: str
    became: Became
    pid: str | None = None
    fields: tuple[str, ...] = ()


def take_in(session: Session, document: bytes, *, viewer: Viewer) -> list[Line]:
    """Make or fill the authority records of an EAC-CPF document; return a line of each.

    A record is known by an identifier of the same scheme, else by kind and name.

    :raises Invalid: if it cannot be read, or is no EAC-CPF; nothing is changed.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE)
    root = xml.parse(document).getroot()
    if not eac.is_authority(root):
        raise Invalid("the file is no authority record (EAC-CPF)")
    return [_take(session, each, viewer) for each in facts.records_in(root)]


def _take(session: Session, said: Mapping[str, Any], viewer: Viewer) -> Line:
    name = str(said["name"])
    if not name:
        return Line("", Became.LEFT)
    known = _known(session, said)
    if known is None:
        made = actions.make(session, Agent, {**said, "living": "unknown"}, viewer=viewer)
        return Line(name, Became.MADE, made.pid)
    news = _news(known, said)
    if not news:
        return Line(name, Became.SAME, known.pid)
    try:
        fields = actions.change(session, known, news, viewer=viewer)
    except (Refused, NotFound):
        return Line(name, Became.LEFT)
    return Line(name, Became.FILLED, known.pid, tuple(fields))


def _known(session: Session, said: Mapping[str, Any]) -> Agent | None:
    """Return the agent in use that the record is of, if the archive has it."""
    mine = {(i["scheme"], i["value"]) for i in said["identifiers"]}
    named = select(Agent).where(Agent.kind == said["kind"], Agent.name == said["name"])
    found = session.scalars(named).first()
    if found is None and mine:
        has_some = select(Agent).where(Agent.kind == said["kind"], Agent.identifiers != [])
        found = next(
            (
                agent
                for agent in session.scalars(has_some)
                if mine & {(i["scheme"], i["value"]) for i in agent.identifiers}
            ),
            None,
        )
    return _in_use(session, found) if found is not None else None


def _in_use(session: Session, agent: Agent) -> Agent:
    while agent.merged_into is not None:
        found: Authority = queries.by_pid(session, agent.merged_into)
        assert isinstance(found, Agent)
        agent = found
    return agent


def _news(known: Agent, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the record adds: texts that are empty here, names and numbers not here yet."""
    news = {name: said[name] for name in _TEXTS if said[name] and not getattr(known, name)}
    offered = {name: list(said[name]) for name in _LISTS}
    offered["variants"].insert(0, {"name": said["name"], "kind": "other"})
    for name in _LISTS:
        more = [one for one in offered[name] if not _has(known, name, one)]
        if more:
            news[name] = [*getattr(known, name), *more]
    return news


def _has(known: Agent, name: str, one: Any) -> bool:
    if name == "variants":
        mine: Sequence[str] = [known.name, *(variant["name"] for variant in known.variants)]
        return one["name"] in mine
    return one in getattr(known, name)
