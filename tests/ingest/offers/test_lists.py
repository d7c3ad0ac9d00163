"""The four lists: nothing that is typed is lost, and what is wrong is told cell by cell."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook

from archive.config import Config
from ingest.offers import drafting, lists
from ingest.offers.models import OfferState
from tests.ingest.offers import test_offers as offers

Login = Callable[[str], FlaskClient]
NUMBER = "18811218-9876"


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.test_request_context("/desk"):
        yield


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        (NUMBER, True),
        ("811218-9876", True),
        ("811218+9876", True),
        ("188112189876", True),
        ("18811278-9873", True),  # a coordination number: the day is 60 more
        ("18811218-9875", False),  # the check digit
        ("18811318-9876", False),  # the thirteenth month
        ("18811218-98", False),
        ("okänt", False),
    ],
)
def test_a_personal_number_is_tried_by_its_day_and_its_check_digit(
    number: str, is_right: bool
) -> None:
    row = {"volume": "1", "number": number, "dates": "1901"}
    assert (not lists.errors_of("persons", [row])) is is_right


def test_what_is_wrong_is_told_by_row_and_cell() -> None:
    good = {"volume": "1", "title": "Protokoll", "dates": "1901"}
    rows = [good, good | {"volume": ""}, good | {"volume": "2", "dates": "förr"}, good]
    found = lists.errors_of("boxes", rows)
    assert set(found) == {(1, "volume"), (2, "dates"), (3, "volume")}
    assert "rad 1" in found[3, "volume"]
    sheet = {"sheet": "1", "title": "Karta", "dates": "1908", "count": "tre"}
    assert set(lists.errors_of("maps", [sheet])) == {(0, "count")}


def test_pasted_cells_are_read_with_and_without_headings_and_none_is_lost() -> None:
    kind = lists.kind_of("boxes")
    plain = lists.rows_from_text(kind, "1\tProtokoll\t1901\tfukt\tmer\n2\tBrev\t1902")
    assert plain[0]["remark"] == "fukt; mer" and plain[1]["title"] == "Brev"
    named = lists.rows_from_text(kind, "År;Innehåll;Hylla;Kartong\n1901;Protokoll;B 12;1\n\n")
    assert named == [
        {"volume": "1", "title": "Protokoll", "dates": "1901", "remark": "Hylla: B 12"}
    ]
    quoted = lists.rows_from_text(kind, '1;"Brev; kopior";1901')
    assert quoted[0]["title"] == "Brev; kopior"
    assert lists.rows_from_text(kind, " \n ") == []


def _was(pid: str, start: int = 0) -> dict[str, str]:
    """Return what the page of the grid carries of itself."""
    return {"start": str(start), "was": drafting.mark_of(offers._now(pid), start)}


def _list(login: Login) -> tuple[FlaskClient, str]:
    pid = offers._offered()
    offers._do(
        pid, offers.actions.appraise, verdict=OfferState.ACCEPTED, reason="Ska bevaras."
    )  # fmt: skip
    offers._do(pid, drafting.choose, "unit_custodian", key="boxes")
    return login("unit_custodian"), pid


def test_a_draft_with_errors_is_kept_as_typed_and_shown_with_what_is_wrong(
    login: Login, city: Config
) -> None:
    client, pid = _list(login)
    path = f"/desk/offers/{pid}/list"
    empty = client.get(path).get_data(as_text=True)
    assert empty.count('name="volume"') == 10
    grid = {"volume": ["1", ""], "title": ["Protokoll", "Utan nummer"], "dates": ["förr", "1902"],
            "remark": ["", ""]}  # fmt: skip
    client.post(path, data={**_was(pid), "more": "2", **grid})
    page = client.get(f"{path}?more=2").get_data(as_text=True)
    assert 'value="förr"' in page and "Utan nummer" in page and "2 celler" in page
    assert page.count('name="volume"') == 22 and 'aria-invalid="true"' in page
    short = client.post(path, data={**_was(pid), **grid, "dates": ["1901"]})
    assert short.status_code in (302, 422) and len(offers._now(pid).rows) == 2


def test_a_file_from_excel_and_one_of_csv_are_added_after_what_is_there(
    login: Login, city: Config
) -> None:
    client, pid = _list(login)
    path = f"/desk/offers/{pid}/list"
    client.post(path, data={**_was(pid), "pasted": "1\tProtokoll\t1901"})
    book, made = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Volym", "Innehåll", "År", "Anmärkning"])
    sheet.append([2, "Brev", 1902, None])
    book.save(made)
    made.seek(0)
    kept = {"volume": ["1"], "title": ["Protokoll"], "dates": ["1901"], "remark": [""]}
    client.post(path, data={**_was(pid), **kept, "file": (made, "lista.xlsx")})
    csv = (io.BytesIO("3;Räkenskaper;1903\n".encode("utf-8-sig")), "lista.csv")
    kept = {key: [row[key] for row in offers._now(pid).rows] for key in kept}
    client.post(path, data={**_was(pid), **kept, "file": csv})
    rows = offers._now(pid).rows
    assert [row["volume"] for row in rows] == ["1", "2", "3"] and rows[1]["dates"] == "1902"
    kept = {key: [row[key] for row in rows] + ["4"] for key in kept}
    odd = (io.BytesIO(b"x"), "lista.pdf")
    told = client.post(path, data={**_was(pid), **kept, "file": odd}, follow_redirects=True)
    assert "varken CSV eller XLSX" in told.get_data(as_text=True)
    assert len(offers._now(pid).rows) == 4  # what cannot be read did not cost what was typed


def test_two_who_write_at_once_lose_nothing(login: Login, city: Config) -> None:
    client, pid = _list(login)
    path, was = f"/desk/offers/{pid}/list", _was(pid)
    first = {"volume": ["1"], "title": ["Den första"], "dates": ["1901"], "remark": [""]}
    client.post(path, data={**was, **first})
    late = client.post(path, data={**was, **first, "title": ["Den andra"]})
    assert late.status_code == 409 and 'value="Den andra"' in late.get_data(as_text=True)
    assert offers._now(pid).rows[0]["title"] == "Den första"


def test_a_long_list_is_written_page_by_page(login: Login, city: Config) -> None:
    client, pid = _list(login)
    path = f"/desk/offers/{pid}/list"
    pasted = "\n".join(f"{n}\tVolym {n}\t1901" for n in range(1, 121))
    client.post(path, data={**_was(pid), "pasted": pasted})
    page = client.get(f"{path}?start=50").get_data(as_text=True)
    assert page.count('name="volume"') == 50 and 'value="51"' in page
    rows = offers._now(pid).rows[50:100]
    grid = {key: [row[key] for row in rows] for key in rows[0]}
    grid["title"][0] = "Ändrad"
    client.post(path, data={**_was(pid, 50), **grid})
    now = offers._now(pid).rows
    assert len(now) == 120 and now[50]["title"] == "Ändrad" and now[100]["volume"] == "101"
