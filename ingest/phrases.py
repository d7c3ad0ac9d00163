"""What programs say of a broken file, in Swedish: parsers and decompressors speak English only.

Begin at `in_swedish`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from archive.telling import sentence_in


def in_swedish(problem: str) -> str:
    """Return a program's words in Swedish, or as they are where nobody has met them before."""
    return sentence_in(_phrases(), problem.strip()) or problem


@cache
def _phrases() -> Mapping[str, str]:
    """Return English, "*" for what differs each time, to Swedish with the same places."""
    read: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return read
