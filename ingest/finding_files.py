"""Find the file of a package that a name in its metadata means. Begin at `Finder`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from ingest.package import FileClaim, PackageFile


class Finder:
    """Knows a package's files by their paths, by every end of a path, and by original name.

    A name that could mean two files means none.
    """

    def __init__(self, files: Iterable[PackageFile]) -> None:
        self._found: dict[str, PackageFile | None] = {}
        self._whole: dict[str, PackageFile] = {}
        for file in files:
            self._whole[file.path] = file
            parts = file.path.split("/")
            names = {"/".join(parts[start:]) for start in range(len(parts))}
            for name in names | ({file.original_name} if file.original_name else set()):
                self._found[name] = None if name in self._found else file

    def find(self, name: str) -> PackageFile | None:
        """Return the file that the name means: its path, else what only one file is called."""
        wanted = unicodedata.normalize("NFC", name)
        if wanted in self._whole:
            return self._whole[wanted]
        parts = wanted.split("/")
        # The name may say more than we keep: the place on the sender's own disk.
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        return next((self._found[end] for end in ends if end in self._found), None)

    def file_of(self, claim: FileClaim) -> PackageFile | None:
        """Return the file that a claim is about."""
        found = (self.find(name) for name in (claim.path, *claim.also))
        return next((file for file in found if file is not None), None)
