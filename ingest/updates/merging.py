"""The next version of a package: what an update brings, beside what goes on from the last one.

Begin at `plan`; the bytes are put together by `with_what_was`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.storage.store import Store
from ingest import recorded
from ingest.classify import Classified, Placed
from ingest.models import Transfer
from ingest.package import PackageFile
from ingest.recorded import AipPlan
from ingest.updates.bases import Base, Held


def plan(
    base: Base,
    root: Placed,
    files: Sequence[PackageFile],
    by_key: Mapping[str, Placed],
    gate: Classified,
    transfer: Transfer,
) -> AipPlan:
    """Return the new version of a package here.

    A replacement ends the files of the records that it brings files for, and no others'. What has
    the name of a file that goes on, and is another, gets a folder of its own: nothing is written
    over. A supplement's file that its record has already is left out.
    """
    owners = {f.path: _record_of(f, by_key) for f in files}
    replaced: frozenset[int] = frozenset()
    if _replaces(gate):
        replaced = frozenset(owner for owner in owners.values() if owner)
    going_on = {held.path: held for held in base.files if held.record_id not in replaced}
    if not _replaces(gate):
        files = [f for f in files if not _is_here(f, owners[f.path], base.files)]
    folder = "content"
    if any(_is_another(f, going_on.get(f"content/{f.path}")) for f in files):
        folder = f"content/{transfer.number:06d}"
    return AipPlan(
        base.object_id, base.rule, root, tuple(files), base, folder, replaced, _replaces(gate)
    )


def _replaces(gate: Classified) -> bool:
    return gate.update is not None and gate.update.replaces


def _record_of(file: PackageFile, by_key: Mapping[str, Placed]) -> int | None:
    known = by_key[file.draft or ""].known
    return known.id if known is not None else None


def _is_here(file: PackageFile, owner: int | None, held: Sequence[Held]) -> bool:
    same = [h for h in held if h.record_id == owner and h.size_bytes == file.size_bytes]
    return bool(same) and _digest(file.source) in {h.sha512 for h in same}


def _is_another(file: PackageFile, held: Held | None) -> bool:
    return held is not None and _digest(file.source) != held.sha512


def _digest(source: Path | None) -> str:
    if source is None:
        return ""
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha512").hexdigest()


def with_what_was(
    store: Store, plan: AipPlan, base: Base, told: bytes
) -> tuple[bytes, list[tuple[str, Path, str]]]:
    """Return the records of old and new as JSON, and the files that go on: path, bytes, SHA-512.

    Of a record in both, a replacement's words count; a supplement changes none.
    """
    before = store.version(base.object_id, base.version).files
    ended = {held.path for held in base.files if held.record_id in plan.replaced}
    new = {plan.place_of(file) for file in plan.files}
    stays = sorted(before.keys() - ended - new - {recorded.RECORDS})
    carried = [
        (path, store.path_of(base.object_id, path, base.version), before[path].sha512)
        for path in stays
    ]
    was = json.loads(store.read(base.object_id, recorded.RECORDS, base.version))
    now = json.loads(told)
    first, then = (was, now) if plan.replaces else (now, was)
    records = {r["reference"]: r for r in (*first["records"], *then["records"])}
    order = dict.fromkeys(r["reference"] for r in (*was["records"], *now["records"]))
    files = {f["path"]: f for f in (*was["files"], *now["files"]) if f["path"] in {*stays, *new}}
    merged = was | {
        "records": [records[reference] for reference in order],
        "files": list(files.values()),
    }
    return recorded.as_json(merged), carried


def as_they_were(store: Store, plans: Sequence[AipPlan]) -> dict[str, Mapping[str, Any]]:
    """Return what the packages said of their records before the update, by reference."""
    found: dict[str, Mapping[str, Any]] = {}
    for each in plans:
        if each.base is not None:
            text = store.read(each.object_id, recorded.RECORDS, each.base.version)
            found |= {form["reference"]: form for form in json.loads(text)["records"]}
    return found
