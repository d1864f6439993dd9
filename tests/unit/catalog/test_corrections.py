"""What is taken for a correction, and what for another work."""

import pytest

from bookstore.catalog.corrections import mends, same_person, told_in_full
from bookstore.catalog.volumes import is_number
from bookstore.catalog.words import query_words


def words(*texts):
    return [query_words(text) for text in texts]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Emma", "Emma"),
        ("Emma", "Emmma"),
        ("Emma", "Emna"),
        ("Wuthering Heigths", "Wuthering Heights"),
        ("Mobydick", "Moby Dick"),
        ("Pride & Prejudice", "Pride and Prejudice"),
        ("Преступление и наказние", "Преступление и наказание"),
        ("The Lord of the Rings 2", "The Lord of Rings 2"),
    ],
)
def test_a_slip_is_mended(before, after):
    assert mends(*words(before, after))
    assert mends(*words(after, before))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Emma", "Persuasion"),
        ("History of France", "History of Greece"),
        ("The Complete Sherlock Holmes, Volume One", "The Complete Sherlock Holmes, Volume Two"),
        ("Rocky II", "Rocky III"),
        ("Capital I", "Capital V"),
        ("1984", "1985"),
        ("A Sum of Sums 10", "A Sum of Sums"),
        ("Dune", "Dune Messiah"),
        ("Война и мир", "Тихий Дон"),
    ],
)
def test_another_title_is_no_slip(before, after):
    assert not mends(*words(before, after))
    assert not mends(*words(after, before))


@pytest.mark.parametrize("more", ["Emma: A Novel", "The Emma", "Emmma: A Novel in Three Parts"])
def test_a_title_is_told_in_full_or_for_short(more):
    assert told_in_full(*words("Emma", more))
    assert told_in_full(*words(more, "Emma"))


@pytest.mark.parametrize("more", ["Emma 2", "Emma II", "Read Emma now", "Persuasion: A Novel"])
def test_what_is_more_than_a_title_told_in_full_is_another_one(more):
    assert not told_in_full(*words("Emma", more))
    assert not told_in_full(*words(more, "Emma"))


@pytest.mark.parametrize("name", ["Jane Austin", "Austen, Jane", "Austen", "Jane B. Austen"])
def test_a_person_is_known_by_a_name_that_was_mended(name):
    assert same_person(*words("Jane Austen", name))


@pytest.mark.parametrize("name", ["Jane Smith", "Alexander McCall Smith", "?"])
def test_another_person_is_another_one(name):
    assert not same_person(*words("Jane Austen", name))


def test_numbers_are_told_from_words():
    assert [word for word in query_words("I, Emma X 1984 IV 2nd vim mix") if is_number(word)] == [
        *("i_", "x_", "1984", "iv", "2nd")
    ]
