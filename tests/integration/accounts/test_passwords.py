"""New passwords: who may set one, what it ends, and what strangers learn from trying."""

from datetime import timedelta
from functools import partial

import pytest

from bookstore.accounts.links import LIFETIMES, RESET, Proof, make_link
from bookstore.accounts.models import ForgottenPassword, PasswordReset
from bookstore.accounts.password_changes import MOST_MAILS, WINDOW, confirm_reset, request_reset, write_reset_mails
from bookstore.accounts.throttling import ALLOWED
from bookstore.clock import now
from bookstore.database import fetch_all, fetch_one
from bookstore.errors import InvalidFields
from tests.handlers import call
from tests.integration.accounts.people import (
    PASSWORD,
    address,
    count,
    first_admin,
    lives,
    mails_to,
    register,
    sign_in,
    token_in,
)
from tests.integration.together import together

NEW = "a quite different phrase"


@pytest.fixture
def ada(accounts_db):
    return register("ada")


def change(session, old=PASSWORD, new=NEW):
    return call("change-password", {"old_password": old, "new_password": new}, token=session["access_token"])


def reset_token(db, name="ada", at=None):
    row = fetch_one(db, "SELECT id FROM users WHERE email = %s", [address(name)])
    return token_in(make_link(db, RESET, Proof(row["id"], address(name)), at=at or now()).url)


def test_a_new_password_takes_the_place_of_the_old_and_ends_all_other_sessions(ada, accounts_db):
    elsewhere = sign_in().body
    assert change(ada).status == 204
    assert (lives(ada), lives(elsewhere)) == (True, False)
    assert (sign_in().status, sign_in(password=NEW).status) == (401, 200)
    assert mails_to(accounts_db, "ada")[-1] == "password_changed"


def test_who_does_not_know_the_old_password_changes_nothing_and_is_throttled_like_at_sign_in(ada):
    for _ in range(ALLOWED):
        assert change(ada, old="a wrong guess").fields == {"old_password"}
    closed = change(ada)
    assert (closed.status, int(closed.headers["Retry-After"]) > 0) == (429, True)
    assert sign_in().status == 429
    assert lives(ada)


@pytest.mark.parametrize("weak", ["short", "Password123!", "ada@example.com", "aaaaaaaaaaaa"])
def test_a_weak_password_is_refused_wherever_it_is_set(ada, accounts_db, weak):
    assert change(ada, new=weak).fields == {"new_password"}
    token = reset_token(accounts_db)
    assert call("confirm-password-reset", {"token": token, "password": weak}).fields == {"password"}
    assert sign_in().status == 200
    assert call("confirm-password-reset", {"token": token, "password": NEW}).status == 204


def test_of_two_who_change_it_at_once_one_succeeds(ada):
    answers = together(2, lambda number: change(ada, new=f"{NEW} {number}"))
    assert sorted(answer.status for answer in answers) == [204, 400]
    won = next(number for number, answer in enumerate(answers) if answer.status == 204)
    assert sign_in(password=f"{NEW} {won}").status == 200


def test_a_session_begun_with_the_old_password_while_it_changes_does_not_outlive_it(ada):
    def act(number, old, new):
        return sign_in(password=old) if number else change(ada, old, new)

    for old, new in ((PASSWORD, NEW), (NEW, PASSWORD)) * 3:
        begun = together(6, partial(act, old=old, new=new))[1:]
        assert not any(lives(answer.body) for answer in begun if answer.status == 200)


def test_asking_for_a_link_looks_the_same_for_every_address(ada, accounts_db):
    answers = [call("request-password-reset", {"email": address(name)}) for name in ("ada", "nobody")]
    assert answers[0] == answers[1]
    assert (answers[0].status, answers[0].body) == (202, "")
    # The same work: one row each, and nothing that only an account would cause.
    assert count(accounts_db, "reset_requests") == 2
    assert mails_to(accounts_db, "ada") == ["verify_email"]
    assert write_reset_mails() == 1
    assert (mails_to(accounts_db, "ada"), mails_to(accounts_db, "nobody")) == (["verify_email", RESET], [])
    assert count(accounts_db, "reset_requests") == 0


