"""Files become listings: checked first, each row once, whatever happens in between."""

import random
from itertools import count, pairwise

import pytest

from bookstore import database
from bookstore.catalog.imports import records, work
from bookstore.catalog.imports.imports import forget_old
from bookstore.catalog.imports.work import work_import
from bookstore.catalog.records import written
from bookstore.catalog.stock import sync_catalog
from bookstore.catalog.volumes import order_of
from bookstore.database import execute, fetch_all, fetch_one
from bookstore.events.envelope import Event
from tests.handlers import call
from tests.integration.catalog.importing import HEAD, due, imported, problems, read, run, send, started, worked
from tests.integration.catalog.test_books import told
from tests.integration.together import together
from tests.unit.catalog.imports.messages import PRODUCT, message, shortened, small

ZERO = {"rows": 0, "new": 0, "changed": 0, "unchanged": 0, "deleted": 0, "refused": 0}


def rows(count, **changes):
    told = {"price": 1000, "stock": 3} | changes
    return "".join(f"s{n},Book {n},Ana Gil,{told['price']},{told['stock']}\n" for n in range(count))


def counts(**some):
    return ZERO | some


def shown(db):
    return fetch_all(db, "SELECT id, sku, title, price_cents, stock, stock_supplied, version FROM books ORDER BY id")


def about_books(db):
    return [event for event in told(db) if event.type.startswith("book.")]


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(work, "ROWS", 7)


def test_a_file_is_checked_by_itself_and_changes_nothing_until_it_is_run(catalog_db, sam):
    import_id = started(sam, HEAD + rows(3))
    assert read(sam, import_id)["status"] == "checking"
    found = worked(catalog_db, sam, import_id)
    assert (found["status"], found["check"]) == ("checked", counts(rows=3, new=3))
    assert "run" not in found
    assert shown(catalog_db) == []
    assert run(sam, import_id).body["status"] == "running"
    found = worked(catalog_db, sam, import_id)
    assert (found["status"], found["run"]) == ("done", counts(rows=3, new=3))
    assert found["read_bytes"] == found["file_bytes"] == len(HEAD + rows(3))
    assert [(row["sku"], row["title"], row["stock"], row["version"]) for row in shown(catalog_db)] == [
        (f"s{number}", f"Book {number}", 3, 1) for number in range(3)
    ]


@pytest.mark.parametrize(
    ("columns", "cells", "series"),
    [
        ("volume", "4", {"title": "Austen", "volume": "4"}),
        ("volume", "", {"title": "Austen"}),
        ("series", "Emma & co.", {"title": "Emma & co.", "volume": "3"}),
        ("series", "", None),
        ("series,volume", "Novels,", {"title": "Novels"}),
        ("series,volume", ",", None),
        ("title", "Emma", {"title": "Austen", "volume": "3"}),
    ],
)
def test_a_file_that_tells_of_a_part_of_a_series_leaves_the_other(catalog_db, sam, columns, cells, series):
    imported(catalog_db, sam, HEAD.replace("\n", ",series,volume\n") + "e,Emma,Jane Austen,1000,3,Austen,3\n")
    imported(catalog_db, sam, f"sku,{columns}\ne,{cells}\n")
    (row,) = fetch_all(catalog_db, "SELECT * FROM books")
    assert written(row)["series"] == (series and {"volume": None} | series)
    assert row["series_order"] == (order_of(series.get("volume")) if series else None)


def test_a_volume_of_no_series_is_refused(catalog_db, sam):
    imported(catalog_db, sam, HEAD + rows(1))
    both = HEAD.replace("\n", ",series,volume\n")
    for file in ("sku,volume\ns0,4\n", both + "s0,Emma,Jane Austen,1,3,,4\n", both + "new,Emma,Jane Austen,1,3,,4\n"):
        import_id = started(sam, file)
        assert worked(catalog_db, sam, import_id)["check"] == counts(rows=1, refused=1)
        assert problems(sam, import_id) == [(2, "volume", "belongs to no series: name the series too")]
        assert call("cancel-import", path=f"/{import_id}", token=sam).status == 204


