"""Which unit, plan row and answer each description of a delivery gets before it may come in.

Fills what is missing by inheritance (draft, parent, operator, package), asks the gate for every
record, and says in findings what a person has to settle. Begin at `classify`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, enforce
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.history.models import FormerReference
from archive.holdings.models import Description
from archive.plans import queries as plans
from ihp import dates
from ihp.policy import Decision, Facts
from ihp.security import SecurityClass
from ihp.terms import Action, Custody, LivingPersons, Outcome, PersonalData, Rights, Trigger
from ingest import claims, reach
from ingest.agreements import queries as agreements
from ingest.findings import Finding
from ingest.models import Transfer
from ingest.package import DescriptionDraft, Package
from ingest.updates import target as updates
from ingest.updates.target import Known

_AGGREGATES = frozenset({"fonds", "series"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft with its place: reference, unit, the unit whose plan governs it, and the row."""

    draft: DescriptionDraft
    reference: str
    unit_id: int
    plan_unit_id: int
    rule: str | None
    span: dates.DateSpan
    existing_id: int | None
    decision: Decision | None
    marks: tuple[str, ...] = ()  # clauses under which the delivery claims secrecy
    security_class: SecurityClass | None = None  # claimed, where stricter than the row's
    known: Known | None = None  # the record that an update changes


@dataclass(frozen=True, slots=True)
class Classified:
    """The whole delivery classified: what may come in, and what somebody must look at."""

    placed: tuple[Placed, ...]
    findings: tuple[Finding, ...]
    update: updates.Update | None = None
    home_id: int | None = None  # the unit that the delivery as a whole belongs to, where known

    @property
    def outcome(self) -> Outcome:
        """Return ALLOW when every record has its place, REVIEW when a person must help."""
        if any(f.code in _TO_A_PERSON for f in self.findings):
            return Outcome.REVIEW
        return Outcome.ALLOW


_TO_A_PERSON = frozenset(
    {
        "GATE-UNIT",
        "GATE-RECORD-TYPE",
        "GATE-ROW",
        "GATE-PLAN",
        "GATE-REVIEW",
        "GATE-DATE",
        "GATE-EMPTY",
        reach.SUBMITTER,
    }
    | updates.TO_A_PERSON
)


def classify(
    session: Session, package: Package, transfer: Transfer, *, institution: str, finding_aid: str
) -> Classified:
    """Return every draft with its place and the gate's answer, and the findings for a person.

    `finding_aid` is "<unit>:<row>": the plan row under which the descriptions of fonds and
    series stand when the delivery names none, for they are the archive's own finding aid.
    """
    return _Classifier(session, package, transfer, institution, finding_aid).run()


