"""Lists for harvesters: from when until when, of which set, a page at a time.

A resumption token holds all that is needed to go on, signed; nothing is kept between requests.
The order is that of the last change, so a record that changes meanwhile comes again at the end
and none is missed. Begin at `Asked` and `page`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from archive.edition import queries
from archive.edition.models import PublicRecord
from archive.errors import Invalid

PAGE = 100
_SALT = "oai resumption"
_DAY, _SECOND = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_STAMP = re.compile(rf"{_DAY}(?:T{_SECOND}Z)?")
_SET = re.compile(r"(unit|fonds):([A-Za-z0-9\-_.!~*'()]+)")


class OaiError(Invalid):
    """An error of the protocol: its code and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that is asked for. `since` is included, `before` is not; both are aware or None.

    `changed` and `pid` are those of the last record that was given, `cursor` how many were.
    """

    prefix: str
    set: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    changed: datetime | None = None
    pid: str = ""
    cursor: int = 0

    @classmethod
    def from_arguments(cls, given: dict[str, str], sets: Collection[tuple[str, str]]) -> Asked:
        """Return the list that the arguments of a first request ask for.

        :raises OaiError: badArgument for days that are none, mixed or in the wrong order;
            noRecordsMatch for a set that is not there.
        """
        since, until = given.get("from"), given.get("until")
        if since is not None and until is not None and len(since) != len(until):
            raise OaiError("badArgument", "from and until differ in granularity")
        first = _moment(since) if since is not None else None
        last = _moment(until) if until is not None else None
        if first and last and first > last:
            raise OaiError("badArgument", "from is later than until")
        if "set" in given and given["set"] not in {spec for spec, _ in sets}:
            raise OaiError("noRecordsMatch", "there is no such set")
        # until is included, to its last moment; stamps are told without parts of a second.
        length = timedelta(days=1) if until and len(until) == 10 else timedelta(seconds=1)
        before = last + length if last else None
        return cls(given["metadataPrefix"], given.get("set"), first, before)

    @classmethod
    def from_token(cls, token: str, verb: str, key: str) -> Asked:
        """Return the list that a token of ours goes on with.

        :raises OaiError: badResumptionToken for any other, or one of another verb.
        """
        try:
            said, prefix, set_, *moments, pid, cursor = URLSafeSerializer(key, salt=_SALT).loads(
                token
            )
            since, before, changed = (datetime.fromisoformat(m) if m else None for m in moments)
        except (BadData, ValueError, TypeError) as error:
            raise OaiError("badResumptionToken", "the token is none of ours") from error
        if said != verb:
            raise OaiError("badResumptionToken", "the token is of another verb")
        return cls(prefix, set_, since, before, changed, pid, cursor)

    def token(self, verb: str, key: str) -> str:
        """Return a token that goes on with this list."""
        moments = (self.since, self.before, self.changed)
        told = [m.isoformat() if m else None for m in moments]
        body = [verb, self.prefix, self.set, *told, self.pid, self.cursor]
        return str(URLSafeSerializer(key, salt=_SALT).dumps(body))

    def after(self, rows: Sequence[PublicRecord]) -> Asked:
        """Return what is left of the list when these have been given."""
        last = rows[-1]
        return replace(self, changed=last.updated_at, pid=last.pid, cursor=self.cursor + len(rows))


def page(session: Session, asked: Asked, today: date) -> tuple[list[PublicRecord], bool]:
    """Return the next records of the list, and whether they are its last."""
    kind, _, name = (asked.set or "").partition(":")
    rows = queries.page_of_changes(
        session,
        today,
        since=asked.since,
        before=asked.before,
        after=(asked.changed, asked.pid) if asked.changed else None,
        unit=name if kind == "unit" else None,
        fonds=name if kind == "fonds" else None,
        limit=PAGE + 1,
    )
    return rows[:PAGE], len(rows) <= PAGE


def sets(session: Session, today: date) -> list[tuple[str, str]]:
    """Return (setSpec, name) of every unit and every archive that has something published."""
    units = [(f"unit:{code}", name) for code, name in queries.unit_names(session, today)]
    archives = [(f"fonds:{row.pid}", row.title) for row, _count in queries.fonds(session, today)]
    return [(spec, name) for spec, name in (*units, *archives) if _SET.fullmatch(spec)]


def standing_fonds(session: Session, rows: Sequence[PublicRecord], today: date) -> set[str]:
    """Return which of the records' archives are in the edition themselves."""
    wanted = {row.fonds_pid for row in rows if row.fonds_pid}
    found = queries.of_pids(session, sorted(wanted), today)
    return {pid for pid, row in found.items() if row.level == "fonds"}


def sets_of(row: PublicRecord, fonds: Collection[str]) -> list[str]:
    """Return the sets that a record is in."""
    specs = [f"unit:{row.unit_code}"] if row.unit_code else []
    specs += [f"fonds:{row.fonds_pid}"] if row.fonds_pid in fonds else []
    return [spec for spec in specs if _SET.fullmatch(spec)]


def stamp(moment: datetime) -> str:
    """Return a moment as the protocol writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime:
    if not _STAMP.fullmatch(text):
        raise OaiError("badArgument", "a day is YYYY-MM-DD, a second YYYY-MM-DDThh:mm:ssZ")
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=UTC)
    except ValueError as error:
        raise OaiError("badArgument", "there is no such day") from error
    if not 1 < found.year < 9999:
        raise OaiError("badArgument", "there is no such year here")
    return found
