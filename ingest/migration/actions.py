"""Ask for a migration: of all files of a format, or those of one record and what lies below it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.errors import Conflict, Invalid, NotFound
from archive.holdings import queries as holdings
from archive.holdings.actions import subject_of
from archive.jobs import actions as jobs
from archive.jobs.models import Priority
from ingest.migration import queries
from ingest.migration.converters import converter_for
from ingest.migration.queries import Scope


def start(
    session: Session, puid: str, *, reference: str | None, reason: str, viewer: Viewer
) -> int:
    """Let a worker migrate what is kept of a format; return how many files wait for it.

    :raises Invalid: if no reason is given, nothing here converts the format, or the house has no
        wish for another format.
    :raises Conflict: if nothing waits: all is migrated already.
    """
    viewer.demand(Permission.FORMATS_MANAGE)
    if not (reason := reason.strip()):
        raise Invalid("say why the format is migrated; the reason is kept")
    if converter_for(puid) is None:
        raise Invalid(f"nothing here converts {puid}")
    if not queries.is_wished_away(session, puid):
        raise Invalid(f"the house has no wish for another format than {puid}")
    path, subject = _place(session, puid, reference, viewer)
    units = viewer.units(Permission.FORMATS_MANAGE)
    scope = Scope(puid, None if units is None else tuple(sorted(units)), path)
    count = queries.waiting(session, scope)
    if not count:
        raise Conflict("there is nothing left to migrate")
    audit.record(
        session, "format.migrate", subject, actor=viewer, note=reason, puid=puid, files=count
    )
    jobs.enqueue(
        session,
        "ingest.migrate",
        lock_key="migration",  # one at a time: two would add to the same package
        priority=Priority.BEHIND,
        puid=puid,
        units=scope.unit_ids,
        path=path,
        actor=viewer.actor_id,
    )
    return count


def _place(session: Session, puid: str, reference: str | None, viewer: Viewer) -> tuple[str, str]:
    """Return below which path, and what the log says it is about."""
    if not reference:
        return "/", f"format:{puid}"
    record = holdings.by_ref(session, reference)
    if not viewer.may(Permission.FORMATS_MANAGE, record.unit_id):
        raise NotFound(f"there is no record {reference!r}")
    return record.path, subject_of(record)
