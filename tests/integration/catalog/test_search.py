"""Find books by words, filters and orders, and page through them, whoever answers."""

import pytest

from bookstore.catalog.models import BooksQuery
from bookstore.catalog.search import lists
from bookstore.database import execute
from tests.handlers import call
from tests.integration.catalog.conftest import token_of

LIBRARY = [
    {"title": "Pride and Prejudice and Zombies", "authors": ["Jane Austen", "Seth Grahame-Smith"], "price_cents": 1500},
    {"title": "Pride and Prejudice", "authors": ["Jane Austen"], "price_cents": 900, "language": "en-GB"},
    {"title": "The Annotated Pride and Prejudice", "authors": ["Jane Austen"], "price_cents": 3000},
    {"title": "Jane Austen: A Life", "subtitle": "Pride, prejudice and more", "authors": ["Claire Tomalin"]},
    {"title": "Don Quijote de la Mancha", "authors": ["Miguel de Cervantes"], "language": "es", "subjects": ["FBC"]},
    {"title": "El Señor Presidente", "authors": ["Miguel Ángel Asturias"], "language": "es", "subjects": ["FBA"]},
    {"title": "It", "authors": ["Stephen King"], "format": "paperback", "subjects": ["FKC"], "stock": 0},
    {"title": "The Stand", "authors": ["Stephen King"], "format": "hardcover", "subjects": ["FL"], "condition": "good"},
    {"title": "Catch-22", "authors": ["Joseph Heller"], "isbn13": "9780306406157"},
    {"title": "The Hobbit", "authors": ["J. R. R. Tolkien"], "series": {"title": "Middle-earth", "volume": "1"}},
    {"title": "V.", "authors": ["Thomas Pynchon"]},
    {"title": "At Swim-Two-Birds", "authors": ["Flann O'Brien"], "publisher": "Longmans Green"},
    {"title": "三体", "authors": ["刘慈欣"], "language": "zh", "subjects": ["FL"]},
    {"title": "Tess of the d'Urbervilles", "authors": ["Thomas Hardy"], "subjects": ["FBC"]},
    {"title": "La casa de los espíritus", "authors": ["Isabel Allende"], "language": "es"},
]


@pytest.fixture
def library(answering, list_book):
    return [list_book(**book).body for book in LIBRARY]


def search(**query):
    answer = call("list-books", query={name.rstrip("_"): str(value) for name, value in query.items()})
    assert answer.status == 200, answer
    return answer.body


def titles(**query):
    return [book["title"] for book in search(**query)["items"]]


def test_the_newest_books_come_first(library):
    assert titles(limit=100) == [book["title"] for book in reversed(LIBRARY)]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("quijote", "Don Quijote de la Mancha"),
        ("senor", "El Señor Presidente"),
        ("SEÑOR", "El Señor Presidente"),
        ("it", "It"),
        ("the stand", "The Stand"),
        ("la casa", "La casa de los espíritus"),
        ("casa de los", "La casa de los espíritus"),
        ("catch-22", "Catch-22"),
        ("catch 22", "Catch-22"),
        ("catch22", "Catch-22"),
        ("heller catch22", "Catch-22"),
        ("o-brien", "At Swim-Two-Birds"),
        ("swimtwobirds", "At Swim-Two-Birds"),
        ("middleearth", "The Hobbit"),
        ("hob-bit", "The Hobbit"),
        ("jane-austen life", "Jane Austen: A Life"),
        ("978-0-306-40615-7", "Catch-22"),
        ("0306406152", "Catch-22"),
        ("jrr tolkien", "The Hobbit"),
        ("j.r.r.", "The Hobbit"),
        ("middle-earth", "The Hobbit"),
        ("v", "V."),
        ("obrien", "At Swim-Two-Birds"),
        ("o'brien", "At Swim-Two-Birds"),
        ("longmans", "At Swim-Two-Birds"),
        ("三体", "三体"),
        ("体", "三体"),
        ("刘慈欣", "三体"),
        ("urbervilles", "Tess of the d'Urbervilles"),
        ("d\u2019urbervilles", "Tess of the d'Urbervilles"),
        ("hob", "The Hobbit"),
        ("tomalin", "Jane Austen: A Life"),
        ("king stand", "The Stand"),
    ],
)
def test_a_book_is_found_by_what_people_type(library, q, found):
    assert titles(q=q) == [found]


