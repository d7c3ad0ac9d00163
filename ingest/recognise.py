"""Recognise by what lies in a folder whether it is a METS package, and which file is its METS.

By the file's own first element, never by the name of a delivery. Begin at `mets_in`.
"""

from __future__ import annotations

from pathlib import Path

from archive import xml

_METS_NAMES = ("METS.xml", "mets.xml", "sip.xml", "Mets.xml", "METS.XML", "info.xml")


def mets_in(folder: Path) -> Path | None:
    """Return the METS of a package whose root the folder is, or None.

    Digitisers name it for the issue ("18550922_mets.xml"); that counts where there is only one.
    """
    for name in _METS_NAMES:
        if (folder / name).is_file():
            return folder / name
    named = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() == ".xml" and "mets" in path.name.lower() and path.is_file()
    ]
    found = [path for path in named if xml.root_name(path) == "mets"]
    return found[0] if len(found) == 1 else None
