"""Read what was written for the invented city: entries of the data files. Begin at `entries`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def entries(name: str) -> list[dict[str, Any]]:
    """Return the entries of `data/<name>.json`, in its order."""
    text = files("ingest.demo").joinpath("data", f"{name}.json").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found
