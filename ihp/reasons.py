"""The sentences of a decision: each ground in plain Swedish and English, with its clause.

Words only: when a ground applies is decided in `grounds`, what follows from it in `policy`.
Begin at `Reason`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ihp.plan import Rule
from ihp.secrecy import SecrecyRule

PLAN_CLAUSE = "informationshanteringsplanen"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in one sentence: the row, the clause, and the last day it holds where there is one."""

    rule: str
    clause: str
    text_sv: str
    text_en: str
    until: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "text_sv": self.text_sv,
            "text_en": self.text_en,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Reason:
        """Return the reason that `as_dict` wrote down."""
        until = form.get("until")
        return cls(
            rule=form["rule"],
            clause=form["clause"],
            text_sv=form["text_sv"],
            text_en=form["text_en"],
            until=date.fromisoformat(until) if until else None,
        )


def say(rule: Rule | None, clause: str, text_sv: str, text_en: str) -> Reason:
    """Return a reason of a row, or of no row, without a last day."""
    return Reason(rule.code if rule else "", clause, text_sv, text_en)


# What is unknown


def no_plan(unit: str) -> Reason:
    """The unit has no plan in force."""
    return Reason(
        "",
        "3–6 §§ arkivlagen",
        f"Enheten {unit} har ingen informationshanteringsplan i kraft.",
        f"The unit {unit} has no information management plan in force.",
    )


def no_type() -> Reason:
    """Nobody has said which record type it is."""
    return Reason(
        "",
        PLAN_CLAUSE,
        "Handlingen har ingen handlingstyp ur planen.",
        "The record has no record type of the plan.",
    )


def not_in_plan(code: str, version: str) -> Reason:
    """A type that is not in the plan is unknown; there is no fallback by prefix."""
    return Reason(
        code,
        PLAN_CLAUSE,
        f"Handlingstypen {code} finns inte i planen {version}.",
        f"The record type {code} is not in the plan {version}.",
    )


def outside_window(code: str, *, dated: bool) -> Reason:
    """The row's record-date window does not hold the record."""
    if dated:
        sv = f"Raden {code} gäller inte handlingar från den tiden."
        en = f"The row {code} does not cover records of that time."
    else:
        sv = f"Raden {code} gäller bara vissa år, och handlingen är odaterad."
        en = f"The row {code} covers certain years only, and the record is undated."
    return Reason(code, PLAN_CLAUSE, sv, en)


def undated_for_secrecy(rule: Rule, clause: str) -> Reason:
    """Secrecy counts from a date that is not known."""
    return say(
        rule,
        clause,
        "Handlingen är odaterad, och sekretessens längsta tid räknas från dess datum "
        "(7 kap. 5 § OSL).",
        "The record is undated, and the longest time of secrecy counts from its date (OSL 7:5).",
    )


def undated_for_privacy(rule: Rule) -> Reason:
    """Whether persons may live counts from a date that is not known."""
    return say(
        rule,
        "arkivets 110-årsregel",
        "Handlingen är odaterad, så ingen kan säga om personerna i den lever.",
        "The record is undated, so nobody can say whether the persons in it are alive.",
    )


def contract_undated(rule: Rule) -> Reason:
    """A deposited private archive without an open day."""
    return say(
        rule,
        "depositionsavtalet",
        "Enskilt arkiv: avtalet med deponenten anger ingen dag då handlingen blir öppen.",
        "Private archive: the contract with the depositor names no day on which it opens.",
    )


# What closes


def secrecy_may_apply(
    rule: Rule, clause: str, known: SecrecyRule | None, end: date | None, *, is_mark: bool
) -> Reason:
    """A provision may close the contents, until a day at the latest or without end."""
    name_sv = known.title_sv.lower() if known else "okänd bestämmelse"
    name_en = known.title_en.lower() if known else "unknown provision"
    last_sv = f"som längst till och med {end}" if end else "utan tidsgräns"
    last_en = f"until {end} at the latest" if end else "without a time limit"
    mark_sv = " Handlingen är sekretessmarkerad." if is_mark else ""
    mark_en = " The record bears a secrecy mark." if is_mark else ""
    return Reason(
        rule.code,
        clause,
        f"Sekretess kan gälla ({name_sv}), {last_sv}.{mark_sv}",
        f"Secrecy may apply ({name_en}), {last_en}.{mark_en}",
        end,
    )


def contract_closes(rule: Rule, until: date | None) -> Reason:
    """The contract of a deposited private archive keeps it closed."""
    return Reason(
        rule.code,
        "depositionsavtalet",
        f"Enskilt arkiv: avtalet med deponenten stänger handlingen till och med {until}.",
        f"Private archive: the contract with the depositor closes the record until {until}.",
        until,
    )


