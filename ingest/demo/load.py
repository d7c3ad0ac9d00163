"""Load the demo city through the real doors: plans decided, deliveries taken in, records published.

Only for an empty archive in demo mode, on loopback; the only place with known log-ins. Begin at
`load`.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts import actions as account_actions
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit, Role, UnitKind, User
from archive.accounts.permissions import Viewer
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.edition import queries as edition
from archive.edition.models import Collection, PublicService
from archive.errors import Conflict
from archive.holdings import access
from archive.holdings import actions as holdings
from archive.holdings import queries as records
from archive.holdings.models import Description
from archive.jobs import actions as jobs
from archive.jobs import queries as job_queries
from archive.jobs import worker
from archive.plans import actions as plan_actions
from archive.plans.models import DisposalAuthority
from archive.publish import drain
from archive.storage import fixity
from archive.storage.store import open_store
from ihp import exchange
from ingest import build, pipeline, receive
from ingest.demo import agreed, casework, offering, scenario, shelving, stories, units
from ingest.demo.deliveries import Delivery, deliveries, write
from ingest.demo.drawing import Drawing
from ingest.models import State, Transfer

PASSWORD = "demo-linkoping"  # noqa: S105 - the demo's, printed on its log-in page
_MARKER = "demo.loading"
_DRAFTED = datetime(2021, 5, 3, 8, tzinfo=UTC)
_DECIDED = datetime(2021, 6, 14, 8, tzinfo=UTC)
_ENTERED = datetime(2021, 7, 1, 6, tzinfo=UTC)
_AT_ONCE = 10_000  # records to a segment of the indexes; a worker at work takes fewer
Say = Callable[[str], None]


def load(config: Config, *, count: int | None, say: Say) -> None:
    """Fill an empty archive with the demo city; `count` asks for so many records.

    :raises Conflict: if the archive is not empty.
    """
    if not is_empty():
        raise Conflict("the archive is not empty; the demo is loaded into a new one only")
    marker = config.data_dir / _MARKER
    marker.touch()
    say("organisation and plans …")
    _organisation()
    _plans()
    _agreements()
    city, story = deliveries(count, config.institution), len(deliveries(None, config.institution))
    with Drawing(city) as drawing:
        for number, delivery in enumerate(city, 1):
            say(f"delivery {number} of {len(city)}: {delivery.label}")
            _deliver(config, delivery, drawing, with_tiles=number <= story)
    say("judging what waits, contracts, publication …")
    _accept_waiting()
    worker.run_until_idle(drains=False)
    _contracts(config)
    _publish()
    say("the edition and the indexes …")
    while drain.drain(config, limit=_AT_ONCE):
        pass
    worker.run_until_idle()
    say("collections, services, cases …")
    _collections(config)
    _services()
    casework.play(config.institution)
    offering.play()
    shelving.play()
    worker.run_until_idle()
    # The plans were kept five years ago, by the demo's clock: they are long due to be read again.
    fixity.check_night(open_store(config), fixity.pace_of(config))
    marker.unlink()


def is_empty() -> bool:
    """Return whether nobody has set anything up in this archive yet."""
    with db.archive.reading() as session:
        return not session.scalar(select(func.count()).select_from(OrgUnit))


def without_half_a_city(config: Config, *, say: Say) -> Config:
    """Set a demo aside whose loading was cut off; return the configuration to go on with."""
    if not config.demo or not (config.data_dir / _MARKER).exists():
        return config
    aside = config.data_dir.with_name(f"{config.data_dir.name}.cut-off-{secrets.token_hex(3)}")
    config.data_dir.rename(aside)
    say(f"the last loading of the demo was cut off; it lies in {aside}, and a new one begins")
    return Config.from_env()


def _organisation() -> None:
    with db.archive.transaction() as session:
        known: dict[str, OrgUnit] = {}
        for unit in units.UNITS:
            known[unit.code] = account_actions.add_unit(
                session,
                unit.code,
                unit.name,
                kind=UnitKind(unit.kind),
                parent=known.get(unit.parent or ""),
                name_en=unit.name_en,
                actor=SYSTEM,
            )
        for user in units.USERS:
            person = account_actions.add_user(
                session, user.email, user.name, PASSWORD, actor=SYSTEM
            )
            for code in user.units or ("",):
                account_actions.grant(
                    session,
                    person,
                    Role(user.role),
                    unit=known.get(code),
                    valid_from=date(2021, 1, 1),
                    actor=SYSTEM,
                )


def _plans() -> None:
    """Draft by one person, decide by another, in force on the day: as it was in 2021."""
    for plan in units.PLANS:
        rows = [
            row
            for row in json.loads(units.plan_text(plan))["rows"]
            if row["unit"] == plan.rows_unit
        ]
        with clock.frozen(_DRAFTED), db.archive.transaction() as session:
            unit = accounts.need_unit(session, plan.unit)
            drafter = _viewer(session, "unit_custodian")
            version = plan_actions.draft(
                session,
                unit,
                rows,
                title=plan.title,
                authority="Kommunstyrelsen",
                actor=drafter,
            )
            plan_actions.consult(session, version, actor=drafter)
            _authorities(session, rows)
        with clock.frozen(_DECIDED), db.archive.transaction() as session:
            plan_actions.decide(
                session,
                session.get_one(type(version), version.id),
                dnr=plan.dnr,
                in_force_from=date.fromisoformat(plan.in_force_from),
                viewer=_viewer(session, "city_archivist"),
            )
    with clock.frozen(_ENTERED):
        worker.run_until_idle()


def _agreements() -> None:
    with db.archive.transaction() as session:
        agreed.draw_up(session, clock.today(), viewer=_viewer(session, "archivist"))


def _authorities(session: Session, rows: list[dict[str, object]]) -> None:
    rules, _ = exchange.read_rows(rows)
    for code in {code for rule in rules for code in rule.authorities}:
        session.merge(
            DisposalAuthority(
                code=code,
                title=f"Föreskrift om gallring {code}",
                decided_on=date(2021, 2, 1),
                dnr=f"KS 2021-{code.rpartition(':')[2].zfill(3)}",
            )
        )


def _deliver(config: Config, delivery: Delivery, drawing: Drawing, *, with_tiles: bool) -> None:
    """Hand a delivery in and let it be taken in; its tiles and OCR follow when the site is up."""
    with db.archive.reading() as session:
        before = job_queries.newest(session)
    with tempfile.TemporaryDirectory(prefix="stadsarkiv-demo-") as work:
        folder = write(delivery, Path(work), draw=drawing.of)
        pack = build.pack_tar if delivery.profile is build.Kind.FGS else build.pack_zip
        suffix = "tar" if delivery.profile is build.Kind.FGS else "zip"
        package = pack(folder, Path(work) / f"{folder.name}.{suffix}")
        with db.archive.reading() as session:
            unit = accounts.need_unit(session, delivery.unit)
            sender = _viewer(session, "archivist")
        receive.receive(
            package,
            f"{delivery.label}.{suffix}",
            receive.Declared(unit.id, agreement=agreed.number_for(delivery.label)),
            quarantine=config.quarantine,
            actor=sender,
        )
    worker.run_until_idle(drains=False)  # each record's shadows are drawn once, when all is in
    if not with_tiles:
        with db.archive.transaction() as session:
            jobs.call_off(session, after=before)


def _accept_waiting() -> None:
    """Take in what is past its retention, with a reason; leave the newest one in the inbox."""
    with db.archive.transaction() as session:
        archivist = _viewer(session, "archivist")
        waiting = session.scalars(
            select(Transfer).where(Transfer.state == State.REVIEW).order_by(Transfer.id)
        ).all()
        for transfer in waiting[:-1]:
            reason = "Fristen har gått ut; tas in för att gallras i ordning."
            pipeline.accept(session, transfer, reason=reason, viewer=archivist)


def _contracts(config: Config) -> None:
    with db.archive.transaction() as session:
        for reference, opens in scenario.contracts(config.institution).items():
            fonds = records.by_ref(session, reference)
            for record in holdings.branch_of(session, fonds):
                record.contract_open_from = opens
            session.flush()
            access.refresh_branch(session, fonds)


def _publish() -> None:
    with db.archive.reading() as session:
        tops = list(session.scalars(records.tops().with_only_columns(Description.pid)))
    for pid in tops:
        with db.archive.transaction() as session:
            fonds = records.by_ref(session, pid)
            holdings.publish_branch(session, fonds, viewer=_viewer(session, "archivist"))


def _collections(config: Config) -> None:
    with db.edition.transaction() as session:
        for number, story in enumerate(stories.collections(config.institution), 1):
            found = [
                row.pid
                for reference in story.references
                if (row := edition.by_reference(session, reference, clock.today())) is not None
            ]
            session.merge(
                Collection(
                    slug=story.slug,
                    sequence=number,
                    title_sv=story.title_sv,
                    title_en=story.title_en,
                    text_sv=story.text_sv,
                    text_en=story.text_en,
                    pids=found,
                )
            )


def _services() -> None:
    with db.edition.transaction() as session:
        for number, service in enumerate(scenario.services(), 1):
            price = service.price_ore
            amount = f"{price / 100:g} kr".replace(".", ",") if price else ""
            session.merge(
                PublicService(
                    slug=service.slug,
                    sequence=number,
                    title_sv=service.name_sv,
                    title_en=service.name_en,
                    text_sv=service.text_sv,
                    text_en=service.text_en,
                    how_sv=f"Svar inom {service.days} arbetsdagar.",
                    how_en=f"Answered within {service.days} working days.",
                    price_sv=f"{amount} {service.per_sv}".strip() if price else "Kostnadsfritt",
                    price_en=f"{amount} {service.per_en}".strip() if price else "Free of charge",
                )
            )


def _viewer(session: Session, role: str) -> Viewer:
    person = session.scalars(select(User).where(User.email == f"{role}@demo.example")).one()
    return accounts.viewer(session, person, clock.today())
