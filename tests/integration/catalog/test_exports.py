"""What is exported can be imported again."""

import csv
import re
import tracemalloc
from io import StringIO

from tests.handlers import call
from tests.integration.catalog.importing import imported

EVERYTHING = {
    "title": '=1+1 "quoted", and\u2028more',
    "subtitle": "Sub",
    "authors": ...,
    "contributors": [
        {"name": "Ana; Gil [x]", "role": "author", "onix_role": "A02"},
        {"name": "Tom \\ Ode", "role": "translator"},
    ],
    "isbn13": "9780306406157",
    "publisher": "Häuser",
    "published": "-0044-03-15",
    "language": "pt-BR",
    "format": "hardcover",
    "pages": 12,
    "series": {"title": "S", "volume": "IX"},
    "subjects": ["FBA", "1KLS"],
    "description": '  line\n\nline\ttab, "q"\r\nend ',
    "condition": "good",
}


def exported(token, limit=1000):
    text, query = "", {"limit": str(limit)}
    while True:
        answer = call("export-books", query=query, token=token)
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        text += answer.body
        if "Link" not in answer.headers:
            return text
        query["cursor"] = re.search(r"cursor=([^>]+)>", answer.headers["Link"])[1]


def test_a_list_that_is_imported_again_changes_nothing(catalog_db, sam, list_book):
    ids = [list_book(**EVERYTHING).body["id"], list_book().body["id"]]
    list_book(description="<p>a</p>", description_format="html", isbn13="9780306406157")
    imported(catalog_db, sam, "sku,title,authors,price_cents,stock\nmine,A,B,1,1\n")
    before = [call("get-book", path=f"/{book_id}").body for book_id in ids]
    found = imported(catalog_db, sam, exported(sam))
    assert found["run"] == found["check"]
    assert (found["run"]["rows"], found["run"]["unchanged"]) == (4, 4)
    assert [call("get-book", path=f"/{book_id}").body for book_id in ids] == before


def test_pages_make_the_same_file(list_book, sam):
    for number in range(7):
        list_book(title=f"Book {number}")
    assert exported(sam, limit=2) == exported(sam)
    assert exported(sam).count("\r\n") == 8


def test_a_page_of_long_texts_ends_early(list_book, sam):
    for _ in range(60):
        list_book(description="x" * 20_000)
    first = call("export-books", token=sam)
    assert 1_000_000 < len(first.body) < 1_100_000
    assert "Link" in first.headers
    assert exported(sam).count("\r\n") == 61


def test_everybody_exports_their_own(list_book, sam, sue):
    list_book()
    assert exported(sue).count("\r\n") == 1
    assert call("export-books").status == 401
    assert call("export-books", query={"limit": "1001", "seller": "sam"}, token=sue).fields == {"limit", "seller"}


def test_a_changed_export_changes_the_listings(catalog_db, list_book, sam):
    book = list_book(price_cents=1299).body
    found = imported(catalog_db, sam, exported(sam).replace("1299", "999"))
    assert found["run"]["changed"] == 1
    assert call("get-book", path=f"/{book['id']}").body["price_cents"] == 999


def test_no_cell_is_a_formula_and_each_is_imported_as_it_was(catalog_db, list_book, sam):
    titles = ["=1+1", "+1", "-1", "@War", "'=1", "''tis", "'tis"]
    ids = [list_book(title=title, published="-0044", description=f"\t{title}").body["id"] for title in titles]
    cells = list(csv.DictReader(StringIO(exported(sam))))
    assert [row["title"] for row in cells] == ["'=1+1", "'+1", "'-1", "'@War", "''=1", "''tis", "'tis"]
    assert {row["published"] for row in cells} == {"'-0044"}
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in cells for cell in row.values())
    assert imported(catalog_db, sam, exported(sam))["run"]["unchanged"] == len(titles)
    assert [call("get-book", path=f"/{book_id}").body["title"] for book_id in ids] == titles


def test_a_page_takes_the_memory_of_what_is_on_it(list_book, sam):
    for _ in range(500):
        list_book(description="\N{BOOKS}" * 20_000)
    call("export-books", query={"limit": "1"}, token=sam)
    tracemalloc.start()
    call("export-books", token=sam)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 1024 * 1024
