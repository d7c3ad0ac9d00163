"""Copies for use of one original: what they are, and where they were put.

Knows files, not records. Begin at `make_copies`.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from archive.errors import Invalid
from archive.images import alto, sandbox

_IMAGES = frozenset({"image/jpeg", "image/png", "image/tiff", "image/gif", "image/webp",
                     "image/jp2"})  # fmt: skip
_LANGUAGE = "swe"


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
    """What a machine read in a picture: plain text, ALTO XML with the place of each word, by what.

    Words that it was unsure of are left out; a picture without writing gives an empty text.
    """

    text: str
    alto: bytes
    tool: str


def can_be_shown(media_type: str) -> bool:
    """Return whether copies can be made of files of this type at all."""
    return media_type in _IMAGES or media_type == "application/pdf"


def is_picture(media_type: str) -> bool:
    """Return whether files of this type are pictures, of which there can be tiles and OCR."""
    return media_type in _IMAGES


def tool(media_type: str) -> str:
    """Return what makes the copies of files of this type, in the version that is installed."""
    names = ("pypdfium2", "pillow") if media_type == "application/pdf" else ("pillow",)
    return ", ".join(f"{name} {version(name)}" for name in names)


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
        Path("/usr/share/tesseract-ocr").glob(f"*/tessdata/{_LANGUAGE}.traineddata")
    )


def read_text(source: Path) -> Reading | None:
    """Return what OCR reads in a picture; None without Tesseract or for a damaged picture."""
    if not can_read():
        return None
    with tempfile.TemporaryDirectory() as folder:
        answer = sandbox.run("ocr", source, Path(folder) / "page")
        found = Path(folder) / "page" / "page.xml"
        if "problem" in answer or not found.exists():
            return None
        try:
            page = alto.without_doubtful(alto.read(found))
        except Invalid:
            return None
        return Reading(page.text, alto.write(page), f"{page.software}, {_LANGUAGE}")


def keep_alto(reading: Reading, target: Path) -> Copy:
    """Put the ALTO of a reading in the folder `target`, whole or not at all."""
    target.mkdir(parents=True, exist_ok=True)
    path, page = target / "alto.xml", alto.read(reading.alto)
    part = path.with_suffix(".part")
    part.write_bytes(reading.alto)
    part.rename(path)
    return _copy("alto", path, page.width, page.height)


def _copy(role: str, path: Path, width: int, height: int) -> Copy:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(sandbox.MEGABYTE):
            digest.update(chunk)
            size += len(chunk)
    return Copy(role, path, width, height, size, digest.hexdigest())
