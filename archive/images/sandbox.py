"""Run the decoder in a child: limited memory, time and output, an empty environment, no secrets.

The child starts no other program and is killed when its time is over. Begin at `run`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from archive.config import ROOT

MEMORY = 1536 * 1024 * 1024
SECONDS = 60
OUTPUT = 64 * 1024 * 1024


def run(kind: str, source: Path, target: Path) -> dict[str, Any]:
    """Return the child's answer; {"problem": …} when the file cannot be shown.

    `kind` is "image" or "pdf"; the copies are written to the folder `target`.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, arguments as a list, no shell
            [sys.executable, "-m", "archive.images.child", kind, str(source), str(target)],
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
            preexec_fn=_limits,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"problem": f"decoding took more than {SECONDS} seconds"}
    if done.returncode != 0:
        return {"problem": f"the decoder stopped with {done.returncode}"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
