"""What every page shares: its language, links that keep it, dates and sizes in words.

Swedish lives at `/`, English at `/en/…`; the desk, which has one address, remembers the
choice in a cookie. Knows no room. Begin at `install` and `both_languages`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, request, url_for
from flask.typing import RouteCallable
from flask_babel import format_date, format_datetime, format_decimal

from archive import clock
from archive.config import Config

LANGUAGES = {"sv": "Svenska", "en": "English"}
_COOKIE = "language"
# Babel's English is American: "May 3, 1970". The reader of this archive writes 3 May 1970.
_BRITISH = {"long": "d MMMM y", "medium": "d MMM y", "short": "dd/MM/y"}


def number_asked(name: str = "page", *, least: int = 1) -> int:
    """Return the number that the address asks for, within what any list could have."""
    asked = request.args.get(name, least, type=int)
    return min(max(asked, least), 1_000_000)


def language() -> str:
    """Return "sv" or "en": from the path on the public web, from the choice at the desk."""
    if not has_request_context():
        return "sv"
    if request.path == "/en" or request.path.startswith("/en/"):
        return "en"
    if not request.path.startswith(("/desk", "/login")):
        return "sv"
    chosen = request.args.get("lang") or request.cookies.get(_COOKIE)
    return chosen if chosen in LANGUAGES else "sv"


def both_languages(
    blueprint: Blueprint, rule: str, **options: Any
) -> Callable[[RouteCallable], RouteCallable]:
    """Register a view at `rule` in Swedish and at `/en` + `rule` in English.

    `url_for` keeps the language of the page it stands on; `lang="en"` asks for the other.
    """

    def register(view: RouteCallable) -> RouteCallable:
        for code, prefix in (("sv", ""), ("en", "/en")):
            path = prefix + rule
            blueprint.add_url_rule(path, view_func=view, defaults={"lang": code}, **options)
        return view

    return register


def install(app: Flask) -> None:
    """Give every template its language, its links and its words for dates and sizes."""
    app.url_defaults(_keep_language)
    app.url_value_preprocessor(_forget_language)
    app.after_request(_remember_choice)
    app.jinja_env.globals.update(
        page_language=language,
        languages=LANGUAGES,
        switch_language=switch_language,
        here=here,
        at=at,
        asset=asset,
        this_day=clock.today,
    )
    app.jinja_env.filters.update(day=day, moment=moment, size=size, number=number, joints=joints)


def switch_language(code: str) -> str:
    """Return this same page, with its query, in another language."""
    query = request.args.to_dict(flat=False)
    query.pop("lang", None)
    if request.endpoint is None:
        return "/en/" if code == "en" else "/"
    if not current_app.url_map.is_endpoint_expecting(request.endpoint, "lang"):
        return f"{request.path}?{urlencode({**query, 'lang': code}, doseq=True)}"
    path = url_for(request.endpoint, **{**(request.view_args or {}), "lang": code})
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def here(**changes: object) -> str:
    """Return this page with some of its query changed; None takes a part away."""
    query: dict[str, Any] = request.args.to_dict(flat=False)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{request.path}?{urlencode(query, doseq=True)}" if query else request.path


def at(path: str, **query: object) -> str:
    """Return the public page at `path` in the language of this page."""
    prefix = "/en" if language() == "en" else ""
    return f"{prefix}{path}?{urlencode(query, doseq=True)}" if query else prefix + path


def own_path(url: str | None) -> str | None:
    """Return path and query of `url` if it leads to this site, else None (no open redirect)."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.netloc not in {"", request.host} or parts.scheme not in {"", "http", "https"}:
        return None
    if not parts.path.startswith("/") or parts.path.startswith(("//", "/\\")):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def absolute(path: str) -> str:
    """Return the address of `path` as the world writes it, from the setting BASE_URL."""
    config: Config = current_app.config["STADSARKIV"]
    return config.base_url + path


def asset(name: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    versions: dict[str, str] = current_app.extensions.setdefault("stadsarkiv-assets", {})
    if name not in versions or current_app.debug:
        versions[name] = _version_of(name)
    return str(url_for("static", filename=name, v=versions[name]))


def day(value: date | str | None, style: str = "long") -> str:
    """Return a day in words of the page's language: "3 maj 1970". Text may be ISO 8601."""
    if not value:
        return ""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            return str(value)
    if isinstance(value, datetime):
        value = value.astimezone(clock.STOCKHOLM).date()
    return str(format_date(value, _BRITISH.get(style, style) if language() == "en" else style))


def moment(value: datetime | None) -> str:
    """Return a moment in Swedish time, to the minute."""
    return format_datetime(value.astimezone(clock.STOCKHOLM), "d MMM y HH:mm") if value else ""


def size(count: int | None) -> str:
    """Return a number of bytes as people read it: "1,2 MB"."""
    amount, unit = float(count or 0), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{format_decimal(round(amount, 1 if unit != 'B' and amount < 100 else 0))} {unit}"


def joints(text: str) -> str:
    """Return the text with soft hyphens at the joints of our longest word, for narrow screens."""
    return text.replace("nshanteringsplan", "ns\u00adhanterings\u00adplan")


def number(value: float | None) -> str:
    """Return a number with the language's own separators."""
    return str(format_decimal(value or 0))


def _version_of(name: str) -> str:
    path = Path(str(current_app.static_folder)) / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = language()


def _forget_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        g.language = values.pop("lang", None)


def _remember_choice(response: Response) -> Response:
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and request.path.startswith(("/desk", "/login")):
        response.set_cookie(
            _COOKIE, chosen, max_age=31536000, samesite="Lax", httponly=True, path="/"
        )
    return response
