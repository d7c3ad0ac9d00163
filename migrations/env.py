"""Alembic's way into the three databases; with `wsgi.py` the only file that knows all packages.

`alembic -c setup.cfg -x db=archive upgrade archive@head`; without -x all three are migrated, as
`stadsarkiv init` does through `archive.migrate`.
"""

from __future__ import annotations

import importlib

from alembic import context
from sqlalchemy import create_engine

from archive import db
from archive.config import Config

# Importing a models module is what fills the metadata.
MODELS = (
    "archive.accounts.models",
    "archive.audit.models",
    "archive.cases.models",
    "archive.counter.models",
    "archive.edition.models",
    "archive.holdings.models",
    "archive.jobs.models",
    "archive.keeping.models",
    "archive.mail.models",
    "archive.plans.models",
    "archive.storage.models",
    "ingest.models",
)
for name in MODELS:
    importlib.import_module(name)

BASES = {
    "archive": db.ArchiveBase.metadata,
    "edition": db.EditionBase.metadata,
    "counter": db.CounterBase.metadata,
}


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
    engine = context.config.attributes.get("engine") or create_engine(urls[which])
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=BASES[which],
            render_as_batch=True,
            compare_type=True,
            version_table="schema_version",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
