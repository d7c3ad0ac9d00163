"""What the law needs to know of a record. Plain values; no place in the house is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ihp.security import SecurityClass
from ihp.terms import Custody, LivingPersons, PersonalData, Rights, Trigger


@dataclass(frozen=True, slots=True)
class Facts:
    """A record as the law sees it. What is unknown is None or UNKNOWN, and closes.

    `rule` is the row code; `personal_data` None means as the row says; `marks` are ids of
    secrecy rules set on the record or above it; `holds` are the reasons of living holds;
    `contract_open_from` is the first open day of a deposited private archive;
    `title_names_living` is a person's word on the title alone, UNKNOWN as the record's.
    For a register `date_max` is the newest entry: each entry counts from its own day (OSL 7:5).
    """

    reference: str
    unit: str
    rule: str | None
    date_min: date | None = None
    date_max: date | None = None
    events: Mapping[Trigger, date] = field(default_factory=dict)
    personal_data: PersonalData | None = None
    living_persons: LivingPersons = LivingPersons.UNKNOWN
    rights: Rights = Rights.UNKNOWN
    public_title: str | None = None
    marks: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    destroyed: bool = False
    custody: Custody = Custody.UNIT
    is_register: bool = False
    security_class: SecurityClass | None = None
    contract_open_from: date | None = None
    title_names_living: LivingPersons = LivingPersons.UNKNOWN
