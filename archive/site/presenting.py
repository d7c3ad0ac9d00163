"""A record made ready for its page: words, answers, addresses. Templates compute nothing.

Takes rows of the edition and says what a reader asks first: what is this, can I see it on the
web, can I see it on site. Begin at `card` and `record_page`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from archive.edition import queries
from archive.edition.models import FileRole, PublicFile, PublicRecord
from archive.pages import at, day
from archive.site import terms

_DAY = r"\d{4}(?:-\d{2}-\d{2})?"
_CODED = re.compile(rf"{_DAY}(?:\s*[/–]\s*{_DAY})?|\d{{4}}\s*-\s*\d{{4}}")
_BETWEEN = re.compile(r"\s*[/–]\s*|(?<=\d{4})\s*-\s*(?=\d{4}$)")


@dataclass(frozen=True, slots=True)
class Card:
    """A record in a list: enough to know whether to open it."""

    pid: str
    url: str
    level: str
    title: str
    reference: str
    dates: str
    kind: str
    icon: str
    context: str
    picture: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the record's pictures: what is shown and what it leads to."""

    number: int
    label: str
    picture: str
    thumb: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Download:
    """A file to fetch: what it is called, in what format, how large."""

    label: str
    url: str
    format: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that every reader has, answered: yes, maybe or no, and in a sentence."""

    question: str
    tone: str
    word: str
    sentence: str


def card(row: PublicRecord, today: date) -> Card:
    """Return a record as it stands in a list."""
    is_open = queries.contents_open(row, today)
    has_picture = bool(row.thumb_id) and is_open
    return Card(
        pid=row.pid,
        url=url_for("site.record", pid=row.pid),
        level=terms.level(row.level),
        title=row.title,
        reference=row.reference,
        dates=dates(row),
        kind=terms.kind(row.kind) if row.kind else "",
        icon=terms.kind_icon(row.kind) if row.kind else "archive",
        context=_context(row),
        picture=url_for("site.file", file_id=row.thumb_id) if has_picture else None,
        is_open=is_open and row.digitized,
    )


def cards(rows: Sequence[PublicRecord], today: date) -> list[Card]:
    """Return records as they stand in a list."""
    return [card(row, today) for row in rows]


def dates(row: PublicRecord) -> str:
    """Return the record's time in words, as the archivist wrote it if she did.

    A code (1898-09-24, 1751-1923) is put in words of the page's language; words are left alone,
    for "ca" and "före" are what they say.
    """
    written = (row.date_text or "").strip()
    if _CODED.fullmatch(written):
        return "–".join(_coded(part) for part in _BETWEEN.split(written))
    if written and any(letter.isalpha() for letter in written):
        return written
    if row.date_words or written:
        return row.date_words or written
    if row.year_min is None:
        return str(_("odaterad"))
    if row.year_max in {None, row.year_min}:
        return str(row.year_min)
    return f"{row.year_min}–{row.year_max}"


def _coded(part: str) -> str:
    return str(day(part)) if len(part) == 10 else part


def pages(row: PublicRecord) -> list[Page]:
    """Return the record's pictures in page order, each linked to the best copy there is."""
    by_number: dict[int, dict[str, PublicFile]] = {}
    for each in row.files:
        if each.media_type.startswith("image/"):
            by_number.setdefault(each.sequence, {})[each.role] = each
    return [_page(number, roles) for number, roles in sorted(by_number.items()) if _shown_in(roles)]


def downloads(row: PublicRecord) -> list[Download]:
    """Return what may be fetched, with format and size; thumbs, tiles and ALTO have other ways."""
    offered = {FileRole.ACCESS, FileRole.ORIGINAL}
    return [
        Download(
            label=each.label or _("Sida %(n)s", n=each.sequence),
            url=url_for("site.file", file_id=each.id, download=1),
            format=terms.file_format(each.media_type),
            size_bytes=each.size_bytes,
        )
        for each in row.files
        if each.role in offered
    ]


def text_pages(row: PublicRecord) -> list[tuple[int, str]]:
    """Return the record's words page by page, as (number, words); pages without any are left out.

    Words that are not known page by page are all on the first.
    """
    pieces = enumerate((row.text or "").split("\f"), 1)
    return [(number, words.strip()) for number, words in pieces if words.strip()]


def is_read_by_machine(row: PublicRecord) -> bool:
    """Return whether a machine of ours read the words: only then is ALTO published with them."""
    return any(each.role == FileRole.TEXT for each in row.files)


def sentence(row: PublicRecord) -> str:
    """Return in one sentence what the record is."""
    what = terms.kind_of_one(row.kind) if row.kind else terms.level(row.level)
    words = {"what": what, "when": dates(row), "where": row.fonds_title or ""}
    if not row.fonds_title or row.fonds_pid == row.pid or row.level == "fonds":
        return str(_("%(what)s, %(when)s.", **words))
    return str(_("%(what)s, %(when)s, ur %(where)s.", **words))


def answers(row: PublicRecord, today: date) -> list[Answer]:
    """Return the answers to "can I see it on the web?" and "can I see it on site?"."""
    is_open = queries.contents_open(row, today)
    return [_online(row, is_open), _on_site(row, is_open)]


def closed_decision(row: PublicRecord, today: date) -> dict[str, Any] | None:
    """Return the decision that explains why the contents are, or are not, shown."""
    decided: dict[str, Any] | None = row.decision.get("publish") or row.decision.get("show")
    return decided


