"""Forms of the pen: the description by ISAD(G), a new record, many at once, move and merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from archive.describing import references, words
from ihp import dates


def _choices(said: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(code, text) for code, text in said.items()]


def readable(form: FlaskForm, field: Field) -> None:
    """Refuse a date that cannot be read."""
    try:
        dates.parse(field.data or "")
    except ValueError as error:
        raise ValidationError(_("Datumet går inte att läsa. Se exemplen ovan.")) from error


class DescribeForm(FlaskForm):
    """What a person may change of a description by hand (ISAD(G) 3.1 to 3.6)."""

    title = StringField(_("Titel"), validators=[InputRequired(), Length(max=2000)])
    public_title = StringField(
        _("Offentlig titel"),
        description=_("Visas i stället för titeln, när titeln nämner en person eller röjer något."),
        validators=[Optional(), Length(max=2000)],
    )
    date_text = StringField(
        _("Datum"),
        description=_("Till exempel 1912-03-12, ca 1890-talet, före 1850, odaterad."),
        validators=[Optional(), Length(max=200), readable],
    )
    extent = StringField(
        _("Omfång"),
        description=_("Till exempel 1 volym, 12 blad, 3 ritningar."),
        validators=[Optional(), Length(max=300)],
    )
    scope = TextAreaField(_("Innehåll"), validators=[Optional(), Length(max=50_000)])
    language = StringField(
        _("Språk"), description=_("Till exempel sv."), validators=[Optional(), Length(max=100)]
    )
    genre = StringField(
        _("Genre"),
        description=_("Till exempel protokoll, fotografi, ritning."),
        validators=[Optional(), Length(max=100)],
    )
    notes = TextAreaField(
        _("Anmärkningar"),
        description=_("En tom rad skiljer anmärkningarna åt."),
        validators=[Optional(), Length(max=50_000)],
    )
    rights = SelectField(_("Upphovsrätt"), choices=_choices(words.RIGHTS))
    living_persons = SelectField(_("Levande personer"), choices=_choices(words.LIVING))
    personal_data = SelectField(
        _("Personuppgifter"),
        choices=_choices(words.PERSONAL),
        validators=[Optional()],
    )
    is_register = BooleanField(_("Är ett register över andra handlingar"))
    contract_open_from = DateField(
        _("Öppen enligt avtal från"),
        description=_("Den dag då ett depositionsavtal låter handlingen läsas."),
        validators=[Optional()],
    )


NAMES = tuple(
    name for name in ("title", "public_title", "date_text", "extent", "scope", "language", "genre",
                      "notes", "rights", "living_persons", "personal_data", "is_register",
                      "contract_open_from")
)  # fmt: skip
ONE_LINE = frozenset({"title", "public_title", "date_text", "extent", "language", "genre"})


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of columns as the form's fields take them."""
    data = {name: values[name] for name in NAMES if name in values}
    if "notes" in data:
        data["notes"] = "\n\n".join(data["notes"] or ())
    if "personal_data" in data:
        data["personal_data"] = data["personal_data"] or ""
    return data


def taken(form: FlaskForm, names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """Return what the form says as the columns take it; empty text is nothing."""
    found: dict[str, Any] = {}
    for name in names:
        value = form[name].data
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip() or None
        if name == "notes":
            value = [note.strip() for note in (value or "").split("\n\n") if note.strip()]
        found[name] = value
    return found


class NewForm(DescribeForm):
    """A new record, or several of one kind in a row."""

    level = SelectField(_("Nivå"), validators=[InputRequired()])
    reference = StringField(
        _("Referenskod"),
        description=_(
            "Nästa lediga kod är föreslagen. Beskriver du flera på en gång får den första den här "
            "koden, och de andra koderna efter den."
        ),
        validators=[InputRequired(), Length(max=200)],
    )
    count = IntegerField(
        _("Antal"),
        description=_(
            "Fler än 1 gör så många i rad, numrerade efter referenskoden. "
            "Skriv # i titeln där numret ska stå: Volym #."
        ),
        validators=[InputRequired(), NumberRange(1, references.MOST)],
        default=1,
    )
    unit = SelectField(_("Enhet"), validators=[InputRequired()])
    plan_unit = SelectField(
        _("Plan"),
        description=_("Den informationshanteringsplan som raden står i."),
        validators=[InputRequired()],
    )
    rule = StringField(
        _("Rad i planen"),
        description=_("Handlingstypen avgör hur länge posten bevaras och vem som får se den."),
        validators=[InputRequired(), Length(max=40)],
    )
    custody_on = DateField(_("I arkivets vård sedan"), validators=[Optional()])
    reason = StringField(
        _("Skäl"),
        description=_("Behövs bara när planen inte ger svar och du ändå tar in posten."),
        validators=[Optional(), Length(max=1000)],
    )


class BulkForm(FlaskForm):
    """Fields to change in many records; only those that are ticked are touched."""

    date_text = StringField(_("Datum"), validators=[Optional(), Length(max=200), readable])
    extent = StringField(_("Omfång"), validators=[Optional(), Length(max=300)])
    language = StringField(_("Språk"), validators=[Optional(), Length(max=100)])
    genre = StringField(_("Genre"), validators=[Optional(), Length(max=100)])
    rights = SelectField(_("Upphovsrätt"), choices=_choices(words.RIGHTS))
    living_persons = SelectField(_("Levande personer"), choices=_choices(words.LIVING))
    personal_data = SelectField(
        _("Personuppgifter"), choices=_choices(words.PERSONAL), validators=[Optional()]
    )
    is_register = BooleanField(_("Är ett register över andra handlingar"))
    contract_open_from = DateField(_("Öppen enligt avtal från"), validators=[Optional()])
    rule_code = StringField(_("Rad i planen"), validators=[Optional(), Length(max=40)])
    reason = StringField(
        _("Skäl"),
        description=_("Står i historiken för varje post."),
        validators=[InputRequired(), Length(max=1000)],
    )


class MoveForm(FlaskForm):
    """Where a record is moved, why, and under which code if it gets a new one."""

    to = StringField(_("Ny plats"), validators=[InputRequired(), Length(max=200)])
    reference = StringField(
        _("Ny referenskod"),
        description=_("Lämna tomt för att behålla koden. Den gamla koden leder alltid hit."),
        validators=[Optional(), Length(max=200)],
    )
    reason = StringField(
        _("Skäl"),
        description=_("Står i historiken."),
        validators=[InputRequired(), Length(max=1000)],
    )
