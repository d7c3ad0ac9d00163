"""Find what an update means, and say what stands in its way.

What it means is named by OBJID (the same package was delivered before), else by altRecordID
(PREVIOUSREFERENCECODE, REFERENCECODE), and must be the same unit's: of another's the answer is as
if it did not exist. Source: METS RECORDSTATUS with the list of E-ARK SIP 2.1. Begin at `find`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from archive import clock
from archive.holdings.models import Description, Hold, Publication
from ingest.findings import Finding
from ingest.models import State, Transfer
from ingest.package import Package

# What nobody's reason can make right: the delivery waits until it is mended or turned away.
BLOCKING = frozenset({"UPDATE-TARGET", "UPDATE-DESTROYED", "UPDATE-DELETE", "UPDATE-UNNAMED"})
TO_A_PERSON = BLOCKING | {"UPDATE-HOLD", "UPDATE-PUBLISHED", "UPDATE-STATUS"}
_FINDING_AID = ("fonds", "series")
_ASKS_A_PERSON = frozenset({"TEST", "OTHER"})


class Update(StrEnum):
    """What a delivery does to what is here; any other status is a new delivery."""

    SUPPLEMENT = "SUPPLEMENT"
    REPLACEMENT = "REPLACEMENT"
    VERSION = "VERSION"
    DELETE = "DELETE"

    @property
    def replaces(self) -> bool:
        """Return whether its contents take the place of those that are here."""
        return self in {Update.REPLACEMENT, Update.VERSION}


@dataclass(frozen=True, slots=True)
class Known:
    """A record that an update may change, as it stands: the row of the plan is a decision."""

    id: int
    reference: str
    title: str
    unit_id: int
    plan_unit_id: int
    rule: str | None
    aip_id: int | None
    path: str
    publication: str
    destroyed_on: date | None


@dataclass(frozen=True, slots=True)
class Target:
    """What an update means: the number of the delivery that it goes on from, and its records."""

    update: Update
    is_found: bool = False
    number: int | None = None
    records: Mapping[int, Known] = field(default_factory=dict)
    named: str = ""


def of_status(package: Package) -> Update | None:
    """Return what the package says it does to what is here, None for a new one."""
    status = package.status.strip().upper()
    return Update(status) if status in {each.value for each in Update} else None


def find(session: Session, package: Package, transfer: Transfer, unit_id: int) -> Target | None:
    """Return what the package changes among a unit's records, found or not.

    Fonds and series are the archive's own finding aid: an update does not change them.
    """
    update, earlier = of_status(package), _earlier(session, package, transfer)
    if update is None and transfer.segment_group is None:
        return None
    if update is None:  # a part of a delivery adds to the parts before it
        update, earlier = Update.SUPPLEMENT, _parts(session, transfer)
        if not earlier:
            return None
    if earlier:
        own = select(Description).where(
            Description.transfer_pid.in_([each.pid for each in earlier])
        )
        if session.scalars(own.where(Description.unit_id == unit_id).limit(1)).first():
            found = _records(session, own, unit_id)
            return Target(update, True, earlier[0].number, found, package.object_id or "")
    for code in package.updates:
        row = select(Description).where(Description.reference == code)
        above = session.scalars(row.where(Description.unit_id == unit_id)).first()
        if above is not None:
            branch = select(Description).where(Description.path.startswith(above.path))
            found = _records(session, branch, unit_id)
            return Target(update, True, _number_of(session, above), found, code)
    return Target(update, named=", ".join(filter(None, (package.object_id, *package.updates))))


def _earlier(session: Session, package: Package, transfer: Transfer) -> Sequence[Transfer]:
    if not package.object_id:
        return ()
    same = select(Transfer).where(
        Transfer.object_id == package.object_id,
        Transfer.state == State.ACCESSIONED,
        Transfer.pid != transfer.pid,
    )
    return session.scalars(same.order_by(Transfer.number)).all()


def _parts(session: Session, transfer: Transfer) -> Sequence[Transfer]:
    same = select(Transfer).where(
        Transfer.segment_group == transfer.segment_group,
        Transfer.segment_total == transfer.segment_total,
        Transfer.state == State.ACCESSIONED,
        Transfer.pid != transfer.pid,
    )
    return session.scalars(same.order_by(Transfer.number)).all()


def _number_of(session: Session, record: Description) -> int | None:
    same = select(Transfer.number).where(Transfer.pid == record.transfer_pid)
    return session.scalar(same)


def _records(session: Session, which: Select[Description], unit_id: int) -> dict[int, Known]:
    own = which.where(Description.unit_id == unit_id, Description.level.not_in(_FINDING_AID))
    columns = own.with_only_columns(
        Description.id, Description.reference, Description.title, Description.unit_id,
        Description.plan_unit_id, Description.rule_code, Description.aip_id, Description.path,
        Description.publication, Description.destroyed_on,
    )  # fmt: skip
    rows: Any = session.execute(columns)
    return {row.id: Known(*row) for row in rows}


def findings(
    session: Session, package: Package, target: Target | None, meant: Sequence[Known], fresh: int
) -> Iterator[Finding]:
    """Yield what a person should know before the update; `meant` are the records it names."""
    if target is None:
        if package.status.strip().upper() in _ASKS_A_PERSON:
            yield Finding("UPDATE-STATUS", params={"status": package.status})
        return
    status = {"status": target.update.value}
    if not target.is_found:
        yield Finding("UPDATE-TARGET", params=status | {"named": target.named or "–"})
        return
    if target.update is Update.DELETE:
        counted = {"count": len(meant or target.records)}
        yield Finding("UPDATE-DELETE", params=counted | {"named": target.named})
        return
    left = len(target.records) - len(meant)
    counts = {"known": len(meant), "new": fresh, "left": left, "named": target.named}
    code = "UPDATE-REPLACES" if target.update.replaces else "UPDATE-SUPPLEMENTS"
    yield Finding(code, params=status | counts)
    yield from _in_the_way(session, meant)


def _in_the_way(session: Session, meant: Sequence[Known]) -> Iterator[Finding]:
    held = _held(session)
    for each in meant:
        about = {"title": each.title, "reference": each.reference}
        if each.destroyed_on is not None:
            yield Finding("UPDATE-DESTROYED", params=about | {"day": each.destroyed_on.isoformat()})
        if held & {int(part) for part in each.path.split("/") if part}:
            yield Finding("UPDATE-HOLD", params=about)
        if each.publication != Publication.NONE and each.aip_id is not None:
            yield Finding("UPDATE-PUBLISHED", params=about)


def _held(session: Session) -> set[int]:
    """Return the records on which a hold lies today; it covers what is below them."""
    lasts = or_(Hold.until.is_(None), Hold.until >= clock.today())
    return set(session.scalars(select(Hold.description_id).where(Hold.lifted_at.is_(None), lasts)))
