"""The report of a delivery that its supplier can act on: what came, the verdict, every finding.

The same report for a delivery in the house and for a package examined in the shell; as JSON here,
as PDF in `report_pdf`. Begin at `of_transfer` or `of_package`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from archive import clock
from ingest import queries
from ingest.findings import Finding, Severity, in_order
from ingest.models import State, Transfer, TransferFinding
from ingest.pipeline import as_finding, findings_of
from ingest.queries import RuleGroup, Shown
from ingest.read import Examined

FORMAT = "stadsarkiv-report/1"
LANGUAGES = ("sv", "en")


class Verdict(StrEnum):
    """What became of it."""

    UNDER_WAY = "under_way"
    WAITS = "waits"
    REJECTED = "rejected"
    TAKEN_IN = "taken_in"
    VALID = "valid"
    INVALID = "invalid"


_VERDICTS = {
    State.REVIEW: Verdict.WAITS,
    State.REJECTED: Verdict.REJECTED,
    State.ACCESSIONED: Verdict.TAKEN_IN,
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was delivered, as far as it is known. A package that was only examined has no number."""

    name: str
    size_bytes: int
    files: int
    profile: str | None = None
    label: str | None = None
    object_id: str | None = None
    number: int | None = None
    received_at: datetime | None = None
    sha512: str | None = None
    unit: str | None = None
    record_type: str | None = None
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery, the verdict on it, and what was found; errors first."""

    delivered: Delivered
    verdict: Verdict
    findings: tuple[Finding, ...]
    made_at: datetime
    reason: str = ""

    def count(self, severity: str) -> int:
        """Return how many findings have this weight."""
        return sum(finding.severity == severity for finding in self.findings)

    def rules(self, language: str) -> list[RuleGroup]:
        """Return the findings gathered by rule, in words of the language."""
        return queries.by_rule([self._shown(finding, language) for finding in self.findings])

    def as_dict(self) -> dict[str, object]:
        """Return the report as JSON has it: codes for programs, words in both languages."""
        received = self.delivered.received_at
        moment = {"received_at": received.isoformat() if received else None}
        return {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "delivered": asdict(self.delivered) | moment,
            "verdict": self.verdict.value,
            "reason": self.reason,
            "counts": {severity.value: self.count(severity) for severity in Severity},
            "findings": [self._entry(finding) for finding in self.findings],
        }

    def _entry(self, finding: Finding) -> dict[str, object]:
        words = {language: self._shown(finding, language) for language in LANGUAGES}
        return {
            "code": finding.code,
            "severity": finding.severity.value,
            "where": finding.where,
            "message": {language: words[language].message for language in LANGUAGES},
            "hint": {language: words[language].hint for language in LANGUAGES},
            "source": {language: words[language].source for language in LANGUAGES},
        }

    def _shown(self, finding: Finding, language: str) -> Shown:
        return queries.shown(finding, self.delivered.profile, language)


def of_transfer(session: Session, transfer: Transfer) -> Report:
    """Return the report of a delivery as it stands; its unit must be loaded."""
    rows = session.scalars(findings_of(transfer)).all()
    state = State(transfer.state)
    return Report(
        delivered=Delivered(
            name=transfer.name,
            size_bytes=transfer.size_bytes,
            files=transfer.file_count,
            profile=transfer.profile,
            label=transfer.label,
            object_id=transfer.object_id,
            number=transfer.number,
            received_at=transfer.received_at,
            sha512=transfer.sha512,
            unit=transfer.unit.name if transfer.unit else None,
            record_type=transfer.record_type,
            agreement=transfer.agreement,
        ),
        verdict=_verdict(state, rows),
        findings=tuple(in_order(as_finding(row) for row in rows)),
        made_at=clock.now(),
        # What a person wrote when taking in is the house's own; a refusal is told to the supplier.
        reason=(transfer.assigned_reason or "") if state == State.REJECTED else "",
    )


def _verdict(state: State, rows: Sequence[TransferFinding]) -> Verdict:
    if state in {State.CHECKED, State.DISCARDED}:
        has_errors = any(row.severity == Severity.ERROR for row in rows)
        return Verdict.INVALID if has_errors else Verdict.VALID
    return _VERDICTS.get(state, Verdict.UNDER_WAY)


def of_package(path: Path, found: Examined) -> Report:
    """Return the report of a package that was examined and not kept."""
    package = found.package
    return Report(
        delivered=Delivered(
            name=path.name,
            size_bytes=path.stat().st_size if path.is_file() else found.size_bytes,
            files=found.files,
            profile=package.profile if package else None,
            label=package.label if package else None,
            object_id=package.object_id if package else None,
            agreement=package.agreement if package else None,
        ),
        verdict=Verdict.VALID if found.is_valid else Verdict.INVALID,
        findings=tuple(in_order(found.findings)),
        made_at=clock.now(),
    )
