"""The commands `stadsarkiv export …`: a branch as EAD3, as AIP, or as DIP.

Who asks, and whether it is allowed, is settled first; the file is written beside its target, the
export is noted in the audit, and then the file gets its name. Handed to `archive.cli` by
`wsgi.py`. Begin at `register`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from archive import clock, db, outfile
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.cases import queries as cases
from archive.cli import bound
from archive.config import Config
from archive.holdings import queries as records
from archive.holdings.actions import subject_of
from archive.holdings.models import Description
from archive.outfile import OutFile
from archive.storage.store import open_store
from ingest.build import build_zip
from ingest.build_spec import Kind
from ingest.export import aip, branch, dip, findingaid
from ingest.export.parcel import Parcel


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    group.add_command(export)


@click.group()
def export() -> None:
    """Hand out a record and all below it: finding aid, archival or dissemination package."""


_TARGET = click.option(
    "-o", "--output", "target", required=True, type=click.Path(path_type=Path), help="the new file"
)
_FORCE = click.option("--force", is_flag=True, help="replace the file if it exists")


@export.command("ead")
@click.argument("reference")
@_TARGET
@click.option("--all", "everything", is_flag=True, help="closed records too; needs --as")
@click.option("--as", "email", default=None, help="who takes it out (e-mail)")
@_FORCE
@click.pass_obj
def export_ead(
    config: Config, reference: str, target: Path, everything: bool, email: str | None, force: bool
) -> None:
    """Write EAD3: what everyone may see, or with --all everything."""
    if everything and email is None:
        raise click.UsageError("--all holds closed records: say with --as who takes it out")
    bound(config)
    with db.archive.reading() as session:
        top, viewer = _asked(session, reference, email, reads=everything)
        entries = (branch.everything if everything else branch.allowed)(session, top)
        with outfile.written(target, force=force) as file:
            count = findingaid.write(file.stream, entries, at=clock.now())
            _note(file, "ead", top, viewer, records=count, everything=everything)
    click.echo(f"{target}: EAD3, {count} records" + (", closed ones too" if everything else ""))


@export.command("aip")
@click.argument("reference")
@_TARGET
@click.option("--as", "email", required=True, help="who takes it out (e-mail)")
@_FORCE
@click.pass_obj
def export_aip(config: Config, reference: str, target: Path, email: str, force: bool) -> None:
    """Write an E-ARK AIP: every original below a record, with its history."""
    store = open_store(bound(config))
    with db.archive.reading() as session:
        top, viewer = _asked(session, reference, email, reads=True)
        parcel = aip.parcel_of(session, store, top, at=clock.now())
    _build(parcel, target, force, "aip", top, viewer)


@export.command("dip")
@click.argument("reference")
@_TARGET
@click.option("--as", "email", default=None, help="who takes it out (e-mail)")
@click.option("--case", "case_no", default=None, help="with what was released in this case")
@_FORCE
@click.pass_obj
def export_dip(
    config: Config,
    reference: str,
    target: Path,
    email: str | None,
    case_no: str | None,
    force: bool,
) -> None:
    """Write an E-ARK DIP: what the law lets out; with --case what was released in it too."""
    if case_no is not None and email is None:
        raise click.UsageError("--case hands out what one person was given: say --as who does it")
    store = open_store(bound(config))
    with db.archive.reading() as session:
        top, viewer = _asked(session, reference, email, reads=case_no is not None)
        released: frozenset[int] = frozenset()
        if case_no is not None and viewer is not None:
            viewer.demand(Permission.CASES_HANDLE)
            released = dip.released_in(session, cases.by_pid(session, case_no))
        parcel = dip.parcel_of(
            session,
            store,
            config.data_dir / "derivatives",
            top,
            at=clock.now(),
            released=released,
        )
    _build(parcel, target, force, "dip", top, viewer, case=case_no)


def _asked(
    session: Session, reference: str, email: str | None, *, reads: bool
) -> tuple[Description, Viewer | None]:
    """Return the record and who asks for it; with `reads` they must be allowed to read it all."""
    viewer = accounts.viewer_by_email(session, email, clock.today()) if email else None
    top = records.by_ref(session, reference)
    if reads and viewer is not None:
        branch.demand_reading(session, top, viewer)
    return top, viewer


def _build(
    parcel: Parcel,
    target: Path,
    force: bool,
    kind: str,
    top: Description,
    viewer: Viewer | None,
    **details: Any,
) -> None:
    with outfile.written(target, force=force) as file:
        build_zip(Kind.CSIP, parcel.spec, file.stream)
        _note(file, kind, top, viewer, records=parcel.records, files=parcel.files, **details)
    left = f"; {parcel.left_out} files destroyed or without a copy" if parcel.left_out else ""
    click.echo(f"{target}: {kind.upper()}, {parcel.records} records, {parcel.files} files{left}")


def _note(
    file: OutFile, kind: str, top: Description, viewer: Viewer | None, **details: Any
) -> None:
    """Write the export into the audit: the file is whole on the disk, and not yet at its place."""
    digest = file.settle()
    with db.archive.transaction() as session:
        audit.record(
            session,
            f"export.{kind}",
            subject_of(top),
            actor=viewer or SYSTEM,
            sha256=digest,
            **details,
        )
