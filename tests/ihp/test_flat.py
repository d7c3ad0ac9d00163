"""A plan as units keep it, in a spreadsheet: read whole, or refused with what is wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook

from archive.config import Config
from ihp import exchange, flat
from ihp.plan import Secrecy
from ihp.terms import Disposition, Phase, RetentionMode, Trigger
from tests.command_line import Command
from tests.command_line import command as command

HEADINGS = (
    "Beteckning", "Klassificeringskod", "Handlingstyp", "Bevaras/gallras", "Gallringsfrist",
    "Frist räknas från", "Hänvisning till föreskrift", "Sekretess", "Personnummer", "K", "R", "T",
    "Levereras till", "Levereras efter år", "Leverans räknas från", "Publik visning",
    "Personuppgifter",
)  # fmt: skip
LINES = (
    ("X-1", "1.1", "Brev", "gallras", "10", "Ärendet avslutat", "LiSA-F 2021:6",
     "OSL-21-7; OSL-19-3 (till tilldelningsbeslut)", "ja", "2", "2", "1", "", "", "", "none",
     "ordinary"),
    ("X-2", "1.1", "Reklam", "gallras", "Vid inaktualitet", "", "LiSA-F 2021:6",
     "", "nej", "0", "1", "1", "", "", "", "none", ""),
    ("",) * 17,
    ("X-3", "1.1", "Protokoll", "bevaras", "", "", "", "", "nej", "0", "2", "1",
     "e-arkiv", "5", "case_closed", "full", ""),
)  # fmt: skip


def _csv(folder: Path, *lines: tuple[str, ...]) -> Path:
    path = folder / "plan.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(lines)
    return path


def _xlsx(folder: Path, *lines: tuple[str, ...]) -> Path:
    book = Workbook()
    for line in lines:
        assert book.active is not None
        book.active.append([int(cell) if cell.isdecimal() else cell or None for cell in line])
    book.save(folder / "plan.xlsx")
    return folder / "plan.xlsx"


@pytest.mark.parametrize("write", [_csv, _xlsx])
def test_a_list_is_imported_as_a_draft_row_by_row(
    city: Config, command: Command, tmp_path: Path, write: object
) -> None:
    path = write(tmp_path, HEADINGS, *LINES)  # type: ignore[operator]
    assert command("ihp", "check", path).code == 0
    answer = command("ihp", "import", path, "--unit", "HA")
    assert answer.code == 0 and "draft HA v2" in answer.out
    exported = command("ihp", "export", "--unit", "HA", "--version", "2")
    letters, adverts, minutes = exchange.from_json(exported.out).rules
    assert letters.secrecy == (Secrecy("OSL-21-7"), Secrecy("OSL-19-3", Phase.UNTIL_AWARD))
    assert letters.retention is not None and letters.personal_number
    assert (letters.retention.value, letters.retention.trigger) == (10, Trigger.CASE_CLOSED)
    assert adverts.retention is not None
    assert adverts.retention.mode is RetentionMode.WHEN_OBSOLETE
    assert minutes.disposition is Disposition.PRESERVE and minutes.delivery is not None
    assert minutes.delivery.after_years == 5


def test_a_misspelt_column_is_refused_so_that_it_opens_nothing(
    city: Config, command: Command, tmp_path: Path
) -> None:
    path = _csv(tmp_path, ("Beteckning", "Handlingstyp", "Sekretes"), ("X-1", "Brev", "OSL-21-7"))
    answer = command("ihp", "import", path, "--unit", "HA")
    assert answer.code == 2 and "'Sekretes'" in answer.err
    with pytest.raises(ValueError, match="repeated"):
        flat.columns_of(["row_id", "Beteckning"])
    with pytest.raises(ValueError, match="row_id"):
        flat.columns_of(["Handlingstyp"])


def test_a_cell_that_cannot_be_read_is_told_with_its_row_and_column(
    city: Config, command: Command, tmp_path: Path
) -> None:
    wrong = tuple("tio" if cell == "10" else cell for cell in LINES[0])
    answer = command("ihp", "check", _csv(tmp_path, HEADINGS, wrong))
    assert answer.code == 1 and "row 1 X-1 retention" in answer.out