def test_what_is_imported_is_told_of_like_what_is_listed_by_hand(catalog_db, sam, list_book):
    imported(catalog_db, sam, HEAD + "e,Emma,Jane Austen,1299,10\n")
    by_hand = list_book().body
    one, other = about_books(catalog_db)
    assert (one.type, one.version) == ("book.created", 1)
    assert {**one.data, "book_id": ""} == {**other.data, "book_id": ""}
    book = call("get-book", path=f"/{one.subject}").body
    assert book["work_id"] == by_hand["work_id"]
    ignored = ("id", "created_at", "updated_at", "cover_url")
    assert {name: book[name] for name in book if name not in ignored} == {
        name: by_hand[name] for name in by_hand if name not in ignored
    }


def test_the_same_file_again_changes_nothing(catalog_db, sam):
    imported(catalog_db, sam, HEAD + rows(20))
    before = shown(catalog_db)
    again = imported(catalog_db, sam, HEAD + rows(20))
    assert again["check"] == again["run"] == counts(rows=20, unchanged=20)
    assert shown(catalog_db) == before
    assert len(about_books(catalog_db)) == 20


def test_a_changed_row_changes_its_listing_and_only_what_the_file_speaks_of(catalog_db, sam):
    head = "sku,title,authors,publisher,price_cents,stock\n"
    imported(catalog_db, sam, f"{head}1,Emma,Jane Austen,House,1000,3\n2,Persuasion,Jane Austen,,1,1\n")
    found = imported(catalog_db, sam, "sku,price_cents\n1,900\n2,1\n")
    assert found["run"] == counts(rows=2, changed=1, unchanged=1)
    row = shown(catalog_db)[0]
    assert (row["title"], row["price_cents"], row["stock"], row["version"]) == ("Emma", 900, 3, 2)
    assert call("get-book", path=f"/{row['id']}").body["publisher"] == "House"
    assert about_books(catalog_db)[-1].data["price_cents"] == 900


def test_copies_sold_between_check_and_run_stay_sold(catalog_db, sam):
    imported(catalog_db, sam, HEAD + rows(1, stock=10))
    (book,) = shown(catalog_db)
    import_id = started(sam, HEAD + rows(1, stock=12))
    worked(catalog_db, sam, import_id)
    data = {"book_id": book["id"], "available": 7, "version": 2}
    sync_catalog(Event(type="stock.changed", subject=book["id"], version=2, data=data))
    run(sam, import_id)
    worked(catalog_db, sam, import_id)
    (book,) = shown(catalog_db)
    assert (book["stock"], book["stock_supplied"]) == (9, 12)


def test_refusals_tell_line_field_and_reason_page_by_page(catalog_db, sam):
    content = (
        "sku,title,authors,isbn13,price_cents,stock\n"
        "1,,Jane Austen,,-5,1\n"
        "2,Emma,Jane Austen,978-0-306-40615-8,1000000001,x\n"
        "3,Emma,Jane Austen,,1,1\n"
        "3,Persuasion,Jane Austen,,1,1\n"
        ",Emma,Jane Austen,,1,1\n"
        "4,Emma,Jane Austen,,,1\n"
    )
    import_id = started(sam, content)
    found = worked(catalog_db, sam, import_id)
    assert found["check"] == counts(rows=6, new=1, refused=5)
    expected = [
        (2, "price_cents", "input should be greater than or equal to 0"),
        (2, "title", "field required"),
        (3, "isbn13", "has a wrong check digit: 8 at its end, but 978030640615 asks for 7"),
        (3, "stock", "must be a whole number"),
        (5, "sku", "is the same listing as in line 4"),
        (6, "sku", "is required for a book without an ISBN: the next import must know the book again"),
        (7, "price_cents", "field required"),
    ]
    assert problems(sam, import_id) == expected
    run(sam, import_id)
    assert worked(catalog_db, sam, import_id)["run"] == found["check"]
    assert problems(sam, import_id) == expected
    assert [row["title"] for row in shown(catalog_db)] == ["Emma"]


def test_a_condition_of_many_words_costs_its_row_only(catalog_db, sam):
    content = (
        "isbn13,title,authors,price_cents,stock,condition\n"
        f"9780306406157,Emma,Jane Austen,1,1,{'as good as one can hope ' * 20}\n"
        "9780306406157,Emma,Jane Austen,1,1,good\n"
    )
    found = imported(catalog_db, sam, content)
    assert found["run"] == counts(rows=2, new=1, refused=1)
    assert [(line, field) for line, field, _ in problems(sam, found["id"])] == [(2, "condition")]


