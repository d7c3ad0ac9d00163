"""The life of a plan version: who may move it from one state to the next.

draft -> consultation -> decided -> in force -> superseded | revoked. The person who decides is
never the one who drafted. Begin at `refusal`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a plan version is in its life."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"

    @property
    def sv(self) -> str:
        """Return the state in Swedish words."""
        return _STATES_SV[self.value]


_STATES_SV = {
    "draft": "ett utkast",
    "consultation": "på samråd",
    "decided": "beslutad",
    "in_force": "i kraft",
    "superseded": "ersatt",
    "revoked": "upphävd",
}
# Moved by the calendar, not by a person: a decided plan on its day.
CALENDAR = "calendar"
_UNIT = frozenset({"unit_custodian", "unit_manager"})
_ARCHIVE = frozenset({"archivist", "city_archivist"})
_DECIDES = frozenset({"city_archivist"})

# Who decides differs between municipalities; these are the roles of the contract (DOMAIN 3.2).
MOVES: Mapping[tuple[State, State], frozenset[str]] = {
    (State.DRAFT, State.CONSULTATION): _UNIT | _ARCHIVE,
    (State.CONSULTATION, State.DRAFT): _UNIT | _ARCHIVE,
    (State.CONSULTATION, State.DECIDED): _DECIDES,
    (State.DECIDED, State.IN_FORCE): frozenset({CALENDAR}),
    (State.DECIDED, State.REVOKED): _DECIDES,
    (State.IN_FORCE, State.SUPERSEDED): frozenset({CALENDAR}),
    (State.IN_FORCE, State.REVOKED): _DECIDES,
}
IMMUTABLE = frozenset({State.DECIDED, State.IN_FORCE, State.SUPERSEDED, State.REVOKED})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan version may not be moved, in one sentence."""

    text_sv: str
    text_en: str


def refusal(
    state: State, to: State, *, drafter: str, actor: str, roles: Collection[str] | None = None
) -> Refusal | None:
    """Return why this person may not make this move, or None: it is allowed.

    `roles` None: the caller has tested the actor's power itself. That two different people
    draft and decide is tested always.
    """
    allowed = MOVES.get((state, to))
    if allowed is None:
        return Refusal(
            f"en plan som är {state.sv} kan inte bli {to.sv}",
            f"a plan that is {state.value} cannot become {to.value}",
        )
    if roles is not None and not allowed & set(roles):
        named = ", ".join(sorted(allowed))
        return Refusal(f"det kan bara göras av: {named}", f"only these may do it: {named}")
    if to is State.DECIDED and drafter == actor:
        return Refusal(
            "den som har skrivit planen kan inte besluta den: det krävs två personer",
            "whoever drafted the plan cannot decide it: it takes two people",
        )
    return None


def may_move(state: State, to: State, *, drafter: str, actor: str) -> str | None:
    """Return None when the move is allowed, else one Swedish sentence that says why it is not."""
    found = refusal(state, to, drafter=drafter, actor=actor)
    return found.text_sv if found else None
