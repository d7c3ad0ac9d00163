"""What is kept: each kind of row as a table of names, so that one engine writes and reads all.

A kind is a model with its natural key, the rows it refers to (by their natural keys) and the
parts that belong to it. Rooms above add their own with `register`. Begin at `all_kinds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.accounts.models import OrgUnit
from archive.db import ArchiveBase
from archive.history.models import Change, FormerReference
from archive.holdings.models import (
    Agent,
    Aip,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    Event,
    File,
    Hold,
    Mark,
    RecordText,
    Term,
)
from archive.plans.models import DisposalAuthority, PlanRow, PlanVersion

Model = type[ArchiveBase]


@dataclass(frozen=True, slots=True)
class Ref:
    """A foreign key, written as `name` with the natural key of the row it points at."""

    name: str
    model: Model
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong to a row and are kept inside it; `owner` is the column that says so."""

    name: str
    model: Model
    owner: str
    refs: Mapping[str, Ref] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset({"id"})
    only: tuple[str, str] | None = None  # a column and the value it must have


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row in the journal. `leave_out` is what this database alone knows, or a cache."""

    name: str
    model: Model
    key: tuple[str, ...]
    refs: Mapping[str, Ref] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    leave_out: frozenset[str] = frozenset({"id"})


_UNIT = Ref("unit", OrgUnit, ("code",))
_AIP = Ref("aip", Aip, ("object_id",))
# Answers of the law, the path of ids and the lock against two writers at once are made anew.
_MADE_ANEW = frozenset(
    {"id", "path", "shown", "access", "decision_until", "dispose_after", "decided_under"}
    | {"revision"}
)
_NAMES_FOLDED = frozenset({"id", "search_key", "match_key"})
_RECORD = Kind(
    "record",
    Description,
    ("pid",),
    refs={
        "parent_id": Ref("parent", Description, ("pid",)),
        "unit_id": _UNIT,
        "plan_unit_id": Ref("plan_unit", OrgUnit, ("code",)),
        "aip_id": _AIP,
    },
    parts=(
        Part(
            "agents",
            DescriptionAgent,
            "description_id",
            refs={"agent_id": Ref("agent", Agent, ("pid",))},
        ),
        Part(
            "terms",
            DescriptionTerm,
            "description_id",
            refs={"term_id": Ref("term", Term, ("pid",))},
        ),
        # Text layers and OCR are read from the files again; what came with them is not.
        Part("texts", RecordText, "description_id", only=("source", "transcription")),
        Part("holds", Hold, "description_id"),
        Part("marks", Mark, "description_id"),
    ),
    leave_out=_MADE_ANEW,
)
# In the order in which they can be read back: what is referred to comes before.
_kinds: list[Kind] = [
    Kind(
        "unit",
        OrgUnit,
        ("code",),
        refs={
            "parent_id": Ref("parent", OrgUnit, ("code",)),
            "successor_id": Ref("successor", OrgUnit, ("code",)),
        },
    ),
    Kind("authority", DisposalAuthority, ("code",), leave_out=frozenset()),
    Kind(
        "plan",
        PlanVersion,
        ("unit_id", "number"),
        refs={"unit_id": _UNIT},
        parts=(Part("rows", PlanRow, "plan_id"),),
    ),
    # By pid, for a name may change; what was kept before that is read by `earlier`.
    Kind("agent", Agent, ("pid",), leave_out=_NAMES_FOLDED),
    Kind("term", Term, ("pid",), leave_out=_NAMES_FOLDED),
    Kind("aip", Aip, ("object_id",)),
    _RECORD,
    Kind(
        "file",
        File,
        ("pid",),
        refs={"description_id": Ref("record", Description, ("pid",)), "aip_id": _AIP},
    ),
    # By pid: two events of one kind may happen to one file in the same instant.
    Kind(
        "event",
        Event,
        ("pid",),
        refs={"aip_id": _AIP, "file_id": Ref("file", File, ("pid",))},
    ),
    Kind("change", Change, ("pid",)),
    Kind("former_reference", FormerReference, ("reference",)),
]


def register(kind: Kind) -> None:
    """Add a kind of a room above this one; it may refer to all that are known before it."""
    if kind.name not in {known.name for known in _kinds}:
        _kinds.append(kind)


def all_kinds() -> tuple[Kind, ...]:
    """Return every kind, in the order in which they are read back."""
    return tuple(_kinds)
