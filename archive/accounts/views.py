"""Log in and out; people and roles at the desk."""

from __future__ import annotations

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import db
from archive.accounts import actions, queries, sessions
from archive.accounts.forms import GrantForm, LoginForm, PasswordForm, UserForm, unit_choices
from archive.accounts.models import Grant, OrgUnit, Role, User
from archive.accounts.permissions import Permission, public, requires
from archive.errors import ArchiveError, Invalid
from archive.telling import told

accounts = Blueprint("accounts", __name__)


@accounts.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Show the log-in page, or log in."""
    form = LoginForm()
    if not form.is_submitted():
        return render_template("accounts/login.html", form=form)
    if not form.validate():
        return render_template("accounts/login.html", form=form), 422
    try:
        token = sessions.log_in(
            form.email.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            secret=current_app.config["SECRET_KEY"],
            before=request.cookies.get(current_app.config["LOGIN_COOKIE"]),
        )
    except sessions.TooManyTries:
        form.password.errors = [_("För många försök. Vänta en kvart och försök igen.")]
        return render_template("accounts/login.html", form=form), 429
    if token is None:
        form.password.errors = [_("Fel e-postadress eller lösenord.")]
        return render_template("accounts/login.html", form=form), 401
    session.clear()  # a form token handed out before the log-in is worth nothing after it
    answer = redirect(_safe_next(request.args.get("next")))
    answer.set_cookie(
        current_app.config["LOGIN_COOKIE"],
        token,
        max_age=int(sessions.ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/",
    )
    return answer


@accounts.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the session on the server, and forget its token here."""
    sessions.log_out(request.cookies.get(current_app.config["LOGIN_COOKIE"]))
    session.clear()
    answer = redirect(url_for("accounts.login"))
    answer.delete_cookie(current_app.config["LOGIN_COOKIE"], path="/")
    return answer


@accounts.route("/desk/account", methods=["GET", "POST"])
@requires(Permission.DESK_SEE)
def account() -> ResponseReturnValue:
    """Show one's own account, or change its password; one logs in anew with the new one."""
    form = PasswordForm()
    if not form.is_submitted():
        return render_template("accounts/account.html", form=form)
    if not form.validate():
        return render_template("accounts/account.html", form=form), 422
    try:
        is_changed = sessions.change_password(
            g.user,
            form.current.data or "",
            form.new.data or "",
            address=request.remote_addr or "",
            secret=current_app.config["SECRET_KEY"],
        )
    except sessions.TooManyTries:
        form.current.errors = [_("För många försök. Vänta en kvart och försök igen.")]
        return render_template("accounts/account.html", form=form), 429
    except Invalid:
        form.new.errors = [_("Det nya lösenordet är det gamla.")]
        return render_template("accounts/account.html", form=form), 422
    if not is_changed:
        form.current.errors = [_("Det är inte ditt nuvarande lösenord.")]
        return render_template("accounts/account.html", form=form), 422
    session.clear()
    flash(_("Lösenordet är bytt. Logga in med det nya."))
    return redirect(url_for("accounts.login"))


@accounts.get("/desk/admin")
@requires(Permission.ACCOUNTS_MANAGE)
def people() -> ResponseReturnValue:
    """Show people, their roles and the organisation."""
    return _people(UserForm(formdata=None), 200)


@accounts.post("/desk/admin/users")
@requires(Permission.ACCOUNTS_MANAGE)
def add_user() -> ResponseReturnValue:
    """Add a member of staff."""
    form = UserForm()
    if not form.validate():
        return _people(form, 422)
    try:
        with db.archive.transaction() as database:
            actions.add_user(
                database,
                form.email.data or "",
                form.name.data or "",
                form.password.data or "",
                actor=g.user,
            )
    except ArchiveError as error:
        form.email.errors = [told(error)]
        return _people(form, error.status)
    flash(_("Kontot finns nu. Ge det en roll."))
    return redirect(url_for("accounts.people"))


@accounts.post("/desk/admin/users/<int:user_id>/grants")
@requires(Permission.ACCOUNTS_MANAGE)
def add_grant(user_id: int) -> ResponseReturnValue:
    """Give a person a role."""
    form = GrantForm()
    with db.archive.transaction() as database:
        units = database.scalars(queries.units()).all()
        form.unit.choices = unit_choices(units)
        if not form.validate():
            flash(_("Rollen gavs inte: kontrollera roll, enhet och datum."), "error")
            return redirect(url_for("accounts.people"))
        unit = queries.need_unit(database, form.unit.data) if form.unit.data else None
        actions.grant(
            database,
            database.get_one(User, user_id),
            Role(form.role.data),
            unit=unit,
            valid_to=form.valid_to.data,
            actor=g.user,
        )
    flash(_("Rollen gäller från och med idag."))
    return redirect(url_for("accounts.people"))


@accounts.post("/desk/admin/users/<int:user_id>/grants/<int:grant_id>/end")
@requires(Permission.ACCOUNTS_MANAGE)
def end_grant(user_id: int, grant_id: int) -> ResponseReturnValue:
    """End a role; the person's log-ins end with it."""
    with db.archive.transaction() as database:
        user, held = database.get_one(User, user_id), database.get_one(Grant, grant_id)
        actions.end_grant(database, held, user, actor=g.user)
    flash(_("Rollen är avslutad."))
    return redirect(url_for("accounts.people"))


@accounts.post("/desk/admin/users/<int:user_id>/active")
@requires(Permission.ACCOUNTS_MANAGE)
def set_active(user_id: int) -> ResponseReturnValue:
    """Open or close an account."""
    with db.archive.transaction() as database:
        user = database.get_one(User, user_id)
        actions.set_active(database, user, request.form.get("active") == "1", actor=g.user)
    flash(_("Kontot är ändrat."))
    return redirect(url_for("accounts.people"))


def _people(form: UserForm, status: int) -> ResponseReturnValue:
    grant_form = GrantForm(formdata=None)
    with db.archive.reading() as database:
        units = database.scalars(queries.units()).all()
        users = database.scalars(queries.users()).all()
    grant_form.unit.choices = unit_choices(units)
    by_id: dict[int, OrgUnit] = {unit.id: unit for unit in units}
    return (
        render_template(
            "accounts/people.html", users=users, units=by_id, form=form, grant_form=grant_form
        ),
        status,
    )


def _safe_next(target: str | None) -> str:
    """Return where to go after log-in: a page of the desk, never another site."""
    path = (target or "").partition("?")[0]
    is_desk = path == "/desk" or path.startswith("/desk/")
    # A browser reads a backslash as a slash and leaves out line breaks and tabs.
    is_plain = target is not None and target.isprintable() and "\\" not in target
    if target and is_desk and is_plain and "//" not in path and ".." not in path.split("/"):
        return target
    return url_for("desk.dashboard")
