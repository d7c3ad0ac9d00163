"""What lies in quarantine: whole deliveries with their transfers, for a week what died there."""

from __future__ import annotations

import errno
import os
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import clock, db
from archive.config import Config
from archive.errors import Unavailable
from archive.jobs import actions as jobs
from archive.jobs import worker
from ingest import receive
from ingest.models import State, Transfer
from tests import factories

WEEK = 7 * 86400


def hand_in(config: Config, some: bytes = b"bytes") -> tuple[Transfer, bool]:
    return receive.receive(
        BytesIO(some), "x.zip", receive.Declared(), quarantine=config.quarantine,
        actor=factories.SYSTEM,
    )  # fmt: skip


def lying(config: Config) -> set[str]:
    return {path.name for path in config.quarantine.iterdir()}


def sweep() -> None:
    with db.archive.transaction() as session:
        jobs.enqueue(session, "ingest.sweep")
    worker.run_until_idle()


def test_a_delivery_whose_first_receiver_was_killed_is_taken_in_once_and_leaves_nothing(
    city: Config,
) -> None:
    landed = receive._land(BytesIO(b"bytes"), city.quarantine)  # killed before the transfer is made
    transfer, is_new = hand_in(city)
    assert is_new and lying(city) == {landed.folder.name}
    assert receive.package_of(city.quarantine, transfer).read_bytes() == b"bytes"


def test_of_two_who_hand_in_the_same_bytes_at_once_the_slower_does_not_take_them_away(
    city: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    land, faster = receive._land, []

    def overtaken(*given: object) -> receive.Landed:
        landed = land(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(receive, "_land", land)
        faster.append(hand_in(city))
        return landed

    monkeypatch.setattr(receive, "_land", overtaken)
    transfer, is_new = hand_in(city)
    assert not is_new and transfer.id == faster[0][0].id
    assert receive.package_of(city.quarantine, transfer).read_bytes() == b"bytes"
    assert len(lying(city)) == 1


def test_a_deliverer_whose_line_breaks_leaves_nothing(city: Config) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise EOFError("the line is broken")

    with pytest.raises(EOFError):
        receive.receive(
            Broken(), "x", receive.Declared(), quarantine=city.quarantine, actor=factories.SYSTEM
        )
    assert lying(city) == set()


def test_what_never_became_a_transfer_is_swept_after_a_week_and_not_before(city: Config) -> None:
    transfer, _ = hand_in(city, b"known")
    receive._land(BytesIO(b"unknown"), city.quarantine)
    (city.quarantine / ".incoming-1").mkdir()
    (city.data_dir / "derivatives" / "ab" / ".making-1").mkdir(parents=True)
    sweep()
    assert len(lying(city)) == 3
    for folder in (*city.quarantine.iterdir(), *(city.data_dir / "derivatives" / "ab").iterdir()):
        os.utime(folder, (0, 0))
    sweep()
    assert lying(city) == {transfer.sha512[:32]}
    assert not list((city.data_dir / "derivatives" / "ab").iterdir())


def test_a_delivery_that_was_swept_before_it_was_registered_is_no_transfer(
    city: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    land = receive._land

    def late(*given: object) -> receive.Landed:
        landed = land(*given)  # type: ignore[arg-type]
        os.utime(landed.folder, (0, 0))
        sweep()
        return landed

    monkeypatch.setattr(receive, "_land", late)
    with pytest.raises(Unavailable, match="hand it in again"):
        hand_in(city)
    with db.archive.reading() as session:
        assert session.scalars(select(Transfer)).first() is None


def test_what_a_killed_worker_unpacked_and_cannot_be_removed_rejects_no_delivery(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = factories.package(tmp_path, factories.spec(factories.minutes()))
    transfer, _ = receive.receive(
        path, "x.zip", receive.Declared(), quarantine=city.quarantine, actor=factories.SYSTEM
    )
    left = receive.folder_of(city.quarantine, transfer) / "unpacked" / "METS.xml"
    left.parent.mkdir()
    left.write_text("half")
    with monkeypatch.context() as patched:

        def failing(*given: object, **named: object) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        patched.setattr(os, "unlink", failing)
        worker.run_until_idle()
    with db.archive.reading() as session:
        assert session.get_one(Transfer, transfer.id).state == State.RECEIVED
    with clock.frozen(clock.now().replace(year=clock.now().year + 1)):
        worker.run_until_idle()
    with db.archive.reading() as session:
        assert session.get_one(Transfer, transfer.id).state == State.ACCESSIONED


def test_a_finding_aid_by_itself_is_taken_in_and_not_only_found_valid(
    city: Config, tmp_path: Path
) -> None:
    path = tmp_path / "ead.xml"
    path.write_text(
        '<ead xmlns="http://ead3.archivists.org/schema/"><control><recordid>p</recordid></control>'
        '<archdesc level="fonds"><did><unitid>SE/LSA/E1</unitid><unittitle>Arkivet</unittitle>'
        "<unitdate>1634</unitdate></did></archdesc></ead>"
    )
    transfer = factories.take_in(city, path, record_type="HA-A")
    assert transfer.profile == "ead3" and transfer.state in {State.ACCESSIONED, State.REVIEW}