def citation(row: PublicRecord, address: str) -> dict[str, str]:
    """Return how to cite the record: as text, BibTeX and RIS."""
    where = row.fonds_title or _("Linköpings stadsarkiv")
    text = row.citation or f"{_('Linköpings stadsarkiv')}, {where}, {row.title} ({row.reference})"
    year = str(row.year_min) if row.year_min is not None else "n.d."
    archive = _("Linköpings stadsarkiv")
    bibtex = (
        f"@misc{{{row.pid},\n  title = {{{_braced(row.title)}}},\n  year = {{{year}}},\n"
        f"  note = {{{_braced(where)}, {_braced(row.reference)}}},\n"
        f"  howpublished = {{{archive}}},\n  url = {{{address}}}\n}}\n"
    )
    ris = (
        f"TY  - ARCHIVE\nTI  - {_one_line(row.title)}\nPY  - {year}\nPB  - {archive}\n"
        f"AV  - {_one_line(row.reference)}\nT2  - {_one_line(where)}\nUR  - {address}\nER  - \n"
    )
    return {"text": f"{text}. {address}", "bibtex": bibtex, "ris": ris}


def trail(row: PublicRecord, above: Sequence[Card]) -> list[tuple[str, str | None]]:
    """Return the way to the record from the list of archives, for the breadcrumbs."""
    steps: list[tuple[str, str | None]] = [(_("Arkiven"), at("/archives"))]
    return [*steps, *((each.title, each.url) for each in above), (row.title[:80], None)]


def facts(row: PublicRecord) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """Return the record's fields in reading order: label and [(value, search link or None)]."""
    lines: list[tuple[str, list[tuple[str, str | None]]]] = [
        (_("Tid"), [(dates(row), None)]),
        (_("Upphov"), _linked("creator", row.creators)),
        (_("Plats"), _linked("place", row.places)),
        (_("Ämne"), _linked("subject", row.subjects)),
        (_("Typ"), [(terms.kind(row.kind), at("/search", type=row.kind))] if row.kind else []),
        (_("Omfång"), [(row.extent, None)] if row.extent else []),
        (_("Språk"), [(terms.language(row.language), None)] if row.language else []),
        (
            _("Ansvarig enhet"),
            [(row.unit_name, at("/search", unit=row.unit_code))] if row.unit_name else [],
        ),
        (_("Rättigheter"), [(terms.rights(row.rights), None)] if row.rights else []),
    ]
    return [(label, values) for label, values in lines if values]


def _context(row: PublicRecord) -> str:
    above = [step["title"] for step in row.ancestors]
    return " › ".join(above[:1] + above[-1:] if len(above) > 1 else above)


def _shown_in(roles: dict[str, PublicFile]) -> PublicFile | None:
    return roles.get(FileRole.ACCESS) or roles.get(FileRole.THUMB) or None


def _page(number: int, roles: dict[str, PublicFile]) -> Page:
    shown = _shown_in(roles)
    assert shown is not None
    thumb = roles.get(FileRole.THUMB, shown)
    return Page(
        number=number,
        label=shown.label or _("Sida %(n)s", n=number),
        picture=url_for("site.file", file_id=shown.id),
        thumb=url_for("site.file", file_id=thumb.id),
        width=shown.width,
        height=shown.height,
    )


def _online(row: PublicRecord, is_open: bool) -> Answer:
    question = _("Kan jag se den på nätet?")
    if row.level in queries.STRUCTURE:
        said = _("Det här är en förteckning. Det som är digitaliserat öppnar du längre ner.")
        return Answer(question, "review", _("Delvis"), said)
    if is_open and row.digitized:
        return Answer(question, "allow", _("Ja"), _("Hela handlingen visas här, utan inloggning."))
    if is_open and row.text:
        return Answer(question, "allow", _("Ja"), _("Texten visas här, men inga bilder finns än."))
    if is_open:
        said = _("Den är öppen för alla men ännu inte digitaliserad. Beställ gärna en kopia.")
        return Answer(question, "review", _("Inte än"), said)
    said = _("Bara beskrivningen visas. Nedan står varför, och hur du ändå kan fråga efter den.")
    return Answer(question, "deny", _("Nej"), said)


def _on_site(row: PublicRecord, is_open: bool) -> Answer:
    question = _("Kan jag se den på plats?")
    if row.decision.get("destroyed"):
        said = _("Handlingen är gallrad och finns inte kvar. Beskrivningen är sparad som vittne.")
        return Answer(question, "deny", _("Nej"), said)
    if row.level in queries.STRUCTURE:
        said = _("Öppna handlingar: boka en plats i läsesalen. Slutna begär du ut, en och en.")
        return Answer(question, "review", _("Delvis"), said)
    if is_open:
        said = _("Boka en plats i läsesalen. Det kostar ingenting.")
        return Answer(question, "allow", _("Ja"), said)
    said = _("Begär ut den. Vi prövar varje begäran, och du behöver inte säga vem du är.")
    return Answer(question, "review", _("Kanske"), said)


def _linked(facet: str, values: Sequence[str]) -> list[tuple[str, str | None]]:
    return [(value, at("/search", **{facet: value})) for value in values]


def _braced(value: str) -> str:
    return _one_line(value).replace("\\", "").replace("{", "(").replace("}", ")")


def _one_line(value: str) -> str:
    return " ".join(value.split())
