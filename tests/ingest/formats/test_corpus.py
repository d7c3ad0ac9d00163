"""Pictures and packages that nobody here made: identified, judged, and nothing dies of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import read
from ingest.formats import identify
from ingest.formats.judge import judge
from ingest.formats.policy import Policy
from ingest.package import Package, PackageFile
from tests.conftest import CORPORA

pytestmark = pytest.mark.corpus


def _folder(root: Path) -> Package:
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    made = (PackageFile(p.relative_to(root).as_posix(), p.stat().st_size, p) for p in paths)
    return Package("folder", root, files=tuple(made))


def test_damaged_pictures_and_documents_are_told_from_sound_ones() -> None:
    package = _folder(CORPORA / "images")
    found = identify.identify(package)
    assert found.problem == "" and len(found.formats) == len(package.files) > 90
    known = [path for path, each in found.formats.items() if each.puid]
    assert len(known) / len(package.files) > 0.8
    told = {(f.code, f.where) for f in judge(package, found, Policy())}
    assert ("FORMAT-MISMATCH", "tiff/dibco_PR7_bilevel.tif") in told  # a bitmap of Windows
    assert ("FORMAT-UNKNOWN", "malformed/truncated_image.png") in told
    assert not [where for code, where in told if code == "FORMAT-REFUSED"]


def test_real_e_ark_deliveries_hold_nothing_that_is_refused() -> None:
    paths = sorted((CORPORA / "eark" / "roda_sips").glob("*.zip"))
    assert paths
    for path in paths:
        codes = {f.code for f in read.examine(path).findings}
        assert not codes & {"FORMAT-REFUSED", "FORMAT-TOOL", "FORMAT-UNREAD"}, path
