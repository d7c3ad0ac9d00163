"""What the fields of a description and the deeds of its history are called, and their values."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

FIELDS: dict[str, Any] = {
    "title": _("Titel"),
    "public_title": _("Offentlig titel"),
    "date_text": _("Datum"),
    "date_edtf": _("Datum, som lagen läser det"),
    "date_min": _("Tidigast"),
    "date_max": _("Senast"),
    "extent": _("Omfång"),
    "scope": _("Innehåll"),
    "language": _("Språk"),
    "genre": _("Genre"),
    "notes": _("Anmärkningar"),
    "rights": _("Upphovsrätt"),
    "living_persons": _("Levande personer"),
    "personal_data": _("Personuppgifter"),
    "is_register": _("Register"),
    "contract_open_from": _("Öppen enligt avtal från"),
    "events": _("Händelser som lagen räknar från"),
    "plan_unit": _("Plan"),
    "rule_code": _("Rad i planen"),
    "unit": _("Enhet"),
    "parent": _("Ligger under"),
    "position": _("Plats i ordningen"),
    "reference": _("Referenskod"),
    "level": _("Nivå"),
}

DEEDS: dict[str, Any] = {
    "describe": _("ändrade beskrivningen"),
    "row": _("lade under annan rad"),
    "bulk": _("ändrade många på en gång"),
    "create": _("beskrev"),
    "move": _("flyttade"),
    "order": _("ändrade ordningen"),
    "merge": _("slog ihop"),
    "undo": _("ångrade en ändring"),
    "update": _("en leverans ändrade"),
}

RIGHTS: dict[str, Any] = {
    "unknown": _("inte utredd"),
    "free": _("fri"),
    "in_copyright": _("skyddad"),
}
LIVING: dict[str, Any] = {"unknown": _("vet inte"), "no": _("nej"), "yes": _("ja")}
PERSONAL: dict[str, Any] = {
    "": _("inte angivet: planens rad gäller"),
    "none": _("inga"),
    "ordinary": _("vanliga"),
    "sensitive": _("känsliga"),
    "criminal": _("om brott"),
}
LEVELS: dict[str, Any] = {
    "fonds": _("arkiv"),
    "series": _("serie"),
    "volume": _("volym"),
    "file": _("akt"),
    "item": _("handling"),
}
_CODED: dict[str, dict[str, Any]] = {
    "rights": RIGHTS,
    "living_persons": LIVING,
    "personal_data": PERSONAL,
    "level": LEVELS,
}


def field(name: str) -> str:
    """Return what a field is called."""
    return str(FIELDS.get(name, name))


def deed(name: str) -> str:
    """Return what was done, in words."""
    return str(DEEDS.get(name, name))


def value(name: str, said: Any) -> str:
    """Return a value as a page shows it; nothing is an empty text."""
    if isinstance(said, bool):
        return str(LIVING["yes" if said else "no"])
    if name in _CODED:
        return str(_CODED[name].get(said or "", said or ""))
    if isinstance(said, list):
        return " · ".join(str(one) for one in said)
    return "" if said is None else str(said)
