"""Refresh tokens: rotation, siblings, and the end of a family."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bookstore.accounts import users
from bookstore.accounts.sessions import GRACE, REFRESH_LIFETIME, refresh_session, start_session
from bookstore.clock import now
from bookstore.database import fetch_one, transaction
from bookstore.errors import Unauthorized
from bookstore.identity import verify
from tests.handlers import call
from tests.integration.together import together

ADA = {"email": "ada@example.com", "password": "correct horse battery", "name": "Ada Lovelace"}
LATER = timedelta(seconds=1)


@pytest.fixture
def session(accounts_db):
    return call("register", ADA).body


def refused(token, at=None):
    try:
        refresh_session(token, at=at)
    except Unauthorized:
        return True
    return False


def test_a_refresh_token_is_exchanged_for_new_tokens_of_the_same_user(session):
    renewed = call("refresh-token", {"refresh_token": session["refresh_token"]}).body
    assert renewed["refresh_token"] != session["refresh_token"]
    assert renewed["user"] == session["user"]
    assert verify(renewed["access_token"]).id == session["user"]["id"]


def test_a_token_used_again_within_thirty_seconds_gives_a_sibling(session):
    start = now()
    first = refresh_session(session["refresh_token"], at=start)
    sibling = refresh_session(session["refresh_token"], at=start + GRACE)
    assert first.refresh_token != sibling.refresh_token
    assert not refused(first.refresh_token, start + GRACE)
    assert not refused(sibling.refresh_token, start + GRACE)


def test_a_token_used_again_later_ends_the_whole_family(session):
    start = now()
    first = refresh_session(session["refresh_token"], at=start)
    second = refresh_session(first.refresh_token, at=start + LATER)
    assert refused(session["refresh_token"], start + GRACE + LATER)
    assert refused(second.refresh_token, start + GRACE + LATER)


def test_whoever_is_no_admin_any_more_when_their_password_is_checked_signs_in_as_a_user(accounts_db, session):
    was_admin = replace(users.find(accounts_db, session["user"]["id"]), role="admin")
    opened = transaction("accounts", lambda db: start_session(db, was_admin, at=now()))
    assert (opened.user.role, verify(opened.access_token).role) == ("user", "user")


def test_another_sign_in_of_the_same_user_lives_on(session):
    other, start = call("login", {"email": ADA["email"], "password": ADA["password"]}).body, now()
    refresh_session(session["refresh_token"], at=start)
    assert refused(session["refresh_token"], start + GRACE + LATER)
    assert not refused(other["refresh_token"], start + GRACE + LATER)


def test_the_thirty_seconds_begin_with_the_first_use(session):
    start = now()
    for seconds in (0, 20, 29):
        assert not refused(session["refresh_token"], start + timedelta(seconds=seconds))
    assert refused(session["refresh_token"], start + timedelta(seconds=31))


def test_a_token_lives_thirty_days_and_each_new_one_again(session):
    start = now()
    almost = start + REFRESH_LIFETIME - timedelta(minutes=1)
    renewed = refresh_session(session["refresh_token"], at=almost)
    assert refused(session["refresh_token"], start + REFRESH_LIFETIME + LATER)
    assert not refused(renewed.refresh_token, almost + timedelta(days=29))


def test_many_tabs_that_renew_at_once_all_stay_signed_in(session, accounts_db):
    renewed = together(12, lambda _: refresh_session(session["refresh_token"]))
    assert len({each.refresh_token for each in renewed}) == 12
    assert not any(refused(each.refresh_token) for each in renewed)
    assert fetch_one(accounts_db, "SELECT COUNT(*) AS n FROM token_families") == {"n": 1}


def test_nothing_renewed_survives_a_theft_noticed_at_the_same_moment(session):
    start = now()
    first = refresh_session(session["refresh_token"], at=start)
    late = start + GRACE + LATER

    def act(number):
        token = session["refresh_token"] if number % 2 else first.refresh_token
        try:
            return refresh_session(token, at=late).refresh_token
        except Unauthorized:
            return None

    got = [token for token in together(10, act) if token]
    assert all(refused(token, late) for token in got)


def test_signing_out_ends_the_session_and_may_be_repeated(session):
    token = {"refresh_token": session["refresh_token"]}
    renewed = call("refresh-token", token).body
    assert call("logout", {"refresh_token": renewed["refresh_token"]}).status == 204
    assert call("logout", {"refresh_token": renewed["refresh_token"]}).status == 204
    assert refused(session["refresh_token"])
    assert refused(renewed["refresh_token"])


@pytest.mark.parametrize("token", ["x", "' OR 1=1", "0" * 64, "é"])
def test_an_unknown_token_renews_nothing_and_ends_nothing(session, token):
    assert call("refresh-token", {"refresh_token": token}).status == 401
    assert call("logout", {"refresh_token": token}).status == 204
    assert not refused(session["refresh_token"])


def as_user(function, session, path="/", **query):
    return call(function, path=path, token=session["access_token"], query=query)


def test_sessions_are_listed_the_newest_first_and_the_present_one_is_known(session):
    other = call("login", {"email": ADA["email"], "password": ADA["password"]}).body
    listed = as_user("list-sessions", session).body["items"]
    assert [each["current"] for each in listed] == [False, True]
    assert as_user("list-sessions", session, limit="1").body["next_cursor"] == listed[0]["id"]
    call("logout", {"refresh_token": other["refresh_token"]})
    assert as_user("list-sessions", session).body["items"] == listed[1:]


def test_a_session_is_ended_from_another_one(session):
    other = call("login", {"email": ADA["email"], "password": ADA["password"]}).body
    path = f"/{as_user('list-sessions', session).body['items'][0]['id']}"
    assert as_user("end-session", session, path).status == 204
    assert (refused(other["refresh_token"]), refused(session["refresh_token"])) == (True, False)
    assert as_user("end-session", session, path).status == 404


def test_nobody_ends_the_session_of_somebody_else(session):
    path = f"/{as_user('list-sessions', session).body['items'][0]['id']}"
    eve = call("register", ADA | {"email": "eve@example.com"}).body
    assert as_user("end-session", eve, path).status == 404
    assert as_user("list-sessions", eve).body["items"][0]["id"] not in path
    assert not refused(session["refresh_token"])


def test_signing_out_everywhere_ends_every_session_of_one_user_alone(session):
    sessions = [call("login", {"email": ADA["email"], "password": ADA["password"]}).body for _ in range(3)]
    eve = call("register", ADA | {"email": "eve@example.com"}).body
    assert as_user("logout-everywhere", session).status == 204
    assert all(refused(each["refresh_token"]) for each in [session, *sessions])
    assert as_user("list-sessions", session).body["items"] == []
    assert not refused(eve["refresh_token"])


def test_nothing_renewed_at_the_moment_of_signing_out_everywhere_lives_on(session):
    for _ in range(5):
        begun = call("login", {"email": ADA["email"], "password": ADA["password"]}).body

        def act(number, begun=begun):
            if not number:
                return as_user("logout-everywhere", session).status
            return call("refresh-token", {"refresh_token": begun["refresh_token"]})

        renewed = [answer.body for answer in together(4, act)[1:] if answer.status == 200]
        assert all(refused(each["refresh_token"]) for each in [begun, *renewed])
