"""Let a virus scanner (clamd) read every file of a delivery before anything else does.

Speaks clamd's own protocol (INSTREAM) and keeps nothing. That the scanner has not answered is
never a clean bill: then the delivery waits. Begin at `scan`.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archive.errors import Unavailable
from ingest.findings import Finding

CONNECT_SECONDS, REPLY_SECONDS = 10, 300  # a large archive inside a file takes its time
_CHUNK = 256 * 1024
_REPLY_BYTES = 4096
_PORT = 3310

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanner said of a delivery: which scanner, how many files, and what it found."""

    scanner: str
    files: int
    findings: tuple[Finding, ...]


def scan(url: str, root: Path, *, progress: Progress | None = None) -> Scanned:
    """Return what the scanner at `url` finds in the files below `root`: all of it, file by file.

    Clean files give one VIRUS-CLEAN together, so that the delivery's record tells who looked.

    :raises Unavailable: if the scanner does not answer, or does not take a file of that size.
    """
    version = _asked(url, b"zVERSION\0", iter(()))
    paths = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    findings = []
    for number, path in enumerate(paths, 1):
        name = path.relative_to(root).as_posix()
        signature = _signature(_asked(url, b"zINSTREAM\0", _framed(path)), name)
        if signature is not None:
            findings.append(Finding("VIRUS-FOUND", name, {"path": name, "signature": signature}))
        if progress is not None:
            progress(number, len(paths))
    if not findings:
        findings.append(Finding("VIRUS-CLEAN", "", {"files": len(paths), "scanner": version}))
    return Scanned(version, len(paths), tuple(findings))


def _signature(reply: str, name: str) -> str | None:
    """Return what was found, None for a clean file; every other answer is no answer."""
    text = reply.removeprefix("stream: ")
    if text == "OK":
        return None
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")
    if "size limit" in text:
        raise Unavailable(
            f"{name} is larger than the virus scanner takes; raise its StreamMaxLength"
        )
    raise Unavailable(f"the virus scanner could not judge {name}: {text[:200] or 'no answer'}")


def _framed(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield struct.pack(">I", len(chunk)) + chunk
    yield struct.pack(">I", 0)


def _asked(url: str, command: bytes, pieces: Iterator[bytes]) -> str:
    try:
        with _connected(url) as connection:
            connection.settimeout(REPLY_SECONDS)
            connection.sendall(command)
            # A scanner that has had enough answers and hangs up; its answer is then still there
            # to be read.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for piece in pieces:
                    connection.sendall(piece)
            return _reply(connection)
    except OSError as error:
        kind = type(error).__name__
        raise Unavailable(f"the virus scanner at {url} does not answer ({kind})") from error


def _reply(connection: socket.socket) -> str:
    reply = b""
    while len(reply) < _REPLY_BYTES and not reply.endswith(b"\0"):
        more = connection.recv(_REPLY_BYTES)
        if not more:
            break
        reply += more
    if not reply.endswith(b"\0"):
        raise ConnectionAbortedError("cut off in the middle of an answer")
    return reply[:-1].decode("utf-8", "replace").strip()


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(unquote(parts.path))
        except OSError:
            connection.close()
            raise
        return connection
    address = (parts.hostname or "localhost", parts.port or _PORT)
    return socket.create_connection(address, CONNECT_SECONDS)
