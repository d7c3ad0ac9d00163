"""The organisation, the people and the plans of the demo city, as plain data.

Units as in the city's shared-service budget; every name of a person is invented. Nothing is
written to a database here. Begin at `UNITS`, `USERS` and `PLANS`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """An authority, administration or unit; `code` is also the prefix of its plan's rows."""

    code: str
    name: str
    name_en: str
    kind: str  # authority | administration | unit
    parent: str | None = None
    active_from: str | None = None


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A log-in `<role>@demo.example`; `units` are empty for roles held for the whole archive."""

    role: str
    name: str
    units: tuple[str, ...] = ()
    language: str = "sv"

    @property
    def email(self) -> str:
        """Return the log-in name."""
        return f"{self.role}@demo.example"


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """Where a unit's plan rows stand: a file of example rows and the unit's name in it."""

    unit: str
    title: str
    rows_unit: str
    path: str
    dnr: str
    in_force_from: str


UNITS: tuple[DemoUnit, ...] = (
    DemoUnit("KS", "Kommunstyrelsen", "City Executive Board", "authority"),
    DemoUnit(
        "VSS",
        "Verksamhetsstöd och service",
        "Operations Support and Service",
        "administration",
        "KS",
    ),
    DemoUnit("EK", "Ekonomiservice", "Finance Service", "unit", "VSS"),
    DemoUnit("HR", "HR-service", "HR Service", "unit", "VSS"),
    DemoUnit("LK", "LKDATA", "LKDATA (IT)", "unit", "VSS"),
    DemoUnit("SA", "Stadsarkivet", "City Archive", "unit", "VSS"),
    DemoUnit("KL", "Kontakt Linköping", "Contact Centre", "unit", "VSS"),
    DemoUnit("UP", "Upphandling och inköp", "Procurement and Purchasing", "unit", "VSS"),
    DemoUnit("EL", "eLärandeCenter", "e-Learning Centre", "unit", "VSS"),
    DemoUnit("LO", "Löneservice", "Payroll Service", "unit", "VSS"),
    DemoUnit("HA", "Övertagna och enskilda arkiv", "Historical and Private Archives", "unit", "SA"),
)

USERS: tuple[DemoUser, ...] = (
    DemoUser("archivist", "Signe Hjelmvik", ("VSS",)),
    DemoUser("case_officer", "Ture Klosterlind", ("VSS",)),
    DemoUser("unit_manager", "Märta Åsklint", ("VSS",)),
    DemoUser("unit_custodian", "Albin Frimodig", ("VSS",)),
    DemoUser("city_archivist", "Judit Ramshjelm"),
    DemoUser("auditor", "Ernst Tornsjö"),
    DemoUser("admin", "Tekla Dalhem"),
)

_EXAMPLES = "ihp/data/ihp_examples.json"
_NAMES = {
    "EK": "Ekonomiservice",
    "HR": "HR-service",
    "LK": "LKDATA",
    "SA": "Stadsarkivet",
    "KL": "Kontakt Linköping",
    "UP": "Upphandling och inköp",
    "EL": "eLärandeCenter",
    "LO": "Löneservice",
}

PLANS: tuple[DemoPlan, ...] = (
    *(
        DemoPlan(
            code,
            f"Informationshanteringsplan för {name}",
            name,
            _EXAMPLES,
            f"VSS 2021-{number:04d}",
            "2021-07-01",
        )
        for number, (code, name) in enumerate(_NAMES.items(), 118)
    ),
    DemoPlan(
        "HA",
        "Informationshanteringsplan för övertagna och enskilda arkiv",
        "Historiska arkiv",
        "ingest/demo/data/plan_historical.json",
        "VSS 2021-0126",
        "2021-07-01",
    ),
)


def plan_text(plan: DemoPlan) -> str:
    """Return the JSON file in which the plan's rows stand, among those of other units."""
    package, _, path = plan.path.partition("/")
    return files(package).joinpath(path).read_text("utf-8")


def row_codes() -> frozenset[str]:
    """Return every row code of the nine plans."""

    codes: set[str] = set()
    for path in {plan.path: plan for plan in PLANS}.values():
        codes |= {row["row_id"] for row in json.loads(plan_text(path))["rows"]}
    return frozenset(codes)
