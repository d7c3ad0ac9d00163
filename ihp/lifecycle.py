"""The life of a plan version: who may move it from one state to the next.

draft -> consultation -> decided -> in force -> superseded | revoked. The person who decides is
never the one who drafted. Begin at `may_move`.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a plan version is in its life."""

    DRAFT = "draft"
    CONSULTATION = "consultation"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.CONSULTATION}),
    State.CONSULTATION: frozenset({State.DRAFT, State.DECIDED}),
    State.DECIDED: frozenset({State.IN_FORCE, State.REVOKED}),
    State.IN_FORCE: frozenset({State.SUPERSEDED, State.REVOKED}),
    State.SUPERSEDED: frozenset(),
    State.REVOKED: frozenset(),
}
IMMUTABLE = frozenset({State.DECIDED, State.IN_FORCE, State.SUPERSEDED, State.REVOKED})


def may_move(state: State, to: State, *, drafter: str, actor: str) -> str | None:
    """Return None when the move is allowed, else one sentence that says why it is not."""
    if to not in NEXT[state]:
        return f"en plan som är {state.value} kan inte bli {to.value}"
    if to is State.DECIDED and drafter == actor:
        return "den som har skrivit planen kan inte besluta den: det krävs två personer"
    return None
