"""Buying and selling through the public API, with what the events bring about."""

import pytest

from tests.integration.together import together
from tests.system.shop import DECLINED, Json, Person, Shop, a_title, answer, basket, new_key
from tests.system.waiting import eventually

FOUND_WITHIN, ORDERED_WITHIN, SHOWN_WITHIN = 2.0, 5.0, 2.0


def test_a_new_book_can_be_found_at_once_and_ordered_soon(shop: Shop, seller: Person, buyer: Person) -> None:
    title = a_title()
    book = seller.lists(title)
    eventually(lambda: book["id"] in shop.finds(title.split()[-1]), within=FOUND_WITHIN, what="a search")
    order = eventually(lambda: buyer.can_order(book), within=ORDERED_WITHIN, what="an order")
    assert order["items"][0]["title"] == title


def test_an_order_is_placed_paid_and_shipped(shop: Shop, seller: Person, buyer: Person, book: Json) -> None:
    order = buyer.orders(book, quantity=2)
    assert (order["status"], order["total_cents"]) == ("pending", 2 * book["price_cents"])
    paid = answer(buyer.pays(order))
    assert (paid["status"], paid["payment"]["status"], paid["payment"]["last4"]) == ("paid", "captured", "4242")
    assert order["id"] in {sold["id"] for sold in seller.sold()}
    answer(seller.send("POST", f"/orders/{order['id']}/ship", {"tracking": "TRACK-1"}))
    shipped = buyer.reads(f"/orders/{order['id']}")
    assert [step["status"] for step in shipped["history"]] == ["pending", "paid", "shipped"]
    assert shipped["shipments"][0]["tracking"] == "TRACK-1"


def test_a_sale_shows_in_the_catalog(shop: Shop, buyer: Person, book: Json) -> None:
    buyer.orders(book, quantity=3)
    eventually(lambda: shop.book(book["id"])["stock"] == 2, within=SHOWN_WITHIN, what="the stock after a sale")


def test_a_cancelled_order_gives_its_copies_back(shop: Shop, buyer: Person, book: Json) -> None:
    order = buyer.orders(book, quantity=5)
    assert buyer.can_order(book) is None
    assert answer(buyer.send("POST", f"/orders/{order['id']}/cancel"))["status"] == "cancelled"
    eventually(lambda: shop.book(book["id"])["stock"] == 5, within=SHOWN_WITHIN, what="the stock after a cancel")
    assert buyer.can_order(book)


def test_a_deleted_book_is_gone_and_soon_cannot_be_ordered(
    shop: Shop, seller: Person, buyer: Person, book: Json
) -> None:
    shown = shop.book(book["id"])
    gone = seller.send("DELETE", f"/books/{book['id']}", **{"If-Match": f'"{shown["version"]}"'})
    assert gone.status_code == 204
    assert seller.send("GET", f"/books/{book['id']}").status_code == 404
    eventually(
        lambda: shop.send("GET", f"/books/{book['id']}").status_code == 404, within=SHOWN_WITHIN, what="its end for all"
    )
    eventually(lambda: buyer.can_order(book) is None, within=ORDERED_WITHIN, what="the end of orders")


def test_a_changed_price_reaches_the_orders(seller: Person, buyer: Person, book: Json) -> None:
    change = {"title": book["title"], "authors": ["Mary Shelley"], "price_cents": 2099, "stock": 5}
    read = seller.shop.send("GET", f"/books/{book['id']}")
    answer(seller.send("PUT", f"/books/{book['id']}", change, **{"If-Match": read.headers["ETag"]}))
    wanted = basket(book)
    wanted["items"][0]["price_cents"] = 1099

    def refused() -> Json | None:
        sent = buyer.send("POST", "/orders", wanted, **new_key())
        found: Json = sent.json()
        return found if sent.status_code == 409 else None

    item = eventually(refused, within=ORDERED_WITHIN, what="the new price")["items"][0]
    assert (item["seen_price_cents"], item["price_cents"]) == (1099, 2099)


