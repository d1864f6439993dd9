"""What the links in mails open, and how one asks for another: a new password, and the proof of one's address.

Opening a link changes nothing, since programs that look for harm in mails open it too. Its token goes into the session
at once: no later page has it in its address, where a history would keep it and a referrer tell it.
"""

from flask import Blueprint, flash, render_template, request, session, url_for
from werkzeug.wrappers import Response

from client import errors, identity
from client.api import ApiError, Call
from client.forms import Form
from client.pages import see_other
from client.views.account import check_length, explain

pages = Blueprint("links", __name__)

RESET, VERIFY = "reset-token", "verify-token"
LONGEST_TOKEN = 200  # characters: the API takes no more, and the cookie has room for 4 KB in all


@pages.get("/forgot-password")
def forgot_password() -> str:
    """Ask for the address to which a link is to be mailed."""
    return render_template("forgot_password.html", form=Form())


@pages.post("/forgot-password")
def reset_requested() -> Response | tuple[str, int]:
    """Have the link mailed; whether the address has an account is not told."""
    form = Form(request.form)
    form.require({"email": "Enter your e-mail address."})
    if not form.errors:
        try:
            identity.send(Call("POST", "/auth/password-reset", body={"email": form.text("email")}))
            flash("If that address has an account, a link is on its way.", "ok")
            return see_other(url_for("account.sign_in"))
        except ApiError as error:
            explain(error, form)
    return render_template("forgot_password.html", form=form), 400


@pages.get("/reset-password")
def reset_password() -> Response | str:
    """Ask for the new password of whoever got the link."""
    if "token" in request.args:
        return _take_token(RESET)
    return render_template("reset_password.html", form=Form()) if session.get(RESET) else _cannot_reset()


@pages.post("/reset-password")
def password_reset() -> Response | tuple[str, int]:
    """Set the new password and lead on to signing in with it."""
    form = Form(request.form)
    form.require({"password": "Choose a password."})
    check_length(form, "password")
    if not form.errors:
        try:
            return _set_password(form.values["password"])
        except ApiError as error:
            if "token" in error.fields:
                return _cannot_reset()
            explain(error, form)
    return render_template("reset_password.html", form=form), 400


@pages.get("/verify-email")
def verify_email() -> Response | str:
    """Ask for the one press of a button that a program does not make."""
    if "token" in request.args:
        return _take_token(VERIFY)
    return render_template("verify_email.html") if session.get(VERIFY) else _cannot_verify()


@pages.post("/verify-email")
def email_verified() -> Response:
    """Confirm the address that the link was mailed to."""
    try:
        identity.send(Call("POST", "/auth/verify-email", body={"token": session.get(VERIFY, "")}))
    except ApiError as error:
        if error.status != 400:
            raise
        return _cannot_verify()
    session.pop(VERIFY)
    flash("Your e-mail address is confirmed.", "ok")
    return see_other(url_for("account.account"))


def _take_token(kind: str) -> Response:
    """Lead on to the page without the token in its address.

    A page that keeps its address from referrers could not hold a form: under https a form is refused without one.
    """
    session[kind] = request.args["token"][:LONGEST_TOKEN]
    return see_other(request.path)


def _set_password(password: str) -> Response:
    body = {"token": session.get(RESET, ""), "password": password}
    identity.send(Call("POST", "/auth/password-reset/confirm", body=body))
    # All sessions of the account have ended, and this browser's may be one of them.
    identity.sign_out()
    flash("Your new password is set. Sign in with it.", "ok")
    return see_other(url_for("account.sign_in"))


def _cannot_reset() -> Response:
    session.pop(RESET, None)
    message = "It works once, within an hour. If you have set a new password with it, sign in with that."
    return _useless(message, way=url_for(".forgot_password"), label="Ask for a new link")


def _cannot_verify() -> Response:
    session.pop(VERIFY, None)
    message = "It works once, within seven days. Your account tells if your address is confirmed, and sends a new one."
    return _useless(message, way=url_for("account.account"), label="Go to your account")


def _useless(message: str, *, way: str, label: str) -> Response:
    return errors.page("useless_link.html", 400, message=message, way=way, label=label)
