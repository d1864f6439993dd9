"""`make bench`: the figures that the project promises, measured on the running shop, with the machine's own beside."""

import json
import os
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from benchmarks import catalog, gateway, imports, machine, orders
from benchmarks.functions import Gateway
from benchmarks.load import Figures, ensure_wrk, load
from benchmarks.shop import Account, Shop, a_copy_of

CONNECTIONS = 16
BOOKS = 20
# New replicas start meanwhile, and take time from those that serve.
WARM_UP_SECONDS = 12
_WIDTH = 110  # For a file or a pipe, too.


def main() -> None:
    """Measure and print."""
    ensure_wrk()
    stack = os.environ.get("STACK", "bookstore")
    console, shop = Console(width=max(_WIDTH, Console().width)), Shop.from_environment()
    console.print(f"{machine.describe()}; {CONNECTIONS} connections; load and shop share the cores.")
    gateway.show(console, gateway.quick())
    with console.status("at rest"):
        memory, cores = machine.idle(stack)
    seller = shop.register()
    books = [shop.list_book(seller, stock=100_000) for _ in range(BOOKS)]
    try:
        console.print(_speeds(shop, seller, books, console))
        console.print(orders.table(shop, seller, books, console))
    finally:
        for book in books:
            shop.remove_book(seller, book)
    console.print(catalog.table(shop, Gateway.from_environment(), console, catalog.BOOKS))
    console.print(imports.table(shop, stack, console))
    with console.status("logins"):
        verification = machine.verification_seconds()
        ratio = machine.login_seconds(shop.url, stack, seller) / verification
    console.print(f"At rest, engine included: {memory:.2f} GiB (≤ 2.5), {cores * 100:.1f} % of a core (≤ 20 %)")
    console.print(f"A login: {ratio:.2f} Argon2id verifications of {verification * 1000:.1f} ms CPU (≤ 1.3)")


def _speeds(shop: Shop, seller: Account, books: list[str], console: Console) -> Table:
    table = Table("Request", "req/s", "p50 ms", "p95 ms", "p99 ms", "promised p95", "failed")
    for name, promised, figures in _measured(shop, seller, books, console):
        row = [f"{figures.rate:,.0f}", f"{figures.p50:.1f}", f"{figures.p95:.1f}", f"{figures.p99:.1f}"]
        table.add_row(name, *row, promised, str(figures.failed) if promised else "")
    return table


def _measured(shop: Shop, seller: Account, books: list[str], console: Console) -> Iterator[tuple[str, str, Figures]]:
    order = json.dumps(a_copy_of("BOOK"))
    ordering = {"METHOD": "POST", "BODY": order, "TOKEN": seller.token, "KEYED": "1", "BOOKS": " ".join(books)}
    cases: list[tuple[str, str, str, dict[str, str]]] = [
        ("HAProxy alone (a path it refuses)", "/api/none", "", {}),
        ("GET /api/openapi.json (no database)", "/api/openapi.json", "", {}),
        ("GET /api/books/{id}", f"/api/books/{books[0]}", "≤ 20 ms", {}),
        ("GET /api/books", "/api/books", "≤ 40 ms", {}),
        ("GET /api/books, kept by the gateway", "/api/books", "", {"CACHED": "1"}),
        ("POST /api/orders", "/api/orders", "≤ 80 ms", ordering),
    ]
    for name, path, promised, request in cases:
        with console.status(name):
            load(shop.url + path, connections=CONNECTIONS, seconds=WARM_UP_SECONDS, **request)
            yield name, promised, load(shop.url + path, connections=CONNECTIONS, seconds=6, **request)


if __name__ == "__main__":
    main()
