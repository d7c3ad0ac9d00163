"""What a package of our own is to say and hold: plain values, known to every part of the builder.

Nothing is written here. Begin at `PackageSpec`; the builder is `build`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.package import AgentDraft, DescriptionDraft


class Kind(StrEnum):
    """What kind of package to build."""

    CSIP = "csip"
    FGS = "fgs"
    BAG = "bag"
    FOLDER = "folder"


class PackageType(StrEnum):
    """What an E-ARK package is for (OAIS): handed in, kept, or handed out."""

    SIP = "SIP"
    AIP = "AIP"
    DIP = "DIP"


class Section(StrEnum):
    """The part of a METS `amdSec` in which a file of metadata is listed."""

    RIGHTS = "rightsMD"
    PROVENANCE = "digiprovMD"


@dataclass(frozen=True, slots=True)
class BuildFile:
    """A file to put in: its name in the package, its bytes (or where they lie), its draft.

    `digest` (SHA-256 or SHA-512, hex) is what the bytes must be; they are compared while they
    are copied.
    """

    path: str
    source: bytes | Path
    draft: str
    media_type: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Administrative:
    """A file of administrative metadata below `metadata/`; `kind` is a MDTYPE of METS.

    With `kind` "OTHER", `other` says what it is.
    """

    path: str
    source: bytes | Path
    section: Section
    kind: str = "OTHER"
    other: str = ""
    media_type: str = "application/xml"
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class PackageSpec:
    """Everything a package says and holds. `created` is ISO 8601, given, not taken from a clock.

    `package_type` and `administrative` are for E-ARK packages; the other kinds are always SIPs.
    """

    object_id: str
    label: str
    drafts: tuple[DescriptionDraft, ...]
    files: tuple[BuildFile, ...] = ()
    unit: str | None = None
    record_type: str | None = None
    agreement: str | None = None
    creator: str = ""
    submitter: str = ""
    agents: tuple[AgentDraft, ...] = ()
    created: str = "2026-01-02T08:00:00+01:00"
    package_type: PackageType = PackageType.SIP
    administrative: tuple[Administrative, ...] = ()
    readme: str = ""
    status: str = "NEW"  # METS RECORDSTATUS
    segment: tuple[str, str] | None = None  # group and count, "2 of 3": of bags and FGS
    updates: str | None = None  # the reference code of what it changes
