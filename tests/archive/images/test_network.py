"""Whoever decodes a stranger's file reaches nobody, and where that is forbidden still works."""

from __future__ import annotations

import ctypes
import json
import platform
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest

from archive.config import ROOT
from archive.images.conversions import CONVERSIONS
from tests.archive.images.conftest import drawing

_UNSHARE = {"x86_64": 272, "aarch64": 97}
# After its work the child tries to reach us; `ocr` becomes another program, which tries instead.
_TRY = """
import os, socket, sys
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2); said = "connected"
except OSError as error:
    said = error.strerror
open(sys.argv[2], "w").write(said)
"""
_CHILD = """
import subprocess, sys
from archive.images import child
code = child.main(sys.argv[4:7])
subprocess.run([sys.executable, sys.argv[1], sys.argv[2], sys.argv[3]], check=True)
sys.exit(code)
"""


@pytest.fixture
def port() -> Iterator[int]:
    """A door of this machine at which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def source_of(kind: str, folder: Path) -> Path:
    if kind == "pdf":
        document = pypdfium2.PdfDocument.new()
        document.new_page(300, 300)
        document.save(folder / "a.pdf")
        return folder / "a.pdf"
    drawing(600, 400).save(folder / "a.png")
    return folder / "a.png"


def decode(
    kind: str, folder: Path, port: int, before: Callable[[], None] | None = None
) -> tuple[str, str, Path]:
    """Let a child work as `sandbox` starts it; return its answer, and what came of calling us."""
    (folder / "try.py").write_text(_TRY)
    (folder / "out").mkdir()
    bin_ = folder / "bin"
    bin_.mkdir()
    (bin_ / "tesseract").write_text(
        f"#!/bin/sh\nexec {sys.executable} {folder}/try.py {port} {folder}/said\n"
    )
    (bin_ / "tesseract").chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, f"{folder}/try.py", str(port), f"{folder}/said",
         kind, str(source_of(kind, folder)), str(folder / "out")],
        cwd=ROOT, env={"PATH": f"{bin_}:/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True, check=True, text=True, preexec_fn=before,
    )  # fmt: skip
    return ran.stdout, (folder / "said").read_text(), folder / "out"


@pytest.mark.parametrize("kind", ["image", "pdf", "pyramid", "ocr", next(iter(CONVERSIONS))])
def test_a_child_that_decodes_cannot_connect_to_anything(
    kind: str, tmp_path: Path, port: int
) -> None:
    if not may_leave():
        pytest.skip("this machine lets no process leave its network")
    _, said, _ = decode(kind, tmp_path, port)
    assert said == "Network is unreachable"


@pytest.mark.skipif(platform.machine() not in _UNSHARE, reason="the number of unshare is unknown")
@pytest.mark.parametrize("kind, made", [("image", "access.jpg"), ("pyramid", "pyramid.tif")])
def test_where_no_process_may_leave_the_network_pictures_are_made_all_the_same(
    kind: str, made: str, tmp_path: Path, port: int
) -> None:
    answer, said, out = decode(kind, tmp_path, port, before=forbid_unshare)
    assert said == "connected"  # that it was forbidden, and not only unused
    assert "problem" not in json.loads(answer) and (out / made).stat().st_size > 0


def may_leave() -> bool:
    code = "from archive.images.network import leave_network; exit(not leave_network())"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def forbid_unshare() -> None:
    """Have the kernel answer EPERM to `unshare`, as many a container does (seccomp)."""
    number, errno, allow = _UNSHARE[platform.machine()], 0x00050000 | 1, 0x7FFF0000
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, errno), (0x06, 0, 0, allow)]
    program = b"".join(struct.pack("HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", 4, ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0  # no new privileges, or only root may filter
    assert libc.prctl(22, 2, ctypes.create_string_buffer(header), 0, 0) == 0
