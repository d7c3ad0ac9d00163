"""No delivery comes in unscanned where a scanner is configured, and none with a virus."""

from __future__ import annotations

import dataclasses
import socketserver
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import clock, db
from archive.config import Config
from archive.errors import Unavailable
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from ingest import tasks, virus
from ingest.build import BuildFile
from ingest.models import State, Transfer, TransferFinding
from tests import factories, peers


@pytest.fixture
def scanner(city: Config) -> Iterator[tuple[peers.Peer, Config]]:
    """A scanner that listens, and the worker that must ask it."""
    with peers.listening(peers.Scanner) as peer:
        yield peer, _use(city, f"tcp://127.0.0.1:{peer.port}")


def _use(config: Config, url: str) -> Config:
    changed = dataclasses.replace(config, clamd_url=url)
    tasks.install(changed)
    return changed


def _package(folder: Path, content: bytes = b"clean") -> Path:
    files = (
        BuildFile("akt.jpg", factories.picture(), "akt"),
        BuildFile("bilaga.txt", content, "akt"),
    )
    return factories.package(folder, factories.spec(factories.minutes(), files=files))


def _findings(transfer: Transfer) -> list[TransferFinding]:
    with db.archive.reading() as session:
        query = select(TransferFinding).where(TransferFinding.transfer_id == transfer.id)
        return list(session.scalars(query.where(TransferFinding.stage == "scan")))


def _unpack_job() -> Job:
    with db.archive.reading() as session:
        return session.scalars(select(Job).where(Job.name == "ingest.unpack")).one()


def test_every_file_is_read_by_the_scanner_before_the_delivery_comes_in(
    scanner: tuple[peers.Peer, Config], tmp_path: Path
) -> None:
    peer, config = scanner
    transfer = factories.take_in(config, _package(tmp_path, b"x" * 700_000))
    assert transfer.state == State.ACCESSIONED
    assert factories.picture() in peer.heard and b"x" * 700_000 in peer.heard
    (clean,) = _findings(transfer)
    assert clean.code == "VIRUS-CLEAN" and clean.severity == "info"
    assert clean.params["files"] == str(len(peer.heard)) and "27900" in clean.params["scanner"]


def test_a_virus_rejects_the_delivery_and_names_the_file(
    scanner: tuple[peers.Peer, Config], tmp_path: Path, login: Callable[[str], FlaskClient]
) -> None:
    _, config = scanner
    transfer = factories.take_in(config, _package(tmp_path, peers.EICAR))
    assert transfer.state == State.REJECTED
    (found,) = _findings(transfer)
    assert found.code == "VIRUS-FOUND" and found.where.endswith("bilaga.txt")
    page = login("archivist").get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "Win.Test.EICAR_HDB-1" in page
    folder = config.quarantine / transfer.sha512[:32]
    assert (folder / "delivery").exists() and not (folder / "unpacked").exists()


@pytest.mark.parametrize("handler", [peers.Mute, None])
def test_a_scanner_that_does_not_answer_makes_the_delivery_wait_never_come_in(
    city: Config,
    tmp_path: Path,
    handler: type[socketserver.BaseRequestHandler] | None,
    login: Callable[[str], FlaskClient],
) -> None:
    if handler is None:
        _use(city, "tcp://127.0.0.1:1")
        transfer = factories.take_in(city, _package(tmp_path))
    else:
        with peers.listening(handler) as peer:
            _use(city, f"tcp://127.0.0.1:{peer.port}")
            transfer = factories.take_in(city, _package(tmp_path))
    assert transfer.state == State.RECEIVED
    assert [finding.code for finding in _findings(transfer)] == ["VIRUS-SCANNER"]
    assert _unpack_job().state == JobState.QUEUED
    page = login("archivist").get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "inte viruskontrollerad" in page
    with peers.listening(peers.Scanner) as peer:
        _use(city, f"tcp://127.0.0.1:{peer.port}")
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            worker.run_until_idle()
    with db.archive.reading() as session:
        assert session.get_one(Transfer, transfer.id).state == State.ACCESSIONED
    assert [finding.code for finding in _findings(transfer)] == ["VIRUS-CLEAN"]


def test_a_file_larger_than_the_scanner_takes_is_not_taken_for_clean(
    scanner: tuple[peers.Peer, Config], tmp_path: Path
) -> None:
    _, config = scanner
    transfer = factories.take_in(config, _package(tmp_path, b"y" * 3_000_000 + peers.EICAR))
    assert transfer.state == State.RECEIVED
    (waits,) = _findings(transfer)
    assert waits.code == "VIRUS-SCANNER" and "StreamMaxLength" in waits.params["problem"]


def test_without_a_scanner_nothing_is_scanned_and_nothing_is_said(
    city: Config, tmp_path: Path
) -> None:
    transfer = factories.take_in(city, _package(tmp_path, peers.EICAR))
    assert transfer.state == State.ACCESSIONED and _findings(transfer) == []


def test_an_answer_that_is_neither_clean_nor_found_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")

    class Odd(peers.Scanner):
        def _stream(self) -> None:
            self.wfile.write(b"stream: Can't allocate memory ERROR\0")

    class CutOff(peers.Scanner):
        def _stream(self) -> None:
            self.wfile.write(b"stream: O")

    for handler in (Odd, CutOff):
        with peers.listening(handler) as peer, pytest.raises(Unavailable):
            virus.scan(f"tcp://127.0.0.1:{peer.port}", tmp_path)


def test_the_scanner_is_reached_by_a_socket_file_too(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        virus.scan(f"unix://{tmp_path}/clamd.sock", tmp_path)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a").write_bytes(peers.EICAR)
    with peers.listening_at(tmp_path / "clamd.sock", peers.Scanner):
        found = virus.scan(f"unix://{tmp_path}/clamd.sock", tmp_path / "files")
    assert [finding.code for finding in found.findings] == ["VIRUS-FOUND"]


def test_a_scanner_address_of_another_kind_stops_the_start() -> None:
    with pytest.raises(ValueError, match="CLAMD_URL"):
        Config.from_env({"STADSARKIV_CLAMD_URL": "http://x", "STADSARKIV_SECRET_KEY": "x"})
