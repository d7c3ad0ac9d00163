"""A record of the holdings as a description draft: all of it, or what everyone may see.

`ingest.classify` and `accession` go the other way. The public form is a list of what may stand in
it, the same as the edition's (`archive.publish.compile`): a field that is not named stays inside.
Begin at `whole` and `public`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.holdings.access import Verdict
from archive.holdings.models import (
    Agent,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    RecordText,
    Term,
)
from ihp.terms import Outcome
from ingest.package import AgentDraft, DescriptionDraft, Restriction


@dataclass(slots=True)
class Belongings:
    """What belongs to a record: who made it, places and subjects, the words that came with it."""

    agents: list[tuple[DescriptionAgent, Agent]] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    texts: list[RecordText] = field(default_factory=list)


def belongings(session: Session, records: Sequence[Description]) -> Mapping[int, Belongings]:
    """Return what belongs to the records, by id, in three queries."""
    found = {record.id: Belongings() for record in records}
    for link, agent in session.execute(
        select(DescriptionAgent, Agent)
        .join(Agent, Agent.id == DescriptionAgent.agent_id)
        .where(DescriptionAgent.description_id.in_(found))
        .order_by(Agent.name)
    ):
        found[link.description_id].agents.append((link, agent))
    for record_id, term in session.execute(
        select(DescriptionTerm.description_id, Term)
        .join(Term, Term.id == DescriptionTerm.term_id)
        .where(DescriptionTerm.description_id.in_(found))
        .order_by(Term.latitude.is_(None), Term.value)
    ):
        found[record_id].terms.append(term)
    for text in session.scalars(select(RecordText).where(RecordText.description_id.in_(found))):
        found[text.description_id].texts.append(text)
    return found


def whole(
    record: Description,
    own: Belongings,
    verdict: Verdict,
    *,
    parent: str | None,
    units: Mapping[int, str],
) -> DescriptionDraft:
    """Return everything that the house says of a record; `units` are codes by id."""
    is_own_plan = record.plan_unit_id == record.unit_id
    latitude, longitude = _where(own)
    return DescriptionDraft(
        key=record.pid,
        level=record.level,
        title=record.title,
        parent=parent,
        reference=record.reference,
        public_title=record.public_title,
        date_text=record.date_text,
        extent=record.extent,
        scope=record.scope,
        language=record.language,
        # The row of another unit's plan, such as the archive's own finding aid, is set anew.
        record_type=record.rule_code if is_own_plan else None,
        unit=units.get(record.unit_id),
        creators=_creators(own),
        subjects=_terms(own, "subject"),
        places=_terms(own, "place"),
        genre=record.genre,
        latitude=latitude,
        longitude=longitude,
        rights=record.rights,
        personal_data=record.personal_data,
        living_persons=record.living_persons,
        is_register=record.is_register,
        events={name: date.fromisoformat(day) for name, day in record.events.items()},
        restrictions=_restrictions(verdict),
        text=next((text.body for text in own.texts if text.source == "transcription"), None),
        notes=tuple(record.notes),
    )


def _creators(own: Belongings) -> tuple[AgentDraft, ...]:
    return tuple(
        AgentDraft(agent.name, link.role, agent.kind, dates=agent.dates)
        for link, agent in own.agents
    )


def _terms(own: Belongings, kind: str) -> tuple[str, ...]:
    return tuple(term.value for term in own.terms if term.kind == kind)


def public(
    record: Description, own: Belongings, verdict: Verdict, *, parent: str | None
) -> DescriptionDraft:
    """Return what everyone may see of a record that SHOW allows; of others not even the title."""
    shown = verdict.show.outcome is Outcome.ALLOW
    title = record.title if shown else record.reference
    draft = DescriptionDraft(
        key=record.pid,
        level=record.level,
        title=record.public_title or title,
        parent=parent,
        reference=record.reference,
        date_text=record.date_text,
        extent=record.extent,
        language=record.language,
        genre=record.genre,
        restrictions=_restrictions(verdict),
    )
    if not shown or verdict.publish.outcome is not Outcome.ALLOW:
        return draft
    return _with_contents(draft, record, own)


def _with_contents(
    draft: DescriptionDraft, record: Description, own: Belongings
) -> DescriptionDraft:
    latitude, longitude = _where(own)
    return replace(
        draft,
        scope=record.scope,
        creators=tuple(AgentDraft(a.name, link.role, a.kind) for link, a in own.agents),
        subjects=_terms(own, "subject"),
        places=_terms(own, "place"),
        latitude=latitude,
        longitude=longitude,
        rights=record.rights,
        text="\n\n".join(text.body for text in own.texts if text.source != "ocr") or None,
    )


def _where(own: Belongings) -> tuple[float | None, float | None]:
    """Return where the first place lies; those that know it come first."""
    first = next((term for term in own.terms if term.kind == "place"), None)
    return (first.latitude, first.longitude) if first else (None, None)


def _restrictions(verdict: Verdict) -> tuple[Restriction, ...]:
    """Return why the contents are closed, in the law's words; they name no word of the record."""
    if verdict.publish.outcome is Outcome.ALLOW:
        return ()
    return tuple(
        Restriction("secrecy", " ".join(filter(None, (reason.text_sv, reason.clause))))
        for reason in verdict.publish.reasons
    )
