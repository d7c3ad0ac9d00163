"""The form of a submission agreement."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

PROFILES = ("csip", "fgs", "bagit", "folder", "ead")


class AgreementForm(FlaskForm):
    """Everything that is agreed on. An empty list leaves that open."""

    number = StringField(
        _("Nummer"),
        description=_("Som leveranserna anger det, till exempel ÖK 2026-3."),
        validators=[InputRequired(_("Ange ett nummer.")), Length(max=80)],
    )
    title = StringField(
        _("Vad som levereras"),
        validators=[InputRequired(_("Ange vad som levereras.")), Length(max=300)],
    )
    unit = SelectField(_("Enhet"), validators=[InputRequired(_("Välj enhet."))])
    contact = StringField(
        _("Kontakt"),
        description=_("Funktion och funktionsbrevlåda, inte en persons namn."),
        validators=[Optional(), Length(max=300)],
    )
    valid_from = DateField(_("Gäller från och med"), validators=[InputRequired()])
    valid_to = DateField(_("Gäller till och med"), validators=[Optional()])
    first_due = DateField(_("Första leverans senast"), validators=[Optional()])
    every_months = IntegerField(
        _("Därefter var … månad"),
        description=_("12 är en gång om året. Tomt: en enda leverans."),
        validators=[Optional(), NumberRange(1, 600)],
    )
    rows = TextAreaField(
        _("Handlingstyper"),
        description=_("Radernas beteckningar i enhetens plan, en på varje rad."),
        validators=[Optional(), Length(max=10_000)],
    )
    profiles = SelectMultipleField(
        _("Slag av leverans"),
        choices=[
            SelectChoice("csip", "E-ARK"),
            SelectChoice("fgs", "FGS"),
            SelectChoice("bagit", "BagIt"),
            SelectChoice("folder", _("mapp med metadata")),
            SelectChoice("ead", _("förteckning (EAD)")),
        ],
        validators=[Optional()],
    )
    checksum = SelectField(
        _("Kontrollsumma, minst"),
        choices=[
            SelectChoice("", _("ingen bestämd")),
            SelectChoice("md5", "MD5"),
            SelectChoice("sha1", "SHA-1"),
            SelectChoice("sha256", "SHA-256"),
            SelectChoice("sha512", "SHA-512"),
        ],
        validators=[Optional()],
    )
    needs_test = BooleanField(_("En provleverans ska godkännas först"))
