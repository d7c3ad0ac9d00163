"""A report as PDF: A4, tagged (PDF/UA), with title and language, letters embedded.

Laid out from `templates/ingest/report.html` with `static/css/report.css`; nothing else is read, and
nothing is fetched. Works outside a request, for the shell. Begin at `pdf`.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from babel.dates import format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive import clock
from archive.config import ROOT
from archive.desk.deeds import profile
from archive.errors import Invalid, Unavailable
from ingest.report import LANGUAGES, Report

PLACES = 25  # under one rule; the rest is counted here, and stands in full in the JSON
_CSS = ROOT / "archive" / "static" / "css" / "report.css"


def pdf(report: Report, language: str) -> bytes:
    """Return the report as a PDF document in "sv" or "en".

    :raises Invalid: for another language.
    :raises Unavailable: where the system's library for text layout is missing.
    """
    if language not in LANGUAGES:
        raise Invalid(f"{language} is none of: {', '.join(LANGUAGES)}", sv="Språk: sv eller en.")
    return laid_out(html(report, language))


def laid_out(page: str) -> bytes:
    """Return a page of ours as a PDF document; the same page gives the same bytes.

    :raises Unavailable: where the system's library for text layout is missing.
    """
    weasyprint = _library()
    paper = weasyprint.HTML(string=page, url_fetcher=_fetch_nothing)
    style = weasyprint.CSS(string=_CSS.read_text("utf-8"), url_fetcher=_fetch_nothing)
    made: bytes = paper.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return made


def html(report: Report, language: str) -> str:
    """Return the report as the page that is laid out."""
    return (
        environment(language)
        .get_template("ingest/report.html")
        .render(
            report=report,
            told=report.delivered,
            rules=report.rules(language),
            language=language,
            places=PLACES,
        )
    )


@cache
def environment(language: str) -> Environment:
    """Return what makes pages for paper in a language, outside any request."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    # Swedish is the language of the code itself.
    words: Any = NullTranslations()
    if language != "sv":
        words = Translations.load(ROOT / "translations", [language])
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    locale = "en_GB" if language == "en" else "sv_SE"
    made.filters["number"] = lambda count: format_decimal(count, locale=locale)
    made.filters["size"] = lambda count: _size(count, locale)
    made.filters["moment"] = lambda value: _moment(value, locale)
    made.filters["profile"] = profile
    return made


def _size(count: int, locale: str) -> str:
    amount, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    places = 1 if unit != "B" and amount < 100 else 0
    return f"{format_decimal(round(amount, places), locale=locale)} {unit}"


def _moment(value: datetime, locale: str) -> str:
    return format_datetime(value.astimezone(clock.STOCKHOLM), "d MMMM y HH:mm", locale=locale)


def _library() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise Unavailable(
            "PDF cannot be made here: install libpango-1.0-0 and libpangoft2-1.0-0",
            sv="PDF kan inte göras här: installera libpango-1.0-0 och libpangoft2-1.0-0.",
        ) from error
    return weasyprint


def _fetch_nothing(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError("a report fetches nothing")
