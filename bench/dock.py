"""`python -m bench.run --dock`: the dock under load, each figure beside the bar it has to keep.

Each measurement runs in a process of its own over a house of its own, so that its peak memory is
its own. `python -m bench.dock NAME` runs one alone. Begin at `measure`.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.run import ROOT, WORK, _env, _timed, ingest_package

SECURITY = ROOT.parent / "shared" / "corpora" / "security"
GIGABYTE, _CHUNK = 1024**3, 1024 * 1024
_ROW = {
    "datum": "1634-05-12", "handlingstyp": "HA-A", "rättigheter": "fri", "levande personer": "nej",
}  # fmt: skip


def measure() -> dict[str, Any]:
    """Run every measurement, one after the other; return the figures."""
    found: dict[str, Any] = {}
    for name in MEASUREMENTS:
        found |= _alone(name)
    return found


def _alone(name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.dock", name]
    done = subprocess.run(
        command, cwd=ROOT, env=_env(f"dock-{name}"), capture_output=True, text=True
    )
    shutil.rmtree(WORK / f"dock-{name}", ignore_errors=True)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def large_file() -> dict[str, Any]:
    """Take in one file of 5 GB, beside one SHA-512 pass and one copy of the same bytes."""
    config, size = _house(), int(float(os.environ.get("BENCH_GB", "5")) * GIGABYTE)
    source = config.data_dir / "source"
    source.mkdir()
    with (source / "film.bin").open("wb") as stream:
        for _ in range(size // _CHUNK):
            stream.write(os.urandom(_CHUNK))
    os.sync()
    raw = _timed(lambda: _hash_and_copy(source / "film.bin", config.data_dir / "raw"))
    (config.data_dir / "raw").unlink()
    (source / "lista.csv").write_text(
        _csv([{"titel": "Film", "signum": "SE/LSA/F1", "fil": "film.bin"}])
    )
    before = _peak()
    seconds = _take_in(config, source).seconds
    return {
        "one large file, GB": size / GIGABYTE,
        "one large file, seconds (raw seconds)": f"{seconds:.1f} ({raw:.1f})",
        "one large file, share of raw throughput (bar 0.5)": round(raw / seconds, 2),
        "one large file, MB more memory than before (bar: flat)": round(_peak() - before),
    }


def finding_aid() -> dict[str, Any]:
    """Take in an EAD of 12,000 components (bar 15 s), and bring it into the staff index."""
    config = _house()
    path = config.data_dir / "ead.xml"
    path.write_text("".join(_ead(12_000)), "utf-8")
    took = _take_in(config, path)
    return {
        "EAD of 12,000 components, seconds (bar 15)": round(took.seconds, 1),
        "EAD of 12,000 components, seconds of processor": round(took.processor, 1),
        "EAD of 12,000 components, seconds to the index": round(took.to_index, 1),
        "EAD of 12,000 components, peak MB": round(_peak()),
    }


def long_list() -> dict[str, Any]:
    """Take in 100,000 records from CSV (bar 300 s), and bring them into the staff index."""
    config, count = _house(), int(os.environ.get("BENCH_ROWS", "100000"))
    folder = config.data_dir / "list"
    folder.mkdir()
    rows = [{"titel": "Serie", "signum": "SE/LSA/L1", "nivå": "serie"}]
    rows += [
        {"titel": f"Protokoll nr {n}", "signum": f"SE/LSA/L1:{n}", "tillhör": "SE/LSA/L1"}
        for n in range(count)
    ]
    (folder / "lista.csv").write_text(_csv(rows), "utf-8")
    took = _take_in(config, folder)
    return {
        f"{count} records from CSV, seconds (bar 300)": round(took.seconds, 1),
        f"{count} records from CSV, seconds of processor": round(took.processor, 1),
        f"{count} records from CSV, seconds to the index": round(took.to_index, 1),
        f"{count} records from CSV, peak MB": round(_peak()),
    }


def bombs() -> dict[str, Any]:
    """Examine every hostile archive and document, each in a process (bars 2 s, 200 MB)."""
    paths = sorted(p for top in ("archives*", "xml*") for p in SECURITY.glob(f"{top}/*"))
    code = "import sys, pathlib, bench.dock as d; d.examine_one(pathlib.Path(sys.argv[1]))"
    slowest, largest = (0.0, ""), (0.0, "")
    for path in [*paths, *_made_bombs(WORK / "dock-bombs")]:
        command = [sys.executable, "-c", code, str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        slowest = max(slowest, (told["seconds"], path.name))
        largest = max(largest, (told["peak"], path.name))
    return {
        "hostile files, slowest seconds (bar 2)": slowest,
        "hostile files, peak MB (bar 200)": largest,
        "hostile files": len(paths),
    }


def examine_one(path: Path) -> None:
    """Examine a file and print the seconds and the memory of it; runs in a child of `bombs`."""
    from ingest import read

    seconds = _timed(lambda: read.examine(path))
    print(json.dumps({"seconds": round(seconds, 2), "peak": round(_peak())}))


def fixity() -> dict[str, Any]:
    """Read a store of large objects again, beside a plain SHA-512 pass over the same copies."""
    from archive.storage import fixity as rounds
    from archive.storage.store import open_store

    config = _house()
    source = config.data_dir / "source"
    source.mkdir()
    rows = []
    for number in range(8):
        (source / f"{number}.bin").write_bytes(os.urandom(64 * _CHUNK))
        rows.append(
            {"titel": f"Band {number}", "signum": f"SE/LSA/B{number}", "fil": f"{number}.bin"}
        )
    (source / "lista.csv").write_text(_csv(rows))
    _take_in(config, source)
    store = open_store(config)
    kept = [p for root in store.roots for p in root.path.rglob("content/*") if p.is_file()]
    plain = min(_timed(lambda: [_hash(path) for path in kept]) for _ in range(2))
    seconds = min(_timed(lambda: rounds.check_round(store, sample=100)) for _ in range(2))
    size = sum(path.stat().st_size for path in kept)
    return {
        "fixity, MB/s": round(size / _CHUNK / seconds),
        "fixity, share of a plain SHA-512 pass (bar 0.6)": round(plain / seconds, 2),
    }


def package() -> dict[str, Any] | None:
    """Take in a package of 10,000 files (bars 120 s, 500 MB); prints its figures itself."""
    ingest_package(int(os.environ.get("BENCH_FILES", "10000")))
    return None


MEASUREMENTS: dict[str, Callable[[], dict[str, Any] | None]] = {
    "package": package,
    "large_file": large_file,
    "finding_aid": finding_aid,
    "long_list": long_list,
    "bombs": bombs,
    "fixity": fixity,
}


def _house() -> Any:
    from archive.config import Config
    from ingest.demo import load
    from tests.conftest import _open

    config = Config.from_env()
    _open(config)
    load._organisation()
    load._plans()
    return config


@dataclass(frozen=True)
class Took:
    """What a delivery took until it was in: seconds, and of a processor; then to the index."""

    seconds: float
    processor: float
    to_index: float


def _take_in(config: Any, path: Path) -> Took:
    from archive import db
    from archive.accounts import queries as accounts
    from archive.audit.actions import SYSTEM
    from archive.jobs import worker
    from ingest import receive
    from ingest.models import State, Transfer

    begun, worked = time.perf_counter(), time.process_time()
    with db.archive.reading() as session:
        unit = accounts.need_unit(session, "HA")
    transfer, _ = receive.receive(
        path,
        path.name,
        receive.Declared(unit.id, "HA-A"),
        quarantine=config.quarantine,
        actor=SYSTEM,
    )
    worker.run_until_idle(drains=False)
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    with db.archive.reading() as session:
        state = session.get_one(Transfer, transfer.id).state
    if state != State.ACCESSIONED:
        raise SystemExit(f"{path.name} is {state}")
    return Took(seconds, processor, _timed(worker.run_until_idle))


def _csv(rows: list[dict[str, str]]) -> str:
    columns = ["signum", "tillhör", "nivå", "titel", "fil", *_ROW]
    lines = [";".join((_ROW | row).get(column, "") for column in columns) for row in rows]
    return "\n".join([";".join(columns), *lines]) + "\n"


def _ead(count: int) -> Iterator[str]:
    yield '<ead xmlns="http://ead3.archivists.org/schema/"><control><recordid>p</recordid><filedesc>'
    yield "<titlestmt><titleproper>Prov</titleproper></titlestmt></filedesc>"
    yield '<maintenancestatus value="new"/><maintenanceagency><agencyname>LSA</agencyname>'
    yield "</maintenanceagency><maintenancehistory><maintenanceevent>"
    yield '<eventtype value="created"/><eventdatetime>2026</eventdatetime>'
    yield '<agenttype value="human"/><agent>A</agent></maintenanceevent></maintenancehistory>'
    yield '</control><archdesc level="fonds"><did><unitid>SE/LSA/E1</unitid>'
    yield "<unittitle>Provarkivet</unittitle><unitdate>1634</unitdate></did><dsc>"
    for number in range(count):
        yield f'<c level="file"><did><unitid>SE/LSA/E1:{number}</unitid>'
        yield f"<unittitle>Akt {number}</unittitle><unitdate>1634</unitdate></did></c>"
    yield "</dsc></archdesc></ead>"


def _made_bombs(folder: Path) -> Iterator[Path]:
    """Make a ZIP of 5 GB of zeros and a list of 250,000 files; too large to keep in a corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    zeros = folder / "zeros.zip"
    with (
        zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros", "w", force_zip64=True) as stream,
    ):
        for _ in range(5 * 1024):
            stream.write(bytes(_CHUNK))
    yield zeros
    many = folder / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(250_000):
            archive.writestr(str(number), b"")
    yield many


def _hash_and_copy(path: Path, copy: Path) -> None:
    _hash(path)
    shutil.copyfile(path, copy)
    os.sync()


def _hash(path: Path) -> str:
    digest, buffer = hashlib.sha512(), memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as stream:
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while size := stream.readinto(buffer):
            digest.update(buffer[:size])
    return digest.hexdigest()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    shutil.rmtree(WORK / f"dock-{sys.argv[1]}", ignore_errors=True)
    (WORK / f"dock-{sys.argv[1]}").mkdir(parents=True)
    os.environ |= _env(f"dock-{sys.argv[1]}")
    figures = MEASUREMENTS[sys.argv[1]]()
    if figures is not None:
        print(json.dumps(figures))
