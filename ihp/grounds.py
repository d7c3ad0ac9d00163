"""The grounds of a decision: what closes, what keeps, what ends when, each with its clause.

Computes from facts and row; weighs nothing (that is `policy`). Reasons are one plain sentence
each, Swedish and English. Begin at `closed_by` and `retention_end`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ihp import secrecy
from ihp.facts import Facts
from ihp.periods import LAST_YEAR, add_months, add_years, due_on
from ihp.plan import Plan, Rule, Secrecy
from ihp.terms import (
    Disposition,
    LivingPersons,
    PeriodUnit,
    PersonalData,
    Phase,
    RetentionMode,
    Trigger,
)

DAY = timedelta(days=1)
# Policy of the archive, not statute: nobody is taken to live past this age unless shown.
LIFETIME_YEARS = 110


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in one sentence: the row, the clause, and the last day it holds where there is one."""

    rule: str
    clause: str
    text_sv: str
    text_en: str
    until: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "text_sv": self.text_sv,
            "text_en": self.text_en,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Reason:
        """Return the reason that `as_dict` wrote down."""
        until = form.get("until")
        return cls(
            rule=form["rule"],
            clause=form["clause"],
            text_sv=form["text_sv"],
            text_en=form["text_en"],
            until=date.fromisoformat(until) if until else None,
        )


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that closes the contents now, until a day or without end."""

    reason: Reason
    until: date | None


# --- what closes ---------------------------------------------------------------------------


def closed_by(facts: Facts, rule: Rule, today: date) -> tuple[Closed, ...]:
    """Return every secrecy provision and contract that may apply today."""
    found = [
        _closed(entry, facts, rule, end)
        for entry in _entries(facts, rule)
        for start, end in [_span(entry, facts)]
        if (start is None or start <= today) and (end is None or end >= today)
    ]
    contract = _contract(facts, rule, today)
    return (*found, contract) if contract else tuple(found)


def _entries(facts: Facts, rule: Rule) -> Iterator[Secrecy]:
    if not rule.access_contract:
        yield from rule.secrecy
    yield from (Secrecy(rule=mark, phase=Phase.ALWAYS, note="mark") for mark in facts.marks)


def _span(entry: Secrecy, facts: Facts) -> tuple[date | None, date | None]:
    """Return the first and last day of a provision; None is without beginning, or end.

    An event that is not known counts as not having happened for what it would end, and as
    having happened for what it would begin: the strictest phase.
    """
    known = secrecy.rules().get(entry.rule)
    limit = None if known is None else secrecy.latest_end(known, facts.date_max)
    start, stop = _phase(entry.phase, facts)
    ends = [day for day in (limit, stop) if day is not None]
    return start, min(ends, default=None)


def _phase(phase: Phase, facts: Facts) -> tuple[date | None, date | None]:
    if phase in _ENDED_BY:
        event = facts.events.get(_ENDED_BY[phase])
        return None, (event - DAY if event else None)
    if phase in _BEGUN_BY:
        return facts.events.get(_BEGUN_BY[phase]), None
    if phase is Phase.TWO_YEARS_OF_CONTRACT:
        concluded = facts.events.get(Trigger.CONTRACT_CONCLUDED)
        return None, (add_years(concluded, 2) if concluded else None)
    return None, None


_ENDED_BY = {
    Phase.UNTIL_ADVERTISED: Trigger.ADVERTISED,
    Phase.UNTIL_AWARD: Trigger.AWARD,
    Phase.UNTIL_ANNOUNCED: Trigger.AWARD,
    Phase.IN_BUSINESS: Trigger.BUSINESS_ENDED,
}
_BEGUN_BY = {Phase.AFTER_AWARD: Trigger.AWARD, Phase.AFTER_EMPLOYMENT: Trigger.POSITION_FILLED}


def _closed(entry: Secrecy, facts: Facts, rule: Rule, end: date | None) -> Closed:
    known = secrecy.rules().get(entry.rule)
    clause = known.citation if known else entry.rule
    name_sv = known.title_sv if known else entry.rule
    name_en = known.title_en if known else entry.rule
    last_sv = f"som längst till och med {end}" if end else "utan tidsgräns"
    last_en = f"until {end} at the latest" if end else "without a time limit"
    mark_sv = " Handlingen är sekretessmarkerad." if entry.note == "mark" else ""
    mark_en = " The record bears a secrecy mark." if entry.note == "mark" else ""
    counted = " Räknat per uppgift (7 kap. 5 § OSL)." if facts.is_register else ""
    counted_en = " Counted per entry (OSL 7:5)." if facts.is_register else ""
    text_sv = f"Sekretess kan gälla ({name_sv.lower()}), {last_sv}.{mark_sv}{counted}"
    text_en = f"Secrecy may apply ({name_en.lower()}), {last_en}.{mark_en}{counted_en}"
    return Closed(Reason(rule.code, clause, text_sv, text_en, end), end)


def _contract(facts: Facts, rule: Rule, today: date) -> Closed | None:
    if not rule.access_contract:
        return None
    opens = facts.contract_open_from
    if opens is not None and opens <= today:
        return None
    until = opens - DAY if opens else None
    last_sv = f"till och med {until}" if until else "tills avtalet anger en öppen dag"
    last_en = f"until {until}" if until else "until the contract names an open day"
    return Closed(
        Reason(
            rule.code,
            "depositionsavtal",
            f"Enskilt arkiv: avtalet med deponenten stänger handlingen {last_sv}.",
            f"Private archive: the contract with the depositor closes the record {last_en}.",
            until,
        ),
        until,
    )


def persons_may_live(facts: Facts, rule: Rule, today: date) -> Reason | None:
    """Return why living persons hold the record back, or None when they do not.

    A record with personal data tells of persons born on its day at the latest; after 110 years
    nobody in it is taken to live. A person's word (yes or no) goes before the rule.
    """
    if personal_data(facts, rule) is PersonalData.NONE:
        return None
    if facts.living_persons is LivingPersons.NO:
        return None
    until = _lifetime_end(facts)
    if facts.living_persons is LivingPersons.UNKNOWN and until is not None and until < today:
        return None
    if facts.living_persons is LivingPersons.YES:
        until = None
    last_sv = f" Prövas på nytt efter {until}." if until else ""
    last_en = f" Asked anew after {until}." if until else ""
    return Reason(
        rule.code,
        "GDPR art. 6 och 89; arkivets 110-årsregel",
        f"Handlingen kan handla om personer som lever.{last_sv}",
        f"The record may be about living persons.{last_en}",
        until,
    )


def personal_data(facts: Facts, rule: Rule) -> PersonalData:
    """Return the record's own kind of personal data, or what the row says of its type."""
    return facts.personal_data if facts.personal_data is not None else rule.personal_data


