"""Log in, stay logged in, log out. Sessions live on the server and end there.

The browser holds a random token; the table holds its digest. Idle 30 minutes or 12 hours end
a session; so do a new password, a changed role and a closed account. Begin at `log_in`.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts import actions, passwords, queries
from archive.accounts.models import LoginFailure, LoginSession, User
from archive.accounts.permissions import Viewer
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.errors import Invalid

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
ACCOUNT_WINDOW, ACCOUNT_TRIES = timedelta(minutes=15), 10
NETWORK_WINDOW, NETWORK_TRIES = timedelta(hours=1), 100
_SEEN_EVERY = timedelta(minutes=1)


class TooManyTries(Exception):
    """The throttle is closed for this account from this network, or for the whole network."""


def log_in(
    email: str, password: str, *, address: str, secret: str, before: str | None = None
) -> str | None:
    """Return a new session token, or None for a wrong name or password.

    The session `before`, which the browser came with, ends: a log-in always gives a new id.

    The answer, and the time it takes, are the same whether the name exists or not.

    :raises TooManyTries: after 10 wrong tries for an account from one network in 15 minutes, or
        100 from a network in an hour. Another network is not locked out.
    """
    account, network = _digest(secret, email.strip().lower()), _digest(secret, _network(address))
    with db.archive.reading() as session:
        if _is_throttled(session, account, network):
            raise TooManyTries
        user = queries.user_by_email(session, email)
    # The hash costs 0.15 s, so it is computed outside the transaction.
    right = passwords.matches(user.password_hash if user else None, password)
    with db.archive.transaction() as session:
        if user is None or not right or not session.get_one(User, user.id).is_active:
            session.add(LoginFailure(account=account, network=network, at=clock.now()))
            audit.record(session, "login.fail", f"account:{account[:16]}", actor=SYSTEM)
            return None
        session.execute(
            delete(LoginFailure).where(
                LoginFailure.account == account, LoginFailure.network == network
            )
        )
        audit.record(session, "login", f"user:{user.id}", actor=user)
        session.execute(
            update(LoginSession)
            .where(LoginSession.token_digest == _token_digest(before or ""))
            .where(LoginSession.ended_at.is_(None))
            .values(ended_at=clock.now())
        )
        return _start(session, user)


def change_password(viewer: Viewer, current: str, new: str, *, address: str, secret: str) -> bool:
    """Give the viewer a new password, or return False if the current one is wrong.

    All log-ins of the viewer end, this one too. A wrong one counts as a failed log-in: somebody
    at a desk left open may not guess on.

    :raises TooManyTries: as `log_in`.
    :raises Invalid: if the new password is too short, or the old one.
    """
    account, network = _digest(secret, viewer.email), _digest(secret, _network(address))
    with db.archive.reading() as session:
        if _is_throttled(session, account, network):
            raise TooManyTries
        user = session.get_one(User, viewer.user_id)
    right = passwords.matches(user.password_hash, current)
    if right and current == new:
        raise Invalid("the new password is the old one")
    with db.archive.transaction() as session:
        if not right:
            session.add(LoginFailure(account=account, network=network, at=clock.now()))
            audit.record(session, "login.fail", f"account:{account[:16]}", actor=SYSTEM)
            return False
        person = session.get_one(User, viewer.user_id)
        actions.set_password(session, person, new, actor=viewer)
    return True


def viewer_of(token: str | None) -> Viewer | None:
    """Return who is behind a session token now, or None; marks the session as seen."""
    if not token:
        return None
    with db.archive.reading() as session:
        row = session.get(LoginSession, _token_digest(token))
        now = clock.now()
        if row is None or row.ended_at or now - row.seen_at > IDLE:
            return None
        if now - row.started_at > ABSOLUTE:
            return None
        user = session.get_one(User, row.user_id)
        if not user.is_active:
            return None
        viewer = queries.viewer(session, user, clock.today())
    if now - row.seen_at > _SEEN_EVERY:
        with db.archive.transaction() as session:
            session.execute(
                update(LoginSession)
                .where(LoginSession.token_digest == row.token_digest)
                .values(seen_at=now)
            )
    return viewer


def log_out(token: str | None) -> None:
    """End the session; the token is worth nothing from now on."""
    if not token:
        return
    with db.archive.transaction() as session:
        row = session.get(LoginSession, _token_digest(token))
        if row is not None and row.ended_at is None:
            row.ended_at = clock.now()
            user = session.get_one(User, row.user_id)
            audit.record(session, "logout", f"user:{user.id}", actor=user)


def _start(session: Session, user: User) -> str:
    token, now = secrets.token_urlsafe(32), clock.now()
    session.execute(delete(LoginSession).where(LoginSession.seen_at < now - ABSOLUTE * 2))
    session.add(
        LoginSession(
            token_digest=_token_digest(token), user_id=user.id, started_at=now, seen_at=now
        )
    )
    return token


def _is_throttled(session: Session, account: str, network: str) -> bool:
    now = clock.now()
    failures = select(func.count()).select_from(LoginFailure).where(LoginFailure.network == network)
    of_account = session.scalar(
        failures.where(LoginFailure.account == account, LoginFailure.at > now - ACCOUNT_WINDOW)
    )
    of_network = session.scalar(failures.where(LoginFailure.at > now - NETWORK_WINDOW))
    return (of_account or 0) >= ACCOUNT_TRIES or (of_network or 0) >= NETWORK_TRIES


def _network(address: str) -> str:
    """Return the /24 or /48 of an address: one household or office, one throttle."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))


def _digest(secret: str, value: str) -> str:
    return hmac.new(secret.encode(), value.encode(), hashlib.sha256).hexdigest()


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
