"""`make bench`: measure what the promises name, write results.json, print a table.

Every figure is taken in this run on this machine, beside the raw cost of the same bytes where
there is one. `--records N` sets the size of the city that pages are measured over; `--dock` adds
the dock under load (`bench.dock`), which takes an hour and 30 GB of disk.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "bench" / "work"
QUERIES = ("skola", "bro", "protokoll 1890", "Linkoping", "hvad", '"stora torget"', "byg*")


def main() -> None:
    """Run every measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--dock", action="store_true")
    asked = parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    results = {
        **_package(1000),
        **_city(asked.records),
        **_pages(),
        **_start(),
        **_dock(asked.dock),
        "machine": {"cores": os.cpu_count(), "python": sys.version.split()[0]},
    }
    target = ROOT / "bench" / "results.json"
    target.write_text(json.dumps(results, indent=1, sort_keys=True), "utf-8")
    for name, value in results.items():
        print(f"{name:44} {value}")


def _dock(is_asked: bool) -> dict[str, Any]:
    if not is_asked:
        return {}
    from bench import dock

    return dock.measure()


def _package(count: int) -> dict[str, Any]:
    """Take in a package of so many files, in a process of its own; its peak memory counts."""
    code = f"import bench.run as b; b.ingest_package({count})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=_env("package"), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def ingest_package(count: int) -> None:
    """Build, take in and print the figures; runs in a child of `_package`."""
    from archive.config import Config
    from ingest.build import BuildFile
    from ingest.demo import load
    from tests import factories
    from tests.conftest import _open

    config = Config.from_env()
    _open(config)
    load._organisation()
    load._plans()
    leaves = [
        factories.minutes(f"Akt {n}", key=f"a{n}", parent="volym", reference=f"SE/LSA/T1/A1:1/{n}",
                          level="item")
        for n in range(count)
    ]  # fmt: skip
    volume = factories.minutes("Volym 1", key="volym", level="volume", reference="SE/LSA/T1/A1:1")
    files = tuple(BuildFile(f"{d.key}.txt", os.urandom(20_000), d.key) for d in leaves)
    with tempfile.TemporaryDirectory() as folder:
        spec = factories.spec(volume, *leaves, files=files)
        path = factories.package(Path(folder), spec)
        raw = _timed(lambda: _raw_cost(path, Path(folder) / "raw"))
        seconds = _timed(lambda: factories.take_in(config, path))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                f"package of {count} files, seconds": round(seconds, 2),
                f"package of {count} files, times its raw cost": round(seconds / raw, 1),
                f"package of {count} files, peak MB": round(peak),
            }
        )
    )


def _raw_cost(path: Path, copy: Path) -> None:
    """Read and hash the bytes once and copy them twice: what any keeper of two copies pays."""
    digest = hashlib.sha512()
    with path.open("rb") as stream:
        while chunk := stream.read(1024 * 1024):
            digest.update(chunk)
    for number in (1, 2):
        shutil.copyfile(path, copy.with_suffix(f".{number}"))
    os.sync()


def _city(size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "wsgi", "demo", "--records", str(size)]
    seconds = _timed(
        lambda: subprocess.run(
            command, cwd=ROOT, env=_env("city"), check=True, stdout=subprocess.DEVNULL
        )
    )
    return {f"demo city of {size} records, seconds": round(seconds, 1)}


def _pages() -> dict[str, Any]:
    """Ask the reading room's pages in this process; the second round counts, caches filled."""
    os.environ |= {k: v for k, v in _env("city").items() if k.startswith("STADSARKIV_")}
    from sqlalchemy import select

    import wsgi
    from archive import db
    from archive.edition.models import PublicRecord

    client = wsgi.create_app().test_client()
    for thread in threading.enumerate():
        if thread.name == "warming":
            thread.join()
    with db.edition.reading() as session:
        pids = list(session.scalars(select(PublicRecord.pid).limit(2000)))[::10]
    paths = {
        "record page": [f"/records/{pid}" for pid in pids],
        "search page": [f"/search?q={query}" for query in QUERIES] * 10,
        "home": ["/"] * 20,
    }
    found: dict[str, Any] = {}
    for name, asked in paths.items():
        for path in asked[:10]:
            client.get(path)
        times = sorted(_timed(lambda path=path: client.get(path)) for path in asked)
        found[f"{name}, p50 ms"] = round(statistics.median(times) * 1000, 1)
        found[f"{name}, p95 ms"] = round(times[int(len(times) * 0.95) - 1] * 1000, 1)
    return found


def _start() -> dict[str, Any]:
    """Start web and worker over the city that is there; the first page and the first search."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    command = [sys.executable, "-m", "wsgi", "start", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=_env("city"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    found: dict[str, Any] = {}
    try:
        for name, path in (("page", "/"), ("search", "/search?q=bro")):
            _await(f"http://127.0.0.1:{port}{path}")
            seconds = round(time.perf_counter() - begun, 2)
            found[f"start again to the first {name}, seconds"] = seconds
    finally:
        process.terminate()
        process.wait()
    return found


def _await(url: str) -> None:
    deadline = time.perf_counter() + 120
    while True:
        try:
            with urllib.request.urlopen(url) as answer:
                answer.read()
            return
        except OSError:
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.05)


def _env(name: str) -> dict[str, str]:
    return os.environ | {"STADSARKIV_DATA_DIR": str(WORK / name), "STADSARKIV_DEMO": "1"}


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