def test_the_last_copies_are_sold_once_when_many_want_them(shop: Shop, buyer: Person, book: Json) -> None:
    got = [order for order in together(12, lambda _: buyer.can_order(book)) if order]
    assert len(got) == 5
    eventually(lambda: shop.book(book["id"])["stock"] == 0, within=SHOWN_WITHIN, what="the end of the stock")


def test_a_repeated_request_gives_the_same_order(shop: Shop, buyer: Person, book: Json) -> None:
    key = new_key()
    sent = together(4, lambda _: buyer.send("POST", "/orders", basket(book), **key))
    assert len({answer(response, 201)["id"] for response in sent}) == 1
    eventually(lambda: shop.book(book["id"])["stock"] == 4, within=SHOWN_WITHIN, what="one sale")


def test_a_declined_card_can_be_followed_by_a_good_one(buyer: Person, book: Json) -> None:
    order = buyer.orders(book)
    declined = buyer.pays(order, DECLINED)
    assert declined.status_code == 402
    assert declined.headers["Content-Type"] == "application/problem+json"
    assert buyer.reads(f"/orders/{order['id']}")["status"] == "pending"
    assert answer(buyer.pays(order))["status"] == "paid"


def test_an_order_of_two_sellers_is_shipped_by_each(seller: Person, stranger: Person, buyer: Person) -> None:
    one, two = seller.lists(), stranger.lists()
    eventually(lambda: buyer.can_order(one) and buyer.can_order(two), within=10, what="orders of new books")
    order = buyer.orders(one, two)
    answer(buyer.pays(order))
    path = f"/orders/{order['id']}"
    assert answer(seller.send("POST", f"{path}/ship"))["items"][0]["book_id"] == one["id"]
    assert buyer.reads(path)["status"] == "paid"
    answer(stranger.send("POST", f"{path}/ship"))
    assert buyer.reads(path)["status"] == "shipped"


def test_a_refund_gives_money_back(seller: Person, buyer: Person, book: Json) -> None:
    order = buyer.orders(book)
    answer(buyer.pays(order))
    answer(seller.send("POST", f"/orders/{order['id']}/refund", **new_key()))
    refunded = buyer.reads(f"/orders/{order['id']}")
    assert (refunded["status"], refunded["payment"]["status"]) == ("cancelled", "refunded")


def test_nobody_touches_what_is_anothers(seller: Person, buyer: Person, stranger: Person, book: Json) -> None:
    order = buyer.orders(book)
    etag = {"If-Match": '"1"'}
    assert stranger.send("GET", f"/orders/{order['id']}").status_code == 404
    assert stranger.send("POST", f"/orders/{order['id']}/cancel").status_code == 404
    assert seller.send("POST", f"/orders/{order['id']}/cancel").status_code == 403
    assert stranger.send("DELETE", f"/books/{book['id']}", **etag).status_code == 403
    assert stranger.send("GET", "/users").status_code == 403


def test_an_admin_sees_who_has_an_account(admin: Person, buyer: Person) -> None:
    assert admin.reads("/users/me")["role"] == "admin"
    cursor: str | None = ""
    found: set[str] = set()
    while cursor is not None and buyer.id not in found:
        page = admin.reads(f"/users?limit=100{cursor and f'&cursor={cursor}'}")
        found |= {user["id"] for user in page["items"]}
        cursor = page["next_cursor"]
    assert buyer.id in found


def test_a_session_is_renewed_and_ended(shop: Shop) -> None:
    person = shop.registers("Rae Reader")
    renewed = answer(shop.send("POST", "/auth/refresh", {"refresh_token": person.session["refresh_token"]}))
    assert Person(shop, renewed).reads("/users/me")["id"] == person.id
    last = {"refresh_token": renewed["refresh_token"]}
    assert shop.send("POST", "/auth/logout", last).status_code == 204
    assert shop.send("POST", "/auth/refresh", last).status_code == 401


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_the_api_describes_itself(shop: Shop, path: str) -> None:
    assert "/api/orders" in shop.send("GET", path).text
