"""Lists for the scanning firm: what is ordered, and what is wrong with what came.

CSV with semicolons, as Swedish spreadsheets read it, and a letter in plain text. Where a record
stands is told by whoever knows the shelves: `places_from`. Begin at `ordered`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive.holdings.models import Description, File
from archive.scanning import queries, words
from archive.scanning.models import ScanEntry, ScanFile, ScanOrder

Places = Callable[[Session, Sequence[Description]], Mapping[int, str]]
_places: list[Places] = []


def places_from(source: Places) -> None:
    """Let a room beside this one tell where records stand, by the record's id."""
    _places[:] = [source]


def ordered(session: Session, orders: Sequence[ScanOrder]) -> str:
    """Return orders as CSV: what to fetch, from where, and how to scan it."""
    records = [order.record for order in orders]
    where = _places[0](session, records) if _places else {}
    head = (
        _("nummer"), _("referenskod"), _("titel"), _("hyllplats"), _("vad"), _("sidor"),
        "dpi", _("färg"), _("papper"), _("senast"), _("skannas av"), _("läge"),
    )  # fmt: skip
    rows = (
        (
            str(order.number),
            order.record.reference,
            _title(order.record),
            where.get(order.record.id, ""),
            order.what or "",
            str(order.pages or ""),
            str(order.dpi),
            str(words.COLOURS[order.colour]),
            order.paper or "",
            order.due_on.isoformat() if order.due_on else "",
            order.firm or "",
            str(words.STATES[order.state]),
        )
        for order in orders
    )
    return _csv([head, *rows])


def faults(order: ScanOrder, rows: Sequence[tuple[ScanFile, File]]) -> str:
    """Return every finding of an order's scans as CSV, a row each; those of all of them first."""
    found = [("", finding) for finding in order.findings]
    found += [
        (file.original_name, finding)
        for scan, file in queries.worst(rows)
        for finding in scan.findings
    ]
    head = (_("fil"), _("kod"), _("hur allvarligt"), _("anmärkning"))
    return _csv(
        [
            head,
            *((name, f["code"], str(words.SEVERITIES[f["severity"]]), words.said(f))
              for name, f in found),
        ]
    )  # fmt: skip


def letter(
    order: ScanOrder, rows: Sequence[tuple[ScanFile, File]], returned: ScanEntry | None
) -> str:
    """Return a letter to the firm: which order, why it comes back, and what is wrong file by file.

    What is only for information is left out; it is in the list.
    """
    lines = [
        _("Beställning %(n)d: %(reference)s", n=order.number, reference=order.record.reference),
        _title(order.record),
        _("%(dpi)d dpi, %(colour)s", dpi=order.dpi, colour=str(words.COLOURS[order.colour])),
        "",
    ]
    if returned is not None:
        lines += [_("Skannas om: %(reason)s", reason=returned.body), ""]
    lines += [words.said(f) for f in order.findings if f["severity"] != "note"]
    for scan, file in queries.worst(rows):
        told = [words.said(f) for f in scan.findings if f["severity"] != "note"]
        lines += [f"{file.original_name}: {text}" for text in told]
    return "\n".join(lines) + "\n"


def _title(record: Description) -> str:
    """Return what a firm outside calls a record: by its public title, where it has one."""
    return record.public_title or record.title


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