def test_what_is_only_left_out_is_told_and_refuses_nothing(catalog_db, sam):
    content = "sku,title,authors,isbn13,price_cents,stock\n1,Emma,Jane Austen,0306406150,1,1\n"
    found = imported(catalog_db, sam, content, csv={"wrong_isbn": "drop"})
    assert found["run"] == counts(rows=1, new=1)
    page = call("list-import-problems", path=f"/{found['id']}", token=sam).body
    assert [(item["line"], item["field"], item["refused"]) for item in page["items"]] == [(2, "isbn13", False)]


def test_defaults_are_for_new_listings_only(catalog_db, sam):
    said = {
        "csv": {"columns": {"sku": "Id", "title": "T", "authors": "A"}},
        "defaults": {"price_cents": 700, "stock": 2},
    }
    imported(catalog_db, sam, "Id,T,A,Z\n1,Emma,Jane Austen,z\n", **said)
    (book,) = shown(catalog_db)
    assert (book["price_cents"], book["stock"]) == (700, 2)
    imported(catalog_db, sam, "sku,price_cents\n1,900\n")
    assert imported(catalog_db, sam, "Id,T,A\n1,Emma,Jane Austen\n", **said)["run"] == counts(rows=1, unchanged=1)
    assert shown(catalog_db)[0]["price_cents"] == 900


def test_an_edition_is_known_by_isbn_condition_and_format_where_there_is_no_number(catalog_db, sam, list_book):
    by_hand = list_book(isbn13="9780306406157", condition="good", format="paperback").body
    head = "isbn13,title,authors,condition,format,price_cents,stock\n"
    same = "0-306-40615-2,Emma,Jane Austen,good,paperback,500,10\n"
    other = "0-306-40615-2,Emma,Jane Austen,new,paperback,900,10\n"
    found = imported(catalog_db, sam, head + same + other + same)
    assert found["run"] == counts(rows=3, changed=1, new=1, refused=1)
    assert call("get-book", path=f"/{by_hand['id']}").body["price_cents"] == 500
    assert imported(catalog_db, sam, head + same + other)["run"] == counts(rows=2, unchanged=2)


@pytest.mark.parametrize("rows_at_once", [1, 500])
def test_two_rows_for_one_listing_are_one_too_many_however_they_name_it(
    catalog_db, sam, list_book, monkeypatch, rows_at_once
):
    monkeypatch.setattr(work, "ROWS", rows_at_once)
    book = list_book(isbn13="9780306406157").body
    same = "9780306406157,Emma,J"
    content = f"sku,isbn13,title,authors,price_cents,stock\n{book['id']},{same},1,12\n,{same},2,13\n"
    found = imported(catalog_db, sam, content)
    assert found["check"] == found["run"] == counts(rows=2, changed=1, refused=1)
    assert problems(sam, found["id"]) == [(3, "isbn13", "is the same listing as in line 2")]
    (row,) = shown(catalog_db)
    assert (row["price_cents"], row["stock"], row["stock_supplied"], row["version"]) == (1, 12, 12, 2)


def test_nobody_changes_anothers_listings_by_a_file(catalog_db, sam, sue, list_book):
    imported(catalog_db, sam, HEAD + rows(2))
    foreign = list_book().body
    found = imported(catalog_db, sue, HEAD + rows(2, price=1) + f"{foreign['id']},Stolen,Sue,1,1\n")
    assert found["run"] == counts(rows=3, new=3)
    assert call("get-book", path=f"/{foreign['id']}").body == foreign
    sellers = fetch_all(catalog_db, "SELECT seller_id, COUNT(*) AS books FROM books GROUP BY seller_id ORDER BY 1")
    assert sellers == [{"seller_id": "sam", "books": 3}, {"seller_id": "sue", "books": 3}]


