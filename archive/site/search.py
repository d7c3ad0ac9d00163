"""The search page: one box, filters with counts, results that say where they belong.

Works on the edition alone. Reading the address is in `asking`, finding in `edition.finding`;
here the answer is given its words and links. Begin at `search`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import clock, db
from archive.edition import asking, finding, queries
from archive.edition.finding import Asked, Found, Sort
from archive.pages import at, here
from archive.site import presenting, terms
from archive.site.blueprint import page

SHOWN_VALUES = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: its words, how many there are, whether it is chosen."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A filter: its question, its values, and what the rest of the address must keep."""

    name: str
    label: str
    choices: list[Choice]
    more: list[Choice]
    kept: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use, and the page without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind of record among the results."""

    label: str
    count: int | None
    url: str
    is_current: bool


@page("/search")
def search() -> ResponseReturnValue:
    """Show what was found, how to narrow it, and what to do when nothing was."""
    reading = asking.read(request.args.to_dict(flat=False))
    asked, today = reading.asked, clock.today()
    with db.edition.reading() as session:
        found = finding.find(session, asked, today)
        names = _names(session, found, asked)
        return render_template(
            "site/search.html",
            asked=asked,
            found=found,
            warnings=reading.warnings,
            as_grid=reading.as_grid,
            hits=[(presenting.card(hit.row, today), hit.snippet) for hit in found.hits],
            groups=_groups(found, asked, names),
            tabs=_tabs(found, asked, names),
            chips=_chips(asked, names),
            sorts=_sorts(asked),
            pages=min(-(-found.total // finding.PAGE_SIZE), finding.MOST_PAGES),
            reset_url=at("/search", q=asked.words) if asked.words else at("/search"),
            request_url=at("/requests/new", subject=asked.words)
            if asked.words
            else at("/requests/new"),
        )


def _names(session: Session, found: Found, asked: Asked) -> dict[tuple[str, str], str]:
    """Return words for values that are codes: units and archives, in one question."""
    names: dict[tuple[str, str], str] = {}
    fonds = {value for value, _count in found.facets.get("archive", ())}
    fonds |= set(asked.chosen.get("archive", ()))
    for pid, row in queries.of_pids(session, sorted(fonds), clock.today()).items():
        names["archive", pid] = row.title
    for code, name in queries.unit_names(session, clock.today()):
        names["unit", code] = name
    return names


def _word(name: str, value: str, names: dict[tuple[str, str], str]) -> str:
    if name == "type":
        return terms.kind(value)
    if name == "digitized":
        return str(_("Med bild eller fil")) if value == "yes" else str(_("Utan bild"))
    return names.get((name, value), value)


def _group_labels() -> dict[str, str]:
    return {
        "type": _("Vad"),
        "place": _("Var"),
        "creator": _("Varifrån"),
        "subject": _("Om vad"),
        "archive": _("Ur vilket arkiv"),
        "unit": _("Ansvarig enhet"),
        "digitized": _("Digitaliserad"),
    }


def _groups(found: Found, asked: Asked, names: dict[tuple[str, str], str]) -> list[Group]:
    groups = []
    for name, label in _group_labels().items():
        counts = dict(found.facets.get(name, ()))
        chosen = asked.chosen.get(name, ())
        values = [*chosen, *(value for value in counts if value not in chosen)]
        choices = [
            Choice(value, _word(name, value, names), counts.get(value), value in chosen)
            for value in values
        ]
        if choices:
            first = max(SHOWN_VALUES, len(chosen))
            kept = _kept(without={name, "page"})
            groups.append(Group(name, label, choices[:first], choices[first:], kept))
    return groups


def _kept(*, without: set[str]) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name in ("q", "from", "to", "sort", "view", *finding.FACETS)
        if name not in without
        for value in request.args.getlist(name)[: asking.MOST_VALUES]
        if value
    ]


def _tabs(found: Found, asked: Asked, names: dict[tuple[str, str], str]) -> list[Tab]:
    """Return a tab for each kind; counts are those of the question without its kind."""
    counts = found.facets.get("type", ())
    chosen = asked.chosen.get("type", ())
    if not counts:
        return []
    total = None if chosen else found.total
    tabs = [Tab(_("Alla"), total, here(type=None, page=None), not chosen)]
    for value, count in list(counts)[:7]:
        url = here(type=value, page=None)
        tabs.append(Tab(_word("type", value, names), count, url, chosen == (value,)))
    return tabs


def _chips(asked: Asked, names: dict[tuple[str, str], str]) -> list[Chip]:
    chips = [
        Chip(_word(name, value, names), _without(name, value))
        for name, values in asked.chosen.items()
        for value in values
    ]
    if asked.year_from is not None:
        chips.append(Chip(_("Från %(year)s", year=asked.year_from), _without("from", None)))
    if asked.year_to is not None:
        chips.append(Chip(_("Till %(year)s", year=asked.year_to), _without("to", None)))
    return chips


def _without(name: str, value: str | None) -> str:
    left = [
        (n, v)
        for n, v in _kept(without={"page"})
        if n != name or (value is not None and asking.plain(v) != value)
    ]
    return f"{request.path}?{urlencode(left)}" if left else request.path


def _sorts(asked: Asked) -> list[tuple[str, str, bool]]:
    labels = {
        Sort.RELEVANCE: _("Passar bäst"),
        Sort.OLDEST: _("Äldst först"),
        Sort.LATEST: _("Yngst först"),
        Sort.NEWEST: _("Senast publicerad"),
    }
    return [(sort.value, label, sort is asked.sort) for sort, label in labels.items()]
