"""Forms of authority records: an agent, a place or subject, a relation."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    FloatField,
    Form,
    FormField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from archive.authorities.models import Relation
from archive.authorities.queries import AGENT_KINDS, TERM_KINDS
from ihp import dates

SPARE_ROWS = 2

KIND_WORDS = {
    "person": _("person"),
    "family": _("släkt"),
    "organization": _("organisation"),
    "place": _("plats"),
    "subject": _("ämne"),
}
VARIANT_WORDS = {
    "spelling": _("annan stavning"),
    "former": _("tidigare namn"),
    "short": _("kortform"),
    "translation": _("på annat språk"),
    "other": _("annat namn"),
    "merged": _("från sammanslagning"),
}
# (seen from the first, seen from the second); the first is the earlier, the part, the member.
RELATION_WORDS = {
    Relation.SUCCESSOR: (_("efterträddes av"), _("efterträdde")),
    Relation.PART: (_("lyder under"), _("har under sig")),
    Relation.MEMBER: (_("är medlem i"), _("har som medlem")),
    Relation.FAMILY: (_("är släkt med"), _("är släkt med")),
    Relation.ASSOCIATE: (_("hör samman med"), _("hör samman med")),
}
ROLE_WORDS = {
    "creator": _("arkivbildare"),
    "author": _("författare"),
    "photographer": _("fotograf"),
    "architect": _("arkitekt"),
    "recipient": _("mottagare"),
    "depicted": _("avbildad"),
    "mentioned": _("omnämnd"),
}


def _choices(words: dict[Any, Any], only: Any = None) -> list[SelectChoice]:
    return [SelectChoice(str(code), words[code]) for code in (only or words)]


class VariantForm(Form):
    """Another name of the same; a row without a name is left out."""

    name = StringField(_("Namn"), validators=[Length(max=300)])
    kind = SelectField(_("Slag"), choices=_choices(VARIANT_WORDS))


class IdentifierForm(Form):
    """A number that others know it by (ISNI, organisation number, Wikidata …)."""

    scheme = StringField(_("Register"), validators=[Length(max=80)])
    value = StringField(_("Beteckning"), validators=[Length(max=200)])


class AgentForm(FlaskForm):
    """A person, family or body, by the areas of ISAAR(CPF)."""

    kind = SelectField(_("Slag"), choices=_choices(KIND_WORDS, AGENT_KINDS))
    name = StringField(
        _("Namn"),
        description=_("Som det ska stå överallt: Lindh, Anna eller Linköpings domkapitel."),
        validators=[InputRequired(_("Ange ett namn.")), Length(max=300)],
    )
    dates = StringField(
        _("Levde eller verkade"),
        description=_("Till exempel 1851–1920, 1862– eller före 1700."),
        validators=[Optional(), Length(max=200)],
    )
    living = SelectField(
        _("Lever personen?"),
        description=_("Så länge det är okänt söks en person bara under sitt namn av allmänheten."),
        choices=_choices({"unknown": _("okänt"), "no": _("nej"), "yes": _("ja")}),
    )
    variants = FieldList(FormField(VariantForm))
    history = TextAreaField(_("Historik"), validators=[Optional(), Length(max=50_000)])
    places = TextAreaField(
        _("Platser"), description=_("En på varje rad."), validators=[Optional(), Length(max=5_000)]
    )
    functions = TextAreaField(_("Verksamhet"), validators=[Optional(), Length(max=20_000)])
    mandate = TextAreaField(_("Uppdrag och lagrum"), validators=[Optional(), Length(max=20_000)])
    identifiers = FieldList(FormField(IdentifierForm))
    sources = TextAreaField(_("Källor"), validators=[Optional(), Length(max=20_000)])

    def facts(self) -> dict[str, Any]:
        """Return what the form says, as the columns hold it."""
        texts = ("dates", "history", "functions", "mandate", "sources")
        return {
            "kind": self.kind.data,
            "name": " ".join((self.name.data or "").split()),
            "living": self.living.data,
            "variants": named_rows(self.variants.data, "name"),
            "identifiers": named_rows(self.identifiers.data, "value"),
            "places": [
                line.strip() for line in (self.places.data or "").splitlines() if line.strip()
            ],
            **{name: (getattr(self, name).data or "").strip() or None for name in texts},
        }

    def validate_dates(self, field: StringField) -> None:
        """Dates are read as dates of records are, or the "1862–" of what still is."""
        text = (field.data or "").strip()
        try:
            dates.parse(text.rstrip("–- ") if text.endswith(("–", "-")) else text)
        except ValueError as error:
            raise ValidationError(_("Datumet går inte att läsa. Se exemplen ovan.")) from error


class TermForm(FlaskForm):
    """A place or a subject."""

    kind = SelectField(_("Slag"), choices=_choices(KIND_WORDS, TERM_KINDS))
    value = StringField(_("Namn"), validators=[InputRequired(_("Ange ett namn.")), Length(max=200)])
    latitude = FloatField(
        _("Latitud"),
        description=_("Grader norr, till exempel 58.41. Bara för platser."),
        validators=[Optional(), NumberRange(-90, 90)],
    )
    longitude = FloatField(
        _("Longitud"),
        description=_("Grader öst, till exempel 15.62."),
        validators=[Optional(), NumberRange(-180, 180)],
    )
    variants = FieldList(FormField(VariantForm))
    note = TextAreaField(_("Anmärkning"), validators=[Optional(), Length(max=20_000)])

    def facts(self) -> dict[str, Any]:
        """Return what the form says, as the columns hold it."""
        is_place = self.kind.data == "place"
        return {
            "kind": self.kind.data,
            "value": " ".join((self.value.data or "").split()),
            "latitude": self.latitude.data if is_place else None,
            "longitude": self.longitude.data if is_place else None,
            "variants": named_rows(self.variants.data, "name"),
            "note": (self.note.data or "").strip() or None,
        }

    def validate_longitude(self, field: FloatField) -> None:
        """A place lies at both degrees or at none."""
        if (field.data is None) != (self.latitude.data is None):
            raise ValidationError(_("Ange både latitud och longitud, eller ingen av dem."))


class RelationForm(FlaskForm):
    """How this agent stands to another."""

    kind = SelectField(
        _("Förhållande"),
        choices=[
            SelectChoice(f"{end}-{kind.value}", words[end == "to"])
            for kind, words in RELATION_WORDS.items()
            for end in ("from", "to")
            if end == "from" or words[0] != words[1]
        ],
    )
    dates = StringField(_("Tid"), validators=[Optional(), Length(max=100)])

    def chosen(self) -> tuple[Relation, bool]:
        """Return the relation, and whether it is read from this agent to the other."""
        end, _dash, kind = str(self.kind.data).partition("-")
        return Relation(kind), end == "from"


def named_rows(rows: list[dict[str, Any]], needed: str) -> list[dict[str, str]]:
    """Return the rows of a list that say something, each once, in their order."""
    kept = []
    for row in rows:
        clean = {k: " ".join((v or "").split()) for k, v in row.items() if k != "csrf_token"}
        if clean[needed] and clean not in kept:
            kept.append(clean)
    return kept


def with_spare_rows(form: AgentForm | TermForm) -> None:
    """Give every list empty rows at its end, to write new ones in."""
    for field in (f for f in form if isinstance(f, FieldList)):
        while not _is_spare(field, SPARE_ROWS):
            field.append_entry()


def _is_spare(field: FieldList, count: int) -> bool:
    last = field.data[-count:]
    named = "value" if field.name == "identifiers" else "name"
    return len(last) == count and not any(row.get(named) for row in last)
