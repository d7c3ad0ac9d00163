"""Let a child process name the format of files by their bytes (PRONOM, by Siegfried).

One child for the whole package: a start costs half a second, a file a fraction of a millisecond.
A file on which it dies is left unidentified and the others are tried again; a tool that cannot
be loaded leaves all of them so. Nothing here judges a format. Begin at `identify`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from archive.config import ROOT
from ingest.package import FileRole, Package

BATCH = 200
# Children after the first, each of which takes one file at a time up to the one it dies of.
TRIES = 5
KEPT = "formats.json"
_SECONDS, _SECONDS_A_FILE, _BYTES_A_SECOND = 60, 0.02, 10_000_000
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "GOMEMLIMIT": "512MiB",
    "GOMAXPROCS": "1",
}


@dataclass(frozen=True, slots=True)
class Format:
    """What a file is. No `puid`: unidentified; `warning` then says why, in the tool's words."""

    puid: str | None = None
    name: str = ""
    version: str = ""
    mime: str = ""  # media types, separated by commas
    basis: str = ""  # "extension match jpg; byte match at [[0 14] [675 2]]"
    warning: str = ""

    @property
    def is_certain(self) -> bool:
        """Return whether bytes said so, not only the name or that it looks like text."""
        return "byte match" in self.basis or "container" in self.basis or "xml" in self.basis

    @property
    def called(self) -> str:
        """Return name and version, the version only where the name does not say it."""
        return self.name if self.version in self.name else f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Identified:
    """The formats of files by their path in the package, and the tool and signatures that said so.

    `problem` says why the tool could not be used at all; then `formats` is empty.
    """

    formats: Mapping[str, Format] = field(default_factory=dict)
    tool: str = ""
    problem: str = ""


def identify(package: Package) -> Identified:
    """Return the format of every content file that is there, in one go."""
    files = {
        file.path: file.source
        for file in package.files
        if file.role is FileRole.CONTENT and file.source is not None
    }
    if not files:
        return Identified()
    names, sources = list(files), [str(path.resolve()) for path in files.values()]
    found, tool, problem = _all_of(sources)
    if problem:
        return Identified(tool=tool, problem=problem)
    return Identified(dict(zip(names, found, strict=True)), tool)


def one(path: Path) -> tuple[Format, str]:
    """Return the format of a single file, and the tool and signatures that said so."""
    found, tool, problem = _all_of([str(path.resolve())])
    return (Format(warning=problem) if problem else found[0]), tool


def keep(found: Identified, folder: Path) -> None:
    """Keep what was found beside the delivery until it is taken in, whole or not at all."""
    draft = folder / f".{KEPT}"
    draft.write_text(json.dumps(asdict(found)), "utf-8")
    draft.replace(folder / KEPT)


def kept(folder: Path, package: Package) -> Identified:
    """Return what was found when the delivery was checked; found anew if it was not kept."""
    try:
        form = json.loads((folder / KEPT).read_text("utf-8"))
        formats = {path: Format(**each) for path, each in form["formats"].items()}
        return Identified(formats, form["tool"], form["problem"])
    except (OSError, ValueError, KeyError, TypeError):
        return identify(package)


def _all_of(sources: Sequence[str]) -> tuple[list[Format], str, str]:
    found: list[Format] = []
    tool, batch = "", BATCH
    for _ in range(1 + TRIES):
        answers = _one_child(sources[len(found) :], batch)
        tool = answers.tool or tool
        if answers.problem:
            return [], tool, answers.problem
        found += answers.formats
        if len(found) == len(sources):
            break
        if batch == 1:
            found.append(Format(warning=answers.ended))
        batch = 1
    rest = len(sources) - len(found)
    return found + [Format(warning="not tried: the tool had stopped too often")] * rest, tool, ""


@dataclass(slots=True)
class _Answers:
    """What one child said before it ended, and how it ended."""

    ended: str
    formats: list[Format] = field(default_factory=list)
    tool: str = ""
    problem: str = ""


def _one_child(sources: Sequence[str], batch: int) -> _Answers:
    seconds = _seconds_for(sources)
    with (
        tempfile.NamedTemporaryFile(prefix="stadsarkiv-") as paths,
        tempfile.TemporaryFile() as out,
    ):
        paths.write(b"".join(os.fsencode(source) + b"\0" for source in sources))
        paths.flush()
        ended = _run([str(seconds), str(batch), paths.name], seconds, out)
        out.seek(0)
        answers = _Answers(ended)
        for line in _whole_lines(out):
            if "puid" in line:
                answers.formats.append(_format(line))
            answers.tool = line.get("tool", answers.tool)
            answers.problem = line.get("problem", answers.problem)
        del answers.formats[len(sources) :]
        return answers


def _run(arguments: list[str], seconds: int, out: BinaryIO) -> str:
    """Run the child to its end, or to the end of its time; return how it ended."""
    child = subprocess.Popen(  # noqa: S603 - our own module, arguments as a list, no shell
        [sys.executable, "-m", "ingest.formats.child", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=_ENVIRONMENT,
        start_new_session=True,
    )
    try:
        return f"the tool stopped with {child.wait(seconds)}"
    except subprocess.TimeoutExpired:
        return f"the tool took more than {seconds} seconds"
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _whole_lines(out: BinaryIO) -> Iterator[dict[str, Any]]:
    for raw in out:
        with contextlib.suppress(ValueError):  # the last line of a child that was killed
            line = json.loads(raw)
            if isinstance(line, dict):
                yield line


def _format(line: Mapping[str, Any]) -> Format:
    said = {name: str(line.get(name) or "") for name in Format.__dataclass_fields__}
    return Format(**{**said, "puid": said["puid"] or None})  # type: ignore[arg-type]


def _seconds_for(sources: Sequence[str]) -> int:
    size = 0
    for source in sources:
        with contextlib.suppress(OSError):
            size += Path(source).stat().st_size
    return int(_SECONDS + len(sources) * _SECONDS_A_FILE + size / _BYTES_A_SECOND)
