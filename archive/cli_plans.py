"""The commands `stadsarkiv ihp …`: check, import, decide, export, compare and simulate plans.

Handed to `archive.cli` by `wsgi.py`. Begin at `register`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from archive import clock, db, outfile, spreadsheet
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.audit.actions import SYSTEM
from archive.cli import DONE, REFUSED, bound
from archive.config import Config
from archive.errors import Invalid, NotFound
from archive.oversight import telling
from archive.oversight.simulation import TO_COME, simulate
from archive.plans import actions as plan_actions
from archive.plans import queries as plans
from archive.plans.models import PlanVersion
from ihp import check as plan_check
from ihp import exchange, flat
from ihp.diff import compare
from ihp.lifecycle import State
from ihp.plan import Plan


class _Day(click.ParamType[date]):
    """A day as people write it for machines: 2027-01-01."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the day, or say what was expected."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2027-01-01", param, ctx)


DAY = _Day()


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
@click.option("--from", "start", type=DAY, required=True, help="the first day in force")
@click.pass_obj
def decide_plan(config: Config, unit: str, email: str, dnr: str, start: date) -> None:
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
        plan_actions.decide(session, version, dnr=dnr, in_force_from=start, viewer=viewer)
        click.echo(f"decided {org.code} v{version.number}, digest {version.digest}")


@ihp.command("export")
@click.option("--unit", required=True)
@click.option("--version", "number", type=int, default=None, help="the plan in force, if not given")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), default=None)
@click.option("--force", is_flag=True, help="replace the file if it exists")
@click.pass_obj
def export_plan(
    config: Config, unit: str, number: int | None, target: Path | None, force: bool
) -> None:
    """Write a plan as JSON: to a file, or out."""
    bound(config)
    with db.archive.reading() as session:
        plan = _version(session, accounts.need_unit(session, unit), number)
    text = json.dumps(exchange.to_document(plan), ensure_ascii=False, indent=1)
    if target is None:
        click.echo(text)
        return
    with outfile.written(target, force=force) as file:
        file.stream.write(f"{text}\n".encode())
    click.echo(f"{target}: {plan.version}, {len(plan.rules)} rows")


@ihp.command("diff")
@click.argument("versions", nargs=-1, metavar="[OLD NEW]")
@click.option("--unit", default=None, help="the unit whose versions are compared")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def compare_plans(
    config: Config, versions: tuple[str, ...], unit: str | None, as_json: bool
) -> None:
    """Tell row by row what changes between two versions, each a number or a file.

    Without them: from the plan in force to the newest version to come.
    """
    if len(versions) > 2:
        raise click.UsageError("name at most two versions: OLD and NEW")
    if unit is None and (len(versions) < 2 or any(name.isdecimal() for name in versions)):
        raise click.UsageError("say with --unit whose versions are meant")
    bound(config)
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit) if unit else None
        old, new = _pair(session, org, versions)
    found = compare(old, new)
    if as_json:
        click.echo(_json(telling.comparison_form(old, new, found)))
        return
    for line in telling.comparison_lines(old, new, found):
        click.echo(line)


@ihp.command("simulate")
@click.argument("number", required=False, type=int, metavar="[VERSION]")
@click.option("--unit", required=True)
@click.option("--on", "day", type=DAY, default=None, help="its first day in force; else today")
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def simulate_plan(
    config: Config, number: int | None, unit: str, day: date | None, limit: int, as_json: bool
) -> None:
    """Tell what a version would change for the unit's records; change nothing."""
    bound(config)
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit)
        version = _to_come(session, org, number)
        done = simulate(session, version, day or version.in_force_from or clock.today())
    if as_json:
        click.echo(_json(telling.simulation_form(done)))
        return
    for line in telling.simulation_lines(done, limit=limit):
        click.echo(line)


def _pair(session: Session, org: OrgUnit | None, names: Sequence[str]) -> tuple[Plan | None, Plan]:
    """Return the two plans to compare; what is not named is in force now, and to come."""
    if len(names) == 2:
        return _named(session, org, names[0]), _named(session, org, names[1])
    assert org is not None
    found = plans.in_force(session, org.id, clock.today())
    old = found.plan if found else None
    if names:
        return old, _named(session, org, names[0])
    return old, plans.as_plan(_to_come(session, org, None))


def _named(session: Session, org: OrgUnit | None, name: str) -> Plan:
    """Return a version by its number, or the rows of a file."""
    if name.isdecimal() and org is not None:
        return _version(session, org, int(name))
    file = Path(name)
    if not file.is_file():
        raise click.UsageError(f"{name!r} is neither a version's number nor a file")
    rules, errors = exchange.read_rows(_rows(file))
    if errors:
        first = errors[0]
        raise Invalid(f"{file}: row {first.row} {first.column}: {first.text_en}; see ihp check")
    return Plan(file.name, 0, file.name, "", rules)


def _version(session: Session, org: OrgUnit, number: int | None) -> Plan:
    if number is not None:
        version = plans.version(session, org.id, number)
        if version is None:
            raise NotFound(f"{org.code} has no version {number}")
        return plans.as_plan(version)
    found = plans.in_force(session, org.id, clock.today())
    if found is None:
        raise Invalid(f"{org.code} has no plan in force")
    return found.plan


def _to_come(session: Session, org: OrgUnit, number: int | None) -> PlanVersion:
    """Return a version by number, or the newest that is not in force yet."""
    for version in session.scalars(plans.versions_of(org.id)):
        if number is None and version.state not in TO_COME:
            continue
        if number is None or version.number == number:
            return version
    wanted = "version to come" if number is None else f"version {number}"
    raise NotFound(f"{org.code} has no {wanted}")


def _json(form: Mapping[str, Any]) -> str:
    return json.dumps(form, ensure_ascii=False, indent=1)


def _rows(file: Path) -> list[dict[str, Any]]:
    if file.suffix.lower() in spreadsheet.ENDINGS:
        return _sheet(file)
    try:
        form = json.loads(file.read_text("utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"{file} is no JSON: {error}") from error
    rows = form.get("rows") if isinstance(form, dict) else form
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(f"{file} has no list of rows")
    return rows


def _sheet(file: Path) -> list[dict[str, Any]]:
    """Return the rows of a CSV or XLSX file; a blank line is no row."""
    try:
        headings, *lines = spreadsheet.rows_of(file) or [[]]
        columns = flat.columns_of([spreadsheet.text_of(cell or "") for cell in headings])
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    filled = ([spreadsheet.text_of("" if c is None else c) for c in line] for line in lines)
    return [flat.row_of(columns, cells) for cells in filled if any(cells)]
