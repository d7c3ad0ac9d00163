"""What speaks for a suggested row, in words of the page's language. Begin at `words_of`."""

from __future__ import annotations

from flask_babel import gettext as _

from ingest.suggest import Reason, Suggestion, Why


def words_of(suggestion: Suggestion) -> str:
    """Return everything that speaks for the row, the strongest first, as sentences."""
    return " ".join(_sentence(reason) for reason in suggestion.reasons)


def _sentence(reason: Reason) -> str:
    about = reason.about
    match reason.why:
        case Why.DECLARED:
            return str(_("Leveransen uppger handlingstypen %(code)s.", code=about))
        case Why.CLASS:
            return str(_("Leveransen uppger klassen %(code)s, som raden hör till.", code=about))
        case Why.SERIES:
            return str(_("Den fortsätter %(series)s, som har den raden.", series=about))
        case Why.AGREED:
            return str(_("Överenskommelsen %(number)s gäller den.", number=about))
        case Why.EARLIER:
            return str(_("Leverans %(number)s av samma slag fick den.", number=about))
    return str(_("Titlarna och radens namn har ord gemensamt: %(words)s.", words=about))
