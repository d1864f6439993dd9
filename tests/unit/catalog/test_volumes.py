"""Volumes in the order in which people read them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from bookstore.catalog.volumes import order_of


def in_order(*volumes):
    shuffled = random.Random(3).sample(volumes, len(volumes))
    return sorted(shuffled, key=order_of) == list(volumes)


def test_numbers_count_and_fractions_stand_between_them():
    assert in_order("0.5", "1", "1.25", "1.5", "2", "9", "10", "11", "100", None)


def test_a_volume_of_several_stands_behind_the_first_of_them():
    assert in_order("1", "1-3", "2", "2-3", "3")


def test_roman_numbers_count_as_well():
    assert in_order("I", "II", "III", "iv", "V", "VI", "IX", "X", "XI", "XIX", "XX", "XXXIX")
    assert in_order("Part II", "Part 3", "Part IX", "part 10")


def test_letters_that_are_no_small_roman_number_stay_letters():
    assert in_order("A", "B", "C", "D")
    assert in_order("Civil", "Mix")


def test_letters_beside_a_number_are_letters():
    assert in_order("3", "3.5", "3a", "3b", "3i", "3v", "4", "30", "31")
    assert in_order("v1", "v2", "v10")
    assert order_of("v2").startswith("v")


def test_parts_of_a_roman_volume_stand_behind_it():
    assert in_order("I", "II", "IIa", "IIb", "III", "XIVa", "XV")
    assert order_of("IIa") == order_of("2a") == order_of("iiA")


def test_however_a_number_is_typeset_it_counts():
    assert in_order("½", "1", "1¼", "1½", "2", "2 ⅓", "3")
    for typeset in ("Ⅱ", "ⅱ", "\uff12", "②", "٢"):
        assert order_of(typeset) == order_of("2"), typeset
    assert order_of("Vol. ½") == order_of("Vol. 0.5")
    assert in_order("第2巻", "第10巻")


def test_leading_zeros_and_case_do_not_matter():
    assert order_of("007") == order_of("7")
    assert order_of("Book 2") == order_of("BOOK 02")


@given(st.text(max_size=20))
def test_whatever_a_volume_is_called_it_fits_its_column(volume):
    assert len(order_of(volume)) <= 200
    assert order_of(volume).isascii()


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_any_two_numbers_stand_as_they_count(one, other):
    assert (order_of(str(one)) < order_of(str(other))) == (one < other)
