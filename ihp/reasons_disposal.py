"""The sentences on keeping and destroying: retention, disposal, holds, each with its clause.

Words only, as `reasons`; when each applies is decided in `grounds` and `policy`. Begin at
`disposal_clause`.
"""

from __future__ import annotations

from datetime import date

from ihp.plan import Rule
from ihp.reasons import PLAN_CLAUSE, Reason, say

ARCHIVES_ACT = "10 § arkivlagen"


def destroyed(rule: Rule | None) -> Reason:
    """The record no longer exists."""
    return say(rule, ARCHIVES_ACT, "Handlingen är gallrad.", "The record has been destroyed.")


def not_held(rule: Rule | None) -> Reason:
    """That a record is not held is a person's decision, which can be appealed."""
    return say(
        rule,
        "6 kap. 3 § OSL",
        "Handlingen är gallrad; svaret att den inte finns ges av en människa.",
        "The record has been destroyed; that it is not held is for a person to say.",
    )


def held(rule: Rule | None) -> Reason:
    """A hold stops disposal. Its words stay with the hold: they may name people."""
    return say(
        rule,
        f"{ARCHIVES_ACT}; rättslig spärr",
        "Handlingen är spärrad mot gallring.",
        "The record is held against disposal.",
    )


def preserved(rule: Rule) -> Reason:
    """Kept for ever."""
    return say(rule, ARCHIVES_ACT, "Handlingstypen bevaras.", "The record type is preserved.")


def no_authority(rule: Rule) -> Reason:
    """A statutory minimum is no authority to destroy."""
    return say(
        rule,
        f"{ARCHIVES_ACT}; gallringsföreskrift",
        "Raden hänvisar inte till någon gallringsföreskrift; en minimitid i lag räcker inte.",
        "The row cites no disposal authority; a statutory minimum is not one.",
    )


def retention_over(rule: Rule, due: date) -> Reason:
    """The time is over."""
    return say(
        rule,
        disposal_clause(rule),
        f"Gallringsfristen är slut; får gallras från och med {due}.",
        f"The retention period is over; disposal is permitted from {due}.",
    )


def not_due(rule: Rule, due: date, last: date | None) -> Reason:
    """The time is not over."""
    return Reason(
        rule.code,
        disposal_clause(rule),
        f"Gallringsfristen löper; får gallras först {due}.",
        f"The retention period runs; disposal is permitted from {due}.",
        last,
    )


def judgement_needed(rule: Rule) -> Reason:
    """Obsolescence is judged by a person."""
    return say(
        rule,
        f"{disposal_clause(rule)}, vid inaktualitet",
        "Gallras vid inaktualitet: en människa avgör när handlingen inte längre behövs.",
        "Destroyed when no longer needed: a person judges when that is.",
    )


def trigger_missing(rule: Rule) -> Reason:
    """The event from which the period counts is not known."""
    trigger = rule.retention.trigger if rule.retention else None
    return say(
        rule,
        disposal_clause(rule),
        f"Fristen räknas från något som inte är känt: {trigger.sv if trigger else 'okänt'}.",
        f"The period counts from what is not known: {trigger.en if trigger else 'unknown'}.",
    )


def disposal_clause(rule: Rule) -> str:
    """Return what the row cites for its retention: statutory minimum, then authorities."""
    cited = [*rule.minimum_clauses, *rule.authorities]
    return "; ".join(cited) or rule.disposal_basis or f"{PLAN_CLAUSE}, gallringsfrist"


def undated_for_retention(rule: Rule) -> Reason:
    """The retention period counts from a date that is not known."""
    return say(
        rule,
        disposal_clause(rule),
        "Handlingen är odaterad, och gallringsfristen räknas från dess datum.",
        "The record is undated, and the retention period counts from its date.",
    )
