"""Forms of the case desk."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from archive.cases.actions import Asked
from archive.cases.models import Outcome


class NewForm(FlaskForm):
    """A case that came by visit, telephone, letter or chat."""

    channel = SelectField(
        _("Hur kom det?"),
        choices=[
            SelectChoice("phone", _("telefon")),
            SelectChoice("visit", _("besök")),
            SelectChoice("letter", _("brev")),
            SelectChoice("mail", _("e-post")),
            SelectChoice("chat", _("chatt")),
        ],
    )
    kind = SelectField(
        _("Vad gäller det?"),
        choices=[
            SelectChoice("disclosure", _("utlämnande av allmän handling")),
            SelectChoice("enquiry", _("förfrågan")),
            SelectChoice("grades", _("betyg")),
            SelectChoice("drawings", _("byggnadsritning")),
            SelectChoice("copy", _("kopior")),
        ],
    )
    question = TextAreaField(_("Frågan"), validators=[InputRequired(), Length(max=20_000)])
    records = StringField(
        _("Referenskoder"),
        description=_("Flera skiljs åt med mellanslag eller komma."),
        validators=[Optional(), Length(max=1000)],
    )
    requester = StringField(_("Namn"), validators=[Optional(), Length(max=200)])
    contact = StringField(_("Kontakt"), validators=[Optional(), Length(max=200)])

    def asked(self) -> Asked:
        """Return what was asked, in the form that the verb takes."""
        return Asked(
            kind=self.kind.data,
            channel=self.channel.data,
            question=self.question.data or "",
            requester=self.requester.data or None,
            contact=self.contact.data or None,
            references=[r for r in re.split(r"[\s,;]+", self.records.data or "") if r],
        )


class DecideForm(FlaskForm):
    """What a person decides of one item."""

    outcome = RadioField(
        _("Beslut"),
        validators=[InputRequired(_("Välj ett beslut."))],
        choices=[
            SelectChoice(Outcome.RELEASE.value, _("lämnas ut")),
            SelectChoice(Outcome.REFUSE.value, _("avslås")),
            SelectChoice(Outcome.NOT_HELD.value, _("finns inte här")),
        ],
    )
    clause = StringField(
        _("Bestämmelse"),
        description=_("Vid avslag, till exempel 26 kap. 1 § OSL."),
        validators=[Length(max=80)],
    )
    reason = TextAreaField(
        _("Motivering"),
        description=_("Behövs vid avslag, och när en handling som måste prövas lämnas ut."),
        validators=[Length(max=5000)],
    )


class WriteForm(FlaskForm):
    """A message to the requester, or a note among staff."""

    body = TextAreaField(_("Meddelande"), validators=[InputRequired(), Length(max=20_000)])
    internal = BooleanField(_("Bara för oss (anteckning)"))


class ItemForm(FlaskForm):
    """A record that is asked for."""

    reference = StringField(_("Referenskod"), validators=[InputRequired(), Length(max=300)])
