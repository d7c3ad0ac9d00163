"""Put the house together: one Flask application from a configuration.

Knows the rooms and nothing of their work; the dock is handed in by `wsgi.py`. Begin at
`create_app`.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from archive import db, metrics, pages
from archive.accounts import sessions
from archive.accounts.views import accounts
from archive.api.views import api
from archive.authorities import linking_views
from archive.cases.views import cases
from archive.config import ROOT, Config
from archive.describing.views import describing
from archive.desk import cards, case_cards, frame, house_cards, scan_cards, subjects
from archive.desk.views import desk
from archive.errors import ArchiveError
from archive.fixity.views import fixity
from archive.holdings.views import holdings
from archive.plans.views import plans
from archive.scanning import lists as scan_lists
from archive.scanning import queries as scan_queries
from archive.scanning.views import scanning
from archive.shelves import list_views
from archive.shelves import queries as shelf_queries
from archive.site.views import site
from archive.telling import told

log = logging.getLogger(__name__)

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
FORM_BYTES = 2 * 1024 * 1024


def create_app(
    config: Config,
    *,
    public: bool = True,
    desk_too: bool = True,
    extensions: Sequence[Callable[[Flask], None]] = (),
) -> Flask:
    """Return the application: the public site, the desk, or both.

    With `desk_too=False` the process gets no key to the archive database: what it does not
    have, it cannot show.
    """
    app = Flask("archive", root_path=str(ROOT / "archive"), template_folder=str(ROOT / "templates"))
    metrics.install(app)
    app.url_map.converters["int"] = RowNumber
    _configure(app, config)
    db.bind(config, public_only=not desk_too)
    app.register_blueprint(metrics.watch)
    if public:
        app.register_blueprint(site)
        app.register_blueprint(api)
    if desk_too:
        above = (describing, fixity, linking_views.authorities, list_views.shelves, scanning)
        for room in (accounts, desk, holdings, plans, cases, *above):
            app.register_blueprint(room)
        app.before_request(_who_asks)
        cards.register(case_cards.cards)
        cards.register(house_cards.cards)
        cards.register(scan_cards.cards)
        subjects.register("scan", scan_queries.names)
        scan_lists.places_from(shelf_queries.places_of)
        for register in extensions:
            register(app)
    pages.install(app)
    frame.install(app)
    app.before_request(_same_origin)
    app.after_request(_security_headers)
    _register_errors(app)
    return app


class RowNumber(IntegerConverter):
    """A number of a row in an address; one that no row can have leads nowhere."""

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, max=2**31 - 1, **options)


def _configure(app: Flask, config: Config) -> None:
    base = urlsplit(config.base_url)
    is_https = base.scheme == "https"
    app.config.update(
        SECRET_KEY=config.secret_key,
        STADSARKIV=config,
        LOGIN_COOKIE="__Host-stadsarkiv" if is_https else "stadsarkiv",
        SESSION_COOKIE_NAME="stadsarkiv-form",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=FORM_BYTES,
        TRUSTED_HOSTS=[base.hostname or "localhost", "127.0.0.1", "localhost"],
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        BABEL_DEFAULT_LOCALE="sv",
        BABEL_DEFAULT_TIMEZONE="Europe/Stockholm",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    app.jinja_env.autoescape = True  # for every template name, not only .html
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_size_limit)  # before the form is read, and the token's check reads it
    CSRFProtect(app).exempt("archive.api.oai.oai")  # its POST reads, as the protocol has it
    Babel(app, locale_selector=pages.language)


def _size_limit() -> None:
    """Let staff hand in what a view says it takes; a stranger's form stays small."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(view, "accepts_bytes", None)
    token = request.cookies.get(current_app.config["LOGIN_COOKIE"])
    if limit is not None and sessions.viewer_of(token) is not None:
        request.max_content_length = limit


def _who_asks() -> None:
    """Find out who is logged in; static files and the public pages need no answer."""
    g.user = None
    if request.endpoint == "static" or request.blueprint in {"site", "api", "watch"}:
        return
    g.user = sessions.viewer_of(request.cookies.get(current_app.config["LOGIN_COOKIE"]))


def _same_origin() -> ResponseReturnValue | None:
    """Refuse a change that another site's page asks for, token or not."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    origin = request.headers.get("Origin")
    if origin is None or urlsplit(origin).netloc == request.host:
        return None
    return _plain_page(403, "403")


def _security_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if g.get("user") is not None or request.path.startswith(("/desk", "/login")):
        headers["Cache-Control"] = "no-store"
    return response


def _register_errors(app: Flask) -> None:
    @app.errorhandler(ArchiveError)
    def answered(error: ArchiveError) -> ResponseReturnValue:
        """Answer with what the error says; at the public side never more than its status."""
        if g.get("user") is None:
            return _plain_page(error.status, str(error.status))
        if request.method == "POST" and request.referrer and error.status in {403, 409, 422}:
            flash(told(error), "error")
            return redirect(pages.own_path(request.referrer) or "/desk")
        decision = getattr(error, "decision", None)
        return (
            render_template("desk/refused.html", error=told(error), decision=decision),
            error.status,
        )

    @app.errorhandler(CSRFError)
    def form_too_old(error: CSRFError) -> ResponseReturnValue:
        return _plain_page(400, "form")

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> ResponseReturnValue:
        return _plain_page(error.code or 500, str(error.code))

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        number = secrets.token_hex(4)
        log.exception("unexpected error %s", number)
        return _plain_page(500, "500", number=number)


def _plain_page(status: int, kind: str, *, number: str | None = None) -> ResponseReturnValue:
    """Return the same plain page for everything that is not there, whatever the reason."""
    try:
        return render_template("site/error.html", status=status, kind=kind, number=number), status
    except Exception:
        log.exception("the error page itself failed")
        return Response(f"{status}", status=status, mimetype="text/plain")
