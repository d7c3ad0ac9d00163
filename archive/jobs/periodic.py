"""What recurs: names of jobs and how often they are asked for. The list is filled at start-up.

Asking is one row in one transaction, so two workers never ask twice. Begin at `every`.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from archive import clock
from archive.jobs import actions
from archive.jobs.models import PeriodicRun, Priority

_list: dict[str, timedelta] = {}
_priorities: dict[str, int] = {}


def every(interval: timedelta, name: str, *, priority: int = Priority.FRONT) -> None:
    """Ask for the job `name` each time `interval` has passed."""
    _list[name], _priorities[name] = interval, priority


def listed() -> dict[str, timedelta]:
    """Return what recurs, and how often."""
    return dict(_list)


def ask(session: Session) -> None:
    """Queue every recurring job whose time has come."""
    now = clock.now()
    for name, interval in _list.items():
        row = session.get(PeriodicRun, name)
        # Asked for in a time to come: the clock was wrong then, and has been set back since.
        if row is not None and now - interval < row.last_at <= now + interval:
            continue
        if row is None:
            session.add(PeriodicRun(name=name, last_at=now))
        else:
            row.last_at = now
        actions.enqueue(
            session, name, once=True, lock_key=f"periodic:{name}", priority=_priorities[name]
        )
