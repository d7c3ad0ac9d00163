"""The command `stadsarkiv`: what operators and archivists do without a browser.

Exit codes: 0 done · 1 refused or invalid · 2 usage or unreadable · 3 waits for a person. The
other commands are handed in by `wsgi.py`. Begin at `run`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from archive import backup as backups
from archive import clock, db, explaining, logs, migrate, running, starting
from archive.accounts import actions as account_actions
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.audit import queries as audits
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.errors import ArchiveError
from archive.holdings import actions as holdings
from archive.holdings import queries as records
from archive.publish import rebuild
from archive.storage.store import open_store

DONE, REFUSED, UNREADABLE, WAITS = 0, 1, 2, 3


def run(arguments: Sequence[str], *, extensions: Sequence[Callable[[click.Group], None]]) -> int:
    """Run one command and return its exit code; an error is one sentence, never a traceback."""
    for register in extensions:
        register(main)
    try:
        answer = main.main(list(arguments), prog_name="stadsarkiv", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return UNREADABLE
    except ArchiveError as error:
        click.echo(f"stadsarkiv: {error}", err=True)
        return REFUSED
    except (OSError, ValueError) as error:
        click.echo(f"stadsarkiv: {error}", err=True)
        return UNREADABLE
    except click.Abort:
        return UNREADABLE
    return answer if isinstance(answer, int) else DONE


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Linköpings digitala stadsarkiv."""
    config = Config.from_env()
    logs.configure(config)
    context.obj = config


def bound(config: Config) -> Config:
    """Open the databases and bring them to the schema of this release."""
    starting.prepare_folder(config)
    db.bind(config)
    migrate.upgrade()
    return config


