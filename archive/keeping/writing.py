"""Rows to lines of the journal: every row with its parts, and names instead of numbers.

A line is `{"kind", "key", "row"}`. Ten queries a portion, however many rows. Begin at `lines`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from archive.db import ArchiveBase
from archive.keeping import codec
from archive.keeping.kinds import Kind, Model, Part, Ref, all_kinds

_PORTION = 400


def lines(session: Session, kind: Kind, keys: Sequence[str] | None = None) -> Iterator[str]:
    """Yield the newest state of rows as lines of JSON, by primary key; of all without `keys`.

    Keys of rows that are gone give nothing.
    """
    primary = primary_key(kind.model)
    ids = _ids(session, primary) if keys is None else [primary.type.python_type(k) for k in keys]
    for start in range(0, len(ids), _PORTION):
        rows = session.scalars(
            select(kind.model).where(primary.in_(ids[start : start + _PORTION])).order_by(primary)
        ).all()
        for form in _forms(session, kind, rows):
            key = [form[kind.refs[k].name if k in kind.refs else k] for k in kind.key]
            line = {"kind": kind.name, "key": key, "row": form}
            yield json.dumps(line, ensure_ascii=False, sort_keys=True)


def everything(session: Session) -> Iterator[str]:
    """Yield every line there is, in the canonical order: equal archives give equal lines."""
    for kind in all_kinds():
        yield from sorted(lines(session, kind))


def primary_key(model: Model) -> Any:
    """Return the one column that is the model's primary key."""
    return inspect(model).primary_key[0]


def _ids(session: Session, primary: Any) -> list[Any]:
    return list(session.scalars(select(primary).order_by(primary)))


def _forms(session: Session, kind: Kind, rows: Sequence[ArchiveBase]) -> Iterator[dict[str, Any]]:
    forms = _named(session, rows, kind.refs, kind.leave_out)
    parts = {part.name: _parts(session, part, rows) for part in kind.parts}
    for row, form in zip(rows, forms, strict=True):
        own = _id_of(row)
        yield form | {name: found.get(own, []) for name, found in parts.items()}


def _id_of(row: ArchiveBase) -> Any:
    return getattr(row, primary_key(type(row)).key)


def _parts(
    session: Session, part: Part, owners: Sequence[ArchiveBase]
) -> Mapping[Any, list[dict[str, Any]]]:
    owner = getattr(part.model, part.owner)
    query = select(part.model).where(owner.in_([_id_of(row) for row in owners]))
    if part.only is not None:
        query = query.where(getattr(part.model, part.only[0]) == part.only[1])
    rows = session.scalars(query.order_by(*inspect(part.model).primary_key)).all()
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    forms = _named(session, rows, part.refs, part.leave_out | {part.owner})
    for row, form in zip(rows, forms, strict=True):
        found[getattr(row, part.owner)].append(form)
    for some in found.values():
        some.sort(key=lambda form: json.dumps(form, ensure_ascii=False, sort_keys=True))
    return found


def _named(
    session: Session,
    rows: Sequence[ArchiveBase],
    refs: Mapping[str, Ref],
    leave_out: Iterable[str],
) -> list[dict[str, Any]]:
    """Return the rows as forms, every foreign key as the natural key of what it points at."""
    names = {
        column: _names(session, ref, {getattr(row, column) for row in rows} - {None})
        for column, ref in refs.items()
    }
    forms = []
    for row in rows:
        form = codec.to_form(row, {*leave_out, *refs})
        for column, ref in refs.items():
            form[ref.name] = names[column].get(getattr(row, column))
        forms.append(form)
    return forms


def _names(session: Session, ref: Ref, ids: set[Any]) -> dict[Any, Any]:
    primary = primary_key(ref.model)
    found: dict[Any, Any] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _PORTION):
        some = wanted[start : start + _PORTION]
        columns = [getattr(ref.model, name) for name in ref.key]
        for number, *key in session.execute(select(primary, *columns).where(primary.in_(some))):
            found[number] = key[0] if len(key) == 1 else list(key)
    return found
