"""The form of a rule on a format."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from ingest.formats.policy import Verdict

LIST = "list"
WORDS: dict[str, Any] = {
    Verdict.ACCEPT.value: _("tas emot"),
    Verdict.MIGRATE.value: _("tas emot, annat format önskas"),
    Verdict.ASK.value: _("tas emot, arkivarien ser på det"),
    Verdict.REFUSE.value: _("tas inte emot"),
    LIST: _("som i listan"),
}


class RuleForm(FlaskForm):
    """What holds for a format from now on, and why."""

    subject = StringField(
        _("Format"),
        description=_(
            "PUID (fmt/354), ändelse (.sh), * för alla som inte nämns, "
            "eller unknown för filer vars format inte går att fastställa."
        ),
        validators=[
            InputRequired(),
            Length(max=40),
            Regexp(
                r"(?i)^\s*((x-)?fmt/[1-9]\d{0,5}|\.[a-z0-9_-]{1,16}|\*|unknown)\s*$",
                message=_("Skriv en PUID som fmt/354, en ändelse som .sh, * eller unknown."),
            ),
        ],
    )
    verdict = SelectField(
        _("Besked"),
        choices=[SelectChoice(value, label) for value, label in WORDS.items()],
    )
    agreement = StringField(
        _("Leveransöverenskommelse"),
        description=_("Lämnas tomt för alla leveranser."),
        validators=[Optional(), Length(max=80)],
    )
    reason = StringField(_("Skäl"), validators=[InputRequired(), Length(max=1000)])
