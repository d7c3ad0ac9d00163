"""Other programs, small but real: a mail server and a virus scanner that speak their protocols.

They listen on a free port of this machine and note what they were told; nothing of the house is
replaced by them.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Peer:
    """A listening program: its port, and what it heard."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    """A server that keeps calm when a client hangs up in the middle of a word."""

    allow_reuse_address = daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: hanging up is what some tests do."""


@contextmanager
def listening(handler: type[socketserver.BaseRequestHandler]) -> Iterator[Peer]:
    """Run a program on a free port inside the block."""
    with _Server(("127.0.0.1", 0), handler) as server, _running(server) as peer:
        yield peer


@contextmanager
def listening_at(path: Path, handler: type[socketserver.BaseRequestHandler]) -> Iterator[Peer]:
    """Run a program at a socket file inside the block."""
    with (
        socketserver.ThreadingUnixStreamServer(str(path), handler) as server,
        _running(server) as peer,
    ):
        yield peer


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[Peer]:
    address = server.server_address
    peer = Peer(int(address[1]) if isinstance(address, tuple) else 0)
    server.peer = peer  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()


class MailServer(socketserver.StreamRequestHandler):
    """Enough of RFC 5321. `nobody@…` does not exist; `full@…` has no room just now."""

    def handle(self) -> None:
        """Answer one client until it leaves."""
        self._say("220 mail.example ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb in {b"EHLO", b"HELO"}:
                self._say("250-mail.example\r\n250 AUTH PLAIN")
            elif verb == b"RCPT" and b"nobody@" in line:
                self._say("550 no such person nobody@exempel.se")
            elif verb == b"RCPT" and b"full@" in line:
                self._say("452 full@exempel.se has no room")
            elif verb == b"DATA":
                self._say("354 go on")
                self._letter()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            elif verb == b"AUTH":
                self.server.peer.heard.append(line)  # type: ignore[attr-defined]
                self._say("235 welcome")
            else:
                self._say("250 ok")

    def _letter(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.server.peer.heard.append(b"".join(lines))  # type: ignore[attr-defined]
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class Scanner(socketserver.StreamRequestHandler):
    """Enough of clamd: VERSION and INSTREAM. Finds EICAR; takes at most `most` bytes a stream."""

    most = 1024 * 1024

    def handle(self) -> None:
        """Answer one command, as clamd does outside a session."""
        command = b""
        while not command.endswith(b"\0"):
            byte = self.rfile.read(1)
            if not byte:
                return
            command += byte
        if command == b"zVERSION\0":
            self.wfile.write(b"ClamAV 1.4.3/27900/Tue Nov 24 09:00:00 2026\0")
        elif command == b"zINSTREAM\0":
            self._stream()
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _stream(self) -> None:
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > self.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.peer.heard.append(content)  # type: ignore[attr-defined]
        found = b"Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


class Mute(socketserver.BaseRequestHandler):
    """Takes the call and hangs up without a word."""

    def handle(self) -> None:
        """Say nothing."""
        self.request.recv(16)
