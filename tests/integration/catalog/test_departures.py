"""Sellers who leave, and admins who change what is not theirs."""

from bookstore.catalog import departures
from bookstore.database import fetch_all
from bookstore.events.envelope import Event
from tests.handlers import call
from tests.integration.catalog.conftest import token_of
from tests.integration.outbox import told
from tests.unit.catalog.test_pictures import drawn

LEFT = Event(type="user.deleted", subject="sam", version=1, data={"user_id": "sam"})


def events(db, kind):
    return told(db, kind)


def test_what_a_seller_sells_goes_with_them_and_is_told(catalog_db, list_book, sue, monkeypatch):
    monkeypatch.setattr(departures, "_BATCH", 2)
    gone = {list_book(title=f"Book {number}").body["id"] for number in range(5)}
    stays = list_book(sue).body["id"]
    for _ in range(2):
        assert call("forget-seller", LEFT.to_json()).status == 204
    assert [row["id"] for row in fetch_all(catalog_db, "SELECT id FROM books")] == [stays]
    told = events(catalog_db, "book.deleted")
    assert {event.subject for event in told} == gone
    assert {(event.version, event.data["stock_supplied"]) for event in told} == {(2, 10)}
    assert len(told) == 5


def test_a_seller_reads_all_that_the_catalog_keeps_of_them(catalog_db, list_book, sam, sue):
    listed = [list_book(title=f"Book {number}", description="Long.").body["id"] for number in range(3)]
    list_book(sue)
    first = call("download-catalog", token=sam, query={"limit": "2"}).body
    second = call("download-catalog", token=sam, query={"cursor": first["next_cursor"]}).body
    found = first["items"] + second["items"]
    assert [item["data"]["id"] for item in found] == listed[::-1]
    assert {item["kind"] for item in found} == {"listing"}
    assert found[0]["data"]["description"] == "Long."
    assert second["next_cursor"] is None


def test_an_admins_change_of_anothers_book_is_told_and_a_sellers_own_is_not(catalog_db, list_book, sam):
    root = token_of("root", "admin")
    body = {"title": "Emma", "authors": ["Jane Austen"], "price_cents": 1299, "stock": 10}
    path = f"/{list_book().body['id']}"
    assert call("update-book", body, path=path, token=sam, If_Match='"1-10"').status == 200
    assert call("update-book", body, path=path, token=root, If_Match='"2-10"').status == 200
    assert call("delete-book", path=path, token=root, If_Match='"3"').status == 204
    acts = [event.data for event in events(catalog_db, "catalog.administered")]
    assert [(act["act"], act["admin_id"], f"/{act['target_id']}") for act in acts] == [
        ("update_book", "root", path),
        ("delete_book", "root", path),
    ]
    assert acts[0]["details"] == {"seller_id": "sam"}


def test_the_files_of_a_seller_who_left_are_gone(catalog_db, sam):
    announced = call("start-import", {"format": "csv", "parts": 2}, token=sam)
    assert announced.status == 201
    assert call("forget-seller", LEFT.to_json()).status == 204
    assert fetch_all(catalog_db, "SELECT id FROM imports") == []


def test_an_admins_change_of_anothers_cover_is_told(catalog_db, list_book):
    path, root = f"/{list_book().body['id']}", token_of("root", "admin")
    assert call("set-cover", drawn(), path=path, token=root).status == 200
    assert call("delete-cover", path=path, token=root).status == 204
    assert [event.data["act"] for event in events(catalog_db, "catalog.administered")] == ["set_cover", "delete_cover"]
