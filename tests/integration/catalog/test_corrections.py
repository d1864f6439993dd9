"""A corrected title keeps its work, with all that readers made of it."""

import pytest

from tests.handlers import call
from tests.integration.catalog.conftest import token_of
from tests.integration.catalog.importing import imported
from tests.integration.catalog.market import buys, restocked, told, work
from tests.integration.catalog.test_books import put, tag_of
from tests.integration.catalog.test_reviews import own, shown, stars, write
from tests.integration.catalog.test_wishes import time_passes, waits

ISBN = "9780306406157"


@pytest.fixture
def bea(catalog_db):
    return token_of("bea")


@pytest.fixture
def reviewed(catalog_db, list_book, bea):
    """A book that Bea bought and did not like."""
    book = list_book().body
    buys(book)
    write(bea, book, 1)
    return call("get-book", path=f"/{book['id']}").body


def renamed(token, book, title="Emma", **changes):
    """The listing under another title, or as another change leaves it."""
    answer = put(token, book, tag_of(book), title=title, **changes)
    assert answer.status == 200, answer.body
    return answer.body


@pytest.mark.parametrize("title", ["Emmma", "Emna", "Emma: A Novel", "The Emma"])
def test_a_corrected_title_keeps_sales_and_reviews(catalog_db, reviewed, sam, bea, title):
    corrected = renamed(sam, reviewed, title)
    assert corrected["work_id"] == reviewed["work_id"]
    assert corrected["rating"] == {"average": 1.0, "count": 1}
    assert work(catalog_db, corrected)["sold"] == 1
    assert write(bea, corrected, 2).status == 200
    assert stars(catalog_db, reviewed) == (1, 2)
    sold = call("list-bestsellers", query={"days": "365"}).body["items"]
    assert [(item["book"]["title"], item["sold"]) for item in sold] == [(title, 1)]


def test_a_corrected_title_is_another_name_of_its_work(list_book, reviewed, sam, sue):
    renamed(sam, reviewed, "Emmma")
    works = {list_book(sue, title=title).body["work_id"] for title in ("Emma", "Emmma")}
    assert works == {reviewed["work_id"]}


def test_an_author_is_corrected_as_well_but_not_replaced(list_book, reviewed, sam):
    corrected = renamed(sam, reviewed, authors=["Austin, Jane"])
    assert corrected["work_id"] == reviewed["work_id"]
    assert renamed(sam, corrected, authors=["Kate Oliver"])["work_id"] != reviewed["work_id"]


def test_a_wrong_isbn_is_corrected_with_the_title(list_book, sam):
    book = list_book(isbn13=ISBN).body
    assert renamed(sam, book, "Emmma", isbn13="9780141439587")["work_id"] == book["work_id"]


@pytest.mark.parametrize("title", ["Persuasion", "Emma II", "Emma 2"])
def test_another_title_is_another_work(catalog_db, reviewed, sam, title):
    moved = renamed(sam, reviewed, title)
    assert moved["work_id"] != reviewed["work_id"]
    assert "rating" not in moved
    assert (stars(catalog_db, reviewed), work(catalog_db, moved)["sold"]) == ((1, 1), 0)


def test_a_second_listing_of_ones_own_does_not_part_from_reviews(list_book, reviewed, sam):
    list_book(condition="good")
    assert renamed(sam, reviewed, "Emma: A Novel")["work_id"] == reviewed["work_id"]


def test_of_a_work_that_others_sell_too_only_slips_are_corrected(list_book, reviewed, sam, sue):
    hers = list_book(sue, condition="good").body
    assert renamed(sue, hers, "Emma in Love")["work_id"] != reviewed["work_id"]
    assert renamed(sam, reviewed, "Emmma")["work_id"] == reviewed["work_id"]


def test_nobody_turns_a_book_that_was_sold_into_another_letter_by_letter(catalog_db, list_book, bea, sam):
    book = list_book(title="Cats and Dogs").body
    buys(book)
    write(bea, book, 5)
    steps = ["Bats and Dogs", "Bats and Dots", "Bats and Pots", "Bits and Pots"]
    works = []
    for title in steps:
        book = renamed(sam, book, title)
        works.append(book["work_id"])
    assert len({*works[:2]}) == 1
    assert works[-1] not in works[:2]
    assert "rating" not in book


