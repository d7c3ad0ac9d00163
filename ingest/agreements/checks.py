"""What a delivery has against its agreement: findings, each of which is a person's business.

An agreement that nobody here knows is told and stops nothing: deliverers write all kinds of
things in that field. Begin at `findings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ingest.agreements.models import Agreement
from ingest.findings import Finding
from ingest.package import FileRole, Package, PackageFile

# Weakest first. What a claim is worth, not how hard it is to count.
STRENGTH = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
UNKNOWN = "AGREEMENT-UNKNOWN"


def findings(
    agreement: Agreement | None,
    number: str | None,
    package: Package,
    *,
    unit_id: int | None,
    rows: Iterable[str],
    received: date,
) -> Iterator[Finding]:
    """Yield what differs from the agreement that the delivery names, nothing if it names none.

    `unit_id` is the unit that it came in for, `rows` the rows of the plan that its records
    stand under.
    """
    if agreement is None:
        if number:
            yield Finding(UNKNOWN, params={"number": number})
        return
    yield from _standing(agreement, unit_id, received)
    if agreement.profiles and not _is_agreed(package.profile or "", agreement.profiles):
        yield _differs("AGREEMENT-PROFILE", agreement, package.profile or "–", agreement.profiles)
    others = sorted(set(rows) - set(agreement.rows)) if agreement.rows else []
    if others:
        yield _differs("AGREEMENT-ROW", agreement, ", ".join(others), agreement.rows)
    contents = [f for f in package.files if f.role is FileRole.CONTENT and f.source is not None]
    yield from _checksums(agreement, contents)


def _standing(agreement: Agreement, unit_id: int | None, received: date) -> Iterator[Finding]:
    if unit_id is not None and unit_id != agreement.unit_id:
        params = {"number": agreement.number, "unit": agreement.unit.name}
        yield Finding("AGREEMENT-UNIT", params=params)
    if not agreement.is_in_force(received):
        until = agreement.valid_to.isoformat() if agreement.valid_to else "…"
        since = agreement.valid_from.isoformat()
        params = {"number": agreement.number, "from": since, "to": until}
        yield Finding("AGREEMENT-DATES", params=params)
    if agreement.needs_test and agreement.tested_on is None:
        yield Finding("AGREEMENT-TEST", params={"number": agreement.number})


def _checksums(agreement: Agreement, files: Iterable[PackageFile]) -> Iterator[Finding]:
    if agreement.checksum is None:
        return
    enough = frozenset(STRENGTH[STRENGTH.index(agreement.checksum) :])
    weak = [file for file in files if not enough & file.claimed.keys()]
    if weak:
        params = {
            "number": agreement.number,
            "agreed": agreement.checksum,
            "count": len(weak),
            "path": weak[0].path,
        }
        yield Finding("AGREEMENT-CHECKSUM", weak[0].where, params)


def _differs(code: str, agreement: Agreement, found: str, agreed: Iterable[str]) -> Finding:
    params = {"number": agreement.number, "found": found, "agreed": ", ".join(agreed)}
    return Finding(code, params=params)


def _is_agreed(profile: str, agreed: Iterable[str]) -> bool:
    return any(profile == one or profile.startswith(f"{one}-") for one in agreed)
