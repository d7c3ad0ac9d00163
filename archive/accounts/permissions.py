"""What a role may do, and for which units.

One table (`ROLE_MAY`), one question (`Viewer.may`), one decorator for routes (`requires`).
Whether a *record* may be shown or published is never asked here. Begin at `Permission`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, g, redirect, request, url_for

from archive.accounts.models import WHOLE_ARCHIVE, Role
from archive.errors import Refused


class Permission(StrEnum):
    """Everything staff may be allowed to do, as <room>:<verb>."""

    ACCOUNTS_MANAGE = "accounts:manage"
    AGREEMENTS_KEEP = "agreements:keep"
    AUDIT_READ = "audit:read"
    CASES_DECIDE = "cases:decide"
    CASES_HANDLE = "cases:handle"
    CASES_READ = "cases:read"
    CASES_REFUSE = "cases:refuse"
    DESK_SEE = "desk:see"
    DISPOSAL_DECIDE = "disposal:decide"
    DISPOSAL_EXECUTE = "disposal:execute"
    DISPOSAL_READ = "disposal:read"
    DISPOSAL_REQUEST = "disposal:request"
    FORMATS_MANAGE = "formats:manage"
    HOLDINGS_DESCRIBE = "holdings:describe"
    HOLDINGS_PUBLISH = "holdings:publish"
    HOLDINGS_READ = "holdings:read"
    INGEST_ACCEPT = "ingest:accept"
    INGEST_READ = "ingest:read"
    INGEST_SUBMIT = "ingest:submit"
    JOBS_MANAGE = "jobs:manage"
    JOBS_READ = "jobs:read"
    PLANS_CONSULT = "plans:consult"
    PLANS_DECIDE = "plans:decide"
    PLANS_DRAFT = "plans:draft"
    PLANS_READ = "plans:read"
    PLANS_SIGN = "plans:sign"
    REPORTS_READ = "reports:read"


P = Permission
_READ = frozenset(
    {P.DESK_SEE, P.HOLDINGS_READ, P.INGEST_READ, P.PLANS_READ, P.DISPOSAL_READ, P.REPORTS_READ}
)

ROLE_MAY: Mapping[Role, frozenset[Permission]] = {
    Role.ARCHIVIST: _READ
    | {P.INGEST_SUBMIT, P.INGEST_ACCEPT, P.HOLDINGS_DESCRIBE, P.HOLDINGS_PUBLISH}
    | {P.AGREEMENTS_KEEP}
    | {P.PLANS_CONSULT, P.CASES_READ, P.CASES_HANDLE, P.JOBS_READ, P.FORMATS_MANAGE},
    Role.CASE_OFFICER: frozenset(
        {P.DESK_SEE, P.HOLDINGS_READ, P.PLANS_READ, P.REPORTS_READ}
        | {P.CASES_READ, P.CASES_HANDLE, P.CASES_DECIDE}
    ),
    Role.UNIT_MANAGER: _READ | {P.PLANS_DRAFT, P.PLANS_SIGN, P.DISPOSAL_REQUEST, P.INGEST_SUBMIT},
    Role.UNIT_CUSTODIAN: _READ | {P.PLANS_DRAFT, P.INGEST_SUBMIT, P.DISPOSAL_EXECUTE},
    Role.CITY_ARCHIVIST: _READ
    | {P.INGEST_SUBMIT, P.INGEST_ACCEPT, P.HOLDINGS_DESCRIBE, P.HOLDINGS_PUBLISH}
    | {P.AGREEMENTS_KEEP}
    | {P.PLANS_CONSULT, P.PLANS_DECIDE, P.DISPOSAL_DECIDE, P.AUDIT_READ, P.JOBS_READ}
    | {P.FORMATS_MANAGE}
    | {P.CASES_READ, P.CASES_HANDLE, P.CASES_DECIDE, P.CASES_REFUSE},
    Role.AUDITOR: _READ | {P.CASES_READ, P.AUDIT_READ, P.JOBS_READ},
    # The administrator keeps accounts and machines, and has no business with the contents.
    Role.ADMIN: frozenset({P.DESK_SEE, P.ACCOUNTS_MANAGE, P.JOBS_READ, P.JOBS_MANAGE}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who asks: id, name and the units that each role reaches today.

    `reach` maps a role to the ids of the units it is held for (those below included), or to
    None for the whole archive.
    """

    user_id: int
    email: str
    name: str
    language: str
    reach: Mapping[Role, frozenset[int] | None]

    @property
    def actor_id(self) -> str:
        """Return the id under which the audit knows this person."""
        return f"user:{self.user_id}"

    def may(self, permission: Permission, unit_id: int | None = None) -> bool:
        """Return whether any role allows it, for this unit where one is named."""
        return any(
            permission in ROLE_MAY[role] and (unit_id is None or units is None or unit_id in units)
            for role, units in self.reach.items()
        )

    def units(self, permission: Permission) -> frozenset[int] | None:
        """Return the ids of the units for which it is allowed; None means every unit."""
        reached: frozenset[int] = frozenset()
        for role, units in self.reach.items():
            if permission not in ROLE_MAY[role]:
                continue
            if units is None or role in WHOLE_ARCHIVE:
                return None
            reached |= units
        return reached

    def demand(self, permission: Permission, unit_id: int | None = None) -> None:
        """Pass, or raise.

        :raises Refused: without saying whether the thing asked for exists.
        """
        if not self.may(permission, unit_id):
            raise Refused("your role does not allow this")


View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a route: log-in first, then the permission for at least one unit.

    The unit of the thing itself is asked about in the view, once it is loaded.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            viewer: Viewer | None = g.get("user")
            if viewer is None:
                if request.method == "GET":
                    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))
                raise Refused("log in first")
            viewer.demand(permission)
            return current_app.ensure_sync(view)(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def public(view: View) -> View:
    """Mark a route as open to everybody; a route with neither mark fails the route test."""
    view.permission = None  # type: ignore[attr-defined]
    return view
