"""ISBNs in every spelling."""

import isbnlib
import pytest
from hypothesis import assume, given
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


@pytest.mark.parametrize(
    "spelled",
    [
        " 9780306406157 ",
        "9-7-8-0306406157",
        "978\u20130306406157",
        "978\u00a00306406157",
        "ISBN-10: 0306406152",
        "isbn0306406152",
        "ISBN13 9780306406157",
        "ISBN 10 0306406152",
        "ISBN10: 0-306-40615-2",
        "ISBN-13:9780306406157",
        "978\u00ad0\u00ad306\u00ad40615\u00ad7",
        "978\u22120\u2212306\u221240615\u22127",
        "ISBN-13 \u200f : \u200e 978-0306406157",
    ],
)
def test_however_it_was_copied_it_is_the_same_number(spelled):
    assert isbn13(spelled) == "9780306406157"


def test_a_number_of_ten_digits_may_begin_like_the_name_of_its_kind():
    assert isbn13("ISBN 1034567896") == isbn13("1034567896")
    assert isbn13("ISBN 10 1034567896") == isbn13("1034567896")


@pytest.mark.parametrize("number", ["9790260000438", "979-0-2600-0043-8", "979-0-2600-0043-1"])
def test_the_number_of_printed_music_is_refused_by_name(number):
    with pytest.raises(ValueError, match="ISMN"):
        isbn13(number)


@pytest.mark.parametrize(
    ("wrong", "right"), [("0306406150", "2"), ("080442957X1", None), ("9791234567890", "6"), ("979-10-90636-07-2", "1")]
)
def test_numbers_of_979_count_and_every_wrong_end_names_the_right_one(wrong, right):
    with pytest.raises(ValueError, match=f"asks for {right}" if right else "must be an ISBN"):
        isbn13(wrong)


@given(NINE)
def test_another_reader_of_isbns_agrees(nine):
    assume(int(nine))  # all zeros are none there
    ten = nine + isbnlib.check_digit10(nine)
    assert isbnlib.to_isbn13(ten) == isbn13(ten)
    assert check_digit_10(nine) == isbnlib.check_digit10(nine)
    assert check_digit_13(f"979{nine}") == isbnlib.check_digit13(f"979{nine}")
