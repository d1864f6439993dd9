"""Put on sale, read, change and take off; who may, and what the other domains hear of it."""

import json

import pytest

from bookstore.catalog.books import etag
from bookstore.catalog.models import BookOut
from bookstore.catalog.volumes import order_of
from bookstore.database import execute, fetch_all
from bookstore.events.envelope import Event
from bookstore.events.payloads import check
from bookstore.migrations import statements, steps
from tests.handlers import call
from tests.integration import outbox
from tests.integration.catalog.conftest import EMMA, token_of
from tests.integration.together import together


def told(db):
    """The events since the beginning, each checked against what its type promises."""
    events = outbox.told(db)
    for event in events:
        check(event)
    return events


def put(token, book, tag, **changes):
    return call("update-book", EMMA | changes, path=f"/{book['id']}", token=token, If_Match=tag)


def tag_of(book):
    return etag(BookOut.model_validate(book))


def test_a_listing_is_kept_as_sent_and_belongs_to_whoever_is_signed_in(sam, list_book):
    everything = {
        "title": "Cien años de soledad",
        "subtitle": "Edición conmemorativa",
        "contributors": [
            {"name": "Gabriel García Márquez", "role": "author"},
            {"name": "A. N.", "role": "illustrator"},
        ],
        "isbn13": "9780306406157",
        "publisher": "Sudamericana",
        "published": "1967-05-30",
        "language": "es-AR",
        "format": "hardcover",
        "pages": 471,
        "series": {"title": "Macondo", "volume": "I"},
        "subjects": ["FBA", "1KLS"],
        "description": "Muchos años después…\nUna línea.",
        "condition": "very_good",
        "price_cents": 2500,
        "stock": 3,
    }
    answer = call("create-book", everything, token=sam)
    book = answer.body
    assert answer.status == 201
    assert answer.headers == {"Location": f"/api/books/{book['id']}", "ETag": '"1-3"'}
    assert {name: book[name] for name in everything} == everything
    assert book["seller"] == {"id": "sam", "name": "Sam"}
    assert (book["version"], book["currency"]) == (1, "USD")
    assert book["created_at"] == book["updated_at"]
    read = call("get-book", path=f"/{book['id']}")
    assert (read.body, read.headers["ETag"]) == (book, '"1-3"')


def test_what_is_not_known_of_a_book_is_left_out(list_book):
    book = list_book().body
    assert not {"subtitle", "isbn13", "series", "description", "pages"} & set(book)
    assert None not in book.values()


def test_a_reader_who_has_the_book_as_it_is_gets_no_second_copy(list_book):
    book = list_book().body
    for known in ('"1-10"', 'W/"1-10"', '"x", "1-10"', "*"):
        answer = call("get-book", path=f"/{book['id']}", If_None_Match=known)
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, "", '"1-10"')
    assert call("get-book", path=f"/{book['id']}", If_None_Match='"1-9"').status == 200


@pytest.mark.parametrize("path", ["/nothing", "/", "/'%20OR%201", "/a/b", f"/{'x' * 65}", "/é"])
def test_a_book_that_does_not_exist_is_not_found_by_anybody(sam, path):
    assert call("get-book", path=path).status == 404
    assert call("update-book", EMMA, path=path, token=sam, If_Match='"1-1"').status == 404
    assert call("delete-book", path=path, token=sam, If_Match='"1-1"').status == 404


def test_every_change_is_told_with_the_running_sum_of_copies(catalog_db, sam, list_book):
    book = list_book(stock=10).body
    book = put(sam, book, '"1-10"', stock=15, title="Emma, revised").body
    book = put(sam, book, '"2-15"', stock=4).body
    call("delete-book", path=f"/{book['id']}", token=sam, If_Match='"3-4"')
    events = told(catalog_db)
    assert [event.type for event in events] == ["book.created", "book.updated", "book.updated", "book.deleted"]
    assert [event.version for event in events] == [1, 2, 3, 4]
    assert [event.data["stock_supplied"] for event in events] == [10, 15, 4, 4]
    assert {event.subject for event in events} == {event.data["book_id"] for event in events} == {book["id"]}
    assert events[1].data["title"] == "Emma, revised"


