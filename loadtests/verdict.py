"""Whether a run was good: it scaled out and back, nothing failed, and every copy is accounted for."""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import gevent
import requests
from locust.env import Environment

from loadtests.ledger import Ledger
from loadtests.replicas import ReplicaWatch

SCALED_OUT = 3
CALM_SECONDS = 180
SYNC_SECONDS = 15
_HOLDS_A_COPY = {"pending", "paid", "shipped"}


def judge(environment: Environment, *, ledger: Ledger, watch: ReplicaWatch) -> int:
    """Print the verdict line by line; return the exit code, 0 when everything holds."""
    peaks = watch.peaks()
    scaled = sorted(name for name, peak in peaks.items() if peak >= SCALED_OUT)
    checks = [
        (
            f"scaled from 1 to at least {SCALED_OUT} replicas: {_named(scaled, peaks) or _named(sorted(peaks), peaks)}",
            bool(scaled),
        ),
        ("back at 1 replica after the load", not watch.wait_until_calm(scaled, seconds=CALM_SECONDS)),
        (
            f"no request failed: {environment.stats.total.num_failures} of {environment.stats.total.num_requests}",
            environment.stats.total.num_failures == 0 and environment.stats.total.num_requests > 0,
        ),
        *_balance(environment, ledger),
    ]
    _take_off_sale(environment.host or "", ledger)
    for text, good in checks:
        sys.stdout.write(f"{'ok  ' if good else 'FAIL'} {text}\n")
    return 0 if all(good for _, good in checks) else 1


def _named(names: list[str], peaks: dict[str, int]) -> str:
    return ", ".join(f"{name} ({peaks[name]})" for name in names)


def _balance(environment: Environment, ledger: Ledger) -> Iterator[tuple[str, bool]]:
    wrong = _imbalances(environment.host or "", ledger)
    for _ in range(SYNC_SECONDS):
        if not wrong:
            break
        gevent.sleep(1)
        wrong = _imbalances(environment.host or "", ledger)
    yield f"sold or reserved + left = supplied for {len(ledger.books)} books", bool(ledger.books) and not wrong
    for line in wrong:
        yield line, False


def _take_off_sale(host: str, ledger: Ledger) -> None:
    # The user's shop shall look as it did before; the orders stay.
    for book_id, supply in ledger.books.items():
        book = requests.get(f"{host}/api/books/{book_id}", timeout=10)
        headers = {"Authorization": f"Bearer {supply.token}", "If-Match": book.headers["ETag"]}
        requests.delete(f"{host}/api/books/{book_id}", headers=headers, timeout=10).raise_for_status()


def _imbalances(host: str, ledger: Ledger) -> list[str]:
    held = Counter[str]()
    for token in ledger.tokens().values():
        for order in _orders_of_a_seller(host, token):
            if order["status"] in _HOLDS_A_COPY:
                held.update({item["book_id"]: item["quantity"] for item in order["items"]})
    lines = []
    for book_id, supply in ledger.books.items():
        left = requests.get(f"{host}/api/books/{book_id}", timeout=10).json()["stock"]
        if held[book_id] + left != supply.supplied:
            lines.append(f"book {book_id}: {held[book_id]} held + {left} left is not {supply.supplied} supplied")
    return lines


def _orders_of_a_seller(host: str, token: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        answer = requests.get(
            f"{host}/api/orders",
            params={"role": "seller", "limit": "100", **({"cursor": cursor} if cursor else {})},
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )
        answer.raise_for_status()
        page = answer.json()
        yield from page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            return
