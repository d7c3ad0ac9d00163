"""Which row of which plan a waiting delivery seems to belong under, best first, each with why.

A suggestion decides nothing: a person accepts it, and the gate is asked anew. The reasons, from
the strongest: the delivery declares the row or its class, it continues a series, its agreement
names the row, an earlier delivery of its kind stood there, words of its titles name it.
Begin at `for_page`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from archive import clock
from archive.accounts.models import OrgUnit
from archive.holdings.models import Description
from archive.plans import queries as plans
from archive.search import compounds, stems, tokens
from ihp.plan import Plan, Rule
from ingest.agreements.models import Agreement
from ingest.clues import Clues, stored
from ingest.models import State, Transfer

MOST = 5
_EARLIER = 200  # of a unit's deliveries that are compared
_ENOUGH = 0.3  # of a row's name must stand in the titles
_PART = 0.4  # what a part of a compound counts beside the word itself
_SMALL = frozenset(
    ("och", "av", "till", "för", "från", "med", "samt", "över", "som", "ett", "the", "övriga",
     "andra", "and")
)  # fmt: skip


class Why(StrEnum):
    """What speaks for a row."""

    DECLARED = "declared"
    CLASS = "class"
    SERIES = "series"
    AGREED = "agreed"
    EARLIER = "earlier"
    TITLE = "title"


_WEIGHT = {Why.DECLARED: 100, Why.CLASS: 60, Why.SERIES: 50, Why.AGREED: 40, Why.EARLIER: 30,
           Why.TITLE: 40}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a row, and what it is about: a code, a reference, words."""

    why: Why
    about: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row of a unit's plan with what speaks for it, the strongest first."""

    unit: OrgUnit
    row: Rule
    weight: float
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class _Known:
    """What the archive knows beside the deliveries themselves, fetched once for a page."""

    units: Mapping[int, OrgUnit]
    plans: Mapping[int, Plan]
    series: Mapping[str, Mapping[tuple[int, str], int]]
    agreed: Mapping[str, Sequence[str]]
    earlier: Mapping[int, Sequence[Transfer]] = field(default_factory=dict)


def for_page(
    session: Session,
    transfers: Sequence[Transfer],
    units: frozenset[int] | None,
    *,
    as_unit: int | None = None,
) -> dict[int, list[Suggestion]]:
    """Return suggestions by the transfer's id, in a constant number of questions.

    A delivery without a unit is compared with the plans of `units` (None: all); `as_unit` asks
    for one unit's plan instead of the delivery's own.
    """
    waiting = [t for t in transfers if t.state == State.REVIEW]
    if not waiting:
        return {}
    known = _known(session, waiting, as_unit)
    return {t.id: _ranked(t, as_unit or t.unit_id, known, units) for t in waiting}


def rows_in_force(session: Session, unit_id: int, found: Clues) -> list[Rule]:
    """Return the rows of the unit's plan in force that hold for the dates of a delivery."""
    plan = plans.in_force(session, unit_id, clock.today())
    return _rows(plan.plan, found) if plan else []


def _rows(plan: Plan, found: Clues) -> list[Rule]:
    """Return the rows whose time holds every record; without records, those without a window."""
    days = found.days or (None,)
    by_code: dict[str, Rule] = {}
    for rule in plan.rules:
        fit = [plan.rule_for(rule.code, day) for day in days]
        if fit[0] is not None and all(fit):
            by_code.setdefault(rule.code, fit[0])
    return list(by_code.values())


def _known(session: Session, waiting: Sequence[Transfer], as_unit: int | None) -> _Known:
    wanted = {as_unit or t.unit_id for t in waiting}
    clues = [stored(t) for t in waiting]
    numbers = {t.agreement for t in waiting if t.agreement}
    agreed = select(Agreement.number, Agreement.rows).where(Agreement.number.in_(numbers))
    return _Known(
        units={unit.id: unit for unit in session.scalars(select(OrgUnit))},
        plans=plans.all_in_force(
            session, clock.today(), None if None in wanted else [u for u in wanted if u]
        ),
        series=_series(session, {ref for each in clues for ref in each.series}),
        agreed={str(number): rows for number, rows in session.execute(agreed)},
        earlier=_earlier(session, {u for u in wanted if u}),
    )


def _series(session: Session, references: set[str]) -> dict[str, dict[tuple[int, str], int]]:
    above, child = aliased(Description), aliased(Description)
    rows = session.execute(
        select(above.reference, child.plan_unit_id, child.rule_code, func.count())
        .join(child, child.parent_id == above.id)
        .where(above.reference.in_(references), child.rule_code.is_not(None))
        .group_by(above.reference, child.plan_unit_id, child.rule_code)
    )
    found: dict[str, dict[tuple[int, str], int]] = defaultdict(dict)
    for reference, unit_id, code, count in rows:
        found[reference][unit_id, str(code)] = count
    return found


