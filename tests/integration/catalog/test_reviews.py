"""Reviews by those who bought a work, and what they come to."""

from datetime import timedelta

import pytest

from bookstore.catalog import moderation
from bookstore.database import fetch_all
from bookstore.events.envelope import Event
from bookstore.identity import User
from tests.handlers import call
from tests.integration.catalog.conftest import token_of
from tests.integration.catalog.market import NOON, buys, refunds, ships, work
from tests.integration.together import together


@pytest.fixture
def emma(list_book):
    return list_book().body


@pytest.fixture
def bea(catalog_db):
    return token_of("bea")


@pytest.fixture
def admin(catalog_db):
    return token_of("root", "admin")


def write(token, book, rating=5, **more):
    return call("write-review", {"rating": rating} | more, path=f"/{book['work_id']}", token=token)


def own(token, book):
    return call("get-review", path=f"/{book['work_id']}", token=token)


def shown(book, **query):
    return call("list-reviews", path=f"/{book['work_id']}", query=query).body


def stars(catalog_db, book):
    found = work(catalog_db, book)
    return found["ratings"], found["stars"]


def moderate(token, review, hidden, reason="It names a neighbor."):
    return call("moderate-review", {"hidden": hidden, "reason": reason}, path=f"/{review['id']}", token=token)


def report(token, review, reason="It is an advertisement."):
    return call("report-review", {"reason": reason}, path=f"/{review['id']}", token=token)


def test_a_buyer_says_what_they_think_and_everybody_reads_it(catalog_db, emma, bea):
    buys(emma)
    review = write(bea, emma, 4, text="Handsome, clever,\nand rich.")
    assert review.status == 200
    assert review.body["status"] == "shown"
    assert shown(emma) == {
        "items": [{name: value for name, value in review.body.items() if name != "status"}],
        "next_cursor": None,
    }
    assert review.body["author"] == {"name": "Bea"}
    assert (review.body["rating"], review.body["text"]) == (4, "Handsome, clever,\nand rich.")
    assert stars(catalog_db, emma) == (1, 4)


def test_whoever_did_not_buy_it_may_not_review_it(catalog_db, emma, bea, sam):
    assert write(bea, emma).status == 403
    buys(emma, buyer="sam")
    assert write(sam, emma).status == 403, "a seller bought the own book"
    assert write(bea, {"work_id": "never-was"}).status == 404
    assert call("write-review", {"rating": 5}, path=f"/{emma['work_id']}").status == 401
    assert stars(catalog_db, emma) == (0, 0)


def test_a_work_bought_from_one_seller_is_reviewed_for_all(catalog_db, list_book, emma, bea, sue):
    other = list_book(sue, condition="good").body
    buys(other)
    write(bea, emma)
    assert [item["rating"] for item in shown(other)["items"]] == [5]


def test_a_review_written_again_takes_the_place_of_the_first(catalog_db, emma, bea):
    buys(emma)
    first = write(bea, emma, 2, text="Slow.").body
    assert write(bea, emma, 2, text="Slow.").body == first
    second = write(bea, emma, 5).body
    assert (second["id"], "text" in second, second["created_at"]) == (first["id"], False, first["created_at"])
    assert second["updated_at"] > first["updated_at"]
    assert stars(catalog_db, emma) == (1, 5)


def test_a_review_can_be_taken_back_and_given_again(catalog_db, emma, bea):
    buys(emma)
    review = write(bea, emma, 3, text="So so.").body
    gone = call("withdraw-review", path=f"/{emma['work_id']}", token=bea)
    assert (gone.status, stars(catalog_db, emma), shown(emma)["items"]) == (204, (0, 0), [])
    assert own(bea, emma).status == 404
    assert call("withdraw-review", path=f"/{emma['work_id']}", token=bea).status == 404
    assert fetch_all(catalog_db, "SELECT text FROM reviews") == [{"text": None}]
    assert write(bea, emma, 4).body["id"] == review["id"]
    assert stars(catalog_db, emma) == (1, 4)


def test_who_gets_the_money_back_loses_the_voice_until_they_buy_again(catalog_db, emma, bea):
    order_id = buys(emma)
    write(bea, emma, 1)
    refunds(order_id, emma)
    assert (stars(catalog_db, emma), shown(emma)["items"]) == ((0, 0), [])
    assert own(bea, emma).body["status"] == "not_bought"
    assert write(bea, emma, 1).status == 403
    buys(emma)
    assert (stars(catalog_db, emma), own(bea, emma).body["status"]) == ((1, 1), "shown")


