"""Forms about people: log-in, a new user, a new role."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from archive.accounts.models import Role
from archive.accounts.passwords import MIN_LENGTH


class LoginForm(FlaskForm):
    """Name and password; what is wrong is never told apart."""

    email = EmailField(_("E-postadress"), validators=[InputRequired(), Length(max=200)])
    password = PasswordField(_("Lösenord"), validators=[InputRequired(), Length(max=1000)])


class PasswordForm(FlaskForm):
    """A new password of one's own: the current one, and the new one twice."""

    current = PasswordField(_("Nuvarande lösenord"), validators=[InputRequired(), Length(max=1000)])
    new = PasswordField(
        _("Nytt lösenord"),
        description=_("Minst 12 tecken. En mening är lättare att minnas än tecken."),
        validators=[InputRequired(), Length(min=MIN_LENGTH, max=1000)],
    )
    again = PasswordField(
        _("Nytt lösenord en gång till"),
        validators=[InputRequired(), EqualTo("new", _("De två är inte lika."))],
    )


class UserForm(FlaskForm):
    """A new member of staff."""

    email = EmailField(_("E-postadress"), validators=[InputRequired(), Length(max=200)])
    name = StringField(_("Namn"), validators=[InputRequired(), Length(max=200)])
    password = PasswordField(
        _("Första lösenord"),
        description=_("Minst 12 tecken."),
        validators=[InputRequired(), Length(min=MIN_LENGTH, max=1000)],
    )


class GrantForm(FlaskForm):
    """A role for a person, for a unit and those below it."""

    role = SelectField(_("Roll"), choices=[(role.value, role.value) for role in Role])
    unit = SelectField(_("Enhet"), validators=[Optional()])
    valid_to = DateField(_("Till och med"), validators=[Optional()])
