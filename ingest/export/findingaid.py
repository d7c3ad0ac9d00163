"""Write a branch of the holdings as EAD3. Which records and fields is decided in `branch`.

Begin at `write`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from archive import ead
from archive.ead import Control, Name, Unit
from archive.holdings.models import Description
from archive.publish.sources import ARCHIVE_NAME
from ingest.export.branch import Entry
from ingest.package import DescriptionDraft

_OWN = (
    # field of ours, field of the draft
    ("publicTitle", "public_title"),
    ("recordType", "record_type"),
    ("unit", "unit"),
    ("rightsState", "rights"),
    ("personalData", "personal_data"),
    ("livingPersons", "living_persons"),
)


def write(stream: IO[bytes], entries: Iterable[Entry], *, at: datetime) -> int:
    """Write the entries as one finding aid, the first at its top; return how many there were."""
    waiting = iter(entries)
    first = next(waiting)
    control = Control(
        record_id=f"{first.record.reference}",
        title=first.draft.title,
        agency=ARCHIVE_NAME,
        at=at,
    )
    count = 1
    with ead.document(stream, control) as aid:
        aid.add(_unit(first), first.depth)
        for entry in waiting:
            aid.add(_unit(entry), entry.depth)
            count += 1
    return count


def _unit(entry: Entry) -> Unit:
    draft, record = entry.draft, entry.record
    return Unit(
        key=draft.key,
        level=draft.level,
        title=draft.title,
        reference=record.reference,
        date_text=draft.date_text,
        normal_date=_normal(record),
        extent=draft.extent,
        language=draft.language,
        names=tuple(Name(a.name, a.kind, a.role, a.dates) for a in draft.creators),
        scope=draft.scope,
        places=draft.places,
        subjects=draft.subjects,
        genre=draft.genre,
        restrictions=tuple(restriction.value for restriction in draft.restrictions),
        notes=draft.notes,
        own=_own(draft),
    )


def _own(draft: DescriptionDraft) -> dict[str, str]:
    own = {name: str(value) for name, field in _OWN if (value := getattr(draft, field))}
    if draft.is_register:
        own["isRegister"] = "yes"
    return own | {f"event.{name}": day.isoformat() for name, day in draft.events.items()}


def _normal(record: Description) -> str | None:
    first, last = record.date_min, record.date_max
    if first is None or last is None:
        return None
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
