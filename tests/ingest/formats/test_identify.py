"""What a file is, is told by its bytes, in a process that may die without taking anything along."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.config import ROOT
from ingest.formats import child, identify
from ingest.formats.identify import Format, Identified
from ingest.package import FileRole, Package, PackageFile
from tests.ingest.formats import files


def _package(folder: Path, **contents: bytes) -> Package:
    made = []
    for name, content in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content)
        made.append(PackageFile(path.name, len(content), path))
    return Package("folder", folder, files=tuple(made))


def test_each_file_is_named_by_its_bytes_with_tool_and_signatures(tmp_path: Path) -> None:
    package = _package(
        tmp_path, a_jpg=files.JPEG, b_txt=files.TEXT, c_pdf=files.PDF, d_pdf=files.PDFA,
        e_docx=files.docx(), f_dat=files.EXE, g_qqz=files.NOISE,
    )  # fmt: skip
    found = identify.identify(package)
    assert {path: each.puid for path, each in found.formats.items()} == {
        "a.jpg": "fmt/43", "b.txt": "x-fmt/111", "c.pdf": "fmt/18", "d.pdf": "fmt/1910",
        "e.docx": "fmt/412", "f.dat": "x-fmt/411", "g.qqz": None,
    }  # fmt: skip
    assert found.problem == "" and "siegfried" in found.tool and "DROID" in found.tool
    jpeg = found.formats["a.jpg"]
    assert jpeg.called == "JPEG File Interchange Format 1.01" and jpeg.is_certain
    assert "byte match" in jpeg.basis and not found.formats["b.txt"].is_certain
    assert "mismatch" in found.formats["f.dat"].warning


def test_only_what_becomes_a_record_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "METS.xml").write_bytes(b"<mets/>")
    metadata = PackageFile("METS.xml", 7, tmp_path / "METS.xml", FileRole.METADATA)
    missing = PackageFile("borta.jpg", 0)
    assert identify.identify(Package(None, tmp_path, files=(metadata, missing))) == Identified()


def test_a_name_with_spaces_letters_and_line_like_signs_is_no_trouble(tmp_path: Path) -> None:
    name = "Åker & äng – \u2028 'bild' (1).jpg"
    (tmp_path / name).write_bytes(files.JPEG)
    package = Package(None, tmp_path, files=(PackageFile(name, 1, tmp_path / name),))
    assert identify.identify(package).formats[name].puid == "fmt/43"


def test_an_empty_file_and_one_that_went_away_are_told_and_the_others_named(
    tmp_path: Path,
) -> None:
    package = _package(tmp_path, a_jpg=b"", b_jpg=files.JPEG, c_jpg=files.JPEG)
    (tmp_path / "b.jpg").unlink()
    found = identify.identify(package).formats
    assert found["a.jpg"].puid is None and "empty" in found["a.jpg"].warning
    assert found["b.jpg"].puid is None and "no such file" in found["b.jpg"].warning
    assert found["c.jpg"].puid == "fmt/43"


def _a_library(folder: Path, code: str) -> Path:
    """Put another library of that name first on the child's way; return its folder."""
    (folder / "lib").mkdir()
    (folder / "lib" / "pygfried.py").write_text(code)
    return folder / "lib"


def test_a_file_on_which_the_tool_dies_is_alone_in_being_unidentified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = _a_library(
        tmp_path,
        "import os\n"
        "def identify_many(paths, workers):\n"
        "    if any(p.endswith('b.jpg') for p in paths): os.abort()\n"
        "    return {'siegfried': 'x', 'files': [\n"
        "        {'matches': [{'id': 'fmt/43', 'basis': 'byte match'}]} for p in paths]}\n",
    )
    monkeypatch.setitem(identify._ENVIRONMENT, "PYTHONPATH", str(library))
    package = _package(tmp_path, a_jpg=files.JPEG, b_jpg=files.JPEG, c_jpg=files.JPEG)
    found = identify.identify(package).formats
    assert [found[name].puid for name in ("a.jpg", "b.jpg", "c.jpg")] == ["fmt/43", None, "fmt/43"]
    assert "stopped with -6" in found["b.jpg"].warning


