"""Register, sign in, and what happens to those who guess."""

from datetime import timedelta

import pytest

from bookstore.accounts.models import Credentials
from bookstore.accounts.sign_in import login
from bookstore.accounts.throttling import ALLOWED, WINDOW
from bookstore.clock import now
from bookstore.database import fetch_all, fetch_one
from bookstore.errors import TooManyRequests, Unauthorized
from bookstore.identity import verify
from tests.handlers import call
from tests.integration.together import together

ADA = {"email": "ada@example.com", "password": "correct horse battery", "name": "Ada Lovelace"}
SIGN_IN = {"email": ADA["email"], "password": ADA["password"]}


def try_password(password, email=ADA["email"], at=None):
    try:
        login(Credentials(email=email, password=password), at=at)
    except (Unauthorized, TooManyRequests) as error:
        return error.status
    return 200


def test_whoever_registers_is_signed_in_as_a_user(accounts_db):
    answer = call("register", ADA)
    assert answer.status == 201
    session = answer.body
    known = {"email": ADA["email"], "email_verified": False, "name": ADA["name"], "role": "user"}
    assert session["user"] == known | {"id": session["user"]["id"]}
    assert (session["token_type"], session["expires_in"]) == ("Bearer", 600)
    known = verify(session["access_token"])
    assert (known.id, known.name, known.role) == (session["user"]["id"], ADA["name"], "user")
    assert answer.headers["Cache-Control"] == "no-store"


def test_neither_password_nor_refresh_token_is_kept_as_it_is(accounts_db):
    session = call("register", ADA).body
    kept = str(fetch_all(accounts_db, "SELECT * FROM users") + fetch_all(accounts_db, "SELECT * FROM refresh_tokens"))
    assert ADA["password"] not in kept
    assert session["refresh_token"] not in kept


def test_an_address_has_one_account_however_it_is_typed(accounts_db):
    assert call("register", ADA).status == 201
    again = call("register", ADA | {"email": "ADA@Example.com"})
    assert (again.status, again.fields) == (409, {"email"})
    assert call("login", SIGN_IN | {"email": "Ada@EXAMPLE.com"}).status == 200


def test_of_many_who_register_one_address_at_once_one_gets_it(accounts_db):
    statuses = [answer.status for answer in together(8, lambda _: call("register", ADA))]
    assert sorted(statuses) == [201] + [409] * 7
    assert fetch_one(accounts_db, "SELECT COUNT(*) AS n FROM users") == {"n": 1}


def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nobody(accounts_db):
    call("register", ADA)
    wrong = call("login", SIGN_IN | {"password": "correct horse batterY"})
    unknown = call("login", SIGN_IN | {"email": "bob@example.com"})
    assert wrong.status == 401
    assert wrong == unknown


def test_the_eleventh_guess_must_wait_even_if_it_is_right(accounts_db):
    call("register", ADA)
    start = now()
    for number in range(ALLOWED):
        assert try_password("wrong guess", at=start + timedelta(seconds=number)) == 401
    with pytest.raises(TooManyRequests) as caught:
        login(Credentials(**SIGN_IN), at=start + timedelta(seconds=60))
    assert caught.value.headers["Retry-After"] == str(int(WINDOW.total_seconds()) - 60)
    assert try_password(ADA["password"], at=start + WINDOW + timedelta(seconds=1)) == 200


def test_an_address_without_an_account_is_throttled_alike(accounts_db):
    statuses = [try_password("wrong guess", "bob@example.com") for _ in range(ALLOWED + 1)]
    assert statuses == [401] * ALLOWED + [429]


def test_signing_in_forgives_earlier_mistakes(accounts_db):
    call("register", ADA)
    for _ in range(3):
        statuses = [try_password("wrong guess") for _ in range(ALLOWED - 1)] + [try_password(ADA["password"])]
        assert statuses == [401] * (ALLOWED - 1) + [200]


def test_of_many_guesses_at_once_ten_are_answered(accounts_db):
    call("register", ADA)
    statuses = together(24, lambda _: try_password("wrong guess"))
    assert set(statuses) <= {401, 429}
    assert statuses.count(401) <= ALLOWED


def test_many_may_use_one_account_at_once(accounts_db):
    call("register", ADA)
    assert together(16, lambda _: call("login", SIGN_IN).status) == [200] * 16


@pytest.mark.parametrize("function", ["register", "login", "refresh-token", "logout"])
def test_a_body_that_cannot_be_read_is_explained(accounts_db, function):
    assert call(function, b"{}", Content_Type="text/plain").status == 415
    assert call(function, b"{").status == 400
    assert call(function, b"[]").status == 400
    assert call(function, {}).fields
    assert call(function, {}, query={"x": "1"}).fields == {"x"}


def test_hostile_texts_never_break_signing_in(accounts_db):
    for text in ["' OR 1=1 --", "%s", "\u202e", "🕮" * 60, "x" * 300, "\ud800", "\u0000", ""]:
        for field in ("email", "password"):
            assert call("login", SIGN_IN | {field: text}).status in {400, 401}
