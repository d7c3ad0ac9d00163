"""Cases and services of the demo city, as plain data: what people asked, what the town offers.

Every person is invented; nothing is written to a database here. Begin at `cases`, `services`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.demo.fonds.stock import entries


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case: its type, how and when it came, who asked (nobody, when anonymous), and for what.

    `references` are without the institution's prefix; `days_ago` counts from the day of loading.
    """

    kind: str  # disclosure | enquiry | delivery | drawings | grades
    channel: str  # web | phone | visit | letter | e-mail
    subject: str
    text: str
    days_ago: int
    state: str  # received | testing | released | partly_released | refused_orally | closed
    name: str | None = None
    email: str | None = None
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


def services() -> tuple[DemoService, ...]:
    """Return the service catalogue, in the order of the page."""
    return tuple(DemoService(**entry) for entry in entries("services"))
