"""Information classification K/R/T: suggest, combine, and what each level demands.

Levels 0-3 as in KLASSA; a 4 (national security) is refused. A suggestion needs a person's name
to count. Source: DOMAIN section 4. Begin at `suggest`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ihp import secrecy
from ihp.terms import Disposition, PersonalData, PublicView

if TYPE_CHECKING:
    from ihp.plan import Rule

SCALE = "KLASSA 0-3"
UNCLASSIFIED_K = 3
_HEALTH_AND_SOCIAL = frozenset({25, 26})


@dataclass(frozen=True, slots=True)
class SecurityClass:
    """Confidentiality, integrity (riktighet) and availability (tillgänglighet), 0-3 each.

    K may be 4 only in what arrives from outside; the gate refuses it.
    """

    k: int
    r: int
    t: int

    def __post_init__(self) -> None:
        if not (0 <= self.k <= 4 and 0 <= self.r <= 3 and 0 <= self.t <= 3):
            raise ValueError(f"K/R/T must be 0-3 (K 4 is refused later): {self}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested class with its reasons, for a person to confirm."""

    security_class: SecurityClass
    reasons_sv: tuple[str, ...]
    reasons_en: tuple[str, ...]


def suggest(rule: Rule, *, secrecy_over: bool = False) -> Suggestion:
    """Return the class that a plan row suggests, and every reason for it.

    `secrecy_over`: asked anew for a record whose secrecy has ended; the row's provisions and
    what kind of personal data it holds then no longer raise K, but a person must confirm it.
    """
    found = [*_confidentiality(rule, secrecy_over=secrecy_over)]
    k = max(level for level, _, _ in found)
    because = [(sv, en) for level, sv, en in found if level == k]
    r = 1
    if rule.disposition is Disposition.PRESERVE:
        r = 2
        because.append(("R2: handlingstypen bevaras", "R2: the record type is preserved"))
    return Suggestion(
        SecurityClass(k, r, 1), tuple(sv for sv, _ in because), tuple(en for _, en in because)
    )


def _confidentiality(rule: Rule, *, secrecy_over: bool) -> Iterable[tuple[int, str, str]]:
    yield 0, "K0: inget talar för en högre nivå", "K0: nothing speaks for a higher level"
    if secrecy_over:
        return
    if rule.personal_data is not PersonalData.NONE:
        yield 1, "K1: personuppgifter", "K1: personal data"
    if rule.public_view is PublicView.NONE:
        yield 1, "K1: visas inte på webben", "K1: not shown on the web"
    known = secrecy.rules()
    for entry in rule.secrecy:
        provision = known.get(entry.rule)
        clause = provision.citation if provision else entry.rule
        yield 2, f"K2: sekretess kan gälla ({clause})", f"K2: secrecy may apply ({clause})"
        if provision is not None and provision.chapter in _HEALTH_AND_SOCIAL:
            yield 3, f"K3: hälso- eller socialtjänst ({clause})", f"K3: care ({clause})"
    if rule.personal_data in {PersonalData.SENSITIVE, PersonalData.CRIMINAL}:
        yield 3, "K3: känsliga uppgifter eller brott", "K3: sensitive data or crime"


def combine(classes: Iterable[SecurityClass]) -> SecurityClass | None:
    """Return the class of a whole: the maximum of its parts; of nothing, None."""
    parts = list(classes)
    if not parts:
        return None
    return SecurityClass(max(p.k for p in parts), max(p.r for p in parts), max(p.t for p in parts))


@dataclass(frozen=True, slots=True)
class Demands:
    """What a class demands of those who keep and handle the record.

    `back_within_hours` None: weeks are good enough.
    """

    taken_in: bool
    named_access: bool
    fresh_login: bool
    reads_logged: bool
    reason_asked: bool
    encrypted: bool
    versioned: bool
    four_eyes: bool
    back_within_hours: int | None


def demands(level: SecurityClass | None) -> Demands:
    """Return what a class demands; unclassified behaves as K3 (and R3, T0: no promise)."""
    level = level or SecurityClass(UNCLASSIFIED_K, 3, 0)
    return Demands(
        taken_in=level.k < 4,
        named_access=level.k >= 3,
        fresh_login=level.k >= 3,
        reads_logged=level.k >= 2,
        reason_asked=level.k >= 2,
        encrypted=level.k >= 3,
        versioned=level.r >= 2,
        four_eyes=level.r >= 3,
        back_within_hours=(None, 72, 24, 4)[level.t],
    )
