"""Profiles, the list of users, and the first admin."""

import pytest

from bookstore.accounts.first_admin import ensure_admin
from bookstore.database import fetch_all
from tests.handlers import call

ADMIN = {"email": "admin@bookstore.example", "password": "a password of the operator"}


def register(name):
    return call("register", {"email": f"{name}@example.com", "password": f"{name} and horses", "name": name}).body


@pytest.fixture
def admin(accounts_db):
    ensure_admin(**ADMIN)
    return call("login", ADMIN).body["access_token"]


def test_everybody_sees_their_own_account(accounts_db):
    session = register("ada")
    profile = call("get-profile", token=session["access_token"]).body
    assert {name: profile[name] for name in session["user"]} == session["user"]
    assert profile["created_at"].endswith("Z")
    assert "password_hash" not in profile


def test_a_token_outlives_its_account_without_effect(accounts_db):
    token = register("ada")["access_token"]
    with accounts_db.cursor() as cursor:
        cursor.execute("DELETE FROM users")
    assert call("get-profile", token=token).status == 401


@pytest.mark.parametrize("function", ["get-profile", "list-users"])
def test_without_a_token_nothing_is_shown_and_nothing_else_is_checked(accounts_db, function):
    for token in ("", "x", "a.b.c"):
        answer = call(function, token=token, query={"unknown": "1"})
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_only_an_admin_lists_users(accounts_db, admin):
    assert call("list-users", token=register("ada")["access_token"]).status == 403
    assert len(call("list-users", token=admin).body["items"]) == 2


def test_pages_of_users_hold_everybody_once_the_newest_first(accounts_db, admin):
    names = [f"user{number}" for number in range(7)]
    for name in names:
        register(name)
    found, cursor = [], None
    while True:
        page = call("list-users", token=admin, query={"limit": "3"} | ({"cursor": cursor} if cursor else {})).body
        found += [user["name"] for user in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [*reversed(names), "Administrator"]


@pytest.mark.parametrize("wrong", [{"limit": "0"}, {"limit": "x"}, {"cursor": "'"}, {"page": "1"}])
def test_a_list_that_cannot_be_is_explained(admin, wrong):
    answer = call("list-users", token=admin, query=wrong)
    assert (answer.status, answer.fields) == (400, set(wrong))


def test_the_first_admin_is_made_once_and_follows_its_secret(accounts_db):
    assert ensure_admin(**ADMIN) == "made"
    assert ensure_admin(**ADMIN) == "unchanged"
    session = call("login", ADMIN).body
    assert session["user"]["role"] == "admin"
    changed = ADMIN | {"password": "another one of the operator"}
    assert ensure_admin(**changed) == "updated"
    assert call("login", ADMIN).status == 401
    assert call("login", changed).status == 200
    assert call("refresh-token", {"refresh_token": session["refresh_token"]}).status == 401
    assert len(fetch_all(accounts_db, "SELECT id FROM users")) == 1


def test_somebody_who_registered_the_admins_address_is_locked_out_of_it(accounts_db):
    squatter = {"email": ADMIN["email"], "password": "i was here first"}
    session = call("register", squatter | {"name": "Squatter"}).body
    assert ensure_admin(**ADMIN) == "updated"
    assert call("login", squatter).status == 401
    assert call("refresh-token", {"refresh_token": session["refresh_token"]}).status == 401
