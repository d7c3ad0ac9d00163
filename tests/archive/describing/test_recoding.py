"""A code that was mistyped is mended while the record is empty, and the old one leads to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive import db
from archive.config import Config
from archive.describing import recoding
from archive.errors import Conflict, Refused
from archive.holdings import actions as holdings
from archive.holdings import queries
from archive.shelves import actions as shelves
from archive.shelves.actions import Facts
from archive.shelves.models import PlaceKind
from tests import factories
from tests.archive.describing.test_new import _describe, _series

SERIES, VOLUME, MENDED = "SE/LSA/9/A1", "SE/LSA/9/A1:11", "SE/LSA/9/A1:1"


def _recode(reference: str, wanted: str, role: str = "archivist") -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, reference)
        recoding.recode(session, record, wanted, viewer=factories.viewer(role))


def test_an_empty_record_gets_another_code_and_the_old_one_leads_to_it(
    city: Config, login: Callable[[str], FlaskClient]
) -> None:
    _series()
    _describe(SERIES, "volume", VOLUME)
    client, pid = login("archivist"), factories.record(VOLUME).pid
    assert "Ändra referenskoden" in client.get(f"/desk/holdings/{pid}/edit").text
    taken = client.post(
        f"/desk/holdings/{pid}/code", data={"reference": SERIES}, follow_redirects=True
    )
    assert "är upptagen" in taken.text and f'value="{SERIES}"' in taken.text
    client.post(f"/desk/holdings/{pid}/code", data={"reference": MENDED})
    assert factories.record(MENDED).pid == pid
    assert MENDED in client.get(f"/desk/holdings/{pid}/history").text
    old = client.get("/desk/holdings", query_string={"q": VOLUME}, follow_redirects=True)
    assert old.status_code == 200 and MENDED in old.text
    _describe(SERIES, "volume", "SE/LSA/9/A1:2")
    with pytest.raises(Conflict, match="taken"):
        _recode("SE/LSA/9/A1:2", VOLUME)


def test_a_record_that_holds_something_is_placed_or_is_out_keeps_its_code(
    city: Config, login: Callable[[str], FlaskClient]
) -> None:
    _series()
    _describe(SERIES, "volume", VOLUME, "SE/LSA/9/A1:12")
    with pytest.raises(Conflict, match="not empty"):
        _recode(SERIES, "SE/LSA/9/B1")
    viewer = factories.viewer("archivist")
    with db.archive.transaction() as session:
        room = shelves.build(
            session, PlaceKind.ROOM, Facts("M1", None, None), parent=None, viewer=viewer
        )
        place = shelves.build(
            session, PlaceKind.SECTION, Facts("A", None, None), parent=room, viewer=viewer
        )
        shelves.place(session, [queries.by_ref(session, VOLUME)], place, viewer=viewer)
        fonds = queries.by_ref(session, "SE/LSA/9")
        holdings.publish_branch(session, fonds, viewer=viewer)
    for code in (VOLUME, "SE/LSA/9/A1:12"):
        with pytest.raises(Conflict, match="not empty"):
            _recode(code, MENDED)
    page = login("archivist").get(f"/desk/holdings/{factories.record(VOLUME).pid}/edit").text
    assert "Ändra referenskoden" not in page


def test_only_who_may_describe_for_the_unit_may_mend_a_code(city: Config) -> None:
    _series()
    _describe(SERIES, "volume", VOLUME)
    with pytest.raises(Refused):
        _recode(VOLUME, MENDED, role="unit_manager")
