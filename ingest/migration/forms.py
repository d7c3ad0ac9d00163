"""The form by which a migration is started."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional


class MigrationForm(FlaskForm):
    """Which format, of what, and why."""

    puid = SelectField(_("Format"), choices=[])
    reference = StringField(
        _("Bara det här"),
        description=_(
            "Referenskod för en handling, en serie eller ett arkiv. Lämnas tomt för alla filer."
        ),
        validators=[Optional(), Length(max=200)],
    )
    reason = StringField(_("Skäl"), validators=[InputRequired(), Length(max=1000)])
