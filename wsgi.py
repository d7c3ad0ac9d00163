"""Composition root: the web application and the command `stadsarkiv`.

With migrations/env.py the only file that knows all three packages. Begin at `create_app` (for
gunicorn) and `main` (for the shell).
"""

from __future__ import annotations

import os
import sys

from flask import Flask

from archive import app as house
from archive import cli, cli_plans, cli_store, logs, running, starting, warming
from archive.cases import tasks as case_tasks
from archive.config import Config
from archive.fixity import tasks as fixity_tasks
from archive.keeping import tasks as keeping_tasks
from archive.mail import tasks as mail_tasks
from archive.oversight import tasks as oversight_tasks
from archive.publish import tasks as publish_tasks
from archive.running import SERVE
from archive.scanning import tasks as scanning_tasks
from archive.storage import tasks as storage_tasks
from ingest import commands as dock_commands
from ingest import tasks as ingest_tasks
from ingest.export import commands as export_commands
from ingest.registering import register as register_dock


def create_app() -> Flask:
    """Return the application that the environment asks for.

    `stadsarkiv serve --public|--desk` chooses the public site, the desk, or both.
    """
    serve, config = os.environ.get(SERVE, "both"), Config.from_env()
    logs.configure(config)
    app = house.create_app(
        config,
        public=serve in {"both", "public"},
        desk_too=serve in {"both", "desk"},
        extensions=[register_dock],
    )
    if not config.demo:  # again: gunicorn may have been started without `stadsarkiv serve`
        starting.demand(config)
    warming.begin(app)
    return app


def install_handlers() -> None:
    """Tell a worker-to-be about the jobs, drains and recurring work of every room."""
    rooms = (
        storage_tasks,
        fixity_tasks,
        mail_tasks,
        keeping_tasks,
        publish_tasks,
        case_tasks,
        oversight_tasks,
        scanning_tasks,
        ingest_tasks,
    )
    for room in rooms:
        running.on_work(room.install)


def main() -> None:
    """Run the command line and exit with its code."""
    install_handlers()
    commands = [
        cli_plans.register,
        cli_store.register,
        dock_commands.register,
        export_commands.register,
    ]
    sys.exit(cli.run(sys.argv[1:], extensions=commands))


if __name__ == "__main__":
    main()
