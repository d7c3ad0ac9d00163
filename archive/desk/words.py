"""What codes are called at the desk, in plain words. A code without words shows as itself."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

WORDS: dict[str, Any] = {
    "fonds": _("arkiv"),
    "series": _("serie"),
    "volume": _("volym"),
    "file": _("akt"),
    "item": _("handling"),
    "creator": _("arkivbildare"),
    "photographer": _("fotograf"),
    "free": _("fri"),
    "in_copyright": _("skyddad"),
    "unknown": _("inte utredd"),
    "yes": _("ja"),
    "no": _("nej"),
    "draft": _("utkast"),
    "consultation": _("på samråd"),
    "decided": _("beslutad"),
    "in_force": _("i kraft"),
    "superseded": _("ersatt"),
    "revoked": _("upphävd"),
    "received": _("mottaget"),
    "testing": _("prövas"),
    "released": _("utlämnat"),
    "partly_released": _("utlämnat till en del"),
    "refused": _("avslaget"),
    "answered": _("besvarat"),
    "withdrawn": _("återtaget"),
    "queued": _("i kö"),
    "running": _("pågår"),
    "done": _("klar"),
    "failed": _("stannade"),
    "cancelled": _("avbruten"),
    "web": _("webben"),
    "phone": _("telefon"),
    "visit": _("besök"),
    "letter": _("brev"),
    "mail": _("e-post"),
    "e-mail": _("e-post"),
    "chat": _("chatt"),
    "none": _("ingenting"),
    "metadata": _("beskrivningen"),
    "description": _("beskrivningen"),
    "full": _("allt"),
    "archivist": _("arkivarie"),
    "case_officer": _("handläggare"),
    "unit_manager": _("arkivansvarig"),
    "unit_custodian": _("arkivredogörare"),
    "city_archivist": _("stadsarkivarie"),
    "auditor": _("revisor"),
    "admin": _("administratör"),
    "year": _("år efter:"),
    "month": _("månader efter:"),
    "added": _("ny"),
    "removed": _("borttagen"),
    "tighter": _("stramare"),
    "looser": _("öppnare"),
    "mixed": _("både och"),
    "reworded": _("omformulerad"),
    "validation": _("prövning"),
    "ingestion": _("mottagning"),
    "derivation": _("kopia för visning"),
    "success": _("lyckades"),
    "failure": _("misslyckades"),
    "transcription": _("avskrift"),
    "pdf": _("textlager"),
    "ocr": _("maskinläst"),
}


def word(code: object) -> Any:
    """Return the words of a code in the page's language."""
    return WORDS.get(str(code), code)
