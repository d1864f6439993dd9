"""A shopper's own account: is the address confirmed, the password, where one is signed in."""

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import ADA

PROFILE, VERIFICATION = ("GET", "/users/me"), ("POST", "/users/me/verification")
PASSWORD, SESSIONS = ("PUT", "/users/me/password"), ("GET", "/users/me/sessions")
TYPED = {"old_password": "correct horse", "new_password": "a quite different pass phrase"}
AGAIN = "Send the confirmation mail again"


def make_session(session_id, **changes):
    at = "2026-01-02T03:04:05Z"
    return {"id": session_id, "current": False, "started_at": at, "renewed_at": at, "expires_at": at} | changes


@pytest.mark.parametrize(
    ("profile", "asks"),
    [
        ({"email_verified": True}, False),
        ({"email_verified": False}, True),
        ({"email_verified": True, "pending_email": "new@example.com"}, True),
    ],
)
def test_the_account_tells_whether_the_address_is_confirmed(signed_in, api, profile, asks):
    api.says[PROFILE] = Answer(ADA | profile)
    page = signed_in.get("/account").text
    assert ((">Not confirmed<" in page), (AGAIN in page)) == (asks, asks)
    assert (">Confirmed<" in page) == profile["email_verified"]
    assert profile.get("pending_email", "") in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Answer(None), "A mail with a link is on its way."),
        (ApiError(409, "Your e-mail address is confirmed already."), "Your e-mail address is confirmed already."),
        (ApiError(429, "Enough mails were sent.", retry_after=3600), "Enough mails were sent."),
    ],
)
def test_the_mail_is_sent_again_or_it_is_told_why_not(signed_in, api, said, told):
    api.says[PROFILE], api.says[VERIFICATION] = Answer(ADA), said
    answer = signed_in.post("/account/verification")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert told in signed_in.get("/account").text


def test_a_changed_password_goes_to_the_api_and_the_session_goes_on(signed_in, api):
    api.says[PROFILE], api.says[PASSWORD] = Answer(ADA), Answer(None)
    answer = signed_in.post("/account/password", TYPED)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert api.sent(*PASSWORD)[0].body == TYPED
    assert "Your password is changed." in signed_in.get("/account").text


@pytest.mark.parametrize(
    ("typed", "errors", "message"),
    [
        ({"old_password": ""}, {}, '<a href="#f-old_password">Enter your present password.</a>'),
        ({"new_password": "short"}, {}, '<a href="#f-new_password">Choose a password of at least 10 characters.</a>'),
        ({}, {"old_password": "is not your password"}, '<a href="#f-old_password">This is not your password.</a>'),
    ],
)
def test_what_is_wrong_with_the_passwords_is_told_at_their_fields(signed_in, api, typed, errors, message):
    api.says[PASSWORD] = ApiError(400, "Not valid", errors)
    answer = signed_in.post("/account/password", TYPED | typed)
    assert answer.status_code == 400
    assert message in answer.text
    assert "correct horse" not in answer.text
    assert len(api.sent(*PASSWORD)) == len(errors)


def test_every_other_session_can_be_signed_out(signed_in, api):
    entries = [make_session("s1", current=True), make_session("s2")]
    api.says[SESSIONS] = Answer({"items": entries, "next_cursor": "s2"})
    page = signed_in.get("/account/sessions").text
    assert 'action="/account/sessions/s2/end"' in page
    assert 'action="/account/sessions/s1/end"' not in page
    assert page.count("This browser") == 1
    signed_in.get("/account/sessions?cursor=s2")
    assert [call.query for call in api.sent(*SESSIONS)] == [{}, {"cursor": "s2"}]


@pytest.mark.parametrize("said", [Answer(None), ApiError(404, "There is no such session.")])
def test_a_session_that_is_signed_out_twice_is_signed_out(signed_in, api, said):
    api.says["DELETE", "/users/me/sessions/s2"] = said
    api.says[SESSIONS] = Answer({"items": [], "next_cursor": None})
    assert signed_in.post("/account/sessions/s2/end").location == "/account/sessions"
    assert "That session is signed out." in signed_in.get("/account/sessions").text


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/sessions"])
def test_nobody_sees_an_account_without_signing_in(shopper, api, path):
    assert shopper.get(path).location == f"/sign-in?next={path}"
    assert not api.calls