def test_a_correction_that_leads_to_a_known_work_brings_along_who_waits(catalog_db, list_book, sam, sue):
    misspelled, known = list_book(title="Emmma", stock=0).body, list_book(sue, stock=0).body
    waits("ann", misspelled)
    waits("bob", known)
    waits("bob", misspelled)
    moved = renamed(sam, misspelled, stock=0)
    assert moved["work_id"] == known["work_id"]
    restocked(known, 2, 2)
    assert sorted(told(catalog_db)) == [("ann", known["id"]), ("bob", known["id"])]


def test_who_waits_for_what_is_still_offered_stays(catalog_db, list_book, sam, sue):
    misspelled, known = list_book(title="Emmma", stock=0).body, list_book(sue).body
    other = list_book(sue, title="Emmma", stock=0).body
    waits("ann", misspelled)
    renamed(sam, misspelled, stock=0)
    time_passes(None)
    assert told(catalog_db) == []
    restocked(other, 1, 2)
    assert told(catalog_db) == [("ann", other["id"])]
    assert known["work_id"] != other["work_id"]


def test_who_waits_for_a_title_is_not_told_of_another_one(catalog_db, list_book, sam):
    book = list_book(stock=0).body
    waits("ann", book)
    moved = renamed(sam, book, "Persuasion", stock=0)
    restocked(moved, 3, 2)
    assert told(catalog_db) == []
    again = list_book().body
    assert again["work_id"] == book["work_id"]
    time_passes(None)
    assert told(catalog_db) == [("ann", again["id"])]


def test_a_file_corrects_titles_like_its_seller_by_hand(catalog_db, sam, bea):
    head = "sku,title,authors,price_cents,stock\n"
    imported(catalog_db, sam, f"{head}1,Emmma,Jane Austen,1,1\n2,Persuasion,Jane Austen,1,1\n3,Ulysses,J. Joyce,1,1\n")
    before = {book["title"]: book for book in call("list-books").body["items"]}
    buys(before["Emmma"])
    write(bea, before["Emmma"], 4)
    imported(catalog_db, sam, f"{head}1,Emma,Jane Austen,1,1\n2,Sanditon,Jane Austen,1,1\n3,Ulysses,J. Joyce,2,1\n")
    after = {book["title"]: book for book in call("list-books").body["items"]}
    works = {title: book["work_id"] for title, book in (before | after).items()}
    assert works["Emma"] == works["Emmma"]
    assert works["Sanditon"] != works["Persuasion"]
    assert before["Ulysses"]["work_id"] == works["Ulysses"]
    assert own(bea, after["Emma"]).status == 200
    assert len(shown(after["Emma"])["items"]) == 1


def test_who_lists_under_a_mistaken_isbn_leaves_that_work_again_and_nobody_follows(list_book, sam, sue):
    emma = list_book(isbn13=ISBN).body
    mistaken = list_book(sue, title="Foo", isbn13=ISBN).body
    assert mistaken["work_id"] == emma["work_id"]
    followed = list_book(sam, title="Foo").body
    corrected = renamed(sue, mistaken, "Foo", isbn13="9780141439587")
    assert corrected["work_id"] == followed["work_id"] != emma["work_id"]


def test_one_isbn_for_all_rows_of_a_file_joins_no_title_for_good(catalog_db, list_book, sam, sue):
    head = "title,authors,price_cents,stock,isbn13\n"
    imported(catalog_db, sam, f"{head}Emma,Jane Austen,1,1,{ISBN}\nPersuasion,Jane Austen,1,1,{ISBN}\n")
    assert list_book(sue).body["work_id"] != list_book(sue, title="Persuasion").body["work_id"]


def test_volumes_that_are_called_like_their_series_are_works_of_their_own(list_book, sue):
    def volume(title, series, number):
        return list_book(title=title, series={"title": series, "volume": number}).body["work_id"]

    assert volume("Akira", "Akira", "1") != volume("Akira", "Akira", "2")
    assert volume("Akira", "Akira", "2") == volume("AKIRA", "Akira", "II")
    assert volume("The Hobbit", "Middle-earth", "1") == list_book(sue, title="The Hobbit").body["work_id"]


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({"title": "C Primer Plus"}, {"title": "C++ Primer Plus"}, False),
        ({"title": "C# in Depth"}, {"title": "C in Depth"}, False),
        ({"title": "Pride & Prejudice"}, {"title": "Pride and Prejudice"}, True),
        ({"authors": ["Jane Austen"]}, {"authors": ["Austen, Jane"]}, True),
    ],
)
def test_what_tells_works_apart(list_book, sue, one, other, joined):
    assert (list_book(**one).body["work_id"] == list_book(sue, **other).body["work_id"]) == joined