class _Classifier:
    """One delivery being classified; holds what the steps share."""

    def __init__(
        self,
        session: Session,
        package: Package,
        transfer: Transfer,
        institution: str,
        finding_aid: str,
    ) -> None:
        self.session, self.package, self.transfer = session, package, transfer
        self.institution = institution
        self.units = {u.code: u for u in session.scalars(accounts.units())}
        unit_code, _, row = finding_aid.partition(":")
        self.finding_aid = (self.units.get(unit_code), row)
        self.findings: list[Finding] = []
        self.references: dict[str, str] = {}
        self.used: set[str] = set()
        self.siblings: Counter[str] = Counter()
        self.rules: dict[str, str | None] = {}
        self.claims = claims.spread(package)
        self.taken = self._existing()
        self.plans: dict[int, plans.InForce | None] = {}
        self.without_plan: set[int] = set()
        self.target: updates.Target | None = None

    def run(self) -> Classified:
        home = self._home()
        if not self.package.drafts:
            self.findings.append(Finding("GATE-EMPTY"))
        if home is None:
            return Classified((), tuple(self.findings))
        self.target = updates.find(self.session, self.package, self.transfer, home.id)
        placed = [self._place(draft, home) for draft in self.package.drafts]
        into = {home.id, *(each.unit_id for each in placed)}
        self.findings.extend(reach.findings(self.session, self.transfer, into))
        meant = [p.known for p in placed if p.known is not None]
        fresh = sum(p.existing_id is None for p in placed)
        self.findings.extend(
            updates.findings(self.session, self.package, self.target, meant, fresh)
        )
        update = self.target.update if self.target else None
        return Classified(tuple(placed), tuple(self.findings), update, home.id)

    def _home(self) -> OrgUnit | None:
        """Return the unit that the delivery as a whole belongs to."""
        if self.transfer.unit_id is not None:
            return next(u for u in self.units.values() if u.id == self.transfer.unit_id)
        code = (self.package.unit or "").strip().upper() or self._agreed_unit()
        if code not in self.units:
            known = ", ".join(sorted(self.units))
            self.findings.append(Finding("GATE-UNIT", params={"unit": code or "–", "known": known}))
            return None
        return self.units[code]

    def _agreed_unit(self) -> str:
        number = self.transfer.agreement or self.package.agreement
        agreement = agreements.by_number(self.session, number)
        if agreement is None or not agreement.is_in_force(clock.today()):
            return ""
        return agreement.unit.code

    def _place(self, draft: DescriptionDraft, home: OrgUnit) -> Placed:
        reference = self._reference(draft)
        unit = self._unit(draft, home)
        plan_unit, rule = unit, self._rule(draft, unit)
        if rule is None and draft.level in _AGGREGATES and self.finding_aid[0] is not None:
            plan_unit, rule = self.finding_aid[0], self.finding_aid[1]
        span = self._span(draft)
        existing = self.taken.get(reference)
        known = self.target.records.get(existing or 0) if self.target else None
        if known is not None:
            return self._known(draft, reference, known)
        if self.target is not None and self.target.update.replaces and not self._is_named(draft):
            self._say("UPDATE-UNNAMED", draft)
        if existing is not None and draft.level not in {"fonds", "series", "volume"}:
            self._say("GATE-REFERENCE", draft, reference=reference)
        placed = Placed(draft, reference, unit.id, plan_unit.id, rule, span, existing, None)
        return placed if existing is not None else self._asked(placed, plan_unit)

    def _known(self, draft: DescriptionDraft, reference: str, known: Known) -> Placed:
        """Return the place of a record that is here: its unit and row are decided, and stay."""
        if draft.record_type and known.rule and draft.record_type != known.rule:
            self._say("UPDATE-ROW", draft, claim=draft.record_type, rule=known.rule)
        if draft.level not in _AGGREGATES:
            self.rules[draft.key] = known.rule
        unit = next(u for u in self.units.values() if u.id == known.plan_unit_id)
        span = self._span(draft)
        placed = Placed(
            draft, reference, known.unit_id, unit.id, known.rule, span, known.id, None, known=known
        )
        return self._asked(placed, unit)

    def _unit(self, draft: DescriptionDraft, home: OrgUnit) -> OrgUnit:
        if not draft.unit:
            return home
        unit = self.units.get(draft.unit.strip().upper())
        if unit is None:
            known = ", ".join(sorted(self.units))
            self._say("GATE-UNIT", draft, unit=draft.unit, known=known)
        return unit or home

    def _rule(self, draft: DescriptionDraft, unit: OrgUnit) -> str | None:
        """Return the row: the draft's own, else its parent's, else what was declared for all.

        Last, what an attribute of the METS names, if that is a row of the plan. Where a person
        has assigned a row, it stands in for one that the plan does not have.
        """
        above = self.rules.get(draft.parent) if draft.parent else None
        rule = draft.record_type or above
        if rule and self.transfer.assigned_by and self.transfer.record_type:
            found = self._plan(unit)
            if found is not None and not found.plan.rows(rule):
                rule = self.transfer.record_type
        if rule is None and draft.level not in _AGGREGATES:
            rule = self.transfer.record_type or self.package.record_type or self._seed(unit)
        self.rules[draft.key] = rule
        return rule

    def _span(self, draft: DescriptionDraft) -> dates.DateSpan:
        try:
            return dates.parse(draft.date_text or "")
        except ValueError as error:
            self._say("GATE-DATE", draft, date=draft.date_text, problem=str(error))
            return dates.parse("")

    def _seed(self, unit: OrgUnit) -> str | None:
        found, named = self._plan(unit), self.package.restrictions
        codes = {r.value for r in named if r.kind == "record_type"}
        known = {code for code in codes if found is not None and found.plan.rows(code)}
        return known.pop() if len(known) == 1 else None

    def _plan(self, unit: OrgUnit) -> plans.InForce | None:
        if unit.id not in self.plans:
            self.plans[unit.id] = plans.in_force(self.session, unit.id, clock.today())
        return self.plans[unit.id]

    def _asked(self, placed: Placed, unit: OrgUnit) -> Placed:
        """Return the record with what is claimed of it and the gate's answer."""
        draft, rule, found = placed.draft, placed.rule, self._plan(unit)
        if found is None and unit.id not in self.without_plan:
            self.without_plan.add(unit.id)
            self._say("GATE-PLAN", draft, unit=unit.code)
        if rule is None:
            self._say("GATE-RECORD-TYPE", draft, rule="–", unit=unit.code)
        elif found is not None and not found.plan.rows(rule):
            self._say("GATE-ROW", draft, rule=rule, unit=unit.code)
        plan, claimed = found.plan if found else None, self.claims[draft.key]
        row = plan.rule_for(rule, placed.span.date_max) if plan else None
        self.findings.extend(claims.told(draft, claimed, row, plan))
        placed = replace(
            placed, marks=claims.marks_of(claimed), security_class=claims.class_of(claimed, row)
        )
        decision = enforce.with_plan(Action.INGEST, _facts(placed, unit.code), found, clock.today())
        if decision.outcome is not Outcome.ALLOW and rule is not None and found is not None:
            why = "; ".join(reason.text_sv for reason in decision.reasons)
            why_en = "; ".join(reason.text_en for reason in decision.reasons)
            self._say("GATE-REVIEW", draft, rule=rule, why=why, why_en=why_en)
        return replace(placed, decision=decision)

    def _reference(self, draft: DescriptionDraft) -> str:
        own = (draft.reference or "").strip()
        if own.startswith(f"{self.institution}/"):
            reference = own
        elif draft.parent is not None and draft.parent in self.references:
            self.siblings[draft.parent] += 1
            reference = f"{self.references[draft.parent]}/{own or self.siblings[draft.parent]}"
            while not own and self.target is not None and reference in self.taken:
                # A number is no name: what was counted before is not what is counted now.
                self.siblings[draft.parent] += 1
                reference = f"{self.references[draft.parent]}/{self.siblings[draft.parent]}"
        else:
            number = (self.target.number if self.target else None) or self.transfer.number
            reference = f"{self.institution}/L{number:06d}"
            reference = f"{reference}/{own}" if own else reference
        while reference in self.used or (
            self.target is not None and reference in self.taken and not self._is_named(draft)
        ):
            reference = _next(reference)
        self.used.add(reference)
        self.references[draft.key] = reference
        return reference

    def _is_named(self, draft: DescriptionDraft) -> bool:
        """Return whether the delivery says which record it means: by its code, or as its only."""
        return bool((draft.reference or "").strip()) or len(self.package.drafts) == 1

    def _existing(self) -> dict[str, int]:
        """Return every code in use with its record; one that a record had before leads to it."""
        now = select(Description.reference, Description.id)
        before = select(FormerReference.reference, Description.id).join(
            Description, Description.pid == FormerReference.record_pid
        )
        return dict(self.session.execute(before).all()) | dict(self.session.execute(now).all())

    def _say(self, code: str, draft: DescriptionDraft, **params: object) -> None:
        self.findings.append(
            Finding(code, where=draft.where, params={"title": draft.title, **params})
        )


