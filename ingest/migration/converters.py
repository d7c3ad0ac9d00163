"""What can be converted here: from which formats (PUID) to which, by which tool. One table.

Only conversions whose result can be proved are listed: every pixel is compared. Documents,
databases, sound and film are not: no program for them is part of this house. Begin at
`converter_for`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True, slots=True)
class Converter:
    """One conversion: the child's kind of work, what it takes, and what must come of it."""

    kind: str  # a key of archive.images.conversions
    sources: frozenset[str]
    targets: frozenset[str]  # what the result may be identified as
    target: str  # as people call it
    media_type: str
    suffix: str

    @property
    def tool(self) -> str:
        """Return the tool in the version that is installed."""
        return f"pillow {version('pillow')}, {self.kind}"


_PNG = frozenset({"fmt/11", "fmt/12", "fmt/13"})
_TIFF = frozenset({"fmt/353", "fmt/7", "fmt/8", "fmt/9", "fmt/10"})

CONVERTERS: tuple[Converter, ...] = (
    Converter("gif-png", frozenset({"fmt/3", "fmt/4"}), _PNG, "PNG", "image/png", ".png"),
    Converter(
        "webp-png",
        frozenset({"fmt/566", "fmt/567", "fmt/568"}),
        _PNG,
        "PNG",
        "image/png",
        ".png",
    ),
    Converter(
        "bmp-tiff",
        frozenset({"fmt/115", "fmt/116", "fmt/117", "fmt/118", "fmt/119"}),
        _TIFF,
        "TIFF",
        "image/tiff",
        ".tif",
    ),
    Converter("png-tiff", _PNG, _TIFF, "TIFF", "image/tiff", ".tif"),
    Converter("jp2-tiff", frozenset({"x-fmt/392"}), _TIFF, "TIFF", "image/tiff", ".tif"),
)


def converter_for(puid: str) -> Converter | None:
    """Return what converts files of a format here; None where nothing does."""
    return next((one for one in CONVERTERS if puid in one.sources), None)
