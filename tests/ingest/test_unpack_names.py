"""Archives whose members quarrel over a name are refused with a reason, never with a crash."""

from __future__ import annotations

import io
import struct
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from ingest import read, unpack


def _tar(path: Path, *names: str) -> Path:
    with tarfile.open(path, "w") as packed:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 0 if name.endswith("/") else 1
            packed.addfile(info, io.BytesIO(b"x" * info.size))
    return path


@pytest.mark.parametrize("names", [("akt", "akt/1.txt"), ("akt/1.txt", "akt")])
def test_a_name_that_is_both_file_and_folder_is_refused(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    found = read.examine(_tar(tmp_path / "x.tar", *names))
    assert [f.code for f in found.findings] == ["UNPACK-DUPLICATE"]


def test_an_empty_file_whose_name_ends_in_a_slash_is_a_folder(tmp_path: Path) -> None:
    archive = _tar(tmp_path / "x.tar", "akt/", "akt/under/1.txt", "akt/2.txt")
    found = read.examine(archive)
    assert found.is_valid and found.files == 2


def test_a_folder_is_not_copied_a_second_time_to_be_unpacked(tmp_path: Path) -> None:
    source = tmp_path / "delivery"
    (source / "in").mkdir(parents=True)
    (source / "in" / "film.bin").write_bytes(b"bytes")
    found = unpack.unpack(source, tmp_path / "unpacked")
    assert not found.is_refused and (found.files, found.bytes) == (1, 5)
    assert (tmp_path / "unpacked" / "in" / "film.bin").samefile(source / "in" / "film.bin")


@pytest.mark.parametrize("claimed", [None, 3])
def test_an_archive_of_too_many_files_is_refused_by_its_directory_whatever_it_says_of_itself(
    tmp_path: Path, claimed: int | None
) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(70_000):  # more than an old directory can count
            packed.writestr(str(number), b"")
    if claimed is not None:
        raw = bytearray(path.read_bytes())
        at = raw.rfind(b"PK\x06\x06")
        raw[at + 24 : at + 40] = struct.pack("<QQ", claimed, claimed)
        path.write_bytes(raw)
    begun = time.process_time()
    found = unpack.unpack(path, tmp_path / "out", limits=unpack.Limits(count=60_000))
    assert [f.code for f in found.findings] == ["UNPACK-COUNT"]
    assert time.process_time() - begun < 1
