"""A record as a document of the staff index. The public index is made elsewhere, of public rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.accounts.models import OrgUnit
from archive.holdings.models import Description, Term
from archive.search.documents import SearchDoc

__all__ = ["SearchDoc", "of"]


def of(
    record: Description,
    unit: OrgUnit,
    ancestors: Sequence[Mapping[str, str]],
    creators: Sequence[str],
    terms: Sequence[Term],
    texts: Sequence[str],
    digitized: bool,
    *,
    also_named: Sequence[str] = (),
) -> SearchDoc:
    """Return what staff may find the record by: all of it."""
    body = [record.scope or "", record.public_title or "", *record.notes, *texts]
    low, high = record.date_min or record.date_max, record.date_max or record.date_min
    return SearchDoc(
        id=record.pid,
        reference=record.reference,
        title=record.title,
        body="\n".join(part for part in body if part),
        level=record.level,
        kind=record.genre or "",
        unit=unit.name,
        fonds=ancestors[0]["title"] if ancestors else record.title,
        creators=tuple(creators),
        places=tuple(term.value for term in terms if term.kind == "place"),
        subjects=tuple(term.value for term in terms if term.kind == "subject"),
        year_min=low.year if low else None,
        year_max=high.year if high else None,
        digitized=digitized,
        rights=record.rights,
        also_named=tuple(also_named),
        published_on=None,
        open_until=None,
    )
