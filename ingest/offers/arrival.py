"""Let a delivery on paper arrive: its list becomes volumes, files and sheets in the holdings.

Every record meets the gate, with the reason that the archivist signs; whole or not at all. What
can point out a person stays in the title of the staff, never in the public one. Begin at `arrive`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, enforce
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.errors import Conflict, Invalid, Refused
from archive.holdings import access, facts
from archive.holdings import actions as holdings
from archive.holdings.models import Description, Level
from archive.plans import queries as plans
from ihp import dates
from ihp.plan import Rule
from ihp.terms import Action, Outcome
from ingest import terms
from ingest.offers import actions, lists
from ingest.offers.entries import Entry, entries_of
from ingest.offers.models import Offer, OfferState, Way


@dataclass(frozen=True, slots=True)
class Place:
    """Where the records go: the series' reference, its title where it is new, and the house."""

    series: str
    title: str
    institution: str
    finding_aid: str


def arrive(session: Session, found: Offer, place: Place, *, reason: str, viewer: Viewer) -> int:
    """Add what the list says to the holdings, under the series, and return how many records.

    :raises Conflict: if the boxes were not announced, or a reference is taken already.
    :raises Invalid: if the list has errors, the row does not hold for a date, or nothing is said.
    :raises Refused: if the law says no to a record.
    """
    viewer.demand(Permission.INGEST_ACCEPT, found.unit_id)
    if found.state != OfferState.SUBMITTED or found.way != Way.PAPER:
        raise Conflict(f"offer {found.number} has no boxes on their way")
    if not reason.strip():
        raise Invalid("say why; the reason is kept with the offer")
    if lists.errors_of(found.list_kind, found.rows):
        raise Invalid("the list of what is in the boxes has errors; mend them first")
    rule = _rule(session, found)
    entries = entries_of(found, rule)
    series = _series(session, found, place, viewer)
    above, fresh = _volumes(session, found, series, entries)
    rows = _add(session, found, above, entries)
    terms.link(session, [(rows[entry.key], entry.draft) for entry in entries])
    new = [*fresh, *rows.values()]
    _ask_the_gate(session, found, new, viewer)
    access.refresh_ids(session, [series.id, *(row.id for row in new)])
    found.series = series.reference
    actions.move(session, found, OfferState.ARRIVED, body=reason, actor=viewer)
    return len(rows)


def _rule(session: Session, found: Offer) -> Rule:
    """Return the row, which must hold for the date of everything in the list."""
    in_force = plans.in_force(session, found.unit_id, clock.today())
    rules = [
        in_force.plan.rule_for(found.row_code, dates.parse(row["dates"]).date_max)
        if in_force
        else None
        for row in found.rows
    ]
    outside = [str(n) for n, rule in enumerate(rules, 1) if rule is None]
    if outside or rules[0] is None:
        raise Invalid(
            f"the plan's row does not hold for the dates of line {', '.join(outside[:10])}"
        )
    return rules[0]


def _series(session: Session, found: Offer, place: Place, viewer: Viewer) -> Description:
    """Return the series, made now with its fonds where they are not there yet."""
    reference = place.series.strip().strip("/")
    series = _by_reference(session, reference)
    if series is not None:
        if series.unit_id != found.unit_id or series.level != Level.SERIES:
            raise Conflict(f"{reference} is no series of this unit")
        return series
    above, _slash, _last = reference.rpartition("/")
    if above.count("/") < 1 or not reference.startswith(f"{place.institution}/"):
        raise Invalid(f"{reference!r} is no series' reference; expected {place.institution}/EK/F1")
    if not place.title.strip():
        raise Invalid("the series is new: write its title")
    fonds = _by_reference(session, above)
    if fonds is None:
        fonds = _aggregate(session, found, place, Level.FONDS, above, found.unit.name, None, viewer)
    elif fonds.unit_id != found.unit_id:
        raise Conflict(f"{above} is another unit's archive")
    title = place.title.strip()
    return _aggregate(session, found, place, Level.SERIES, reference, title, fonds, viewer)


def _aggregate(
    session: Session,
    found: Offer,
    place: Place,
    level: Level,
    reference: str,
    title: str,
    above: Description | None,
    viewer: Viewer,
) -> Description:
    """Add a fonds or series: a part of the archive's own finding aid, and under its row."""
    unit_code, _colon, row = place.finding_aid.partition(":")
    aid = accounts.unit_by_code(session, unit_code)
    made = _description(found, level, reference, title, above, aid or found.unit, row)
    holdings.set_date(made, found.date_text)
    made.living_persons, made.personal_data, made.rights = "no", "none", "free"
    _enter(session, [(made, above)])
    _ask_the_gate(session, found, [made], viewer)
    access.refresh_ids(session, [made.id])
    return made


