"""A public record as a document of the public index: what the row shows, and nothing more."""

from __future__ import annotations

from archive.edition.models import PublicRecord
from archive.search.documents import SearchDoc


def of(row: PublicRecord) -> SearchDoc:
    """Return what everyone may find the record by: only words that its own row shows."""
    return SearchDoc(
        id=row.pid,
        reference=row.reference,
        title=row.title,
        body="\n".join(part for part in (row.scope, row.text) if part),
        level=row.level,
        kind=row.kind or "",
        unit=row.unit_name,
        fonds=row.fonds_title or "",
        creators=tuple(row.creators),
        places=tuple(row.places),
        subjects=tuple(row.subjects),
        year_min=row.year_min,
        year_max=row.year_max,
        digitized=row.digitized,
        rights=row.rights or "",
        published_on=row.published_on,
        open_until=row.open_until,
    )
