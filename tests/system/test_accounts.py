"""What becomes of accounts through the public API: recovered, disabled, and gone from every domain."""

import re

import requests

from tests.system.problems import problem
from tests.system.selling import first_order
from tests.system.shop import PASSWORD, Json, Person, Shop, answer
from tests.system.waiting import eventually

# Written by a timer that fires every ten seconds; told by a timer that fires every thirty.
MAILED_WITHIN, SETTLED_WITHIN = 25.0, 45.0
NEW = "a quite different pass phrase"


def _mails(admin: Person, to: str) -> list[str]:
    return [mail["kind"] for mail in admin.reads(f"/mails?recipient={to}")["items"]]


def test_a_forgotten_password_is_set_anew(shop: Shop, admin: Person) -> None:
    ada = shop.registers("Ada")
    email = ada.session["user"]["email"]
    for address in (email, f"not-{email}"):
        asked = shop.send("POST", "/auth/password-reset", {"email": address})
        assert (asked.status_code, asked.content) == (202, b"")
    kinds = eventually(
        lambda: _mails(admin, email) == ["reset_password", "verify_email"], within=MAILED_WITHIN, what="the mail"
    )
    assert kinds
    assert _mails(admin, f"not-{email}") == []
    link = answer(admin.send("POST", f"/users/{ada.id}/reset-link"), 201)
    token = re.search(r"token=([\w-]+)$", link["url"])
    assert token
    body = {"token": token[1], "password": NEW}
    assert shop.send("POST", "/auth/password-reset/confirm", body).status_code == 204
    problem(shop.send("POST", "/auth/password-reset/confirm", body), 400, "token")
    problem(shop.send("POST", "/auth/refresh", {"refresh_token": ada.session["refresh_token"]}), 401)
    assert shop.signs_in(email, NEW).id == ada.id
    assert admin.reads(f"/admin/acts?target={ada.id}")["items"][0]["act"] == "make_reset_link"


def test_a_disabled_user_is_out_until_they_are_enabled(shop: Shop, admin: Person) -> None:
    eve = shop.registers("Eve")
    credentials = {"email": eve.session["user"]["email"], "password": PASSWORD}
    answer(admin.send("POST", f"/users/{eve.id}/disable", {"reason": "a test"}))
    problem(shop.send("POST", "/auth/login", credentials), 403)
    problem(shop.send("POST", "/auth/refresh", {"refresh_token": eve.session["refresh_token"]}), 401)
    problem(eve.send("GET", "/users/me"), 401)
    answer(admin.send("POST", f"/users/{eve.id}/enable"))
    assert shop.send("POST", "/auth/login", credentials).status_code == 200


def test_an_admins_change_of_anothers_book_is_on_record(seller: Person, admin: Person) -> None:
    book = seller.lists()
    assert admin.send("DELETE", f"/books/{book['id']}", **{"If-Match": "*"}).status_code == 204
    acts: list[Json] = eventually(
        lambda: admin.reads(f"/admin/acts?target={book['id']}")["items"], within=10, what="the act in the trail"
    )
    assert (acts[0]["act"], acts[0]["details"]) == ("delete_book", {"seller_id": seller.id})


def test_who_leaves_is_forgotten_everywhere_and_nobody_waits_for_them(shop: Shop, buyer: Person, admin: Person) -> None:
    leaver, book = shop.registers("Lea Leaver"), buyer.lists()
    own = leaver.lists()
    sold = first_order(buyer, own)
    assert buyer.pays(sold).status_code == 200
    bought = first_order(leaver, book)
    everything = [leaver.reads(f"/users/me/data{part}") for part in ("", "/orders", "/catalog")]
    assert everything[0]["user"]["name"] == "Lea Leaver"
    assert {order["id"] for order in everything[1]["items"]} == {sold["id"], bought["id"]}
    assert everything[2]["items"][0]["data"]["id"] == own["id"]
    problem(leaver.send("DELETE", "/users/me", {"password": NEW}), 400, "password")
    assert leaver.send("DELETE", "/users/me", {"password": PASSWORD}).status_code == 204
    problem(leaver.send("GET", "/users/me"), 401)
    eventually(lambda: shop.send("GET", f"/books/{own['id']}").status_code == 404, within=10, what="the listing's end")
    eventually(
        lambda: buyer.reads(f"/orders/{sold['id']}")["status"] == "cancelled", within=SETTLED_WITHIN, what="the refund"
    )
    assert buyer.reads(f"/orders/{sold['id']}")["payment"]["status"] == "refunded"
    left = admin.reads(f"/orders/{bought['id']}")
    assert (left["status"], left["buyer"]) == ("cancelled", {"id": leaver.id, "name": ""})
    assert requests.get(f"{shop.url}/api/books?seller={leaver.id}", timeout=15).json()["items"] == []
