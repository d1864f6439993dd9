"""Answers to public reads: what is kept, and what need not be sent again."""

from types import SimpleNamespace

import pytest

from bookstore.reads import A_MOMENT, known, public


def asked(**headers: str) -> SimpleNamespace:
    return SimpleNamespace(headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_an_answer_says_what_it_is_and_that_it_may_be_kept_for_a_moment():
    answer = public(asked(), {"items": []}, X_Answered_By="index")
    assert answer["body"] == {"items": []}
    assert answer["headers"]["Cache-Control"] == A_MOMENT
    assert answer["headers"]["X-Answered-By"] == "index"


def test_who_has_the_answer_is_not_sent_it():
    tag = public(asked(), {"items": [1]})["headers"]["ETag"]
    again = public(asked(If_None_Match=tag), {"items": [1]})
    assert (again["statusCode"], again["body"], again["headers"]["ETag"]) == (304, "", tag)
    assert public(asked(If_None_Match=tag), {"items": [2]})["body"] == {"items": [2]}


@pytest.mark.parametrize("header", ['"a"', 'W/"a"', '"b", "a"', '"b",W/"a"', "*"])
def test_every_way_of_naming_an_answer_is_understood(header: str):
    assert known('"a"', header)


@pytest.mark.parametrize("header", [None, "", "a", '"ab"', '"b"'])
def test_other_answers_are_not_taken_for_it(header: str | None):
    assert not known('"a"', header)