def _lifetime_end(facts: Facts) -> date | None:
    if facts.date_max is None or facts.date_max.year + LIFETIME_YEARS > LAST_YEAR:
        return None
    return add_years(facts.date_max, LIFETIME_YEARS)


# --- what ends when ------------------------------------------------------------------------


def retention_end(facts: Facts, rule: Rule) -> date | None:
    """Return the first day on which disposal is permitted, or None: preserved, or not known.

    "Vid inaktualitet" has no date until a person's judgement supplies the event.
    """
    if rule.disposition is Disposition.PRESERVE or rule.retention is None:
        return None
    day = event_day(facts, rule.retention.trigger)
    if day is None or rule.retention.mode is RetentionMode.WHEN_OBSOLETE:
        return day
    value = rule.retention.value or 0
    if rule.retention.unit is PeriodUnit.MONTH:
        return add_months(day, value)
    return due_on(day, value)


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


def waits_for_judgement(facts: Facts, rule: Rule) -> bool:
    """Return whether only a person can say when the record is no longer needed."""
    retention = rule.retention
    return retention is not None and retention.mode is RetentionMode.WHEN_OBSOLETE


def next_change(facts: Facts, plan: Plan | None, rule: Rule | None, today: date) -> date | None:
    """Return the first day after today on which any ground may begin or end by itself."""
    days: list[date] = list(facts.events.values())
    if plan is not None and plan.in_force_to is not None:
        days.append(plan.in_force_to + DAY)
    if rule is not None:
        for entry in _entries(facts, rule):
            start, end = _span(entry, facts)
            days.extend(day for day in (start, end + DAY if end else None) if day)
        life, due = _lifetime_end(facts), retention_end(facts, rule)
        days.extend(day for day in (life + DAY if life else None, due) if day)
    if facts.contract_open_from is not None:
        days.append(facts.contract_open_from)
    return min((day for day in days if day > today), default=None)


# --- what is unknown -----------------------------------------------------------------------


