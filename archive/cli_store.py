"""The commands that read the store for people: the database anew from it.

Handed to `archive.cli` by `wsgi.py`. Begin at `register`.
"""

from __future__ import annotations

import click

from archive import db, running
from archive.cli import DONE, REFUSED, UNREADABLE, bound
from archive.config import Config
from archive.jobs import queries as jobs
from archive.jobs import worker
from archive.keeping import rebuild as rebuilding
from archive.storage.store import open_store


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    group.add_command(rebuild)


@click.command()
@click.option("--from-storage", is_flag=True, help="say that you mean it: the database anew")
@click.pass_obj
def rebuild(config: Config, from_storage: bool) -> int:
    """Fill an empty database from the stored packages, then make edition and indexes anew."""
    if not from_storage:
        click.echo("stadsarkiv: say --from-storage; for the indexes alone: reindex", err=True)
        return UNREADABLE
    store = open_store(bound(config))
    running.prepare(config)
    done = rebuilding.rebuild(store, say=click.echo)
    for problem in done.problems:
        click.echo(f"  {problem}", err=True)
    click.echo(f"{done.records} records of {done.rows} rows, {len(done.problems)} problems")
    with db.archive.reading() as session:
        has_worker = jobs.has_worker(session)
    if not has_worker:
        click.echo("making the edition and the indexes …")
        worker.run_until_idle()
    click.echo("not in the store: accounts (stadsarkiv user add), cases and the audit (a backup)")
    return REFUSED if done.problems else DONE
