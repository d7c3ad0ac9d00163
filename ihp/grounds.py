"""The grounds of a decision: what closes, what keeps, what is unknown, and when each changes.

Computes from facts and row; weighs nothing (that is `policy`) and words nothing (`reasons`).
Begin at `closed_by` and `retention_end`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ihp import reasons, reasons_disposal, secrecy
from ihp.facts import Facts
from ihp.periods import LAST_YEAR, add_months, add_years, day_after, day_before, due_on
from ihp.plan import Plan, Retention, Rule, Secrecy
from ihp.reasons import Reason
from ihp.secrecy import SecrecyRule
from ihp.terms import (
    Disposition,
    LivingPersons,
    PeriodUnit,
    PersonalData,
    Phase,
    RetentionMode,
    Rounding,
    Trigger,
)

# Policy of the archive, not statute: nobody is taken to live past this age unless shown.
LIFETIME_YEARS = 110
# LKBR 3:13: to the end of the seventh year after the fiscal year, whatever the row says.
ACCOUNTING_YEARS = 7

_CONTRACT_YEARS = {Phase.TWO_YEARS_OF_CONTRACT: 2, Phase.FIVE_YEARS_OF_CONTRACT: 5}
# OSL 19:3: tenders are closed until the award, or until the matter is otherwise finished.
_ENDED_BY = {
    Phase.UNTIL_ADVERTISED: (Trigger.ADVERTISED,),
    Phase.UNTIL_AWARD: (Trigger.AWARD, Trigger.CASE_CLOSED),
    Phase.UNTIL_ANNOUNCED: (Trigger.AWARD, Trigger.CASE_CLOSED),
}
_BEGUN_BY = {Phase.AFTER_AWARD: Trigger.AWARD, Phase.AFTER_EMPLOYMENT: Trigger.POSITION_FILLED}
_ARTICLES = {PersonalData.SENSITIVE: "art. 9 och 89", PersonalData.CRIMINAL: "art. 10 och 89"}


@dataclass(frozen=True, slots=True)
class Provision:
    """A secrecy provision as it bears on one record: from `start` through `end`, both included.

    None is without beginning, or without end. `is_undated`: it has a longest time, but the
    record has no date from which to count it, so `end` may lie earlier than it says.
    """

    rule_id: str
    known: SecrecyRule | None
    start: date | None
    end: date | None
    is_undated: bool
    is_mark: bool

    @property
    def clause(self) -> str:
        """Return the citation ("26 kap. 1 § OSL")."""
        return self.known.citation if self.known else self.rule_id

    def may_apply_on(self, day: date) -> bool:
        """Return whether the day lies within it."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that closes the contents now, with the provision if one does."""

    reason: Reason
    known: SecrecyRule | None = None


# What closes


def provisions(facts: Facts, rule: Rule) -> tuple[Provision, ...]:
    """Return every secrecy provision of the row and of the record's marks.

    A deposited private archive is not a public record (TF 2:14), so the row's provisions do not
    apply to it; its contract does. A mark always counts.
    """
    of_row = () if rule.access_contract else rule.secrecy
    return (
        *(_provision(entry, facts, is_mark=False) for entry in of_row),
        *(_provision(Secrecy(mark), facts, is_mark=True) for mark in facts.marks),
    )


def _provision(entry: Secrecy, facts: Facts, *, is_mark: bool) -> Provision:
    known = secrecy.rules().get(entry.rule)
    start, stop = _phase(entry.phase, facts)
    limit = None if known is None else secrecy.latest_end(known, facts.date_max)
    end = stop if limit is None or (stop is not None and stop < limit) else limit
    is_undated = known is not None and known.max_years is not None and facts.date_max is None
    return Provision(entry.rule, known, start, end, is_undated, is_mark)


def _phase(phase: Phase, facts: Facts) -> tuple[date | None, date | None]:
    """Return the phase's first and last day.

    An unknown event counts as not having happened for what it would end, and as having happened
    for what it would begin. On the day of the event both phases hold: never an hour too early.
    """
    if phase in _ENDED_BY:
        known = (facts.events.get(trigger) for trigger in _ENDED_BY[phase])
        return None, next((day for day in known if day is not None), None)
    if phase in _BEGUN_BY:
        return facts.events.get(_BEGUN_BY[phase]), None
    if phase in _CONTRACT_YEARS:
        concluded = facts.events.get(Trigger.CONTRACT_CONCLUDED)
        return None, None if concluded is None else _years_after(concluded, _CONTRACT_YEARS[phase])
    return None, None


def closed_by(
    facts: Facts, rule: Rule, found: tuple[Provision, ...], today: date
) -> Iterator[Closed]:
    """Yield every provision and contract that closes the contents today, with its reason."""
    for provision in found:
        if provision.may_apply_on(today) and not provision.is_undated:
            reason = reasons.secrecy_may_apply(
                rule, provision.clause, provision.known, provision.end, is_mark=provision.is_mark
            )
            yield Closed(reason, provision.known)
    opens = facts.contract_open_from
    if opens is not None and opens > today:
        yield Closed(reasons.contract_closes(rule, day_before(opens)))


def persons_may_live(facts: Facts, rule: Rule, today: date) -> Reason | None:
    """Return why living persons hold the record back, or None when they do not.

    A record with personal data tells of persons born on its day at the latest; after 110 years
    nobody in it is taken to live. A person's word (yes or no) goes before the rule.
    """
    kind = personal_data(facts, rule)
    if kind is PersonalData.NONE or facts.living_persons is LivingPersons.NO:
        return None
    until = None if facts.living_persons is LivingPersons.YES else lifetime_end(facts)
    if until is not None and until < today:
        return None
    return reasons.persons_may_live(rule, until, _ARTICLES.get(kind, "art. 6 och 89"))


