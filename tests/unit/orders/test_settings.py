"""What an operator may set for orders, and what is refused."""

from collections.abc import Iterator

import pytest

from bookstore.money import currency
from bookstore.orders.settings import settings


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    yield
    currency.cache_clear()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"), [("CURRENCY", "euro"), ("CURRENCY", ""), ("TAX_BASIS_POINTS", "8.25"), ("TAX_INCLUDED", "no")]
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    currency.cache_clear()
    settings.cache_clear()
    with pytest.raises(ValueError, match=name):
        settings()


def test_orders_are_in_the_currency_of_all_prices(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CURRENCY", "EUR")
    currency.cache_clear()
    settings.cache_clear()
    assert settings().currency == currency() == "EUR"
