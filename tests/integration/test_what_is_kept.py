"""Everything that any database keeps of somebody is theirs to take along, or stands here with the reason why not."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bookstore.catalog.sales import record_sale
from bookstore.database import Domain, connection, fetch_all
from bookstore.orders.people import Actor
from bookstore.orders.settings import settings
from bookstore.orders.sync import sync_inventory
from tests.handlers import call
from tests.integration import outbox
from tests.integration.accounts.people import first_admin, register, sign_in
from tests.integration.orders.market import Market
from tests.live import ROOT

DOMAINS: tuple[Domain, ...] = ("accounts", "catalog", "orders")
# Columns of 64 letters, as ids have them, that hold what is no person's.
NOBODYS = {
    *("id", "order_id", "book_id", "work_id", "review_id", "import_id", "event_id", "family_id", "attempt_id"),
    *("open_attempt", "charge", "reference", "consumer"),
}
# Where a person's id stands, and the column by which the row is known again in what they took along.
TAKEN_ALONG = {
    "accounts.users.id": "email",
    "accounts.token_families.user_id": "id",
    "accounts.mails.user_id": "id",
    "accounts.admin_acts.target_id": "id",
    "catalog.books.seller_id": "id",
    "catalog.imports.seller_id": "id",
    "catalog.reviews.user_id": "text",
    "catalog.review_reports.user_id": "reason",
    "catalog.wishes.user_id": "title",
    "orders.addresses.user_id": "id",
    "orders.inventory.seller_id": "title",
    "orders.inventory_movements.actor": "reason",
    "orders.orders.buyer_id": "id",
    "orders.order_history.seller_id": "status",
    "orders.order_items.seller_id": "title",
    "orders.shipments.seller_id": "tracking",
    "orders.payment_attempts.actor": "id",
    "orders.payment_attempts.seller_id": "id",
    "orders.payment_entries.actor": "reason",
    "orders.payment_entries.seller_id": "reason",
}
NOT_TAKEN_ALONG = {
    "accounts.admin_acts.admin_id": "what an admin did in office is listed for admins, whom `more` sends there",
    "accounts.mailed_tokens.user_id": "the hash of a link in a mail, for an hour or a week",
    "accounts.departures.user_id": "who left has nobody to read it",
    "catalog.people.user_id": "a copy of the account's name",
    "catalog.sales.buyer_id": "a copy of the orders' items",
    "catalog.sales.seller_id": "a copy of the orders' items",
    "catalog.sale_returns.seller_id": "a copy of what was taken back of the orders' items",
    **{f"{domain}.turns.user_id": "nothing but what one waits for to be next" for domain in ("catalog", "orders")},
    "orders.idempotency.user_id": "answers as they were given, for a day",
    "orders.departures.user_id": "who left has nobody to read it",
}


@pytest.fixture
def market(accounts_db, catalog_db, orders_db, monkeypatch):
    monkeypatch.setenv("PAYMENT_LATENCY_MS", "0")
    settings.cache_clear()
    yield Market(orders_db)
    settings.cache_clear()


def ids_in(domain: Domain) -> Iterator[tuple[str, str]]:
    """Every table and column that may hold a person's id."""
    rows = fetch_all(
        connection(domain),
        "SELECT table_name AS name, column_name AS part FROM information_schema.columns WHERE table_schema = %s"
        " AND data_type = 'varchar' AND character_maximum_length = 64 AND character_set_name = 'ascii'",
        [domain],
    )
    yield from ((row["name"], row["part"]) for row in rows if row["part"] not in NOBODYS)


def test_every_column_with_a_persons_id_is_accounted_for(market):
    found = {f"{domain}.{table}.{column}" for domain in DOMAINS for table, column in ids_in(domain)}
    assert found == set(TAKEN_ALONG) - {"accounts.users.id"} | set(NOT_TAKEN_ALONG)


