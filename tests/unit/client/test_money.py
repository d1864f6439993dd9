"""Amounts as people read and type them."""

import pytest

from client.money import cents, money, plain


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1099, "USD", "$10.99"),
        (5, "USD", "$0.05"),
        (123456700, "EUR", "€1,234,567.00"),
        (-50, "USD", "\N{MINUS SIGN}$0.50"),
        (1, "COP", "COP\xa00.01"),
    ],
)
def test_minor_units_become_text(amount, currency, text):
    assert money(amount, currency) == text


@pytest.mark.parametrize(("text", "amount"), [("10.99", 1099), ("10,9", 1090), (" $7 ", 700), ("0", 0)])
def test_typed_amounts_become_minor_units(text, amount):
    assert cents(text) == amount


@pytest.mark.parametrize("text", ["", "ten", "-1", "1.999", "1,299.00", "1e3", "٣", "nan", "9" * 12])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"10\.99"):
        cents(text)


def test_what_a_form_shows_is_read_back_unchanged():
    assert all(cents(plain(amount)) == amount for amount in (0, 5, 99, 100, 123456))
