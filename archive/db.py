"""The three databases: archive, edition and counter, each with its own key.

`bind` opens them for this process; `archive.reading()` and `archive.transaction()` are the
only ways to a session. A public-only process never binds the archive. Begin at `bind`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from threading import local
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, String, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from archive import engines
from archive.config import Config
from archive.errors import Invalid

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
        """Connect to `url`, an embedded database's or a PostgreSQL server's."""
        self.close()
        self.read_only = read_only
        self._engine = engines.make(make_url(url), read_only=read_only)

    def close(self) -> None:
        """Give back every connection; the database can then be opened elsewhere."""
        if self._engine is not None:
            self._engine.dispose()
        self._engine = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session whose work is always thrown away: what a GET may use.

        It sees the database as it was at its first question, until its end. Rows stay readable
        after the block, as far as they were loaded in it.
        """
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            engines.begin_reading(session)
            try:
                yield session
            finally:
                session.expunge_all()  # a rollback would empty the rows that are still in it
                session.rollback()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session that commits once, at the end of the block, or not at all.

        The write lock is taken at the start, so a transaction never dies half-way because
        another came between its reading and its writing.

        :raises RuntimeError: if this thread holds another write lock already, except the
            archive's when the edition's is asked for: any other order could end in a deadlock.
        """
        if self.read_only:
            raise RuntimeError(f"the {self.name} database is open for reading only")
        held = _held_by_this_thread()
        if held and (*held, self.name) != ("archive", "edition"):
            raise RuntimeError(f"{self.name} is asked for while {', '.join(held)} is held")
        held.append(self.name)
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                engines.begin_writing(session, self.name)
                yield session
                session.commit()
        finally:
            held.remove(self.name)

    @contextmanager
    def alone(self, what: str) -> Iterator[bool]:
        """Yield whether no other thread or process does `what` now; it is ours in the block."""
        with engines.alone(self.engine, what) as mine:
            yield mine

    def forget_deleted(self, model: type[DeclarativeBase]) -> None:
        """Let no row that was deleted from a table live on in the database's files.

        Best effort: a reader at work is not waited for, and the next call comes soon. What a
        server's own log and backups still hold is the operator's to limit.
        """
        engines.forget_deleted(self.engine, model.__tablename__)


BASES: dict[str, type[DeclarativeBase]] = {
    "archive": ArchiveBase,
    "edition": EditionBase,
    "counter": CounterBase,
}
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


_thread = local()


def _held_by_this_thread() -> list[str]:
    if not hasattr(_thread, "held"):
        _thread.held = []
    held: list[str] = _thread.held
    return held


@event.listens_for(Session, "before_flush")
def _demand_lengths(session: Session, *_: Any) -> None:
    """Refuse a text longer than its column on every database; SQLite alone would take it."""
    for row in (*session.new, *session.dirty):
        model: Any = type(row)
        for name, longest in _lengths(model):
            value = inspect(row).dict.get(name)
            if isinstance(value, str) and len(value) > longest:
                raise Invalid(
                    f"{row.__tablename__}.{name} has {len(value)} characters;"
                    f" expected at most {longest}"
                )


@cache
def _lengths(model: Any) -> tuple[tuple[str, int], ...]:
    columns = ((attr.key, attr.columns[0].type) for attr in inspect(model).column_attrs)
    return tuple(
        (name, kind.length)
        for name, kind in columns
        if isinstance(kind, String) and kind.length is not None
    )
