"""What a delivery claims of its records' secrecy, class and fate, and what it may lead to.

A claim may close and never open: claimed secrecy becomes marks, a claimed class counts where it
is stricter, and the rest is told to whoever takes the delivery in. Begin at `marks_of`,
`class_of` and `told`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ihp import secrecy
from ihp.plan import Plan, Rule
from ihp.security import SecurityClass
from ihp.terms import Disposition
from ingest.findings import Finding
from ingest.package import DescriptionDraft, Package, Restriction

UNNAMED = "uppgiven i leveransen"  # in the place of a clause that the law does not know
PRIVACY, PROTECTED = "OSL-21-7", "OSL-21-3"
_MARKING = frozenset({"secrecy", "privacy", "protected_identity", "access"})
_CARRIES_SECRECY = frozenset({"volume", "file", "item"})
_LONGEST = 40  # of a mark's clause, as its column has it
# "26 kap. 1 § OSL", "39 kap. 5 a §", "OSL 26:1", "OSL-26-1"
_CHAPTER = re.compile(r"(\d{1,2})\s*kap\.?\s*(\d{1,2})\s*([a-z])?\s*§", re.IGNORECASE)
_SHORT = re.compile(r"\b(\d{1,2})[:-](\d{1,2}) ?([a-z])?\b", re.IGNORECASE)
_OSL = re.compile(r"\bOSL\b|offentlighets- och sekretesslag", re.IGNORECASE)
_CLASS = re.compile(r"K\D?([0-4])\W{0,3}R\D?([0-3])\W{0,3}T\D?([0-3])", re.IGNORECASE)


def clauses_in(text: str) -> tuple[str, ...]:
    """Return the ids of the provisions of OSL that a text cites ("26 kap. 1 § OSL": "OSL-26-1").

    A text that names no such law cites nothing here: other laws have chapters of the same number.
    """
    if not _OSL.search(text):
        return ()
    found = (*_CHAPTER.findall(text), *_SHORT.findall(text))
    ids = (f"OSL-{int(chapter)}-{int(number)}{letter.lower()}" for chapter, number, letter in found)
    return tuple(dict.fromkeys(id_ for id_ in ids if id_ in secrecy.rules()))


def marks_of(restrictions: Iterable[Restriction]) -> tuple[str, ...]:
    """Return the clauses under which claimed secrecy closes a record, each once.

    A clause that is not known, or not given, closes without end until a person has looked. Words
    on access in a finding aid close only where they cite the law: most of them say "open".
    """
    found: list[str] = []
    for claim in restrictions:
        if claim.kind == "protected_identity":
            found.append(PROTECTED)
        elif claim.kind == "privacy":
            found.extend(clauses_in(claim.clause or "") or (PRIVACY,))
        elif claim.kind == "access":
            found.extend(clauses_in(claim.value))
        elif claim.kind == "secrecy":
            named = clauses_in(f"{claim.clause or ''} {claim.value}")
            found.extend(named or ((claim.clause or UNNAMED)[:_LONGEST],))
    return tuple(dict.fromkeys(found))


def spread(package: Package) -> dict[str, tuple[Restriction, ...]]:
    """Return each record's claims by its key, those of the package on its uppermost records.

    Series and fonds stand above: what the package claims is of the records in it.
    """
    levels = {draft.key: draft.level for draft in package.drafts}
    claims: dict[str, tuple[Restriction, ...]] = {}
    for draft in package.drafts:
        is_top = levels.get(draft.parent or "") not in _CARRIES_SECRECY
        own = draft.level in _CARRIES_SECRECY and is_top
        claims[draft.key] = (*draft.restrictions, *(package.restrictions if own else ()))
    return claims


def class_of(restrictions: Iterable[Restriction], rule: Rule | None) -> SecurityClass | None:
    """Return the record's class where a claim makes it stricter than the row, else None.

    Each of K, R and T is the higher of the two. Of a row without a class a claimed K 0 would open.
    """
    claimed = [c for r in restrictions if (c := _class_in(r)) is not None]
    if not claimed:
        return None
    known = rule.security_class if rule is not None else None
    levels = [*claimed, *([known] if known is not None else [])]
    found = SecurityClass(
        max(c.k for c in levels), max(c.r for c in levels), max(c.t for c in levels)
    )
    return None if found == known or (known is None and found.k == 0) else found


def _class_in(claim: Restriction) -> SecurityClass | None:
    found = _CLASS.search(claim.value) if claim.kind == "information_class" else None
    return SecurityClass(int(found[1]), int(found[2]), int(found[3])) if found else None


def rows_for(restrictions: Sequence[Restriction], plan: Plan) -> tuple[Rule, ...]:
    """Return the rows of a plan that a record's claims point at, as a suggestion.

    By classification code or record type; where a claim says whether it is to be kept, the rows
    that agree with it come first.
    """
    codes = {r.value.strip().lower() for r in restrictions if r.kind == "classification"}
    types = {r.value.strip().lower() for r in restrictions if r.kind == "record_type"}
    rows = [
        rule
        for rule in plan.rules
        if rule.process_code.lower() in codes
        or rule.code.lower() in codes | types
        or rule.record_type.lower() in types
    ]
    kept = claimed_fate(restrictions)
    rows.sort(key=lambda rule: kept is not None and _is_kept(rule) != kept)
    return tuple(rows)


def claimed_fate(restrictions: Iterable[Restriction]) -> bool | None:
    """Return whether the delivery says that the record is to be kept, None when it says nothing."""
    said = [r.value.lower() for r in restrictions if r.kind == "appraisal"]
    if not said:
        return None
    return not any(word.startswith(("gallras", "yes")) for word in said)


def told(
    draft: DescriptionDraft,
    restrictions: Sequence[Restriction],
    row: Rule | None,
    plan: Plan | None,
) -> Iterator[Finding]:
    """Yield what a person should know of a record's claims before it is taken in."""
    about = {"title": draft.title}
    for claim in restrictions:
        clauses = marks_of([claim]) if claim.kind in _MARKING else ()
        if clauses:
            said = {"clauses": ", ".join(clauses), "claim": _said(claim)}
            yield Finding("GATE-MARK", draft.where, about | said)
        elif claim.kind == "information_class":
            yield Finding("GATE-CLASS", draft.where, about | {"claim": claim.value})
    kept = claimed_fate(restrictions)
    if row is not None and kept is not None and _is_kept(row) != kept:
        said = {"rule": row.code, "claim": _fates(restrictions), "fate": row.disposition.value}
        yield Finding("GATE-APPRAISAL", draft.where, about | said)
    rows = rows_for(restrictions, plan) if row is None and plan is not None else ()
    if rows:
        named = "; ".join(f"{rule.code} {rule.record_type}" for rule in rows[:5])
        yield Finding("GATE-SUGGESTION", draft.where, about | {"rows": named})


def _is_kept(rule: Rule) -> bool:
    return rule.disposition is Disposition.PRESERVE


def _said(claim: Restriction) -> str:
    until = f"till {claim.until}" if claim.until else None
    return ", ".join(filter(None, (claim.value, claim.clause, until)))


def _fates(restrictions: Iterable[Restriction]) -> str:
    return ", ".join(r.value for r in restrictions if r.kind == "appraisal")