def no_row(facts: Facts, plan: Plan | None, rule: Rule | None) -> tuple[Reason, ...]:
    """Return why no row of a plan holds for the record, if none does."""
    if plan is None:
        return (
            Reason(
                "", "arkivlagen 3–6 §§",
                f"Enheten {facts.unit} har ingen informationshanteringsplan i kraft.",
                f"The unit {facts.unit} has no information management plan in force.",
            ),
        )  # fmt: skip
    if rule is not None:
        return ()
    if facts.rule is None:
        return (
            Reason(
                "", "informationshanteringsplanen",
                "Handlingen har ingen handlingstyp ur planen.",
                "The record has no record type of the plan.",
            ),
        )  # fmt: skip
    if plan.rows(facts.rule):
        return (
            Reason(
                facts.rule, "informationshanteringsplanen",
                f"Raden {facts.rule} gäller inte handlingar från den tiden.",
                f"The row {facts.rule} does not cover records of that time.",
            ),
        )  # fmt: skip
    return (
        Reason(
            facts.rule, "informationshanteringsplanen",
            f"Handlingstypen {facts.rule} finns inte i planen {plan.version}.",
            f"The record type {facts.rule} is not in the plan {plan.version}.",
        ),
    )  # fmt: skip


def date_missing(facts: Facts, rule: Rule | None) -> tuple[Reason, ...]:
    """Return that the record is undated, where a test of its row counts from the date."""
    if rule is None or facts.date_max is not None:
        return ()
    limited = any(
        (known := secrecy.rules().get(entry.rule)) is not None and known.max_years is not None
        for entry in _entries(facts, rule)
    )
    private = (
        personal_data(facts, rule) is not PersonalData.NONE
        and facts.living_persons is LivingPersons.UNKNOWN
    )
    if not (limited or private):
        return ()
    return (
        Reason(
            rule.code, "7 kap. 5 § OSL",
            "Handlingen är odaterad, och prövningen räknas från dess datum.",
            "The record is undated, and the test counts from its date.",
        ),
    )  # fmt: skip


# --- sentences -----------------------------------------------------------------------------


def too_secret(rule: Rule | None) -> Reason:
    """K4 (national security) is not taken in."""
    return _say(rule, "informationsklassning K4",
                "Klassad K4 (rikets säkerhet): tas inte emot i detta system.",
                "Classified K4 (national security): not taken into this system.")  # fmt: skip


def in_plan(rule: Rule) -> Reason:
    """The type is in the plan."""
    return _say(rule, "informationshanteringsplanen",
                f"Handlingstypen ”{rule.record_type}” finns i planen.",
                f"The record type “{rule.record_type}” is in the plan.")  # fmt: skip


def public_title(rule: Rule) -> Reason:
    """A title that may be shown has been given."""
    return _say(rule, "5 kap. 2 § OSL",
                "Visas med sin offentliga titel.", "Shown with its public title.")  # fmt: skip


def title_open(rule: Rule) -> Reason:
    """Nothing stands against the description."""
    return _say(rule, "2 kap. 1 § TF",
                "Beskrivningen är öppen: ingen sekretess, inga levande personer.",
                "The description is open: no secrecy, no living persons.")  # fmt: skip


def destroyed(rule: Rule | None) -> Reason:
    """The record no longer exists."""
    return _say(rule, "10 § arkivlagen", "Handlingen är gallrad.",
                "The record has been destroyed.")  # fmt: skip


def not_held(rule: Rule | None) -> Reason:
    """That a record is not held is a person's decision, which can be appealed."""
    return _say(rule, "6 kap. 3 § OSL",
                "Handlingen är gallrad; svaret att den inte finns ges av en människa.",
                "The record has been destroyed; that it is not held is for a person to say.",
                )  # fmt: skip


def not_for_the_web(rule: Rule) -> Reason:
    """The row keeps the type from the web."""
    return _say(rule, "informationshanteringsplanen, publik visning",
                "Planen låter inte handlingstypen visas i sin helhet på webben.",
                "The plan does not let this record type be shown in full on the web.",
                )  # fmt: skip


def not_k0(rule: Rule, k: int | None) -> Reason:
    """Published implies K0."""
    if k is None:
        return _say(rule, "informationsklassning",
                    "Inte klassad, och räknas då som K3; bara K0 publiceras.",
                    "Not classified, and so counts as K3; only K0 is published.")  # fmt: skip
    return _say(rule, "informationsklassning",
                f"Klassad K{k}; bara K0 publiceras. Klassningen behöver prövas av en människa.",
                f"Classified K{k}; only K0 is published. A person needs to look at the class.",
                )  # fmt: skip


