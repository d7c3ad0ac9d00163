"""Forms about plans: rows to take in, and the decision."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length


class ImportForm(FlaskForm):
    """Rows of a plan, in a JSON file."""

    unit = SelectField(_("Enhet"), validators=[InputRequired()])
    title = StringField(_("Titel"), validators=[Length(max=300)])
    authority = StringField(_("Ansvarig myndighet"), validators=[Length(max=200)])
    file = FileField(
        _("Fil med rader (JSON)"),
        description=_("En lista med planens rader, eller ett dokument med fältet rows."),
        validators=[FileRequired()],
    )


class DecideForm(FlaskForm):
    """A decision: its registry number and the day it holds from."""

    dnr = StringField(
        _("Diarienummer"),
        description=_("Till exempel KS 2026-811."),
        validators=[InputRequired(), Length(max=60)],
    )
    in_force_from = DateField(_("Gäller från och med"), validators=[InputRequired()])
