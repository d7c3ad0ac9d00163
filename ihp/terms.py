"""The vocabulary of the law, as enums. No rule lives here.

The values are those of the stored plans; where the trade's word is Swedish, so is the value.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Action(StrEnum):
    """What somebody wants to do with a record."""

    INGEST = "ingest"
    SHOW = "show"
    PUBLISH = "publish"
    RELEASE = "release"
    DISPOSE = "dispose"


class Outcome(StrEnum):
    """The answer. ALLOW < REVIEW < DENY: of several answers the strictest holds."""

    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"

    @property
    def rank(self) -> int:
        """Return 0, 1 or 2; higher is stricter."""
        return _RANK[self.value]

    def is_stricter_than(self, other: Outcome) -> bool:
        """Return whether this answer closes more than the other."""
        return self.rank > other.rank

    @staticmethod
    def strictest(outcomes: Iterable[Outcome]) -> Outcome:
        """Return the strictest of some answers; of none, ALLOW."""
        return max(outcomes, key=lambda outcome: outcome.rank, default=Outcome.ALLOW)


_RANK = {"allow": 0, "review": 1, "deny": 2}


class Trigger(StrEnum):
    """An event from which a period counts, or at which a phase of secrecy begins or ends."""

    CREATED = "created"
    RECEIVED = "received"
    CASE_CLOSED = "case_closed"
    FISCAL_YEAR_END = "fiscal_year_end"
    EMPLOYMENT_END = "employment_end"
    POSITION_FILLED = "position_filled"
    CONTRACT_END = "contract_end"
    AWARD = "award"
    SUPERSEDED = "superseded"
    ACCOUNT_CLOSED = "account_closed"
    SYSTEM_DECOMMISSIONED = "system_decommissioned"
    COURSE_END = "course_end"
    DELIVERED = "delivered"
    WARRANTY_END = "warranty_end"
    NO_LONGER_NEEDED = "no_longer_needed"
    ADVERTISED = "advertised"
    CONTRACT_CONCLUDED = "contract_concluded"
    BUSINESS_ENDED = "business_ended"

    @property
    def sv(self) -> str:
        """Return the event in Swedish words."""
        return TRIGGER_SV[self]


TRIGGER_SV: dict[Trigger, str] = {
    Trigger.CREATED: "handlingens tillkomst",
    Trigger.RECEIVED: "handlingen inkom",
    Trigger.CASE_CLOSED: "ärendet avslutat",
    Trigger.FISCAL_YEAR_END: "räkenskapsårets utgång",
    Trigger.EMPLOYMENT_END: "anställningen upphör",
    Trigger.POSITION_FILLED: "tjänsten tillsatt",
    Trigger.CONTRACT_END: "avtalet löpt ut",
    Trigger.AWARD: "tilldelningsbeslut",
    Trigger.SUPERSEDED: "ersatt av ny version",
    Trigger.ACCOUNT_CLOSED: "kontot avslutat",
    Trigger.SYSTEM_DECOMMISSIONED: "systemet avvecklat",
    Trigger.COURSE_END: "utbildningen avslutad",
    Trigger.DELIVERED: "leveransen kvitterad",
    Trigger.WARRANTY_END: "garantitiden löpt ut",
    Trigger.NO_LONGER_NEEDED: "handlingen behövs inte längre",
    Trigger.ADVERTISED: "upphandlingen annonserad",
    Trigger.CONTRACT_CONCLUDED: "avtalet ingått",
    Trigger.BUSINESS_ENDED: "affärsförbindelsen upphör",
}


class Phase(StrEnum):
    """When a secrecy rule of a plan row applies.

    The first group is decided from events; the conditions (CONDITIONAL) depend on what the
    record contains, which only a person can judge, so they count as met.
    """

    ALWAYS = "alltid"
    UNTIL_ADVERTISED = "till annonsering"
    UNTIL_AWARD = "till tilldelningsbeslut"
    UNTIL_ANNOUNCED = "till beslutet meddelas"
    AFTER_AWARD = "efter tilldelning"
    AFTER_EMPLOYMENT = "efter anställning"
    TWO_YEARS_OF_CONTRACT = "2 år från avtalets ingående"
    IN_BUSINESS = "i affärsförbindelse"
    IF_GIVEN = "om uppgift lämnats"
    IF_HEALTH = "om hälsouppgift ingår"
    IF_HEALTH_OR_TRANSFER = "om hälsa eller omplacering"
    IF_THREATENED = "om hotbild"
    IF_ADDRESS_PROTECTED = "om skyddad adress"
    IF_SOLE_TRADER_THREATENED = "enskild firma med hotbild"
    IF_RUN_FOR_ANOTHER = "när driften sker för annan"


class DamageTest(StrEnum):
    """How a secrecy provision is tested when somebody asks (skaderekvisit)."""

    STRAIGHT = "rakt"
    STRAIGHT_STRONG = "rakt_starkt"
    STRAIGHT_PARTICULAR = "rakt_sarskild_anledning"
    REVERSE = "omvant"
    ABSOLUTE = "absolut"
    GRADED = "graderat"


class Disposition(StrEnum):
    """Kept for ever, or destroyed when the time has come."""

    PRESERVE = "bevaras"
    DISPOSE = "gallras"


class RetentionMode(StrEnum):
    """A period after an event, or until no longer needed, which a person judges."""

    AFTER_PERIOD = "after_period"
    WHEN_OBSOLETE = "vid_inaktualitet"


class Rounding(StrEnum):
    """Whole years count from the turn of the year; months count exactly."""

    END_OF_CALENDAR_YEAR = "end_of_calendar_year"
    EXACT = "exact"


class PeriodUnit(StrEnum):
    """The unit of a retention period."""

    YEAR = "year"
    MONTH = "month"


class PersonalData(StrEnum):
    """What kind of personal data a record type holds (GDPR art. 4, 9, 10)."""

    NONE = "none"
    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    CRIMINAL = "criminal"


class LivingPersons(StrEnum):
    """Whether the record tells of persons who may be alive."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Rights(StrEnum):
    """Copyright state; unknown is not publishable."""

    FREE = "free"
    IN_COPYRIGHT = "in_copyright"
    UNKNOWN = "unknown"


class PublicView(StrEnum):
    """What a plan row lets the public see on the web."""

    NONE = "none"
    METADATA = "metadata"
    FULL = "full"


class Registration(StrEnum):
    """How records of a type are registered (OSL 5:1)."""

    DIARY = "diariefors"
    ORDERED = "halls_ordnad"
    NOT_REGISTERED = "registreras_ej"
    BUSINESS_SYSTEM = "registreras_i_verksamhetssystem"


class Medium(StrEnum):
    """What the records are kept on."""

    DIGITAL = "digitalt"
    PAPER = "papper"
    HYBRID = "hybrid"


class Custody(StrEnum):
    """Who answers for the record and for requests about it."""

    UNIT = "unit"
    ARCHIVE = "archive"
