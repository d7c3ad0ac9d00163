"""Pictures drawn for the tests, and where the real ones lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpora" / "images"


@pytest.fixture
def corpus() -> Path:
    """Return the folder of real pictures, or skip."""
    if not CORPUS.is_dir():
        pytest.skip(f"no corpora at {CORPUS}")
    return CORPUS


def drawing(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return a picture with a red upper left quarter on a slope of grey."""
    image = Image.linear_gradient("L").resize((width, height)).convert(mode)
    red = 200 if mode == "L" else (220, 20, 20)
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill=red)
    return image
