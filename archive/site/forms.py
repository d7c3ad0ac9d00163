"""Forms of the public site: one question a page. Nothing is stored before the last one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from archive.addresses import mailable


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
    email = EmailField(
        _("E-post"),
        description=_(
            "Används bara för att säga till när det finns något nytt i ditt ärende. Mejlet säger "
            "inte vad du frågat om. Adressen sparas bara i ärendet och tas bort när det har varit "
            "avslutat i en månad."
        ),
        validators=[Optional(), Length(max=254)],
    )
    contact = StringField(
        _("Telefon eller annat sätt att nå dig"), validators=[Optional(), Length(max=200)]
    )

    def validate_email(self, field: Field) -> None:
        """Take one plain address, or none: a letter to a mistyped one reaches somebody else."""
        if mailable(field.data) is None:
            raise ValidationError(_("Det är ingen e-postadress. Skriv så här: namn@exempel.se"))


class SendForm(FlaskForm):
    """The answers, signed, ready to be handed in."""

    so_far = HiddenField()


class MessageForm(FlaskForm):
    """A message in one's own case."""

    body = TextAreaField(
        _("Skriv till handläggaren"),
        validators=[InputRequired(_("Skriv något först.")), Length(max=20_000)],
    )
