"""What is withdrawn is gone at once: row, file and neighbours' counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from archive import db
from archive.edition import actions, finding, indexing, queries, shelf
from archive.edition.models import FileRole, PublicRecord
from archive.search import Query
from tests.archive.reading_room import picture, record

TODAY = date(2026, 3, 1)


def put(*rows: PublicRecord) -> list[str]:
    with db.edition.transaction() as session:
        return actions.put(session, rows)


def find(pid: str) -> PublicRecord | None:
    with db.edition.reading() as session:
        found = queries.record(session, pid, TODAY)
        session.expunge_all()
        return found


def paths_on_shelf() -> list[Path]:
    return sorted(shelf.folder().glob("??/*"))


def test_a_withdrawn_record_leaves_neither_row_nor_file(edition: Path) -> None:
    put(picture(record("a"), edition, pages=3), picture(record("b"), edition))
    assert len(paths_on_shelf()) == 8
    actions.withdraw_now(["a"])
    assert find("a") is None
    assert find("b") is not None
    assert len(paths_on_shelf()) == 2


def test_withdrawing_what_is_not_there_changes_nothing(edition: Path) -> None:
    put(record("a"))
    actions.withdraw_now(["never", "was"])
    actions.withdraw_now([])
    assert find("a") is not None


def test_withdrawing_twice_is_as_once(edition: Path) -> None:
    put(picture(record("a"), edition))
    actions.withdraw_now(["a"])
    actions.withdraw_now(["a"])
    assert paths_on_shelf() == []


def test_a_record_put_again_replaces_itself_and_names_its_old_files(edition: Path) -> None:
    put(picture(record("a", title="Den första"), edition))
    dropped = put(picture(record("a", title="Den andra"), edition, pages=2))
    shelf.remove(dropped)
    found = find("a")
    assert found is not None
    assert found.title == "Den andra"
    assert len(dropped) == 2
    assert len(paths_on_shelf()) == 4


def test_a_record_that_lost_its_pictures_is_no_longer_digitized(edition: Path) -> None:
    put(picture(record("a"), edition))
    put(record("a"))
    found = find("a")
    assert found is not None
    assert not found.digitized
    assert found.thumb_id is None


def test_bytes_without_a_row_are_swept_and_those_with_one_are_kept(edition: Path) -> None:
    put(picture(record("a"), edition))
    stray = edition / "stray"
    stray.write_bytes(b"left behind")
    shelf.place(stray, "ff" * 16)
    with db.edition.reading() as session:
        assert shelf.sweep(session) == 1
    assert len(paths_on_shelf()) == 2


def test_a_path_that_leads_out_of_the_shelf_is_not_followed(edition: Path) -> None:
    (edition / "public" / "outside").write_text("secret")
    shelf.folder().mkdir(parents=True)
    assert shelf.locate("../outside") is None
    assert shelf.locate("/etc/hostname") is None


def test_more_records_than_a_batch_are_all_withdrawn(edition: Path) -> None:
    put(*(record(f"r{n}") for n in range(450)))
    actions.withdraw_now([f"r{n}" for n in range(450)])
    with db.edition.reading() as session:
        assert queries.totals(session, TODAY).records == 0


def test_a_thumb_is_known_to_the_record_without_looking_at_its_files(edition: Path) -> None:
    put(picture(record("a"), edition))
    found = find("a")
    assert found is not None
    assert found.thumb_id in {f.id for f in found.files if f.role == FileRole.THUMB}


def hits(words: str) -> int:
    with db.edition.reading() as session:
        return finding.find(session, Query(text=words), TODAY).total


def test_a_withdrawn_record_is_no_longer_a_hit(edition: Path) -> None:
    put(record("a", title="Lejonet"), record("b", title="Björnen"))
    indexing.rebuild()
    assert hits("Lejonet") == 1
    actions.withdraw_now(["a"])
    assert hits("Lejonet") == 0
    assert hits("Björnen") == 1


def test_a_hit_that_could_not_leave_at_once_leaves_at_the_next_drain(edition: Path) -> None:
    put(record("a", title="Lejonet"))
    indexing.rebuild()
    with db.edition.transaction() as session:
        actions.withdraw(session, ["a"])  # and then the process dies
    assert indexing.settle() == 1
    assert indexing.settle() == 0
    assert hits("Lejonet") == 0


def test_a_record_put_back_before_the_drain_is_not_forgotten(edition: Path) -> None:
    put(record("a", title="Lejonet"))
    indexing.rebuild()
    with db.edition.transaction() as session:
        actions.withdraw(session, ["a"])
    put(record("a", title="Lejonet"))
    indexing.write(["a"])
    assert indexing.settle() == 0
    assert hits("Lejonet") == 1
