"""What may be sent as a listing, and what is said about the rest."""

import json

import pytest
from pydantic import ValidationError

from bookstore.catalog.models import BookIn, BooksQuery

EMMA = {"title": "Emma", "authors": ["Jane Austen"], "price_cents": 1299, "stock": 3}


def book(**changes):
    return BookIn.model_validate_json(
        json.dumps({name: value for name, value in (EMMA | changes).items() if value != ...})
    )


def problems(**changes):
    with pytest.raises(ValidationError) as caught:
        book(**changes)
    return {str(error["loc"][0]) for error in caught.value.errors()}


def test_authors_are_a_short_form_of_contributors():
    assert [(person.name, person.role) for person in book().people] == [("Jane Austen", "author")]


def test_the_first_author_counts_even_behind_an_editor():
    people = [{"name": "R. Editor", "role": "editor"}, {"name": "Jane Austen", "role": "author"}]
    assert book(authors=..., contributors=people).first_author == "Jane Austen"
    assert book(authors=..., contributors=people[:1]).first_author == "R. Editor"


def test_a_book_is_by_somebody_said_in_one_way():
    assert problems(authors=...) == {"contributors"}
    assert problems(contributors=[{"name": "Jane Austen"}]) == {"contributors"}
    assert problems(authors=[]) == {"authors"}
    assert problems(authors=..., contributors=[{"name": "X", "role": "ghost"}]) == {"contributors"}
    assert problems(authors=["x"] * 101) == {"authors"}


def test_a_wrong_contributor_is_named_as_it_was_sent():
    with pytest.raises(ValidationError) as caught:
        book(authors=..., contributors=[{"name": ""}])
    assert [error["loc"] for error in caught.value.errors()] == [("contributors", 0, "name")]


@pytest.mark.parametrize(
    ("field", "values"),
    {
        "title": ["", "   ", "x" * 301, "a\u0000b", 7, None],
        "price_cents": [-1, 10**9 + 1, "100", 1.5, True, None, 1e400],
        "stock": [-1, 10**6 + 1, "1", False],
        "pages": [0, -5, 100_001],
        "isbn13": ["9780306406158", "12"],
        "language": ["english", "e", "en_US", "en-"],
        "published": ["98-5", "1998-13", "1999-02-29", "12345", "1998-05-23T00:00", "today"],
        "subjects": [["F B"], ["F"] * 21, "FBA", ["7A"], ["12"], ["FBA-"], ["FBA-GB-LONDON"], ["3JB\u0661"]],
        "condition": ["used", None],
        "format": ["scroll"],
        "series": [{"volume": "1"}, {"title": ""}, "Dune"],
        "description": ["x" * 20_001, "\u0007"],
        "seller": [{"id": "me"}],
        "id": ["mine"],
        "currency": ["USD"],
    }.items(),
)
def test_what_no_listing_can_have_is_refused_by_name(field, values):
    for value in values:
        assert problems(**{field: value}) == {field}, value


def test_all_problems_are_told_at_once():
    assert problems(title="", price_cents=-1, stock=..., color="red") == {"title", "price_cents", "stock", "color"}


def test_what_can_be_written_in_several_ways_is_kept_in_one():
    kept = book(language="PT-br", isbn13="0-306-40615-2", subjects=["fba"], stock=3.0, title=" Emma ")
    assert (kept.language, kept.isbn13, kept.subjects) == ("pt-BR", "9780306406157", ["FBA"])
    assert (kept.stock, kept.title) == (3, "Emma")


@pytest.mark.parametrize(
    "code",
    [
        *("JBSF3", "JBFK1", "JBFG1", "KJMV22", "LNFX1", "QRAM9", "JBSF11", "DNBF1", "QRMF12", "1", "4CP", "3MPQM"),
        *("1DDU-GB-E", "1KBB-US-NAK", "1DDU-GB-ESLC", "4Z-GB-AEN"),
    ],
)
def test_a_subject_is_any_code_of_thema(code):
    assert book(subjects=[code.lower()]).subjects == [code]
    assert BooksQuery(subject=code).subject == code


@pytest.mark.parametrize("when", ["1998", "1998-05", "1998-05-23", "-700", "-0044-03-15", "2000-02-29", "0"])
def test_a_date_is_as_exact_as_it_is_known(when):
    assert book(published=when).published == when


def test_a_query_takes_numbers_and_truth_as_text_and_an_isbn_in_any_spelling():
    query = BooksQuery.model_validate(
        {"min_price": "100", "in_stock": "true", "limit": "5", "isbn": "0-306-40615-2"}, strict=False
    )
    assert (query.min_price, query.in_stock, query.limit, query.isbn) == (100, True, 5, "9780306406157")


@pytest.mark.parametrize(
    "wrong", [{"limit": "0"}, {"limit": "101"}, {"sort": "best"}, {"min_price": "-1"}, {"page": "2"}]
)
def test_a_query_that_asks_for_something_else_is_refused(wrong):
    with pytest.raises(ValidationError):
        BooksQuery.model_validate(wrong, strict=False)


def test_characters_are_counted_as_they_are_kept():
    # This letter is two in normal form C.
    assert len(book(title="\u0958" * 150).title) == 300
    everything = {"title": 151, "subtitle": 151, "publisher": 101, "description": 10_001}
    assert problems(**{name: "\u0958" * count for name, count in everything.items()}) == everything.keys()
