"""Link new records to their agents, places and subjects, and keep the words that came with them.

Bulk work for an accession: names that exist are reused, never doubled. Begin at `link`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.holdings.models import (
    Agent,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    RecordText,
    Term,
)
from ingest.package import DescriptionDraft

_Named = TypeVar("_Named", Agent, Term)


def link(session: Session, records: Sequence[tuple[Description, DescriptionDraft]]) -> None:
    """Add agents, terms and transcriptions of the drafts to their records."""
    agents, terms = _agents(session, records), _terms(session, records)
    for row, draft in records:
        # By number, for two names may be one agent since they were merged.
        named = ((agents[a.kind, a.name[:300]].id, a.role[:40]) for a in draft.creators)
        for agent_id, role in dict.fromkeys(named):
            session.add(DescriptionAgent(description_id=row.id, agent_id=agent_id, role=role))
        for term_id in dict.fromkeys(terms[key].id for key in _keys_of(draft)):
            session.add(DescriptionTerm(description_id=row.id, term_id=term_id))
        if draft.text:
            body = with_soft_hyphens(draft.text, draft.broken_lines)
            session.add(RecordText(description_id=row.id, source="transcription", body=body))
    session.flush()


def with_soft_hyphens(text: str, broken: Sequence[int]) -> str:
    """Return the text with a soft hyphen at the end of each broken line, for the index to join."""
    lines = re.split("([\n\f])", text)
    for number in broken:
        if 2 * number < len(lines) - 1:
            lines[2 * number] += "\u00ad"
    return "".join(lines)


def _agents(
    session: Session, records: Iterable[tuple[Description, DescriptionDraft]]
) -> dict[tuple[str, str], Agent]:
    found = _in_use({(a.kind, a.name): a for a in session.scalars(select(Agent))})
    for _, draft in records:
        for agent in draft.creators:
            key = (agent.kind, agent.name[:300])
            if key not in found:
                found[key] = Agent(
                    kind=agent.kind, name=key[1], dates=agent.dates, history=None, variants=[]
                )
                session.add(found[key])
    session.flush()
    return found


def _terms(
    session: Session, records: Iterable[tuple[Description, DescriptionDraft]]
) -> dict[tuple[str, str], Term]:
    found = _in_use({(t.kind, t.value): t for t in session.scalars(select(Term))})
    for _, draft in records:
        for kind, value in _keys_of(draft):
            term = found.get((kind, value))
            if term is None:
                term = found[kind, value] = Term(kind=kind, value=value)
                session.add(term)
            # A draft's coordinates are those of its first place.
            is_first = kind == "place" and value == draft.places[0].strip()[:200]
            if is_first and term.latitude is None and draft.latitude is not None:
                term.latitude, term.longitude = draft.latitude, draft.longitude
    session.flush()
    return found


def _in_use(known: dict[tuple[str, str], _Named]) -> dict[tuple[str, str], _Named]:
    """Return each name with the row that is used for it: that of a merged one is the other's."""
    by_pid = {row.pid: row for row in known.values()}
    found = {}
    for key, row in known.items():
        while row.merged_into is not None:
            row = by_pid[row.merged_into]
        found[key] = row
    return found


def _keys_of(draft: DescriptionDraft) -> list[tuple[str, str]]:
    places = [("place", value.strip()[:200]) for value in draft.places if value.strip()]
    subjects = [("subject", value.strip()[:200]) for value in draft.subjects if value.strip()]
    return places + subjects
