"""Every change is found, whatever it is, and mended from the other copy."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import clock, db
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.db import ArchiveBase
from archive.storage import actions, fixity, queries
from archive.storage.models import StoredObject
from archive.storage.store import Fault, Store
from tests.archive.storage.conftest import FILES, ID, complaints, put


def content(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.parent.name == "content")


def flip_a_bit(folder: Path) -> None:
    overwrite(content(folder)[0], lambda data: bytes([data[0] ^ 1]) + data[1:])


def add_a_byte(folder: Path) -> None:
    overwrite(content(folder)[0], lambda data: data + b"x")


def delete_a_byte(folder: Path) -> None:
    overwrite(content(folder)[0], lambda data: data[:-1])


def remove_a_file(folder: Path) -> None:
    content(folder)[0].unlink()


def add_a_file(folder: Path) -> None:
    (folder / "v1" / "content" / "inventory.json").write_bytes(b"smuggled")


def add_a_version(folder: Path) -> None:
    (folder / "v3").mkdir()
    (folder / "v3" / "inventory.json").write_bytes(b"{}")


def add_an_empty_folder(folder: Path) -> None:
    (folder / "v1" / "content" / "empty").mkdir()


def swap_two_files(folder: Path) -> None:
    one, two, *_ = content(folder)
    one.rename(folder / "x")
    two.rename(one)
    (folder / "x").rename(two)


def replace_by_a_link(folder: Path) -> None:
    place = content(folder)[0]
    place.rename(folder.parents[4] / "elsewhere")
    place.symlink_to(folder.parents[4] / "elsewhere")


def replace_by_a_pipe(folder: Path) -> None:
    content(folder)[0].unlink()
    os.mkfifo(content(folder)[0].with_name("0" * 40))


def remove_the_manifest(folder: Path) -> None:
    (folder / "inventory.json").unlink()


def remove_the_sidecar(folder: Path) -> None:
    (folder / "inventory.json.sha512").unlink()


def damage_the_sidecar(folder: Path) -> None:
    overwrite(
        folder / "inventory.json.sha512",
        lambda data: (b"1" if data[:1] == b"0" else b"0") + data[1:],
    )


def damage_an_older_inventory(folder: Path) -> None:
    overwrite(folder / "v1" / "inventory.json", lambda data: data.replace(b"accession", b"a"))


def damage_the_declaration(folder: Path) -> None:
    overwrite(folder / "0=ocfl_object_1.1", lambda data: b"")


def empty_the_manifest(folder: Path) -> None:
    overwrite(folder / "inventory.json", lambda data: b"[]")
    name_anew(folder)


def change_file_and_manifest_together(folder: Path) -> None:
    """Forge one file, and the inventories with their sidecars so that all agree again."""
    place = content(folder)[0]
    old = hashlib.sha512(place.read_bytes()).hexdigest()
    overwrite(place, lambda data: b"forged")
    new = hashlib.sha512(b"forged").hexdigest()
    for below in (folder, *sorted(folder.glob("v*"))):
        overwrite(below / "inventory.json", lambda data: data.replace(old.encode(), new.encode()))
        name_anew(below)


def remove_the_object(folder: Path) -> None:
    folder.rename(folder.parents[4] / "lost")


FAULTS: list[Callable[[Path], None]] = [
    flip_a_bit,
    add_a_byte,
    delete_a_byte,
    remove_a_file,
    add_a_file,
    add_a_version,
    add_an_empty_folder,
    swap_two_files,
    replace_by_a_link,
    replace_by_a_pipe,
    remove_the_manifest,
    remove_the_sidecar,
    damage_the_sidecar,
    damage_an_older_inventory,
    damage_the_declaration,
    empty_the_manifest,
    change_file_and_manifest_together,
    remove_the_object,
]


def overwrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file the way a failing disk does: same name, same times."""
    before, data = path.stat(), path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(change(data))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def name_anew(folder: Path) -> None:
    digest = hashlib.sha512((folder / "inventory.json").read_bytes()).hexdigest()
    overwrite(folder / "inventory.json.sha512", lambda data: f"{digest} inventory.json\n".encode())


@pytest.mark.parametrize("copy", [0, 1])
@pytest.mark.parametrize("fault", FAULTS)
def test_any_change_is_found_and_mended(
    store: Store, fault: Callable[[Path], None], copy: int
) -> None:
    put(store)
    recorded = put(store, [*FILES, ("content/sid 2.txt", b"andra")]).digest
    assert store.check(ID, recorded) == []
    fault(store.roots[copy].folder_of(ID))
    found = store.check(ID, recorded)
    assert found
    assert {problem.copy for problem in found} == {str(store.roots[copy])}
    assert store.repair(ID, recorded)
    assert store.check(ID, recorded) == []
    assert store.open(ID, "content/sid 1.txt").read() == FILES[0][1]
    assert complaints(store) == []


