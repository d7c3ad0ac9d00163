"""The search page: one box, filters with counts, results that say where they belong.

Works on the edition alone. Finding is in `edition.finding`; here the answer is given its words
and links. Begin at `search`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from archive import clock, db
from archive.edition import finding, queries
from archive.edition.finding import Found
from archive.pages import at, here
from archive.search import Query
from archive.site import presenting, terms
from archive.site.blueprint import page

SHOWN_VALUES = 8
SHOWN_TABS = 6
MOST_PAGES = 500
# Facet of the index → its name in the address.
_IN_ADDRESS = {"kind": "type", **{name: name for name in finding.FACETS if name != "kind"}}
_KEPT = ("q", "from", "to", "digitized", "sort", "view", *_IN_ADDRESS.values())
Names = dict[tuple[str, str], str]


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
    is_used: bool
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
    count: int
    url: str
    is_current: bool


@page("/search")
def search() -> ResponseReturnValue:
    """Show what was found, how to narrow it, and what to do when nothing was."""
    query, problems = finding.read(request.args.to_dict(flat=False))
    today = clock.today()
    with db.edition.reading() as session:
        found = finding.find(session, query, today)
        names = _names(session, found, query)
        return render_template(
            "site/search.html",
            query=query,
            found=found,
            warnings=[_warning(name) for name in dict.fromkeys(problems)],
            made_up_of=_made_up_of(found),
            as_grid=request.args.get("view") == "grid",
            hits=[(presenting.card(hit.row, today), hit.snippet, hit.page) for hit in found.hits],
            groups=_groups(found, query, names),
            years_kept=_kept(without={"from", "to"}),
            sort_kept=_kept(without={"sort"}),
            box_kept=_kept(without={"q", "sort"}),
            tabs=_tabs(found, query, names),
            chips=_chips(query, names),
            sorts=_sorts(query),
            pages=min(-(-found.total // query.per_page), MOST_PAGES),
            reset_url=at("/search", q=query.text) if query.text else at("/search"),
            request_url=at("/requests/new", subject=query.text)
            if query.text
            else at("/requests/new"),
        )


def _made_up_of(found: Found) -> str:
    """Say how many hits are records and how many describe whole archives and series."""
    levels = dict(found.facets.get("level", ()))
    above = sum(levels.get(level, 0) for level in queries.STRUCTURE)
    if not above or sum(levels.values()) != found.total:
        return ""
    structure = ngettext("%(num)s arkiv eller serie", "%(num)s arkiv och serier", above)
    if above == found.total:
        return str(structure)
    records = ngettext("%(num)s handling", "%(num)s handlingar", found.total - above)
    return str(_("%(records)s och %(structure)s", records=records, structure=structure))


def _warning(name: str) -> str:
    said = {
        "q": _("Frågan var för lång. Bara de första 200 tecknen används."),
        "from": _("Från-året går inte att använda. Skriv ett årtal, och inte senare än till-året."),
        "to": _("Till-året går inte att använda. Skriv ett årtal, och inte tidigare än från-året."),
        "sort": _("Den ordningen finns inte. De träffar som passar bäst står först."),
        "page": _("Den sidan finns inte. Första sidan visas."),
    }
    return str(said.get(name) or _("Filtret ”%(name)s” kunde inte användas fullt ut.", name=name))


def _names(session: Session, found: Found, query: Query) -> Names:
    """Return words for values that are codes, units and archives, in two questions."""
    fonds = {value for value, _count in found.facets.get("fonds", ())} | {query.fonds}
    rows = queries.of_pids(session, sorted(fonds - {""}), clock.today())
    names = {("fonds", pid): row.title for pid, row in rows.items()}
    units = queries.unit_names(session, clock.today())
    return {**names, **{("unit", code): name for code, name in units}}


def _word(facet: str, value: str, names: Names) -> str:
    if facet == "kind":
        return terms.kind(value)
    if facet == "level":
        return terms.level(value)
    if facet == "digitized":
        return str(_("Med bild eller fil") if value == "yes" else _("Utan bild"))
    return names.get((facet, value), value)


def _groups(found: Found, query: Query, names: Names) -> list[Group]:
    questions = {
        "kind": _("Annat slag"),
        "digitized": _("Digitaliserad"),
        "place": _("Var"),
        "creator": _("Varifrån"),
        "subject": _("Om vad"),
        "fonds": _("Ur vilket arkiv"),
        "unit": _("Ansvarig enhet"),
    }
    groups = [_group(facet, label, found, query, names) for facet, label in questions.items()]
    return [group for group in groups if group.is_used or _narrows(group, found.total)]


def _group(facet: str, label: str, found: Found, query: Query, names: Names) -> Group:
    counts = dict(found.facets.get(facet, ()))
    chosen = _chosen(query, facet)
    if facet == "kind":  # the tabs offer the others, and take the chosen one away
        counts = {v: n for v, n in counts.items() if (v, n) not in _tabbed(found, query)}
        chosen = ""
    values = [chosen, *(v for v in counts if v != chosen)] if chosen else list(counts)
    choices = [Choice(v, _word(facet, v, names), counts.get(v), v == chosen) for v in values]
    name = _IN_ADDRESS.get(facet, facet)
    return Group(
        name=name,
        label=label,
        choices=choices[:SHOWN_VALUES],
        more=choices[SHOWN_VALUES:],
        is_used=bool(chosen),
        kept=_kept(without={name}),
    )


def _narrows(group: Group, total: int) -> bool:
    """Say whether a choice would leave anything out: one value that all have does not."""
    return bool(group.more) or any(each.count != total for each in group.choices)


def _chosen(query: Query, facet: str) -> str:
    if facet == "digitized":
        return "" if query.digitized is None else ("yes" if query.digitized else "no")
    return str(getattr(query, facet))


def _kept(*, without: set[str]) -> list[tuple[str, str]]:
    """Return what of the address a form must carry on; the page number never."""
    found = [(name, request.args.get(name, "")) for name in _KEPT if name not in without]
    return [(name, value[:200]) for name, value in found if value]


def _tabs(found: Found, query: Query, names: Names) -> list[Tab]:
    counts = found.facets.get("kind", ())
    if not counts:
        return []
    tabs = [Tab(_("Alla"), found.of_any_kind, here(type=None, page=None), not query.kind)]
    for value, count in _tabbed(found, query):
        url = here(type=value, page=None)
        tabs.append(Tab(_word("kind", value, names), count, url, query.kind == value))
    return tabs


def _tabbed(found: Found, query: Query) -> list[tuple[str, int]]:
    """Return the kinds that are tabs: the most frequent ones, and the chosen one always."""
    counts = list(found.facets.get("kind", ()))
    chosen = [pair for pair in counts[SHOWN_TABS:] if pair[0] == query.kind]
    return counts[: SHOWN_TABS - len(chosen)] + chosen


def _chips(query: Query, names: Names) -> list[Chip]:
    used = [(facet, _chosen(query, facet)) for facet in (*finding.FACETS, "digitized")]
    chips = [
        Chip(_word(facet, value, names), _without(_IN_ADDRESS.get(facet, facet)))
        for facet, value in used
        if value
    ]
    if query.year_from is not None:
        chips.append(Chip(_("Från %(year)s", year=query.year_from), _without("from")))
    if query.year_to is not None:
        chips.append(Chip(_("Till %(year)s", year=query.year_to), _without("to")))
    return chips


def _without(name: str) -> str:
    left = _kept(without={name})
    return f"{request.path}?{urlencode(left)}" if left else request.path


def _sorts(query: Query) -> list[tuple[str, str, bool]]:
    labels = {
        "relevance": _("Passar bäst"),
        "date": _("Äldst först"),
        "-date": _("Yngst först"),
        "title": _("Rubrik"),
        "reference": _("Referenskod"),
        "newest": _("Senast publicerad"),
    }
    return [(sort, label, sort == query.sort) for sort, label in labels.items()]
