"""Composition root: the web application and the command `stadsarkiv`.

With migrations/env.py the only file that knows all three packages. Begin at `create_app` (for
gunicorn) and `main` (for the shell).
"""

from __future__ import annotations

import os
import sys

from flask import Flask

import ingest
from archive import app as house
from archive import cli
from archive.config import Config


def create_app() -> Flask:
    """Return the application that the environment asks for.

    STADSARKIV_SERVE (set by `stadsarkiv serve --public|--desk`) chooses the public site, the
    desk, or both; unset means both.
    """
    serve = os.environ.pop("STADSARKIV_SERVE", "both")
    return house.create_app(
        Config.from_env(),
        public=serve in {"both", "public"},
        desk_too=serve in {"both", "desk"},
        extensions=[ingest.register],
    )


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(cli.run(sys.argv[1:], extensions=[ingest.register_commands]))


if __name__ == "__main__":
    main()
