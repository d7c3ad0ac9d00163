"""Alembic's way into the three databases; with `wsgi.py` the only file that knows all packages.

`alembic -c setup.cfg -x db=archive upgrade archive@head`; without -x all three are migrated, as
`stadsarkiv init` does through `archive.migrate`.
"""

from __future__ import annotations

import importlib
from typing import Any

from alembic import context
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, String, make_url

from archive import db, engines
from archive.config import Config
from archive.errors import Invalid

# Importing a models module is what fills the metadata.
MODELS = (
    "archive.accounts.models",
    "archive.audit.models",
    "archive.authorities.models",
    "archive.cases.models",
    "archive.counter.models",
    "archive.edition.models",
    "archive.history.models",
    "archive.holdings.models",
    "archive.jobs.models",
    "archive.keeping.models",
    "archive.mail.models",
    "archive.plans.models",
    "archive.scanning.models",
    "archive.shelves.models",
    "archive.storage.models",
    "ingest.formats.models",
    "ingest.models",
)
for name in MODELS:
    importlib.import_module(name)

# A server may be busy with another process's migration of a large table.
WAIT_SECONDS = 1800


def run() -> None:
    """Migrate the database named by `-x db=NAME` (or the attribute `which`)."""
    settings = Config.from_env()
    which = context.config.attributes.get("which") or context.get_x_argument(
        as_dictionary=True
    ).get("db", "archive")
    urls = {
        "archive": settings.database_url,
        "edition": settings.edition_url,
        "counter": settings.counter_url,
    }
    engine = context.config.attributes.get("engine") or engines.make(make_url(urls[which]))
    with engine.connect().execution_options(stadsarkiv_writes=True) as connection:
        problem = engines.problem_of(connection)
        connection.rollback()
        if problem is not None:
            raise Invalid(problem)
        # Web server and worker start together: one migrates, the other finds it done.
        engines.take_turn(connection, which, wait_seconds=WAIT_SECONDS)
        context.configure(
            connection=connection,
            target_metadata=db.BASES[which].metadata,
            render_as_batch=True,
            compare_type=differs,
            version_table="schema_version",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


def differs(
    context: MigrationContext, inspected: Column[Any], own: Column[Any], found: Any, wanted: Any
) -> bool | None:
    """Return whether the type differs; None leaves the answer to Alembic.

    SQLite keeps an affinity, not a type: there, VARCHAR and TEXT, or INTEGER and BIGINT, are one.
    """
    if context.dialect.name != "sqlite":
        return None
    is_same = any(isinstance(found, k) and isinstance(wanted, k) for k in (String, Integer))
    return False if is_same else None


run()
