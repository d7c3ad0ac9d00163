"""What a finding, a state, a colour, a paper and an error are called in words. Begin at `said`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from archive import pages, telling
from archive.scanning.judge import BAD, NOTE, PAPERS, WARN
from archive.scanning.models import Colour, OrderState

STATES: dict[str, Any] = {
    OrderState.ORDERED.value: _("beställd"),
    OrderState.SCANNING.value: _("skannas"),
    OrderState.DELIVERED.value: _("levererad, att granska"),
    OrderState.RETURNED.value: _("återsänd"),
    OrderState.ACCEPTED.value: _("godkänd"),
    OrderState.DONE.value: _("klar"),
    OrderState.CANCELLED.value: _("avbruten"),
}
COLOURS: dict[str, Any] = {
    Colour.COLOUR.value: _("färg"),
    Colour.GREY.value: _("gråskala"),
    Colour.BITONAL.value: _("svartvitt (1 bit)"),
}
PAPER_WORDS: dict[str, Any] = {name: name for name in PAPERS} | {"folio": _("folio")}
SEVERITIES: dict[str, Any] = {BAD: _("fel"), WARN: _("varning"), NOTE: _("upplysning")}
_SIDES: dict[str, Any] = {
    "top": _("överkanten"),
    "right": _("högerkanten"),
    "bottom": _("nederkanten"),
    "left": _("vänsterkanten"),
}
_FINDINGS: dict[str, Any] = {
    "UNREADABLE": _("Bilden går inte att öppna: %(problem)s"),
    "NOT-PICTURE": _("Filen är ingen bild och kan inte mätas: %(type)s"),
    "DPI-LOW": _("För låg upplösning: filen anger %(found)s dpi, beställt är %(wanted)s."),
    "DPI-PAPER": _(
        "Bildpunkterna räcker till %(found)s dpi på papperet %(paper)s, beställt är %(wanted)s."
    ),
    "DPI-UNSTATED": _("Filen anger ingen upplösning; räknat på papperet räcker bildpunkterna."),
    "DPI-UNKNOWN": _(
        "Upplösningen är inte känd: filen anger ingen, och beställningen säger inte hur stort "
        "papperet är."
    ),
    "COLOUR": _("Beställt i %(wanted)s, men bilden är i %(found)s."),
    "BLANK": _("Ser ut att vara en tom sida."),
    "DARK": _("För mörk: det ljusaste är %(tone)s av 255."),
    "FAINT": _("För ljus eller blek: det mörkaste är %(tone)s av 255."),
    "CUT": _("Kan vara beskuren: något mörkt går ut i %(sides)s."),
    "SKEW": _("Sned: raderna lutar %(degrees)s grader."),
    "SAME": _("Samma fil som %(other)s, byte för byte."),
    "ALIKE": _("Nästan likadan som %(other)s: samma sida två gånger?"),
    "NOTHING": _("Inga bilder har kommit."),
    "COUNT": _("Fel antal: %(found)s bilder kom, %(wanted)s sidor är beställda."),
    "COUNT-UNKNOWN": _(
        "%(found)s bilder. Beställningen säger inte hur många sidor det ska vara, så slutet kan "
        "saknas utan att det syns här."
    ),
    "GAPS": _("Nummer saknas i filnamnen: %(missing)s"),
}
_UNREADABLE_WHY: dict[str, Any] = {
    "memory": _("den behöver mer minne än den får använda"),
    "too many": _("den är för stor"),
    "bomb": _("den är för stor"),
    "seconds": _("det tog för lång tid"),
    "truncated": _("filen är avklippt"),
    "disposed of": _("den är gallrad"),
    "cannot identify": _("den är skadad eller av ett okänt format"),
}
telling.register(
    {
        "there is no such order of scans": _("Beställningen finns inte."),
        "the record is destroyed; there is nothing to scan": _(
            "Handlingen är gallrad. Det finns inget att skanna."
        ),
        "order * for this record is not finished": _(
            "Beställning %s av samma handling är inte avslutad."
        ),
        "order * cannot take that step from where it is": _(
            "Beställning %s kan inte gå dit från det läge den har."
        ),
        "order * is finished and takes no more scans": _(
            "Beställning %s är avslutad och tar inte emot fler bilder."
        ),
        "an order is made on the record's page": _("En beställning görs på handlingens sida."),
        "say why; the reason is kept and told to the firm": _(
            "Skriv varför; skälet sparas och står i brevet till den som skannar."
        ),
        "say why the record is scanned; the reason is kept": _(
            "Skriv varför handlingen ska skannas; skälet sparas."
        ),
        "the record has no files that are not among the scans already": _(
            "Handlingen har inga filer som inte redan hör till beställningen."
        ),
        "the file is not among the scans, or the order is finished": _(
            "Filen hör inte till beställningen, eller så är den avslutad."
        ),
        "there are more than * files there; choose a smaller branch": _(
            "Där finns fler än %s filer. Välj en mindre gren."
        ),
        "* is no size of paper that is known here": _("%s är ingen känd pappersstorlek."),
        "the deadline * has passed": _("Dagen %s har redan varit."),
        "no scans have come; there is nothing to accept": _(
            "Inga bilder har kommit; det finns inget att godkänna."
        ),
        "the scans are being checked; wait until that is done": _(
            "Bilderna granskas just nu. Vänta tills det är klart."
        ),
        "choose what happens with the order": _("Välj vad som händer med beställningen."),
    }
)


def said(finding: Mapping[str, Any]) -> str:
    """Return a finding in the language of the page, with its numbers."""
    words = _FINDINGS.get(finding["code"])
    if words is None:
        return str(finding["code"])
    return str(words) % {key: _value(key, value) for key, value in finding.items()}


def _value(key: str, value: Any) -> str:
    if key == "problem":
        known = (words for part, words in _UNREADABLE_WHY.items() if part in str(value))
        return str(next(known, gettext("den är skadad (%(what)s)", what=value)))
    if key == "sides":
        return ", ".join(str(_SIDES[side]) for side in value)
    if key == "missing":
        return ", ".join(value)
    if key == "degrees":
        return pages.number(value)
    named = COLOURS | PAPER_WORDS
    return str(named[value]) if isinstance(value, str) and value in named else str(value)