def to_be_tested(reason: Reason, known: SecrecyRule | None) -> Reason:
    """In a request a person tests, with the provision's own damage test; a table never refuses."""
    test_sv = f" {known.damage_test.sv}" if known else ""
    test_en = f" {known.damage_test.en}" if known else ""
    return Reason(
        reason.rule,
        reason.clause,
        f"{reason.text_sv}{test_sv} Prövas av en handläggare i varje ärende.",
        f"{reason.text_en}{test_en} Tested by an officer in each case.",
        reason.until,
    )


def persons_may_live(rule: Rule, until: date | None, article: str) -> Reason:
    """The web asks more than secrecy does: nobody in the record may be alive."""
    last_sv = f" Prövas på nytt efter {until}." if until else ""
    last_en = f" Asked anew after {until}." if until else ""
    return Reason(
        rule.code,
        f"{article} GDPR; arkivets 110-årsregel",
        f"Handlingen kan handla om personer som lever.{last_sv}",
        f"The record may be about living persons.{last_en}",
        until,
    )


def title_names_living(rule: Rule) -> Reason:
    """The title itself names somebody who may be alive; a public title would open it."""
    return say(
        rule,
        "art. 6 GDPR; 5 kap. 2 § OSL",
        "Titeln nämner en person som kan leva. Ge handlingen en offentlig titel.",
        "The title names a person who may be alive. Give the record a public title.",
    )


def too_secret(rule: Rule | None) -> Reason:
    """K4 (national security) is not taken in."""
    return say(
        rule,
        "säkerhetsskyddslagen (2018:585)",
        "Klassad K4 (rikets säkerhet): tas inte emot i detta system.",
        "Classified K4 (national security): not taken into this system.",
    )


def not_for_the_web(rule: Rule) -> Reason:
    """The row keeps the type from the web."""
    return say(
        rule,
        f"{PLAN_CLAUSE}, publik visning",
        "Planen låter inte handlingstypen visas i sin helhet på webben.",
        "The plan does not let this record type be shown in full on the web.",
    )


def not_k0(rule: Rule, k: int | None) -> Reason:
    """Published implies K0."""
    if k is None:
        sv = "Inte klassad, och räknas då som K3; bara K0 publiceras."
        en = "Not classified, and so counts as K3; only K0 is published."
    else:
        sv = f"Klassad K{k}; bara K0 publiceras. Klassningen behöver prövas av en människa."
        en = f"Classified K{k}; only K0 is published. A person needs to look at the class."
    return say(rule, f"{PLAN_CLAUSE}, informationsklassning", sv, en)


def in_copyright(rule: Rule) -> Reason:
    """Somebody's copyright lasts."""
    return say(
        rule,
        "2 och 43 §§ URL",
        "Upphovsrätt gäller; får inte publiceras.",
        "In copyright; may not be published.",
    )


def rights_unknown(rule: Rule) -> Reason:
    """Unknown rights are closed."""
    return say(
        rule,
        "2 och 43 §§ URL",
        "Upphovsrätten är inte utredd.",
        "The copyright has not been settled.",
    )


def personal_data_tested(rule: Rule) -> Reason:
    """OSL 21:7: personal data whose use would break the GDPR."""
    return say(
        rule,
        "21 kap. 7 § OSL",
        "Innehåller personuppgifter; utlämnandet prövas av en handläggare.",
        "Holds personal data; an officer tests the release.",
    )


# What opens


def in_plan(rule: Rule) -> Reason:
    """The type is in the plan."""
    return say(
        rule,
        PLAN_CLAUSE,
        f"Handlingstypen ”{rule.record_type}” finns i planen.",
        f"The record type “{rule.record_type}” is in the plan.",
    )


def public_title(rule: Rule) -> Reason:
    """A title that may be shown has been given."""
    return say(
        rule, "5 kap. 2 § OSL", "Visas med sin offentliga titel.", "Shown with its public title."
    )


def title_open(rule: Rule) -> Reason:
    """Nothing stands against the description."""
    return say(
        rule,
        _access_law(rule, "2 kap. 1 § TF"),
        "Beskrivningen är öppen: ingen sekretess, inga levande personer.",
        "The description is open: no secrecy, no living persons.",
    )


def _access_law(rule: Rule, clause: str) -> str:
    return "depositionsavtalet" if rule.access_contract else clause


def open_on_the_web(rule: Rule) -> Reason:
    """All that publication asks is met."""
    return say(
        rule,
        _access_law(rule, "2 kap. 1 § TF"),
        "Öppen: ingen sekretess, K0, fria rättigheter, inga levande personer, och planen "
        "låter den visas.",
        "Open: no secrecy, K0, free rights, no living persons, and the plan lets it be shown.",
    )


def no_personal_data(rule: Rule) -> Reason:
    """Open to be handed out."""
    return say(
        rule,
        _access_law(rule, "2 kap. 15–16 §§ TF"),
        "Inga personuppgifter och ingen sekretess: lämnas ut.",
        "No personal data and no secrecy: handed out.",
    )
