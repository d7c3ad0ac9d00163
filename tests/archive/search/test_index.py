"""The index as a cache: written, switched, broken, put aside, rebuilt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.search import Query, SearchDoc, SearchIndex, SearchUnavailable, builds, schema
from archive.search.writer import MAX_SEGMENTS
from tests.archive.search.conftest import CITY, TODAY


def files_of(index: SearchIndex, ending: str) -> list[Path]:
    build = builds.current(index.folder)
    assert build is not None
    return sorted(build.glob(f"*{ending}"))


def total(index: SearchIndex, text: str = "") -> int:
    return index.search(Query(text=text), today=TODAY).total


def test_a_missing_index_is_unavailable_and_not_an_error_page(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "none")
    with pytest.raises(SearchUnavailable) as refused:
        index.search(Query(text="skola"))
    assert refused.value.status == 503
    assert not index.is_sound()


BREAK = {
    "emptied toc": (".toc", lambda data: b""),
    "halved toc": (".toc", lambda data: data[: len(data) // 2]),
    "emptied segment": (".seg", lambda data: b""),
    "halved segment": (".seg", lambda data: data[: len(data) // 2]),
    "rubbish in the segment": (".seg", lambda data: os.urandom(len(data))),
    "rubbish in the toc": (".toc", lambda data: os.urandom(len(data))),
}


@pytest.mark.parametrize("how", BREAK)
def test_a_broken_index_is_put_aside_and_can_be_rebuilt(city: SearchIndex, how: str) -> None:
    ending, damage = BREAK[how]
    for path in files_of(city, ending):
        path.write_bytes(damage(path.read_bytes()))
    fresh = SearchIndex(city.folder)
    assert not fresh.is_sound()
    with pytest.raises(SearchUnavailable):
        fresh.search(Query(text="skola"), today=TODAY)
    assert [path.name for path in city.folder.glob("broken-*")] == ["broken-000001"]
    with pytest.raises(SearchUnavailable):
        fresh.search(Query(text="skola"), today=TODAY)
    assert fresh.rebuild(CITY) == 5
    assert total(fresh, "skola") == 2


def test_a_lost_segment_file_is_found_out(city: SearchIndex) -> None:
    for path in files_of(city, ".seg"):
        path.unlink()
    with pytest.raises(SearchUnavailable):
        SearchIndex(city.folder).count()


def test_writing_into_a_broken_index_is_unavailable(city: SearchIndex) -> None:
    for path in files_of(city, ".toc"):
        path.write_bytes(b"")
    with pytest.raises(SearchUnavailable):
        SearchIndex(city.folder).write([CITY[0]])
    assert SearchIndex(city.folder).write(CITY) == 5


def test_an_index_of_another_version_is_left_alone_until_rebuilt(
    city: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "VERSION", 99)
    assert not city.is_sound()
    with pytest.raises(SearchUnavailable):
        city.count()
    assert not list(city.folder.glob("broken-*"))
    city.rebuild(CITY)
    assert city.is_sound()


def test_a_record_written_again_replaces_itself(city: SearchIndex) -> None:
    city.write([SearchDoc("photo", title="Ett tåg"), SearchDoc("photo", title="En båt")])
    assert (total(city, "skolor"), total(city, "tåg"), total(city, "båt")) == (1, 0, 1)
    assert city.count() == 5


def test_a_failing_source_changes_nothing(city: SearchIndex) -> None:
    def docs() -> Iterator[SearchDoc]:
        yield SearchDoc("new", title="Ett tåg")
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        city.write(docs())
    with pytest.raises(OSError, match="went away"):
        city.rebuild(docs())
    assert city.count() == 5
    assert city.write([SearchDoc("new", title="Ett tåg")]) == 1


def test_a_deleted_record_is_gone_from_hits_facets_and_suggestions_at_once(
    city: SearchIndex,
) -> None:
    assert city.suggest("rox", today=TODAY) == ["Roxen"]
    city.write([], delete=["sheep", "never there"])
    assert total(city, "lamm") == 0
    assert city.suggest("rox", today=TODAY) == city.suggest("lam", today=TODAY) == []
    assert city.search(Query(text="lam"), today=TODAY).did_you_mean is None
    assert "Roxen" not in dict(city.search(Query(), today=TODAY).facets["place"])


def test_after_optimising_the_bytes_of_a_deleted_record_are_gone(city: SearchIndex) -> None:
    city.write([SearchDoc("secret", title="Zebraprotokoll", body="orosanmälan zebrahemlighet")])
    city.write([], delete=["secret"])
    city.optimise()
    for path in city.folder.rglob("*"):
        if path.is_file():
            readable = path.read_bytes() + _inflated(path.read_bytes())
            assert b"zebra" not in readable.lower(), path.name
    assert total(city) == 4


def _inflated(data: bytes) -> bytes:
    found = b""
    for at in (i for i in range(len(data)) if data[i] == 0x78):
        try:
            found += zlib.decompressobj().decompress(data[at:])
        except zlib.error:
            continue
    return found


def test_everything_may_be_deleted_and_begun_again(city: SearchIndex) -> None:
    city.write([], delete=[doc.id for doc in CITY])
    assert total(city) == 0
    city.optimise()
    assert total(city, "skola") == 0
    city.write(CITY)
    assert total(city, "skola") == 2


def test_small_segments_do_not_pile_up(city: SearchIndex) -> None:
    for n in range(MAX_SEGMENTS + 6):
        city.write([SearchDoc(f"n{n}", title="Ett tåg")])
    assert total(city, "tåg") == MAX_SEGMENTS + 6
    assert len(files_of(city, ".seg")) <= MAX_SEGMENTS + 1


def test_another_process_sees_a_change_without_being_told(city: SearchIndex) -> None:
    reader = SearchIndex(city.folder)
    assert total(reader, "båt") == 0
    city.write([SearchDoc("boat", title="En båt")])
    assert total(reader, "båt") == 1
    city.rebuild(CITY[:2])
    assert total(reader) == 2


def test_readers_go_on_while_the_index_is_rebuilt(city: SearchIndex) -> None:
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        reader = SearchIndex(city.folder)
        while not stop.is_set():
            try:
                if total(reader, "skola") != 2:
                    wrong.append("count")
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        city.rebuild(CITY)
        city.write(CITY[1:3])
        city.optimise()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert not list(city.folder.glob("broken-*"))


def test_two_documents_with_one_id_are_refused_in_a_rebuild(city: SearchIndex) -> None:
    with pytest.raises(ValueError, match="two documents"):
        city.rebuild([CITY[0], CITY[0]])
    assert city.count() == 5


WRITE_FOR_EVER = """
    import sys
    from pathlib import Path
    from archive.search import SearchDoc, SearchIndex
    index = SearchIndex(Path(sys.argv[1]))
    for turn in range(10_000):
        index.write([SearchDoc(f"k{turn}-{n}", title="Ett tåg") for n in range(20)])
        print(turn, flush=True)
"""


def test_a_killed_writer_loses_nothing_that_was_committed(city: SearchIndex) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITE_FOR_EVER), str(city.folder)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert writer.stdout is not None
    done = [writer.stdout.readline() for _ in range(7)]
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    fresh = SearchIndex(city.folder)
    assert fresh.count() >= 5 + 20 * len(done)
    assert fresh.is_sound()
    assert fresh.write([SearchDoc("after", title="En båt")]) == 1
    assert total(fresh, "båt") == 1


def test_the_folder_of_a_build_is_its_owners_only(city: SearchIndex) -> None:
    build = builds.current(city.folder)
    assert build is not None
    assert build.stat().st_mode & 0o077 == 0
