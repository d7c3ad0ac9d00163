"""What is to be done before records are handed in, by medium. Begin at `items_for`.

Sources: the city's rules on delivery, and what the plan's row says; RA-FS 2009:2 for formats is
met by the format policy of the dock, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from ihp.plan import Rule
from ihp.terms import Disposition
from ingest.offers.models import Way


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: its key, and what it says."""

    key: str
    text: Any


_ALL = (
    Item("closed", _("Ärendena är avslutade och ingenting saknas.")),
    Item("weeded", _("Det som inte är allmän handling är rensat: utkast, arbetsanteckningar.")),
    Item("secret", _("Det är känt vad som är hemligt eller skyddat, och det är sagt här.")),
)
_DISPOSED = Item(
    "disposed",
    _("Det som enligt planen ska gallras är gallrat efter beslut; protokollet finns kvar."),
)
_DISPOSABLE = Item(
    "disposable",
    _("Raden gallras: arkivet har sagt varför handlingarna ändå ska tas emot."),
)
_PAPER = (
    Item("boxes", _("Handlingarna ligger i arkivkartonger, utan plastfickor, pärmar och gem.")),
    Item("labels", _("Varje kartong är märkt med enhet, nummer, innehåll och år.")),
    Item("agreed_day", _("Dagen då kartongerna kommer är bestämd med arkivet.")),
)
_PACKAGE = (
    Item("formats", _("Filerna har format som arkivet tar emot.")),
    Item("described", _("Varje handling har titel, datum och handlingstyp i leveransens lista.")),
    Item("kept", _("Filerna ligger kvar hos enheten tills kvittensen har kommit.")),
)
_EXPORT = Item("exported", _("Verksamhetssystemets export är provad, och antalen stämmer."))


def items_for(way: Way, row: Rule | None) -> Sequence[Item]:
    """Return what is to be done before the records come this way, in its order."""
    is_disposable = row is not None and row.disposition is Disposition.DISPOSE
    fate = _DISPOSABLE if is_disposable else _DISPOSED
    if way == Way.PAPER:
        return (*_ALL, fate, *_PAPER)
    return (*_ALL, fate, *_PACKAGE, *((_EXPORT,) if way == Way.EXPORT else ()))
