"""The three databases: archive, edition and counter, each with its own key.

`bind` opens them for this process; `archive.reading()` and `archive.transaction()` are the
only ways to a session. A public-only process never binds the archive. Begin at `bind`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from archive.config import Config

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class ArchiveBase(DeclarativeBase):
    """Tables of the staff side: the truth of the work."""

    metadata = MetaData(naming_convention=_NAMES)


class EditionBase(DeclarativeBase):
    """Tables of the published edition: only what everyone may see."""

    metadata = MetaData(naming_convention=_NAMES)


class CounterBase(DeclarativeBase):
    """Tables of the counter: what citizens hand in, and sealed answers to them."""

    metadata = MetaData(naming_convention=_NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC on both sides; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One database: an engine, and sessions that either read or change, never by accident both."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._engine: Engine | None = None
        self.read_only = False

    @property
    def engine(self) -> Engine:
        """Return the engine.

        :raises RuntimeError: if this process has no key to the database; the public process
            has none to the archive.
        """
        if self._engine is None:
            raise RuntimeError(f"the {self.name} database is not open in this process")
        return self._engine

    @property
    def is_open(self) -> bool:
        """Return whether this process has a key to the database."""
        return self._engine is not None

    def open(self, url: str, *, read_only: bool = False) -> None:
        """Connect to `url`; an embedded database gets its pragmas on every connection."""
        self.close()
        self.read_only = read_only
        self._engine = _make_engine(make_url(url), read_only=read_only)

    def close(self) -> None:
        """Give back every connection; the database can then be opened elsewhere."""
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session whose work is always thrown away: what a GET may use.

        Rows stay readable after the block, as far as they were loaded in it.
        """
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            try:
                yield session
            finally:
                session.expunge_all()  # a rollback would empty the rows that are still in it
                session.rollback()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session that commits once, at the end of the block, or not at all.

        The write lock is taken at the start (BEGIN IMMEDIATE on SQLite), so a transaction
        never dies half-way because another came between its reading and its writing.
        """
        if self.read_only:
            raise RuntimeError(f"the {self.name} database is open for reading only")
        with Session(self.engine, expire_on_commit=False) as session:
            connection = session.connection(execution_options={"stadsarkiv_writes": True})
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()

    def forget_deleted(self) -> None:
        """Let no deleted row live on in the write-ahead log of an embedded database.

        Best effort: a reader at work holds the log open, and the next call comes soon.
        """
        if self.engine.dialect.name != "sqlite":
            return
        raw = self.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


archive = Database("archive")
edition = Database("edition")
counter = Database("counter")
_settings: Config | None = None


def bind(config: Config, *, public_only: bool = False) -> None:
    """Open the databases that this process may use.

    With `public_only` the archive stays closed and the edition is opened for reading only;
    the counter stays open, for a citizen's question has to land somewhere.
    """
    global _settings
    _settings = config
    archive.close()
    if not public_only:
        archive.open(config.database_url)
    edition.open(config.edition_url, read_only=public_only)
    counter.open(config.counter_url)


def settings() -> Config:
    """Return the settings under which the databases were bound: the edition's folders too.

    :raises RuntimeError: before `bind`.
    """
    if _settings is None:
        raise RuntimeError("no settings: bind() has not been called in this process")
    return _settings


def unbind() -> None:
    """Close all three."""
    for database in (archive, edition, counter):
        database.close()


def _make_engine(url: URL, *, read_only: bool) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=5)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _pragmas_for(read_only))
    event.listen(engine, "begin", _begin)
    return engine


def _pragmas_for(read_only: bool) -> Any:
    def set_pragmas(connection: Any, record: Any) -> None:
        # The driver's own transaction handling would begin late and commit around DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=30000")
        if not read_only:
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return set_pragmas


def _begin(connection: Any) -> None:
    # `transaction` begins for itself, with the write lock; everything else begins plainly.
    if not connection.get_execution_options().get("stadsarkiv_writes"):
        connection.exec_driver_sql("BEGIN")
