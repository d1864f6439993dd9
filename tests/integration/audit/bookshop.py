"""A whole bookshop in one process: all domains with their databases, and the events between them."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bookstore.accounts.models import ProfileChange
from bookstore.accounts.profiles import update_profile
from bookstore.catalog.books import create_book, delete_book, get_book, update_book
from bookstore.catalog.models import BookIn
from bookstore.catalog.reader_models import ReviewIn
from bookstore.catalog.renames import take_name
from bookstore.catalog.reviews import withdraw_review, write_review
from bookstore.catalog.sales import record_sale
from bookstore.catalog.stock import sync_catalog
from bookstore.clock import now
from bookstore.database import Domain, connection, execute, fetch_all
from bookstore.errors import BookstoreError
from bookstore.events.envelope import Event
from bookstore.identity import User
from bookstore.orders.models import Paying
from bookstore.orders.sync import sync_inventory
from tests.integration.orders.market import ADMIN, ANN, DECLINED, SAM, SUE, Market, card, cash, person
from tests.integration.orders.processors import Crash, DiesAfterCharging, DiesAfterRefunding, DiesBeforeCharging

_BATCH_CONSUMERS: dict[str, Callable[..., None]] = {
    **dict.fromkeys(("book.created", "book.updated", "book.deleted"), sync_inventory),
    "stock.changed": sync_catalog,
}
_CONSUMERS = {
    **dict.fromkeys(("order.paid", "order.shipped", "order.cancelled", "order.refunded"), record_sale),
    "user.renamed": take_name,
}
_SELLERS, _BUYERS = (SAM, SUE), (ANN, person("bob"))
_PAYINGS = (card(), cash(), Paying(method="pse"), card(DECLINED))


@dataclass
class Bookshop:
    """What was made so far; `do` does something to it that numbers decide on."""

    market: Market
    books: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def open_accounts(self) -> None:
        """Give everybody who sells or buys an account, under the name that their tokens go on telling."""
        for who in (*_SELLERS, *_BUYERS):
            execute(
                connection("accounts"),
                "INSERT INTO users (id, email, name, role, password_hash, created_at)"
                " VALUES (%s, %s, %s, 'user', '!', %s)",
                [who.id, f"{who.id}@example.com", who.name, now()],
            )

    def do(self, what: str, *numbers: int) -> None:
        """Do one thing. What the shop refuses, and what a processor's death interrupts, is part of its life."""
        with suppress(BookstoreError, Crash, IndexError):
            getattr(self, what)(*numbers)

    def list_book(self, copies: int, price: int, seller: int) -> str:
        """A seller puts a book on sale."""
        book = BookIn(title=f"Title {len(self.books)}", authors=["A"], price_cents=price, stock=copies)
        self.books.append(create_book(book, seller=_user(_SELLERS, seller), trace="").id)
        return self.books[-1]

    def edit(self, book: int, copies: int, price: int) -> None:
        """Its seller changes price and stock, against what is shown now."""
        seen = get_book(_pick(self.books, book))
        change = BookIn(title=f"{seen.title}!"[:300], authors=["A"], price_cents=price, stock=copies)
        by = User(seen.seller.id, seen.seller.name, "user")
        update_book(seen.id, change, by=by, seen=(seen.version, seen.stock), trace="")

    def delete(self, book: int, *_: int) -> None:
        """An admin takes a book off the catalog, now and then."""
        if book % 4 == 0:
            delete_book(_pick(self.books, book), by=User("root", "Root", "admin"), version=None, trace="")

    def order(self, book: int, copies: int, buyer: int) -> None:
        """Somebody orders two books, or one; sometimes the request is sent again."""
        key = f"k{len(self.orders)}-{copies}-{buyer}"
        wanted = {_pick(self.books, book): 1 + copies % 3, _pick(self.books, copies): 1}
        placed = [
            self.market.order(*wanted.items(), buyer=_pick(_BUYERS, buyer), key=key)["id"] for _ in range(1 + book % 2)
        ]
        assert len(set(placed)) == 1
        self.orders.append(placed[0])

    def pay(self, order: int, method: int, dies: int) -> None:
        """The buyer pays; now and then the process dies on the way."""
        processor = {0: DiesAfterCharging(), 1: DiesBeforeCharging()}.get(dies % 8)
        self._by_its_buyer(
            order, lambda o, who: self.market.pay(o, _pick(_PAYINGS, method), buyer=who, processor=processor)
        )

    def cancel(self, order: int, dies: int, *_: int) -> None:
        """The buyer cancels."""
        processor = DiesAfterRefunding() if dies % 8 == 0 else None
        self._by_its_buyer(order, lambda o, who: self.market.cancel(o, buyer=who, processor=processor))

    def ship(self, order: int, seller: int, how: int) -> None:
        """A seller ships the own part, or an admin that of one or of all; or how it is followed is corrected."""
        order_id = _pick(self.orders, order)
        by, parcel = self._seller_of(order_id, seller), {"tracking": f"T{how}"} if how % 2 else {}
        named = {"seller_id": _pick(_SELLERS, how).id} if by is ADMIN and how % 3 else {}
        self.market.ship(order_id, seller=by, **parcel, **named)

    def refund(self, order: int, seller: int, how: int) -> None:
        """A seller refunds the own part, or a copy of a book in it, and puts it back or not."""
        order_id = _pick(self.orders, order)
        by = self._seller_of(order_id, seller)
        items = self.market.seen(order_id, reader=ADMIN)["items"]
        some = [(_pick(items, how)["book_id"], 1)] if how % 2 else []
        processor = DiesAfterRefunding() if how % 8 == 0 else None
        self.market.refund(order_id, *some, seller=by, restock=(None, True, False)[how % 3], processor=processor)

    def give(self, order: int, seller: int, cents: int) -> None:
        """A seller gives an amount back, while the buyer keeps all copies."""
        order_id = _pick(self.orders, order)
        processor = DiesAfterRefunding() if cents % 8 == 0 else None
        self.market.refund(
            order_id, seller=self._seller_of(order_id, seller), amount_cents=1 + 9 * cents, processor=processor
        )

    def correct(self, book: int, copies: int, *_: int) -> None:
        """A seller counts again."""
        self.market.correct(_pick(self.books, book), copies % 7 - 3 or 4, seller=ADMIN)

    def review(self, book: int, buyer: int, rating: int) -> None:
        """Somebody reviews a book, if they have it, or takes the review back."""
        by, work_id = _user(_BUYERS, buyer), get_book(_pick(self.books, book)).work_id
        if rating % 7 == 0:
            withdraw_review(work_id, by=by)
        else:
            write_review(work_id, ReviewIn(rating=1 + rating % 5), by=by)

    def rename(self, who: int, name: int, *_: int) -> None:
        """Somebody changes their name, now and then to the one that they have."""
        user = _user((*_SELLERS, *_BUYERS), who)
        update_profile(ProfileChange(name=user.name + "'s" * (name % 3)), user=user, trace="")

    def wait(self, how_long: int, *_: int) -> None:
        """The timer fires at once, a little later, or when what is not paid by now has expired."""
        self.market.time_passes(now() + timedelta(minutes=(0, 10, 20)[how_long % 3]))

    def deliver(self, most: int, seed: int, twice: int) -> int:
        """Deliver some of the events that wait, in any order, now and then twice; return how many."""
        chance = random.Random(seed)
        domains: list[Domain] = ["accounts", "catalog", "orders"]
        waiting = [(domain, row) for domain in domains for row in _waiting(domain)]
        chance.shuffle(waiting)
        for domain, row in waiting[:most]:
            for _ in range(2 if twice % 3 == 0 else 1):
                _take_in(Event.all_from_json(row["body"]))
            execute(connection(domain), "UPDATE outbox SET published_at = NOW(6) WHERE id = %s", [row["id"]])
        return len(waiting)

    def deliver_all(self) -> None:
        """Deliver until nothing waits."""
        while self.deliver(10**6, 0, 1):
            pass

    def _seller_of(self, order_id: str, number: int) -> Any:
        """Somebody who sells in an order, or an admin."""
        parts = {part["seller_id"] for part in self.market.seen(order_id, reader=ADMIN)["shipments"]}
        return _pick([*(seller for seller in _SELLERS if seller.id in parts), ADMIN], number)

    def _by_its_buyer(self, order: int, act: Callable[[str, Any], object]) -> None:
        order_id = _pick(self.orders, order)
        buyer = self.market.seen(order_id, reader=ADMIN)["buyer"]["id"]
        act(order_id, next(person for person in _BUYERS if person.id == buyer))


ACTIONS = (
    *("list_book", "edit", "delete", "order", "order", "order", "pay", "pay", "pay", "cancel", "ship", "ship"),
    *("refund", "refund", "give", "correct", "wait", "deliver", "deliver", "review"),
    "rename",
)


def _take_in(events: Sequence[Event]) -> None:
    kind = events[0].type
    if kind in _BATCH_CONSUMERS:
        _BATCH_CONSUMERS[kind](*events)
    elif kind in _CONSUMERS:
        for event in events:
            _CONSUMERS[kind](event)


def _user(people: Sequence[Any], number: int) -> User:
    found = _pick(people, number)
    return User(found.id, found.name, "user")


def _pick(things: Sequence[Any], number: int) -> Any:
    """One of the things; IndexError when there is none."""
    return things[number % len(things)] if things else things[0]


def _waiting(domain: Domain) -> list[dict[str, Any]]:
    return fetch_all(connection(domain), "SELECT id, body FROM outbox WHERE published_at IS NULL ORDER BY id")