def test_a_tool_that_never_ends_is_ended_and_tried_no_more_than_so_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = _a_library(
        tmp_path, "import time\ndef identify_many(paths, workers):\n    time.sleep(60)\n"
    )
    monkeypatch.setitem(identify._ENVIRONMENT, "PYTHONPATH", str(library))
    monkeypatch.setattr(identify, "_SECONDS", 1)
    monkeypatch.setattr(identify, "TRIES", 2)
    contents = {f"f{n}_jpg": files.JPEG for n in range(4)}
    found = identify.identify(_package(tmp_path, **contents))
    assert [each.puid for each in found.formats.values()] == [None] * 4
    assert "more than 1 seconds" in found.formats["f0.jpg"].warning
    assert "stopped too often" in found.formats["f3.jpg"].warning


def test_where_the_tool_cannot_be_loaded_nothing_is_identified_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = _a_library(tmp_path, "raise ImportError('wrong ELF class')\n")
    monkeypatch.setitem(identify._ENVIRONMENT, "PYTHONPATH", str(library))
    found = identify.identify(_package(tmp_path, a_jpg=files.JPEG))
    assert found.formats == {} and "wrong ELF class" in found.problem


def test_the_child_sees_no_secret_and_reaches_no_network(tmp_path: Path) -> None:
    assert not [name for name in identify._ENVIRONMENT if "SECRET" in name or "STADS" in name]
    code = (
        "import json, resource, socket\n"
        "from ingest.formats import child\n"
        "child.lower_limits(7)\n"
        "left = child.leave_network()\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', 9), 2); said = 'connected'\n"
        "except OSError as error:\n"
        "    said = error.strerror\n"
        "print(json.dumps([left, said, resource.getrlimit(resource.RLIMIT_CPU)[1]]))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=identify._ENVIRONMENT, capture_output=True,
        check=True, text=True,
    )  # fmt: skip
    left, said, seconds = json.loads(ran.stdout)
    assert seconds == 7
    if not left:
        pytest.skip("this machine lets no process leave its network")
    assert said == "Network is unreachable"


def test_what_was_found_is_kept_beside_the_delivery_and_found_anew_if_damaged(
    tmp_path: Path,
) -> None:
    package = _package(tmp_path, a_jpg=files.JPEG)
    other = Identified({"a.jpg": Format("fmt/1", "Ljud")}, "verktyg")
    identify.keep(other, tmp_path)
    assert identify.kept(tmp_path, package) == other
    (tmp_path / identify.KEPT).write_text('{"formats": {"a.jpg": {"odd": 1}}, "tool": ""}')
    assert identify.kept(tmp_path, package).formats["a.jpg"].puid == "fmt/43"


def test_two_formats_at_once_are_the_first_with_a_warning() -> None:
    match = {"id": "fmt/1", "format": "A", "version": "", "mime": "", "basis": "b", "warning": ""}
    form = child.form_of({"errors": "", "matches": [match, match | {"id": "fmt/2"}]})
    assert (form["puid"], form["warning"]) == ("fmt/1", "also fmt/2")


def test_a_thousand_files_are_identified_by_one_child_in_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    run = identify._run

    def counted(arguments: list[str], seconds: int, out: object) -> str:
        started.append(arguments)
        return run(arguments, seconds, out)  # type: ignore[arg-type]

    monkeypatch.setattr(identify, "_run", counted)
    for n in range(1000):
        os.link(tmp_path / "0.jpg", tmp_path / f"{n}.jpg") if n else (
            (tmp_path / "0.jpg").write_bytes(files.JPEG)
        )
    made = tuple(PackageFile(f"{n}.jpg", 1, tmp_path / f"{n}.jpg") for n in range(1000))
    found = identify.identify(Package(None, tmp_path, files=made))
    assert len(started) == 1
    assert {each.puid for each in found.formats.values()} == {"fmt/43"}
    assert len(found.formats) == 1000
