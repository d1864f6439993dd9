"""How texts are cut into the words that find them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookstore.catalog.words import compound_words, index_words, query_words, subject_word, unspaced


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("Cien años de soledad", "CIEN ANOS"),
        ("Straße", "strasse"),
        ("The Fellowship by J.R.R. Tolkien", "j r r tolkien"),
        ("J. R. R. Tolkien", "JRR Tolkien"),
        ("Brian O'Brien", "obrien"),
        ("Brian O\u2019Brien", "o'brien"),
        ("Brian O'Brien", "brien"),
        ("Tess of the d'Urbervilles", "urbervilles"),
        ("Catch-22", "catch 22"),
        ("Programming in C++", "c++"),
        ("V.", "v"),
        ("三体", "三"),
        ("Æsop's Fables", "aesops"),
        ("Les Misérables", "Miserables"),
        ("E\u0301mile", "émile"),
        ("Catch-22", "catch22"),
        ("Catch\u201122", "Catch22"),
        ("The Amazing Spider-Man", "spiderman"),
        ("An E-Book", "ebook"),
        ("20,000 Leagues under the Sea", "20000"),
        ("Tim O'Reilly-Smith", "oreillysmith"),
        ("Back in Black: AC/DC", "acdc"),
        ("At Swim-Two-Birds", "swimtwobirds"),
    ],
)
def test_a_book_is_found_however_its_name_is_typed(kept, asked):
    assert query_words(asked)
    assert set(query_words(asked)) <= set(index_words(kept))


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        *(("Catch22", "Catch-22"), ("Spiderman", "spider-man"), ("The Ebook", "e-book"), ("20000 Leagues", "20,000")),
        *(("Oreilly", "O'Reilly"), ("ACDC", "ac/dc"), ("Xmen", "x-men")),
    ],
)
def test_a_compound_finds_what_is_written_in_one_word(kept, asked):
    assert set(compound_words(asked)) <= set(index_words(kept))


@pytest.mark.parametrize(
    "text", ["one - two", "one\u2014 two", "one -- two", "Title: Subtitle", "C++ in", "J. R. R.", "(a) b"]
)
def test_signs_beside_a_space_hold_nothing_together(text):
    assert compound_words(text) == query_words(text)


def test_titles_are_compared_without_what_parts_their_words():
    titles = ("X-Men", "x men", "XMEN", "X Men!")
    assert {unspaced(words(title)) for title in titles for words in (query_words, compound_words)} == {"xmen"}


@pytest.mark.parametrize("junk", ["", "   ", "+", "*-+", "???", '"', "\u200b", "…", "・", "䷀"])
def test_signs_alone_are_no_words(junk):
    assert query_words(junk) == []


@given(st.text(max_size=60))
def test_words_never_carry_a_sign_that_a_boolean_search_would_obey(text):
    for word in index_words(text):
        assert re.fullmatch(r"\w+", word)
        assert 2 <= len(word) <= 80
    assert {*query_words(text), *compound_words(text)} <= set(index_words(text))
    assert unspaced(query_words(text)) == unspaced(compound_words(text)) or max(map(len, index_words(text))) >= 80


def test_a_narrower_subject_begins_with_the_wider_one():
    assert subject_word("FBA").startswith(subject_word("F"))
    assert subject_word("1DDU-GB") == "_1ddugb"


@given(st.text(max_size=20))
def test_no_word_of_a_text_begins_like_a_subject(text):
    assert not any(word.startswith("_") for word in index_words(text))
