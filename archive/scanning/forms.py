"""The form of an order of scans."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from archive.scanning.actions import Terms
from archive.scanning.models import Colour
from archive.scanning.words import COLOURS, PAPER_WORDS


class OrderForm(FlaskForm):
    """What shall be scanned, how and by when."""

    why = TextAreaField(
        _("Varför"), validators=[InputRequired(_("Skriv varför.")), Length(max=2000)]
    )
    what = TextAreaField(
        _("Vad av den"),
        description=_("Tomt: allt. Annars till exempel sidorna 12–40, eller bara bilagorna."),
        validators=[Optional(), Length(max=2000)],
    )
    pages = IntegerField(
        _("Antal sidor"),
        description=_("Så många bilder som ska komma. Utan antal märks det inte om slutet saknas."),
        validators=[Optional(), NumberRange(1, 100_000)],
    )
    dpi = IntegerField(
        _("Upplösning, dpi"),
        description=_(
            "Bildpunkter per tum. 300 för text, 400 eller mer för kartor och fotografier."
        ),
        default=300,
        validators=[InputRequired(_("Ange upplösning.")), NumberRange(50, 9600)],
    )
    colour = SelectField(
        _("Färg"),
        choices=[SelectChoice(value, words) for value, words in COLOURS.items()],
        default=Colour.COLOUR.value,
    )
    paper = SelectField(
        _("Papperets storlek"),
        description=_(
            "Är den känd prövas upplösningen också mot den, inte bara mot vad filen säger."
        ),
        choices=[
            SelectChoice("", _("inte känd, eller blandad")),
            *(SelectChoice(value, words) for value, words in PAPER_WORDS.items()),
        ],
        validators=[Optional()],
    )
    due_on = DateField(_("Ska vara här senast"), validators=[Optional()])
    asked_by = StringField(
        _("Vem som bad om det"),
        description=_("Till exempel ett ärendenummer, en enhet eller läsesalen."),
        validators=[Optional(), Length(max=300)],
    )
    firm = StringField(_("Vem som skannar"), validators=[Optional(), Length(max=300)])

    def terms(self) -> Terms:
        """Return what the form says."""
        return Terms(
            why=self.why.data or "",
            dpi=self.dpi.data or 0,
            colour=Colour(self.colour.data),
            what=self.what.data or "",
            paper=self.paper.data or None,
            pages=self.pages.data,
            due_on=self.due_on.data,
            asked_by=self.asked_by.data or "",
            firm=self.firm.data or "",
        )
