"""What the events of orders come to: copies sold of works, and the figures of sellers."""

import random
from datetime import timedelta
from itertools import permutations
from urllib.parse import parse_qsl, urlsplit

import pytest

from bookstore.catalog.sales import add_up, record_sale
from bookstore.clock import utc
from bookstore.database import execute, fetch_all, fetch_one
from tests.handlers import call
from tests.integration.catalog.conftest import token_of
from tests.integration.catalog.market import NOON, buys, line, order_event, refunds, ships, work
from tests.integration.together import together


def figures(token, accept="", **query):
    period = {"since": "2026-03-01", "until": "2026-03-31"} | query
    return call("list-sales", query=period, token=token, Accept=accept)


def sold_by_title(token):
    return {
        item["book_id"]: (item["sold_copies"], item["returned_copies"])
        for item in figures(token, by="title").body["items"]
    }


def test_a_paid_order_counts_for_its_work_and_all_its_listings(catalog_db, list_book, sue):
    mine, hers = list_book().body, list_book(sue, condition="good").body
    buys(mine, 3)
    assert work(catalog_db, mine)["sold"] == 3
    assert {row["sold"] for row in fetch_all(catalog_db, "SELECT sold FROM books")} == {3}
    assert mine["work_id"] == hers["work_id"]
    assert list_book(sue, condition="acceptable").body["work_id"] == mine["work_id"]
    assert {row["sold"] for row in fetch_all(catalog_db, "SELECT sold FROM books")} == {3}


def test_an_event_that_comes_again_changes_nothing(catalog_db, list_book, sam):
    book = list_book().body
    paid = order_event("paid", "o1", 2, line(book, 3))
    refunded = order_event("refunded", "o1", 3, line(book, 3, taken_back=1), seller="sam")
    together(4, lambda _: record_sale(paid))
    together(4, lambda _: record_sale(refunded))
    record_sale(paid)
    assert work(catalog_db, book)["sold"] == 2
    assert sold_by_title(sam) == {book["id"]: (3, 1)}


@pytest.mark.parametrize("seed", range(6))
def test_events_may_come_in_any_order(catalog_db, list_book, sam, sue, seed):
    mine, hers = list_book().body, list_book(sue, title="Persuasion").body
    lines = [line(mine, 4), line(hers, 2)]
    events = [
        order_event("paid", "o1", 2, *lines),
        order_event("refunded", "o1", 3, line(mine, 4, taken_back=1), lines[1], seller="sam"),
        order_event("refunded", "o1", 4, *lines, seller="sue"),
        order_event("refunded", "o1", 5, line(mine, 4, taken_back=3), lines[1], seller="sam"),
    ] * 2
    random.Random(seed).shuffle(events)
    for event in events:
        record_sale(event)
    assert (work(catalog_db, mine)["sold"], work(catalog_db, hers)["sold"]) == (1, 0)
    assert (sold_by_title(sam), sold_by_title(sue)) == ({mine["id"]: (4, 3)}, {hers["id"]: (2, 2)})


def test_a_cancel_takes_back_what_was_not_refunded_before(catalog_db, list_book, sam):
    book = list_book().body
    record_sale(order_event("paid", "o1", 2, line(book, 4)))
    record_sale(order_event("cancelled", "o1", 4, line(book, 4), at=NOON + timedelta(days=2)))
    record_sale(
        order_event("refunded", "o1", 3, line(book, 4, taken_back=1), seller="sam", at=NOON + timedelta(days=1))
    )
    assert work(catalog_db, book)["sold"] == 0
    days = {item["day"]: item["returned_copies"] for item in figures(sam).body["items"]}
    assert days == {"2026-03-01": 0, "2026-03-02": 1, "2026-03-03": 3}


def test_cash_on_delivery_counts_when_it_is_collected_and_for_its_seller_when_it_is_promised(
    catalog_db, list_book, sam, now
):
    book = list_book().body
    order_id = buys(book, 3, payment="due")
    assert (work(catalog_db, book)["sold"], sold_by_title(sam)) == (0, {book["id"]: (3, 0)})
    ships(order_id, book, 3, at=now)
    assert (work(catalog_db, book)["sold"], sold_by_title(sam)) == (3, {book["id"]: (3, 0)})
    assert bestsellers(days="1") == [("Emma", 3)], "it counts from the day that its money came"


