"""What is different between SQLite and PostgreSQL, so that nothing else has to know.

Makes engines, begins transactions, holds locks; the same promises on both: a reader sees one
moment, a writer is alone from its first statement to its commit. Begin at `make`.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive import sorting

log = logging.getLogger(__name__)

# A writer waits this long for another before it gives up, on both.
WAIT_SECONDS = 30
# One key for each database, so that they may also be schemas or databases of one server.
_CLASS = 0x53415249
_KEYS = {"archive": 1, "edition": 2, "counter": 3}
_ALONE = 100
# A waiting writer is told by `lock_timeout`; a writer whose machine is gone is ended by the rest.
_WRITE = text(
    "SELECT set_config('lock_timeout', :wait, true),"
    " set_config('idle_in_transaction_session_timeout', '600s', true),"
    " pg_advisory_xact_lock(:class, :key)"
)


def make(url: URL, *, read_only: bool = False) -> Engine:
    """Return an engine; every connection of it keeps the house's rules.

    A PostgreSQL server is not asked anything before the first use.
    """
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url, read_only=read_only)
    else:
        # READ COMMITTED, for a writer must see what was committed while it waited for its turn.
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=5,
            isolation_level="READ COMMITTED",
            connect_args={"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3},
        )
        if read_only:
            event.listen(engine, "connect", _read_only)
    event.listen(engine, "before_cursor_execute", _without_nul, retval=True)
    return engine


def begin_reading(session: Session) -> None:
    """Let the session see one moment, whatever is committed meanwhile, and change nothing.

    SQLite's own read transactions are so; PostgreSQL is asked for it.
    """
    if session.get_bind().dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        session.connection(execution_options=options)


def begin_writing(session: Session, name: str) -> None:
    """Let the session be the only writer of its database until it ends."""
    connection = session.connection(execution_options={"stadsarkiv_writes": True})
    take_turn(connection, name)


def take_turn(connection: Connection, name: str, *, wait_seconds: int = WAIT_SECONDS) -> None:
    """Wait for the turn to write: BEGIN IMMEDIATE, or an advisory lock until the transaction ends.

    The connection has the execution option `stadsarkiv_writes`. Almost every change adds to the
    audit's chain and would wait for its head anyway; waiting at the beginning gives every reader
    of old values in a transaction the newest ones, and no deadlock within a database.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    values = {"wait": f"{wait_seconds}s", "class": _CLASS, "key": _KEYS[name]}
    connection.execute(_WRITE, values)


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[bool]:
    """Yield whether this thread is the only one of all processes in the block; never wait.

    Ends with the process, however that ends.
    """
    if engine.dialect.name == "sqlite":
        with _alone_by_file(Path(f"{engine.url.database}.{name}.lock")) as mine:
            yield mine
        return
    key = _ALONE + sum(name.encode())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        values = {"class": _CLASS, "key": key}
        mine = connection.scalar(text("SELECT pg_try_advisory_lock(:class, :key)"), values)
        try:
            yield bool(mine)
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(:class, :key)"), values)


def forget_deleted(engine: Engine, table: str) -> None:
    """Let no deleted row live on in a server's table, or in an embedded write-ahead log."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()
        return
    quoted = engine.dialect.identifier_preparer.quote(table)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET lock_timeout = '1s'")
        try:
            connection.exec_driver_sql(f"VACUUM (FULL) {quoted}")
        except OperationalError as error:
            log.info(
                "deleted rows of %s lie in its file until the next call: %s", table, error.orig
            )
        finally:
            connection.exec_driver_sql("RESET lock_timeout")


def problem_of(connection: Connection) -> str | None:
    """Return why a PostgreSQL database cannot be the archive's, in one sentence; None if it can.

    What was committed must be on disk. Text is compared by code point, as in SQLite: an order that
    changes with the server's operating system would break indexes and the order of references.
    """
    if connection.dialect.name == "sqlite":
        return None
    name, encoding, collation, commit = connection.exec_driver_sql(
        "SELECT datname, pg_encoding_to_char(encoding), datcollate,"
        " current_setting('synchronous_commit')"
        " FROM pg_database WHERE datname = current_database()"
    ).one()
    if commit == "off":
        return f"the database {name} has synchronous_commit off: a receipt could be lost"
    if encoding == "UTF8" and collation in {"C", "POSIX"}:
        return None
    return (
        f"the database {name} has encoding {encoding} and collation {collation};"
        " expected UTF8 and C: createdb -T template0 -E UTF8 --lc-collate=C --lc-ctype=C.UTF-8"
    )


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    waits = {"timeout": WAIT_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=waits)
    event.listen(engine, "connect", _pragmas_for(read_only))
    event.listen(engine, "begin", _begin)
    return engine


def _pragmas_for(read_only: bool) -> Any:
    def set_pragmas(connection: Any, record: Any) -> None:
        # The driver's own transaction handling would begin late and commit around DDL.
        connection.isolation_level = None
        connection.create_collation(sorting.COLLATION, sorting.compare)
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
        if not read_only:
            _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return set_pragmas


def _use_wal(cursor: Any) -> None:
    # Of two processes that make a new file into WAL at once, SQLite turns one away unasked.
    for attempt in range(100):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if attempt == 99:
                raise
            time.sleep(0.05)


def _begin(connection: Connection) -> None:
    # `take_turn` begins for itself, with the write lock; everything else begins plainly.
    if not connection.get_execution_options().get("stadsarkiv_writes"):
        connection.exec_driver_sql("BEGIN")


def _read_only(connection: Any, record: Any) -> None:
    connection.execute("SET default_transaction_read_only = on")
    connection.commit()


def _without_nul(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    # PostgreSQL has no text with NUL in it, and SQLite's own functions stop reading there.
    if isinstance(parameters, list):
        return statement, [_cleaned(each) for each in parameters]
    return statement, _cleaned(parameters)


def _cleaned(parameters: Any) -> Any:
    if isinstance(parameters, dict):
        return {name: _without(value) for name, value in parameters.items()}
    return tuple(_without(value) for value in parameters)


def _without(value: Any) -> Any:
    return visible_nul(value) if isinstance(value, str) else value


def visible_nul(value: str) -> str:
    """Return the text as a database keeps it: the sign for "unreadable" in place of each NUL."""
    return value.replace("\0", "\ufffd") if "\0" in value else value


@contextmanager
def _alone_by_file(path: Path) -> Iterator[bool]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)
