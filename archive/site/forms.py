"""Forms of the public site: one question a page. Nothing is stored before the last one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional


class WhatForm(FlaskForm):
    """What somebody wants to see or know."""

    question = TextAreaField(
        _("Vad vill du ta del av?"),
        description=_("Skriv så gott du kan: vad det gäller, ungefär när, var."),
        validators=[InputRequired(_("Skriv vad du vill ta del av.")), Length(max=20_000)],
    )
    record = StringField(
        _("Referenskod eller länk, om du har en"), validators=[Optional(), Length(max=300)]
    )


class WhoForm(FlaskForm):
    """How somebody may be reached; all of it may be left out."""

    so_far = HiddenField()
    requester = StringField(_("Namn"), validators=[Optional(), Length(max=200)])
    contact = StringField(_("E-post eller telefon"), validators=[Optional(), Length(max=200)])


class SendForm(FlaskForm):
    """The answers, signed, ready to be handed in."""

    so_far = HiddenField()


class MessageForm(FlaskForm):
    """A message in one's own case."""

    body = TextAreaField(
        _("Skriv till handläggaren"),
        validators=[InputRequired(_("Skriv något först.")), Length(max=20_000)],
    )
