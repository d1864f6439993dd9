"""What a card number tells by itself."""

from datetime import UTC, datetime

import pytest

from bookstore.orders import cards


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4242 4242 4242 4242", "visa"),
        ("4000-0000-0000-0002", "visa"),
        ("5555555555554444", "mastercard"),
        ("2223003122003222", "mastercard"),
        ("378282246310005", "amex"),
        ("6011111111111117", "discover"),
        ("3056930009020004", "diners"),
    ],
)
def test_a_number_is_read_without_spaces_and_hyphens_and_tells_its_network(number: str, brand: str):
    bare = cards.digits(number)
    assert bare.isdigit()
    assert cards.brand(bare) == brand


@pytest.mark.parametrize("digit", range(10))
def test_of_ten_last_digits_one_is_right(digit: int):
    assert cards.luhn(f"424242424242424{digit}") == (digit == 2)


def test_two_neighbors_swapped_are_noticed():
    assert not cards.luhn("4224424242424242")


@pytest.mark.parametrize(
    "number", ["4242", "4242 4242 4242 4241", "4" * 20, "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "4242x4242424242424", ""]
)
def test_what_is_no_card_number_is_refused(number: str):
    with pytest.raises(ValueError):
        cards.digits(number)


@pytest.mark.parametrize(("expiry", "expired"), [("02/26", True), ("03/26", False), ("01/27", False), ("12/25", True)])
def test_a_card_is_good_to_the_end_of_its_month(expiry: str, expired: bool):
    assert cards.expired(expiry, datetime(2026, 3, 31, 23, 59, tzinfo=UTC)) == expired
