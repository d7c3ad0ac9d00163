"""The form in which a unit offers records. The choice of rows depends on the unit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from ihp import dates
from ihp.terms import Medium
from ingest.offers.models import Way


class OfferForm(FlaskForm):
    """What is offered, from when, how much, and how it is to come."""

    row = SelectField(
        _("Handlingstyp"),
        description=_("Raden i enhetens plan som handlingarna hör under."),
        validators=[InputRequired(_("Välj en rad."))],
    )
    title = StringField(
        _("Vad som erbjuds"),
        description=_("Till exempel: Elevakter vid Ekskolan."),
        validators=[InputRequired(_("Skriv vad som erbjuds.")), Length(max=300)],
    )
    date_text = StringField(
        _("År"),
        description=_("Till exempel 1974-1988."),
        validators=[InputRequired(_("Skriv vilka år.")), Length(max=100)],
    )
    extent = StringField(
        _("Mängd"),
        description=_("Kartonger, hyllmeter, filer eller gigabyte."),
        validators=[InputRequired(_("Skriv ungefär hur mycket.")), Length(max=200)],
    )
    medium = SelectField(
        _("Medium"),
        choices=[
            SelectChoice(Medium.PAPER.value, _("papper")),
            SelectChoice(Medium.DIGITAL.value, _("digitalt")),
            SelectChoice(Medium.HYBRID.value, _("både och")),
        ],
    )
    way = RadioField(
        _("Så kommer handlingarna"),
        choices=[
            SelectChoice(Way.PAPER.value, _("i kartonger, med en förteckning")),
            SelectChoice(Way.UPLOAD.value, _("som ett paket som enheten laddar upp")),
            SelectChoice(Way.EXPORT.value, _("som en export ur verksamhetssystemet")),
        ],
        validators=[InputRequired(_("Välj hur handlingarna kommer."))],
    )
    system = StringField(
        _("System"),
        description=_("Var handlingarna finns nu: verksamhetssystem eller närarkiv."),
        validators=[Optional(), Length(max=200)],
    )
    secrecy = StringField(
        _("Sekretess"),
        description=_("Det som raden inte redan säger."),
        validators=[Optional(), Length(max=500)],
    )
    about = TextAreaField(_("Mer att veta"), validators=[Optional(), Length(max=4000)])

    def validate_date_text(self, field: StringField) -> None:
        """Refuse years that cannot be read, at once with all else that is wrong."""
        try:
            span = dates.parse(field.data or "")
        except ValueError as error:
            raise ValidationError(_("Datumet går inte att läsa. Se exemplen ovan.")) from error
        if span.date_max is None:
            raise ValidationError(_("Skriv vilka år."))