def in_copyright(rule: Rule) -> Reason:
    """Somebody's copyright lasts."""
    return _say(rule, "2 och 43 §§ URL", "Upphovsrätt gäller; får inte publiceras.",
                "In copyright; may not be published.")  # fmt: skip


def rights_unknown(rule: Rule) -> Reason:
    """Unknown rights are closed."""
    return _say(rule, "2 och 43 §§ URL", "Upphovsrätten är inte utredd.",
                "The copyright has not been settled.")  # fmt: skip


def open_on_the_web(rule: Rule) -> Reason:
    """All that publication asks is met."""
    return _say(rule, "2 kap. 1 § TF",
                "Öppen: ingen sekretess, K0, fria rättigheter, inga levande personer, och planen "
                "låter den visas.",
                "Open: no secrecy, K0, free rights, no living persons, and the plan lets it be "
                "shown.")  # fmt: skip


def to_be_tested(closed: Closed) -> Reason:
    """In a request, secrecy is tested by a person, never refused by a table (OSL 6:3)."""
    r = closed.reason
    return Reason(
        r.rule,
        r.clause,
        f"{r.text_sv} Prövas av en handläggare i varje ärende.",
        f"{r.text_en} Tested by an officer in each case.",
        r.until,
    )


def no_personal_data(rule: Rule) -> Reason:
    """Open to be handed out."""
    return _say(rule, "2 kap. 15–16 §§ TF", "Inga personuppgifter och ingen sekretess: lämnas ut.",
                "No personal data and no secrecy: handed out.")  # fmt: skip


def personal_data_tested(rule: Rule) -> Reason:
    """OSL 21:7: personal data whose use would break the GDPR."""
    return _say(rule, "21 kap. 7 § OSL",
                "Innehåller personuppgifter; utlämnandet prövas av en handläggare.",
                "Holds personal data; an officer tests the release.")  # fmt: skip


def held(rule: Rule | None, reason: str) -> Reason:
    """A hold stops disposal. Its words stay with the hold: they may name people."""
    return _say(rule, "rättslig spärr", "Handlingen är spärrad mot gallring.",
                "The record is held against disposal.")  # fmt: skip


def preserved(rule: Rule) -> Reason:
    """Kept for ever."""
    return _say(rule, "10 § arkivlagen", "Handlingstypen bevaras.",
                "The record type is preserved.")  # fmt: skip


def no_authority(rule: Rule) -> Reason:
    """A statutory minimum is no authority to destroy."""
    return _say(rule, "10 § arkivlagen; gallringsföreskrift",
                "Raden hänvisar inte till någon gallringsföreskrift; en minimitid i lag räcker "
                "inte.",
                "The row cites no disposal authority; a statutory minimum is not one.",
                )  # fmt: skip


def retention_over(rule: Rule, due: date) -> Reason:
    """The time is over."""
    return _say(rule, ", ".join(rule.authorities) or "gallringsfrist",
                f"Gallringsfristen gick ut; får gallras från {due}.",
                f"The retention period is over; disposal is permitted from {due}.")  # fmt: skip


def not_due(rule: Rule, due: date) -> Reason:
    """The time is not over."""
    return Reason(rule.code, rule.disposal_basis or "gallringsfrist",
                  f"Gallringsfristen löper; får gallras från {due}.",
                  f"The retention period runs; disposal is permitted from {due}.",
                  due - DAY)  # fmt: skip


def judgement_needed(rule: Rule) -> Reason:
    """Obsolescence is judged by a person."""
    return _say(rule, "vid inaktualitet",
                "Gallras vid inaktualitet: en människa avgör när handlingen inte längre behövs.",
                "Destroyed when no longer needed: a person judges when that is.")  # fmt: skip


def trigger_missing(rule: Rule) -> Reason:
    """The event from which the period counts is not known."""
    event = rule.retention.trigger.sv if rule.retention else "?"
    return _say(rule, "gallringsfrist", f"Frister räknas från en händelse som saknas: {event}.",
                f"The period counts from an event that is not known: {event}.")  # fmt: skip


def _say(rule: Rule | None, clause: str, text_sv: str, text_en: str) -> Reason:
    return Reason(rule.code if rule else "", clause, text_sv, text_en)
