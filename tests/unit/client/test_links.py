"""What the links in mails open."""

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import ADA, field_of

CONFIRM, VERIFY = ("POST", "/auth/password-reset/confirm"), ("POST", "/auth/verify-email")
USELESS = ApiError(400, "Not valid: token.", {"token": "has been used, has expired, or never was good"})
NEW = {"password": "a quite different pass phrase"}


@pytest.mark.parametrize("path", ["/reset-password", "/verify-email"])
def test_the_address_of_a_link_is_neither_told_nor_kept(shopper, api, path):
    answer = shopper.get(f"{path}?token=t-1")
    assert (answer.status_code, answer.location) == (303, path)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    page = shopper.get(path)
    assert page.status_code == 200
    assert "t-1" not in page.text
    assert not api.calls


@pytest.mark.parametrize("path", ["/reset-password", "/verify-email"])
def test_a_form_of_a_link_works_under_https(shopper, api, path):
    api.says[CONFIRM] = api.says[VERIFY] = Answer(None)
    shopper.get(f"{path}?token=t-1")
    https = {"X-Forwarded-Proto": "https"}
    # A browser sends the referrer that the page's policy allows.
    assert shopper.get(path, headers=https).headers["Referrer-Policy"] == "same-origin"
    answer = shopper.post(path, NEW, headers={**https, "Referer": f"https://localhost{path}"})
    assert answer.status_code == 303


def test_a_link_is_asked_for_from_the_sign_in_page_and_the_answer_tells_nothing(shopper, api):
    api.says["POST", "/auth/password-reset"] = Answer(None)
    assert 'href="/forgot-password"' in shopper.get("/sign-in").text
    answer = shopper.post("/forgot-password", {"email": " ada@example.com "})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert api.sent("POST", "/auth/password-reset")[0].body == {"email": "ada@example.com"}
    assert "If that address has an account, a link is on its way." in shopper.get("/sign-in").text


def test_an_address_that_is_none_is_told_at_its_field(shopper, api):
    assert "Enter your e-mail address." in shopper.post("/forgot-password", {"email": ""}).text
    api.says["POST", "/auth/password-reset"] = ApiError(400, "Not valid", {"email": "must be an e-mail address"})
    answer = shopper.post("/forgot-password", {"email": "ada"})
    assert answer.status_code == 400
    assert '<a href="#f-email">This must be an e-mail address.</a>' in answer.text
    assert field_of(answer.text, "email") == "ada"


def test_a_new_password_is_set_once_and_signs_out_here_too(signed_in, api):
    api.says[CONFIRM] = api.says["POST", "/auth/logout"] = Answer(None)
    signed_in.get("/reset-password?token=t-1")
    answer = signed_in.post("/reset-password", NEW)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert api.sent(*CONFIRM)[0].body == {"token": "t-1", **NEW}
    assert "Your new password is set." in signed_in.get("/sign-in").text
    assert signed_in.get("/account").location == "/sign-in?next=/account"
    assert signed_in.get("/reset-password").status_code == 400


@pytest.mark.parametrize(
    ("password", "error", "message"),
    [
        ("", None, "Choose a password."),
        ("short", None, "Choose a password of at least 10 characters."),
        (
            "aaaaaaaaaa",
            {"password": "must have more different characters"},
            "This must have more different characters.",
        ),
    ],
)
def test_a_password_that_is_not_taken_can_be_mended(shopper, api, password, error, message):
    if error:
        api.says[CONFIRM] = ApiError(400, "Not valid", error)
    shopper.get("/reset-password?token=t-1")
    answer = shopper.post("/reset-password", {"password": password})
    assert answer.status_code == 400
    assert f'<a href="#f-password">{message}</a>' in answer.text
    assert not password or password not in answer.text
    api.says[CONFIRM] = Answer(None)
    assert shopper.post("/reset-password", NEW).status_code == 303
    assert api.sent(*CONFIRM)[-1].body["token"] == "t-1"


def test_an_api_that_is_down_leaves_the_link_good(shopper, api):
    api.says[CONFIRM] = ApiError(503, "down")
    shopper.get("/reset-password?token=t-1")
    assert "Try again in a few seconds" in shopper.post("/reset-password", NEW).text
    assert shopper.get("/reset-password").status_code == 200


@pytest.mark.parametrize(("path", "way"), [("/reset-password", "/forgot-password"), ("/verify-email", "/account")])
def test_a_link_that_is_no_longer_good_leads_to_a_new_one(shopper, api, path, way):
    api.says[CONFIRM] = api.says[VERIFY] = USELESS
    shopper.get(f"{path}?token=t-1")
    sent, again = shopper.post(path, NEW), shopper.get(path)
    for answer in (sent, again):
        assert answer.status_code == 400
        assert "This link is no longer good" in answer.text
        assert f'<a class="button" href="{way}">' in answer.text


def test_opening_a_link_confirms_nothing_and_its_button_does(signed_in, api):
    api.says[VERIFY] = Answer(None)
    api.says["GET", "/users/me"] = Answer(ADA | {"email_verified": True})
    signed_in.get("/verify-email?token=t-1")
    assert "Confirm this address" in signed_in.get("/verify-email").text
    assert not api.sent(*VERIFY)
    answer = signed_in.post("/verify-email")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert api.sent(*VERIFY)[0].body == {"token": "t-1"}
    assert "Your e-mail address is confirmed." in signed_in.get("/account").text


def test_who_is_not_signed_in_is_told_too_that_their_address_is_confirmed(shopper, api):
    api.says[VERIFY] = Answer(None)
    shopper.get("/verify-email?token=t-1")
    shopper.post("/verify-email")
    assert "Your e-mail address is confirmed." in shopper.get(shopper.get("/account").location).text


def test_an_address_that_another_account_has_by_now_is_told(shopper, api):
    api.says[VERIFY] = ApiError(409, "There is an account with this e-mail address already. Sign in instead.")
    shopper.get("/verify-email?token=t-1")
    answer = shopper.post("/verify-email")
    assert answer.status_code == 409
    assert "There is an account with this e-mail address already." in answer.text