def test_a_shipment_brings_the_money_of_its_own_part_alone(catalog_db, list_book, sue):
    mine, hers = list_book().body, list_book(sue, title="Persuasion").body
    lines = (line(mine), line(hers))
    record_sale(order_event("paid", "o1", 2, *lines, payment="due"))
    record_sale(order_event("shipped", "o1", 3, *lines, seller="sue", payment="due"))
    assert (work(catalog_db, mine)["sold"], work(catalog_db, hers)["sold"]) == (0, 1)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_money_and_returns_may_be_told_of_in_any_order(catalog_db, list_book, sam, order):
    book = list_book().body
    events = [
        order_event("paid", "o1", 2, line(book, 3), payment="due"),
        order_event("shipped", "o1", 3, line(book, 3), seller="sam", payment="captured", at=NOON + timedelta(days=1)),
        order_event("refunded", "o1", 4, line(book, 3, taken_back=1), seller="sam", at=NOON + timedelta(days=2)),
    ]
    for number in (*order, *order):
        record_sale(events[number])
    assert (work(catalog_db, book)["sold"], sold_by_title(sam)) == (2, {book["id"]: (3, 1)})
    moment = fetch_one(catalog_db, "SELECT paid_at, captured_at FROM sales")
    assert [utc(moment[name]) for name in ("paid_at", "captured_at")] == [NOON, NOON + timedelta(days=1)]


def test_what_was_paid_by_card_has_its_money_before_it_is_shipped(catalog_db, list_book):
    book = list_book().body
    order_id = buys(book)
    ships(order_id, book)
    moment = fetch_one(catalog_db, "SELECT captured_at FROM sales")
    assert utc(moment["captured_at"]) == NOON


def test_a_promise_that_is_cancelled_never_counted(catalog_db, list_book, sam):
    book = list_book().body
    record_sale(order_event("paid", "o1", 2, line(book, 2), payment="due"))
    record_sale(order_event("cancelled", "o1", 3, line(book, 2), payment="refunded"))
    assert (work(catalog_db, book)["sold"], sold_by_title(sam)) == (0, {book["id"]: (2, 2)})


def test_a_paid_order_of_the_version_before_does_not_tell_of_its_money_and_counts(catalog_db, list_book):
    book = list_book().body
    record_sale(order_event("paid", "o1", 2, line(book, 2)))
    assert work(catalog_db, book)["sold"] == 2


def test_what_functions_of_the_version_before_still_write_counts_too(catalog_db, list_book):
    buys(list_book().body, payment="due")
    execute(catalog_db, "UPDATE sales SET paid_at = %s, kept = quantity", [NOON])
    assert fetch_one(catalog_db, "SELECT captured_at = paid_at AS same FROM sales") == {"same": 1}


def test_an_order_that_was_never_paid_is_no_sale(catalog_db, list_book, sam):
    book = list_book().body
    record_sale(order_event("cancelled", "o1", 2, line(book, 4)))
    assert work(catalog_db, book)["sold"] == 0
    assert figures(sam).body["items"] == []


def test_a_sale_counts_when_the_listing_was_taken_off_meanwhile(catalog_db, list_book, sam, sue):
    gone, stays = list_book().body, list_book(sue).body
    call("delete-book", path=f"/{gone['id']}", token=sam, If_Match="*")
    buys(gone, 2)
    assert work(catalog_db, stays)["sold"] == 2
    assert sold_by_title(sam) == {gone["id"]: (2, 0)}


def test_a_sale_of_what_the_catalog_never_knew_counts_for_its_seller(catalog_db, list_book, sam):
    book = list_book().body | {"id": "unknown"}
    refunds(buys(book), book)
    assert sold_by_title(sam) == {"unknown": (1, 1)}
    assert work(catalog_db, book)["sold"] == 0


def test_a_sale_stays_with_its_work_when_the_listing_becomes_another(catalog_db, list_book, sam):
    book = list_book().body
    order_id = buys(book, 2)
    other = {"title": "Persuasion", "authors": ["Jane Austen"], "price_cents": 900, "stock": 10}
    moved = call("update-book", other, path=f"/{book['id']}", token=sam, If_Match='"1-10"').body
    assert (work(catalog_db, book)["sold"], work(catalog_db, moved)["sold"]) == (2, 0)
    assert fetch_one(catalog_db, "SELECT sold FROM books") == {"sold": 0}
    refunds(order_id, book)
    assert (work(catalog_db, book)["sold"], work(catalog_db, moved)["sold"]) == (0, 0)


def test_many_sales_of_the_same_works_at_once_are_all_counted(catalog_db, list_book, sue):
    mine, hers = list_book().body, list_book(sue, title="Persuasion").body

    def sell(number):
        lines = [line(mine), line(hers)]
        for order in range(5):
            record_sale(order_event("paid", f"o-{number}-{order}", 2, *(lines if number % 2 else reversed(lines))))

    together(8, sell)
    assert (work(catalog_db, mine)["sold"], work(catalog_db, hers)["sold"]) == (40, 40)


