"""Bring the three databases to the schema of this release, by Alembic.

Reads the hand-checked steps in `migrations/`; each database has a branch of its own. Begin at
`upgrade`.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig

from archive import db
from archive.config import ROOT

BRANCHES = ("archive", "edition", "counter")


def upgrade() -> None:
    """Migrate every bound database to its newest schema; nothing happens where it is there."""
    for name in BRANCHES:
        settings = AlembicConfig(str(ROOT / "setup.cfg"))
        settings.set_main_option("script_location", str(ROOT / "migrations"))
        settings.attributes["which"] = name
        settings.attributes["engine"] = getattr(db, name).engine
        command.upgrade(settings, f"{name}@head")
