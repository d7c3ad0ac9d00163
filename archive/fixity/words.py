"""What a difference and a copy are called in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from archive.storage.store import Fault

FAULTS: dict[str, Any] = {
    Fault.MISSING_OBJECT.value: _("arkivpaketet saknas"),
    Fault.MISSING.value: _("filen saknas"),
    Fault.CHANGED.value: _("filen har ändrats"),
    Fault.UNREADABLE.value: _("disken kan inte läsa filen"),
    Fault.UNKNOWN.value: _("något ligger här som arkivet aldrig har lagt hit"),
    Fault.INVENTORY.value: _("förteckningen saknas eller är skadad"),
    Fault.NOT_RECORDED.value: _("förteckningen är inte den som arkivet minns"),
    Fault.DIFFER.value: _("exemplaren är olika"),
}


def copy_called(place: str | None, copies: Sequence[str]) -> str:
    """Return what the copy at a place is called: the first, the second; else the place itself."""
    names = (str(gettext("första exemplaret")), str(gettext("andra exemplaret")))
    return dict(zip(copies, names, strict=False)).get(place or "", place or "")
