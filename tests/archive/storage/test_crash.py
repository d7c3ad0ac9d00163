"""A fault or a kill at every write, sync and rename of a put, and of the other writers.

A child process does the work; the n-th call that changes a disk fails, or the child dies there
without a word. Afterwards the object is whole or absent, and the same call again succeeds.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import Conflict, Unavailable
from archive.storage.store import Store
from tests.archive.storage.conftest import FILES, ID, complaints, open_at, put

SECOND = [FILES[0], ("content/sid 2.txt", b"andra"), ("metadata/records.json", b"{2}")]
DISK_CALLS = ("write", "fsync", "rename", "mkdir", "unlink", "rmdir", "open", "utime")
DONE, TOLD, KILLED = 0, 3, 9


def put_new(store: Store) -> None:
    put(store)


def put_second(store: Store) -> None:
    put(store, SECOND)


def run_child(folder: Path, work: Callable[[Store], None], at: int, fault: str) -> int:
    """Do the work in a child where the `at`-th disk call fails; return how the child ended."""
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            store = open_at(folder)
            _arm(at, fault)
            work(store)
            ended = DONE
        except Unavailable:
            ended = TOLD
        finally:
            os._exit(ended)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _arm(at: int, fault: str) -> None:
    count = iter(range(10**9))
    for name in DISK_CALLS:
        setattr(os, name, _faulty(getattr(os, name), name, at, fault, count))


def _faulty(
    call: Callable[..., Any], name: str, at: int, fault: str, count: Iterator[int]
) -> Callable[..., Any]:
    def faulty(*args: Any, **kwargs: Any) -> Any:
        if name == "open" and not args[1] & os.O_CREAT:
            return call(*args, **kwargs)
        if next(count) == at:
            if fault == "kill":
                os._exit(KILLED)
            number = errno.EIO if name == "fsync" else errno.ENOSPC
            raise OSError(number, os.strerror(number))
        return call(*args, **kwargs)

    return faulty


def whole_or_absent(store: Store, before: list[tuple[str, bytes]], after: list[Any]) -> bool:
    """Return whether what can be read is one of the two versions, every byte of it."""
    if not store.exists(ID):
        return not before
    kept = {path: store.open(ID, path).read() for path in store.version(ID).files}
    return kept in (dict(before), dict(after))


@pytest.mark.parametrize("fault", ["error", "kill"])
@pytest.mark.parametrize(
    ("before", "after", "work"), [([], FILES, put_new), (FILES, SECOND, put_second)]
)
def test_a_fault_at_any_point_of_a_put_leaves_the_object_whole_or_absent(
    tmp_path: Path,
    fault: str,
    before: list[tuple[str, bytes]],
    after: list[tuple[str, bytes]],
    work: Callable[[Store], None],
) -> None:
    ends, at = set(), 0
    while DONE not in ends:
        folder = tmp_path / str(at)
        store = open_at(folder)
        if before:
            put(store, before)
        ends.add(run_child(folder, work, at, fault))
        assert whole_or_absent(store, before, after), f"fault {at}"
        work(store)
        assert store.check(ID) == [], f"fault {at}"
        assert store.version(ID).version == ("v2" if before else "v1")
        assert complaints(store) == [], f"fault {at}"
        at += 1
    assert ends == {DONE, KILLED if fault == "kill" else TOLD}
    assert at > 40


@pytest.mark.parametrize("fault", ["error", "kill"])
def test_a_fault_at_any_point_of_a_repair_loses_nothing(tmp_path: Path, fault: str) -> None:
    ends, at = set(), 0
    while DONE not in ends:
        folder = tmp_path / str(at)
        store = open_at(folder)
        recorded = put(store).digest
        next((store.roots[0].folder_of(ID) / "v1" / "content").iterdir()).unlink()
        ends.add(run_child(folder, lambda s, r=recorded: s.repair(ID, r) and None, at, fault))
        assert whole_or_absent(store, FILES, FILES), f"fault {at}"
        assert store.repair(ID, recorded), f"fault {at}"
        assert store.check(ID, recorded) == [], f"fault {at}"
        at += 1


@pytest.mark.parametrize("fault", ["error", "kill"])
def test_a_disposal_that_is_killed_is_undone_or_can_be_completed(
    tmp_path: Path, fault: str
) -> None:
    ends, at = set(), 0
    while DONE not in ends:
        folder = tmp_path / str(at)
        store = open_at(folder)
        put(store)
        ends.add(run_child(folder, lambda s: s.purge(ID, decision="KS 1"), at, fault))
        assert whole_or_absent(store, [], FILES), f"fault {at}"
        store.purge(ID, decision="KS 1")
        assert not store.exists(ID)
        assert [p for r in store.roots for p in r.staging.rglob("*") if p.is_dir()] == []
        at += 1


def test_a_disk_that_takes_half_of_each_write_still_gets_all_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda h, data: real(h, data[: max(1, len(data) // 2)]))
    put(store)
    assert store.check(ID) == []


def test_what_a_killed_writer_left_is_swept_after_seven_days_and_not_before(
    store: Store, tmp_path: Path
) -> None:
    assert run_child(tmp_path, put_new, 30, "kill") == KILLED
    drafts = [p for root in store.roots for p in root.staging.iterdir() if p.is_dir()]
    assert drafts
    store.sweep()
    assert all(draft.exists() for draft in drafts)
    for draft in drafts:
        os.utime(draft, (0, 0))
    store.sweep()
    assert not any(draft.exists() for draft in drafts)


def test_an_object_that_no_row_knows_is_moved_aside_when_it_has_aged(store: Store) -> None:
    put(store)
    store.put("urn:known", FILES, message="m", user=("a", None))
    assert store.sweep({"urn:known"}) == []
    for root in store.roots:
        for object_id in (ID, "urn:known"):
            os.utime(root.folder_of(object_id), (0, 0))
    assert store.sweep({"urn:known"}) == [ID]
    assert not store.exists(ID)
    assert store.check("urn:known") == []
    assert complaints(store) == []
    asides = [p for root in store.roots for p in root.staging.glob("aside-*")]
    assert len(asides) == 2
    store.sweep({"urn:known"})
    assert all(aside.exists() for aside in asides)  # its own seven days have only begun


def test_a_store_whose_database_was_emptied_is_left_alone(store: Store) -> None:
    for number in range(11):
        store.put(f"urn:{number}", FILES, message="m", user=("a", None))
        for root in store.roots:
            os.utime(root.folder_of(f"urn:{number}"), (0, 0))
    with pytest.raises(Conflict, match="rebuild"):
        store.sweep(set())
    assert len(list(store.objects())) == 11


def test_writers_of_the_same_object_wait_for_each_other(tmp_path: Path) -> None:
    open_at(tmp_path)
    children = []
    for number in range(6):
        child = os.fork()
        if child == 0:
            try:
                put(open_at(tmp_path), [*FILES, (f"page {number}", str(number).encode())])
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    store = open_at(tmp_path)
    assert ends == [0] * 6
    assert store.version(ID).version == "v6"
    assert store.check(ID) == []
    assert complaints(store) == []
