"""The names of an agent, place or subject: how they are compared, and who may be told of them.

`search_key` holds every name folded, to be looked through; `match_key` is the authorized name as
the ear has it (Carl Hanson, Hansson Karl), to find what may be the same. Both follow the names by
themselves. Begin at `match_key`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import event

from archive.holdings.models import Agent, Term
from ihp import dates

# Older spellings and borrowed letters that Swedish names vary by.
_SOUNDS = (
    (r"ph", "f"),
    (r"th", "t"),
    (r"ch|ck|q(?=v|u)|c(?![eiy])", "k"),
    (r"c(?=[eiy])|z", "s"),
    (r"fv|hv|w", "v"),
    (r"x", "ks"),
    (r"h(?=[lmnr])|(?<=[dn])h\b", ""),
    (r"(.)\1", r"\1"),
)
# Nobody is taken to be alive so many years after the birth.
LIFE_YEARS = 110


def fold(text: str) -> str:
    """Return a name for looking up: small letters without accents, words only."""
    low = unicodedata.normalize("NFC", text).casefold()
    bare = "".join(c if c in "åäö" else unicodedata.normalize("NFD", c)[0] for c in low)
    return " ".join(re.findall(r"[^\W_]+", bare))


def match_key(name: str) -> str:
    """Return what two spellings of one name have in common, the order of the words aside."""
    heard = fold(name)
    for pattern, sound in _SOUNDS:
        heard = re.sub(pattern, sound, heard)
    return " ".join(sorted(heard.split()))


def names_of(authority: Agent | Term) -> list[str]:
    """Return the authorized name and every variant."""
    return [authorized(authority), *(variant["name"] for variant in authority.variants or [])]


def authorized(authority: Agent | Term) -> str:
    """Return the one name that is used."""
    return authority.name if isinstance(authority, Agent) else authority.value


def told_variants(authority: Agent | Term, today: date) -> Sequence[str]:
    """Return the variants that everyone may find an open record by.

    A person who may be alive is found by the name that the record is published with, and no
    other: a former name may be what a protected identity hides. Unknown means alive.
    """
    if isinstance(authority, Agent) and not is_past(authority, today):
        return ()
    return [variant["name"] for variant in authority.variants or []]


def is_past(agent: Agent, today: date) -> bool:
    """Return whether the agent is nobody who may be alive: a body, a family, or one long dead."""
    if agent.kind in {"organization", "family", "software"} or agent.living == "no":
        return True
    if agent.living == "yes":
        return False
    try:
        born = dates.parse(agent.dates or "").date_min
    except ValueError:
        return False
    return born is not None and born.year + LIFE_YEARS < today.year


def _fold_names(mapper: Any, connection: Any, authority: Agent | Term) -> None:
    names = names_of(authority)
    authority.search_key = "\n".join(
        ["", *map(fold, names), *(f"={match_key(name)}" for name in names), ""]
    )
    authority.match_key = match_key(names[0])


for _model in (Agent, Term):
    event.listen(_model, "before_insert", _fold_names)
    event.listen(_model, "before_update", _fold_names)
