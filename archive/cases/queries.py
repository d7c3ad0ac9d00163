"""Read the cases: lists for the desk, one case with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from archive import clock
from archive.cases.models import OPEN, Case, CaseItem, State
from archive.errors import NotFound
from archive.holdings import queries as holdings
from archive.holdings.models import Description, File


def by_pid(session: Session, pid: str) -> Case:
    """Return a case with its items and messages.

    :raises NotFound: if there is none.
    """
    case = session.scalars(
        select(Case)
        .where((Case.pid == pid) | (Case.case_no == pid))
        .options(selectinload(Case.items), selectinload(Case.messages))
    ).first()
    if case is None:
        raise NotFound(f"there is no case {pid!r}")
    return case


def by_token(session: Session, token_hash: str) -> Case | None:
    """Return the case of a token's hash, or None."""
    return session.scalars(select(Case).where(Case.token_hash == token_hash)).first()


def listed(
    session: Session, *, state: str = "", mine: int | None = None, limit: int = 200
) -> Sequence[Case]:
    """Return cases: the open ones by due day, or those of a state, newest first."""
    query = select(Case).options(selectinload(Case.items)).limit(limit)
    if mine is not None:
        query = query.where(Case.officer_id == mine)
    if state in set(State):
        query = query.where(Case.state == state).order_by(Case.id.desc())
    elif state == "all":
        query = query.order_by(Case.id.desc())
    else:
        query = query.where(Case.state.in_(OPEN)).order_by(Case.due_on, Case.id)
    return session.scalars(query).all()


def records_of(session: Session, case: Case) -> dict[int, Description]:
    """Return the records that the case's items name, by id."""
    ids = [item.description_id for item in case.items if item.description_id]
    rows = session.scalars(select(Description).where(Description.id.in_(ids)))
    return {row.id: row for row in rows}


def item_by_pid(session: Session, case: Case, pid: str) -> CaseItem:
    """Return an item of the case.

    :raises NotFound: if the case has none such.
    """
    found = next((item for item in case.items if item.pid == pid), None)
    if found is None:
        raise NotFound("there is no such item in the case")
    return found


def below(session: Session, record: Description, limit: int = 500) -> Sequence[Description]:
    """Return the records below a record, in order; each is decided by itself before release."""
    return session.scalars(
        select(Description)
        .where(Description.path.startswith(record.path), Description.id != record.id)
        .order_by(Description.path)
        .limit(limit)
    ).all()


def files_of(session: Session, records: Sequence[Description]) -> Sequence[File]:
    """Return the records' own originals, in the order of the records; nothing from below them."""
    order = {record.id: number for number, record in enumerate(records)}
    own = holdings.originals().where(File.description_id.in_(order))
    files = session.scalars(own).all()
    return sorted(files, key=lambda f: (order[f.description_id], f.sequence, f.id))


def counts(session: Session) -> tuple[int, int, int]:
    """Return how many cases are open, due today, and overdue."""
    today = clock.today()
    open_ = select(func.count()).select_from(Case).where(Case.state.in_(OPEN))
    return (
        session.scalar(open_) or 0,
        session.scalar(open_.where(Case.due_on == today, Case.first_answer_at.is_(None))) or 0,
        session.scalar(open_.where(Case.due_on < today, Case.first_answer_at.is_(None))) or 0,
    )
