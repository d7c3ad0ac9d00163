"""The log: what failed and where, on standard error, as text or as one JSON object a line.

Begin at `configure`.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from archive.config import Config


def configure(config: Config) -> None:
    """Let this process log in the form that the setting LOG_FORMAT asks for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines()
        if config.log_format == "json"
        else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class JsonLines(logging.Formatter):
    """One JSON object a line, whatever line breaks a message holds: nobody can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record: when, how grave, in which room, what; and the error, if there is."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "room": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
