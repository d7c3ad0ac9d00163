"""Errors that people can act on.

Each carries the HTTP status it becomes and a message that says what is wrong, where, and
what was expected. A bad delivery is not an error but a normal result: see `ingest.findings`.
"""

from __future__ import annotations

from ihp.policy import Decision


class ArchiveError(Exception):
    """The root of every error that the product raises on purpose.

    The message is English, for the log and the shell; `sv` says the same in Swedish where the
    words come from data. Sentences without it have their Swedish in `telling`.
    """

    status = 500

    def __init__(self, message: str, *, sv: str = "") -> None:
        super().__init__(message)
        self.sv = sv


class Invalid(ArchiveError):
    """What was sent in breaks a rule; the message names the rule."""

    status = 422


class NotFound(ArchiveError):
    """There is nothing under that name, or nothing that the asker may know of."""

    status = 404


class Conflict(ArchiveError):
    """Somebody else changed the same thing first, or the step is out of order."""

    status = 409


class Refused(ArchiveError):
    """The law, or the asker's role, says no. Carries the Decision where the gate made one."""

    status = 403

    def __init__(self, message: str, decision: Decision | None = None, *, sv: str = "") -> None:
        super().__init__(message, sv=sv)
        self.decision = decision


class Unavailable(ArchiveError):
    """A part that is needed (store, second copy, index) cannot be reached just now."""

    status = 503
