"""Mend the code of a record that was just described at the desk and holds nothing yet.

Nothing lies in it, names it or is cited by it, so another code breaks nothing; the old one leads
to it still. A record that holds something gets a new code by `moving` only. Begin at `recode`.
"""

from __future__ import annotations

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.db import ArchiveBase
from archive.describing import references
from archive.errors import Conflict, Invalid
from archive.history import actions as history
from archive.history.actions import Occasion
from archive.history.models import Change
from archive.holdings.actions import subject_of
from archive.holdings.models import Description, Publication

LONGEST = 200


def is_empty(session: Session, record: Description) -> bool:
    """Return whether a record was described at the desk, is not out, and nothing hangs on it.

    Every table that points at records is asked, so that one that is added later is not forgotten.
    """
    if record.transfer_pid or record.aip_id or record.destroyed_on:
        return False
    if record.publication != Publication.NONE or record.published_at:
        return False
    own = Description.__table__.c.id
    pointing = [
        exists().where(column == record.id)
        for table in ArchiveBase.metadata.tables.values()
        for column in table.columns
        if any(key.column is own for key in column.foreign_keys)
    ]
    at_desk = exists().where(Change.record_pid == record.pid, Change.deed == "create")
    return bool(session.scalar(select(at_desk & ~or_(*pointing))))


def recode(session: Session, record: Description, wanted: str, *, viewer: Viewer) -> None:
    """Give an empty record another reference code; the one it had leads to it still.

    :raises Invalid: if no code is given, or one that is too long.
    :raises Conflict: if another record has or had the code, or this one is no longer empty.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    code, old = wanted.strip(), record.reference
    if not code or len(code) > LONGEST:
        raise Invalid("write a reference code of at most 200 characters")
    if code == old:
        return
    if not is_empty(session, record):
        raise Conflict("the record is not empty any more; its code stays unless it is moved")
    references.require_free(session, [code], own=[record.pid])
    references.leave(session, record, old)
    record.reference, record.updated_at = code, clock.now()
    fields = {"reference": (old, code)}
    audit.record(session, "record.describe", subject_of(record), actor=viewer, fields=[*fields])
    history.note(session, record.pid, fields, actor=viewer, occasion=Occasion())
    session.flush()
