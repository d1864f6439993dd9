"""Covers: put on by a seller, seen by everybody, gone with the listing."""

from io import BytesIO

from PIL import Image

from bookstore.database import fetch_one
from tests.handlers import call
from tests.integration.catalog.conftest import EMMA, token_of
from tests.integration.catalog.test_books import tag_of, told
from tests.integration.together import together
from tests.unit.catalog.test_pictures import drawn


def put(token, book, content=None, **headers):
    return call("set-cover", drawn() if content is None else content, path=f"/{book['id']}", token=token, **headers)


def see(book, **query):
    return call("get-cover", path=f"/{book['id']}", query=query)


def test_a_cover_shows_in_the_listing_and_is_told_of(catalog_db, sam, list_book):
    book = list_book().body
    assert book["cover_url"] == f"/covers/{book['id']}/cover.svg"
    assert see(book).status == 404
    answer = put(sam, book, Content_Type="text/plain")
    assert (answer.status, answer.headers["ETag"], answer.body["version"]) == (200, '"2-10"', 2)
    assert answer.body["cover_url"].startswith(f"/api/books/{book['id']}/cover?v=")
    assert call("get-book", path=f"/{book['id']}").body == answer.body
    listed = call("list-books", query={"seller": "sam"}).body["items"]
    assert listed[0]["cover_url"] == answer.body["cover_url"]
    assert [(event.type, event.version) for event in told(catalog_db)] == [("book.created", 1), ("book.updated", 2)]


def test_a_cover_may_be_kept_for_good_under_its_hash(sam, list_book):
    book = put(sam, list_book().body).body
    version = book["cover_url"].partition("v=")[2]
    for size, width in (("large", 600), ("small", 240)):
        answer = see(book, v=version, size=size)
        assert Image.open(BytesIO(answer.body)).size[0] == width
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "immutable" in answer.headers["Cache-Control"]
        again = call("get-cover", path=f"/{book['id']}", If_None_Match=see(book, size=size).headers["ETag"])
        assert again.status == (304 if size == "large" else 200)
    for query in ({}, {"v": "0" * 32}):
        assert "immutable" not in see(book, **query).headers["Cache-Control"]


def test_the_same_cover_again_changes_nothing(catalog_db, sam, list_book):
    book = list_book().body
    first = put(sam, book).body
    assert {put(sam, book).body["version"] for _ in range(2)} == {first["version"]}
    assert len(told(catalog_db)) == 2
    other = put(sam, book, drawn(color="red")).body
    assert (other["version"], other["cover_url"] != first["cover_url"]) == (3, True)


def test_covers_put_on_at_once_leave_one_that_is_whole(sam, list_book):
    book = list_book().body
    answers = together(4, lambda number: put(sam, book, drawn(color=(number * 60, 0, 0))))
    assert sorted(answer.body["version"] for answer in answers) == [2, 3, 4, 5]
    last = max(answers, key=lambda answer: answer.body["version"]).body
    assert see(book, v=last["cover_url"].partition("v=")[2]).headers["Cache-Control"].endswith("immutable")


def test_a_cover_can_be_taken_off(catalog_db, sam, list_book):
    book = list_book().body
    put(sam, book)
    assert call("delete-cover", path=f"/{book['id']}", token=sam).status == 204
    assert call("delete-cover", path=f"/{book['id']}", token=sam).status == 404
    assert see(book).status == 404
    now = call("get-book", path=f"/{book['id']}").body
    assert (now["version"], now["cover_url"]) == (3, book["cover_url"])
    assert told(catalog_db)[-1].version == 3


def test_a_cover_goes_with_its_listing_and_stays_with_an_edit(catalog_db, sam, list_book):
    book = put(sam, list_book().body).body
    edited = call("update-book", EMMA, path=f"/{book['id']}", token=sam, If_Match=tag_of(book)).body
    assert edited["cover_url"] == book["cover_url"]
    assert call("delete-book", path=f"/{book['id']}", token=sam, If_Match="*").status == 204
    assert fetch_one(catalog_db, "SELECT COUNT(*) AS n FROM covers") == {"n": 0}


def test_only_the_seller_and_admins_put_covers_on(sam, sue, list_book):
    book = list_book().body
    for answer in (put(sue, book), call("delete-cover", path=f"/{book['id']}", token=sue)):
        assert answer.status == 403
    assert put("", book).status == 401
    assert put(sam, {"id": "nothing"}).status == 404
    assert put(token_of("ada", "admin"), book).status == 200


def test_what_is_no_cover_is_refused_and_changes_nothing(catalog_db, sam, list_book):
    book = list_book().body
    assert put(sam, book, b"<svg/>").status == 415
    assert put(sam, book, b"").status == 415
    assert put(sam, book, drawn(size=(10, 10))).fields == {"cover"}
    assert call("get-book", path=f"/{book['id']}").body == book
    assert see(book, size="huge", v="x").fields == {"size", "v"}
