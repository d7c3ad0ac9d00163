"""What becomes of an identification when a delivery is taken in: columns of files, and an event.

Begin at `columns` and `events`. Source: PREMIS 3, eventType "format identification".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive import clock
from archive.holdings.models import Aip, Event
from ingest.formats.identify import Identified
from ingest.package import PackageFile

KIND = "format identification"
_AGENT = 120


def columns(found: Identified, file: PackageFile) -> dict[str, str | None]:
    """Return what a file's row says of its format; nothing for a file that was not looked at."""
    format_ = found.formats.get(file.path)
    if format_ is None:
        return {}
    return {
        "puid": format_.puid,
        "format_name": format_.name or None,
        "format_version": format_.version or None,
        "format_basis": format_.basis or None,
        "format_warning": format_.warning or None,
        "format_tool": found.tool or None,
    }


def events(found: Identified, packages: Mapping[Aip, Sequence[PackageFile]]) -> Iterator[Event]:
    """Yield one event a package: how many files of each format, "unknown" for the others.

    A package none of whose files was looked at has none, for nothing was done to it.
    """
    for aip, files in packages.items():
        looked_at = [found.formats[file.path] for file in files if file.path in found.formats]
        if not looked_at:
            continue
        counted = Counter(each.puid or "unknown" for each in looked_at)
        detail: dict[str, Any] = {"tool": found.tool, "formats": dict(sorted(counted.items()))}
        yield Event(
            aip_id=aip.id,
            kind=KIND,
            at=clock.now(),
            outcome="failure" if set(counted) == {"unknown"} else "success",
            detail=detail,
            agent=found.tool[:_AGENT],
        )
