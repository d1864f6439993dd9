"""Amounts in currencies of all kinds."""

import pytest

from bookstore.money import written


@pytest.mark.parametrize(
    ("minor_units", "currency", "expected"),
    [
        (1099, "USD", "10.99 USD"),
        (5, "EUR", "0.05 EUR"),
        (0, "EUR", "0.00 EUR"),
        (1099, "JPY", "1099 JPY"),
        (1099, "KWD", "1.099 KWD"),
        (123456789000, "USD", "1234567890.00 USD"),
    ],
)
def test_an_amount_is_written_as_its_currency_counts(minor_units, currency, expected):
    assert written(minor_units, currency) == expected
