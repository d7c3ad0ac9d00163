"""The child process that decodes: reads one file, writes copies, prints what it made.

Run as `python -m archive.images.child KIND SOURCE TARGET`; it lowers its own limits and leaves the
network before the first byte is read. Prints one line of JSON; a bad picture is an answer, not a
crash.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from archive.images import pyramid
from archive.images.conversions import CONVERSIONS, Conversion
from archive.images.convert import convert
from archive.images.network import leave_network
from archive.images.open import FORMATS, JPEG2000, Undecodable, opened
from archive.images.sandbox import lower_limits

SIZES = {"access": 2000, "thumb": 480}
ALL = (*FORMATS, JPEG2000)
MAX_TEXT, MAX_TEXT_PAGES = 5_000_000, 2000
OCR_SIDE = 5000


class Unwritten(Exception):
    """The disk did not take what was made: to be tried again, and no fault of the file."""


def copies(source: Path, target: Path) -> dict[str, Any]:
    """Write the access and thumb copies as JPEG and return their sizes."""
    return _write(opened(source, for_size=SIZES["access"], formats=ALL), target)


def pdf(source: Path, target: Path) -> dict[str, Any]:
    """Write copies of a PDF's first page and return its text."""
    try:
        document = pypdfium2.PdfDocument(source)
        page = document[0]
        side = max(page.get_width(), page.get_height(), 1)
        bitmap = page.render(scale=min(SIZES["access"] / side, 3.0))
        picture = bitmap.to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, ValueError, IndexError) as error:
        raise Undecodable(f"the PDF cannot be shown: {error}"[:200]) from error
    made = _write(picture, target)
    return {**made, "text": _text_of(document), "pages": len(document)}


def make_pyramid(source: Path, target: Path) -> dict[str, Any]:
    """Write the pyramidal TIFF and return its size."""
    image = opened(source, formats=ALL)
    with _writing():
        levels = pyramid.write(image, target / "pyramid.tif")
    return {"width": image.width, "height": image.height, "levels": levels}


def ocr(source: Path, target: Path) -> dict[str, Any]:
    """Turn into Tesseract, on a clean copy of the picture; it writes page.xml."""
    clean = target / "page.png"
    opened(source, for_size=OCR_SIDE, formats=ALL).convert("L").save(clean, dpi=(300, 300))
    program = ["tesseract", str(clean), str(target / "page"), "-l", "swe", "alto"]
    os.execvp(program[0], program)  # noqa: S606 - a list, no shell; the limits stay in force


def scan(source: Path, target: Path) -> dict[str, Any]:
    """Return the figures of a scan; nothing is written."""
    from archive.images.measure import measure  # numpy is read for this kind of work only

    return measure(source)


def main(arguments: list[str]) -> int:
    """Run one job and print its answer."""
    kinds: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
        "image": copies,
        "pdf": pdf,
        "pyramid": make_pyramid,
        "ocr": ocr,
        "scan": scan,
        **{kind: _converting(conversion) for kind, conversion in CONVERSIONS.items()},
    }
    kind, source, target = arguments
    lower_limits(kind)
    if kind in {"pyramid", "ocr", "scan", *CONVERSIONS}:
        os.nice(10)  # nobody waits for these; whoever visits the site goes first
    leave_network()
    try:
        answer = kinds[kind](Path(source), Path(target))
    except Undecodable as error:
        answer = {"problem": str(error)}
    except MemoryError:
        answer = {"problem": "the file needs more memory than it may have"}
    except Unwritten as error:
        answer = {"unwritten": str(error)}
    sys.stdout.write(json.dumps(answer))
    return 0


def _converting(conversion: Conversion) -> Callable[[Path, Path], dict[str, Any]]:
    def work(source: Path, target: Path) -> dict[str, Any]:
        with _writing():
            return convert(conversion, source, target)

    return work


def _text_of(document: pypdfium2.PdfDocument) -> str:
    texts: list[str] = []
    length = 0
    for number in range(min(len(document), MAX_TEXT_PAGES)):
        try:
            texts.append(document[number].get_textpage().get_text_bounded())
        except pypdfium2.PdfiumError:  # one bad page does not silence the others
            texts.append("")
        length += len(texts[-1])
        if length > MAX_TEXT:
            break
    return "\f".join(texts)[:MAX_TEXT]


def _write(picture: Image.Image, target: Path) -> dict[str, Any]:
    made: dict[str, Any] = {"width": picture.width, "height": picture.height, "copies": {}}
    for role, size in SIZES.items():
        copy = picture.copy()
        copy.thumbnail((size, size), Image.Resampling.LANCZOS)
        path = target / f"{role}.jpg"
        with _writing():
            copy.save(path, "JPEG", quality=82, progressive=True, optimize=True)
        made["copies"][role] = {"path": path.name, "width": copy.width, "height": copy.height}
    return made


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unwritten(str(error)) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
