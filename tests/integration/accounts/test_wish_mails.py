"""Whoever waits for a book gets one mail about it."""

from bookstore.accounts import users
from bookstore.accounts.mails import mails_of
from bookstore.accounts.passwords import UNUSABLE
from bookstore.clock import now
from bookstore.database import execute, fetch_all
from bookstore.events.envelope import Event
from tests.handlers import call
from tests.integration.together import together


def available(user_id, **changes):
    data = {"user_id": user_id, "book_id": "b-1", "title": "Emma", "price_cents": 1205, "currency": "USD"} | changes
    return Event(type="wish.available", subject="w-1", version=1, data=data)


def reader(db):
    return users.add(db, email="bea@example.com", name="Bea", role="user", password_hash=UNUSABLE, at=now())


def test_a_reader_is_written_to_once_however_often_the_event_comes(accounts_db):
    bea = reader(accounts_db)
    event = available(bea.id)
    answers = together(4, lambda _: call("mail-wish", event.to_json()).status)
    assert (set(answers), call("mail-wish", event.to_json()).status) == ({204}, 204)
    (mail,) = mails_of(accounts_db, bea.id)
    assert (mail["recipient"], mail["kind"], mail["status"]) == ("bea@example.com", "wish_available", "waiting")
    assert mail["subject"] == "There is a copy for you: Emma"
    assert "12.05 USD" in mail["text"]
    assert "/books/b-1" in mail["text"]


def test_somebody_who_is_gone_or_disabled_is_not_written_to(accounts_db):
    bea = reader(accounts_db)
    execute(accounts_db, "UPDATE users SET disabled_at = NOW(6) WHERE id = %s", [bea.id])
    for user_id in (bea.id, "nobody"):
        assert call("mail-wish", available(user_id).to_json()).status == 204
    assert fetch_all(accounts_db, "SELECT * FROM mails") == []


def test_what_tells_of_no_wish_is_set_aside(accounts_db):
    for body in (b"", b"{}", available("").to_json()):
        assert call("mail-wish", body).status == 422
