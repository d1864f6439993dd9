"""ISBNs in every spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookstore.catalog.isbn import check_digit_10, check_digit_13, found_in, isbn13

NINE = st.from_regex(r"[0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    "spelled",
    [
        *(
            "9780306406157",
            "978-0-306-40615-7",
            "978 0 306 40615 7",
            "0306406152",
            "0-306-40615-2",
            "ISBN 0-306-40615-2",
        ),
        *("isbn-13: 978\u20110\u2011306\u201140615\u20117", "ISBN:9780306406157"),
    ],
)
def test_one_number_is_meant_by_all_its_spellings(spelled):
    assert isbn13(spelled) == "9780306406157"


def test_an_x_stands_for_ten():
    assert isbn13("080442957x") == "9780804429573"


def test_a_wrong_check_digit_is_answered_with_the_right_one():
    with pytest.raises(ValueError, match="asks for 7"):
        isbn13("978-0-306-40615-1")
    with pytest.raises(ValueError, match="asks for X"):
        isbn13("0-8044-2957-1")


@pytest.mark.parametrize(
    "other", ["", "12345", "1234567890123", "97803064061577", "X306406152", "\uff19780306406157", "a book"]
)
def test_what_is_no_isbn_is_refused(other):
    with pytest.raises(ValueError, match="must be an ISBN"):
        isbn13(other)
    assert found_in(other) is None


@given(NINE)
def test_a_number_of_ten_digits_becomes_the_one_of_thirteen(nine):
    ten = nine + check_digit_10(nine)
    assert isbn13(ten) == isbn13(f"978{nine}{check_digit_13('978' + nine)}")


@given(NINE, st.integers(0, 8), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(nine, place, change):
    ten = nine + check_digit_10(nine)
    wrong = ten[:place] + str((int(ten[place]) + change) % 10) + ten[place + 1 :]
    with pytest.raises(ValueError, match="check digit"):
        isbn13(wrong)
