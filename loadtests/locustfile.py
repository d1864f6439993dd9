"""Shoppers and sellers against the public API; every answer's body is checked, not only its status.

Run by `make load`, or with Locust's own page: `locust -f loadtests/locustfile.py --host http://127.0.0.1:8000`.
"""

import itertools
import random
import uuid
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore
from locust import FastHttpUser, constant_pacing, events, task
from locust.contrib.fasthttp import ResponseContextManager
from locust.env import Environment

from loadtests.ledger import Ledger
from loadtests.replicas import ReplicaWatch
from loadtests.verdict import judge

SIGN_UP_SECONDS = 0.6  # The shop takes 120 registrations a minute from one client.
CARD = {"number": "4242 4242 4242 4242", "expiry": "12/39", "cvc": "123", "name": "Load Tester"}

ledger = Ledger()
watch = ReplicaWatch.from_environment()
_sign_up_turn = BoundedSemaphore(1)
_numbers = itertools.count(1)


class Member(FastHttpUser):
    """Somebody with an account of their own."""

    abstract = True
    wait_time = constant_pacing(0.25)

    def on_start(self) -> None:
        """Register, one user after the other so that the sign-in limit is kept."""
        with _sign_up_turn:
            person = {
                "email": f"load-{uuid.uuid4().hex[:12]}@example.com",
                "password": f"load {uuid.uuid4()}",
                "name": f"{type(self).__name__} {next(_numbers)}",
            }
            session = self.call("POST", "/api/auth/register", 201, json=person) or {}
            gevent.sleep(SIGN_UP_SECONDS)
        self.user = session.get("user", {})
        self.token = session.get("access_token", "")

    def call(
        self, method: str, path: str, *expected: int, name: str = "", headers: dict[str, str] | None = None, **body: Any
    ) -> dict[str, Any] | None:
        """Call the API; return the JSON body, or None after an answer that was not expected (Locust counts it)."""
        token = {"Authorization": f"Bearer {self.token}"} if getattr(self, "token", "") else {}
        everything = {**token, **(headers or {})}
        with self.client.request(
            method, path, name=name or f"{method} {path}", headers=everything, catch_response=True, **body
        ) as response:
            return self._checked(response, expected)

    @staticmethod
    def _checked(response: ResponseContextManager, expected: tuple[int, ...]) -> dict[str, Any] | None:
        if response.status_code not in expected:
            response.failure(f"{response.status_code} instead of {expected}: {(response.text or '')[:200]}")
            return None
        # Locust takes every 4xx for a failure: also the 409 of a book that is sold out.
        response.success()
        answer: dict[str, Any] = response.json() if response.text else {}
        answer["_status"], answer["_etag"] = response.status_code, response.headers.get("ETag", "")
        return answer

    def insist(self, truth: bool, what: str) -> None:
        """Count a failure when an answer says something that cannot be."""
        if not truth:
            self.environment.events.request.fire(
                request_type="CHECK",
                name=what,
                response_time=0,
                response_length=0,
                exception=AssertionError(what),
                context={},
            )


class Browser(Member):
    """Reads lists and books, and never buys."""

    weight = 6
    wait_time = constant_pacing(0.08)

    @task(4)
    def reads_a_page_of_books(self) -> None:
        """Take a page, and sometimes the next one; no book stands in both."""
        first = self.call("GET", "/api/books?limit=24", 200, name="GET /api/books")
        if not first:
            return
        self.insist(len(first["items"]) <= 24, "a page is not longer than asked for")
        if first["next_cursor"] and random.random() < 0.2:
            path = f"/api/books?limit=24&cursor={first['next_cursor']}"
            second = self.call("GET", path, 200, name="GET /api/books?cursor")
            seen = {book["id"] for book in first["items"]}
            self.insist(not second or not seen & {book["id"] for book in second["items"]}, "pages do not overlap")

    @task(4)
    def reads_a_book(self) -> None:
        """Open a book of this run's sellers."""
        book_id = ledger.any_book()
        if book_id is None:
            return
        book = self.call("GET", f"/api/books/{book_id}", 200, name="GET /api/books/{id}")
        self.insist(not book or (book["id"] == book_id and book["stock"] >= 0), "a book has its id and no debt")

    @task(1)
    def searches(self) -> None:
        """Search for a word that the run's books have in their titles."""
        found = self.call("GET", "/api/books?q=capacity", 200, name="GET /api/books?q")
        self.insist(
            not found or all("capacity" in book["title"].lower() for book in found["items"]),
            "search finds what it says",
        )


