"""Forms about records: describe, publish, withdraw, hold, mark, put under a row."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from ihp import secrecy


class DescribeForm(FlaskForm):
    """What a person may change of a description by hand."""

    title = StringField(_("Titel"), validators=[InputRequired(), Length(max=2000)])
    public_title = StringField(
        _("Offentlig titel"),
        description=_("Visas i stället för titeln, när titeln nämner en person eller röjer något."),
        validators=[Optional(), Length(max=2000)],
    )
    date_text = StringField(
        _("Datum"),
        description=_("Till exempel 1912-03-12, ca 1890-talet, före 1850, odaterad."),
        validators=[Optional(), Length(max=200)],
    )
    scope = TextAreaField(_("Innehåll"), validators=[Optional(), Length(max=50_000)])
    extent = StringField(_("Omfång"), validators=[Optional(), Length(max=300)])
    rights = SelectField(
        _("Upphovsrätt"),
        choices=[
            SelectChoice("unknown", _("inte utredd")),
            SelectChoice("free", _("fri")),
            SelectChoice("in_copyright", _("skyddad")),
        ],
    )
    living_persons = SelectField(
        _("Levande personer"),
        choices=[
            SelectChoice("unknown", _("vet inte")),
            SelectChoice("no", _("nej")),
            SelectChoice("yes", _("ja")),
        ],
    )


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
