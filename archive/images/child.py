"""The child process that decodes: reads one file, writes copies, prints what it made.

Run as `python -m archive.images.child KIND SOURCE TARGET`; limits are set by `sandbox`. Prints
one line of JSON; a bad picture is an answer, not a crash.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from archive.images.open import Undecodable, opened

SIZES = {"access": 2000, "thumb": 480}
MAX_TEXT = 5_000_000


def copies(source: Path, target: Path) -> dict[str, Any]:
    """Write the access and thumb copies as JPEG and return their sizes."""
    return _write(opened(source, for_size=SIZES["access"]), target)


def pdf(source: Path, target: Path) -> dict[str, Any]:
    """Write copies of a PDF's first page and return its text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
        page = document[0]
        scale = min(SIZES["access"] / max(page.get_width(), page.get_height(), 1), 3.0)
        picture = page.render(scale=scale).to_pil().convert("RGB")
        text = "\f".join(p.get_textpage().get_text_bounded() for p in document)
    except (pypdfium2.PdfiumError, ValueError, IndexError) as error:
        raise Undecodable(str(error)[:200]) from error
    return {**_write(picture, target), "text": text[:MAX_TEXT], "pages": len(document)}


def _write(picture: Image.Image, target: Path) -> dict[str, Any]:
    made: dict[str, Any] = {"width": picture.width, "height": picture.height, "copies": {}}
    for role, size in SIZES.items():
        copy = picture.copy()
        copy.thumbnail((size, size), Image.Resampling.LANCZOS)
        path = target / f"{role}.jpg"
        copy.save(path, "JPEG", quality=82, progressive=True, optimize=True)
        made["copies"][role] = {"path": path.name, "width": copy.width, "height": copy.height}
    return made


def main(arguments: list[str]) -> int:
    """Run one job and print its answer."""
    kinds: dict[str, Callable[[Path, Path], dict[str, Any]]] = {"image": copies, "pdf": pdf}
    kind, source, target = arguments
    try:
        answer = kinds[kind](Path(source), Path(target))
    except Undecodable as error:
        answer = {"problem": str(error)}
    except MemoryError:
        answer = {"problem": "the file needs more memory than it may have"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
