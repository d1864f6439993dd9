"""What admins may do to users, what comes of it at once, and that it can be looked up afterwards."""

import pytest

from bookstore.accounts.acts import record_told
from bookstore.accounts.first_admin import ensure_admin
from bookstore.database import execute
from bookstore.events.envelope import Event
from tests.handlers import call
from tests.integration.accounts.people import ADMIN, PASSWORD, first_admin, lives, mails_to, register, sign_in
from tests.integration.together import together


@pytest.fixture
def admin(accounts_db):
    return first_admin()


@pytest.fixture
def ada(admin):
    return register("ada")


def act(function, user, by, body=None):
    return call(function, body, path=f"/{user['user']['id']}", token=by["access_token"])


def promote(user, by, role="admin"):
    return act("change-role", user, by, {"role": role})


def acts(reader, /, **query):
    return call("list-acts", token=reader["access_token"], query=query).body["items"]


def test_a_disabled_user_is_out_at_once_and_comes_back_as_they_were(admin, ada, accounts_db):
    assert act("disable-user", ada, admin, {"reason": "sells what is not there"}).body["disabled"] is True
    assert not lives(ada)
    refused = sign_in()
    assert (refused.status, "disabled" in refused.body["detail"]) == (403, True)
    assert sign_in(password="a wrong guess").status == 401
    for function, body in (
        ("get-profile", None),
        ("update-profile", {"name": "Eve"}),
        ("change-password", {"old_password": PASSWORD, "new_password": "a quite different phrase"}),
        ("delete-account", {"password": PASSWORD}),
        ("download-account", None),
    ):
        assert call(function, body, token=ada["access_token"]).status == 401, function
    assert act("enable-user", ada, admin).body["disabled"] is False
    assert sign_in().status == 200
    assert mails_to(accounts_db, "ada")[1:] == ["account_disabled", "account_enabled"]


def test_a_sign_in_while_the_account_is_disabled_leaves_no_session(admin, ada):
    for _ in range(3):
        begun = together(5, lambda number: sign_in() if number else act("disable-user", ada, admin))[1:]
        assert not any(lives(answer.body) for answer in begun if answer.status == 200)
        act("enable-user", ada, admin)


def test_an_act_done_twice_is_one_act(admin, ada):
    for _ in range(2):
        assert act("disable-user", ada, admin).status == 200
        assert promote(ada, admin).status == 200
    assert [each["act"] for each in acts(admin)] == ["change_role", "disable_user"]


def test_a_role_counts_from_the_next_access_token_on(admin, ada):
    assert promote(ada, admin).body["role"] == "admin"
    assert call("list-users", token=ada["access_token"]).status == 403
    ada = sign_in().body
    assert call("list-users", token=ada["access_token"]).status == 200
    assert promote(ada, admin, "user").status == 200
    # The token still says admin for some minutes; here the account is asked.
    assert act("disable-user", admin, ada).status == 403
    assert lives(admin)


def test_the_last_admin_stays_one(admin, ada):
    assert act("disable-user", admin, admin).status == 409
    assert promote(admin, admin, "user").status == 409
    assert call("delete-account", {"password": ADMIN["password"]}, token=admin["access_token"]).status == 409
    promote(ada, admin)
    act("disable-user", ada, admin)
    assert promote(admin, admin, "user").status == 409
    act("enable-user", ada, admin)
    assert promote(admin, admin, "user").status == 200


def test_two_admins_who_take_each_other_away_at_once_leave_one(admin, ada):
    promote(ada, admin)
    pairs = [(sign_in().body, admin), (admin, sign_in().body)]
    statuses = sorted(answer.status for answer in together(2, lambda number: act("disable-user", *pairs[number])))
    # Whoever comes second is disabled by then, or would be the last one.
    assert statuses in ([200, 401], [200, 409])
    assert sorted([sign_in().status, call("login", ADMIN).status]) == [200, 403]


def test_nobody_else_may_do_any_of_it(ada):
    eve = register("eve")
    for function, body in (
        ("disable-user", None),
        ("enable-user", None),
        ("change-role", {"role": "admin"}),
        ("make-reset-link", None),
    ):
        assert act(function, ada, eve, body).status == 403
        assert call(function, body, path=f"/{ada['user']['id']}").status == 401
    assert lives(ada)


@pytest.mark.parametrize("function", ["disable-user", "enable-user", "change-role", "make-reset-link"])
def test_who_does_not_exist_is_not_found(admin, function):
    for path in ("/0198c0de-0000-7000-8000-000000000000", "/'", "/"):
        body = {"role": "user"} if function == "change-role" else None
        assert call(function, body, path=path, token=admin["access_token"]).status == 404


def test_acts_are_listed_with_who_what_whom_and_why(admin, ada):
    act("disable-user", ada, admin, {"reason": "spam"})
    promote(register("bob"), admin)
    newest, disabled = acts(admin)
    assert disabled | {"id": "", "at": ""} == {
        "id": "",
        "admin": {"id": admin["user"]["id"], "name": "Administrator"},
        "act": "disable_user",
        "target": {"kind": "user", "id": ada["user"]["id"]},
        "details": {"reason": "spam"},
        "at": "",
    }
    assert newest["details"] == {"role": "admin"}
    assert acts(admin, target=ada["user"]["id"]) == [disabled]
    assert acts(admin, admin=ada["user"]["id"]) == []
    assert acts(admin, limit="1", cursor=newest["id"]) == [disabled]
    assert call("list-acts", token=ada["access_token"]).status == 403


def test_what_an_admin_did_in_another_domain_is_kept_once(admin):
    data = {"admin_id": "u9", "admin_name": "Rüt", "act": "update_book", "target_kind": "book", "target_id": "b1"}
    told = Event(type="catalog.administered", subject="b1", version=1, data=data | {"details": {"seller_id": "sam"}})
    for _ in range(2):
        assert call("record-act", told.to_json()).status == 204
    together(3, lambda _: record_told(told))
    (kept,) = acts(admin)
    assert (kept["id"], kept["admin"]["name"], kept["details"]) == (told.id, "Rüt", {"seller_id": "sam"})


def test_the_operators_secret_lets_a_disabled_first_admin_in_again(admin, accounts_db):
    execute(accounts_db, "UPDATE users SET disabled_at = NOW(6)")
    assert call("login", ADMIN).status == 403
    assert ensure_admin(**ADMIN) == "updated"
    assert call("login", ADMIN).status == 200


def test_users_are_found_by_address_role_and_state(admin, ada):
    register("bob")
    act("disable-user", ada, admin)

    def found(**query):
        return [each["name"] for each in call("list-users", token=admin["access_token"], query=query).body["items"]]

    assert found(email="ADA@example.com") == found(disabled="true") == ["Ada"]
    assert found(role="admin") == ["Administrator"]
    assert found(role="user", disabled="false") == ["Bob"]