@main.command()
@click.pass_obj
def init(config: Config) -> None:
    """Make databases, store and folders, and tell what would stop `serve`."""
    bound(config)
    for root in open_store(config).roots:
        if root.away:
            click.echo(f"the store: {root.away}")
    click.echo(f"ready in {config.data_dir}")
    for finding in starting.findings(config):
        click.echo(f"before it is served: {finding}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), type=int)
@click.option("--public", "only", flag_value="public", help="only the public site")
@click.option("--desk", "only", flag_value="desk", help="only the desk")
@click.pass_obj
def serve(config: Config, host: str, port: int, only: str | None) -> None:
    """Serve the web pages, until stopped."""
    starting.demand_loopback(config, host)
    if only != "public":
        bound(config)
    starting.demand(config)
    db.unbind()
    running.serve(config, host, port, only or "both")


@main.command()
@click.pass_obj
def worker(config: Config) -> None:
    """Do the work that waits: deliveries, publication, nightly checks; until stopped."""
    bound(config)
    starting.demand(config)
    running.work(config)


@main.command()
@click.argument("reference")
@click.option("--as", "email", required=True, help="who publishes (e-mail)")
@click.option("--description-only", is_flag=True, help="the description, not the contents")
@click.option("--branch", is_flag=True, help="everything below it too, as far as allowed")
@click.pass_obj
def publish(
    config: Config, reference: str, email: str, description_only: bool, branch: bool
) -> int:
    """Publish a record, if the law and the role allow it."""
    bound(config)
    with db.archive.transaction() as session:
        viewer = accounts.viewer_by_email(session, email, clock.today())
        record = records.by_ref(session, reference)
        if branch:
            done, refused = holdings.publish_branch(session, record, viewer=viewer)
            click.echo(f"published {done}, not allowed {refused}")
            return DONE if done else REFUSED
        holdings.publish(session, record, viewer=viewer, full=not description_only)
    click.echo(f"published {reference}")
    return DONE


@main.command()
@click.argument("reference")
@click.option("--as", "email", required=True)
@click.option("--reason", required=True)
@click.pass_obj
def withdraw(config: Config, reference: str, email: str, reason: str) -> None:
    """Take a record and what lies below it out of the edition, at once."""
    bound(config)
    with db.archive.transaction() as session:
        viewer = accounts.viewer_by_email(session, email, clock.today())
        record = records.by_ref(session, reference)
        count = holdings.withdraw(session, record, reason=reason, viewer=viewer)
    click.echo(f"withdrawn: {count}")


@main.command("explain")
@click.argument("reference")
@click.option("--as", "role", default=None, help="the role that asks")
@click.pass_obj
def explain_record(config: Config, reference: str, role: str | None) -> None:
    """Tell every decision about a record, its rule, clause and dates."""
    bound(config)
    with db.archive.reading() as session:
        record = records.by_ref(session, reference)
        for line in explaining.lines(session, record, config, role=role):
            click.echo(line)


@main.command()
@click.pass_obj
def reindex(config: Config) -> None:
    """Build both indexes anew, beside the old ones."""
    staff, public = rebuild.indexes(bound(config))
    click.echo(f"indexed {staff} records for staff, {public} for the public")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def backup(config: Config, folder: Path) -> None:
    """Back up the living archive to a new folder."""
    manifest = backups.back_up(bound(config), folder)
    click.echo(f"backed up {len(manifest['files'])} files; audit {manifest['audit_head']}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_obj
def restore(config: Config, folder: Path) -> int:
    """Restore a backup into an empty archive, and test the audit up to the backup's head."""
    starting.prepare_folder(config)
    manifest = backups.restore(config, folder)
    bound(config)
    with db.archive.reading() as session:
        breaks, head = list(audits.verify(session)), audits.head(session)
    whole = not breaks and head.digest == manifest["audit_head"]["digest"]
    click.echo(f"restored {len(manifest['files'])} files of {manifest['at']}")
    click.echo("the audit holds" if whole else "THE AUDIT DOES NOT FIT THE BACKUP")
    click.echo("now: stadsarkiv reindex, and start the worker")
    return DONE if whole else REFUSED


@main.command("verify-audit")
@click.pass_obj
def verify_audit(config: Config) -> int:
    """Test the audit chain from its first event to its last."""
    bound(config)
    with db.archive.reading() as session:
        breaks = list(audits.verify(session))
        head = audits.head(session)
        for one in breaks:
            click.echo(f"event {one.seq}: {one.what}")
        click.echo(f"{head.seq} events; head {head.digest}")
    click.echo("The chain holds." if not breaks else "THE CHAIN IS BROKEN.")
    return REFUSED if breaks else DONE


@main.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", default=None, help="code of the unit the role is held for")
@click.option("--name", default="")
@click.option("--password", default=None, help="asked for, or made, when it is not given")
@click.pass_obj
def add_user(
    config: Config, email: str, role: str, unit: str | None, name: str, password: str | None
) -> None:
    """Add a member of staff with a role; for an existing one, add the role."""
    bound(config)
    made = password or secrets.token_urlsafe(12)
    with db.archive.transaction() as session:
        org = accounts.need_unit(session, unit) if unit else None
        person = accounts.user_by_email(session, email)
        if person is None:
            person = account_actions.add_user(session, email, name, made, actor=SYSTEM)
            if password is None:
                click.echo(f"password: {made}")
        account_actions.grant(session, person, Role(role), unit=org, actor=SYSTEM)
    click.echo(f"{email} is {role}" + (f" for {unit}" if unit else ""))


@user.command("password")
@click.argument("email")
@click.option("--password", default=None, help="made and shown when it is not given")
@click.pass_obj
def set_password(config: Config, email: str, password: str | None) -> None:
    """Give somebody a new password; every log-in with the old one ends."""
    bound(config)
    made = password or secrets.token_urlsafe(12)
    with db.archive.transaction() as session:
        person = accounts.need_user(session, email)
        account_actions.set_password(session, person, made, actor=SYSTEM)
    click.echo(f"password: {made}" if password is None else f"{email} has a new password")


@user.command("close")
@click.argument("email")
@click.pass_obj
def close_user(config: Config, email: str) -> None:
    """Close an account; every log-in of the person ends."""
    bound(config)
    with db.archive.transaction() as session:
        person = accounts.need_user(session, email)
        account_actions.set_active(session, person, False, actor=SYSTEM)
    click.echo(f"{email} is closed")