def test_a_compound_is_found_and_stands_first_however_it_is_written(library, list_book):
    listed = ["Catch22 and After", "Catch22", "Notes on Catch-22"]
    for title in listed:
        list_book(title=title)
    assert titles(q="catch22") == ["Catch22", "Catch-22", "Catch22 and After", "Notes on Catch-22"]
    assert titles(q="catch-22") == ["Catch22", "Catch-22", "Notes on Catch-22", "Catch22 and After"]
    assert titles(q="catch 22") == ["Catch-22", "Notes on Catch-22"]
    first = search(q="catch-22", limit=1)
    rest = search(q="catch-22", cursor=first["next_cursor"])["items"]
    assert [book["title"] for book in rest] == ["Catch-22", "Notes on Catch-22", "Catch22 and After"]


def test_the_closest_title_comes_first(library):
    assert titles(q="pride and prejudice") == [
        "Pride and Prejudice",
        "Pride and Prejudice and Zombies",
        "The Annotated Pride and Prejudice",
        "Jane Austen: A Life",
    ]


@pytest.mark.parametrize(
    "junk", ["foo +-bar", "(foo", "foo@", "foo**", "++foo", "!!!", *'+*~"%_\\\u2026', "' OR 1=1 -- ", "x" * 200]
)
def test_no_text_breaks_the_search(library, junk):
    assert titles(q=junk) == []
    assert titles(author=junk) == titles(q="tess", author=junk) == []


def test_an_empty_search_shows_everything(library):
    assert len(titles(q="", limit=100)) == len(titles(q="  ", author=" ", limit=100)) == len(LIBRARY)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"author": "king"}, {"It", "The Stand"}),
        ({"author": "tolk"}, {"The Hobbit"}),
        ({"author": "quijote"}, set()),
        ({"author": "grahamesmith"}, {"Pride and Prejudice and Zombies"}),
        ({"author": "o'b-rien"}, {"At Swim-Two-Birds"}),
        ({"q": "the", "author": "king"}, {"The Stand"}),
        ({"isbn": "0-306-40615-2"}, {"Catch-22"}),
        ({"language": "en"}, {"Pride and Prejudice"}),
        ({"language": "EN-gb"}, {"Pride and Prejudice"}),
        ({"language": "es", "subject": "FBA"}, {"El Señor Presidente"}),
        ({"subject": "fl"}, {"The Stand", "三体"}),
        ({"subject": "F", "q": "king"}, {"It", "The Stand"}),
        ({"format": "hardcover"}, {"The Stand"}),
        ({"max_price": "900"}, {"Pride and Prejudice"}),
        ({"min_price": "1300", "max_price": "2999"}, {"Pride and Prejudice and Zombies"}),
        ({"q": "it", "in_stock": "true"}, set()),
        ({"seller": "nobody"}, set()),
        ({"condition": "good"}, {"The Stand"}),
        ({"condition": "good", "author": "king", "in_stock": "true"}, {"The Stand"}),
        ({"language": "en", "seller": "sam"}, {"Pride and Prejudice"}),
        ({"format": "paperback", "in_stock": "true"}, set()),
    ],
)
def test_filters_leave_what_fits_all_of_them(library, filters, found):
    assert set(titles(**filters)) == found


def test_offers_of_a_work_and_books_of_a_seller_are_found(library, list_book, sue):
    other = list_book(sue, **LIBRARY[8]).body
    assert [book["id"] for book in search(work=other["work_id"])["items"]] == [other["id"], library[8]["id"]]
    assert [book["id"] for book in search(seller="sue")["items"]] == [other["id"]]


def test_a_list_leaves_out_descriptions(list_book):
    list_book(description="Long.")
    assert "description" not in search()["items"][0]


