"""An import of generated books, from the last part to the last order that can be placed, and the way back.

The events that make the books orderable are worked off at the same time, on the same cores.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import requests
from rich.console import Console
from rich.table import Table

from benchmarks.machine import memory_of
from benchmarks.shop import Account, Shop

BOOKS = 20_000
PART_BYTES = 1024 * 1024
_POLL_SECONDS = 0.5
_PATIENCE_SECONDS = 590
_NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"


def table(shop: Shop, stack: str, console: Console) -> Table:
    """What an import of `BOOKS` books takes, with the memory of the function that works it off; they are removed."""
    shown = Table("Import", "books/s", "promised", "memory MiB")
    seller = shop.register()
    importing = _Importing(shop, seller, stack)
    with console.status(f"import of {BOOKS:,} books"):
        sent = importing.send("csv", b"".join(_rows()))
        check, run = importing.wait(sent, "checking"), importing.run(sent)
        # The newest book's event is the last one.
        (newest,) = shop.books(sort="newest", limit=1)["items"]
        orderable = importing.until(lambda: shop.can_order(newest["id"], seller))
    with console.status("removal of the imported books"):
        gone = importing.send("onix", b"".join(_deletions()))
        importing.wait(gone, "checking")
        removal = importing.run(gone)
    for name, seconds, promised in (
        ("checked", check, ""),
        ("put on sale", run, "≥ 2,000"),
        ("put on sale, and to be ordered", run + orderable, ""),
        ("taken off", removal, ""),
    ):
        shown.add_row(name, f"{BOOKS / seconds:,.0f}", promised, f"{importing.peak / 2**20:.0f}")
    return shown


def _rows() -> Iterator[bytes]:
    yield b"sku,title,authors,price_cents,stock,language,published,series,volume\n"
    for number in range(BOOKS):
        title, author = f"The {number} Ways of Measuring a Shop", f"Bench {number % 997} Writer"
        yield f"{number},{title},{author},{100 + number % 5000},7,en,{1900 + number % 120},Bench,{number}\n".encode()


def _deletions() -> Iterator[bytes]:
    yield f'<ONIXMessage release="3.0" xmlns="{_NAMESPACE}">'.encode()
    for number in range(BOOKS):
        yield f"<Product><RecordReference>{number}</RecordReference>".encode()
        yield b"<NotificationType>05</NotificationType></Product>"
    yield b"</ONIXMessage>"


class _Importing:
    """A seller's imports, and the most memory that the function took meanwhile."""

    def __init__(self, shop: Shop, seller: Account, stack: str) -> None:
        self._shop, self._seller, self._function = shop, seller, f"{stack}_fn-work-import"
        self.peak = 0.0

    def send(self, form: str, content: bytes) -> str:
        """Announce and send a file; return its path."""
        parts = [content[at : at + PART_BYTES] for at in range(0, len(content), PART_BYTES)]
        path = f"/imports/{self._call('POST', '/imports', json={'format': form, 'parts': len(parts)})['id']}"
        for number, part in enumerate(parts, 1):
            self._call("PUT", f"{path}/parts/{number}", data=part)
        return path

    def run(self, path: str) -> float:
        """Run what was checked; return the seconds that it took."""
        self._call("POST", f"{path}/run")
        return self.wait(path, "running")

    def wait(self, path: str, status: str) -> float:
        """Wait until an import has this status no more; return the seconds."""
        return self.until(lambda: self._call("GET", path)["status"] != status)

    def until(self, holds: Callable[[], bool]) -> float:
        """Wait until something holds; return the seconds."""
        begun = time.monotonic()
        while not holds():
            if time.monotonic() - begun > _PATIENCE_SECONDS:
                raise TimeoutError(f"Not after {_PATIENCE_SECONDS} s.")
            self.peak = max(self.peak, memory_of(self._function))
            time.sleep(_POLL_SECONDS)
        return time.monotonic() - begun

    def _call(self, method: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._seller.token}"}
        answer = requests.request(method, f"{self._shop.url}/api{path}", headers=headers, timeout=30, **body)
        answer.raise_for_status()
        return answer.json()