def test_a_link_sets_a_new_password_once_and_ends_every_session(ada, accounts_db):
    for _ in range(ALLOWED):
        sign_in(password="a wrong guess")
    body = {"token": reset_token(accounts_db), "password": NEW}
    other = reset_token(accounts_db)
    assert call("confirm-password-reset", body).status == 204
    assert not lives(ada)
    assert sign_in(password=NEW).status == 200
    assert call("confirm-password-reset", body).fields == {"token"}
    assert call("confirm-password-reset", {"token": other, "password": PASSWORD}).fields == {"token"}
    assert sign_in(password=NEW).status == 200


def test_of_many_who_use_a_link_at_once_one_sets_the_password(ada, accounts_db):
    token = reset_token(accounts_db)
    answers = together(
        6, lambda number: call("confirm-password-reset", {"token": token, "password": f"{NEW} {number}"}).status
    )
    assert sorted(answers) == [204] + [400] * 5
    assert sign_in(password=f"{NEW} {answers.index(204)}").status == 200


def test_a_link_is_good_for_an_hour(ada, accounts_db):
    made = now()
    token = reset_token(accounts_db, at=made)
    reset = PasswordReset(token=token, password=NEW)
    with pytest.raises(InvalidFields):
        confirm_reset(reset, at=made + LIFETIMES[RESET])
    confirm_reset(reset, at=made + LIFETIMES[RESET] - timedelta(seconds=1))


@pytest.mark.parametrize("token", ["x", "0" * 43, "' OR 1=1 --", "é", "%00"])
def test_a_token_that_never_was_sets_nothing(ada, token):
    for function, more in (("confirm-password-reset", {"password": NEW}), ("verify-email", {})):
        assert call(function, {"token": token, **more}).fields == {"token"}
    assert sign_in().status == 200


def test_a_link_to_confirm_an_address_sets_no_password(ada, accounts_db):
    proof = Proof(ada["user"]["id"], address("ada"))
    token = token_in(make_link(accounts_db, "verify_email", proof, at=now()).url)
    assert call("confirm-password-reset", {"token": token, "password": NEW}).fields == {"token"}


def test_nobodys_mailbox_is_filled_by_somebody_else(ada, accounts_db):
    start = now()
    for _ in range(MOST_MAILS + 3):
        request_reset(ForgottenPassword(email=address("ada")))
        write_reset_mails(at=start + timedelta(seconds=1))
    assert mails_to(accounts_db, "ada").count(RESET) == MOST_MAILS
    request_reset(ForgottenPassword(email=address("ada")))
    assert write_reset_mails(at=start + WINDOW + timedelta(minutes=1)) == 1


def test_two_replicas_answer_a_request_once(ada, accounts_db):
    request_reset(ForgottenPassword(email=address("ada")))
    assert sum(together(5, lambda _: write_reset_mails())) == 1


def test_an_admin_hands_out_a_link_where_no_mail_arrives_and_the_act_is_kept(ada, accounts_db):
    admin = first_admin()["access_token"]
    path = f"/{ada['user']['id']}"
    assert call("make-reset-link", path=path, token=ada["access_token"]).status == 403
    made = call("make-reset-link", path=path, token=admin)
    assert (made.status, made.headers["Cache-Control"]) == (201, "no-store")
    assert made.body["url"].startswith("http://localhost:8000/reset-password?token=")
    body = {"token": token_in(made.body["url"]), "password": NEW}
    assert call("confirm-password-reset", body).status == 204
    assert sign_in(password=NEW).status == 200
    assert mails_to(accounts_db, "ada")[-1] == "password_changed"
    assert [row["act"] for row in fetch_all(accounts_db, "SELECT act FROM admin_acts")] == ["make_reset_link"]
    assert call("make-reset-link", path="/nobody", token=admin).status == 404
