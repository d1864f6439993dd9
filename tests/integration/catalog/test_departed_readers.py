"""What remains of readers who leave, and what is told to those who ask what is kept of them."""

from bookstore.catalog import wishes
from bookstore.catalog.reader_models import Wishing
from bookstore.database import fetch_all
from bookstore.events.envelope import Event
from bookstore.identity import User
from tests.handlers import call
from tests.integration.catalog.conftest import token_of
from tests.integration.catalog.market import NOON, buys, work

BEA = User("bea", "Bea", "user")


def writes(name, book, text="Dreadful."):
    return call("write-review", {"rating": 4, "text": text}, path=f"/{book['work_id']}", token=token_of(name)).body


def leaves(name):
    event = Event(type="user.deleted", subject=name, version=1, data={"user_id": name})
    assert call("forget-seller", event.to_json()).status == 204


def test_reviews_stay_without_the_name_and_wishes_and_reports_go(catalog_db, list_book, sue):
    emma, persuasion = list_book().body, list_book(title="Persuasion", stock=0).body
    for reader in ("bea", "cat"):
        buys(emma, buyer=reader)
    writes("bea", emma)
    other = writes("cat", emma)
    call("report-review", {"reason": "Copied."}, path=f"/{other['id']}", token=token_of("bea"))
    wishes.wish(persuasion["work_id"], Wishing(tell_me=True), by=BEA, trace="", at=NOON)
    for _ in range(2):
        leaves("bea")
    found = call("list-reviews", path=f"/{emma['work_id']}").body["items"]
    assert [(review["rating"], review["author"]) for review in found] == [(4, {"name": "Cat"}), (4, {})]
    assert (work(catalog_db, emma)["ratings"], work(catalog_db, emma)["sold"]) == (2, 2)
    for table in ("wishes", "review_reports", "turns"):
        assert fetch_all(catalog_db, f"SELECT user_id FROM {table}") == []


def test_the_figures_of_a_seller_who_left_stay(catalog_db, list_book, sam):
    buys(list_book().body, 2)
    leaves("sam")
    assert (
        call("list-sales", query={"since": "2026-03-01", "until": "2026-03-01"}, token=sam).body["total"]["sold_copies"]
        == 2
    )


def test_readers_read_whatever_they_brought_among_what_is_kept_of_them(catalog_db, list_book, sue):
    emma, persuasion = list_book().body, list_book(title="Persuasion").body
    for reader in ("sue", "bea"):
        buys(emma, buyer=reader)
    own = writes("sue", emma)
    other = writes("bea", emma)
    wishes.wish(persuasion["work_id"], Wishing(), by=User("sue", "Sue", "user"), trace="", at=NOON)
    mine = list_book(sue, title="Sanditon").body
    for review_id, reason in ((other["id"], "Copied."), (own["id"], "I regret it.")):
        call("report-review", {"reason": reason}, path=f"/{review_id}", token=sue)
    call("start-import", {"format": "csv", "parts": 1, "csv": {"encoding": "latin-1"}}, token=sue)
    found, cursor = [], ""
    while cursor is not None:
        page = call("download-catalog", query={"limit": "2"} | ({"cursor": cursor} if cursor else {}), token=sue).body
        found, cursor = found + page["items"], page["next_cursor"]
    assert [item["kind"] for item in found] == ["import", "listing", "wish", "report", "report", "review"]
    told = [item["data"] for item in found]
    assert (told[0]["said"]["csv"], told[0]["problems"]) == (
        {"encoding": "latin-1"},
        f"/api/imports/{told[0]['id']}/problems",
    )
    assert (told[1]["id"], told[2]["title"], told[5]["text"]) == (mine["id"], "Persuasion", "Dreadful.")
    assert [(told[place]["review_id"], told[place]["reason"]) for place in (3, 4)] == [
        (other["id"], "Copied."),
        (told[5]["id"], "I regret it."),
    ]
