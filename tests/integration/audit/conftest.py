"""A bookshop on fresh databases of all domains."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bookstore.database import Connection
from bookstore.orders.settings import settings
from tests.integration.audit.bookshop import Bookshop
from tests.integration.orders.market import Market
from tests.integration.search_service import Service


@pytest.fixture
def bookshop(
    accounts_db: Connection, catalog_db: Connection, orders_db: Connection, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bookshop]:
    """An empty shop that takes a tax on top, so that every amount has to be rounded."""
    for name, value in (("PAYMENT_LATENCY_MS", "0"), ("TAX_BASIS_POINTS", "825"), ("TAX_INCLUDED", "0")):
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    made = Bookshop(Market(orders_db))
    made.open_accounts()
    yield made
    settings.cache_clear()


@pytest.fixture
def search(bookshop: Bookshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The shop's search service."""
    made = Service(tmp_path)
    monkeypatch.setenv("SEARCH_URL", made.url)
    made.start()
    yield made
    if made.process.poll() is None:
        made.end(signal.SIGKILL)
