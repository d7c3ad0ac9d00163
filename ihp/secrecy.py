"""The secrecy provisions (OSL 2009:400) as data, and until when each can last.

The computed day is the *latest possible* end: before it the record is tested when somebody
asks, never refused by a table. Begin at `rules` and `latest_end`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ihp.periods import LAST_YEAR, add_years
from ihp.terms import DamageTest


@dataclass(frozen=True, slots=True)
class SecrecyRule:
    """One provision: its clause, its damage test, and the years it can last at most.

    `max_years` None: the section states no limit. `protects`: "individual" or "public".
    """

    id: str
    chapter: int
    citation: str
    title_sv: str
    title_en: str
    damage_test: DamageTest
    max_years: int | None
    protects: str
    scope_en: str


@cache
def rules() -> Mapping[str, SecrecyRule]:
    """Return every provision by its id ("OSL-26-1")."""
    entries = json.loads(files("ihp").joinpath("data/secrecy_rules.json").read_text("utf-8"))
    return MappingProxyType(
        {
            entry["id"]: SecrecyRule(
                id=entry["id"],
                chapter=entry["chapter"],
                citation=entry["citation"],
                title_sv=entry["title_sv"],
                title_en=entry["title_en"],
                damage_test=DamageTest(entry["damage_test"]),
                max_years=entry["max_years"],
                protects=entry["protects"],
                scope_en=entry["scope_en"],
            )
            for entry in entries["rules"]
        }
    )


def latest_end(rule: SecrecyRule, date_max: date | None) -> date | None:
    """Return the last day on which the secrecy can apply, or None when it has no such day.

    Counted from the creation of the newest record (OSL 7:5), so a record of 1958-03-01 under 70
    years is last covered on 2028-03-01. None if the provision has no limit or the date is
    unknown. 29 February without a leap day ends on the last of February (lag 1930:173 1 §).
    A day beyond the year 9999 is no day either: closed without end.
    """
    if rule.max_years is None or date_max is None:
        return None
    if date_max.year + rule.max_years > LAST_YEAR:
        return None
    return add_years(date_max, rule.max_years)
