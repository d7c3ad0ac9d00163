"""The neutral form into which every reader turns a delivery.

Frozen facts, nothing else: what the package says of itself, its files and the descriptions
in it. Nothing in here is trusted as a path, a type or a decision. Begin at `Package`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from ingest.findings import Finding, Severity


class FileRole(StrEnum):
    """What a file is in its package. Only CONTENT becomes a file of a record."""

    CONTENT = "content"
    METADATA = "metadata"
    SCHEMA = "schema"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file, as claimed by the package's metadata and as found on disk.

    `path` is its name inside the package (POSIX, NFC, relative): a name, never a place of
    ours. `source` is where its bytes lie now, None when it is missing. `claimed` maps an
    algorithm ("sha256", "sha512", "md5" …) to the lower-case hex that the package states.
    """

    path: str
    size_bytes: int
    source: Path | None = None
    role: FileRole = FileRole.CONTENT
    claimed: Mapping[str, str] = field(default_factory=dict)
    claimed_size: int | None = None
    media_type: str | None = None
    original_name: str | None = None
    representation: str | None = None
    draft: str | None = None  # key of the DescriptionDraft to which the file belongs
    label: str | None = None
    where: str = ""  # "METS.xml:41 /mets/fileSec/…": where the claim stands


@dataclass(frozen=True, slots=True)
class AgentDraft:
    """A person or body named by the package, in a role (creator, submitter, producer …)."""

    name: str
    role: str
    kind: str = "organization"  # organization | person | family | software
    identifier: str | None = None
    dates: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileClaim:
    """What metadata beside the METS (PREMIS, a list of cases) says of one file.

    `path` is the name as it stands there, possibly a part of the path. Compared with the bytes by
    `checks_claims`.
    """

    path: str
    also: tuple[str, ...] = ()  # other names that it may go by
    digests: Mapping[str, str] = field(default_factory=dict)  # as PackageFile.claimed
    size_bytes: int | None = None
    puid: str | None = None
    format_name: str | None = None
    original_name: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """Something that happened to a file, or to the package, before it came (PREMIS, event).

    `paths` name the files; none means the package as a whole.
    """

    kind: str
    at: datetime
    outcome: str
    agent: str
    paths: tuple[str, ...] = ()
    detail: str | None = None
    identifier: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Restriction:
    """What the package claims about secrecy or appraisal. It may close; it never opens or decides.

    A claim of secrecy or protected identity becomes a mark that a person may lift
    (`ingest.claims`); the rest is told to the person who takes the delivery in.
    """

    # secrecy | privacy | protected_identity | access | appraisal | information_class |
    # classification | record_type | access_contract
    kind: str
    value: str
    clause: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DescriptionDraft:
    """One unit of description to be: fonds, series, volume, file or item (ISAD(G) 3.1).

    `parent` is the key of the draft above, None at the top. `reference` is the package's own
    code, possibly partial ("A1:2"). `date_text` is what was written; its reading as dates is
    the business of `ihp.dates`. `record_type` is the row code of the plan, when declared.
    `events` maps trigger names of `ihp.terms.Trigger` (values) to days.
    """

    key: str
    level: str  # fonds | series | volume | file | item
    title: str
    parent: str | None = None
    reference: str | None = None
    public_title: str | None = None
    date_text: str | None = None
    extent: str | None = None
    scope: str | None = None
    language: str | None = None
    record_type: str | None = None
    unit: str | None = None
    creators: tuple[AgentDraft, ...] = ()
    subjects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    genre: str | None = None  # what it is to look at: minutes, photograph, map, drawing, ledger …
    latitude: float | None = None
    longitude: float | None = None
    rights: str | None = None  # free | in_copyright | unknown
    personal_data: str | None = None  # none | ordinary | sensitive | criminal
    living_persons: str | None = None  # yes | no | unknown
    is_register: bool = False
    events: Mapping[str, date] = field(default_factory=dict)
    restrictions: tuple[Restriction, ...] = ()
    text: str | None = None  # transcription that came with it, a form feed between pages
    broken_lines: tuple[int, ...] = ()  # its lines, from 0, whose last word goes on in the next
    notes: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """Which part of a delivery in several packages it is: number `number` of `total`."""

    group: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Package:
    """A delivery, read in full.

    `profile` is a name of docs/formats.md ("csip-2.1", "fgs-1.2", "bagit", "folder", "ead3" …),
    None when nothing was recognised. `findings` are those of the reader itself (what it could
    not read); the rules of the profile are judged afterwards by `ingest.checks`.
    """

    profile: str | None
    root: Path
    object_id: str | None = None
    label: str | None = None
    package_type: str | None = None
    status: str = "NEW"
    updates: tuple[str, ...] = ()  # reference codes of what it changes, the best first
    segment: Segment | None = None
    created: str | None = None
    agreement: str | None = None
    unit: str | None = None
    record_type: str | None = None
    agents: tuple[AgentDraft, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    files: tuple[PackageFile, ...] = ()
    drafts: tuple[DescriptionDraft, ...] = ()
    claims: tuple[FileClaim, ...] = ()
    events: tuple[EventDraft, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Return whether the reader itself met no error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def size_bytes(self) -> int:
        """Return the bytes found on disk, all files together."""
        return sum(file.size_bytes for file in self.files)
