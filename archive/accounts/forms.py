"""Forms about people: log-in, a new user, a new role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from archive.accounts.models import OrgUnit, Role
from archive.accounts.passwords import MIN_LENGTH

ROLES: dict[Role, Any] = {
    Role.ARCHIVIST: _("arkivarie"),
    Role.CASE_OFFICER: _("handläggare"),
    Role.UNIT_MANAGER: _("arkivansvarig"),
    Role.UNIT_CUSTODIAN: _("arkivredogörare"),
    Role.CITY_ARCHIVIST: _("stadsarkivarie"),
    Role.AUDITOR: _("revisor"),
    Role.ADMIN: _("administratör"),
}


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

    role = SelectField(
        _("Roll"), choices=[SelectChoice(role.value, word) for role, word in ROLES.items()]
    )
    unit = SelectField(_("Enhet"), validators=[Optional()])
    valid_to = DateField(_("Till och med"), validators=[Optional()])


def unit_choices(units: Sequence[OrgUnit]) -> list[SelectChoice]:
    """Return the units to choose from, and first the choice of none: the whole archive."""
    return [SelectChoice("", _("hela arkivet")), *(SelectChoice(u.code, u.name) for u in units)]
