"""The demo's offers: one for the archive to answer, one for the unit to prepare and mend."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from archive.config import Config
from ingest.demo import offering


def test_both_sides_have_something_to_do(login: Callable[[str], FlaskClient], city: Config) -> None:
    offering.play()
    archive, unit = login("archivist"), login("unit_custodian")
    for client in (archive, unit):
        assert "Erbjudanden som väntar" in client.get("/desk").get_data(as_text=True)
    page = archive.get("/desk/offers").get_data(as_text=True)
    assert "Anställningsavtal på papper" in page and "Protokoll från samverkan" in page
    page = unit.get("/desk/offers?state=accepted").get_data(as_text=True)
    where = page.split("/desk/offers/")[-1].split('"')[0]
    told = unit.get(f"/desk/offers/{where}/list").get_data(as_text=True)
    assert "kontrollsiffra stämmer inte" in told and "1 cell" in told
