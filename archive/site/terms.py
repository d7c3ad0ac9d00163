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

KINDS: dict[str, Any] = {
    "photograph": _("Fotografier"),
    "class_photograph": _("Skolfotografier"),
    "map": _("Kartor"),
    "drawing": _("Ritningar"),
    "minutes": _("Protokoll"),
    "ledger": _("Räkenskaper"),
    "register": _("Register och längder"),
    "letter": _("Brev"),
    "table": _("Tabeller och statistik"),
    "report": _("Rapporter och utredningar"),
    "decision": _("Beslut"),
    "contract": _("Avtal"),
    "form": _("Blanketter"),
    "poster": _("Affischer"),
    "film": _("Film"),
    "sound": _("Ljud"),
    "book": _("Böcker och tryck"),
    "elevation": _("Fasadritningar"),
    "blueprint": _("Byggnadsritningar"),
    "typescript": _("Maskinskrivna handlingar"),
    "print": _("Tryck"),
    "office": _("Kontorsdokument"),
    "voucher": _("Verifikationer"),
    "deed": _("Köpebrev och privilegier"),
    "case": _("Ärenden"),
    "document": _("Dokument"),
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
    """Return what the record is to look at, in the plural, in the page's language."""
    return str(KINDS.get(value or "", (value or "").replace("_", " ").capitalize()))


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
