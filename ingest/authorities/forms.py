"""The form that an authority file is handed in with."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField
from wtforms.validators import InputRequired


class AuthorityFileForm(FlaskForm):
    """One or more files, and whether they are only tried."""

    files = MultipleFileField(
        _("Filer"),
        description=_("XML-filer i EAC-CPF 2010 eller 2.0."),
        validators=[InputRequired(_("Välj minst en fil."))],
        render_kw={"accept": ".xml,application/xml,text/xml"},
    )
    only_try = BooleanField(_("Visa bara vad som skulle hända"), default=True)
