"""What codes are called at the desk, in plain words. A code without words shows as itself."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from archive.pages import language
from ihp.plan import Rule

WORDS: dict[str, Any] = {
    "fonds": _("arkiv"),
    "series": _("serie"),
    "volume": _("volym"),
    "file": _("akt"),
    "item": _("handling"),
    "creator": _("arkivbildare"),
    "photographer": _("fotograf"),
    "author": _("författare"),
    "architect": _("arkitekt"),
    "recipient": _("mottagare"),
    "depicted": _("avbildad"),
    "mentioned": _("omnämnd"),
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
    "paused": _("pausad"),
    "done": _("klar"),
    "failed": _("stannade"),
    "cancelled": _("avbruten"),
    "disclosure": _("utlämnande av allmän handling"),
    "enquiry": _("förfrågan"),
    "grades": _("betyg"),
    "drawings": _("byggnadsritning"),
    "copy": _("kopior"),
    "delivery": _("leverans till arkivet"),
    "error": _("fel i en beskrivning"),
    "accessibility": _("hinder på webbplatsen"),
    "takedown": _("borttagning från webben"),
    "depositionsavtalet": _("depositionsavtalet"),
    "bevaras": _("bevaras"),
    "gallras": _("gallras"),
    "alltid": _("alltid"),
    "om hotbild": _("om hotbild"),
    "om skyddad adress": _("om skyddad adress"),
    "enskild firma med hotbild": _("enskild firma med hotbild"),
    "när driften sker för annan": _("när driften sker för annan"),
    "till annonsering": _("till annonsering"),
    "till tilldelningsbeslut": _("till tilldelningsbeslut"),
    "till beslutet meddelas": _("till beslutet meddelas"),
    "efter tilldelning": _("efter tilldelning"),
    "efter anställning": _("efter anställning"),
    "2 år från avtalets ingående": _("2 år från avtalets ingående"),
    "5 år från avtalets ingående": _("5 år från avtalets ingående"),
    "i affärsförbindelse": _("i affärsförbindelse"),
    "om uppgift lämnats": _("om uppgift lämnats"),
    "om hälsouppgift ingår": _("om hälsouppgift ingår"),
    "om hälsa eller omplacering": _("om hälsa eller omplacering"),
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
    "added": _("ny"),
    "removed": _("borttagen"),
    "tighter": _("stramare"),
    "looser": _("öppnare"),
    "mixed": _("både och"),
    "reworded": _("omformulerad"),
    "validation": _("prövning"),
    "ingestion": _("mottagning"),
    "derivation": _("kopia för visning"),
    "migration": _("omvandling till annat format"),
    "format identification": _("format fastställt"),
    "success": _("lyckades"),
    "failure": _("misslyckades"),
    "transcription": _("avskrift"),
    "pdf": _("textlager"),
    "ocr": _("maskinläst"),
}


# Where a code says something else of one field than of the others.
_OF_FIELD: dict[tuple[str, str], Any] = {("living_persons", "unknown"): _("vet inte")}


def retention(rule: Rule) -> str:
    """Return how long a row of a plan is kept, in words; nothing for what is preserved."""
    kept = rule.retention
    if kept is None:
        return ""
    if kept.value is None:
        return str(_("vid inaktualitet"))
    if kept.unit == "month":
        span = ngettext("%(num)s månad", "%(num)s månader", kept.value)
    else:
        span = ngettext("%(num)s år", "%(num)s år", kept.value)
    event = kept.trigger.en if language() == "en" else kept.trigger.sv
    return str(gettext("%(span)s efter: %(event)s", span=span, event=event))


def word(code: object, field: str = "") -> Any:
    """Return the words of a code in the page's language, as they are said of the field."""
    return _OF_FIELD.get((field, str(code))) or WORDS.get(str(code), code)
