"""What an object says of itself: its records as they came in, as JSON beside their files.

Kept in every AIP as `metadata/records.json`, so that the store alone tells what it holds. Begin at
`of_object`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.classify import Classified, Placed
from ingest.models import Transfer
from ingest.package import AgentDraft, PackageFile, Restriction
from ingest.updates.bases import Base

RECORDS = "metadata/records.json"


@dataclass(frozen=True, slots=True)
class AipPlan:
    """One object to be: its id, the records in it and their files. One rule, one due date.

    With `base` it is a new version of a package here, in which the files of the records whose ids
    are `replaced` end.
    """

    object_id: str
    rule: str
    root: Placed
    files: tuple[PackageFile, ...]
    base: Base | None = None
    folder: str = "content"
    replaced: frozenset[int] = frozenset()
    replaces: bool = False  # whether its words of a record count before those that were

    def place_of(self, file: PackageFile) -> str:
        """Return the file's name in the object."""
        return f"{self.folder}/{file.path}"


@dataclass(frozen=True, slots=True)
class Tree:
    """A delivery's records by key, in their order: made once, asked for every object."""

    by_key: Mapping[str, Placed]
    order: Mapping[str, int]

    @classmethod
    def of(cls, gate: Classified) -> Tree:
        """Return the tree of a classified delivery."""
        return cls(
            {p.draft.key: p for p in gate.placed},
            {p.draft.key: number for number, p in enumerate(gate.placed)},
        )

    def with_those_above(self, keys: Iterable[str]) -> list[Placed]:
        """Return the records of the keys and every record above them, in the package's order."""
        wanted: set[str] = set()
        for key in keys:
            here = self.by_key.get(key)
            while here is not None and here.draft.key not in wanted:
                wanted.add(here.draft.key)
                here = self.by_key.get(here.draft.parent or "")
        return [self.by_key[key] for key in sorted(wanted, key=self.order.__getitem__)]


def of_object(plan: AipPlan, tree: Tree, transfer: Transfer) -> bytes:
    """Return the descriptions that belong to an object, those above included, as they came in."""
    keys = [plan.root.draft.key, *(file.draft for file in plan.files if file.draft)]
    by_key = tree.by_key
    return as_json(
        {
            "schema": "stadsarkiv-records/1",
            "transfer": transfer.pid,
            "rule": plan.rule,
            "root": plan.root.reference,
            "records": [as_form(p, by_key) for p in tree.with_those_above(keys)],
            "files": [
                {
                    "path": plan.place_of(f),
                    "record": by_key[f.draft].reference if f.draft else None,
                    "name": f.original_name or f.path,
                    "media_type": f.media_type,
                    "label": f.label,
                }
                for f in plan.files
            ],
        }
    )


def as_form(placed: Placed, by_key: Mapping[str, Placed]) -> dict[str, Any]:
    """Return what a delivery says of a record, and where it stands."""
    draft = placed.draft
    parent = by_key.get(draft.parent or "")
    return {
        "reference": placed.reference,
        "parent": parent.reference if parent else None,
        "unit": placed.unit_id,
        "plan_unit": placed.plan_unit_id,
        "plan": placed.decision.plan_version if placed.decision else None,
        "rule": placed.rule,
        "level": draft.level,
        "title": draft.title,
        "public_title": draft.public_title,
        "date_text": draft.date_text,
        "date_edtf": placed.span.edtf,
        "date_min": _iso(placed.span.date_min),
        "date_max": _iso(placed.span.date_max),
        "extent": draft.extent,
        "scope": draft.scope,
        "language": draft.language,
        "genre": draft.genre,
        "creators": [_agent(a) for a in draft.creators],
        "subjects": list(draft.subjects),
        "places": list(draft.places),
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "rights": draft.rights,
        "personal_data": draft.personal_data,
        "living_persons": draft.living_persons,
        "is_register": draft.is_register,
        "events": {name: day.isoformat() for name, day in draft.events.items()},
        "restrictions": [_claim(r) for r in draft.restrictions],
        "marks": list(placed.marks),
        "text": draft.text,
        "notes": list(draft.notes),
    }


def _agent(agent: AgentDraft) -> dict[str, Any]:
    return {"name": agent.name, "role": agent.role, "kind": agent.kind, "dates": agent.dates}


def _claim(claim: Restriction) -> dict[str, Any]:
    until = _iso(claim.until)
    return {"kind": claim.kind, "value": claim.value, "clause": claim.clause, "until": until}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_json(form: Mapping[str, Any]) -> bytes:
    """Return a form as the store keeps it: readable, and the same for the same."""
    return json.dumps(form, ensure_ascii=False, indent=1, sort_keys=True).encode()
