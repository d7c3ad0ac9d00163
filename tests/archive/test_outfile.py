"""A file that is handed out is whole at its place, or not there at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive import outfile
from archive.config import ROOT
from archive.errors import Conflict, Invalid

_FULL = """
import resource, signal, sys
from pathlib import Path
from archive import outfile
from archive.errors import Unavailable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    with outfile.written(Path(sys.argv[1]), force=True) as file:
        for _ in range(100):
            file.stream.write(b"x" * 10_000)
except Unavailable as error:
    print(error)
"""


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_there_when_all_of_it_is_and_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "ut.xml"
    with outfile.written(target) as file:
        file.stream.write(b"hela")
        assert not target.exists()
    assert target.read_bytes() == b"hela"
    assert target.stat().st_mode & 0o077 == 0
    assert _names(tmp_path) == ["ut.xml"]


def test_what_fails_half_way_leaves_nothing_and_the_old_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "ut.xml"
    target.write_bytes(b"den gamla")
    with pytest.raises(RuntimeError), outfile.written(target, force=True) as file:
        file.stream.write(b"halva")
        raise RuntimeError
    assert target.read_bytes() == b"den gamla" and _names(tmp_path) == ["ut.xml"]


def test_an_existing_file_is_replaced_only_when_told(tmp_path: Path) -> None:
    target = tmp_path / "ut.xml"
    target.write_bytes(b"den gamla")
    with pytest.raises(Conflict, match="--force"), outfile.written(target):
        pass
    with outfile.written(target, force=True) as file:
        file.stream.write(b"den nya")
    assert target.read_bytes() == b"den nya"


def test_a_folder_is_no_file_and_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    for wrong in (tmp_path, tmp_path / "saknas" / "ut.xml"):
        with pytest.raises(Invalid), outfile.written(wrong, force=True):
            pass
    assert _names(tmp_path) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "ut.zip"
    said = subprocess.run(
        [sys.executable, "-c", _FULL, str(target)], cwd=ROOT, capture_output=True, text=True
    )
    assert "nothing is left" in said.stdout, said.stderr
    assert _names(tmp_path) == []
