"""Amounts as people read and type them."""

from itertools import product
from string import ascii_uppercase

import pytest

from bookstore.money import written
from client.money import cents, money, plain


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1099, "USD", "$10.99"),
        (5, "USD", "$0.05"),
        (123456700, "EUR", "€1,234,567.00"),
        (-50, "USD", "\N{MINUS SIGN}$0.50"),
        (1, "COP", "COP\xa00.01"),
        (1000, "JPY", "JPY\xa01,000"),
        (1234567, "KWD", "KWD\xa01,234.567"),
        (-5, "KWD", "\N{MINUS SIGN}KWD\xa00.005"),
        (0, "USD", "$0.00"),
    ],
)
def test_minor_units_become_text(amount, currency, text):
    assert money(amount, currency) == text


@pytest.mark.parametrize(("text", "amount"), [("10.99", 1099), ("10,9", 1090), (" $7 ", 700), ("0", 0)])
def test_typed_amounts_become_minor_units(text, amount):
    assert cents(text, "USD") == amount


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("1000", "JPY", 1000), ("7", "KWD", 7000), ("1.5", "KWD", 1500), ("0,005", "KWD", 5)],
)
def test_typed_amounts_have_the_decimals_of_their_currency(text, currency, amount):
    assert cents(text, currency) == amount


@pytest.mark.parametrize("text", ["", "ten", "-1", "1.999", "1,299.00", "1e3", "٣", "nan", "9" * 12])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"10\.99"):
        cents(text, "USD")


@pytest.mark.parametrize(
    ("text", "currency", "like"),
    [("10.0", "JPY", "1099"), ("1,000", "JPY", "1099"), ("1.0001", "KWD", r"1\.099"), ("1.999", "EUR", r"10\.99")],
)
def test_more_decimals_than_a_currency_has_are_refused(text, currency, like):
    with pytest.raises(ValueError, match=rf"like {like}\."):
        cents(text, currency)


def test_what_a_form_shows_is_read_back_unchanged():
    for currency in ("USD", "JPY", "KWD"):
        assert all(cents(plain(amount, currency), currency) == amount for amount in (0, 5, 99, 100, 123456, 10**9))


def test_the_shop_counts_every_currency_as_the_api_does():
    codes = ["".join(letters) for letters in product(ascii_uppercase, repeat=3)]
    assert [code for code in codes if plain(1099, code) != written(1099, code).split()[0]] == []
