"""Information classification K/R/T: suggest, combine, and what each level demands.

Levels 0-3 as in KLASSA; a 4 (national security) is refused. A suggestion needs a person's name
to count. Begin at `suggest`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ihp.terms import Disposition, PersonalData

if TYPE_CHECKING:
    from ihp.plan import Rule

SCALE = "KLASSA 0-3"
UNCLASSIFIED_K = 3


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


def suggest(rule: Rule) -> Suggestion:
    """Return the class that a plan row suggests, and why (DOMAIN section 4)."""
    k, sv, en = 0, ["inga skäl till högre nivå"], ["no reason for a higher level"]
    if rule.personal_data is not PersonalData.NONE:
        k, sv, en = 1, ["personuppgifter"], ["personal data"]
    if rule.secrecy:
        k, sv, en = 2, ["sekretess kan gälla"], ["secrecy may apply"]
    chapters = {entry.rule.split("-")[1] for entry in rule.secrecy}
    if rule.personal_data is PersonalData.SENSITIVE or chapters & {"25", "26"}:
        k, sv, en = 3, ["känsliga uppgifter"], ["sensitive data"]
    r = 2 if rule.disposition is Disposition.PRESERVE else 1
    if r == 2:
        sv.append("bevaras: minst R2")
        en.append("preserved: at least R2")
    return Suggestion(SecurityClass(k, r, 1), tuple(sv), tuple(en))


def combine(classes: Iterable[SecurityClass]) -> SecurityClass | None:
    """Return the class of a whole: the maximum of its parts; of nothing, None."""
    parts = list(classes)
    if not parts:
        return None
    return SecurityClass(max(p.k for p in parts), max(p.r for p in parts), max(p.t for p in parts))


@dataclass(frozen=True, slots=True)
class Demands:
    """What a confidentiality level demands of those who handle the record."""

    reads_logged: bool
    reason_asked: bool
    named_access: bool
    fresh_login: bool
    taken_in: bool


def demands(k: int | None) -> Demands:
    """Return what level K demands; unclassified behaves as K3."""
    level = UNCLASSIFIED_K if k is None else k
    return Demands(
        reads_logged=level >= 2,
        reason_asked=level >= 2,
        named_access=level >= 3,
        fresh_login=level >= 3,
        taken_in=level < 4,
    )
