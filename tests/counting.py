"""Count the questions that a piece of work puts to the archive database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from archive import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield a list that fills with every statement sent while the block runs."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(db.archive.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.archive.engine, "before_cursor_execute", note)
