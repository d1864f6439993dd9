"""Taking one's data along, and leaving for good."""

import json
from datetime import timedelta

import pytest

from bookstore.accounts.departures import tell_again
from bookstore.clock import now
from tests.handlers import call
from tests.integration.accounts.people import PASSWORD, address, count, first_admin, lives, mails_to, register, sign_in
from tests.integration.outbox import told
from tests.integration.together import together
from tests.live import ROOT


@pytest.fixture
def ada(accounts_db):
    return register("ada")


def leave(session, password=PASSWORD):
    return call("delete-account", {"password": password}, token=session["access_token"])


def test_everything_that_is_kept_of_somebody_is_theirs_to_read_and_nothing_of_others(ada):
    register("bob")
    sign_in()
    data = call("download-account", token=ada["access_token"])
    assert data.headers["Cache-Control"] == "no-store"
    assert data.body["user"]["email"] == address("ada")
    assert [each["current"] for each in data.body["sessions"]] == [True, False]
    assert [each["recipient"] for each in data.body["mails"]] == [address("ada")]
    assert "argon2" not in str(data.body)
    described = json.loads((ROOT / "bookstore" / "openapi.json").read_text())["paths"]
    assert all("get" in described[path] for path in data.body["more"])


def test_what_admins_did_to_somebody_is_theirs_to_read_with_the_reason(ada):
    admin = first_admin()
    for act in ("disable-user", "enable-user"):
        call(act, {"reason": f"{act} because"}, path=f"/{ada['user']['id']}", token=admin["access_token"])
    data = call("download-account", token=sign_in().body["access_token"]).body
    assert [(act["act"], act["details"]["reason"]) for act in data["acts"]] == [
        ("disable_user", "disable-user because"),
        ("enable_user", "enable-user because"),
    ]
    assert "/api/admin/acts" not in data["more"]
    assert admin["user"]["id"] not in str(data)
    own = call("download-account", token=admin["access_token"]).body
    assert (own["acts"], own["more"][-1]) == ([], "/api/admin/acts")


def test_who_leaves_is_gone_with_all_that_was_theirs_and_the_others_hear_of_it(ada, accounts_db):
    register("bob")
    assert leave(ada).status == 204
    assert (lives(ada), sign_in().status) == (False, 401)
    assert call("get-profile", token=ada["access_token"]).status == 401
    assert [count(accounts_db, table) for table in ("users", "token_families", "refresh_tokens")] == [1, 1, 1]
    assert mails_to(accounts_db, "ada") == ["account_deleted"]
    (event,) = told(accounts_db)
    assert (event.type, event.subject, event.data) == (
        "user.deleted",
        ada["user"]["id"],
        {"user_id": ada["user"]["id"]},
    )
    assert register("ada")["user"]["id"] != ada["user"]["id"]


def test_who_does_not_know_the_password_deletes_nothing(ada, accounts_db):
    assert leave(ada, "a wrong guess").fields == {"password"}
    assert call("delete-account", {}, token=ada["access_token"]).fields == {"password"}
    assert lives(ada)
    assert told(accounts_db) == []


def test_whoever_leaves_twice_at_once_leaves_once(ada, accounts_db):
    statuses = together(4, lambda _: leave(ada).status)
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 401, 400}
    assert len(told(accounts_db)) == 1


def test_the_others_hear_once_more_when_the_last_access_token_has_run_out(ada, accounts_db):
    start = now()
    leave(ada)
    assert tell_again(at=start + timedelta(minutes=15)) == 0
    assert sum(together(4, lambda _: tell_again(at=start + timedelta(minutes=21)))) == 1
    first, second = told(accounts_db)
    assert (first.data, first.id == second.id) == (second.data, False)
    assert tell_again(at=start + timedelta(days=1)) == 0


def test_the_chores_of_accounts_are_done_together(ada):
    call("request-password-reset", {"email": address("ada")})
    done = call("tend-accounts").body
    assert done == {"written": 1, "left": 0, "sent": 0, "given_up": 0, "forgotten": 0, "links": 0}
