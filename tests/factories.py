"""Deliveries and records for tests: each shows only what matters to its test."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Viewer
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.holdings.models import Description, new_pid
from archive.jobs import worker
from archive.plans import queries as plans
from ihp.plan import Rule
from ingest import build, receive
from ingest.build import BuildFile, Kind, PackageSpec
from ingest.models import Transfer
from ingest.package import AgentDraft, DescriptionDraft

SECRET = "zqxhemlig"


def picture(colour: str = "navy", note: bytes = b"") -> bytes:
    """Return a small JPEG."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(made, "JPEG", comment=note)
    return made.getvalue()


def minutes(title: str = "Rådstuguprotokoll 1634", **changes: object) -> DescriptionDraft:
    """Return an open old record of the historical archives, row HA-A."""
    values: dict[str, object] = {
        "key": "akt",
        "level": "file",
        "title": title,
        "parent": "serie",
        "reference": "SE/LSA/T1/A1:1",
        "date_text": "1634-05-12",
        "record_type": "HA-A",
        "rights": "free",
        "personal_data": "none",
        "living_persons": "no",
        "genre": "minutes",
        "text": "Anno 1634 kom borgmästaren för rätta om qvarnen vid ån.",
        "places": ("Stora torget",),
        "creators": (AgentDraft("Rådhusrätten", "creator"),),
    }
    return DescriptionDraft(**(values | changes))  # type: ignore[arg-type]


def secret_file(**changes: object) -> DescriptionDraft:
    """Return a child-welfare file that secrecy covers (OSL 26:1), full of marker words."""
    values: dict[str, object] = {
        "key": "hemlig",
        "title": f"Akt {SECRET}titel",
        "reference": "SE/LSA/T1/F1:1",
        "date_text": "1988-03-01",
        "record_type": "HA-F-BV",
        "scope": f"{SECRET}innehåll",
        "text": f"{SECRET}avskrift",
        "places": (f"{SECRET}plats",),
        "creators": (AgentDraft(f"{SECRET}person", "creator", "person"),),
        "personal_data": "sensitive",
        "living_persons": "yes",
        "rights": "free",
    }
    return minutes(**(values | changes))


def tree(*leaves: DescriptionDraft) -> tuple[DescriptionDraft, ...]:
    """Return the leaves below a series of a fonds."""
    fonds = DescriptionDraft(
        "fonds", "fonds", "Provarkivet", reference="SE/LSA/T1", date_text="1600-1990",
        rights="free", personal_data="none", living_persons="no",
    )  # fmt: skip
    series = DescriptionDraft(
        "serie", "series", "Protokoll", parent="fonds", reference="SE/LSA/T1/A1",
        date_text="1600-1990", rights="free", personal_data="none", living_persons="no",
    )  # fmt: skip
    return (fonds, series, *leaves)


def spec(
    *leaves: DescriptionDraft, files: tuple[BuildFile, ...] | None = None, object_id: str = "prov"
) -> PackageSpec:
    """Return a package of the historical archives with one picture a leaf."""
    if files is None:
        files = tuple(
            BuildFile(f"{leaf.key}.jpg", picture(note=leaf.key.encode()), leaf.key)
            for leaf in leaves
        )
    return PackageSpec(
        object_id=object_id,
        label="Provleverans",
        drafts=tree(*leaves),
        files=files,
        unit="HA",
        creator="Provarkivet",
    )


def package(folder: Path, what: PackageSpec, kind: Kind = Kind.CSIP) -> Path:
    """Build and pack a delivery."""
    built = build.build(kind, what, folder / f"{kind.value}-{what.object_id}")
    return build.pack_zip(built, folder / f"{kind.value}-{what.object_id}.zip")


def take_in(
    config: Config,
    path: Path,
    *,
    unit: str | None = "HA",
    record_type: str | None = None,
    agreement: str | None = None,
) -> Transfer:
    """Hand in a delivery, let the worker work, and return the transfer as it is then."""
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit) if unit else None
    declared = receive.Declared(org.id if org else None, record_type, agreement)
    transfer, _ = receive.receive(
        path, path.name, declared, quarantine=config.quarantine, actor=SYSTEM
    )
    worker.run_until_idle()
    with db.archive.reading() as session:
        return session.get_one(Transfer, transfer.id)


def record(reference: str) -> Description:
    """Return a record by its reference."""
    with db.archive.reading() as session:
        return session.scalars(select(Description).where(Description.reference == reference)).one()


def grow(reference: str, count: int, **facts: object) -> None:
    """Add so many open items below a record, straight into the database, under its own row."""
    with db.archive.transaction() as session:
        above = session.scalars(select(Description).where(Description.reference == reference)).one()
        values: dict[str, object] = {
            "level": "item", "title": "Blad", "unit_id": above.unit_id,
            "plan_unit_id": above.plan_unit_id, "rule_code": above.rule_code, "rights": "free",
            "personal_data": "none", "living_persons": "no", "date_text": "1634",
            "date_min": date(1634, 1, 1), "date_max": date(1634, 12, 31),
            "created_at": clock.now(), "updated_at": clock.now(),
        }  # fmt: skip
        start = new_pid()
        rows = [
            Description(
                **values
                | {"reference": f"{start}-{n}", "parent_id": above.id, "position": 10 + n}
                | facts
            )
            for n in range(count)
        ]
        session.add_all(rows)
        session.flush()
        for row in rows:
            row.path = f"{above.path}{row.id}/"


def viewer(role: str, today: date | None = None) -> Viewer:
    """Return a member of the demo's staff."""
    with db.archive.reading() as session:
        return accounts.viewer_by_email(session, f"{role}@demo.example", today or clock.today())


def some_row(session: Session, unit: str) -> Rule:
    """Return the first row of the plan in force for a unit."""
    found = plans.in_force(session, accounts.need_unit(session, unit).id, clock.today())
    assert found is not None
    return found.plan.rules[0]