SORTS = ["newest", "price", "-price", "title", "bestselling", "relevance"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("q", ["", "pride"])
def test_pages_hold_every_book_once_in_order(library, list_book, catalog_db, sort, q):
    for _ in range(3):
        list_book(title="Pride", price_cents=900)
    sell(catalog_db, library[0]["work_id"], 3)
    everything = [book["id"] for book in search(q=q, sort=sort, limit=100)["items"]]
    assert len(everything) == (7 if q else len(LIBRARY) + 3)
    found, cursor = [], {}
    while True:
        page = search(q=q, sort=sort, limit=2, **cursor)
        found += [book["id"] for book in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == everything


def test_orders_are_what_they_say(library):
    prices = [book["price_cents"] for book in search(sort="price", limit=100)["items"]]
    assert prices == sorted(prices)
    assert [book["price_cents"] for book in search(sort="-price", limit=100)["items"]] == sorted(prices, reverse=True)
    assert titles(sort="title", language="es") == [
        "Don Quijote de la Mancha",
        "El Señor Presidente",
        "La casa de los espíritus",
    ]


def sell(db, work_id, copies):
    """What a sale leaves behind in the catalog."""
    execute(db, "UPDATE works SET sold = sold + %s WHERE id = %s", [copies, work_id])
    sold = "(SELECT sold FROM works WHERE id = work_id)"
    execute(db, f"UPDATE books SET sold = {sold} WHERE work_id = %s", [work_id])


def test_the_best_sold_come_first_and_break_ties_of_closeness(library, catalog_db):
    for place, copies in ((6, 7), (7, 2), (0, 1)):
        sell(catalog_db, library[place]["work_id"], copies)
    assert titles(sort="bestselling", limit=3) == ["It", "The Stand", "Pride and Prejudice and Zombies"]
    assert titles(q="king") == ["It", "The Stand"]


def test_a_new_offer_takes_over_what_was_sold_of_its_work(library, list_book, catalog_db):
    sell(catalog_db, library[6]["work_id"], 7)
    list_book(title="It", authors=["Stephen King"])
    other = list_book(title="Something else").body
    assert titles(sort="bestselling", limit=3) == ["It", "It", "Something else"]
    seen = f'"1-{other["stock"]}"'
    changed = {"title": "It", "authors": ["Stephen King"], "price_cents": 1, "stock": 1}
    call("update-book", changed, path=f"/{other['id']}", token=token_of("sam"), If_Match=seen)
    assert titles(sort="bestselling", limit=4) == ["It", "It", "It", "La casa de los espíritus"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(("first", "then"), [("database", "index"), ("index", "database")])
def test_a_list_goes_on_where_another_index_left_it(
    library, list_book, catalog_db, indexes, monkeypatch, sort, first, then
):
    list_book(title="Pride")
    sell(catalog_db, library[2]["work_id"], 3)
    asked = {"q": "pride", "sort": sort}
    everything = [book["id"] for book in search(**asked)["items"]]
    assert len(everything) == 5
    monkeypatch.setattr(lists, "search_index", lambda: indexes[first])
    begun = search(**asked, limit=2)
    monkeypatch.setattr(lists, "search_index", lambda: indexes[then])
    rest = search(**asked, cursor=begun["next_cursor"])
    assert [book["id"] for book in begun["items"] + rest["items"]] == everything


def test_an_answer_tells_who_gave_it(library, answering):
    assert call("list-books", query={"q": "king"}).headers["X-Answered-By"] == answering
    assert call("list-suggestions", query={"q": "the s"}).headers["X-Answered-By"] == answering
    assert call("list-books").headers["X-Answered-By"] == "database"


def test_totals_come_with_searches_and_are_exact_where_it_costs_nothing(library, answering):
    exact = answering == "index"
    assert search(q="king")["total"] == {"count": 2, "exact": True}
    assert search(q="king", limit=1)["total"] == {"count": 1 + exact, "exact": exact}
    assert "total" not in search() | search(q="king", limit=1, cursor=search(q="king", limit=1)["next_cursor"])


def test_facets_and_corrections_come_from_the_index_only(library, answering):
    found = search(q="king", facets="true")
    assert ("facets" in found) == (answering == "index")
    assert ("did_you_mean" in search(q="quijtoe")) == (answering == "index")
    assert search(author="tolkein").get("did_you_mean_author") == ("tolkien" if answering == "index" else None)
    assert "did_you_mean_author" not in search(q="quijtoe") | search(author="tolkien") | search()
    assert "facets" not in search(q="king")


def suggestions(**query):
    return [item["text"] for item in call("list-suggestions", query=query).body["items"]]


def test_what_is_being_typed_is_suggested(library):
    assert suggestions(q="Pri")[0] == "Pride and Prejudice"
    assert suggestions(q="the s")[:1] == ["The Stand"]
    assert suggestions(q="ZZZ") == suggestions(q="") == suggestions(q="%%%") == suggestions(q="p_i") == []
    assert len(suggestions(q="pride", limit="1")) == 1


@pytest.mark.parametrize(
    ("query", "fields"),
    [({}, {"q"}), ({"q": "x" * 201}, {"q"}), ({"q": "a", "limit": "21"}, {"limit"}), ({"q": "a", "w": "1"}, {"w"})],
)
def test_suggestions_that_cannot_be_are_explained(catalog_db, query, fields):
    answer = call("list-suggestions", query=query)
    assert (answer.status, answer.fields) == (400, fields)


def test_a_row_that_changed_since_the_index_read_it_is_shown_as_it_is_or_not_at_all(library, catalog_db, monkeypatch):
    found = lists.search_index().find(BooksQuery(q="king"))
    monkeypatch.setattr(lists, "search_index", lambda: Stopped(found))
    execute(catalog_db, "UPDATE books SET price_cents = 7, stock = 0 WHERE title = 'The Stand'")
    assert [(book["title"], book["price_cents"], book["stock"]) for book in search(q="king")["items"]] == [
        *(("The Stand", 7, 0), ("It", 1299, 0)),
    ]
    assert titles(q="king", max_price=100) == ["The Stand"]
    assert titles(q="king", in_stock="true") == []
    execute(catalog_db, "DELETE FROM books WHERE title = 'It'")
    assert titles(q="king") == ["The Stand"]


class Stopped:
    """An index that has taken in nothing for a while."""

    def __init__(self, found):
        self._found = found

    def find(self, query):
        return self._found


def test_books_added_or_gone_while_paging_shift_nothing(library, list_book, sam):
    first = search(limit=5)
    list_book(title="Added meanwhile")
    last = first["items"][-1]
    call("delete-book", path=f"/{last['id']}", token=sam, If_Match=f'"1-{last["stock"]}"')
    second = search(limit=5, cursor=first["next_cursor"])
    shown = [book["title"] for book in first["items"] + second["items"]]
    assert shown == [book["title"] for book in reversed(LIBRARY)][:10]


def test_the_last_page_says_so(library):
    assert search(limit=len(LIBRARY))["next_cursor"] is None
    assert search(limit=len(LIBRARY) - 1)["next_cursor"]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"limit": "0"}, {"limit"}),
        ({"sort": "best", "limit": "x", "color": "red"}, {"sort", "limit", "color"}),
        ({"cursor": "garbage"}, {"cursor"}),
        ({"isbn": "9780306406158"}, {"isbn"}),
        ({"min_price": "-1"}, {"min_price"}),
        ({"in_stock": "perhaps"}, {"in_stock"}),
        ({"q": "x" * 201}, {"q"}),
        ({"q": "a\u0000b"}, {"q"}),
        ({"language": "' OR 1"}, {"language"}),
        ({"seller": "'"}, {"seller"}),
    ],
)
def test_a_search_that_cannot_be_is_explained(catalog_db, query, fields):
    answer = call("list-books", query=query)
    assert (answer.status, answer.fields) == (400, fields)


