"""Columns to JSON and back: what a row says, without the numbers that only its database knows.

Days and moments are written by ISO 8601, moments in UTC. Begin at `to_form`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date
from sqlalchemy.orm import class_mapper

from archive.db import ArchiveBase, UtcDateTime
from archive.errors import Invalid


def columns(model: type[ArchiveBase]) -> dict[str, Any]:
    """Return the columns of a model by attribute name."""
    return {attr.key: attr.columns[0] for attr in class_mapper(model).column_attrs}


def to_form(row: ArchiveBase, leave_out: Collection[str]) -> dict[str, Any]:
    """Return what a row says, as JSON can hold it."""
    names = (name for name in columns(type(row)) if name not in leave_out)
    return {name: _encode(getattr(row, name)) for name in names}


def from_form(model: type[ArchiveBase], form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form as the model's columns take them.

    :raises Invalid: if the form has a field that the model does not know, or a date that is none.
    """
    known = columns(model)
    strange = sorted(set(form) - set(known))
    if strange:
        raise Invalid(f"{model.__tablename__} has no column {', '.join(strange)}")
    try:
        return {name: _decode(known[name].type, value) for name, value in form.items()}
    except ValueError as error:
        raise Invalid(f"{model.__tablename__}: {error}") from error


def _encode(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _decode(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