def test_figures_by_day_have_copies_and_money_sold_and_returned(catalog_db, list_book, sam):
    emma, persuasion = list_book().body, list_book(title="Persuasion", price_cents=500).body
    refunds(buys(emma, 2), emma)
    buys(persuasion, 3)
    answer = figures(sam)
    assert answer.status == 200
    assert answer.body == {
        "items": [
            {"day": "2026-03-01", "sold_copies": 5, "sold_cents": 4098, "returned_copies": 0, "returned_cents": 0},
            {"day": "2026-03-02", "sold_copies": 0, "sold_cents": 0, "returned_copies": 2, "returned_cents": 2598},
        ],
        "total": {"sold_copies": 5, "sold_cents": 4098, "returned_copies": 2, "returned_cents": 2598},
        "currency": "USD",
        "next_cursor": None,
    }


def test_titles_come_by_what_they_brought_in(catalog_db, list_book, sam):
    books = [list_book(title=title, price_cents=price).body for title, price in (("A", 100), ("B", 900), ("C", 100))]
    for book in books:
        buys(book)
    given_back = list_book(title="D", price_cents=5000).body
    refunds(buys(given_back), given_back)
    found = [item["title"] for item in figures(sam, by="title").body["items"]]
    assert found == ["B", "A", "C", "D"]
    first = figures(sam, by="title", limit="2").body
    second = figures(sam, by="title", limit="2", cursor=first["next_cursor"]).body
    assert [item["title"] for item in first["items"] + second["items"]] == found
    assert (second["next_cursor"], second["total"]) == (None, first["total"])


def test_days_come_page_by_page(catalog_db, list_book, sam):
    book = list_book().body
    for day in range(5):
        buys(book, at=NOON + timedelta(days=day))
    seen, cursor = [], ""
    while cursor is not None:
        page = figures(sam, limit="2", **({"cursor": cursor} if cursor else {})).body
        seen, cursor = seen + [item["day"] for item in page["items"]], page["next_cursor"]
    assert seen == [f"2026-03-0{day}" for day in range(1, 6)]


def test_a_day_begins_and_ends_at_midnight_in_utc(catalog_db, list_book, sam):
    book = list_book().body
    midnight = NOON.replace(hour=0)
    for moment in (midnight - timedelta(microseconds=1), midnight, midnight + timedelta(days=1)):
        buys(book, at=moment)
    found = figures(sam, since="2026-03-01", until="2026-03-01").body
    assert [(item["day"], item["sold_copies"]) for item in found["items"]] == [("2026-03-01", 1)]


def test_a_period_may_be_of_any_length(catalog_db, list_book, sam):
    buys(list_book().body)
    assert figures(sam, since="1900-01-01", until="2999-12-31").body["total"]["sold_copies"] == 1


def test_everybody_sees_their_own_figures_only(catalog_db, list_book, sam, sue):
    buys(list_book().body)
    assert figures(sue).body["items"] == []
    assert figures(sam).body["total"]["sold_copies"] == 1
    assert call("list-sales").status == 401


def test_figures_can_be_had_as_a_file_for_a_spreadsheet(catalog_db, list_book, sam):
    book = list_book(title='Emma, or "Pride"').body
    buys(book, 2)
    answer = figures(sam, accept="text/csv", by="title", limit="1")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.body.splitlines() == [
        "book_id,title,sold_copies,sold_cents,returned_copies,returned_cents",
        f'{book["id"]},"Emma, or ""Pride""",2,2598,0,0',
    ]
    assert figures(sam, accept="text/csv").body.splitlines()[1] == "2026-03-01,2,2598,0,0"


@pytest.mark.parametrize("by", ["day", "title"])
def test_a_long_file_comes_in_pages_that_can_be_joined(catalog_db, list_book, sam, monkeypatch, by):
    for number in range(5):
        buys(list_book(title=f"Book {number}").body, at=NOON + timedelta(days=number))
    whole = figures(sam, accept="text/csv", by=by)
    assert "Link" not in whole.headers
    monkeypatch.setattr("bookstore.catalog.figures.MOST_LINES", 2)
    pages, link = [], f"/api/sales?since=2026-03-01&until=2026-03-31&by={by}"
    while link:
        answer = call("list-sales", query=dict(parse_qsl(urlsplit(link).query)), token=sam, Accept="text/csv")
        pages, link = [*pages, answer.body], answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert len(pages) == 3
    assert "".join(pages) == whole.body


