"""Lists as people write them: in Excel's own coding, with columns of their own, in Swedish."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import db
from archive.config import Config
from ingest import pipeline, queries, read
from ingest.findings import Finding
from ingest.models import State
from tests import factories


def _examined(folder: Path, text: str, coding: str = "utf-8") -> list[Finding]:
    (folder / "lista.csv").write_bytes(text.encode(coding))
    return [f for f in read.examine(folder).findings if f.code.startswith("LIST")]


def test_a_list_that_excel_saved_as_csv_is_read(tmp_path: Path) -> None:
    (tmp_path / "lista.csv").write_bytes("Titel;Ämne\nBro över ån;Broar\n".encode("cp1252"))
    package = read.examine(tmp_path).package
    assert package is not None
    assert [(d.title, d.subjects) for d in package.drafts] == [("Bro över ån", ("Broar",))]


def test_a_file_that_is_no_text_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "lista.csv").write_bytes(b"\xff\xfe\0T\0i\0")
    codes = [f.code for f in read.examine(tmp_path).findings]
    assert "LIST-UNREADABLE" in codes


def test_a_column_that_nobody_knows_is_told_by_its_name(tmp_path: Path) -> None:
    (told,) = _examined(tmp_path, "Titel;Upphovsman;\nKarta;Lindh;\n")
    assert told.code == "LIST-COLUMN" and "Upphovsman" in told.message()


@pytest.mark.parametrize(("column", "value", "expected"), [
    ("Rättigheter", "frii", "Kolumn rättigheter: ”frii” går inte; välj fri, skyddad, okänd."),
    ("Levande personer", "kanske",
     "Kolumn levande personer: ”kanske” går inte; välj ja, nej, vet inte."),
])  # fmt: skip
def test_a_wrong_word_is_told_with_the_words_of_the_list(
    tmp_path: Path, column: str, value: str, expected: str
) -> None:
    (told,) = _examined(tmp_path, f"Titel;{column}\nKarta;{value}\n")
    assert told.message() == expected


def test_a_folder_that_says_nothing_is_called_as_its_file_was(city: Config, tmp_path: Path) -> None:
    folder = tmp_path / "Kartor 1880"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_bytes(factories.picture(note=name.encode()))
    transfer = factories.take_in(city, folder)
    assert transfer.label == "Kartor 1880" and transfer.object_id == "Kartor 1880"


def test_a_row_that_a_person_assigned_stands_in_for_one_that_the_plan_does_not_have(
    city: Config, tmp_path: Path
) -> None:
    path = factories.package(tmp_path, factories.spec(factories.minutes(record_type="XX-9")))
    transfer = factories.take_in(city, path)
    assert transfer.state == State.REVIEW
    with db.archive.transaction() as session:
        waiting = queries.by_pid(session, transfer.pid)
        pipeline.assign(session, waiting, unit_code="HA", record_type="HA-A",
                        reason="Rätt rad.", viewer=factories.viewer("archivist"))  # fmt: skip
    factories.worker.run_until_idle()
    assert factories.record(factories.minutes().reference or "").rule_code == "HA-A"


def test_what_was_turned_away_may_come_again_under_its_number(city: Config, tmp_path: Path) -> None:
    path = factories.package(tmp_path, factories.spec(factories.minutes(record_type=None)))
    first = factories.take_in(city, path)
    with db.archive.transaction() as session:
        waiting = queries.by_pid(session, first.pid)
        viewer = factories.viewer("archivist")
        pipeline.reject(session, waiting, reason="Fel enhet.", viewer=viewer)
    again = factories.take_in(city, path, record_type="HA-A")
    assert (again.number, again.state) == (first.number, State.ACCESSIONED)
    assert again.assigned_reason is None
