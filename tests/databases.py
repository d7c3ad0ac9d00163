"""Databases for tests: files of SQLite, or a PostgreSQL server of this process's own.

`TEST_DATABASE=postgres make test` runs the whole suite on PostgreSQL; without it only the tests
marked `postgres` do. The server listens on a socket in a temporary folder, belongs to an
unprivileged user, and ends with this process, however that ends. Begin at `urls`.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import make_url

NAMES = ("archive", "edition", "counter")
ON_POSTGRES = os.environ.get("TEST_DATABASE", "sqlite") == "postgres"
# The shell outlives us by a moment: when our end of its input closes, it stops the server.
_KEEP = '"$0" "$@" & read -r _; kill -QUIT $!; wait; rm -rf "$CLUSTER"'


def missing() -> str | None:
    """Return why no PostgreSQL can be started here, or None if one can."""
    if _binaries() is None:
        return "PostgreSQL is not installed here (apt-get install postgresql)"
    return None


@dataclass
class Cluster:
    """A server of this process's own, and the databases that were made on it."""

    folder: Path
    user: str | None
    # Of a server that was restarted the first shell lives on: its end would remove the folder.
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _count: int = field(default=0)

    def url(self, name: str) -> str:
        """Return the URL of one database, as an operator would write it."""
        return f"postgresql+psycopg://stadsarkiv@/{name}?host={self.folder}"

    def create(self, name: str, *, like: str = "template0", options: str = "") -> None:
        """Make a database; `like` names another that nobody is connected to."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{like}" {options}')

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is connected to it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        """Run a statement outside of every transaction."""
        where = f"host={self.folder} user=stadsarkiv dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    def fresh_prefix(self) -> str:
        """Return a name that no database of this server begins with."""
        self._count += 1
        return f"t{self._count}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        binaries = _binaries()
        assert binaries is not None
        fast = ("fsync=off", "full_page_writes=off", "autovacuum=off",
                "max_connections=100", "shared_buffers=64MB", "listen_addresses=",
                f"unix_socket_directories={self.folder}")  # fmt: skip
        settings = [part for each in fast for part in ("-c", each)]
        postgres = [str(binaries / "postgres"), "-D", str(self.folder / "data"), *settings]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                ["sh", "-c", _KEEP, *postgres],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={"PATH": os.environ["PATH"], "CLUSTER": str(self.folder)},
                **_as_user(self.user),
            )
        self.processes.append(process)
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.run("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def restart(self) -> None:
        """Stop the server in the middle of whatever it does, and start it again."""
        binaries = _binaries()
        assert binaries is not None
        control = [str(binaries / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate"]
        subprocess.run([*control, "stop"], check=True, capture_output=True, **_as_user(self.user))
        self.start()

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        for process in reversed(self.processes):
            assert process.stdin is not None
            process.stdin.close()
            process.wait()
        self.processes.clear()


@cache
def cluster() -> Cluster:
    """Return this process's server, started at its first use."""
    binaries = _binaries()
    assert binaries is not None
    user = _unprivileged() if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="stadsarkiv-pg-", dir="/tmp"))
    if user is not None:
        shutil.chown(folder, user)
    initdb = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "stadsarkiv"]
    options = ["-A", "trust", "-E", "UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--no-sync"]
    subprocess.run([*initdb, *options], check=True, capture_output=True, **_as_user(user))
    made = Cluster(folder, user)
    made.start()
    atexit.register(made.stop)
    return made


def urls(prefix: str) -> dict[str, str]:
    """Return the settings that name the three databases with this prefix."""
    settings = {"archive": "DATABASE_URL", "edition": "EDITION_URL", "counter": "COUNTER_URL"}
    return {f"STADSARKIV_{settings[name]}": cluster().url(f"{prefix}_{name}") for name in NAMES}


def create(prefix: str, *, like: str | None = None) -> None:
    """Make the three databases, empty or as copies of others."""
    for name in NAMES:
        cluster().create(f"{prefix}_{name}", like=f"{like}_{name}" if like else "template0")


def drop(prefix: str) -> None:
    """Throw the three databases away."""
    for name in NAMES:
        cluster().drop(f"{prefix}_{name}")


def lose(url: str) -> None:
    """Lose a database with all that is in it; an empty one stands in its place."""
    parts = make_url(url)
    assert parts.database is not None
    if parts.get_backend_name() == "postgresql":
        cluster().drop(parts.database)
        cluster().create(parts.database)
        return
    for ending in ("", "-wal", "-shm"):
        Path(f"{parts.database}{ending}").unlink(missing_ok=True)


@cache
def _binaries() -> Path | None:
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    found += [Path(on_path).resolve().parent] if on_path else []
    return max(found, key=lambda path: path.parts, default=None)


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as_user(user: str | None) -> dict[str, object]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "cwd": "/"} if user else {"cwd": "/"}
