"""Ask for a record, without a name if one likes, and follow the case with one's own link.

Between the pages the answers travel in a signed field; nothing is stored before they are sent.
What is sent lies on the counter; the archive is not reached from here. Begin at `start`.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.utils import secure_filename

from archive import clock, db, pages
from archive.counter import actions as counter
from archive.counter import queries, seal
from archive.edition import queries as edition
from archive.errors import NotFound
from archive.site.blueprint import page
from archive.site.forms import MessageForm, SendForm, WhatForm, WhoForm

_HOUR = 3600
_ABOUT = {"error", "accessibility", "takedown"}


@page("/requests/new", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    """Ask what it is about; the record is named by its public title, or as it was typed."""
    asked = request.args.get("record", "")[:300]
    subject = request.args.get("subject", "")[:500]
    form = WhatForm(data={"record": asked, "question": subject})
    if not form.validate_on_submit():
        title = _public_title(asked)
        status = 422 if request.method == "POST" else 200
        return _private(render_template("site/requests/what.html", form=form, title=title), status)
    so_far = {
        "question": form.question.data,
        "records": [form.record.data.strip()] if form.record.data else [],
        "kind": request.args.get("about") if request.args.get("about") in _ABOUT else "disclosure",
    }
    who = WhoForm(formdata=None, data={"so_far": _signed(so_far)})
    return _private(render_template("site/requests/who.html", form=who))


@page("/requests/check", methods=["POST"])
def check() -> ResponseReturnValue:
    """Show the answers once more before they are sent."""
    form = WhoForm()
    so_far = _read(form.so_far.data)
    if not form.validate():
        return _private(render_template("site/requests/who.html", form=form), 422)
    so_far |= {
        "requester": form.requester.data or None,
        "email": form.email.data or None,
        "contact": form.contact.data or None,
    }
    titles = [_public_title(asked) or asked for asked in so_far["records"]]
    send = SendForm(formdata=None, data={"so_far": _signed(so_far)})
    return _private(
        render_template("site/requests/check.html", form=send, answers=so_far, titles=titles)
    )


@page("/requests/send", methods=["POST"])
def send() -> ResponseReturnValue:
    """Hand it in, and lead to the page with the link that opens the case."""
    so_far = _read(SendForm().so_far.data)
    token = seal.new_token()
    with db.counter.transaction() as session:
        counter.hand_in(
            session,
            "request",
            token,
            {**so_far, "language": pages.language()},
            address=request.remote_addr or "",
            key=current_app.config["SECRET_KEY"],
        )
    # Another page, so that who reloads it does not hand it in again.
    return redirect(url_for("site.follow", token=token, sent="1"), 303)


@page("/requests/<token>")
def follow(token: str) -> ResponseReturnValue:
    """Show how a case stands to the one who holds its token; at first, the link to keep."""
    if request.args.get("sent"):
        with db.counter.reading() as session:
            queries.notice(session, token)
        link = pages.absolute(url_for("site.follow", token=token))
        return _private(render_template("site/requests/done.html", link=link))
    return _followed(token, MessageForm(formdata=None), 200)


@page("/requests/<token>/messages", methods=["POST"])
def message(token: str) -> ResponseReturnValue:
    """Leave a message in one's case."""
    form = MessageForm()
    if not form.validate():
        return _followed(token, form, 422)
    return _left(token, "message", {"body": form.body.data})


@page("/requests/<token>/withdraw", methods=["POST"])
def withdraw(token: str) -> ResponseReturnValue:
    """Take one's request back."""
    return _left(token, "withdraw", {})


@page("/requests/<token>/files/<release_id>")
def released(token: str, release_id: str) -> ResponseReturnValue:
    """Send a file that was handed out; opened with the token, streamed, counted."""
    with db.counter.transaction() as session:
        name, pieces = queries.open_release(session, token, release_id)
    answer = Response(pieces, mimetype="application/octet-stream")
    answer.headers.set(
        "Content-Disposition", "attachment", filename=secure_filename(name) or "handling"
    )
    return _private(answer)


def _followed(token: str, form: MessageForm, status: int) -> ResponseReturnValue:
    with db.counter.reading() as session:
        notice = queries.notice(session, token)
        files = queries.releases(session, token)
    body = render_template(
        "site/requests/follow.html",
        notice=notice,
        files=files,
        form=form,
        token=token,
        today=clock.today(),
    )
    return _private(body, status)


def _left(token: str, kind: str, payload: dict[str, Any]) -> ResponseReturnValue:
    with db.counter.transaction() as session:
        queries.notice(session, token)
        counter.hand_in(
            session,
            kind,
            token,
            payload,
            address=request.remote_addr or "",
            key=current_app.config["SECRET_KEY"],
        )
    return redirect(url_for("site.follow", token=token, left="1"))


def _public_title(asked: str) -> str | None:
    """Return the title that everyone may see; None says nothing about what exists."""
    if not asked:
        return None
    with db.edition.reading() as session:
        today = clock.today()
        row = edition.record(session, asked, today) or edition.by_reference(session, asked, today)
    return f"{row.title} ({row.reference})" if row else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="requests")


def _signed(so_far: dict[str, Any]) -> str:
    return str(_signer().dumps(so_far))


def _read(signed: str | None) -> dict[str, Any]:
    try:
        form: dict[str, Any] = _signer().loads(signed or "", max_age=12 * _HOUR)
    except BadSignature as error:
        raise NotFound("the answers so far cannot be read; begin again") from error
    return form


def _private(body: Any, status: int = 200) -> Response:
    answer = make_response(body, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
