"""The archive's words on the public pages: levels, kinds, rights, languages, media types.

Names only; nothing is looked up. A value that is not known here is shown as it stands.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

LEVELS: dict[str, Any] = {
    "fonds": _("Arkiv"),
    "series": _("Serie"),
    "volume": _("Volym"),
    "file": _("Akt"),
    "item": _("Handling"),
}

# What a record is to look at: one of them, several of them.
KINDS: dict[str, tuple[Any, Any]] = {
    "photograph": (_("Fotografi"), _("Fotografier")),
    "class_photograph": (_("Skolfotografi"), _("Skolfotografier")),
    "map": (_("Karta"), _("Kartor")),
    "drawing": (_("Ritning"), _("Ritningar")),
    "minutes": (_("Protokoll"), _("Protokoll")),
    "record": (_("Handling"), _("Handlingar")),
    "ledger": (_("Räkenskaper"), _("Räkenskaper")),
    "register": (_("Register"), _("Register och längder")),
    "letter": (_("Brev"), _("Brev")),
    "table": (_("Tabell"), _("Tabeller och statistik")),
    "report": (_("Rapport"), _("Rapporter och utredningar")),
    "decision": (_("Beslut"), _("Beslut")),
    "contract": (_("Avtal"), _("Avtal")),
    "form": (_("Blankett"), _("Blanketter")),
    "poster": (_("Affisch"), _("Affischer")),
    "film": (_("Film"), _("Film")),
    "sound": (_("Ljudinspelning"), _("Ljud")),
    "book": (_("Bok"), _("Böcker och tryck")),
    "elevation": (_("Fasadritning"), _("Fasadritningar")),
    "blueprint": (_("Byggnadsritning"), _("Byggnadsritningar")),
    "typescript": (_("Maskinskriven handling"), _("Maskinskrivna handlingar")),
    "print": (_("Tryck"), _("Tryck")),
    "office": (_("Kontorsdokument"), _("Kontorsdokument")),
    "voucher": (_("Verifikation"), _("Verifikationer")),
    "deed": (_("Köpebrev"), _("Köpebrev och privilegier")),
    "case": (_("Ärende"), _("Ärenden")),
    "procurement": (_("Upphandling"), _("Upphandlingar")),
    "plan": (_("Plan"), _("Planer")),
    "finding_aid": (_("Förteckning"), _("Förteckningar")),
    "document": (_("Dokument"), _("Dokument")),
}

_ICONS = {
    "elevation": "drawing",
    "blueprint": "drawing",
    "voucher": "ledger",
    "print": "register",
    "poster": "flag",
    "class_photograph": "photograph",
    "report": "minutes",
    "decision": "minutes",
    "contract": "minutes",
    "document": "minutes",
    "deed": "letter",
    "case": "box",
    "book": "register",
}
_OWN_ICON = {"photograph", "map", "drawing", "minutes", "ledger", "register", "letter", "table"}

RIGHTS: dict[str, Any] = {
    "free": _("Fri att använda. Uppge gärna källan."),
    "in_copyright": _("Skyddad av upphovsrätt. Du får läsa, men fråga innan du använder."),
    "unknown": _("Rättigheterna är inte utredda. Fråga innan du använder."),
}

LANGUAGES: dict[str, Any] = {
    "sv": _("svenska"),
    "swe": _("svenska"),
    "la": _("latin"),
    "lat": _("latin"),
    "de": _("tyska"),
    "ger": _("tyska"),
    "fr": _("franska"),
    "fre": _("franska"),
    "en": _("engelska"),
    "eng": _("engelska"),
}

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "image/webp": "WebP",
    "application/pdf": "PDF",
    "text/plain": "TXT",
    "text/csv": "CSV",
    "application/json": "JSON",
    "application/xml": "XML",
    "text/xml": "XML",
    "audio/mpeg": "MP3",
    "audio/x-wav": "WAV",
    "video/mp4": "MP4",
}


def level(value: str | None) -> str:
    """Return the level of description in the page's language."""
    return str(LEVELS.get(value or "", value or ""))


def kind(value: str | None) -> str:
    """Return what such records are to look at, in the plural, in the page's language."""
    return _kind(value, 1)


def kind_of_one(value: str | None) -> str:
    """Return what one such record is to look at, in the page's language."""
    return _kind(value, 0)


def _kind(value: str | None, number: int) -> str:
    known = KINDS.get(value or "")
    return str(known[number]) if known else (value or "").replace("_", " ").capitalize()


def kind_icon(value: str | None) -> str:
    """Return the name of the drawing that stands for the kind."""
    name = _ICONS.get(value or "", value or "")
    return name if name in _OWN_ICON or name in {"box", "flag"} else "minutes"


def rights(value: str | None) -> str:
    """Return what a reader may do with the record."""
    return str(RIGHTS.get(value or "unknown", value or ""))


def language(value: str | None) -> str:
    """Return the name of the record's language."""
    return str(LANGUAGES.get((value or "").lower(), value or ""))


def file_format(media_type: str) -> str:
    """Return a format as people say it: "PDF"."""
    known = _FORMATS.get(media_type)
    return known or media_type.rpartition("/")[2].removeprefix("x-").upper()