def test_parts_may_come_in_any_order_and_again(catalog_db, sam):
    content = (HEAD + rows(40)).encode()
    parts = [content[at : at + 300] for at in range(0, len(content), 300)]
    import_id = call("start-import", {"format": "csv", "parts": len(parts)}, token=sam).body["id"]
    order = list(enumerate(parts, 1))
    random.Random(5).shuffle(order)
    send(sam, import_id, order[0][0], b"something else at first")
    for number, part in [*order[:3], *order[:-1]]:
        answer = send(sam, import_id, number, part)
        assert answer.body["status"] == "receiving"
    answers = together(3, lambda _: send(sam, import_id, *order[-1]))
    assert {answer.body["status"] for answer in answers} == {"checking"}
    assert worked(catalog_db, sam, import_id)["check"] == counts(rows=40, new=40)
    assert send(sam, import_id, *order[0]).status == 200
    assert send(sam, import_id, 1, b"another").status == 409
    assert fetch_one(catalog_db, "SELECT COUNT(*) AS n FROM outbox") == {"n": 1}


def test_a_step_that_was_cut_short_is_gone_on_with(catalog_db, sam, small_batches, monkeypatch):
    import_id = started(sam, HEAD + rows(60))
    worked(catalog_db, sam, import_id)
    run(sam, import_id)
    event, killed = due(catalog_db), 0
    settle = work._settle

    def killed_now_and_then(job, batch, *, hand_on):
        done = settle(job, batch, hand_on=hand_on)
        if dice.random() < 0.7:
            raise KeyboardInterrupt
        return done

    dice = random.Random(11)
    monkeypatch.setattr(work, "_settle", killed_now_and_then)
    while read(sam, import_id)["status"] == "running":
        try:
            work_import(Event.from_json(event))
        except KeyboardInterrupt:
            killed += 1
    assert killed > 1
    assert read(sam, import_id)["run"] == counts(rows=60, new=60)
    assert len({row["sku"] for row in shown(catalog_db)}) == len(shown(catalog_db)) == 60
    assert len(about_books(catalog_db)) == 60


def test_an_import_with_a_value_that_no_check_has_found_ends_there_and_says_so(
    catalog_db, sam, small_batches, monkeypatch
):
    import_id = started(sam, HEAD + rows(20))
    worked(catalog_db, sam, import_id)
    run(sam, import_id)
    monkeypatch.setattr("bookstore.catalog.batches.works_of", lambda _db, books: ["too long" * 20 for _ in books])
    work_import(Event.from_json(due(catalog_db)))
    found = read(sam, import_id)
    assert found["status"] == "failed"
    assert "work_id" in found["failure"]["reason"]
    assert shown(catalog_db) == about_books(catalog_db) == []


def test_a_batch_that_fails_leaves_nothing_of_it(catalog_db, sam, small_batches, monkeypatch):
    import_id = started(sam, HEAD + rows(20))
    worked(catalog_db, sam, import_id)
    run(sam, import_id)
    advance = records.advance

    def fails(*given, **more):
        advance(*given, **more)
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(records, "advance", fails)
        with pytest.raises(ZeroDivisionError):
            work_import(Event.from_json(due(catalog_db)))
    assert shown(catalog_db) == about_books(catalog_db) == []
    assert worked(catalog_db, sam, import_id)["run"] == counts(rows=20, new=20)


def test_several_at_once_do_each_row_once(catalog_db, sam, small_batches):
    import_id = started(sam, HEAD + rows(100))
    event = Event.from_json(due(catalog_db))
    together(4, lambda _: work_import(event))
    assert worked(catalog_db, sam, import_id)["check"] == counts(rows=100, new=100)
    run(sam, import_id)
    event = Event.from_json(due(catalog_db))
    together(4, lambda _: work_import(event))
    assert worked(catalog_db, sam, import_id)["run"] == counts(rows=100, new=100)
    assert len(shown(catalog_db)) == len(about_books(catalog_db)) == 100


def test_when_time_is_up_the_rest_is_asked_for_and_the_event_before_does_nothing_more(catalog_db, sam, small_batches):
    import_id = started(sam, HEAD + rows(30))
    first = due(catalog_db)
    work_import(Event.from_json(first), seconds=-1)
    assert read(sam, import_id)["check"] == counts(rows=7, new=7)
    second = due(catalog_db)
    assert second != first
    work_import(Event.from_json(first), seconds=-1)
    assert read(sam, import_id)["check"] == counts(rows=7, new=7)
    work_import(Event.from_json(second))
    assert read(sam, import_id)["check"] == counts(rows=30, new=30)