def test_a_promise_to_pay_on_delivery_gives_no_voice_before_it_is_kept(catalog_db, emma, bea):
    order_id = buys(emma, payment="due")
    answer = write(bea, emma, 1)
    assert (answer.status, stars(catalog_db, emma)) == (403, (0, 0))
    assert "shipping" in answer.body["detail"]
    ships(order_id, emma)
    assert (write(bea, emma, 1).status, stars(catalog_db, emma)) == (200, (1, 1))
    refunds(order_id, emma)
    assert stars(catalog_db, emma) == (0, 0)


def test_a_promise_does_not_keep_the_voice_of_who_got_the_money_back(catalog_db, emma, bea):
    paid, _ = buys(emma), buys(emma, payment="due")
    write(bea, emma)
    refunds(paid, emma)
    assert stars(catalog_db, emma) == (0, 0)


def test_who_keeps_one_copy_of_two_keeps_the_voice(catalog_db, emma, bea):
    first, _ = buys(emma), buys(emma)
    write(bea, emma)
    refunds(first, emma)
    assert stars(catalog_db, emma) == (1, 5)


def test_reviews_come_page_by_page_the_newest_first(catalog_db, emma):
    for number in range(5):
        buys(emma, buyer=f"reader{number}")
        write(token_of(f"reader{number}"), emma, number + 1)
    seen, cursor = [], ""
    while cursor is not None:
        page = shown(emma, limit="2", **({"cursor": cursor} if cursor else {}))
        seen, cursor = seen + [item["rating"] for item in page["items"]], page["next_cursor"]
    assert seen == [5, 4, 3, 2, 1]
    assert shown({"work_id": "unknown"}) == {"items": [], "next_cursor": None}


def test_every_offer_of_the_work_shows_what_readers_think(catalog_db, list_book, emma, sam, sue):
    for reader, rating in (("bea", 5), ("bob", 4), ("cat", 4)):
        buys(emma, buyer=reader)
        write(token_of(reader), emma, rating)
    rating = {"average": 4.33, "count": 3}
    created = list_book(sue, condition="good")
    read = call("get-book", path=f"/{emma['id']}")
    listed = call("list-books", query={"work": emma["work_id"]}).body["items"]
    assert [found["rating"] for found in (created.body, read.body, *listed)] == [rating] * 4
    tag = read.headers["ETag"]
    assert tag == '"1-10-3-4.33"'
    assert call("get-book", path=f"/{emma['id']}", If_None_Match=tag).status == 304
    changed = {"title": "Emma", "authors": ["Jane Austen"], "price_cents": 900, "stock": 10}
    answer = call("update-book", changed, path=f"/{emma['id']}", token=sam, If_Match=tag)
    assert (answer.status, answer.body["rating"], answer.headers["ETag"]) == (200, rating, '"2-10-3-4.33"')


def test_a_work_that_nobody_reviewed_shows_no_rating(emma):
    read = call("get-book", path=f"/{emma['id']}")
    assert "rating" not in read.body
    assert read.headers["ETag"] == '"1-10"'


def test_many_reviews_at_once_are_all_counted(catalog_db, emma):
    for number in range(12):
        buys(emma, buyer=f"reader{number}")
    tokens = [token_of(f"reader{number}") for number in range(12)]
    answers = together(12, lambda number: [write(tokens[number], emma, rating).status for rating in (1, 5, 3)])
    assert {status for statuses in answers for status in statuses} == {200}
    assert stars(catalog_db, emma) == (12, 36)


def test_a_refund_and_a_review_at_once_end_without_a_voice(catalog_db, emma, bea):
    orders = [buys(emma) for _ in range(6)]
    for order_id in orders[1:]:
        refunds(order_id, emma)
    together(2, lambda number: write(bea, emma) if number else refunds(orders[0], emma))
    assert stars(catalog_db, emma) == (0, 0)
    assert shown(emma)["items"] == []


def test_a_hidden_review_neither_shows_nor_counts_and_its_writer_reads_why(catalog_db, emma, bea, admin):
    buys(emma)
    review = write(bea, emma, 1, text="The neighbor at no. 5 …").body
    assert moderate(admin, review, True).body["status"] == "hidden"
    assert (shown(emma)["items"], stars(catalog_db, emma)) == ([], (0, 0))
    seen = own(bea, emma).body
    assert (seen["status"], seen["reason"]) == ("hidden", "It names a neighbor.")


def test_a_hidden_review_stays_hidden_whatever_its_writer_does(catalog_db, emma, bea, admin):
    buys(emma)
    review = write(bea, emma, 1).body
    moderate(admin, review, True)
    assert write(bea, emma, 5).body["status"] == "hidden"
    call("withdraw-review", path=f"/{emma['work_id']}", token=bea)
    assert write(bea, emma, 5).body["status"] == "hidden"
    buys(emma)
    assert stars(catalog_db, emma) == (0, 0)


