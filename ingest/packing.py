"""Which objects a delivery becomes, and storing them: new ones, and new versions of those here.

Begin at `plan_aips` and `store_all`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from archive.jobs.worker import Running
from archive.storage.store import Store, StoredVersion
from ingest import recorded
from ingest.classify import Classified, Placed
from ingest.models import Transfer
from ingest.package import FileRole, Package, PackageFile
from ingest.recorded import AipPlan, Tree
from ingest.updates import merging
from ingest.updates.bases import Base

_AT_ONCE = 4


def plan_aips(
    package: Package, gate: Classified, transfer: Transfer, bases: Mapping[int, Base]
) -> list[AipPlan]:
    """Return the objects that the delivery becomes, always the same for the same delivery.

    Records go with the file, else the volume, that holds them, unless their row differs: an
    object has one rule, so that disposal removes whole objects. `bases` are the packages here, by
    id, of the records that an update changes: those become new versions.
    """
    by_key = {p.draft.key: p for p in gate.placed}
    groups: dict[tuple[str, str], list[PackageFile]] = {}
    grown: dict[int, list[PackageFile]] = _unfilled(gate, bases)
    for file in package.files:
        if file.role is not FileRole.CONTENT or file.draft not in by_key or file.source is None:
            continue
        own = by_key[file.draft or ""]
        root = _root_of(own, by_key)
        base = _base_of(own, root, bases)
        if base is not None:
            grown.setdefault(base.aip_id, []).append(file)
        else:
            groups.setdefault((root.draft.key, own.rule or ""), []).append(file)
    roots = {p.known.aip_id: p for p in reversed(gate.placed) if p.known is not None}
    fresh = [
        AipPlan(f"urn:stadsarkiv:{transfer.pid}:{n:05d}", rule, by_key[key], tuple(files))
        for n, ((key, rule), files) in enumerate(groups.items(), 1)
    ]
    return fresh + [
        merging.plan(bases[aip_id], roots[aip_id], files, by_key, gate, transfer)
        for aip_id, files in grown.items()
    ]


def _unfilled(gate: Classified, bases: Mapping[int, Base]) -> dict[int, list[PackageFile]]:
    """Return the packages whose descriptions are replaced, each without files so far."""
    if gate.update is None or not gate.update.replaces:
        return {}
    ids = [p.known.aip_id for p in gate.placed if p.known is not None]
    return {aip_id: [] for aip_id in ids if aip_id is not None and aip_id in bases}


def _base_of(own: Placed, root: Placed, bases: Mapping[int, Base]) -> Base | None:
    """Return the package that a record's files lie in, else that of what holds it by one row."""
    base = bases.get(own.known.aip_id or 0) if own.known is not None else None
    if base is None and root.known is not None and root.rule == own.rule:
        base = bases.get(root.known.aip_id or 0)
    return base


def _root_of(own: Placed, by_key: Mapping[str, Placed]) -> Placed:
    found, here = own, own
    while here.draft.parent in by_key:
        here = by_key[here.draft.parent or ""]
        if here.draft.level == "file" or (here.draft.level == "volume" and here.rule == own.rule):
            found = here
    return found


def store_all(
    store: Store, plans: Sequence[AipPlan], gate: Classified, transfer: Transfer, running: Running
) -> dict[str, StoredVersion]:
    """Store the objects, a few at a time: each waits for the disks much longer than it works."""
    stored: dict[str, StoredVersion] = {}
    tree = Tree.of(gate)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        kept = pool.map(lambda plan: _store(store, plan, tree, transfer), plans)
        try:
            for plan, version in zip(plans, kept, strict=True):
                stored[plan.object_id] = version
                running.progress(len(stored), len(plans), plan.root.reference)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # else all the rest would be stored
            raise
    return stored


def _store(store: Store, plan: AipPlan, tree: Tree, transfer: Transfer) -> StoredVersion:
    files: list[tuple[str, Any]] = [(plan.place_of(f), f.source) for f in plan.files]
    told = recorded.of_object(plan, tree, transfer)
    expected = {
        plan.place_of(f): {"sha256": f.claimed["sha256"]}
        for f in plan.files
        if "sha256" in f.claimed
    }
    what = "accession"
    if plan.base is not None:
        what = "update"
        told, carried = merging.with_what_was(store, plan, plan.base, told)
        files += [(path, source) for path, source, _ in carried]
        expected |= {path: {"sha512": sha512} for path, _, sha512 in carried}
    files.append((recorded.RECORDS, told))
    return store.put(
        plan.object_id,
        files,
        message=f"{what} of transfer {transfer.number}",
        user=("stadsarkiv", None),
        expected=expected,
    )