def _volumes(
    session: Session, found: Offer, series: Description, entries: Sequence[Entry]
) -> tuple[dict[str, Description], list[Description]]:
    """Return what the records lie in, by volume (no volume: the series), and which are new."""
    by_volume: dict[str, list[Entry]] = {}
    for entry in entries:
        by_volume.setdefault(entry.volume, []).append(entry)
    places: dict[str, Description] = {"": series}
    fresh: list[Description] = []
    for volume, inside in by_volume.items():
        if not volume:
            continue
        reference = f"{series.reference}/{as_code(volume)}"
        there = _by_reference(session, reference)
        if there is not None and (there.parent_id != series.id or there.level != Level.VOLUME):
            raise Conflict(f"{reference} is taken already")
        if there is None:
            there = _volume(session, found, series, reference, volume, inside)
            fresh.append(there)
        places[volume] = there
    return places, fresh


def _volume(
    session: Session,
    found: Offer,
    series: Description,
    reference: str,
    volume: str,
    inside: Sequence[Entry],
) -> Description:
    made = _description(found, Level.VOLUME, reference, f"Volym {volume}", series)
    holdings.set_date(made, _years([entry.date_text for entry in inside]))
    made.position = as_position(volume)
    _enter(session, [(made, series)])
    return made


def _add(
    session: Session, found: Offer, above: Mapping[str, Description], entries: Sequence[Entry]
) -> dict[str, Description]:
    made: dict[str, Description] = {}
    pairs: list[tuple[Description, Description | None]] = []
    for place, entry in enumerate(entries):
        parent = above[entry.volume]
        reference = f"{parent.reference}/{as_code(entry.code)}"
        row = _description(found, entry.level, reference, entry.draft.title, parent)
        holdings.set_date(row, entry.date_text)
        row.public_title, row.extent, row.genre = entry.public_title, entry.extent, entry.genre
        row.notes, row.personal_data = list(entry.draft.notes), entry.personal_data
        row.position = place
        made[entry.key] = row
        pairs.append((row, parent))
    wanted = [row.reference for row in made.values()]
    if len(set(wanted)) < len(wanted):
        raise Conflict("two lines of the list would get the same reference")
    query = select(Description.reference).where(Description.reference.in_(wanted))
    taken = sorted(session.scalars(query))
    if taken:
        raise Conflict(f"{', '.join(taken[:5])} is taken already")
    _enter(session, pairs)
    return made


def _enter(session: Session, pairs: Sequence[tuple[Description, Description | None]]) -> None:
    session.add_all(row for row, _above in pairs)
    session.flush()
    for row, above in pairs:
        row.path = f"{above.path if above else '/'}{row.id}/"
    session.flush()


def _description(
    found: Offer,
    level: Level,
    reference: str,
    title: str,
    above: Description | None,
    plan_unit: OrgUnit | None = None,
    rule: str | None = None,
) -> Description:
    if len(reference) > 200:
        raise Invalid(f"the reference {reference[:60]}… is too long")
    now = clock.now()
    return Description(
        reference=reference,
        parent_id=above.id if above else None,
        level=level,
        title=title,
        unit_id=found.unit_id,
        plan_unit_id=plan_unit.id if plan_unit else found.unit_id,
        rule_code=rule or found.row_code,
        events={},
        notes=[],
        living_persons="unknown",
        rights="unknown",
        custody_on=clock.today(),
        created_at=now,
        updated_at=now,
    )


def _ask_the_gate(
    session: Session, found: Offer, rows: Sequence[Description], viewer: Viewer
) -> None:
    """Ask the law about every record; what it wants a person to answer for, the reason answers.

    :raises Refused: with the decision on the first record that may not come in.
    """
    today = clock.today()
    in_force = {u: plans.in_force(session, u, today) for u in {r.plan_unit_id for r in rows}}
    asked = facts.facts_of_many(session, rows)
    events = []
    for row in rows:
        plan = in_force[row.plan_unit_id]
        decision = enforce.with_plan(Action.INGEST, asked[row.id][0].facts, plan, today)
        if decision.outcome is Outcome.DENY:
            why = "; ".join(reason.text_sv for reason in decision.reasons)
            raise Refused(f"{row.reference}: {why}", decision)
        said = {"outcome": decision.outcome.value, "plan": decision.plan_version}
        events.append((holdings.subject_of(row), said | {"offer": found.pid}))
    audit.record_many(session, "gate.ingest", events, actor=viewer)


def _by_reference(session: Session, reference: str) -> Description | None:
    return session.scalars(select(Description).where(Description.reference == reference)).first()


def _years(texts: Sequence[str]) -> str:
    spans = [dates.parse(text) for text in texts]
    firsts: list[date] = [span.date_min for span in spans if span.date_min]
    lasts: list[date] = [span.date_max for span in spans if span.date_max]
    first, last = min(firsts, default=None), max(lasts)
    return f"{first.year}-{last.year}" if first and first.year != last.year else str(last.year)


def as_code(text: str) -> str:
    """Return a text as a part of a reference: letters, figures and : . - only."""
    return re.sub(r"[^\w:.-]+", "-", text.strip()).strip("-") or "-"


def as_position(text: str) -> int:
    """Return the place of a volume among the others, by the first number of its name."""
    found = re.search(r"\d{1,8}", text)
    return int(found.group()) if found else 0
