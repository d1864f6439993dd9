"""Orders placed and paid by four buyers at a time, one request after the other; every order is paid once."""

import json
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from benchmarks.load import Figures
from benchmarks.shop import Account, Shop, a_copy_of

CONNECTIONS = 4
_ORDERS, _WARM_UP = 400, 100
_PROCESSOR_MS = 200
_CARD = {"number": "4242 4242 4242 4242", "expiry": "12/49", "cvc": "123", "name": "Bench"}


def table(shop: Shop, buyer: Account, books: Sequence[str], console: Console) -> Table:
    """Measure both, and say what was promised. Raises SystemExit when an order is refused."""
    shown = Table(f"At {CONNECTIONS} connections", "req/s", "p50 ms", "p95 ms", "p99 ms", "promised p95")
    with console.status("orders"):
        placing, orders = _measured(shop, buyer, [("/api/orders", a_copy_of(book)) for book in _spread(books)])
        paths = [f"/api/orders/{order['id']}/pay" for order in orders]
        paying, _ = _measured(shop, buyer, [(path, {"method": "card", "card": _CARD}) for path in paths])
    latency = f"≤ {_PROCESSOR_MS} + 40 ms"
    for name, promised, figures in (("place-order", "≤ 50 ms", placing), ("pay-order", latency, paying)):
        row = [f"{figures.rate:,.0f}", f"{figures.p50:.1f}", f"{figures.p95:.1f}", f"{figures.p99:.1f}"]
        shown.add_row(name, *row, promised)
    return shown


def _spread(books: Sequence[str]) -> list[str]:
    return [books[number % len(books)] for number in range(_WARM_UP + _ORDERS)]


def _measured(shop: Shop, buyer: Account, calls: Sequence[tuple[str, Any]]) -> tuple[Figures, list[Any]]:
    """Make the calls; the figures leave out the first ones, the answers none."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        begin = time.monotonic()
        shares = list(pool.map(partial(_one_after_the_other, shop, buyer), _shares(calls)))
        seconds = time.monotonic() - begin
    warm = _WARM_UP // CONNECTIONS
    times = sorted(taken for share in shares for taken, _ in share[warm:])
    p50, p95, p99 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95, 0.99))
    answers = [answer for share in shares for _, answer in share]
    return Figures(len(calls), len(calls) / seconds, p50, p95, p99, failed=0), answers


def _shares(calls: Sequence[tuple[str, Any]]) -> list[Sequence[tuple[str, Any]]]:
    return [calls[number::CONNECTIONS] for number in range(CONNECTIONS)]


def _one_after_the_other(shop: Shop, buyer: Account, calls: Sequence[tuple[str, Any]]) -> list[tuple[float, Any]]:
    place, done = urlsplit(shop.url), []
    connection = HTTPConnection(place.hostname or "", place.port, timeout=15)
    for path, body in calls:
        headers = {
            "Authorization": f"Bearer {buyer.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        begin = time.monotonic()
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"POST {path}: {answer.status} {text.decode()}")
        done.append((time.monotonic() - begin, json.loads(text)))
    connection.close()
    return done
