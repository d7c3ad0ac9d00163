"""What goes into an index: one document a record, plain values only.

Who may be found is decided before: the caller hands over what the readers of this index may
see, in the staff index or in the edition's. Begin at `SearchDoc`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from archive.errors import Unavailable


class SearchUnavailable(Unavailable):
    """The index is missing, broken or of another version; the rest of the product works on."""


@dataclass(frozen=True, slots=True)
class SearchDoc:
    """One record as the index sees it.

    `id` is stable and unique within the index; `body` is description and full text together;
    `kind` is the genre (minutes, photograph, map…). A document is found while the day is
    before `open_until`; None means without end. `also_named` are other names of its creators,
    places and subjects: words to find by, shown nowhere.
    """

    id: str
    reference: str = ""
    title: str = ""
    body: str = ""
    level: str = ""
    kind: str = ""
    unit: str = ""
    fonds: str = ""
    creators: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    year_min: int | None = None
    year_max: int | None = None
    digitized: bool = False
    rights: str = ""
    also_named: tuple[str, ...] = ()
    published_on: date | None = None
    open_until: date | None = None