def _facts(placed: Placed, unit: str) -> Facts:
    draft = placed.draft
    return Facts(
        reference=placed.reference,
        unit=unit,
        rule=placed.rule,
        date_min=placed.span.date_min,
        date_max=placed.span.date_max,
        events=events_of(draft.events),
        personal_data=PersonalData(draft.personal_data) if draft.personal_data else None,
        living_persons=LivingPersons(draft.living_persons or "unknown"),
        rights=Rights(draft.rights or "unknown"),
        public_title=draft.public_title,
        marks=placed.marks,
        holds=(),
        destroyed=False,
        custody=Custody.ARCHIVE,
        is_register=draft.is_register,
        security_class=placed.security_class,
    )


def events_of(events: Mapping[str, date]) -> Mapping[Trigger, date]:
    """Return the draft's events that the law knows; a name it does not know counts for nothing."""
    known = {trigger.value for trigger in Trigger}
    return {Trigger(name): day for name, day in events.items() if name in known}


def _next(reference: str) -> str:
    stem, _, number = reference.rpartition("~")
    return f"{stem}~{int(number) + 1}" if stem and number.isdecimal() else f"{reference}~2"


def taken(placed: Sequence[Placed]) -> list[str]:
    """Return the references of records that another record already bears."""
    return [
        p.reference
        for p in placed
        if p.existing_id is not None
        and p.known is None
        and p.draft.level not in {"fonds", "series", "volume"}
    ]
