"""Cases, services and contracts of the demo city, as plain data.

Every person is invented; nothing is written to a database here. Begin at `cases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ingest.demo.content import city
from ingest.demo.fonds.stock import entries


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case: its type, how and when it came, who asked (nobody, when anonymous), and for what.

    `references` are without the institution's prefix; `days_ago` counts from the day of loading.
    """

    kind: str  # disclosure | enquiry | delivery | drawings | grades
    channel: str  # web | phone | visit | letter | mail
    subject: str
    text: str
    days_ago: int
    state: str  # received | testing | released | partly_released | closed
    name: str | None = None
    email: str | None = None
    answer: str = ""  # the first answer, given the same day
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoService:
    """A line of the service catalogue, in both languages; price in öre, None when it is free."""

    slug: str
    name_sv: str
    name_en: str
    text_sv: str
    text_en: str
    unit: str
    price_ore: int | None
    per_sv: str
    per_en: str
    days: int


def cases() -> tuple[DemoCase, ...]:
    """Return a handful of cases in different states."""
    return tuple(
        DemoCase(**{**entry, "references": tuple(entry.get("references", ()))})
        for entry in entries("cases")
    )


def contracts(prefix: str = "SE/LSA") -> Mapping[str, date]:
    """Return the first open day of each deposited private archive, by the fonds' reference.

    A package cannot say this (Dublin Core knows no contract), so whoever loads the demo sets it
    on the records below the fonds, as an archivist would from the signed paper.
    """
    return {
        fonds.drafts[0].reference or "": claim.until
        for fonds in city(prefix)
        for draft in fonds.drafts
        for claim in draft.restrictions
        if claim.kind == "access_contract" and claim.until is not None
    }


def services() -> tuple[DemoService, ...]:
    """Return the service catalogue, in the order of the page."""
    return tuple(DemoService(**entry) for entry in entries("services"))
