"""Read the rows of a CSV or XLSX file as they stand; what they mean is the reader's business.

Nothing of a workbook is computed or followed: values only, the first sheet only. Begin at
`rows_of`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_ROWS = 200_000
ENDINGS = frozenset({".csv", ".xlsx"})


def rows_of(path: Path) -> list[list[Any]]:
    """Return every row, the headings first; a CSV may be separated by comma, semicolon or tab.

    :raises ValueError: if the file is no such list, or has too many rows.
    """
    try:
        return list(_workbook(path) if path.suffix.lower() == ".xlsx" else _text_file(path))
    except (csv.Error, InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise ValueError(str(error)) from error


def text_of(cell: Any) -> str:
    """Return a cell's value as people write it: days in ISO form, whole numbers without point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _workbook(path: Path) -> Iterator[list[Any]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        yield from _counted(book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()


def _text_file(path: Path) -> Iterator[list[Any]]:
    text = _decoded(path.read_bytes())
    line = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=line.count)
    yield from _counted(csv.reader(io.StringIO(text), delimiter=delimiter))


def _decoded(data: bytes) -> str:
    """Return the text; what is not UTF-8 is what Excel writes as "CSV" in Sweden, Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise ValueError("the file is no text") from None
        return data.decode("cp1252", "replace")


def _counted(rows: Any) -> Iterator[list[Any]]:
    for number, row in enumerate(rows):
        if number > MAX_ROWS:
            raise ValueError(f"more than {MAX_ROWS} rows")
        yield list(row)