def test_a_cursor_of_another_order_is_refused(library):
    cursor = search(sort="price", limit=1)["next_cursor"]
    assert call("list-books", query={"sort": "title", "cursor": cursor}).fields == {"cursor"}
    assert call("list-books", query={"q": "king", "cursor": cursor}).fields == {"cursor"}


def test_a_series_is_listed_volume_by_volume_page_by_page(list_book):
    for volume in ("10", "2", "1.5", "IX", "1", None, "1"):
        list_book(series={"title": "Ágata", **({"volume": volume} if volume else {})})
    list_book(series={"title": "Other", "volume": "1"})
    for sort in ({}, {"sort": "volume"}):
        found, query = [], {"series": "agata", "limit": "2", **sort}
        while True:
            page = call("list-books", query=query).body
            found += [book["series"].get("volume") for book in page["items"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert found == ["1", "1", "1.5", "2", "IX", "10", None]
    cheap = call("list-books", query={"series": "agata", "sort": "price", "q": "Emma"}).body["items"]
    assert len(cheap) == 7


def test_facets_of_a_series_count_its_books_alone(library, list_book, answering):
    list_book(title="The Silmarillion", series={"title": "Middle-Earth", "volume": "2"}, format="hardcover")
    found = search(series="middle-earth", facets="true", limit=1)
    assert found["total"] == {"count": 1 + (answering == "index"), "exact": answering == "index"}
    assert [book["title"] for book in found["items"]] == ["The Hobbit"]
    if answering == "index":
        assert found["facets"]["format"] == [{"value": "hardcover", "count": 1}]


@pytest.mark.parametrize(("sort", "by"), [("newest", "database"), ("price", "index"), ("title", "index")])
def test_a_sellers_books_in_an_order_of_all_books_come_from_the_index(library, answering, sort, by):
    answer = call("list-books", query={"seller": "sam", "sort": sort})
    assert len(answer.body["items"]) == len(LIBRARY)
    assert answer.headers["X-Answered-By"] == (by if answering == "index" else "database")


def test_volumes_are_an_order_within_a_series_only(catalog_db):
    assert call("list-books", query={"sort": "volume"}).fields == {"sort"}
