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
        return _TRIGGERS[self.value][0]

    @property
    def en(self) -> str:
        """Return the event in English words."""
        return _TRIGGERS[self.value][1]


_TRIGGERS = {
    "created": ("handlingens tillkomst", "the record was made"),
    "received": ("handlingen inkom", "the record was received"),
    "case_closed": ("ärendet avslutat", "the case was closed"),
    "fiscal_year_end": ("räkenskapsårets utgång", "the end of the fiscal year"),
    "employment_end": ("anställningen upphör", "the employment ended"),
    "position_filled": ("tjänsten tillsatt", "the position was filled"),
    "contract_end": ("avtalet löpt ut", "the contract ended"),
    "award": ("tilldelningsbeslut", "the award decision"),
    "superseded": ("ersatt av ny version", "replaced by a new version"),
    "account_closed": ("kontot avslutat", "the account was closed"),
    "system_decommissioned": ("systemet avvecklat", "the system was shut down"),
    "course_end": ("utbildningen avslutad", "the course ended"),
    "delivered": ("leveransen kvitterad", "the delivery was acknowledged"),
    "warranty_end": ("garantitiden löpt ut", "the warranty ended"),
    "no_longer_needed": ("handlingen behövs inte längre", "the record is no longer needed"),
    "advertised": ("upphandlingen annonserad", "the procurement was advertised"),
    "contract_concluded": ("avtalet ingått", "the contract was concluded"),
    "business_ended": ("affärsförbindelsen upphör", "the business relation ended"),
}


class Phase(StrEnum):
    """When a secrecy rule of a plan row applies.

    Those from "till annonsering" to "5 år" are decided from events; an unknown event counts as
    the strictest phase. The rest are conditions on what the record contains, which only a
    person can judge, so they count as met. "I affärsförbindelse" is one of them: the provision
    (OSL 31:16) protects whoever *has entered* into business, also after it has ended.
    """

    ALWAYS = "alltid"
    UNTIL_ADVERTISED = "till annonsering"
    UNTIL_AWARD = "till tilldelningsbeslut"
    UNTIL_ANNOUNCED = "till beslutet meddelas"
    AFTER_AWARD = "efter tilldelning"
    AFTER_EMPLOYMENT = "efter anställning"
    TWO_YEARS_OF_CONTRACT = "2 år från avtalets ingående"
    FIVE_YEARS_OF_CONTRACT = "5 år från avtalets ingående"
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

    @property
    def sv(self) -> str:
        """Return what is presumed, in one Swedish sentence."""
        return _DAMAGE_TESTS[self.value][0]

    @property
    def en(self) -> str:
        """Return what is presumed, in one English sentence."""
        return _DAMAGE_TESTS[self.value][1]


_DAMAGE_TESTS = {
    "rakt": (
        "Rakt skaderekvisit: öppen om det inte kan antas att skada uppstår.",
        "Straight damage test: open unless harm can be assumed.",
    ),
    "rakt_starkt": (
        "Starkt rakt skaderekvisit: öppen om det inte kan antas att betydande skada uppstår.",
        "Strong straight damage test: open unless substantial harm can be assumed.",
    ),
    "rakt_sarskild_anledning": (
        "Rakt skaderekvisit: öppen om det inte av särskild anledning kan antas att skada uppstår.",
        "Straight damage test: open unless there is a particular reason to assume harm.",
    ),
    "omvant": (
        "Omvänt skaderekvisit: stängd om det inte står klart att ingen skada uppstår.",
        "Reverse damage test: closed unless it is clear that no harm follows.",
    ),
    "absolut": (
        "Absolut sekretess: stängd utan att skada prövas.",
        "Absolute secrecy: closed with no test of harm.",
    ),
    "graderat": (
        "Skaderekvisitet är olika för olika uppgifter i paragrafen.",
        "The damage test differs between the parts of the section.",
    ),
}


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
