"""Group the city's records into deliveries, and write them as the packages that units send.

So the demo goes through the real readers, checks and gate. Drawing happens in `write`, which
takes some seconds a delivery; `deliveries` itself is quick. Begin at `deliveries` and `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.build import BuildFile, Kind, PackageSpec, build
from ingest.demo.bulk import bulk
from ingest.demo.content import city
from ingest.demo.draw import Picture, scan
from ingest.demo.tree import DemoFile, Fonds
from ingest.package import DescriptionDraft

# A series with as many files travels alone; the smaller ones of a fonds travel together.
_ALONE = 16
_HISTORICAL = (Kind.CSIP, Kind.BAG, Kind.FOLDER)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One package to be: who sends it, in which of our four kinds, and what is in it.

    `object_id` is the same every time, so that the same delivery twice is known as the same.
    """

    unit: str
    profile: Kind
    label: str
    object_id: str
    drafts: tuple[DescriptionDraft, ...]
    files: tuple[DemoFile, ...]

    @property
    def record_count(self) -> int:
        """Return how many files and items the delivery describes."""
        return sum(draft.level in {"file", "item"} for draft in self.drafts)


def deliveries(records: int | None = None, prefix: str = "SE/LSA") -> tuple[Delivery, ...]:
    """Return the city's deliveries, in the order in which they should be taken in.

    With `records`, synthetic ones follow until so many files and items are described: whole
    series of a thousand, few pictures, always the same.
    """
    own = tuple(part for number, f in enumerate(city(prefix)) for part in _split(f, number))
    missing = (records or 0) - sum(delivery.record_count for delivery in own)
    if missing <= 0:
        return own
    more = (_delivery(fonds, Kind.CSIP, fonds.title, "1") for fonds in bulk(missing, prefix))
    return (*own, *more)


def pictures(delivery: Delivery) -> tuple[Picture, ...]:
    """Return what has to be drawn for a delivery, each picture once."""
    return tuple(dict.fromkeys(file.picture for file in delivery.files if file.picture))


def write(delivery: Delivery, folder: Path, *, draw: Callable[[Picture], bytes] = scan) -> Path:
    """Draw what has to be drawn and build the package below the folder; return its folder.

    `draw` returns a picture's JPEG: who has many deliveries draws ahead, in other processes.

    :raises FileExistsError: if it is there already.
    """
    drawn = {picture: draw(picture) for picture in pictures(delivery)}
    files = tuple(
        BuildFile(file.name, _bytes(file, drawn), file.draft, file.media_type)
        for file in delivery.files
    )
    spec = PackageSpec(
        object_id=delivery.object_id,
        label=delivery.label,
        drafts=delivery.drafts,
        files=files,
        unit=delivery.unit,
        creator=delivery.drafts[0].creators[0].name,
        submitter="Stadsarkivet" if delivery.unit == "HA" else delivery.drafts[0].creators[0].name,
        created="2026-01-02T08:00:00+01:00",
    )
    return build(delivery.profile, spec, folder)


def _bytes(file: DemoFile, drawn: Mapping[Picture, bytes]) -> bytes:
    return drawn[file.picture] if file.picture else file.content or b""


def _split(fonds: Fonds, number: int) -> Iterator[Delivery]:
    if fonds.unit != "HA":
        yield from _of_unit(fonds)
        return
    series = [d.key for d in fonds.drafts if d.level == "series"]
    count = {key: sum(_below(f.draft, key) for f in fonds.files) for key in series}
    alone = [[key] for key in series if count[key] >= _ALONE]
    together = [key for key in series if count[key] < _ALONE]
    parts = [part for part in (*alone, together) if part]
    for turn, keys in enumerate(parts):
        kind = _HISTORICAL[(number + turn) % 3]
        names = [d.title for d in fonds.drafts if d.key in keys]
        label = fonds.title if len(parts) == 1 else f"{fonds.title}: {', '.join(names).lower()}"
        yield _delivery(_only(fonds, keys), kind, label, str(turn + 1))


def _of_unit(fonds: Fonds) -> Iterator[Delivery]:
    """Return what a unit sends: what stays, and apart from it what is already due for disposal.

    The gate asks a person about the latter; apart, they do not hold up the rest.
    """
    volumes = [d.key for d in fonds.drafts if d.level == "volume"]
    stays = [key for key in volumes if key not in fonds.due]
    yield _delivery(_only(fonds, stays), Kind.FGS, fonds.title, "1")
    if fonds.due:
        label = f"{fonds.title}: handlingar vars frist har gått ut"
        yield _delivery(_only(fonds, sorted(fonds.due)), Kind.FGS, label, "2")


def _only(fonds: Fonds, tops: list[str]) -> Fonds:
    """Return the fonds with these series or volumes, what is above them and what is in them."""
    wanted = {d.key for d in fonds.drafts if any(_below(d.key, top) for top in tops)}
    parents = {d.key: d.parent for d in fonds.drafts}
    for key in list(wanted):
        above = parents[key]
        while above is not None:
            wanted.add(above)
            above = parents[above]
    drafts = tuple(d for d in fonds.drafts if d.key in wanted)
    files = tuple(f for f in fonds.files if f.draft in wanted)
    return Fonds(fonds.code, fonds.unit, drafts, files)


def _below(key: str, top: str) -> bool:
    return key == top or key.startswith((f"{top}:", f"{top}/"))


def _delivery(fonds: Fonds, kind: Kind, label: str, turn: str) -> Delivery:
    object_id = f"demo-{fonds.code.lower()}-{turn}"
    return Delivery(fonds.unit, kind, label, object_id, fonds.drafts, fonds.files)
