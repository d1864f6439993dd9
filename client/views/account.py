"""Having an account: register, sign in, sign out, see who one is and where, change the password."""

from collections.abc import Mapping

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from client import identity
from client.api import ApiError, Call, at
from client.basket import Basket
from client.forms import Form
from client.pages import keep_basket, local_path, see_other

pages = Blueprint("account", __name__)

SHORTEST_PASSWORD = 10


@pages.get("/sign-in")
def sign_in() -> str:
    """Ask for e-mail and password."""
    return render_template("sign_in.html", form=Form(), next=_next())


@pages.post("/sign-in")
def signed_in() -> Response | tuple[str, int]:
    """Begin a session and go where the shopper wanted to go."""
    form = Form(request.form)
    form.require({"email": "Enter your e-mail address.", "password": "Enter your password."})
    if not form.errors:
        try:
            return _begin("/auth/login", {"email": form.text("email"), "password": form.values["password"]})
        except ApiError as error:
            explain(error, form, {401: "E-mail and password do not match. Check both and try again."})
    return render_template("sign_in.html", form=form, next=_next()), 400


@pages.get("/register")
def register() -> str:
    """Ask for what an account needs."""
    return render_template("register.html", form=Form(), next=_next())


@pages.post("/register")
def registered() -> Response | tuple[str, int]:
    """Make the account and begin a session in it."""
    form = Form(request.form)
    form.require({"name": "Enter your name.", "email": "Enter your e-mail address.", "password": "Choose a password."})
    check_length(form, "password")
    if not form.errors:
        person = {name: form.text(name) for name in ("name", "email")} | {"password": form.values["password"]}
        try:
            return _begin_new(person)
        except ApiError as error:
            explain(error, form, {409: "There is an account with this e-mail already. Sign in instead."})
    return render_template("register.html", form=form, next=_next()), 400


@pages.post("/sign-out")
def sign_out() -> Response:
    """End the session and leave nothing behind, the basket included: the next person may be somebody else."""
    identity.sign_out()
    keep_basket(Basket())
    flash("You are signed out.")
    return see_other(url_for("books.home"))


@pages.get("/account")
def account() -> str:
    """Show who is signed in, as the API knows them."""
    return render_template("account.html", profile=identity.send_as_user(Call("GET", "/users/me")).body)


@pages.post("/account/verification")
def send_verification() -> Response:
    """Have the link mailed again with which the shopper confirms their address."""
    try:
        identity.send_as_user(Call("POST", "/users/me/verification"))
        flash("A mail with a link is on its way.", "ok")
    except ApiError as error:
        if error.status not in {409, 429}:
            raise
        flash(str(error), "warn")
    return see_other(url_for(".account"))


@pages.get("/account/password")
def change_password() -> str:
    """Ask for the old password and a new one."""
    identity.require_user()
    return render_template("change_password.html", form=Form())


@pages.post("/account/password")
def password_changed() -> Response | tuple[str, int]:
    """Set the new password; the session goes on here and nowhere else."""
    form = Form(request.form)
    form.require({"old_password": "Enter your present password.", "new_password": "Choose a password."})
    check_length(form, "new_password")
    if not form.errors:
        body = {name: form.values[name] for name in ("old_password", "new_password")}
        try:
            identity.send_as_user(Call("PUT", "/users/me/password", body=body))
            flash("Your password is changed.", "ok")
            return see_other(url_for(".account"))
        except ApiError as error:
            explain(error, form)
    return render_template("change_password.html", form=form), 400


@pages.get("/account/sessions")
def sessions() -> str:
    """List where the shopper is signed in."""
    cursor = request.args.get("cursor", "")
    found = identity.send_as_user(Call("GET", "/users/me/sessions", {"cursor": cursor} if cursor else {})).body
    return render_template("sessions.html", sessions=found["items"], following=found["next_cursor"])


@pages.post("/account/sessions/<session_id>/end")
def end_session(session_id: str) -> Response:
    """Sign the shopper out in one place; they may be out there already."""
    identity.delete_as_user(at("users", "me", "sessions", session_id))
    flash("That session is signed out.", "ok")
    return see_other(url_for(".sessions"))


def _begin(path: str, body: dict[str, str]) -> Response:
    identity.sign_in(identity.send(Call("POST", path, body=body)).body)
    return see_other(_next())


def _begin_new(person: dict[str, str]) -> Response:
    """Make the account, or sign in to the one that the same form made when it was sent twice."""
    try:
        return _begin("/auth/register", person)
    except ApiError as error:
        if error.status != 409:
            raise
        try:
            return _begin("/auth/login", {name: person[name] for name in ("email", "password")})
        except ApiError:
            raise error from None


def check_length(form: Form, name: str) -> None:
    """Say so when a new password is too short."""
    if 0 < len(form.values.get(name, "")) < SHORTEST_PASSWORD:
        form.fail(name, f"Choose a password of at least {SHORTEST_PASSWORD} characters.")


def explain(error: ApiError, form: Form, told: Mapping[int, str] | None = None) -> None:
    """Say in the form what was wrong with it; `told` is about the e-mail. Anything else is for the error pages."""
    told = told or {}
    if error.status == 429 and error.retry_after:
        form.fail("", f"Too many attempts. Try again in {error.retry_after} seconds.")
    elif error.status in told:
        form.fail("email", told[error.status])
    elif error.is_open:
        form.fail("", "The shop does not answer at the moment. Try again in a few seconds.")
    elif error.status == 400:
        form.take(error)
    else:
        raise error


def _next() -> str:
    return local_path(request.values.get("next"))
