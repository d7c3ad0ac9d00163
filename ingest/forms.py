"""Forms of the dock: a delivery handed in, and what a person says of a waiting one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional


class UploadForm(FlaskForm):
    """A delivery in one file."""

    unit = SelectField(_("Enhet"), validators=[Optional()])
    record_type = StringField(
        _("Handlingstyp"),
        description=_("Radens beteckning i planen, om hela leveransen har samma."),
        validators=[Optional(), Length(max=40)],
    )
    agreement = StringField(_("Leveransöverenskommelse"), validators=[Optional(), Length(max=80)])
    only_check = BooleanField(
        _("Bara provköra"),
        description=_("Leveransen prövas, men ingenting tas in förrän någon säger det."),
    )
    file = FileField(
        _("Leverans"),
        description=_("ZIP eller TAR: E-ARK, FGS, BagIt, eller en mapp med metadata."),
        validators=[FileRequired(_("Välj en fil."))],
    )


class AssignForm(FlaskForm):
    """Unit and record type of a waiting delivery, with the reason."""

    unit = SelectField(_("Enhet"), validators=[InputRequired()])
    # Which rows there are depends on the unit that is chosen with it: `pipeline.assign` asks.
    record_type = SelectField(
        _("Handlingstyp"),
        description=_("Rader i enhetens plan som gäller för handlingarnas datum."),
        validators=[Optional(), Length(max=40)],
        validate_choice=False,
    )
    reason = StringField(_("Skäl"), validators=[InputRequired(), Length(max=1000)])


class ReasonForm(FlaskForm):
    """Taking in or turning away, with the reason."""

    reason = StringField(_("Skäl"), validators=[InputRequired(), Length(max=1000)])
