"""Start the long-lived processes: the web server and the worker. Begin at `serve` and `work`."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from archive.config import ROOT, Config
from archive.jobs import worker

log = logging.getLogger(__name__)

# Not a setting: how `serve` tells the server's processes which half to serve.
SERVE = "SERVE_HALF"
_BEHIND_THE_PAGES = 10
_BREATH = 2  # seconds before the next worker, so that one that cannot start does not spin

_installers: list[Callable[[Config], None]] = []


def on_work(install: Callable[[Config], None]) -> None:
    """Register what a worker must know before it starts: a room's job handlers."""
    if install not in _installers:
        _installers.append(install)


def prepare(config: Config) -> None:
    """Register every handler, drain and recurring job."""
    for install in _installers:
        install(config)


def work(config: Config) -> None:
    """Work until a signal says stop; the job in hand is finished first."""
    prepare(config)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    worker.run(stop=stop)


def together(config: Config, port: int) -> int:
    """Run the web server and the worker as two processes, until a signal comes.

    A worker that was killed is followed by another, which takes over its job when the lease has
    run out. Without the server there is nothing to keep up.
    """
    # Forked, for it becomes gunicorn at once: a second reading of all modules costs a second.
    server = multiprocessing.get_context("fork").Process(
        target=serve, args=(config, "127.0.0.1", port, "both")
    )
    server.start()
    worker_process = _start_worker()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.wait(0.5) and server.is_alive():
        code = worker_process.poll()
        if code is None:
            continue
        log.error("the worker ended with %d; another takes over in %d s", code, _BREATH)
        if stop.wait(_BREATH):
            break
        worker_process = _start_worker()
    server.terminate()
    worker_process.terminate()
    server.join()
    worker_process.wait()
    return 0 if stop.is_set() else abs(server.exitcode or 0)


def _start_worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "wsgi", "worker"]
    process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - ourselves, no shell
    # Who reads a page comes first, at the start and during a large delivery.
    os.setpriority(os.PRIO_PROCESS, process.pid, _BEHIND_THE_PAGES)
    return process


def is_taken(port: int) -> bool:
    """Return whether something listens on the port already."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def serve(config: Config, host: str, port: int, which: str) -> None:
    """Become gunicorn, serving the public site, the desk, or both."""
    os.environ[SERVE] = which
    _share_counts(config)
    os.chdir(ROOT)
    gunicorn = Path(sys.executable).with_name("gunicorn")
    options = ["--bind", f"{host}:{port}", "--worker-class", "gthread", "--workers", "2"]
    options += ["--threads", "4", "--timeout", "120", "--graceful-timeout", "20"]
    # The longest line gunicorn knows: a long question is cut short by the search page, in words.
    options += ["--limit-request-line", "8190", "--no-control-socket", "wsgi:create_app()"]
    os.execv(str(gunicorn), ["gunicorn", *options])  # noqa: S606 - our own server, no shell


def _share_counts(config: Config) -> None:
    """Give the server's processes a folder in which they count requests together.

    Named by this process, which becomes gunicorn's first; what servers that have ended left
    there is removed. Without such a folder each process would tell its own count only.
    """
    run = config.data_dir / "run"
    try:
        for old in run.glob("counts-*"):
            if not _is_alive(old.name.removeprefix("counts-")):
                shutil.rmtree(old, ignore_errors=True)
        folder = run / f"counts-{os.getpid()}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        log.warning("requests are counted by each process alone: %s", error)
        return
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
