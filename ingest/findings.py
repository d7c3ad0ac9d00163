"""What is wrong, or worth knowing, in a delivery: a code, a place and plain words.

The texts, severities and sources are data (`findings_*.json`), one entry per code, Swedish
and English. Findings are results, not errors: they are collected, all of them. Begin at `Finding`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ingest.phrases import in_swedish

_VERSIONED = frozenset({"csip", "fgs"})


class Severity(StrEnum):
    """How much a finding weighs. Only ERROR makes a package invalid."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue: what the code demands, and who demands it."""

    code: str
    severity: Severity
    sv: str
    en: str
    source: str
    hint_sv: str = ""
    hint_en: str = ""
    source_en: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)  # by kind of profile: csip, fgs …


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `where` is "file:line xpath", as much of it as is known.

    `params` fill the braces of the rule's text; they are data from outside and are shown as
    text only, shortened.
    """

    code: str
    where: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Return the weight that the catalogue gives to the code."""
        return rule(self.code).severity

    def message(self, language: str = "sv") -> str:
        """Return one plain sentence in Swedish ("sv") or English ("en")."""
        entry = rule(self.code)
        if language == "en":
            return _fill(entry.en, self.params)
        said = (
            {"problem": in_swedish(str(self.params["problem"]))} if "problem" in self.params else {}
        )
        return _fill(entry.sv, dict(self.params) | said)

    def hint(self, language: str = "sv") -> str:
        """Return how to mend it, or an empty string."""
        entry = rule(self.code)
        return _fill(entry.hint_en if language == "en" else entry.hint_sv, self.params)

    def source(self, profile: str | None, language: str = "sv") -> str:
        """Return who demands it of a package of the profile ("fgs-1.1"), version and all."""
        entry = rule(self.code)
        kind, _, version = (profile or "").partition("-")
        own = entry.source_en if language == "en" and entry.source_en else entry.source
        text = entry.sources.get(kind, own)
        # A package of no version is judged by the one that the texts were written from.
        usual = "1.2" if text.startswith("FGS") else "2.1"
        return text.replace("{version}", version if kind in _VERSIONED else usual)

    def as_dict(self, profile: str | None, language: str = "en") -> dict[str, str]:
        """Return the finding as `validate --json` shows it, of a package of the profile."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": self.where,
            "message": self.message(language),
            "hint": self.hint(language),
            "source": self.source(profile, language),
        }


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as people read them, errors first.

    Among equals what the gate says comes first: that is what waits for a person.
    """
    weight = list(Severity)
    first = ("GATE", "UPDATE", "SEGMENT")
    return sorted(findings, key=lambda f: (weight.index(f.severity), not f.code.startswith(first)))


@cache
def catalogue() -> Mapping[str, Rule]:
    """Return every rule by its code."""
    entries: dict[str, Any] = {}
    for file in sorted(Path(__file__).parent.glob("findings_*.json")):
        entries |= json.loads(file.read_text("utf-8"))
    return {
        code: Rule(code=code, severity=Severity(entry.pop("severity")), **entry)
        for code, entry in entries.items()
    }


def rule(code: str) -> Rule:
    """Return the rule of a code.

    :raises KeyError: if the catalogue lacks it; a check must not report what nobody can read.
    """
    return catalogue()[code]


def _fill(text: str, params: Mapping[str, Any]) -> str:
    return text.format_map(_Shown(params))


class _Shown(dict[str, Any]):
    """Parameters shortened for show; one that is not given shows as its name, never as a crash."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__({key: _short(value) for key, value in params.items()})

    def __missing__(self, key: str) -> str:
        return f"‹{key}›"


def _short(value: Any) -> str:
    shown = str(value)
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return printable if len(printable) <= 200 else printable[:199] + "…"