def test_an_event_carries_the_trace_of_the_request_that_caused_it(catalog_db, sam):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    call("create-book", EMMA, token=sam, traceparent=trace)
    assert [event.trace for event in told(catalog_db)] == [trace]


def test_a_change_replaces_everything_that_can_be_written(sam, list_book):
    book = list_book(subtitle="A Novel", series={"title": "Austen"}, subjects=["FBC"]).body
    changed = put(sam, book, tag_of(book), price_cents=999)
    assert (changed.status, changed.headers["ETag"]) == (200, '"2-10"')
    assert not {"subtitle", "series"} & set(changed.body)
    assert (changed.body["price_cents"], changed.body["subjects"]) == (999, [])
    assert changed.body["updated_at"] > changed.body["created_at"] == book["created_at"]
    assert call("get-book", path=f"/{book['id']}").body == changed.body


def test_copies_sold_meanwhile_stay_sold_when_the_seller_edits(catalog_db, sam, list_book):
    book = list_book(stock=10).body
    sold = {"book_id": book["id"], "available": 7, "version": 2}
    event = Event(type="stock.changed", subject=book["id"], version=2, data=sold)
    assert call("sync-catalog", event.to_json()).status == 204
    changed = put(sam, book, '"1-10"', stock=12)
    assert changed.body["stock"] == 9
    assert told(catalog_db)[-1].data["stock_supplied"] == 12


def test_a_seller_who_takes_out_more_than_is_left_has_none(catalog_db, sam, list_book):
    book = list_book(stock=10).body
    event = Event(
        type="stock.changed", subject=book["id"], version=2, data={"book_id": book["id"], "available": 3, "version": 2}
    )
    call("sync-catalog", event.to_json())
    assert put(sam, book, '"1-10"', stock=5).body["stock"] == 0
    assert told(catalog_db)[-1].data["stock_supplied"] == 5


def test_of_two_edits_of_one_version_one_is_kept(catalog_db, sam, list_book):
    book = list_book().body
    answers = together(6, lambda number: put(sam, book, '"1-10"', price_cents=100 + number))
    assert sorted(answer.status for answer in answers) == [200] + [412] * 5
    kept = next(answer.body for answer in answers if answer.status == 200)
    assert call("get-book", path=f"/{book['id']}").body == kept
    assert len(told(catalog_db)) == 2


def test_an_edit_and_a_deletion_of_one_version_do_not_both_happen(catalog_db, sam, list_book):
    book = list_book().body

    def act(number):
        if number % 2:
            return put(sam, book, '"1-10"', price_cents=1).status
        return call("delete-book", path=f"/{book['id']}", token=sam, If_Match='"1-10"').status

    statuses = together(6, act)
    assert len([status for status in statuses if status < 300]) == 1
    assert len(told(catalog_db)) == 2


def test_a_version_that_is_not_named_or_not_ours_is_refused(sam, list_book):
    book = list_book().body
    path = f"/{book['id']}"
    assert call("update-book", EMMA, path=path, token=sam).status == 428
    assert call("delete-book", path=path, token=sam).status == 428
    for tag in ("*", "1-10", '"x"', '"1"', '"1-99999999"', "", '"-1-1"'):
        assert put(sam, book, tag).fields == {"If-Match"}, tag
    assert put(sam, book, '"2-10"').status == 412
    assert call("get-book", path=path).body == book


def test_a_book_can_be_taken_off_whatever_its_version(sam, list_book, catalog_db):
    path = f"/{list_book().body['id']}"
    assert call("delete-book", path=path, token=sam, If_Match="*").status == 204
    assert call("delete-book", path=path, token=sam, If_Match="*").status == 404
    assert [event.version for event in told(catalog_db)] == [1, 2]


def test_stock_and_its_running_sum_stay_in_bounds(sam, list_book):
    book = list_book(stock=10**6).body
    assert put(sam, book, '"1-0"', stock=1).fields == {"stock"}
    assert call("get-book", path=f"/{book['id']}").body == book


def test_only_the_seller_or_an_admin_changes_a_listing(sam, sue, list_book):
    book = list_book().body
    path = f"/{book['id']}"
    assert put(sue, book, '"1-10"').status == 403
    assert call("delete-book", path=path, token=sue, If_Match='"1-10"').status == 403
    admin = token_of("root", "admin")
    changed = put(admin, book, '"1-10"', price_cents=1)
    assert (changed.status, changed.body["seller"]["id"]) == (200, "sam")
    assert call("delete-book", path=path, token=admin, If_Match='"2-10"').status == 204
    assert call("get-book", path=path).status == 404


