"""Copies for use of one original: what they are, and where they were put.

Knows files, not records. Begin at `make_copies`.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from archive.images import sandbox

_IMAGES = frozenset({"image/jpeg", "image/png", "image/tiff", "image/gif", "image/webp",
                     "image/jp2"})  # fmt: skip
_SWEDISH = "swe.traineddata"
TOOL = "Pillow 13.0.0, pypdfium2 5.15.2"
OCR_TOOL = "Tesseract, swe"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: its role ("access", "thumb", "pyramid"), its file and its size in pixels."""

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


@dataclass(frozen=True, slots=True)
class Reading:
    """What a machine read in a picture: plain text, and ALTO XML with the place of each word."""

    text: str
    alto: bytes


def can_be_shown(media_type: str) -> bool:
    """Return whether copies can be made of files of this type at all."""
    return media_type in _IMAGES or media_type == "application/pdf"


def make_copies(source: Path, media_type: str, target: Path) -> Copies:
    """Make the copies for use of an original in the folder `target`, which is made."""
    answer = sandbox.run("pdf" if media_type == "application/pdf" else "image", source, target)
    if "problem" in answer:
        return Copies(problem=answer["problem"])
    made = tuple(
        _copy(role, target / form["path"], form["width"], form["height"])
        for role, form in answer["copies"].items()
    )
    return Copies(made, answer.get("text") or None)


def make_pyramid(source: Path, target: Path) -> Copies:
    """Make the pyramidal TIFF of a picture, at full size, in the folder `target`."""
    answer = sandbox.run("pyramid", source, target)
    if "problem" in answer:
        return Copies(problem=answer["problem"])
    return Copies((_copy("pyramid", target / "pyramid.tif", answer["width"], answer["height"]),))


def can_read() -> bool:
    """Return whether Tesseract with Swedish is installed."""
    program = shutil.which("tesseract", path="/usr/bin:/bin")
    return program is not None and any(
        Path("/usr/share/tesseract-ocr").glob(f"*/tessdata/{_SWEDISH}")
    )


def read_text(source: Path) -> Reading | None:
    """Return what OCR reads in a picture; None without Tesseract or for a damaged picture."""
    if not can_read():
        return None
    with tempfile.TemporaryDirectory() as folder:
        answer = sandbox.run("ocr", source, Path(folder) / "page")
        text, alto = (Path(folder) / "page" / name for name in ("page.txt", "page.xml"))
        if "problem" in answer or not text.exists() or not alto.exists():
            return None
        return Reading(text.read_text(encoding="utf-8").strip("\f\n "), alto.read_bytes())


def _copy(role: str, path: Path, width: int, height: int) -> Copy:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(sandbox.MEGABYTE):
            digest.update(chunk)
            size += len(chunk)
    return Copy(role, path, width, height, size, digest.hexdigest())
