"""Fetch what compiling a batch of records needs, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.models import OrgUnit
from archive.holdings import naming
from archive.holdings.facts import ancestor_ids
from archive.holdings.models import (
    Agent,
    Aip,
    Derivative,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    File,
    Publication,
    RecordText,
    Term,
)
from archive.holdings.queries import derivatives_of, originals

# Who a record is about, or reached, is no creator of it, and is told to staff only.
ABOUT = frozenset({"depicted", "mentioned", "recipient"})
ARCHIVE_NAME = "Linköpings stadsarkiv"


@dataclass(slots=True)
class Source:
    """A record with everything that may be compiled of it. Nothing in here is public yet."""

    record: Description
    unit: OrgUnit
    archive_name: str = ARCHIVE_NAME
    ancestors: list[dict[str, str]] = field(default_factory=list)
    creators: list[str] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    other_names: list[str] = field(default_factory=list)  # for staff
    told_names: list[str] = field(default_factory=list)  # for everyone, where the record is open
    texts: list[str] = field(default_factory=list)
    is_read_by_machine: bool = False
    files: list[File] = field(default_factory=list)
    derivatives: Mapping[int, Mapping[str, Derivative]] = field(default_factory=dict)
    objects: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def fetch(session: Session, records: Sequence[Description]) -> list[Source]:
    """Return the records with what belongs to them; ancestors only where those are public."""
    ids = [record.id for record in records]
    units = {unit.id: unit for unit in session.scalars(select(OrgUnit))}
    sources = {r.id: Source(r, units[r.unit_id]) for r in records}
    for link, agent in session.execute(
        select(DescriptionAgent, Agent)
        .join(Agent, Agent.id == DescriptionAgent.agent_id)
        .where(DescriptionAgent.description_id.in_(ids))
    ):
        source = sources[link.description_id]
        if link.role in ABOUT:
            source.other_names.extend(naming.names_of(agent))
        else:
            source.creators.append(agent.name)
            _add_names(source, agent)
    for description_id, term in session.execute(
        select(DescriptionTerm.description_id, Term)
        .join(Term, Term.id == DescriptionTerm.term_id)
        .where(DescriptionTerm.description_id.in_(ids))
    ):
        sources[description_id].terms.append(term)
        _add_names(sources[description_id], term)
    _add_texts(session, sources)
    _add_files(session, sources)
    _add_ancestors(session, sources)
    return list(sources.values())


def _add_names(source: Source, authority: Agent | Term) -> None:
    source.other_names.extend(naming.names_of(authority)[1:])
    source.told_names.extend(naming.told_variants(authority, clock.today()))


def _add_texts(session: Session, sources: Mapping[int, Source]) -> None:
    """Add each record's words; what a machine read counts only where nobody has written it off."""
    found = session.scalars(
        select(RecordText)
        .where(RecordText.description_id.in_(sources))
        .order_by(RecordText.description_id, RecordText.source.desc())
    ).all()
    for text in found:
        if text.source != "ocr":
            sources[text.description_id].texts.append(text.body)
    for text in found:
        source = sources[text.description_id]
        if text.source == "ocr" and not source.texts:
            source.texts.append(text.body)
            source.is_read_by_machine = True


def _add_files(session: Session, sources: Mapping[int, Source]) -> None:
    files = session.scalars(originals().where(File.description_id.in_(sources))).all()
    copies = derivatives_of(session, [file.id for file in files])
    aips = select(Aip).where(Aip.id.in_({file.aip_id for file in files}))
    objects = {aip.id: (aip.object_id, aip.version) for aip in session.scalars(aips)}
    for file in files:
        source = sources[file.description_id]
        source.files.append(file)
        source.derivatives, source.objects = copies, objects


def _add_ancestors(session: Session, sources: Mapping[int, Source]) -> None:
    wanted = {i for source in sources.values() for i in ancestor_ids(source.record)}
    public: dict[int, Description] = {}
    for row in session.scalars(
        select(Description).where(
            Description.id.in_(wanted), Description.publication != Publication.NONE
        )
    ):
        if row.shown == "allow":
            public[row.id] = row
    for source in sources.values():
        source.ancestors = [
            {
                "pid": public[i].pid,
                "title": public[i].public_title or public[i].title,
                "level": public[i].level,
                "reference": public[i].reference,
            }
            for i in ancestor_ids(source.record)
            if i in public
        ]
