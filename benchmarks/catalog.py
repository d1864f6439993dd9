"""Lists and searches beside very many books: `python -m benchmarks.catalog 1000000`, `make bench` with 100,000."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.functions import ROOT, Gateway, wait_until
from benchmarks.library import COMMON, PREFIX, rare_word
from benchmarks.load import Figures, ensure_wrk, load
from benchmarks.machine import docker
from benchmarks.shop import Shop

BOOKS, CONNECTIONS, PAGE = 100_000, 4, 20
WARM_UP_SECONDS, SECONDS = 4, 6
_INDEXED_WITHIN = 1800


def main() -> None:
    """Measure beside as many books as were asked for, and print it."""
    ensure_wrk()
    gateway, console = Gateway.from_environment(), Console(width=110)
    console.print(table(Shop.from_environment(), gateway, console, int(sys.argv[1]) if sys.argv[1:] else BOOKS))


def table(shop: Shop, gateway: Gateway, console: Console, books: int) -> Table:
    """The figures as a table, while a status line tells what is being measured. The books are gone afterwards."""
    made = Table(f"Beside {books:,} books", "req/s", "p50 ms", "p95 ms", "promised p95", "failed")
    with console.status(f"putting {books:,} books on sale"), _library(gateway.stack, books):
        last = rare_word(books - 1)
        wait_until(lambda: _found(shop, last) == 1, "the last book in the index", within=_INDEXED_WITHIN)
        for name, promised, paths in _cases(shop, books):
            with console.status(name):
                load(shop.url, connections=CONNECTIONS, seconds=WARM_UP_SECONDS, PATHS=" ".join(paths))
                figures = load(shop.url, connections=CONNECTIONS, seconds=SECONDS, PATHS=" ".join(paths))
            made.add_row(name, *_shown(figures), promised, str(figures.failed))
        made.add_row("a replica of list-books is ready", "", "", f"{_ready(gateway) * 1000:,.0f}", "≤ 2,000 ms", "")
    return made


def _cases(shop: Shop, books: int) -> Iterator[tuple[str, str, list[str]]]:
    listed = "/api/books"
    last_page, deep = list(pairwise(_cursors(shop)))[-1]
    rare = [rare_word(place) for place in range(0, books, books // 500)]
    ids = [book["id"] for book in shop.books(limit=100, cursor=last_page)["items"]]
    yield "GET /api/books/{id}", "≤ 10 ms", [f"{listed}/{book_id}" for book_id in ids]
    yield "the first page", "≤ 15 ms", [listed]
    yield "page 1,000", "≤ 15 ms", [f"{listed}?cursor={deep}"]
    yield "a rare word, each time another", "≤ 40 ms", [f"{listed}?q={word}" for word in rare]
    yield f"a word of every eighth book ({COMMON})", "≤ 40 ms", [f"{listed}?q={COMMON}"]
    yield "the same by price", "", [f"{listed}?q={COMMON}&sort=price"]
    yield "the same with facets", "", [f"{listed}?q={COMMON}&facets=true"]
    yield "a misspelled word", "", [f"{listed}?q=histroy"]
    yield "what is in stock, with facets", "", [f"{listed}?in_stock=true&facets=true"]
    yield f"suggestions for {PREFIX}", "", [f"/api/suggestions?q={PREFIX}"]


def _cursors(shop: Shop) -> Iterator[str]:
    """Those up to page 1,000 in steps of a hundred books."""
    cursor: dict[str, str] = {}
    for _ in range(999 * PAGE // 100):
        cursor = {"cursor": str(shop.books(limit=100, **cursor)["next_cursor"])}
        yield cursor["cursor"]


def _found(shop: Shop, word: str) -> Any:
    return shop.books(q=word).get("total", {}).get("count")


def _ready(gateway: Gateway) -> float:
    """Seconds until a second replica serves."""
    gateway.scale("list-books", 1)
    begun = time.monotonic()
    gateway.scale("list-books", 2)
    taken = time.monotonic() - begun
    gateway.scale("list-books", 1)
    return taken


def _shown(figures: Figures) -> list[str]:
    return [f"{figures.rate:,.0f}", f"{figures.p50:.1f}", f"{figures.p95:.1f}"]


@contextmanager
def _library(stack: str, books: int) -> Iterator[None]:
    try:
        _run(stack, "add", str(books))
        yield
    finally:
        _run(stack, "remove")


def _run(stack: str, *arguments: str) -> None:
    """Run `benchmarks.library` where the database is."""
    image = docker("service", "inspect", f"{stack}_search", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}")
    secrets = ROOT / ".state" / stack / "secrets"
    mounted = ["-v", f"{ROOT / 'benchmarks'}:/app/benchmarks:ro", "-v", f"{secrets}:/run/secrets:ro"]
    # The secrets' files are their owner's.
    run = ["run", "--rm", "--user", "0", "--network", f"{stack}_platform", *mounted, image]
    subprocess.run(["docker", *run, "python", "-m", "benchmarks.library", *arguments], check=True)


if __name__ == "__main__":
    main()
