"""The child process that identifies: reads a list of paths, prints what each file is.

Run as `python -m ingest.formats.child SECONDS BATCH LIST`; LIST is a file of paths, each ended by
a zero byte. It lowers its own limits and leaves the network before the first byte is read. Prints
lines of JSON: first the tool, then one line a file, in the order of the list, batch by batch.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.images.network import leave_network

MEGABYTE = 1024 * 1024
# The program reserves more than a gigabyte of addresses at its start and uses a tenth of it.
ADDRESSES, MEMORY, OUTPUT = 3072 * MEGABYTE, 1024 * MEGABYTE, 1024 * MEGABYTE
_LONGEST = 300


def main(arguments: list[str]) -> int:
    """Identify every file of the list; a tool that is not there is an answer, not a crash."""
    seconds, batch, listed = int(arguments[0]), int(arguments[1]), Path(arguments[2])
    paths = [os.fsdecode(name) for name in listed.read_bytes().split(b"\0") if name]
    lower_limits(seconds)
    leave_network()
    try:
        import pygfried
    except Exception as error:  # a missing wheel, another machine, a damaged library: all the same
        _say({"problem": f"pygfried cannot be loaded: {error}"[:_LONGEST]})
        return 0
    for start in range(0, len(paths), batch):
        found: Any = pygfried.identify_many(paths[start : start + batch], workers=1)
        if start == 0:
            _say({"tool": tool_of(found)})
        for file in found["files"]:
            _say(form_of(file))
    return 0


def lower_limits(seconds: int) -> None:
    """Give up what reading signatures does not need."""
    for what, most in (
        (resource.RLIMIT_AS, ADDRESSES),
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def tool_of(found: dict[str, Any]) -> str:
    """Return the tool and its signatures: "siegfried 1.11.9; DROID_SignatureFile_V125.xml …"."""
    signatures = "; ".join(str(each.get("details", "")) for each in found.get("identifiers", []))
    return f"siegfried {found.get('siegfried', '?')}; {signatures}"[:200]


def form_of(file: dict[str, Any]) -> dict[str, str | None]:
    """Return what was found of one file; several formats at once are the first, with a warning."""
    matches = list(_known(file.get("matches", [])))
    warnings = [str(m.get("warning", "")) for m in file.get("matches", [])[:1]]
    if len(matches) > 1:
        warnings.append("also " + ", ".join(str(m["id"]) for m in matches[1:]))
    problem = str(file.get("errors", ""))
    first = matches[0] if matches else {}
    return {
        "puid": first.get("id"),
        "name": first.get("format"),
        "version": first.get("version"),
        "mime": first.get("mime"),
        "basis": str(first.get("basis", ""))[:_LONGEST],
        "warning": "; ".join(text for text in (problem, *warnings) if text)[:_LONGEST],
    }


def _known(matches: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (match for match in matches if match.get("id") not in {None, "", "UNKNOWN"})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
