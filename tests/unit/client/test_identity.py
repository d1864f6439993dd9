"""Accounts and the session: who is signed in, and what the cookie gives away."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import ADA, make_order, make_tokens

PROFILE = ("GET", "/users/me")


def test_the_cookie_shows_nothing_of_the_tokens(signed_in):
    sealed = signed_in.cookie("folio")
    opened = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    for secret in ("access-1", "refresh-1", ADA["email"]):
        assert secret not in sealed
        assert secret.encode() not in opened


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(shopper, api):
    api.says["POST", "/auth/login"] = Answer(make_tokens())
    sent = shopper.sign_in().headers["Set-Cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    assert "Secure" not in sent


def test_the_cookie_is_secure_when_the_shopper_came_by_https(shopper):
    answer = shopper.get("/help", headers={"X-Forwarded-Proto": "https"})
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_a_changed_cookie_signs_nobody_in(signed_in):
    sealed = signed_in.cookie("folio")
    signed_in.browser.set_cookie("folio", sealed[:-8] + "AAAAAAA=")
    assert signed_in.get("/account").status_code == 303


def test_nothing_of_the_session_before_signing_in_is_kept(shopper, api):
    before = shopper.get("/help").headers["Set-Cookie"]
    api.says["POST", "/auth/login"] = Answer(make_tokens())
    shopper.sign_in()
    token_of_before = before.split("folio=")[1].split(";")[0]
    assert shopper.cookie("folio") != token_of_before


def test_a_token_about_to_expire_is_renewed_before_it_is_used(shopper, api):
    api.says["POST", "/auth/login"] = Answer(make_tokens(expires_in=10))
    api.says["POST", "/auth/refresh"] = Answer(make_tokens("access-2", "refresh-2"))
    api.says[PROFILE] = Answer(ADA)
    shopper.sign_in()
    assert shopper.get("/account").status_code == 200
    assert [call.token for call in api.sent(*PROFILE)] == ["access-2"]
    assert api.sent("POST", "/auth/refresh")[0].body == {"refresh_token": "refresh-1"}
    shopper.get("/account")
    assert len(api.sent("POST", "/auth/refresh")) == 1


def test_a_refused_token_is_renewed_and_the_call_made_again(signed_in, api):
    api.says["POST", "/auth/refresh"] = Answer(make_tokens("access-2", "refresh-2"))
    api.says[PROFILE] = lambda call: Answer(ADA) if call.token == "access-2" else ApiError(401, "expired")
    assert signed_in.get("/account").status_code == 200


def test_a_session_that_the_api_ended_leads_to_signing_in_and_back(signed_in, api):
    api.says["POST", "/auth/refresh"] = ApiError(401, "revoked")
    api.says[PROFILE] = ApiError(401, "expired")
    answer = signed_in.get("/account")
    assert answer.location == "/sign-in?next=/account"
    assert "Sign in" in signed_in.get("/help").text


def test_an_api_that_is_down_signs_nobody_out(signed_in, api):
    api.says["POST", "/auth/refresh"] = ApiError(503, "down")
    api.says[PROFILE] = ApiError(401, "expired")
    assert signed_in.get("/account").status_code == 503
    api.says[PROFILE] = Answer(ADA)
    assert signed_in.get("/account").status_code == 200


def test_signing_out_revokes_the_refresh_token_even_if_the_api_does_not_answer(signed_in, api):
    api.says["POST", "/auth/logout"] = ApiError(503, "down")
    assert signed_in.post("/sign-out").status_code == 303
    assert api.sent("POST", "/auth/logout")[0].body == {"refresh_token": "refresh-1"}
    assert signed_in.get("/account").status_code == 303


def test_a_wrong_password_keeps_the_email_and_says_why(shopper, api):
    api.says["POST", "/auth/login"] = ApiError(401, "wrong")
    answer = shopper.sign_in()
    assert answer.status_code == 400
    assert "do not match" in answer.text
    assert 'value="ada@example.com"' in answer.text
    assert "correct horse" not in answer.text


def test_the_apis_messages_stand_at_their_fields(shopper, api):
    api.says["POST", "/auth/register"] = ApiError(400, "Not valid", {"password": "must not be a common password"})
    answer = shopper.post("/register", {"name": "Ada", "email": "a@b.co", "password": "password1234"})
    assert 'aria-describedby="h-password e-password" aria-invalid="true"' in answer.text
    assert '<a href="#f-password">This must not be a common password.</a>' in answer.text


def test_a_form_that_is_sent_twice_signs_in_to_the_account_it_made(shopper, api):
    api.says["POST", "/auth/register"] = ApiError(409, "taken")
    api.says["POST", "/auth/login"] = Answer(make_tokens())
    api.says[PROFILE] = Answer(ADA)
    answer = shopper.post("/register", {"name": "Ada", "email": "a@b.co", "password": "correct horse"})
    assert answer.location == "/"
    assert shopper.get("/account").status_code == 200


def test_an_api_that_is_down_leaves_what_was_typed(shopper, api):
    api.says["POST", "/auth/register"] = ApiError(503, "down")
    answer = shopper.post("/register", {"name": "Ada", "email": "a@b.co", "password": "correct horse"})
    assert "Try again in a few seconds" in answer.text
    assert 'value="a@b.co"' in answer.text


def test_a_taken_email_is_told_at_its_field(shopper, api):
    api.says["POST", "/auth/register"] = ApiError(409, "taken")
    api.says["POST", "/auth/login"] = ApiError(401, "wrong")
    answer = shopper.post("/register", {"name": "Ada", "email": "a@b.co", "password": "correct horse"})
    assert "There is an account with this e-mail already" in answer.text


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/evil"]
)
def test_nobody_is_led_away_after_signing_in(shopper, api, path):
    api.says["POST", "/auth/login"] = Answer(make_tokens())
    answer = shopper.post("/sign-in", {"email": "a@b.co", "password": "x", "next": path})
    assert answer.location == "/"


def test_who_wanted_a_page_gets_it_after_signing_in(shopper, api):
    asked = shopper.get("/orders?cursor=5")
    api.says["POST", "/auth/login"] = Answer(make_tokens())
    back = parse_qs(urlsplit(asked.location).query)["next"][0]
    answer = shopper.post("/sign-in", {"email": "a@b.co", "password": "x", "next": back})
    assert answer.location == "/orders?cursor=5"


def test_calls_carry_the_shoppers_address_and_the_requests_id(signed_in, api):
    api.says["GET", "/orders/o1"] = Answer(make_order())
    signed_in.get("/orders/o1", headers={"X-Forwarded-For": "192.0.2.9", "X-Call-Id": "id-7"})
    assert (api.callers[-1].address, api.callers[-1].call_id) == ("192.0.2.9", "id-7")


def test_a_signed_in_shopper_says_so_in_every_call(signed_in, api):
    api.holds()
    signed_in.get("/books")
    assert [caller.signed_in for caller in api.callers[-1:]] == [True]


def test_a_shopper_who_is_not_signed_in_does_not(shopper, api):
    api.holds()
    shopper.get("/books")
    assert [caller.signed_in for caller in api.callers[-1:]] == [False]