def test_whatever_is_kept_of_somebody_is_in_what_they_take_along(market):
    ada = lives_a_life(market)
    taken = set(leaves_of(list(everything(ada["access_token"]))))
    for where, known_by in TAKEN_ALONG.items():
        domain, table, column = where.split(".")
        select = f"SELECT {known_by} AS mark FROM {table} WHERE {column} = %s"
        marks = {row["mark"] for row in fetch_all(connection(domain), select, [ada["user"]["id"]])}
        assert marks, f"the story has nothing for {where}"
        assert marks <= taken, where


def everything(token: str, *paths: str) -> Iterator[Any]:
    """What the account's data and all lists that they name say, page by page."""
    for path in paths or ("/api/users/me/data",):
        cursor = ""
        while cursor is not None:
            page = read(path, token, **({"cursor": cursor} if cursor else {}))
            yield page
            named = [leaf for leaf in leaves_of(page) if str(leaf).startswith("/api/")]
            yield from everything(token, *named) if named else ()
            cursor = page.get("next_cursor")


def read(path: str, token: str, **query: str) -> Any:
    """Send a GET to the function that has the route."""
    for name, function in yaml.safe_load((ROOT / "stack.yml").read_text())["functions"].items():
        for route in function.get("annotations", {}).get("http.route", "").split(","):
            if found := re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", route.strip()), f"GET {path}"):
                answer = call(name, path="/" + "/".join(found.groups()), query=query, token=token)
                assert answer.status == 200, (path, answer)
                return answer.body
    raise AssertionError(f"nobody serves {path}")


def leaves_of(value: Any) -> Iterator[Any]:
    """Every text and number in JSON."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves_of(each)
    else:
        yield value


def lives_a_life(market: Market) -> dict[str, Any]:
    """Ada buys, sells, reviews, reports, wishes and imports, and an admin acts on her; returns her session."""
    ada, bob, admin = register("ada"), register("bob"), first_admin()
    for act in ("disable-user", "enable-user"):
        call(act, {"reason": "a mistake"}, path=f"/{ada['user']['id']}", token=admin["access_token"])
    ada = sign_in("ada").body
    call("request-verification", {}, token=ada["access_token"])
    hers, his = (lists(session, title) for session, title in ((ada, "Emma"), (bob, "Persuasion")))
    lists(ada, "Sanditon")
    sync_inventory(*outbox.told(connection("catalog"), "book.created"))
    call("delete-book", path=f"/{lists(ada, 'Never told')['id']}", token=ada["access_token"], If_Match="*")
    sync_inventory(*outbox.told(connection("catalog"), "book.%"))
    buys(market, ada, his)
    sold = buys(market, bob, hers)
    market.correct(hers["id"], 1, "behind the shelf", seller=actor(ada))
    market.ship(sold, seller=actor(ada), tracking="RR123")
    market.refund(sold, seller=actor(ada), reason="it was damp")
    for event in outbox.told(connection("orders"), "order.paid"):
        record_sale(event)
    call("write-review", {"rating": 2, "text": "Dreadful."}, path=f"/{his['work_id']}", token=ada["access_token"])
    praise = call("write-review", {"rating": 5}, path=f"/{hers['work_id']}", token=bob["access_token"]).body
    call("report-review", {"reason": "He knows me."}, path=f"/{praise['id']}", token=ada["access_token"])
    call("add-wish", {}, path=f"/{his['work_id']}", token=ada["access_token"])
    call("start-import", {"format": "csv", "parts": 1}, token=ada["access_token"])
    address = {"name": "Ada", "line1": "12 St James's Square", "city": "London", "country": "GB"}
    call("create-address", address, token=ada["access_token"])
    return ada


def actor(session: dict[str, Any]) -> Actor:
    user = session["user"]
    return Actor(user["id"], user["name"], user["role"])


def lists(session: dict[str, Any], title: str) -> dict[str, Any]:
    book = {"title": title, "authors": ["Jane Austen"], "price_cents": 900, "stock": 3}
    listed: dict[str, Any] = call("create-book", book, token=session["access_token"]).body
    return listed


def buys(market: Market, session: dict[str, Any], book: dict[str, Any]) -> str:
    order_id: str = market.order((book["id"], 1), buyer=actor(session))["id"]
    market.pay(order_id, buyer=actor(session))
    return order_id
