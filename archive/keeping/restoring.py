"""Lines of the journal back to rows; a line for a row that exists changes it.

A batch is cut by number, so a line may name a row that a later batch tells of: it waits for it.
A name that no batch resolves is a problem that is told, and its row is left out: nothing is
guessed. Begin at `Restorer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from archive.db import ArchiveBase
from archive.errors import Invalid
from archive.holdings.models import Description
from archive.keeping import codec, earlier
from archive.keeping.kinds import Kind, Part, Ref, all_kinds
from archive.keeping.writing import primary_key

_REMEMBERED = 200_000  # names; above that they are asked for again


class Restorer:
    """Puts lines into one database, and remembers which names have which numbers there."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Any], Any] = {}
        self._waiting: dict[tuple[str, Any], tuple[Mapping[str, Any], str]] = {}
        self.problems: list[str] = []
        self.count = 0

    def put(self, session: Session, batch: Iterable[Mapping[str, Any]]) -> None:
        """Restore one batch and what waited for it, as long as something comes of it."""
        left = {place: line for place, (line, _) in self._waiting.items()}
        today = (earlier.as_today(line) for line in batch)
        left |= {(line["kind"], _key(line["key"])): line for line in today}  # the newer line counts
        self._leave_out_unknown(left)
        before = len(left) + 1
        while left and len(left) < before:
            before = len(left)
            self._waiting.clear()
            self._go_through(session, left.values())
            left = {place: line for place, (line, _) in self._waiting.items()}

    def _go_through(self, session: Session, lines: Iterable[Mapping[str, Any]]) -> None:
        """Try lines kind by kind, in the order in which kinds refer to each other."""
        by_kind: dict[str, list[Mapping[str, Any]]] = {}
        for line in lines:
            by_kind.setdefault(line["kind"], []).append(line)
        for kind in all_kinds():
            for line in self._parents_first(kind, by_kind.get(kind.name, [])):
                self._try(session, kind, line)

    def _leave_out_unknown(self, lines: dict[tuple[str, Any], Mapping[str, Any]]) -> None:
        known = {kind.name for kind in all_kinds()}
        for name in sorted({kind for kind, _ in lines} - known):
            unknown = [place for place in lines if place[0] == name]
            self.problems.append(f"kind {name!r} is not known: {len(unknown)} rows left out")
            for place in unknown:
                del lines[place]

    def finish(self) -> None:
        """Make a problem of every line that still waits, after the last batch."""
        for (name, _), (line, reason) in self._waiting.items():
            self.problems.append(f"{name} {line['key']}: {reason}")
        self._waiting.clear()

    def _parents_first(
        self, kind: Kind, lines: list[Mapping[str, Any]]
    ) -> Iterator[Mapping[str, Any]]:
        """Yield lines so that a row comes after the rows of its own kind that it refers to."""
        own = [ref for ref in kind.refs.values() if ref.model is kind.model]
        waiting = {_key(line["key"]): line for line in lines}
        while own and waiting:
            ready = [
                key
                for key, line in waiting.items()
                if not any(_key([line["row"].get(ref.name)]) in waiting for ref in own)
            ]
            if not ready:  # they refer to each other in a ring; `_try` tells of each
                break
            for key in ready:
                yield waiting.pop(key)
        yield from waiting.values()

    def _try(self, session: Session, kind: Kind, line: Mapping[str, Any]) -> None:
        try:
            self._restore(session, kind, line)
            self.count += 1
        except Invalid as error:
            self._waiting[kind.name, _key(line["key"])] = (line, str(error))

    def _restore(self, session: Session, kind: Kind, line: Mapping[str, Any]) -> None:
        form = dict(line["row"])
        parts = [(part, form.pop(part.name)) for part in kind.parts]
        values = self._values(session, kind.model, form, kind.refs)
        # Every part is read before anything is written, so that a row comes whole or not at all.
        read = [
            (part, self._values(session, part.model, one, part.refs))
            for part, forms in parts
            for one in forms
        ]
        row = self._row(session, kind, values)
        session.flush()
        own = getattr(row, primary_key(kind.model).key)
        self._numbers[kind.model.__tablename__, _key(line["key"])] = own
        self._put_parts(session, kind, own, read)
        if isinstance(row, Description):
            _give_path(session, row)

    def _row(self, session: Session, kind: Kind, values: Mapping[str, Any]) -> ArchiveBase:
        same = [getattr(kind.model, name).is_not_distinct_from(values[name]) for name in kind.key]
        row = session.scalars(select(kind.model).where(and_(*same)).limit(1)).first()
        if row is None:
            row = kind.model(**values)
            session.add(row)
            return row
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        return row

    def _put_parts(
        self, session: Session, kind: Kind, own: Any, read: list[tuple[Part, dict[str, Any]]]
    ) -> None:
        for part in kind.parts:
            old = delete(part.model).where(getattr(part.model, part.owner) == own)
            if part.only is not None:
                old = old.where(getattr(part.model, part.only[0]) == part.only[1])
            session.execute(old)
        session.add_all(part.model(**values, **{part.owner: own}) for part, values in read)
        session.flush()

    def _values(
        self,
        session: Session,
        model: type[ArchiveBase],
        form: Mapping[str, Any],
        refs: Mapping[str, Ref],
    ) -> dict[str, Any]:
        named = {ref.name for ref in refs.values()}
        values = codec.from_form(model, {k: v for k, v in form.items() if k not in named})
        for column, ref in refs.items():
            values[column] = self._number(session, ref, form.get(ref.name))
        return values

    def _number(self, session: Session, ref: Ref, name: Any) -> Any:
        if name is None:
            return None
        key = name if isinstance(name, list) else [name]
        place = (ref.model.__tablename__, _key(key))
        if place not in self._numbers:
            same = [
                getattr(ref.model, part) == value for part, value in zip(ref.key, key, strict=True)
            ]
            found = session.scalars(select(primary_key(ref.model)).where(and_(*same))).first()
            if found is None:
                raise Invalid(f"{ref.name} {name!r} is not in the journal")
            if len(self._numbers) > _REMEMBERED:
                self._numbers.clear()
            self._numbers[place] = found
        return self._numbers[place]


def _key(parts: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(part) if isinstance(part, list) else part for part in parts)


def _give_path(session: Session, row: Description) -> None:
    """Give a row its path, and what lies below it theirs where a newer line has moved it.

    Goes by the parents and not by the old paths: where a batch ends in the middle of two moves,
    a row may for a while lie below itself, and is put right by the line that follows.
    """
    above = session.get_one(Description, row.parent_id) if row.parent_id else None
    old, row.path = row.path, f"{above.path if above else '/'}{row.id}/"
    session.flush()
    if old in {None, "", row.path}:
        return
    todo, seen = {row.id: row.path}, {row.id}
    while todo:
        below = _below(session, sorted(todo))
        paths = {each.id: f"{todo[each.parent_id or 0]}{each.id}/" for each in below}
        for each in below:
            if each.id not in seen:
                each.path = paths[each.id]
        session.flush()
        todo = {number: path for number, path in paths.items() if number not in seen}
        seen |= todo.keys()


def _below(session: Session, ids: list[int]) -> list[Description]:
    found: list[Description] = []
    for start in range(0, len(ids), 500):
        some = Description.parent_id.in_(ids[start : start + 500])
        found += session.scalars(select(Description).where(some))
    return found