def _earlier(session: Session, units: set[int]) -> dict[int, list[Transfer]]:
    newest = (
        select(Transfer)
        .where(Transfer.unit_id.in_(units), Transfer.state == State.ACCESSIONED)
        .order_by(Transfer.id.desc())
        .limit(_EARLIER)
    )
    found: dict[int, list[Transfer]] = defaultdict(list)
    for transfer in session.scalars(newest):
        found[transfer.unit_id or 0].append(transfer)
    return found


def _ranked(
    transfer: Transfer, unit_id: int | None, known: _Known, units: frozenset[int] | None
) -> list[Suggestion]:
    clues, found = stored(transfer), []
    for plan_unit, plan in known.plans.items():
        reachable = units is None or plan_unit in units
        if plan_unit == unit_id or (unit_id is None and reachable):
            found.extend(_of_plan(transfer, clues, plan, known.units[plan_unit], known))
    return sorted(found, key=lambda s: (-s.weight, s.row.code))[:MOST]


def _of_plan(
    transfer: Transfer, clues: Clues, plan: Plan, unit: OrgUnit, known: _Known
) -> list[Suggestion]:
    rows = _rows(plan, clues)
    weights: dict[str, dict[Reason, float]] = defaultdict(dict)
    for code, reason, share in [
        *_by_declaration(rows, clues),
        *_by_series(clues, unit.id, known),
        *_by_agreement(transfer, known),
        *_by_earlier(transfer, known.earlier.get(unit.id, ())),
        *_by_title(rows, clues),
    ]:
        weights[code][reason] = weights[code].get(reason, 0) + _WEIGHT[reason.why] * share
    by_code = {row.code: row for row in rows}
    return [
        Suggestion(
            unit, by_code[code], sum(why.values()), tuple(sorted(why, key=lambda r: -why[r]))
        )
        for code, why in weights.items()
        if code in by_code
    ]


Speaking = Iterable[tuple[str, Reason, float]]  # a row's code, what speaks for it, how fully


def _by_declaration(rows: Sequence[Rule], clues: Clues) -> Speaking:
    for said in clues.codes:
        word = said.strip().upper()
        named = [r for r in rows if word in (r.code.upper(), r.record_type.upper())]
        yield from ((r.code, Reason(Why.DECLARED, said), 1.0) for r in named)
        first = word.split(" ")[0]
        of_class = [r for r in rows if r.process_code and r.process_code.upper() == first]
        yield from ((r.code, Reason(Why.CLASS, said), 1 / len(of_class)) for r in of_class)


def _by_series(clues: Clues, unit_id: int, known: _Known) -> Speaking:
    for reference in clues.series:
        counts = known.series.get(reference, {})
        total = sum(counts.values())
        for (plan_unit, code), count in counts.items():
            if plan_unit == unit_id:
                yield code, Reason(Why.SERIES, reference), count / total


def _by_agreement(transfer: Transfer, known: _Known) -> Speaking:
    rows = known.agreed.get(transfer.agreement or "", ())
    yield from ((c, Reason(Why.AGREED, transfer.agreement or ""), 1 / len(rows)) for c in rows)


def _by_earlier(transfer: Transfer, earlier: Sequence[Transfer]) -> Speaking:
    """Yield the rows of the newest delivery under the same agreement or of the same name."""
    kind = _without_years(transfer.label or transfer.name)
    for other in earlier:
        same_agreement = transfer.agreement and other.agreement == transfer.agreement
        if same_agreement or _without_years(other.label or other.name) == kind:
            rows = [other.record_type] if other.record_type else stored(other).rows
            about = str(other.number)
            yield from ((c, Reason(Why.EARLIER, about), 1 / len(rows)) for c in rows if c)
            return


def _without_years(name: str) -> str:
    return re.sub(r"[\d\W_]+", " ", name).strip().lower()


def _by_title(rows: Sequence[Rule], clues: Clues) -> Speaking:
    said: dict[str, tuple[str, float]] = {}
    for title in clues.titles:
        for stem, (word, share) in _stems(title).items():
            if stem not in said or said[stem][1] < share:
                said[stem] = (word, share)
    common = Counter(stem for row in rows for stem in _stems(row.record_type))
    for row in rows:
        own = {s: share / common[s] for s, (_, share) in _stems(row.record_type).items()}
        met = {s: weight * said[s][1] for s, weight in own.items() if s in said}
        whole = sum(
            1 / common[s] for s, (_, share) in _stems(row.record_type).items() if share == 1
        )
        if met and sum(met.values()) / whole >= _ENOUGH:
            words = ", ".join(dict.fromkeys(said[s][0] for s in met))
            yield row.code, Reason(Why.TITLE, words), min(sum(met.values()) / whole, 1.0)


@lru_cache(maxsize=20_000)
def _stems(text: str) -> Mapping[str, tuple[str, float]]:
    """Return the keys of the words of a text, as the search compares them, and of their parts."""
    found: dict[str, tuple[str, float]] = {}
    for word in tokens.words(text):
        if word in _SMALL or len(word) < 3 or word.isdecimal():
            continue
        found[stems.key(word)] = (word, 1.0)
        for part in compounds.parts(word):
            found.setdefault(part, (word, _PART))
    return found
