"""The commands that read the store for people: is it as it was, and the database anew from it.

Handed to `archive.cli` by `wsgi.py`. Begin at `register`.
"""

from __future__ import annotations

import json

import click

from archive import db, running
from archive.cli import DONE, REFUSED, UNREADABLE, bound
from archive.config import Config
from archive.jobs import queries as jobs
from archive.jobs import worker
from archive.keeping import rebuild as rebuilding
from archive.storage import fixity, marks
from archive.storage import queries as storage
from archive.storage.fixity import Round
from archive.storage.store import open_store


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    group.add_command(rebuild)
    group.add_command(check_fixity)
    group.add_command(store)


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


@click.group()
def store() -> None:
    """The disks of the store."""


@store.command("status")
@click.pass_obj
def show_roots(config: Config) -> int:
    """Tell of each disk whether it is the one that the archive knows."""
    roots = open_store(bound(config)).roots
    for root in roots:
        click.echo(root.away or f"{root}: there, mark {root.expected}")
    return REFUSED if any(root.away for root in roots) else DONE


@store.command("adopt")
@click.argument("place")
@click.pass_obj
def adopt(config: Config, place: str) -> None:
    """Say that a new disk stands at PLACE, to be filled from the other copy."""
    roots = open_store(bound(config)).roots
    marks.adopt(roots, place.rstrip("/"))
    click.echo(f"{place} is a disk of the store now; stadsarkiv fixity fills it at once,")
    click.echo("the worker in the coming nights")


@click.group("fixity", invoke_without_command=True)
@click.option("--sample", type=click.FloatRange(0, 100), default=100, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def check_fixity(context: click.Context, sample: float, as_json: bool) -> int | None:
    """Read every byte of the store again; find changes and repair them."""
    if context.invoked_subcommand is not None:
        return None
    return _told(fixity.check_round(open_store(bound(context.obj)), sample=sample), as_json)


@check_fixity.command("night")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check_night(config: Config, as_json: bool) -> int:
    """Read tonight's share, within the budget, as the worker does each day."""
    store = open_store(bound(config))
    return _told(fixity.check_night(store, fixity.pace_of(config)), as_json)


@check_fixity.command("object")
@click.argument("object_id")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check_object(config: Config, object_id: str, as_json: bool) -> int:
    """Read one object of the store now."""
    return _told(fixity.check_object(open_store(bound(config)), object_id), as_json)


@check_fixity.command("status")
@click.pass_obj
def show_standing(config: Config) -> int:
    """Tell which object is the longest unchecked, and whether the round can be kept."""
    store = open_store(bound(config))
    with db.archive.reading() as session:
        now = storage.standing(session, config.fixity_days, config.fixity_bytes, store.copies)
        damaged = storage.damaged(session)
    if now.oldest is None:
        click.echo("the store is empty")
        return DONE
    age = "with a date that lies in the future" if now.is_undated else f"{now.age_days} days ago"
    click.echo(f"longest unchecked: {now.oldest.object_id}, read {age}")
    click.echo(f"{now.objects} objects, {now.bytes} bytes in {store.copies} copies")
    click.echo(f"needed tonight: {now.needed} bytes; budget: {now.budget} bytes a night")
    click.echo(f"a round takes {now.nights} nights; it may take {now.days}")
    click.echo(f"damaged and not repaired: {damaged}")
    if not now.can_be_kept:
        click.echo("THE BUDGET IS TOO SMALL: raise STADSARKIV_FIXITY_BYTES")
    return DONE if now.can_be_kept and not now.is_late and not damaged else REFUSED


def _told(round_: Round, as_json: bool) -> int:
    found = [
        {
            "object": one.object_id,
            "repaired": one.repaired,
            "problems": [
                {"copy": p.copy, "path": p.path, "what": p.what, "from": one.mended.source_of(p)}
                for p in one.problems
            ],
        }
        for one in round_.found
    ]
    if as_json:
        answer = {"checked": round_.checked, "found": found, "unread": round_.unread}
        click.echo(json.dumps(answer, ensure_ascii=False))
        return DONE if round_.is_whole else REFUSED
    click.echo(f"checked {round_.checked} objects, {len(found)} with problems")
    for one in round_.found:
        click.echo(f"  {one.object_id}: {'repaired' if one.repaired else 'DAMAGED'}")
        for problem in one.problems:
            source = one.mended.source_of(problem)
            mended = f"; mended from {source}" if source else ""
            click.echo(f"    {problem.copy}: {problem.path or 'object'}: {problem.what}{mended}")
    for object_id in round_.unread:
        click.echo(f"  {object_id}: could not be read; see the log")
    return DONE if round_.is_whole else REFUSED
