"""The blueprint of everything that programs read. All of it is for anyone, from any page."""

from __future__ import annotations

from flask import Blueprint, Response

api = Blueprint("api", __name__)


@api.after_request
def _fresh(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response
