"""Measure a scan: size, resolution, tone, how far its lines lean, and a fingerprint of its look.

Runs in the child process (`child`), on a small grey copy. Figures only: what is good enough is
for others to say. Begin at `measure`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from archive.images.open import FORMATS, JPEG2000, header_of, opened

SIDE = 1200  # of the small copy: a lean of 0.1 degree moves a line's end by two of its pixels
STEEPEST = 12.0  # degrees; what leans more has been laid wrong, and no line of text tells it
# Ink is darker than its surroundings by so much of 255: less where the writing is faint, never so
# little that the grain of the paper counts.
_LEAST_INK, _MOST_INK, _OF_CONTRAST = 8.0, 25.0, 0.35
_DOTS = 150_000
_CERTAIN = 1.5  # the best angle's rows against the middling angle's

Grey = NDArray[np.float32]


def measure(source: Path) -> dict[str, Any]:
    """Return the figures of a picture, as plain JSON values.

    `dpi` is None where the file does not say; `skew` is None where there are no lines to tell it,
    else degrees, counter-clockwise above zero. Shares are between 0 and 1, tones 0 to 255.

    :raises Undecodable: if it cannot be opened.
    """
    formats = (*FORMATS, JPEG2000)
    header = header_of(source, formats)
    small = opened(source, for_size=SIDE, formats=formats).convert("L")
    grey = np.asarray(small, dtype=np.float32)
    tones = np.percentile(grey, (0.2, 50, 95))
    ink = _ink(small, grey, float(tones[1] - tones[0]))
    return {
        "width": header.width,
        "height": header.height,
        "mode": header.mode,
        "dpi": list(header.dpi) if header.dpi else None,
        "ink": round(float((_inner(ink) > 0).mean()), 6),
        "dark": round(float(tones[0]), 1),
        "middle": round(float(tones[1]), 1),
        "light": round(float(tones[2]), 1),
        "edges": [round(share, 4) for share in _edges(grey, float(tones[1]))],
        "skew": skew_of(ink),
        "look": look_of(small),
    }


def skew_of(ink: Grey) -> float | None:
    """Return by how many degrees the lines lean, None where no direction stands out.

    The ink is projected on the page's side from many angles: where the lines lie flat, full rows
    and empty rows alternate most.
    """
    rows, columns = np.nonzero(ink)
    if len(rows) < 400:
        return None
    if len(rows) > _DOTS:
        chosen = np.linspace(0, len(rows) - 1, _DOTS).astype(int)
        rows, columns = rows[chosen], columns[chosen]
    weights = np.minimum(ink[rows, columns], 100.0)
    coarse = np.arange(-STEEPEST, STEEPEST + 0.01, 0.5)
    scores = [_flatness(rows, columns, weights, angle) for angle in coarse]
    best = float(coarse[int(np.argmax(scores))])
    middling = float(np.median(scores))
    if middling <= 0 or max(scores) < _CERTAIN * middling or abs(best) >= STEEPEST:
        return None
    fine = np.arange(best - 0.5, best + 0.51, 0.05)
    tried = [_flatness(rows, columns, weights, angle) for angle in fine]
    return round(float(fine[int(np.argmax(tried))]), 2) + 0.0


def look_of(small: Image.Image) -> str:
    """Return a fingerprint in hexadecimal: where the picture turns darker, to the side and down.

    Two scans of one page have nearly the same bits set; `scanning.judge` compares.
    """
    tiny = small.filter(ImageFilter.GaussianBlur(12)).resize((17, 21), Image.Resampling.BOX)
    grid = np.asarray(tiny, dtype=np.int16)
    aside = grid[:-1, :-1] > grid[:-1, 1:] + 3
    down = grid[:-1, :-1] > grid[1:, :-1] + 3
    return np.packbits(np.concatenate([aside.ravel(), down.ravel()])).tobytes().hex()


def _ink(small: Image.Image, grey: Grey, contrast: float) -> Grey:
    """Return how much darker each dot is than its surroundings; shadows and paper fall away."""
    around = np.asarray(small.filter(ImageFilter.GaussianBlur(12)), dtype=np.float32)
    least = min(max(contrast * _OF_CONTRAST, _LEAST_INK), _MOST_INK)
    darker = around - grey
    return np.where(darker > least, darker, np.float32(0))


def _inner(ink: Grey) -> Grey:
    """Return the middle of the page, without its borders: a blank page may have a dark edge."""
    top, left = ink.shape[0] // 20, ink.shape[1] // 20
    return ink[top : ink.shape[0] - top or None, left : ink.shape[1] - left or None]


def _flatness(
    rows: NDArray[np.intp], columns: NDArray[np.intp], weights: Grey, degrees: float
) -> float:
    turn = math.radians(degrees)
    across = rows * math.cos(turn) + columns * math.sin(turn)
    profile = np.bincount((across - across.min()).astype(int), weights=weights)
    return float(np.square(np.diff(profile)).sum())


def _edges(grey: Grey, middle: float) -> tuple[float, float, float, float]:
    """Return how much of each outermost strip is dark: top, right, bottom, left."""
    high, wide = max(1, grey.shape[0] // 120), max(1, grey.shape[1] // 120)
    dark = grey < middle - 60
    strips = (dark[:high].any(axis=0), dark[:, -wide:].any(axis=1),
              dark[-high:].any(axis=0), dark[:, :wide].any(axis=1))  # fmt: skip
    top, right, bottom, left = (float(strip.mean()) for strip in strips)
    return top, right, bottom, left
