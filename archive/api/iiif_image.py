"""Pictures for zooming: IIIF Image API 3.0, level 2, over the pyramids of published pictures.

Every request asks the edition first, so a withdrawn picture is gone with its tiles. Nothing is
kept between requests. Begin at `image`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from archive import clock, db
from archive.api.blueprint import api
from archive.edition import queries, shelf
from archive.edition.models import FileRole, PublicFile
from archive.errors import Invalid, NotFound
from archive.images import compose, region
from archive.images.tiles import Pyramid
from archive.pages import absolute

CONTEXT = "http://iiif.io/api/image/3/context.json"
PROFILE = "http://iiif.io/api/image/3/level2.json"
_FEATURES = (
    "baseUriRedirect", "canonicalLinkHeader", "cors", "jsonldMediaType", "mirroring",
    "profileLinkHeader", "regionByPct", "regionByPx", "regionSquare", "rotationBy90s",
    "sizeByConfinedWh", "sizeByH", "sizeByPct", "sizeByW", "sizeByWh", "sizeUpscaling",
)  # fmt: skip


def service(file: PublicFile) -> dict[str, Any]:
    """Return how a manifest names the picture's tiles."""
    return {"id": address(file.id), "type": "ImageService3", "profile": "level2"}


def address(file_id: str) -> str:
    """Return the address that every request for the picture begins with."""
    return absolute(f"/iiif/image/3/{file_id}")


@api.get("/iiif/image/3/<file_id>")
def image_base(file_id: str) -> ResponseReturnValue:
    """Lead from the picture's own address to what is told of it."""
    with _opened(file_id):
        return redirect(url_for("api.image_info", file_id=file_id), 303)


@api.get("/iiif/image/3/<file_id>/info.json")
def image_info(file_id: str) -> ResponseReturnValue:
    """Tell size, tiles and limits of a picture."""
    with _opened(file_id) as (_file, pyramid):
        return as_json_ld(_info(file_id, pyramid), CONTEXT)


@api.get("/iiif/image/3/<file_id>/<part>/<size>/<rotation>/<last>")
def image(file_id: str, part: str, size: str, rotation: str, last: str) -> ResponseReturnValue:
    """Send a part of a picture, in a size, turned; a stored tile as it lies."""
    with _opened(file_id) as (file, pyramid):
        full = pyramid.levels[0]
        try:
            wanted = region.asked(
                (full.width, full.height), part, size, rotation, last, grey=full.is_grey
            )
        except Invalid as error:
            return Response(f"{error}\n", status=400, mimetype="text/plain")
        response = Response(mimetype=region.FORMATS[wanted.format])
        response.set_etag(f"{file.sha256[:32]}/{wanted.canonical}")
        response.headers["Cache-Control"] = "public, max-age=60"
        response.headers["Link"] = (
            f'<{PROFILE}>;rel="profile",<{address(file_id)}/{wanted.canonical}>;rel="canonical"'
        )
        if not request.if_none_match.contains_weak(response.get_etag()[0] or ""):
            response.set_data(compose.picture(pyramid, wanted))
        response.make_conditional(request)
        return response


def as_json_ld(body: dict[str, Any], context: str) -> Response:
    """Return an answer of the IIIF family; plain JSON only for who asks for just that."""
    response = jsonify(body)
    kinds = ("application/ld+json", "application/json")
    if request.accept_mimetypes.best_match(kinds, default=kinds[0]) == kinds[0]:
        response.headers["Content-Type"] = f'application/ld+json;profile="{context}"'
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@contextmanager
def _opened(file_id: str) -> Iterator[tuple[PublicFile, Pyramid]]:
    """Open the pyramid of a published picture; all else is as what never was."""
    with db.edition.reading() as session:
        file = queries.file(session, file_id, clock.today())
    path = shelf.locate(file.path) if file and file.role == FileRole.PYRAMID else None
    if file is None or path is None:
        raise NotFound("no such picture")
    with Pyramid.open(path) as pyramid:
        yield file, pyramid


def _info(file_id: str, pyramid: Pyramid) -> dict[str, Any]:
    full = pyramid.levels[0]
    return {
        "@context": CONTEXT,
        "id": address(file_id),
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": full.width,
        "height": full.height,
        "maxArea": region.MAX_AREA,
        "maxWidth": region.MAX_SIDE,
        "maxHeight": region.MAX_SIDE,
        "sizes": [
            {"width": level.width, "height": level.height}
            for level in reversed(pyramid.levels)
            if level.width * level.height <= region.MAX_AREA
        ],
        "tiles": [
            {
                "width": full.tile,
                "height": full.tile,
                "scaleFactors": [1 << number for number in range(len(pyramid.levels))],
            }
        ],
        "preferredFormats": ["jpg"],
        "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": list(_FEATURES),
    }
