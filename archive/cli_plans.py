"""The commands `stadsarkiv ihp …`: check, import, decide, compare and export plans.

Handed to `archive.cli` by `wsgi.py`. Begin at `register`.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from archive import clock, db
from archive.accounts import queries as accounts
from archive.audit.actions import SYSTEM
from archive.cli import DONE, REFUSED, bound
from archive.config import Config
from archive.errors import Invalid
from archive.plans import actions as plan_actions
from archive.plans import queries as plans
from ihp import check as plan_check
from ihp import exchange
from ihp.lifecycle import State
from ihp.plan import Plan


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    group.add_command(ihp)


@click.group()
def ihp() -> None:
    """Information management plans."""


@ihp.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check_plan(file: Path) -> int:
    """Check rows of a plan: every error with row and column."""
    rules, errors = exchange.read_rows(_rows(file))
    for error in errors:
        click.echo(f"row {error.row} {error.code} {error.column}: {error.text_en}")
    found = plan_check.check(Plan("?", 0, file.name, "", rules))
    for one in found:
        weight = "error" if one.is_error else "warning"
        click.echo(f"{weight} {one.code} {one.row} {one.column}: {one.text_en}")
    click.echo(f"{len(rules)} rows read, {len(errors)} not readable")
    return REFUSED if errors or any(one.is_error for one in found) else DONE


@ihp.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--unit", required=True)
@click.option("--as", "email", default=None)
@click.option("--title", default=None)
@click.pass_obj
def import_plan(
    config: Config, file: Path, unit: str, email: str | None, title: str | None
) -> None:
    """Take in rows as a draft of a unit's plan."""
    bound(config)
    with db.archive.transaction() as session:
        org = accounts.need_unit(session, unit)
        viewer = accounts.viewer_by_email(session, email, clock.today()) if email else None
        version = plan_actions.draft(
            session,
            org,
            _rows(file),
            title=title or f"Informationshanteringsplan {org.name}",
            authority="",
            actor=viewer or SYSTEM,
        )
        click.echo(f"draft {org.code} v{version.number}")


@ihp.command("decide")
@click.option("--unit", required=True)
@click.option("--as", "email", required=True)
@click.option("--dnr", required=True)
@click.option("--from", "start", required=True, help="the first day in force, 2027-01-01")
@click.pass_obj
def decide_plan(config: Config, unit: str, email: str, dnr: str, start: str) -> None:
    """Decide the newest version of a unit's plan; a draft is taken through consultation first."""
    bound(config)
    with db.archive.transaction() as session:
        org = accounts.need_unit(session, unit)
        viewer = accounts.viewer_by_email(session, email, clock.today())
        version = session.scalars(plans.versions_of(org.id)).first()
        if version is None:
            raise Invalid(f"{org.code} has no plan to decide")
        if version.state == State.DRAFT:
            plan_actions.consult(session, version, actor=viewer)
        plan_actions.decide(
            session, version, dnr=dnr, in_force_from=date.fromisoformat(start), viewer=viewer
        )
        click.echo(f"decided {org.code} v{version.number}, digest {version.digest}")


@ihp.command("export")
@click.option("--unit", required=True)
@click.pass_obj
def export_plan(config: Config, unit: str) -> None:
    """Write the plan in force as JSON."""
    bound(config)
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit)
        found = plans.in_force(session, org.id, clock.today())
    if found is None:
        raise Invalid(f"{org.code} has no plan in force")
    click.echo(json.dumps(exchange.to_document(found.plan), ensure_ascii=False, indent=1))


def _rows(file: Path) -> list[dict[str, Any]]:
    form = json.loads(file.read_text("utf-8-sig"))
    rows = form.get("rows") if isinstance(form, dict) else form
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(f"{file} has no list of rows")
    return rows
