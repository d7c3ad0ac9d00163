"""What is put is kept: whole, twice, once and for all, and as OCFL says."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from archive.config import Config
from archive.errors import Conflict, Invalid, NotFound, Unavailable
from archive.storage.store import Store, open_store
from tests.archive.storage.conftest import FILES, ID, complaints, open_at, put


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_an_independent_validator_has_nothing_to_say_about_three_versions(store: Store) -> None:
    put(store)
    put(store, [*FILES, ("content/åäö ☃.txt", b"ny")])
    put(store, [("content/omdöpt.txt", FILES[0][1])])  # a version without new bytes
    store.put("urn:another", [("a", b"")], message="m", user=("Ada", "mailto:ada@demo.example"))
    assert complaints(store) == []


def test_a_new_version_keeps_the_old_bytes_and_stores_only_what_is_new(store: Store) -> None:
    first = put(store)
    second = put(store, [FILES[0], ("metadata/records.json", b"{1}")])
    assert (first.version, second.version) == ("v1", "v2")
    assert store.open(ID, "metadata/records.json").read() == b"{1}"
    assert store.open(ID, "metadata/records.json", version="v1").read() == b"{}"
    assert len(list((store.roots[0].folder_of(ID) / "v2" / "content").iterdir())) == 1


def test_the_same_files_again_change_nothing(store: Store) -> None:
    first = put(store)
    before = sorted(p.as_posix() for p in store.roots[0].path.rglob("*"))
    assert put(store) == first
    assert sorted(p.as_posix() for p in store.roots[0].path.rglob("*")) == before


def test_the_answer_tells_size_and_both_digests_of_each_file(store: Store) -> None:
    kept = put(store).files["content/sid 1.txt"]
    assert kept.size_bytes == len(FILES[0][1])
    assert kept.sha256 == sha256(FILES[0][1])
    assert kept.sha512 == hashlib.sha512(FILES[0][1]).hexdigest()
    assert store.version(ID) == put(store)


def test_large_files_are_streamed_from_their_place(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "film.bin"
    source.write_bytes(bytes(range(256)) * 20_000)
    stored = store.put(
        ID,
        [("film.bin", source)],
        message="m",
        user=("a", None),
        expected={"film.bin": {"sha256": sha256(source.read_bytes()).upper()}},
    )
    assert stored.files["film.bin"].size_bytes == 5_120_000
    assert store.path_of(ID, "film.bin").read_bytes() == source.read_bytes()


def test_bytes_that_are_not_those_expected_are_refused_and_leave_nothing(store: Store) -> None:
    with pytest.raises(Conflict, match="sid 1"):
        store.put(
            ID,
            FILES,
            message="m",
            user=("a", None),
            expected={"content/sid 1.txt": {"sha256": "0" * 64}},
        )
    assert not store.exists(ID)
    assert [p.name for p in store.roots[0].staging.iterdir() if p.is_dir()] == []


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "a/../b", "a//b", "", ".", "a/", "a\0b", "x\udc80y"],
)
def test_names_that_climb_or_cannot_be_written_are_refused(store: Store, name: str) -> None:
    with pytest.raises(Invalid):
        put(store, [(name, b"x")])
    assert not store.exists(ID)


@pytest.mark.parametrize("names", [("a", "a/b"), ("å", "a\u030a"), ("b", "b")])
def test_names_that_cannot_be_told_apart_are_refused(store: Store, names: tuple[str, str]) -> None:
    with pytest.raises(Invalid):
        put(store, [(name, b"x") for name in names])


def test_names_are_data_and_never_places_on_the_disk(store: Store) -> None:
    names = ["CON", "a:b?*|", "x" * 3000, "ÅÄÖ.TXT", "åäö.txt", "-rf ~", "\n", "a\\..\\b"]
    stored = put(store, [(name, name.encode()) for name in names])
    assert sorted(stored.files) == sorted(names)
    places = [p.name for p in store.roots[0].folder_of(ID).rglob("*") if p.parent.name == "content"]
    assert all(len(name) == 40 and name.isalnum() for name in places)
    assert complaints(store) == []


def test_kept_files_are_read_only_and_closed_to_others(store: Store) -> None:
    put(store)
    for root in store.roots:
        for path in root.folder_of(ID).rglob("*"):
            wanted = 0o440 if path.is_file() else 0o750
            assert stat.S_IMODE(path.stat().st_mode) == wanted


def test_an_object_without_files_is_refused(store: Store) -> None:
    with pytest.raises(Invalid):
        store.put(ID, [], message="m", user=("a", None))


def test_what_is_not_there_is_not_found(store: Store) -> None:
    put(store)
    for ask in (
        lambda: store.version("urn:none"),
        lambda: store.inventory("urn:none"),
        lambda: store.path_of(ID, "nowhere.txt"),
        lambda: store.open(ID, "content/sid 1.txt", version="v9"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_the_store_is_read_from_the_copy_while_the_first_disk_is_gone(store: Store) -> None:
    put(store)
    store.roots[0].folder_of(ID).rename(store.roots[0].staging / "lost")
    assert store.open(ID, "metadata/records.json").read() == b"{}"
    assert store.exists(ID)


def test_the_store_knows_its_objects_without_a_database(store: Store, tmp_path: Path) -> None:
    put(store)
    store.put("urn:b", [("a", b"x")], message="m", user=("a", None))
    again = open_at(tmp_path)
    assert sorted(again.objects()) == sorted([ID, "urn:b"])
    assert again.inventory(ID)["versions"]["v1"]["message"] == "accession"


def test_a_decided_disposal_removes_every_copy_and_what_was_set_aside(store: Store) -> None:
    stored = put(store)
    next((store.roots[0].folder_of(ID) / "v1" / "content").iterdir()).unlink()
    assert store.repair(ID, stored.digest)
    store.purge(ID, decision="KS 2026-114")
    assert not store.exists(ID)
    left = [p for root in store.roots for p in root.staging.rglob("*") if p.is_dir()]
    assert left == []
    assert complaints(store) == []  # no empty folders are left in the tree either
    store.purge(ID, decision="KS 2026-114")  # a job may be repeated


def test_nothing_is_removed_without_a_decision(store: Store) -> None:
    put(store)
    with pytest.raises(Invalid):
        store.purge(ID, decision=" ")
    assert store.exists(ID)


def test_a_folder_with_other_things_in_it_never_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("private")
    config = Config.from_env({"STADSARKIV_DATA_DIR": str(tmp_path / "var")})
    with pytest.raises(Invalid, match="not empty"):
        open_store(replace(config, storage_url=f"file://{tmp_path}/home"))


def test_the_copy_must_lie_elsewhere_and_be_of_a_known_kind(tmp_path: Path) -> None:
    config = Config.from_env({"STADSARKIV_DATA_DIR": str(tmp_path)})
    with pytest.raises(Invalid, match="same folder"):
        open_store(replace(config, storage_copy_url=config.storage_url))
    with pytest.raises(Invalid, match="file://"):
        open_store(replace(config, storage_url="s3://bucket/prefix"))
    assert open_store(replace(config, storage_copy_url="")).copies == 1


def test_a_copy_that_cannot_be_reached_means_no_receipt(store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.staging").rename(tmp_path / "unplugged")
    with pytest.raises(Unavailable):
        put(store)
    assert not store.exists(ID)


def test_who_adds_to_a_version_that_is_not_the_newest_any_more_keeps_nothing(store: Store) -> None:
    seen = put(store).version
    put(store, [*FILES, ("content/sid 2.txt", b"andra")])
    with pytest.raises(Conflict, match="somebody else has added"):
        store.put(ID, [*FILES, ("x", b"x")], message="m", user=("a", None), onto=seen)
    assert store.version(ID).version == "v2"
