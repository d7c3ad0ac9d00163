"""A record of two pages with tiles and read words, and one without pictures, in the edition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from archive import db
from archive.edition import actions, shelf
from archive.edition.models import FileRole, PublicFile, PublicRecord, new_file_id
from archive.images import alto, pyramid
from archive.images.alto import Page, Word
from tests.archive import reading_room

SIZE = (1300, 900)


@pytest.fixture(scope="module")
def zoom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a program's way in; the record "book" has tiles, "closed" is not open."""
    tmp_path = tmp_path_factory.mktemp("zoom")
    config = reading_room.make_config(tmp_path)
    reading_room.open_rooms(config)
    reading_room.fill(tmp_path)
    book = reading_room.picture(
        reading_room.record(
            "book", title="Brandsyn", text="Stora torget\fvid kvarnen", scope="Om brandsyn."
        ),
        tmp_path,
        pages=2,
    )
    closed = reading_room.record("closed", contents_open=False)
    for row in (book, closed):
        tiles(row, tmp_path, pages=2)
    with db.edition.transaction() as session:
        actions.put(session, [book, closed])
    yield reading_room.make_app(config).test_client()
    db.unbind()


def tiles(row: PublicRecord, tmp_path: Path, *, pages: int) -> None:
    """Give a record's pages tiles, and ALTO with the words of its text."""
    for number in range(1, pages + 1):
        path = tmp_path / f"{row.pid}-{number}.tif"
        pyramid.write(Image.linear_gradient("L").resize(SIZE).convert("RGB"), path)
        row.files.append(published(row, number, FileRole.PYRAMID, "image/tiff", path))
        words = ("Stora", "torget") if number == 1 else ("vid", "kvarnen")
        line = tuple(Word(word, 100 * n, 50, 90, 20, 0.9) for n, word in enumerate(words))
        path = tmp_path / f"{row.pid}-{number}.xml"
        path.write_bytes(alto.write(Page(SIZE[0] // 2, SIZE[1] // 2, (line,), "tesseract")))
        row.files.append(published(row, number, FileRole.TEXT, "application/xml", path))


def published(
    row: PublicRecord, number: int, role: FileRole, media_type: str, path: Path
) -> PublicFile:
    """Put a file on the shelf and return its row."""
    file_id = new_file_id()
    is_tiles = role == FileRole.PYRAMID
    return PublicFile(
        id=file_id,
        sequence=number,
        label=f"Sida {number}",
        role=role,
        media_type=media_type,
        size_bytes=path.stat().st_size,
        path=shelf.place(path, file_id),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        width=SIZE[0] if is_tiles else None,
        height=SIZE[1] if is_tiles else None,
    )


def file_id(pid: str, role: FileRole) -> str:
    """Return the id of a record's first file in a role."""
    wanted = select(PublicFile.id).where(PublicFile.pid == pid, PublicFile.role == role)
    with db.edition.reading() as session:
        return str(session.scalars(wanted.order_by(PublicFile.sequence)).first())
