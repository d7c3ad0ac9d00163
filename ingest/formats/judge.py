"""Hold the formats of a delivery against the policy, and against what it says of them itself.

What a delivery claims (media type, suffix) is a claim: the bytes are believed. Formats that are
taken with a wish or without a rule are told once each, not file by file. Begin at `judge`.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator

from ingest.findings import Finding
from ingest.formats.identify import Format, Identified
from ingest.formats.policy import Policy, Verdict, suffix_of
from ingest.package import Package, PackageFile

_NO_CLAIM = frozenset({"", "application/octet-stream", "binary/octet-stream"})
# Other names of the same thing; a leading "x-" is left out before this is asked.
_SAME = {
    "text/xml": "application/xml",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "image/ms-bmp": "image/bmp",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "video/m4v": "video/mp4",
    "application/zip-compressed": "application/zip",
    "application/javascript": "text/javascript",
    "application/rtf": "text/rtf",
}
_AS_TEXT = frozenset({"application/xml", "application/json"})
_TOLD_ONCE = {Verdict.MIGRATE: "FORMAT-MIGRATE", Verdict.ASK: "FORMAT-UNLISTED"}


def judge(package: Package, found: Identified, policy: Policy) -> Iterator[Finding]:
    """Yield what the formats of the content files give reason to say."""
    if found.problem:
        yield Finding("FORMAT-TOOL", "", {"problem": found.problem})
    together: dict[tuple[str, str], list[str]] = {}
    for file in package.files:
        format_ = found.formats.get(file.path)
        if format_ is None:
            continue
        yield from _mismatch(file, format_)
        verdict = policy.verdict(format_, file.path)
        if verdict is Verdict.REFUSE:
            params = {"path": file.path, "format": _name(format_, file.path)}
            yield Finding("FORMAT-REFUSED", file.path, params)
        elif format_.puid is None:
            if verdict is Verdict.ASK:
                yield _unknown(file.path, format_)
        elif verdict in _TOLD_ONCE:
            key = (_TOLD_ONCE[verdict], _name(format_, file.path))
            together.setdefault(key, []).append(file.path)
    for (code, name), paths in together.items():
        about = {"format": name, "count": len(paths), "path": paths[0]}
        yield Finding(code, paths[0], about)


def _name(found: Format, path: str) -> str:
    if found.puid is None:
        return suffix_of(path) or "?"
    return f"{found.called} ({found.puid})"


def _unknown(path: str, found: Format) -> Finding:
    """Return why a file has no format: no signature fits, no bytes, or it could not be read."""
    if "empty source" in found.warning:
        return Finding("FORMAT-EMPTY", path, {"path": path})
    if not found.warning or found.warning.startswith("no match"):
        return Finding("FORMAT-UNKNOWN", path, {"path": path})
    return Finding("FORMAT-UNREAD", path, {"path": path, "problem": found.warning})


def _mismatch(file: PackageFile, found: Format) -> Iterator[Finding]:
    if found.puid is None or not found.is_certain:
        return
    claimed = _other_suffix(file.path, found) or _other_type(file, found)
    if claimed is not None:
        params = {"path": file.path, "claimed": claimed, "format": _name(found, file.path)}
        yield Finding("FORMAT-MISMATCH", file.where or file.path, params)


def _other_suffix(path: str, found: Format) -> str | None:
    """Return the suffix of a name that PRONOM does not know for the format; no suffix, no claim."""
    return suffix_of(path) or None if "mismatch" in found.warning else None


def _other_type(file: PackageFile, found: Format) -> str | None:
    claimed = (file.media_type or "").partition(";")[0].strip().lower()
    # A type that the readers guessed from the name says no more than the name.
    if claimed in _NO_CLAIM or claimed == mimetypes.guess_type(file.path)[0] or not found.mime:
        return None
    types = {_plain(each) for each in found.mime.split(",")}
    plain = _plain(claimed)
    is_xml = plain.endswith("+xml") and "application/xml" in types
    is_text = plain == "text/plain" and any(t.startswith("text/") or t in _AS_TEXT for t in types)
    return None if plain in types or is_xml or is_text else claimed


def _plain(media_type: str) -> str:
    kind, _, name = media_type.strip().lower().partition("/")
    plain = f"{kind}/{name.removeprefix('x-')}"
    return _SAME.get(plain, plain)
