"""When two people change one description: what each changed is kept, and both are shown a clash.

The form carries what its writer saw. A field that only one of the two changed is no conflict.
Begin at `meet`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.describing.forms import NAMES, ONE_LINE, shown
from archive.errors import Invalid
from archive.history.actions import plain
from archive.holdings.models import Description


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is to be written; what the other changed alone; what both changed, to what."""

    changes: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    clashes: dict[str, Any] = field(default_factory=dict)


def values_of(record: Description) -> dict[str, Any]:
    """Return what the form shows of a record, as its columns hold it."""
    return {name: getattr(record, name) for name in NAMES}


def sight_of(record: Description) -> str:
    """Return what the record says now, for the form to carry until it comes back."""
    said = {name: plain(value) for name, value in values_of(record).items()}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def meet(record: Description, mine: Mapping[str, Any], sight: str) -> Meeting:
    """Return how what I wrote meets what the record says by now.

    :raises Invalid: if what the form carried is not what it was given.
    """
    seen = _read(sight) if sight else None
    found = Meeting()
    for name, value in mine.items():
        theirs = getattr(record, name)
        base = seen[name] if seen else plain(theirs)
        if same(name, base, plain(value)):
            if seen and plain(theirs) != base:
                found.others[name] = theirs
        elif plain(theirs) != base and not same(name, plain(theirs), plain(value)):
            found.clashes[name] = theirs
        elif not same(name, plain(theirs), plain(value)):
            found.changes[name] = value
    return found


def same(name: str, said: Any, written: Any) -> bool:
    """Return whether a form that showed `said` and gives back `written` was left as it was.

    A line of a form holds no line breaks, and none at its ends: what it drops is no change.
    """
    if name == "notes":
        return _bare(shown({"notes": said})["notes"]) == _bare(shown({"notes": written})["notes"])
    if not isinstance(said, str) or not isinstance(written, str | None):
        return bool(said == written)
    if name in ONE_LINE:
        return re.sub(r"[\r\n]", "", said).strip() == (written or "")
    return _bare(said) == (written or "")


def _bare(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _read(sight: str) -> dict[str, Any]:
    try:
        seen = json.loads(sight)
    except ValueError as error:
        raise Invalid("the form is not whole; open the page again") from error
    if not isinstance(seen, dict) or not set(NAMES) <= seen.keys():
        raise Invalid("the form is not whole; open the page again")
    return seen