def test_an_event_for_what_is_at_rest_or_gone_does_nothing(catalog_db, sam):
    found = imported(catalog_db, sam, HEAD + rows(3))
    before = shown(catalog_db)
    for row in fetch_all(catalog_db, "SELECT body FROM outbox WHERE type = 'import.due'"):
        assert call("work-import", row["body"].encode()).status == 204
    assert shown(catalog_db) == before
    assert call("cancel-import", path=f"/{found['id']}", token=sam).status == 204
    assert call("work-import", due(catalog_db)).status == 204


def test_an_import_deleted_while_it_runs_stops(catalog_db, sam, small_batches):
    import_id = started(sam, HEAD + rows(30))
    worked(catalog_db, sam, import_id)
    run(sam, import_id)
    work_import(Event.from_json(due(catalog_db)), seconds=-1)
    assert call("cancel-import", path=f"/{import_id}", token=sam).status == 204
    work_import(Event.from_json(due(catalog_db)))
    assert len(shown(catalog_db)) == 7
    for table in ("import_parts", "import_keys", "import_problems", "imports"):
        assert fetch_one(catalog_db, f"SELECT COUNT(*) AS n FROM {table}") == {"n": 0}


@pytest.mark.parametrize(
    ("content", "said", "reason"),
    [
        ("title,colour\n", {}, "The file has columns that are not known here: 'colour'."),
        ("\n", {}, "name the columns"),
        ("<html/>", {"format": "onix"}, "no ONIX message"),
        (message(small("1"), "<Product>"), {"format": "onix"}, "not well-formed"),
        (message(declaration='<!DOCTYPE x [<!ENTITY a "b">]>'), {"format": "onix"}, "DOCTYPE"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_cannot_be_run(catalog_db, sam, content, said, reason):
    import_id = started(sam, content, **said)
    found = worked(catalog_db, sam, import_id)
    assert found["status"] == "failed"
    assert reason in found["failure"]["reason"]
    assert found["failure"]["line"] >= 1
    assert run(sam, import_id).status == 409
    assert shown(catalog_db) == []


@pytest.mark.parametrize("form", [str, shortened], ids=["reference names", "short tags"])
def test_onix_is_imported_and_its_deletions_are_honored(catalog_db, sam, form):
    content = form(message(PRODUCT, *(small(number) for number in range(9))))
    said = {"format": "onix", "defaults": {"price_cents": 500, "stock": 1}}
    assert imported(catalog_db, sam, content, size=500, **said)["run"] == counts(rows=10, new=10)
    assert imported(catalog_db, sam, content, **said)["run"] == counts(rows=10, unchanged=10)
    ids = {row["sku"]: row["id"] for row in shown(catalog_db)}
    book = call("get-book", path=f"/{ids['com.example.1']}").body
    assert (book["description"], book["description_format"]) == ("<p>One &lt; <em>two</em></p>", "html")
    assert book["contributors"][0] == {"name": "Ana Gil", "role": "author", "onix_role": "A02"}
    gone = form(message(small("3", notification="05"), small("77", notification="05"), small("4")))
    found = imported(catalog_db, sam, gone, **said)
    assert found["check"] == found["run"] == counts(rows=3, deleted=1, unchanged=2)
    assert call("get-book", path=f"/{ids['3']}").status == 404
    last = about_books(catalog_db)[-1]
    assert (last.type, last.subject, last.version) == ("book.deleted", ids["3"], 2)


ISBN = "9780306406157"
OF_ISBN = f"<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{ISBN}</IDValue></ProductIdentifier>"
ONIX = {"format": "onix", "defaults": {"price_cents": 500, "stock": 1}}


def deletion(reference, identifier=OF_ISBN):
    return (
        f"<Product><RecordReference>{reference}</RecordReference><NotificationType>05</NotificationType>"
        f"{identifier}</Product>\n"
    )


@pytest.mark.parametrize("told_format", [None, "hardcover"])
def test_a_product_is_the_listing_of_its_edition_that_has_no_number(catalog_db, sam, sue, list_book, told_format):
    by_hand = list_book(isbn13=ISBN, format=told_format).body
    list_book(sue, isbn13=ISBN)
    found = imported(catalog_db, sam, message(PRODUCT), **ONIX)
    assert found["check"] == found["run"] == counts(rows=1, changed=1)
    listed = {row["id"]: row for row in shown(catalog_db)}
    assert (len(listed), listed[by_hand["id"]]["sku"]) == (2, "com.example.1")
    assert (listed[by_hand["id"]]["title"], listed[by_hand["id"]]["stock"]) == ("The Tale & Others", 7)
    assert imported(catalog_db, sam, message(PRODUCT), **ONIX)["run"] == counts(rows=1, unchanged=1)
    assert imported(catalog_db, sam, message(deletion("com.example.1", "")), **ONIX)["run"]["deleted"] == 1


@pytest.mark.parametrize("other", [{"condition": "good"}, {"format": "paperback"}, {"isbn13": "9780141439587"}])
def test_a_product_leaves_other_editions_alone(catalog_db, sam, list_book, other):
    list_book(**{"isbn13": ISBN} | other)
    assert imported(catalog_db, sam, message(PRODUCT), **ONIX)["run"] == counts(rows=1, new=1)


def test_what_has_another_number_is_another_listing(catalog_db, sam):
    imported(catalog_db, sam, f"sku,isbn13,title,authors,price_cents,stock\nmine,{ISBN},Emma,Jane Austen,1,1\n")
    found = imported(catalog_db, sam, message(PRODUCT, deletion("theirs")), **ONIX)
    assert found["run"] == counts(rows=2, new=1, unchanged=1)
    assert {row["sku"] for row in shown(catalog_db)} == {"mine", "com.example.1"}


def test_a_deletion_takes_off_the_listing_of_its_isbn(catalog_db, sam, list_book):
    gone, used = list_book(isbn13=ISBN, format="paperback").body, list_book(isbn13=ISBN, condition="good").body
    found = imported(catalog_db, sam, message(deletion("unknown")), **ONIX)
    assert found["check"] == found["run"] == counts(rows=1, deleted=1)
    assert [row["id"] for row in shown(catalog_db)] == [used["id"]]
    assert about_books(catalog_db)[-1].subject == gone["id"]


def test_a_deletion_of_nothing_is_told(catalog_db, sam, list_book):
    for form in ("paperback", "hardcover"):
        list_book(isbn13=ISBN, format=form)
    found = imported(catalog_db, sam, message("\n", deletion("1", ""), deletion("2")), **ONIX)
    assert found["check"] == found["run"] == counts(rows=2, unchanged=2)
    page = call("list-import-problems", path=f"/{found['id']}", token=sam).body["items"]
    assert [(item["line"], item["field"], item["refused"]) for item in page] == [
        (2, "RecordReference", False),
        (3, "RecordReference", False),
    ]
    assert "no listing of yours" in page[0]["reason"]


@pytest.mark.parametrize("rows_at_once", [1, 500])
def test_of_two_products_of_one_edition_the_first_is_the_listing_without_a_number(
    catalog_db, sam, list_book, monkeypatch, rows_at_once
):
    monkeypatch.setattr(work, "ROWS", rows_at_once)
    book = list_book(isbn13=ISBN).body
    second = PRODUCT.replace("com.example.1", "com.example.2")
    found = imported(catalog_db, sam, message(PRODUCT, second, deletion("3")), **ONIX)
    assert found["check"] == found["run"] == counts(rows=3, changed=1, new=1, unchanged=1)
    numbers = {row["sku"]: row["id"] for row in shown(catalog_db)}
    assert (set(numbers), numbers["com.example.1"]) == ({"com.example.1", "com.example.2"}, book["id"])
    assert imported(catalog_db, sam, message(PRODUCT, second), **ONIX)["run"] == counts(rows=2, unchanged=2)


def test_a_listing_that_got_a_number_is_still_known_by_its_edition(catalog_db, sam):
    content = f"isbn13,title,authors,format,price_cents,stock\n{ISBN},Emma,Jane Austen,hardcover,700,2\n"
    imported(catalog_db, sam, content)
    imported(catalog_db, sam, message(PRODUCT), **ONIX)
    assert imported(catalog_db, sam, content)["run"] == counts(rows=1, changed=1)
    (row,) = shown(catalog_db)
    assert (row["sku"], row["price_cents"], row["stock"]) == ("com.example.1", 700, 2)


@pytest.mark.parametrize("rows_at_once", [1, 500])
def test_rows_of_one_file_with_a_number_and_without_are_two_listings(catalog_db, sam, monkeypatch, rows_at_once):
    monkeypatch.setattr(work, "ROWS", rows_at_once)
    same = f"{ISBN},Emma,Jane Austen,1,1\n"
    content = f"sku,isbn13,title,authors,price_cents,stock\nmine,{same},{same}"
    found = imported(catalog_db, sam, content)
    assert found["check"] == found["run"] == counts(rows=2, new=2)
    assert imported(catalog_db, sam, content)["run"] == counts(rows=2, unchanged=2)


def test_only_one_import_of_a_seller_runs_at_a_time(catalog_db, sam, sue):
    one, other = started(sam, HEAD + rows(2)), started(sam, HEAD + rows(3))
    for import_id in (one, other):
        while read(sam, import_id)["status"] == "checking":
            for row in fetch_all(catalog_db, "SELECT body FROM outbox"):
                call("work-import", row["body"].encode())
    answers = together(2, lambda number: run(sam, (one, other)[number]))
    assert sorted(answer.status for answer in answers) == [200, 409]
    theirs = started(sue, HEAD + rows(1))
    worked(catalog_db, sue, theirs)
    assert run(sue, theirs).status == 200


def test_running_again_what_runs_or_is_done_is_no_second_run(catalog_db, sam):
    import_id = started(sam, HEAD + rows(3))
    assert run(sam, import_id).status == 409
    worked(catalog_db, sam, import_id)
    assert {answer.status for answer in together(3, lambda _: run(sam, import_id))} == {200}
    worked(catalog_db, sam, import_id)
    assert run(sam, import_id).body["status"] == "done"
    assert len(shown(catalog_db)) == 3


def test_an_import_is_its_sellers_alone(catalog_db, sam, sue):
    import_id = started(sam, HEAD + rows(1))
    worked(catalog_db, sam, import_id)
    for function in ("get-import", "list-import-problems", "run-import", "cancel-import"):
        assert call(function, path=f"/{import_id}", token=sue).status == 404
        assert call(function, path=f"/{import_id}").status == 401
        assert call(function, path="/nothing", token=sam).status == 404
    assert send(sue, import_id, 1, b"x").status == 404
    assert [item["id"] for item in call("list-imports", token=sam).body["items"]] == [import_id]
    assert call("list-imports", token=sue).body == {"items": [], "next_cursor": None}


def test_imports_are_listed_page_by_page_the_newest_first(catalog_db, sam):
    ids = [imported(catalog_db, sam, HEAD + rows(1))["id"] for _ in range(3)]
    page = call("list-imports", query={"limit": "2"}, token=sam).body
    assert [item["id"] for item in page["items"]] == ids[:0:-1]
    rest = call("list-imports", query={"limit": "2", "cursor": page["next_cursor"]}, token=sam).body
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == (ids[:1], None)


def test_three_may_be_open_and_old_ones_are_forgotten(catalog_db, sam, monkeypatch):
    said = {"format": "csv", "parts": 1}
    for _ in range(3):
        assert call("start-import", said, token=sam).status == 201
    assert call("start-import", said, token=sam).status == 409
    assert call("forget-imports").body == {"forgotten": 0}
    with catalog_db.cursor() as cursor:
        cursor.execute("UPDATE imports SET updated_at = updated_at - INTERVAL 8 DAY")
    assert call("forget-imports").body == {"forgotten": 3}
    assert call("start-import", said, token=sam).status == 201
    assert fetch_one(catalog_db, "SELECT COUNT(*) AS n FROM imports") == {"n": 1}


def test_a_large_import_is_forgotten_a_lot_at_a_time_and_nobody_goes_on_with_the_rest(catalog_db, sam, monkeypatch):
    monkeypatch.setattr(records, "_BELONGING", dict.fromkeys(records._BELONGING, 2))
    old = started(sam, HEAD + rows(3) + "no price,,,,\n" * 3, size=60)
    assert worked(catalog_db, sam, old)["status"] == "checked"
    recent = imported(catalog_db, sam, HEAD + rows(1))["id"]
    execute(catalog_db, "UPDATE imports SET updated_at = updated_at - INTERVAL 8 DAY WHERE id = %s", [old])
    left = [_belonging(catalog_db, old)]
    assert min(left[0]) > 2

    # Time is up after each of them.
    while call("get-import", path=f"/{old}", token=sam).status == 200:
        assert forget_old(seconds=2, clock=count().__next__) in (0, 1)
        assert run(sam, old).status == (409 if any(left[-1]) else 404)
        left.append(_belonging(catalog_db, old))

    assert all(0 <= sum(before) - sum(after) <= 2 for before, after in pairwise(left))
    assert left[-1] == (0, 0, 0)
    assert read(sam, recent)["status"] == "done"
    assert forget_old() == 0


def _belonging(db, import_id):
    tables = ("import_keys", "import_problems", "import_parts")
    found = [fetch_one(db, f"SELECT COUNT(*) AS n FROM {table} WHERE import_id = %s", [import_id]) for table in tables]
    return tuple(row["n"] for row in found)


def test_of_those_begun_at_the_same_moment_no_more_than_three_are_open(catalog_db, sam, monkeypatch):
    # They wait for each other, and none has to try again.
    monkeypatch.setattr(database, "_ATTEMPTS", 1)
    answers = together(20, lambda _: call("start-import", {"format": "csv", "parts": 1}, token=sam).status)
    assert sorted(answers) == [201] * 3 + [409] * 17
    assert fetch_one(catalog_db, "SELECT COUNT(*) AS n FROM imports") == {"n": 3}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({}, {"format", "parts"}),
        ({"format": "xls", "parts": 0}, {"format", "parts"}),
        ({"format": "csv", "parts": 257}, {"parts"}),
        ({"format": "csv", "parts": 1, "csv": {"columns": {"colour": "x"}}}, {"csv.columns.colour.[key]"}),
        ({"format": "csv", "parts": 1, "csv": {"columns": {}}}, {"csv.columns"}),
        (
            {"format": "csv", "parts": 1, "csv": {"encoding": "ebcdic", "delimiter": "::"}},
            {"csv.encoding", "csv.delimiter"},
        ),
        ({"format": "onix", "parts": 1, "csv": {"delimiter": ";"}}, {"csv"}),
        (
            {"format": "csv", "parts": 1, "defaults": {"price_cents": -1, "stock": 1.5}},
            {"defaults.price_cents", "defaults.stock"},
        ),
        ({"format": "csv", "parts": 1, "seller_id": "sue"}, {"seller_id"}),
    ],
)
def test_what_cannot_be_announced_is_refused_by_name(catalog_db, sam, wrong, fields):
    answer = call("start-import", wrong, token=sam)
    assert (answer.status, answer.fields) == (400, fields)


def test_parts_that_nobody_announced_are_refused(catalog_db, sam):
    import_id = call("start-import", {"format": "csv", "parts": 2}, token=sam).body["id"]
    for number in ("0", "3", "-1", "x", "1/2", "99999", "\u0661"):
        assert call("add-import-part", b"x", path=f"/{import_id}/{number}", token=sam).status == 404
    assert send(sam, import_id, 1, b"").status == 400


def test_of_a_file_that_is_wrong_throughout_not_every_problem_is_kept(catalog_db, sam, monkeypatch):
    monkeypatch.setattr(records, "MOST_PROBLEMS", 10)
    monkeypatch.setattr(work, "ROWS", 4)
    import_id = started(sam, HEAD + "x\n" * 50)
    found = worked(catalog_db, sam, import_id)
    assert found["check"] == counts(rows=50, refused=50)
    listed = problems(sam, import_id)
    assert len(listed) == 12
    assert found["problems_left_out"] == 38
    run(sam, import_id)
    assert worked(catalog_db, sam, import_id)["problems_left_out"] == 38
    assert problems(sam, import_id) == listed


def test_of_a_file_with_few_problems_none_is_left_out(catalog_db, sam):
    assert "problems_left_out" not in imported(catalog_db, sam, HEAD + "x\n")


def test_of_what_is_left_out_throughout_a_file_not_everything_is_told(catalog_db, sam, monkeypatch):
    monkeypatch.setattr(records, "MOST_PROBLEMS", 10)
    monkeypatch.setattr(work, "ROWS", 4)
    rows = "".join(f"{number},Emma,Jane Austen,1,1,0306406150\n" for number in range(50))
    import_id = started(sam, HEAD.strip() + ",isbn13\n" + rows, csv={"wrong_isbn": "drop"})
    assert worked(catalog_db, sam, import_id)["check"] == counts(rows=50, new=50)
    assert len(problems(sam, import_id)) == 12
