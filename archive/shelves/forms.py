"""Forms of the shelves: a place, a list of places."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import FloatField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from archive.shelves.actions import Facts
from archive.shelves.models import PlaceKind

KIND_WORDS = {
    PlaceKind.ROOM: _("rum"),
    PlaceKind.SECTION: _("sektion"),
    PlaceKind.BOX: _("box"),
}


class MetresField(FloatField):
    """A length in metres, with a comma or a point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read "0,12" as Swedes write it."""
        super().process_formdata([value.replace(",", ".") for value in valuelist])


class PlaceForm(FlaskForm):
    """What is said of a room, a section or a box."""

    code = StringField(
        _("Nummer eller namn"),
        description=_("Till exempel Magasin 1, A3 eller 47. Utan snedstreck."),
        validators=[InputRequired(_("Ange ett nummer eller namn.")), Length(max=80)],
    )
    metres = MetresField(
        _("Hyllmeter"),
        description=_("Vad sektionen rymmer, eller hur bred boxen är. Rum räknas ihop själva."),
        validators=[Optional(), NumberRange(0, 10_000)],
    )
    barcode = StringField(_("Streckkod"), validators=[Optional(), Length(max=80)])
    note = StringField(_("Anmärkning"), validators=[Optional(), Length(max=500)])

    def facts(self) -> Facts:
        """Return what the form says."""
        return Facts(
            self.code.data or "", self.barcode.data or None, self.metres.data, self.note.data
        )


class ListForm(FlaskForm):
    """A list of places to take in."""

    file = FileField(_("Lista (CSV eller XLSX)"), validators=[FileRequired(_("Välj en fil."))])