def test_a_review_can_be_shown_again(catalog_db, emma, bea, admin):
    buys(emma)
    review = write(bea, emma, 2).body
    for hidden in (True, True, False, False):
        answer = moderate(admin, review, hidden)
    assert (answer.status, answer.body["status"]) == (200, "shown")
    assert stars(catalog_db, emma) == (1, 2)


def test_every_decision_is_told_with_its_reason(catalog_db, emma, bea, admin):
    buys(emma)
    review = write(bea, emma, 2).body
    moderate(admin, review, True, "It names a neighbor.")
    moderate(admin, review, False, "The neighbor agrees.")
    rows = fetch_all(catalog_db, "SELECT body FROM outbox WHERE type = 'catalog.administered' ORDER BY id")
    told = [Event.from_json(row["body"]).data for row in rows]
    assert [(act["admin_id"], act["act"], act["target_id"], act["details"]) for act in told] == [
        ("root", "hide_review", review["id"], {"reason": "It names a neighbor."}),
        ("root", "show_review", review["id"], {"reason": "The neighbor agrees."}),
    ]


def test_what_was_given_back_is_not_brought_back_by_an_admin(catalog_db, emma, bea, admin):
    order_id = buys(emma)
    review = write(bea, emma).body
    refunds(order_id, emma)
    assert moderate(admin, review, False).body["status"] == "not_bought"
    assert stars(catalog_db, emma) == (0, 0)


def test_reported_reviews_wait_for_a_decision(catalog_db, emma, bea, sue, admin):
    buys(emma)
    review = write(bea, emma).body
    assert report(sue, review).status == 204
    assert report(sue, review, "It is an advertisement for soap.").status == 204
    waiting = call("list-moderated-reviews", token=admin).body["items"]
    assert [item["reports"][0]["reason"] for item in waiting] == ["It is an advertisement for soap."]
    assert (len(waiting[0]["reports"]), waiting[0]["report_count"], waiting[0]["user_id"]) == (1, 1, "bea")
    assert moderate(admin, review, True).body["report_count"] == 0
    assert call("list-moderated-reviews", token=admin).body["items"] == []
    hidden = call("list-moderated-reviews", query={"status": "hidden"}, token=admin).body["items"]
    assert [item["id"] for item in hidden] == [review["id"]]
    assert report(sue, review).status == 404


def test_of_many_reports_the_newest_are_shown_and_all_are_counted(catalog_db, emma, list_book, bea, admin, monkeypatch):
    monkeypatch.setattr(moderation, "MOST_REPORTS", 3)
    other = list_book(title="Persuasion").body
    buys(emma)
    buys(other)
    much, little = write(bea, emma).body["id"], write(bea, other).body["id"]
    for number, review_id in enumerate((little, *[much] * 5)):
        reader, moment = User(f"u{number}", "Ann", "user"), NOON + timedelta(minutes=number)
        moderation.report_review(review_id, f"Reason {number}.", by=reader, at=moment)
    seen = call("list-moderated-reviews", token=admin).body["items"]
    assert [(item["id"], item["report_count"]) for item in seen] == [(little, 1), (much, 5)]
    reasons = [[report["reason"] for report in item["reports"]] for item in seen]
    assert reasons == [["Reason 0."], ["Reason 5.", "Reason 4.", "Reason 3."]]


def test_a_reader_has_one_report_of_a_review_however_often_it_is_sent(catalog_db, emma, bea, sue, sam):
    buys(emma)
    review = write(bea, emma).body
    reasons = [f"Reason {number}." for number in range(20)]
    assert set(together(20, lambda number: report(sue, review, reasons[number]).status)) == {204}
    assert report(sam, review).status == 204
    reports = fetch_all(catalog_db, "SELECT user_id, reason FROM review_reports ORDER BY user_id")
    assert [row["user_id"] for row in reports] == ["sam", "sue"]
    assert reports[1]["reason"] in reasons


def test_only_admins_moderate(catalog_db, emma, bea, sue, admin):
    buys(emma)
    review = write(bea, emma).body
    assert moderate(sue, review, True).status == 403
    assert call("list-moderated-reviews", token=sue).status == 403
    assert moderate(admin, {"id": "none"}, True).status == 404
    assert moderate(admin, review, True, reason=" ").fields == {"reason"}
    assert report(sue, {"id": "none"}).status == 404
    assert stars(catalog_db, emma) == (1, 5)
