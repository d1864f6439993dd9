"""A file of listings, from the seller's disk to the buyer's order."""

import io
import json
import re

import requests
from PIL import Image

from tests.live import ROOT, Stack
from tests.system.shop import Person, Shop, a_title, answer
from tests.system.waiting import eventually

ROWS = 600


def sends(person: Person, method: str, path: str, content: bytes) -> requests.Response:
    """Send bytes as this person."""
    headers = {"Authorization": f"Bearer {person.session['access_token']}"}
    return requests.request(method, f"{person.shop.url}/api{path}", data=content, headers=headers, timeout=30)


def comes_to_be(person: Person, path: str, status: str) -> dict[str, object]:
    """Wait until an import has a status."""

    def found() -> dict[str, object] | None:
        read = person.reads(path)
        return read if read["status"] == status else None

    come: dict[str, object] = eventually(found, within=60, what=f"an import that is {status}")
    return come


def test_a_file_is_checked_run_sold_and_exported_again(shop: Shop, seller: Person, buyer: Person) -> None:
    title = a_title("From a File")
    rows = "".join(f"s{number},{title} {number},Ana Gil,900,4\n" for number in range(ROWS))
    content = f"sku,title,authors,price_cents,stock\nbad,,Ana Gil,-1,1\n{rows}".encode()
    half = len(content) // 2
    path = f"/imports/{answer(seller.send('POST', '/imports', {'format': 'csv', 'parts': 2}), 201)['id']}"
    for number, part in ((2, content[half:]), (1, content[:half]), (1, content[:half])):
        assert sends(seller, "PUT", f"{path}/parts/{number}", part).ok
    checked = comes_to_be(seller, path, "checked")
    expected = {"rows": ROWS + 1, "new": ROWS, "changed": 0, "unchanged": 0, "deleted": 0, "refused": 1}
    assert checked["check"] == expected
    assert {item["field"] for item in seller.reads(f"{path}/problems")["items"]} == {"title", "price_cents"}
    answer(seller.send("POST", f"{path}/run"))
    assert comes_to_be(seller, path, "done")["run"] == expected
    book = seller.reads(f"/books?seller={seller.id}&limit=1")["items"][0]
    assert eventually(lambda: buyer.can_order(book), within=60, what="an order of an imported book")
    exported = sends(seller, "GET", "/exports/books", b"").content.decode()
    assert len(re.findall(rf"{title} \d+,", exported)) == ROWS


def announced(person: Person, content: bytes, **said: object) -> str:
    """The path of a new import of a file of one part, which is there."""
    path = f"/imports/{answer(person.send('POST', '/imports', {'parts': 1, **said}), 201)['id']}"
    assert sends(person, "PUT", f"{path}/parts/1", content).ok
    return path


def test_a_file_in_columns_of_others_balances_and_changes_nothing_the_second_time(stack: Stack, shop: Shop) -> None:
    seller = shop.registers("Gill Goodbooks")
    content = (ROOT / "tests" / "system" / "goodbooks.csv").read_bytes()
    mapping = json.loads((ROOT / "deploy" / "mappings" / "goodbooks.json").read_text())
    expected = {"rows": 10, "new": 10, "changed": 0, "unchanged": 0, "deleted": 0, "refused": 0}
    path = announced(seller, content, **mapping)
    assert comes_to_be(seller, path, "checked")["check"] == expected
    problems = seller.reads(f"{path}/problems")["items"]
    assert [(found["line"], found["field"], found["refused"]) for found in problems] == [(6, "isbn13", False)]
    assert seller.reads(f"/books?seller={seller.id}")["items"] == []

    answer(seller.send("POST", f"{path}/run"))
    assert comes_to_be(seller, path, "done")["run"] == expected
    whole = f"/books?seller={seller.id}&sort=title&limit=10"
    eventually(lambda: len(seller.reads(whole)["items"]) == 10, within=5, what="the books in the search index")
    listed = seller.reads(whole)["items"]
    by_title = {book["title"]: book for book in listed}
    audit = by_title["The Chimney Audit"]
    assert (audit["series"], audit["isbn13"][:12]) == ({"title": "Attic Accounts", "volume": "2"}, "978001990102")
    assert [person["name"] for person in audit["contributors"]] == ["Ottilie Quill", "Bram Osterwick"]
    assert by_title["On the Keeping of Owls"]["published"] == "-430"
    assert by_title["دفتر المطر"]["language"] == "ar"
    audited = stack.audit()
    assert audited.returncode == 0, audited.stdout + audited.stderr

    again = announced(seller, content, **mapping)
    same = expected | {"new": 0, "unchanged": 10}
    assert comes_to_be(seller, again, "checked")["check"] == same
    answer(seller.send("POST", f"{again}/run"))
    assert comes_to_be(seller, again, "done")["run"] == same
    assert seller.reads(whole)["items"] == listed


def test_a_cover_is_put_on_seen_and_taken_off(shop: Shop, seller: Person) -> None:
    book = seller.lists()
    picture = io.BytesIO()
    Image.new("RGB", (1200, 1800), "teal").save(picture, "PNG")
    shown = sends(seller, "PUT", f"/books/{book['id']}/cover", picture.getvalue()).json()
    seen = requests.get(f"{shop.url}{shown['cover_url']}", timeout=10)
    assert Image.open(io.BytesIO(seen.content)).size == (800, 1200)
    assert "immutable" in seen.headers["Cache-Control"]
    assert requests.get(f"{shop.url}/covers/{book['id']}/cover.svg", timeout=10).headers["Content-Type"] == "image/jpeg"
    assert sends(seller, "PUT", f"/books/{book['id']}/cover", b"x" * 6_000_000).status_code == 413
    assert seller.send("DELETE", f"/books/{book['id']}/cover").status_code == 204
    assert shop.book(book["id"])["cover_url"] == f"/covers/{book['id']}/cover.svg"
