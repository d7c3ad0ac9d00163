"""Lines of the journal as earlier versions of the house wrote them, told as it would today.

The journal is never rewritten, so what a line once looked like must be read for ever. Until
archive_0013 an agent or term was known by kind and name, and until archive_0018 an event by its
package, file, kind and moment, so that two of one instant had one name. Begin at `as_today`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
_EVENT = ("aip", "file", "kind", "at", "outcome", "detail", "agent", "again")
_NAMED = {"agent": "name", "term": "value"}


def as_today(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the line in today's form; one that has it already is returned as it is."""
    kind, row = line["kind"], line["row"]
    if kind in _NAMED and "pid" not in row:
        pid = pid_of(row["kind"], row[_NAMED[kind]])
        return {**line, "key": [pid], "row": row | {"pid": pid}}
    if kind == "event" and "pid" not in row:
        pid = pid_of_event(row)
        return {**line, "key": [pid], "row": {**row, "pid": pid}}
    if kind == "record":
        parts = {
            part: [one | {name: _today(one[name])} for one in row[part]]
            for part, name in (("agents", "agent"), ("terms", "term"))
            if part in row
        }
        return {**line, "row": row | parts}
    return line


def pid_of(kind: str, name: str) -> str:
    """Return the id that an agent or term of before archive_0013 was given by the migration."""
    number = int.from_bytes(hashlib.sha256(f"{kind}\0{name}".encode()).digest()[:17])
    digits = []
    for _ in range(27):
        number, rest = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[rest])
    return "".join(digits)


def pid_of_event(row: Mapping[str, Any]) -> str:
    """Return the id of an event of before archive_0018: it follows from all that its line says."""
    said = [row.get(name) for name in _EVENT]
    return pid_of("event", json.dumps(said, ensure_ascii=False, sort_keys=True))


def _today(reference: Any) -> Any:
    return pid_of(*reference) if isinstance(reference, list) else reference
