"""The blueprint of the public pages, and the one way to add a page to it.

Answers of this blueprint may be kept for no longer than it takes to ask again: every page
carries an ETag and is revalidated, so what is withdrawn is gone at the next look.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, request, session
from flask.typing import RouteCallable
from werkzeug.wrappers import Response

from archive.pages import both_languages

site = Blueprint("site", __name__)


def page(rule: str, **options: Any) -> Callable[[RouteCallable], RouteCallable]:
    """Register a view of the public site at `rule` and, in English, at `/en` + `rule`."""
    return both_languages(site, rule, **options)


@site.after_request
def _revalidate(response: Response) -> Response:
    if response.is_streamed or request.method not in {"GET", "HEAD"}:
        return response
    is_personal = session.modified or current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if is_personal or response.status_code != 200:
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    response.headers.setdefault("Cache-Control", "public, no-cache")
    response.add_etag()
    return response.make_conditional(request)