class Seller(Member):
    """Lists books, restocks them and ships what was paid."""

    weight = 2

    def on_start(self) -> None:
        """Begin with three books for sale."""
        super().on_start()
        for _ in range(3):
            self.lists_a_book()

    @task(1)
    def lists_a_book(self) -> None:
        """Put a new book on sale, 8 at the most for each seller."""
        if ledger.books_of(self.user.get("id", "")) >= 8:
            return
        stock = random.randint(20, 200)
        book = {
            "title": f"Capacity, volume {uuid.uuid4().hex[:8]}",
            "authors": ["A. Tester"],
            "price_cents": 1299,
            "stock": stock,
            "condition": "new",
            "language": "en",
        }
        made = self.call("POST", "/api/books", 201, json=book)
        if made:
            self.insist(made["stock"] == stock and made["seller"]["id"] == self.user["id"], "a book is kept as sent")
            ledger.listed(made["id"], seller_id=self.user["id"], token=self.token, supplied=stock)

    @task(2)
    def restocks(self) -> None:
        """Add ten copies, against the version and the stock just read."""
        mine = ledger.any_book(seller_id=self.user.get("id", ""))
        if mine is None:
            return
        book = self.call("GET", f"/api/books/{mine}", 200, name="GET /api/books/{id}")
        if not book:
            return
        fields = ("title", "contributors", "price_cents", "condition", "language")
        change = {**{field: book[field] for field in fields}, "stock": book["stock"] + 10}
        etag = {"If-Match": book["_etag"]}
        done = self.call("PUT", f"/api/books/{mine}", 200, 412, name="PUT /api/books/{id}", headers=etag, json=change)
        if done and done["_status"] == 200:
            ledger.restocked(mine, 10)

    @task(2)
    def ships(self) -> None:
        """Ship the newest paid order."""
        orders = self.call("GET", "/api/orders?role=seller&limit=20", 200, name="GET /api/orders?role=seller")
        paid = [order for order in (orders or {}).get("items", []) if order["status"] == "paid"]
        if paid:
            path = f"/api/orders/{paid[0]['id']}/ship"
            self.call("POST", path, 200, 409, name="POST /api/orders/{id}/ship", json={"tracking": "LOAD-1"})


class Shopper(Member):
    """Orders, pays, and sometimes changes their mind or repeats a request."""

    weight = 4

    @task
    def buys(self) -> None:
        """Place an order and settle it, one way or the other."""
        book_id = ledger.any_book()
        if book_id is None:
            return
        quantity, key = random.randint(1, 3), {"Idempotency-Key": str(uuid.uuid4())}
        order_in = {"items": [{"book_id": book_id, "quantity": quantity}], "delivery": {"method": "pickup"}}
        order = self.call("POST", "/api/orders", 201, 409, headers=key, json=order_in)
        if not order or order["_status"] == 409:
            return
        self.insist(order["items"][0]["quantity"] == quantity, "an order holds what was asked for")
        self.insist(order["total_cents"] == quantity * order["items"][0]["price_cents"], "totals add up")
        if random.random() < 0.1:
            again = self.call("POST", "/api/orders", 201, name="POST /api/orders again", headers=key, json=order_in)
            self.insist(not again or again["id"] == order["id"], "the same key gives the same order")
        self._settles(order)

    def _settles(self, order: dict[str, Any]) -> None:
        path, dice = f"/api/orders/{order['id']}", random.random()
        if dice < 0.15:
            cancelled = self.call("POST", f"{path}/cancel", 200, name="POST /api/orders/{id}/cancel")
            self.insist(not cancelled or cancelled["status"] == "cancelled", "a cancelled order says so")
        elif dice < 0.85:
            key = {"Idempotency-Key": str(uuid.uuid4())}
            body = {"method": "card", "card": CARD}
            paid = self.call("POST", f"{path}/pay", 200, name="POST /api/orders/{id}/pay", headers=key, json=body)
            self.insist(not paid or paid["status"] in {"paid", "shipped"}, "a paid order says so")
            self.insist(not paid or "4242424242424242" not in str(paid), "no card number comes back")


@events.test_start.add_listener
def _watch_replicas(**_: Any) -> None:
    watch.start()


@events.test_stop.add_listener
def _judge_the_run(environment: Environment, **_: Any) -> None:
    environment.process_exit_code = judge(environment, ledger=ledger, watch=watch)
