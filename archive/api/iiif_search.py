"""Where on a record's pages a word stands: IIIF Content Search API 2.0, from published ALTO.

Begin at `content_search`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue

from archive import db
from archive.api import iiif_image
from archive.api.blueprint import api
from archive.api.iiif_presentation import SEARCH_CONTEXT, Sheet, canvas_id, with_pictures
from archive.edition import shelf
from archive.errors import Invalid
from archive.images import alto
from archive.images.alto import Word
from archive.pages import absolute
from archive.search.pointing import pointed_at

MOST = 500
_LONGEST = 200
_NOT_USED = ("motivation", "date", "user")


@api.get("/iiif/search/2/<pid>")
def content_search(pid: str) -> ResponseReturnValue:
    """Give an annotation for each place on the record's pages where the question is met."""
    question = request.args.get("q", "")[:_LONGEST]
    with db.edition.reading() as session:
        row, sheets = with_pictures(session, pid)
    pages = (row.text or "").split("\f")
    found: list[dict[str, Any]] = []
    for sheet in sheets:
        text = pages[sheet.number - 1] if sheet.number <= len(pages) else ""
        # The text is quick to ask; only a page that has an answer is read with its boxes.
        if len(found) < MOST and question and pointed_at(question, text.split()):
            found += _annotations(row.pid, sheet, question)
    own = absolute(f"{request.path}?{urlencode({'q': question})}" if question else request.path)
    ignored = [name for name in _NOT_USED if name in request.args]
    body: dict[str, Any] = {
        "@context": SEARCH_CONTEXT,
        "id": own,
        "type": "AnnotationPage",
        "items": found[:MOST],
    }
    return iiif_image.as_json_ld({**body, "ignored": ignored} if ignored else body, SEARCH_CONTEXT)


def _annotations(pid: str, sheet: Sheet, question: str) -> Iterator[dict[str, Any]]:
    path = shelf.locate(sheet.alto.path) if sheet.alto else None
    if path is None:
        return
    try:
        page = alto.read(path)
    except (Invalid, OSError):
        return
    across, down = sheet.size[0] / (page.width or 1), sheet.size[1] / (page.height or 1)
    words, canvas = page.words, canvas_id(pid, sheet.number)
    for first, after in pointed_at(question, [word.text for word in words]):
        row = words[first:after]
        yield {
            "id": f"{canvas}/words/{first}-{after}",
            "type": "Annotation",
            "motivation": "supplementing",
            "body": {
                "type": "TextualBody",
                "value": " ".join(word.text for word in row),
                "format": "text/plain",
            },
            "target": f"{canvas}#xywh={_box(row, across, down)}",
        }


def _box(words: Sequence[Word], across: float, down: float) -> str:
    left, top = min(w.left for w in words), min(w.top for w in words)
    right, bottom = max(w.left + w.width for w in words), max(w.top + w.height for w in words)
    sides = (left * across, top * down, (right - left) * across, (bottom - top) * down)
    return ",".join(str(round(side)) for side in sides)