@pytest.mark.parametrize("function", ["create-book", "update-book", "delete-book"])
def test_without_a_token_nothing_else_is_checked(catalog_db, function):
    answer = call(function, b"{", path="/nothing", query={"x": "1"})
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_refused_listing_leaves_no_trace(catalog_db, sam):
    assert call("create-book", EMMA | {"title": "", "seller": "me"}, token=sam).fields == {"title", "seller"}
    assert call("create-book", EMMA, token=sam, query={"x": "1"}).fields == {"x"}
    for table in ("books", "outbox", "work_keys"):
        assert fetch_all(catalog_db, f"SELECT * FROM {table}") == []


def test_listings_of_a_work_are_joined_by_isbn_or_by_title_and_first_author(sam, sue, list_book):
    first = list_book().body
    same_title = list_book(sue, title="EMMA!", authors=["Jane Austén"]).body
    with_isbn = list_book(sue, isbn13="9780306406157").body
    same_isbn = list_book(sam, title="Emma: An Annotated Edition", isbn13="0-306-40615-2").body
    namesake = list_book(sam, authors=["Alexander McCall Smith"]).body
    works = {book["work_id"] for book in (first, same_title, with_isbn, same_isbn)}
    assert len(works) == 1
    assert namesake["work_id"] not in works
    moved = put(sam, namesake, tag_of(namesake)).body
    assert moved["work_id"] in works


def test_a_subject_with_digits_is_found_by_every_wider_one(list_book):
    book = list_book(subjects=["JBSF11", "1DDU-GB-E"]).body
    for code in ("JBSF11", "jbsf1", "JBSF", "1DDU-GB", "1"):
        found = call("list-books", query={"subject": code}).body["items"]
        assert [each["id"] for each in found] == [book["id"]], code
    assert call("list-books", query={"subject": "JBSF2"}).body["items"] == []


def test_listings_of_a_new_work_made_at_once_are_joined(list_book):
    books = together(8, lambda _: list_book(isbn13="9780306406157").body)
    assert len({book["work_id"] for book in books}) == 1


def test_every_answer_is_what_its_model_says(list_book):
    book = list_book(series={"title": "Austen", "volume": "4"}, format="ebook").body
    assert BookOut.model_validate(book).model_dump(exclude_none=True) == book
    assert json.loads(json.dumps(book)) == book


def test_what_was_listed_before_there_was_an_order_of_volumes_gets_its_place(catalog_db, list_book):
    volumes = ["1", "2", "10", "1.5", "I", "iv", "XIX", "1-3", "Book 2", "Book 10", "A", None]
    for volume in volumes:
        list_book(series={"title": "S", **({"volume": volume} if volume else {})})
    by_the_domain = fetch_all(catalog_db, "SELECT id, series_order FROM books ORDER BY id")
    assert [row["series_order"] for row in by_the_domain] == [order_of(volume) for volume in volumes]
    execute(catalog_db, "UPDATE books SET series_order = NULL")
    backfill = list(statements(next(step for step in steps("catalog") if step.stem == "0003_books").read_text()))[1]
    execute(catalog_db, backfill)
    assert fetch_all(catalog_db, "SELECT id, series_order FROM books ORDER BY id") == by_the_domain


def test_the_longest_description_fits_whatever_it_is_written_in(list_book):
    book = list_book(description="\U0001f4da" * 20_000).body
    assert call("get-book", path=f"/{book['id']}").body["description"] == "\U0001f4da" * 20_000


def test_as_many_names_as_may_be_fit_though_each_of_their_characters_is_a_word(list_book):
    names = ["".join(chr(0x4E00 + person * 200 + place) for place in range(200)) for person in range(100)]
    assert list_book(authors=names).status == 201


def test_what_is_shown_of_html_is_safe_to_show(list_book):
    book = list_book(description='<p onclick="x">A <b>b</b></p><script>c</script>', description_format="html").body
    assert (book["description"], book["description_format"]) == ("<p>A <b>b</b></p>", "html")
    assert "description_format" not in list_book(description="<b>").body