def personal_data(facts: Facts, rule: Rule) -> PersonalData:
    """Return the record's own kind of personal data, or what the row says of its type."""
    return facts.personal_data if facts.personal_data is not None else rule.personal_data


def lifetime_end(facts: Facts) -> date | None:
    """Return the last day on which somebody in the record is taken to live, if it is dated."""
    return None if facts.date_max is None else _years_after(facts.date_max, LIFETIME_YEARS)


# What ends when


def retention_end(facts: Facts, rule: Rule) -> date | None:
    """Return the first day on which disposal is permitted, or None: preserved, or not known.

    "Vid inaktualitet" has no date until a person's judgement supplies the event. A statutory
    minimum that the row cites holds even where the row's own period is shorter.
    """
    retention = rule.retention
    if rule.disposition is Disposition.PRESERVE or retention is None:
        return None
    day = event_day(facts, retention.trigger)
    if day is None:
        return None
    due = day if retention.mode is RetentionMode.WHEN_OBSOLETE else _period_end(day, retention)
    if not rule.minimum_clauses:
        return due
    year_end = event_day(facts, Trigger.FISCAL_YEAR_END)
    return None if year_end is None else max(due, _whole_years(year_end, ACCOUNTING_YEARS))


def _period_end(day: date, retention: Retention) -> date:
    """Return the end of a period: years round to the turn of the year, months count exactly."""
    value, in_months = retention.value or 0, retention.unit is PeriodUnit.MONTH
    rounding = retention.rounding or (Rounding.EXACT if in_months else None)
    try:
        if rounding is not Rounding.EXACT:
            return due_on(add_months(day, value), 0) if in_months else due_on(day, value)
        return add_months(day, value) if in_months else add_years(day, value)
    except ValueError:
        return date.max


def _whole_years(day: date, years: int) -> date:
    return date.max if day.year + years >= LAST_YEAR else due_on(day, years)


def event_day(facts: Facts, trigger: Trigger) -> date | None:
    """Return the day of an event: as known, or as it follows from the record's own date."""
    known = facts.events.get(trigger)
    if known is not None or facts.date_max is None:
        return known
    if trigger is Trigger.CREATED:
        return facts.date_max
    if trigger is Trigger.FISCAL_YEAR_END:
        return date(facts.date_max.year, 12, 31)
    return None


def waits_for_judgement(rule: Rule) -> bool:
    """Return whether only a person can say when the record is no longer needed."""
    return rule.retention is not None and rule.retention.mode is RetentionMode.WHEN_OBSOLETE


def _years_after(day: date, years: int) -> date | None:
    return None if day.year + years > LAST_YEAR else add_years(day, years)


# When an answer may change


def plan_days(plan: Plan | None) -> Iterator[date | None]:
    """Yield the days on which the plan itself begins and has ended."""
    if plan is not None:
        yield plan.in_force_from
        yield day_after(plan.in_force_to) if plan.in_force_to else None


def opening_days(facts: Facts, rule: Rule, found: tuple[Provision, ...]) -> Iterator[date | None]:
    """Yield the days on which something that closes begins, or has ended."""
    for provision in found:
        yield provision.start
        yield day_after(provision.end) if provision.end else None
    yield facts.contract_open_from
    is_private = personal_data(facts, rule) is not PersonalData.NONE
    end = lifetime_end(facts)
    if is_private and facts.living_persons is LivingPersons.UNKNOWN and end is not None:
        yield day_after(end)


# What is unknown


def row_of(facts: Facts, plan: Plan | None, today: date) -> tuple[Rule | None, tuple[Reason, ...]]:
    """Return the row that holds for the record; or None, and why there is none."""
    if plan is None or not plan.in_force_on(today):
        return None, (reasons.no_plan(facts.unit),)
    if facts.rule is None:
        return None, (reasons.no_type(),)
    rule = plan.rule_for(facts.rule, facts.date_max)
    if rule is not None:
        return rule, ()
    if plan.rows(facts.rule):
        is_dated = facts.date_max is not None
        return None, (reasons.outside_window(facts.rule, dated=is_dated),)
    return None, (reasons.not_in_plan(facts.rule, plan.version),)


def date_missing(
    facts: Facts, rule: Rule, found: tuple[Provision, ...], today: date
) -> Iterator[Reason]:
    """Yield each test of access that counts from the record's date, when it has none."""
    if facts.date_max is not None:
        return
    for provision in found:
        if provision.is_undated and provision.may_apply_on(today):
            yield reasons.undated_for_secrecy(rule, provision.clause)
    is_private = personal_data(facts, rule) is not PersonalData.NONE
    if is_private and facts.living_persons is LivingPersons.UNKNOWN:
        yield reasons.undated_for_privacy(rule)


def retention_undated(facts: Facts, rule: Rule) -> Iterator[Reason]:
    """Yield that the retention period counts from the record's own date, when it has none."""
    trigger = rule.retention.trigger if rule.retention else None
    counts_from_date = trigger in {Trigger.CREATED, Trigger.FISCAL_YEAR_END}
    if counts_from_date and facts.date_max is None and trigger not in facts.events:
        yield reasons_disposal.undated_for_retention(rule)


def contract_missing(facts: Facts, rule: Rule) -> Iterator[Reason]:
    """Yield that a deposited archive's contract names no open day."""
    if rule.access_contract and facts.contract_open_from is None:
        yield reasons.contract_undated(rule)
