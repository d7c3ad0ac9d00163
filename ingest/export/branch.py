"""Walk a branch of the holdings in the order of its tree: all of it, or what the law lets out.

The law is asked for every record, on the day of the walk; kept answers are not trusted. Rows are
read in portions, so a branch of any size costs a few queries for each 500 records. Begin at
`everything` and `allowed`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.errors import Refused
from archive.holdings import access
from archive.holdings.access import Verdict
from archive.holdings.models import Description, Publication
from ihp.terms import Outcome
from ingest.export import drafts
from ingest.export.drafts import Belongings
from ingest.package import DescriptionDraft

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A record on its way out: what is said of it, how deep it stands, whether its files go too."""

    record: Description
    draft: DescriptionDraft
    depth: int
    is_open: bool


def demand_reading(session: Session, top: Description, viewer: Viewer) -> None:
    """Pass if the viewer may read the records of every unit in the branch.

    :raises Refused: if not; nothing of the branch is told.
    """
    for unit_id in session.scalars(
        select(Description.unit_id).where(Description.path.startswith(top.path)).distinct()
    ):
        viewer.demand(Permission.HOLDINGS_READ, unit_id)


def everything(session: Session, top: Description) -> Iterator[Entry]:
    """Yield every record of the branch with all that is said of it, parents before children."""
    units = dict(session.execute(select(OrgUnit.id, OrgUnit.code)).all())
    placed: _Placed = {}
    for record, own, verdict in _walk(session, top):
        depth, parent = _below(placed, record)
        placed[record.id] = (depth, record.pid)
        draft = drafts.whole(record, own, verdict, parent=parent, units=units)
        yield Entry(record, draft, depth, is_open=True)


def allowed(session: Session, top: Description, released: Collection[int] = ()) -> Iterator[Entry]:
    """Yield what the law lets everyone see of the branch, and the records that were released.

    What SHOW does not allow is left out, and what lies below it stands below the nearest record
    that is shown. A record that a person has withdrawn is left out too. `released` are ids of
    records whose files a person has decided to hand out.

    :raises Refused: if the top itself may not be shown; it carries the decision.
    """
    placed: _Placed = {}
    for record, own, verdict in _walk(session, top):
        is_shown = _is_shown(record, verdict)
        is_released = record.id in released
        if not is_shown and not is_released:
            if record.id == top.id:
                raise _refusal(record, verdict)
            placed[record.id] = placed[record.parent_id or 0]
            continue
        depth, parent = _below(placed, record)
        placed[record.id] = (depth, record.pid)
        is_open = is_shown and verdict.publish.outcome is Outcome.ALLOW
        draft = drafts.public(record, own, verdict, parent=parent)
        yield Entry(record, draft, depth, is_open=is_open or is_released)


# By record id: depth and pid of the entry that it is, or below which it would stand.
_Placed = dict[int, tuple[int, str]]


def _below(placed: _Placed, record: Description) -> tuple[int, str | None]:
    above = placed.get(record.parent_id or 0)
    return (above[0] + 1, above[1]) if above else (0, None)


def _refusal(top: Description, verdict: Verdict) -> Refused:
    if verdict.show.outcome is Outcome.ALLOW:
        return Refused(f"{top.reference} is withdrawn from the public: publish it again first")
    reasons = "; ".join(reason.text_en for reason in verdict.show.reasons)
    return Refused(f"{top.reference} may not be shown: {reasons}", verdict.show)


def _is_shown(record: Description, verdict: Verdict) -> bool:
    withdrawn = record.publication == Publication.NONE and record.withdrawn_reason
    return verdict.show.outcome is Outcome.ALLOW and not withdrawn


def _walk(session: Session, top: Description) -> Iterator[tuple[Description, Belongings, Verdict]]:
    order = _order(session, top)
    for start in range(0, len(order), _PORTION):
        ids = order[start : start + _PORTION]
        rows = session.scalars(select(Description).where(Description.id.in_(ids))).all()
        verdicts = access.verdicts(session, rows)
        own = drafts.belongings(session, rows)
        by_id = {row.id: row for row in rows}
        for record_id in ids:
            yield by_id[record_id], own[record_id], verdicts[record_id]


def _order(session: Session, top: Description) -> list[int]:
    """Return the ids of the branch as one reads it: each record, then what lies below it."""
    below: dict[int | None, list[int]] = {}
    for record_id, parent_id in session.execute(
        select(Description.id, Description.parent_id)
        .where(Description.path.startswith(top.path), Description.id != top.id)
        .order_by(Description.position.desc(), Description.id.desc())
    ):
        below.setdefault(parent_id, []).append(record_id)
    order, waiting = [], [top.id]
    while waiting:
        order.append(waiting.pop())
        waiting.extend(below.get(order[-1], ()))
    return order
