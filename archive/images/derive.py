"""Copies for use of one original: what they are, and where they were put.

Knows files, not records. Begin at `make_copies`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from archive.images import sandbox

_IMAGES = frozenset({"image/jpeg", "image/png", "image/tiff", "image/gif", "image/webp",
                     "image/jp2"})  # fmt: skip
TOOL = "Pillow 13.0.0, pypdfium2 5.15.2"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: its role ("access", "thumb"), its file and its size in pixels."""

    role: str
    path: Path
    width: int
    height: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Copies:
    """What was made of an original; `problem` says why nothing was."""

    copies: tuple[Copy, ...] = ()
    text: str | None = None
    problem: str | None = None


def can_be_shown(media_type: str) -> bool:
    """Return whether copies can be made of files of this type at all."""
    return media_type in _IMAGES or media_type == "application/pdf"


def make_copies(source: Path, media_type: str, target: Path) -> Copies:
    """Make the copies for use of an original in the folder `target`, which is made."""
    target.mkdir(parents=True, exist_ok=True)
    answer = sandbox.run("pdf" if media_type == "application/pdf" else "image", source, target)
    if "problem" in answer:
        return Copies(problem=answer["problem"])
    made = tuple(
        _copy(role, target / form["path"], form["width"], form["height"])
        for role, form in answer["copies"].items()
    )
    return Copies(made, answer.get("text") or None)


def _copy(role: str, path: Path, width: int, height: int) -> Copy:
    data = path.read_bytes()
    return Copy(role, path, width, height, len(data), hashlib.sha256(data).hexdigest())