def test_different_damage_in_each_copy_is_mended_from_both(store: Store) -> None:
    recorded = put(store).digest
    for root, number in zip(store.roots, (0, 1), strict=True):
        overwrite(content(root.folder_of(ID))[number], lambda data: b"?")
    assert len(store.check(ID, recorded)) == 2
    assert store.repair(ID, recorded)
    assert complaints(store) == []


def test_damage_of_the_same_bytes_in_both_copies_is_said_and_nothing_is_made_worse(
    store: Store,
) -> None:
    recorded = put(store).digest
    for root in store.roots:
        flip_a_bit(root.folder_of(ID))
    before = [p.read_bytes() for root in store.roots for p in content(root.folder_of(ID))]
    assert not store.repair(ID, recorded)
    after = [p.read_bytes() for root in store.roots for p in content(root.folder_of(ID))]
    assert after == before


def test_copies_that_contradict_each_other_show_even_without_a_record(store: Store) -> None:
    put(store)
    change_file_and_manifest_together(store.roots[1].folder_of(ID))
    assert [problem.what for problem in store.check(ID)] == [Fault.DIFFER]


def test_a_forgery_of_every_copy_shows_against_the_database(store: Store) -> None:
    recorded = put(store).digest
    for root in store.roots:
        change_file_and_manifest_together(root.folder_of(ID))
    assert {problem.what for problem in store.check(ID, recorded)} == {Fault.NOT_RECORDED}
    assert not store.repair(ID, recorded)


def test_a_version_whose_row_is_not_written_yet_is_no_alarm(store: Store) -> None:
    recorded = put(store).digest
    put(store, [*FILES, ("content/sid 2.txt", b"andra")])
    assert store.check(ID, recorded) == []


def test_a_manifest_that_points_out_of_the_object_is_never_followed(store: Store) -> None:
    recorded = put(store).digest
    folder = store.roots[0].folder_of(ID)
    form = json.loads((folder / "inventory.json").read_bytes())
    digest = next(iter(form["manifest"]))
    form["manifest"][digest] = ["../../../../../etc/passwd"]
    overwrite(folder / "inventory.json", lambda data: json.dumps(form).encode())
    name_anew(folder)
    assert Fault.INVENTORY in {problem.what for problem in store.check(ID, recorded)}
    assert store.repair(ID, recorded)


def test_a_damaged_object_takes_no_new_version_before_it_is_mended(store: Store) -> None:
    put(store)
    damage_the_sidecar(store.roots[1].folder_of(ID))
    with pytest.raises(Exception, match="repair it first"):
        put(store, [("new", b"new")])


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[None]:
    """Bind an archive database with the tables that a fixity round writes."""
    db.bind(Config.from_env({"STADSARKIV_DATA_DIR": str(tmp_path / "var")}))
    ArchiveBase.metadata.create_all(db.archive.engine)
    yield
    db.unbind()


def keep(store: Store, object_id: str) -> None:
    stored = store.put(object_id, FILES, message="m", user=("a", None))
    with db.archive.transaction() as session:
        actions.record_stored(session, stored)


@pytest.mark.usefixtures("archive")
def test_a_round_mends_records_and_audits_what_it_finds(store: Store) -> None:
    keep(store, "urn:good")
    keep(store, "urn:bad")
    keep(store, "urn:gone")
    flip_a_bit(store.roots[0].folder_of("urn:bad"))
    for root in store.roots:
        root.remove("urn:gone")
    outcome = fixity.check_round(store, sample=100)
    assert (outcome.checked, outcome.is_whole) == (3, False)
    with db.archive.reading() as session:
        states = {i: session.get_one(StoredObject, i).state for i in queries.known_ids(session)}
        assert states == {"urn:good": "ok", "urn:bad": "repaired", "urn:gone": "missing"}
        assert queries.damaged(session) == 1
        events = session.execute(select(AuditEvent.subject, AuditEvent.action)).all()
    assert {tuple(event) for event in events} >= {
        ("object:urn:bad", "fixity.repaired"),
        ("object:urn:gone", "fixity.damaged"),
    }


@pytest.mark.usefixtures("archive")
def test_the_longest_unchecked_object_is_read_first(store: Store) -> None:
    start = clock.now()
    for day, object_id in enumerate(["urn:old", "urn:mid", "urn:new"]):
        with clock.frozen(start + timedelta(days=day - 3)):
            keep(store, object_id)
    flip_a_bit(store.roots[1].folder_of("urn:old"))
    outcome = fixity.check_night(store, fixity.Pace(90, 10**12))
    assert [one.object_id for one in outcome.found] == ["urn:old"]
    assert outcome.checked == 1
    with db.archive.reading() as session:
        assert queries.oldest_check(session) == start - timedelta(days=2)