def test_the_pages_of_a_file_are_of_the_same_days_whenever_they_are_read(catalog_db, list_book, sam, now, monkeypatch):
    for _ in range(2):
        buys(list_book().body, at=now)
    monkeypatch.setattr("bookstore.catalog.figures.MOST_LINES", 1)
    link = call("list-sales", query={"by": "title"}, token=sam, Accept="text/csv").headers["Link"]
    assert f"since={now.date() - timedelta(29)}&until={now.date()}&by=title&cursor=" in link


def test_no_title_is_a_formula_to_a_spreadsheet(catalog_db, list_book, sam):
    book = list_book(title="=1+1").body
    buys(book)
    lines = figures(sam, accept="text/csv", by="title").body.splitlines()
    assert lines[1] == f"{book['id']},'=1+1,1,1299,0,0"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"since": "yesterday", "by": "week", "limit": "101"}, {"since", "by", "limit"}),
        ({"since": "2026-03-02", "until": "2026-03-01"}, {"until"}),
        ({"since": "0001-01-01", "until": "9999-12-31"}, {"since", "until"}),
        ({"cursor": "' OR 1"}, {"cursor"}),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(catalog_db, sam, query, fields):
    answer = call("list-sales", query=query, token=sam)
    assert (answer.status, answer.fields) == (400, fields)


def test_what_is_no_event_of_an_order_is_set_aside(catalog_db, list_book):
    book = list_book().body
    for body in (b"", b"{}", order_event("paid", "o1", 2, line(book, 0)).to_json()):
        assert call("record-sale", body).status == 422
    assert call("record-sale", order_event("paid", "o1", 2, line(book, 2)).to_json()).status == 204
    assert work(catalog_db, book)["sold"] == 2


def bestsellers(**query):
    answer = call("list-bestsellers", query=query)
    assert answer.status == 200, answer
    return [(item["book"]["title"], item["sold"]) for item in answer.body["items"]]


def test_bestsellers_are_the_works_of_which_most_copies_were_kept(catalog_db, list_book, sue, now):
    emma, cheap = list_book().body, list_book(sue, price_cents=100).body
    persuasion, unsold = list_book(title="Persuasion").body, list_book(title="Sanditon").body
    buys(emma, at=now)
    buys(cheap, at=now)
    refunds(buys(persuasion, 9, at=now), persuasion)
    buys(persuasion, at=now)
    assert unsold["title"] not in dict(bestsellers())
    assert bestsellers() == [("Emma", 2), ("Persuasion", 1)]
    assert bestsellers(limit="1") == [("Emma", 2)]
    answer = call("list-bestsellers")
    assert answer.body["items"][0]["book"]["id"] == cheap["id"]
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_what_sellers_order_of_themselves_makes_no_bestseller(catalog_db, list_book, sam, now):
    emma, persuasion = list_book().body, list_book(title="Persuasion").body
    own = buys(emma, 9, buyer="sam", at=now)
    assert bestsellers() == []
    buys(persuasion, at=now)
    refunds(own, emma, buyer="sam")
    assert bestsellers() == [("Persuasion", 1)]
    assert figures(sam, since="2000-01-01", until="2999-12-31").body["total"]["sold_copies"] == 10
    add_up(catalog_db)
    assert work(catalog_db, emma)["sold"] == 0


def test_what_sold_long_ago_or_is_no_longer_offered_is_no_bestseller(catalog_db, list_book, sam, now):
    emma, gone = list_book().body, list_book(title="Sanditon").body
    buys(emma, at=now - timedelta(days=8))
    buys(gone, at=now)
    call("delete-book", path=f"/{gone['id']}", token=sam, If_Match="*")
    assert (bestsellers(days="7"), bestsellers(days="9")) == ([], [("Emma", 1)])


def test_a_bestseller_that_is_sold_out_is_shown_by_another_offer(catalog_db, list_book, sue, now):
    sold_out, dear = list_book(price_cents=100, stock=0).body, list_book(sue, price_cents=900).body
    buys(sold_out, at=now)
    assert call("list-bestsellers").body["items"][0]["book"]["id"] == dear["id"]
    execute(catalog_db, "UPDATE books SET stock = 0")
    assert call("list-bestsellers").body["items"][0]["book"]["id"] == sold_out["id"]


@pytest.mark.parametrize("query", [{"days": "0"}, {"days": "366"}, {"limit": "101"}, {"days": "1.5"}])
def test_bestsellers_are_asked_for_within_limits(catalog_db, query):
    assert call("list-bestsellers", query=query).fields == set(query)


def test_a_seller_has_figures_though_the_seller_never_listed_here(catalog_db):
    assert figures(token_of("nobody")).body["total"]["sold_copies"] == 0
