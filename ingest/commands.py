"""The dock's commands: validate, ingest, status, derive, migrate, and the demo city.

Handed to `archive.cli` by `wsgi.py`. Begin at `register`.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from archive import clock, db, outfile, running, starting
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.audit.actions import SYSTEM
from archive.cli import DONE, REFUSED, UNREADABLE, WAITS, bound
from archive.config import Config
from archive.errors import Invalid
from archive.holdings import queries as holdings
from archive.holdings.models import Description
from archive.jobs import queries as jobs
from archive.jobs import worker
from ingest import derive, queries, read, receive, report, report_pdf
from ingest.demo import load
from ingest.findings import Severity
from ingest.migration import actions as migration
from ingest.models import State, Transfer

_EXIT = {
    State.ACCESSIONED: DONE,
    State.REJECTED: REFUSED,
    State.REVIEW: WAITS,
    State.CHECKED: WAITS,
}


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    for command in (validate, ingest, status, derive_anew, migrate, demo, start):
        group.add_command(command)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--pdf", "pdf", type=click.Path(path_type=Path), help="write a report for the supplier here"
)
@click.option("--language", type=click.Choice(report.LANGUAGES), default="sv", help="of the PDF")
def validate(path: Path, as_json: bool, pdf: Path | None, language: str) -> int:
    """Examine a package, and keep nothing of it."""
    if not path.exists():
        click.echo(f"stadsarkiv: there is nothing at {path}", err=True)
        return UNREADABLE
    begun = time.monotonic()
    found = read.examine(path)
    seconds = round(time.monotonic() - begun, 3)
    if pdf is not None:
        content = report_pdf.pdf(report.of_package(path, found), language)
        with outfile.written(pdf, force=True) as file:
            file.stream.write(content)
    _tell_found(found, seconds, as_json=as_json)
    return DONE if found.is_valid else REFUSED


def _tell_found(found: read.Examined, seconds: float, *, as_json: bool) -> None:
    profile = found.package.profile if found.package else None
    if as_json:
        answer = {
            "valid": found.is_valid,
            "profile": profile,
            "findings": [finding.as_dict(profile) for finding in found.findings],
            "files": found.files,
            "bytes": found.size_bytes,
            "seconds": seconds,
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for finding in found.findings:
            click.echo(f"{finding.severity.value:7} {finding.code:22} {finding.where}")
            click.echo(f"        {finding.message('en')} {finding.hint('en')}")
        verdict = "valid" if found.is_valid else "NOT valid"
        kind = profile or "nothing recognised"
        click.echo(f"{verdict}: {kind}, {found.files} files, {found.size_bytes} bytes")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--unit", required=True, help="code of the unit that delivers")
@click.option("--agreement", default=None, help="number of the submission agreement")
@click.option("--record-type", default=None, help="row of the unit's plan")
@click.option("--wait", is_flag=True, help="until it is in, rejected, or waits for a person")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def ingest(
    config: Config,
    path: Path,
    unit: str,
    agreement: str | None,
    record_type: str | None,
    wait: bool,
    as_json: bool,
) -> int:
    """Take in a delivery: a file or a folder."""
    if not path.exists():
        click.echo(f"stadsarkiv: there is nothing at {path}", err=True)
        return UNREADABLE
    bound(config)
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit)
    declared = receive.Declared(org.id, record_type, agreement)
    transfer, is_new = receive.receive(
        path.resolve(), path.name, declared, quarantine=config.quarantine, actor=SYSTEM
    )
    if not is_new:
        _tell_known(transfer, declared)
    if wait:
        _wait(config, transfer)
    return _tell(transfer.pid, as_json)


@click.command()
@click.argument("transfer")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def status(config: Config, transfer: str, as_json: bool) -> int:
    """Tell where a delivery is."""
    bound(config)
    return _tell(transfer, as_json)


@click.command("derive")
@click.argument("reference", required=False)
@click.option("--branch", is_flag=True, help="everything below it too")
@click.option("--made-by", "tool", default=None, help='what a tool made: "pillow 12.3.0"')
@click.pass_obj
def derive_anew(config: Config, reference: str | None, branch: bool, tool: str | None) -> int:
    """Ask for copies, tiles and OCR to be made anew, by record or by tool; a worker does it."""
    if reference is None and tool is None:
        raise click.UsageError("name a record, or a tool with --made-by")
    bound(config)
    with db.archive.transaction() as session:
        record = holdings.by_ref(session, reference) if reference else None
        if tool is not None:
            pids = derive.made_by(session, tool, record.path if record else "/")
            if record is not None and not branch:
                pids = [pid for pid in pids if pid == record.pid]
        elif record is not None and branch:
            pids = list(session.scalars(holdings.branch(record).with_only_columns(Description.pid)))
        else:
            pids = [record.pid] if record else []
        count = derive.ask(session, pids)
    click.echo(f"asked for: {count} records")
    return DONE if count else REFUSED


@click.command()
@click.argument("puid")
@click.option("--as", "email", required=True, help="who decides it (e-mail)")
@click.option("--reason", required=True)
@click.option("--below", "reference", default=None, help="a record or series: only what is there")
@click.pass_obj
def migrate(config: Config, puid: str, email: str, reason: str, reference: str | None) -> None:
    """Ask for new versions of what is kept in a format; a worker makes them. Originals stay."""
    bound(config)
    with db.archive.transaction() as session:
        viewer = accounts.viewer_by_email(session, email, clock.today())
        count = migration.start(session, puid, reference=reference, reason=reason, viewer=viewer)
    click.echo(f"asked for: {count} files")


def _wait(config: Config, transfer: Transfer) -> None:
    """Follow the transfer to a state where it rests; do the work when no worker lives."""
    running.prepare(config)
    while True:
        with db.archive.reading() as session:
            state = State(queries.by_pid(session, transfer.pid).state)
            job = queries.job_of(session, transfer)
            has_worker = jobs.has_worker(session)
        has_failed = job is not None and job.state == "failed"
        if has_failed or (job is None and state in _EXIT):
            break
        if has_worker or not worker.run_once(worker.worker_name()):
            time.sleep(0.2)
    if not has_worker:
        worker.run_until_idle()


def _tell_known(transfer: Transfer, declared: receive.Declared) -> None:
    on = transfer.received_at.astimezone(clock.STOCKHOLM)
    said = f"the same bytes are delivery no. {transfer.number} already, received {on:%Y-%m-%d}"
    ignored = [name.removesuffix("_id") for name in receive.unused(transfer, declared)]
    if ignored:
        said += f"; not used now: {', '.join(ignored).replace('_', ' ')}"
    click.echo(f"stadsarkiv: {said}", err=True)


def _tell(pid: str, as_json: bool) -> int:
    with db.archive.reading() as session:
        transfer = queries.by_pid(session, pid)
        found = queries.findings(session, transfer, "en")
    if as_json:
        answer = {
            "transfer": transfer.pid,
            "state": transfer.state,
            "records": transfer.record_count,
            "files": transfer.file_count,
            "bytes": transfer.size_bytes,
            "findings": [
                {
                    "code": f.code,
                    "severity": f.severity,
                    "where": f.where,
                    "message": f.message,
                    "hint": f.hint,
                    "source": f.source,
                }
                for f in found
            ],
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for f in found:
            click.echo(f"{f.severity:7} {f.code:22} {f.where}\n        {f.message}")
        errors = sum(f.severity == Severity.ERROR for f in found)
        click.echo(
            f"transfer {transfer.number} ({transfer.pid}) is {transfer.state}: "
            f"{transfer.record_count} records, {transfer.file_count} files, {errors} errors; "
            f"received {transfer.received_at.astimezone(clock.STOCKHOLM):%Y-%m-%d %H:%M}"
        )
    return _EXIT.get(State(transfer.state), WAITS)


@click.command()
@click.option("--records", type=click.IntRange(1, 1_000_000), default=None)
@click.pass_obj
def demo(config: Config, records: int | None) -> int:
    """Load the invented demo city into an empty archive."""
    if not config.demo:
        raise Invalid("the demo has known log-ins: set STADSARKIV_DEMO=1 to say that you mean it")
    bound(config)
    running.prepare(config)
    begun = time.monotonic()
    load.load(config, count=records, say=click.echo)
    click.echo(f"the demo city is ready after {time.monotonic() - begun:.0f} s")
    return DONE


@click.command()
@click.option("--port", type=int, default=8000, show_default=True)
@click.pass_obj
def start(config: Config, port: int) -> int:
    """Start web and worker together; an empty archive gets the demo city first (`make run`)."""
    if running.is_taken(port):
        click.echo(f"stadsarkiv: port {port} is in use; try  make run PORT={port + 1}", err=True)
        return UNREADABLE
    config = load.without_half_a_city(config, say=click.echo)
    bound(config)
    if not config.demo:
        starting.demand(config)
    if config.demo and load.is_empty():
        click.echo("An empty archive: the demo city is built and taken in (about two minutes).")
        running.prepare(config)
        load.load(config, count=None, say=click.echo)
    db.unbind()
    click.echo(f"\n  Linköpings stadsarkiv   http://127.0.0.1:{port}/")
    click.echo(f"  The desk                http://127.0.0.1:{port}/desk")
    if config.demo:
        click.echo(f"  Demo log-ins            <role>@demo.example, password {load.PASSWORD}")
        click.echo("  Roles                   " + ", ".join(role.value for role in Role))
    click.echo(f"  Data                    {config.data_dir}   (Ctrl-C stops)\n")
    return running.together(config, port)
