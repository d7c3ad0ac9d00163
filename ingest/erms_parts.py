"""What lists of cases have in common, whichever words they use: days, claims, keys.

The readers are `erms` (E-ARK CITS ERMS, FGS Ärendehantering 2.0) and `erms_fgs` (1.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from archive.xml import Places
from ingest.dublincore import DcRecord
from ingest.findings import Finding
from ingest.package import Restriction

_NO = frozenset({"false", "0", "nej", "no"})
PROTECTED = "21 kap. 3 § OSL"
ALGORITHMS = {
    "MD5": "md5", "SHA1": "sha1", "SHA224": "sha224", "SHA256": "sha256", "SHA384": "sha384",
    "SHA512": "sha512",
}  # fmt: skip


@dataclass
class Listing:
    """A list being read: its records so far, parents first, and what was odd."""

    place: Places
    findings: list[Finding]
    records: list[DcRecord] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)  # what a record is called -> its key
    above: dict[str, str] = field(default_factory=dict)  # key -> the name of the record above

    def key(self, *wanted: str | None) -> str:
        """Return a key that no other record of the list bears."""
        key = next((w for w in wanted if w), f"case-{len(self.records)}")
        while key in self.keys:
            key = f"{key}+{len(self.records)}"
        self.keys.add(key)
        return key

    def know(self, key: str, *names: str | None) -> None:
        """Remember what else the record is called; the first to bear a name keeps it."""
        for name in names:
            if name:
                self.names.setdefault(name, key)

    def adopted(self) -> list[DcRecord]:
        """Return the records, each after the one above it, also where that is only named."""
        wanted = {key: self.names.get(name) for key, name in self.above.items()}
        waiting = [
            replace(r, draft=replace(r.draft, parent=wanted.get(r.draft.key) or r.draft.parent))
            for r in self.records
        ]
        done: dict[str | None, None] = {None: None}
        placed: list[DcRecord] = []
        while waiting:
            ready = [r for r in waiting if r.draft.parent in done]
            if not ready:  # they name each other in a ring
                ready = [replace(r, draft=replace(r.draft, parent=None)) for r in waiting]
            placed.extend(ready)
            done |= {r.draft.key: None for r in ready}
            waiting = [r for r in waiting if r.draft.key not in done]
        return placed


def is_claimed(text: str | None) -> bool:
    """Return whether a flag is set: whatever does not say no, for unknown closes."""
    return text is not None and text.strip().lower() not in _NO


def day_of(text: str | None, findings: list[Finding], where: str) -> date | None:
    """Return the day that begins the text ("2020-05-22T00:00"); without one it is a finding."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        findings.append(Finding("CASE-DATE", where, {"date": text}))
        return None


def last_day_of(text: str | None) -> date | None:
    """Return the last day that a year, a month or a day can mean, or None."""
    try:
        return date.fromisoformat(f"{text}-12-31"[:10]) if text else None
    except ValueError:
        return None


def span(texts: Iterable[str]) -> str | None:
    """Return the first and last of some dates ("2019", "2019-02", "2019-02-21T00:00") as a span."""
    found = sorted(text[:10] for text in texts if text[:4].isdecimal())
    if not found:
        return None
    return found[0] if found[0] == found[-1] else f"{found[0]}/{found[-1]}"


def dates_in(span_text: str | None) -> Iterator[str]:
    """Yield the ends of a span as `span` writes it."""
    yield from (part for part in (span_text or "").split("/") if part)


def protected_identity() -> Restriction:
    """Return the claim that somebody in the record has a protected identity; it names nobody."""
    return Restriction("protected_identity", "Skyddad identitet", PROTECTED)


def closes(restrictions: Iterable[Restriction]) -> bool:
    """Return whether any of the claims is one that closes."""
    return any(r.kind in {"secrecy", "privacy", "protected_identity"} for r in restrictions)


def widened(records: list[DcRecord]) -> list[DcRecord]:
    """Return the records with each one's dates reaching over those of the records in it.

    Secrecy counts from the newest record of a case (OSL 7:5), and a system's own dates of a case
    do not always reach so far.
    """
    reach = {r.draft.key: set(dates_in(r.draft.date_text)) for r in records}
    for record in reversed(records):  # parents stand first
        if record.draft.parent in reach:
            reach[record.draft.parent] |= reach[record.draft.key]
    return [replace(r, draft=replace(r.draft, date_text=span(reach[r.draft.key]))) for r in records]
