"""Names of files in deliveries: data, never places. Which are safe, and what is wrong with others.

Touches no disk. Begin at `NameBook.add`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from ingest.findings import Finding

MAX_PATH, MAX_PART, MAX_DEPTH = 1000, 240, 40
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}
)


@dataclass(slots=True)
class NameBook:
    """The names of one delivery, so that twins and look-alikes are found."""

    findings: list[Finding] = field(default_factory=list)
    _seen: dict[str, str] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)

    def add(self, raw: str, archive: str) -> str | None:
        """Return the name in NFC, "/"-separated and relative, or None when it must be refused."""
        problem = _problem(raw)
        if problem is not None:
            sv, en = problem
            self._say("UNPACK-NAME", archive, raw, problem=sv, problem_en=en)
            return None
        name = unicodedata.normalize("NFC", raw.rstrip("/"))
        parts = [part for part in name.split("/") if part not in {"", "."}]
        name = "/".join(parts)
        if not name:
            return ""
        if name in self._seen:
            self._say("UNPACK-DUPLICATE", archive, raw)
            return None
        folded = name.casefold()
        if folded in self._folded:
            self._say("UNPACK-COLLISION", archive, raw, other=self._folded[folded])
            return None
        self._seen[name] = self._folded[folded] = raw
        if any(part.split(".")[0].casefold() in _RESERVED or part[-1:] in " ." for part in parts):
            self.findings.append(Finding("UNPACK-RESERVED", archive, {"name": raw}))
        return name

    def _say(self, code: str, archive: str, raw: str, **params: str) -> None:
        self.findings.append(Finding(code, archive, {"name": raw, **params}))


def _problem(raw: str) -> tuple[str, str] | None:
    """Return what is wrong with a name, in Swedish and in English."""
    if not raw or "\0" in raw:
        return "det är tomt eller har ett nolltecken", "it is empty or holds a NUL"
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in raw):
        return "det har ett styrtecken", "it holds a control character"
    if "\\" in raw:
        return "det har ett omvänt snedstreck", "it holds a backslash"
    if raw.startswith("/") or (len(raw) > 1 and raw[1] == ":" and raw[0].isalpha()):
        return "sökvägen börjar från roten", "the path is absolute"
    parts = raw.split("/")
    if ".." in parts:
        return "sökvägen leder ut ur paketet (..)", "the path leads out of the package (..)"
    if len(raw.encode()) > MAX_PATH or any(len(part.encode()) > MAX_PART for part in parts):
        return (
            "det är längre än 1000 byte, eller en del är längre än 240",
            "it is longer than 1000 bytes, or a part is longer than 240",
        )
    if len(parts) > MAX_DEPTH:
        return "det ligger djupare än 40 mappar", "it lies deeper than 40 folders"
    return None
