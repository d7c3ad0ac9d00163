"""Forms about records: withdraw, hold, mark, put under a row."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from ihp import secrecy


class ReasonForm(FlaskForm):
    """A deed that needs a reason, which is kept."""

    reason = StringField(_("Skäl"), validators=[InputRequired(), Length(max=1000)])


class HoldForm(ReasonForm):
    """A stop to disposal."""

    until = DateField(_("Till och med"), validators=[Optional()])


class MarkForm(FlaskForm):
    """A secrecy marking."""

    clause = SelectField(_("Bestämmelse"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.clause.choices = [
            SelectChoice(rule.id, f"{rule.citation}: {_title(rule)}")
            for rule in secrecy.rules().values()
        ]


def _title(rule: secrecy.SecrecyRule) -> str:
    return rule.title_en if str(get_locale()) == "en" else rule.title_sv


class AssignForm(ReasonForm):
    """Unit and row of its plan."""

    unit = SelectField(_("Enhet"), validators=[InputRequired()])
    rule = StringField(_("Rad i planen"), validators=[InputRequired(), Length(max=40)])
