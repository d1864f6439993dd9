"""The catalog that searches are measured with."""

from benchmarks import library
from bookstore.database import fetch_one
from tests.handlers import call


def test_the_made_up_books_are_for_sale_until_they_are_taken_out(catalog_db, list_book):
    kept = list_book().body
    library.add(catalog_db, 20)
    found = call("list-books", query={"q": library.rare_word(19)}).body["items"]
    assert [book["title"].lower().endswith(library.rare_word(19)) for book in found] == [True]
    library.remove(catalog_db)
    assert [book["id"] for book in call("list-books").body["items"]] == [kept["id"]]
    assert fetch_one(catalog_db, "SELECT COUNT(*) AS n FROM works") == {"n": 1}
