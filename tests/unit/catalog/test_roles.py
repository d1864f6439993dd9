"""Roles by name and by the codes of ONIX list 17: neither way loses anything."""

import pytest
from pydantic import TypeAdapter, ValidationError

from bookstore.catalog.models import BookIn, Contributor
from bookstore.catalog.roles import ROLES, code_of, role_of

READ = TypeAdapter(Contributor)


def read(**given):
    return READ.validate_python({"name": "Ana", **given})


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_code_that_leads_back_to_it(role):
    assert role_of(code_of(role)) == role


def test_a_code_alone_says_the_role_and_is_kept_where_the_role_says_less():
    assert read(onix_role="A02").kept() == {"name": "Ana", "role": "author", "onix_role": "A02"}
    assert read(onix_role="B06").kept() == {"name": "Ana", "role": "translator"}
    assert read(onix_role="D02").kept() == {"name": "Ana", "role": "contributor", "onix_role": "D02"}


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("author", "A01 A02 A03 A05 A14 A38 A42 A45"),
        ("introduction", "A24 A29"),
        ("foreword", "A15 A16 A23"),
        ("editor", "B01 B02 B18 B23 B29 B31"),
        ("translator", "B06 B08 B32"),
        ("adapter", "B03 B05 B22 B36"),
        ("contributor", "A20 A21 A26 A36 B27 B34 E11 Z02"),
    ],
)
def test_a_code_has_the_role_that_it_says(role, codes):
    assert {role_of(code) for code in codes.split()} == {role}


@pytest.mark.parametrize("code", ["A29", "A26", "A20", "A15", "B29", "B31"])
def test_who_only_accompanies_a_text_is_not_its_first_author(code):
    people = [{"name": "Ana Gil", "onix_role": code}, {"name": "Jane Austen", "onix_role": "A01"}]
    book = BookIn.model_validate({"title": "Emma", "contributors": people, "price_cents": 1, "stock": 1})
    assert book.first_author == "Jane Austen"


def test_what_is_kept_can_be_sent_again():
    for code in ("A01", "A02", "A12", "B05", "C99", "E03", "Z99"):
        kept = read(onix_role=code).kept()
        assert read(**kept).code == code
        assert read(**kept).kept() == kept


def test_role_and_code_must_agree():
    with pytest.raises(ValidationError, match="must be translator with the code B06"):
        read(role="author", onix_role="B06")


@pytest.mark.parametrize("code", ["", "A1", "a01", "A001", "G01", "A0\u0661", 7])
def test_what_no_code_looks_like_is_refused(code):
    with pytest.raises(ValidationError):
        read(onix_role=code)
