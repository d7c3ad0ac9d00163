"""Run the decoder in a child: limited memory, time and output, an empty environment, no secrets.

The only place of the room that starts a program. The child and all it started are killed when
its time is over. The child leaves the network itself (`network`), where the system lets it; where
not, keeping it off the network is the service unit's task. Begin at `run`.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import syncing
from archive.config import ROOT
from archive.errors import Unavailable
from archive.images.conversions import CONVERSIONS

MEGABYTE = 1024 * 1024
_SCRATCH = ".making-"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1",
                "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space and each file it writes in MB, and seconds."""

    memory: int
    seconds: int
    output: int


LIMITS = {
    "image": Limits(memory=1536, seconds=30, output=50),
    "pdf": Limits(memory=1024, seconds=60, output=50),
    "pyramid": Limits(memory=2560, seconds=180, output=2048),
    "ocr": Limits(memory=1536, seconds=300, output=200),
    "scan": Limits(memory=2560, seconds=60, output=1),
    **{kind: Limits(memory=2560, seconds=180, output=2048) for kind in CONVERSIONS},
}


def run(kind: str, source: Path, target: Path) -> dict[str, Any]:
    """Return the child's answer; {"problem": …} when the file cannot be shown.

    `kind` is a key of LIMITS. What the child made is moved to the folder `target`, which is
    made; when there is a problem, nothing is.

    :raises Unavailable: if the disk is full or fails, which says nothing of the file.
    """
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent.resolve(), prefix=_SCRATCH) as scratch:
        answer = _decode(kind, source.resolve(), Path(scratch))
        if "unwritten" in answer:
            raise Unavailable(f"the copies could not be written: {answer['unwritten']}")
        if "problem" not in answer:
            made = list(Path(scratch).iterdir())
            for path in made:
                path.rename(target / path.name)
            syncing.files(target / path.name for path in made)
    return answer


def sweep(root: Path, before: float) -> None:
    """Remove below `root`, one folder down, the scratch folders older than the moment `before`."""
    for folder in root.glob(f"*/{_SCRATCH}*"):
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder)


def lower_limits(kind: str) -> None:
    """Give up, for this process and all it starts, what the kind of work does not need."""
    limits = LIMITS[kind]
    for what, most in (
        (resource.RLIMIT_AS, limits.memory * MEGABYTE),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.output * MEGABYTE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _decode(kind: str, source: Path, scratch: Path) -> dict[str, Any]:
    seconds = LIMITS[kind].seconds
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 - our own module, arguments as a list, no shell
            [sys.executable, "-m", "archive.images.child", kind, str(source), str(scratch)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            return {"problem": f"decoding took more than {seconds} seconds"}
        finally:
            _end(child)
        if code != 0:
            return {"problem": f"the decoder stopped with {code}"}
        said.seek(0)
        return _answer(said.read())


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill whatever the child left running; its group is its own and holds nothing else."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _answer(said: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(said or b"{}")
    except ValueError:
        return {"problem": "the decoder's answer cannot be read"}
    return answer if isinstance(answer, dict) else {"problem": "the decoder gave no answer"}
