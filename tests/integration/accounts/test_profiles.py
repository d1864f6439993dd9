"""Names and addresses: changed by their owner, and an address only by who gets its mails."""

import pytest

from bookstore.accounts.links import RESET, VERIFY, Proof, make_link
from bookstore.accounts.profiles import MOST_MAILS
from bookstore.clock import now
from bookstore.identity import verify
from tests.handlers import call
from tests.integration.accounts.people import PASSWORD, address, mails_to, register, sign_in, token_in
from tests.integration.outbox import told
from tests.integration.together import together


@pytest.fixture
def ada(accounts_db):
    return register("ada")


def update(session, **change):
    return call("update-profile", change, token=session["access_token"])


def move(session, name):
    return update(session, email=address(name), password=PASSWORD)


def confirm(db, session, name):
    link = make_link(db, VERIFY, Proof(session["user"]["id"], address(name)), at=now())
    return call("verify-email", {"token": token_in(link.url)})


def profile(session):
    return call("get-profile", token=session["access_token"]).body


def test_who_registers_is_asked_to_confirm_the_address_and_is_verified_then(ada, accounts_db):
    assert mails_to(accounts_db, "ada") == [VERIFY]
    assert profile(ada)["email_verified"] is False
    assert confirm(accounts_db, ada, "ada").status == 204
    assert profile(ada)["email_verified"] is True
    assert sign_in().body["user"]["email_verified"] is True


def test_a_name_changes_at_once_and_is_in_the_next_access_token(ada):
    changed = update(ada, name="  Ada King ")
    assert (changed.status, changed.body["name"]) == (200, "Ada King")
    renewed = call("refresh-token", {"refresh_token": ada["refresh_token"]}).body
    assert verify(renewed["access_token"]).name == "Ada King"


def test_a_new_name_is_told_with_the_count_of_names(ada, accounts_db):
    for name in ("Ada King", "Countess of Lovelace"):
        update(ada, name=name)
    events = told(accounts_db, "user.renamed")
    ada_id = ada["user"]["id"]
    assert [(event.subject, event.version, event.data) for event in events] == [
        (ada_id, 2, {"user_id": ada_id, "name": "Ada King", "version": 2}),
        (ada_id, 3, {"user_id": ada_id, "name": "Countess of Lovelace", "version": 3}),
    ]
    assert all(event.trace for event in events)


def test_a_name_is_another_one_when_a_letter_is(ada, accounts_db):
    for name in ("Ada", " Ada ", "ADA", "Ada", "Adá"):
        assert update(ada, name=name).body["name"] == name.strip()
    update(ada)
    assert [event.data["name"] for event in told(accounts_db)] == ["ADA", "Ada", "Adá"]


def test_a_change_that_is_refused_tells_of_no_name(ada, accounts_db):
    register("bob")
    taken = update(ada, name="Ada King", email=address("bob"), password=PASSWORD)
    assert (taken.status, profile(ada)["name"], told(accounts_db)) == (409, "Ada", [])


def test_of_names_given_at_once_the_last_one_is_told_last(ada, accounts_db):
    together(6, lambda number: update(ada, name=f"Ada {number}"))
    events = told(accounts_db)
    assert sorted(event.version for event in events) == [2, 3, 4, 5, 6, 7]
    assert max(events, key=lambda event: event.version).data["name"] == profile(ada)["name"]


def test_an_address_changes_when_the_new_one_is_confirmed_and_the_old_one_is_told(ada, accounts_db):
    confirm(accounts_db, ada, "ada")
    asked = move(ada, "countess").body
    assert (asked["email"], asked["pending_email"]) == (address("ada"), address("countess"))
    assert mails_to(accounts_db, "countess") == [VERIFY]
    assert sign_in("countess").status == 401
    assert confirm(accounts_db, ada, "countess").status == 204
    after = profile(ada)
    assert (after["email"], after["email_verified"]) == (address("countess"), True)
    assert "pending_email" not in after
    assert (sign_in("countess").status, sign_in("ada").status) == (200, 401)
    assert mails_to(accounts_db, "ada")[-1] == "email_changed"


def test_links_to_the_old_address_are_useless_once_it_has_changed(ada, accounts_db):
    old = Proof(ada["user"]["id"], address("ada"))
    reset, again = (token_in(make_link(accounts_db, kind, old, at=now()).url) for kind in (RESET, VERIFY))
    move(ada, "countess")
    confirm(accounts_db, ada, "countess")
    assert call("confirm-password-reset", {"token": reset, "password": "a quite different phrase"}).status == 400
    assert call("verify-email", {"token": again}).status == 400
    assert profile(ada)["email"] == address("countess")


def test_a_link_to_an_address_that_is_not_wanted_any_more_is_useless(ada, accounts_db):
    move(ada, "first")
    token = token_in(make_link(accounts_db, VERIFY, Proof(ada["user"]["id"], address("first")), at=now()).url)
    move(ada, "second")
    assert call("verify-email", {"token": token}).fields == {"token"}
    move(ada, "ada")
    assert "pending_email" not in profile(ada)
    assert confirm(accounts_db, ada, "second").fields == {"token"}
    assert profile(ada)["email"] == address("ada")


def test_a_new_address_asks_for_the_password(ada):
    assert update(ada, email=address("eve")).fields == {"password"}
    wrong = update(ada, email=address("eve"), password="a wrong guess", name="Eve")
    assert wrong.fields == {"password"}
    assert (profile(ada)["name"], "pending_email" in profile(ada)) == ("Ada", False)


def test_an_address_that_has_an_account_is_taken_now_and_when_it_is_confirmed(ada, accounts_db):
    register("bob")
    taken = move(ada, "bob")
    assert (taken.status, taken.fields) == (409, {"email"})
    move(ada, "carol")
    register("carol")
    assert confirm(accounts_db, ada, "carol").status == 409
    assert profile(ada)["email"] == address("ada")


def test_of_two_who_confirm_one_address_at_once_one_gets_it(ada, accounts_db):
    people = [ada, register("bob"), register("carol")]
    for person in people:
        assert move(person, "wanted").status == 200
    links = [make_link(accounts_db, VERIFY, Proof(each["user"]["id"], address("wanted")), at=now()) for each in people]
    statuses = together(3, lambda number: call("verify-email", {"token": token_in(links[number].url)}).status)
    assert sorted(statuses) == [204, 409, 409]
    assert sorted(profile(each)["email"] == address("wanted") for each in people) == [False, False, True]


def test_a_new_link_can_be_had_and_no_mailbox_is_filled_with_them(ada, accounts_db):
    ask = [call("request-verification", token=ada["access_token"]).status for _ in range(MOST_MAILS)]
    assert ask == [202] * (MOST_MAILS - 1) + [429]
    assert move(ada, "other").status == 429
    assert "pending_email" not in profile(ada)
    confirm(accounts_db, ada, "ada")
    assert call("request-verification", token=ada["access_token"]).status == 409


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "A\u0007"}, {"email": "x"}, {"role": "admin"}, {"id": "x"}])
def test_what_cannot_be_is_named_and_changes_nothing(ada, wrong):
    before = profile(ada)
    assert update(ada, **{"name": "Other", **wrong, "password": PASSWORD}).fields == set(wrong)
    assert profile(ada) == before


def test_nothing_to_change_changes_nothing(ada):
    assert update(ada).body == profile(ada)
