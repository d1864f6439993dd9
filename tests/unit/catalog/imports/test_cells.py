"""The cells of CSV files."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookstore.catalog.imports.cells import amount, read_people, reader, split_series, whole, write_people
from bookstore.catalog.models import Contributor
from bookstore.catalog.roles import ROLES, code_of


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.99", "USD", 1299),
        ("12,9", "EUR", 1290),
        ("12", "USD", 1200),
        ("0", "USD", 0),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("9.90", "COP", 990),
        ("-1", "USD", -100),
    ],
)
def test_an_amount_becomes_minor_units(text, currency, minor):
    assert amount(text, currency) == minor


@pytest.mark.parametrize("text", ["", "1.234,50", "$5", "12.999", "1e5", "NaN", "\u0661", "9" * 40, "5 USD"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"amount|decimals"):
        amount(text, "USD")


@pytest.mark.parametrize(
    ("text", "currency"), [("1,200", "USD"), ("1.200", "EUR"), ("12.000", "CLP"), ("12,000", "JPY"), ("-1,200", "USD")]
)
def test_thousands_that_stand_apart_are_refused_and_not_sold_for_a_thousandth(text, currency):
    with pytest.raises(ValueError, match="thousands"):
        reader("price", currency=currency, author_separator=";")(text)


def test_a_currency_of_three_decimals_and_a_message_for_machines_have_no_thousands():
    assert reader("price", currency="KWD", author_separator=";")("1.200") == 1200
    assert amount("12.990", "USD") == 1299


def test_an_amount_of_a_currency_without_cents_has_none():
    with pytest.raises(ValueError, match="decimals than JPY"):
        amount("12.50", "JPY")


@pytest.mark.parametrize("text", ["", "1.5", "1e3", "0x10", "9" * 5000, "\u0661", "--1", "1 000", "1.000", "-12.000"])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ValueError, match="whole number"):
        whole(text)


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("Dune (Dune Chronicles, #1)", ("Dune", "Dune Chronicles", "1")),
        ("X (A, #1-4)", ("X", "A", "1-4")),
        ("X (A #1.5)", ("X", "A", "1.5")),
        ("X (A, #1; B, #2)", ("X", "A", "1")),
        ("X  (A, #1) ", None),
        ("(A, #1)", None),
        ("X (A, 1)", None),
        ("X (A, #" + "1" * 21 + ")", None),
    ],
)
def test_a_series_is_read_where_a_title_ends_in_one(title, series):
    read, found = split_series(title)
    assert (read, found) == ((series[0], {"title": series[1], "volume": series[2]}) if series else (title, None))


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
codes = st.sampled_from([code_of(role) for role in ROLES] + ["A02", "B08", "D02", "E03"])


@given(
    st.lists(st.builds(lambda name, code: Contributor.model_validate({"name": name, "onix_role": code}), names, codes))
)
def test_people_can_be_written_in_a_cell_and_read_again(people):
    read = [Contributor.model_validate(person) for person in read_people(write_people(people))]
    assert [(person.name, person.code) for person in read] == [(person.name, person.code) for person in people]


def test_people_are_written_as_one_would_read_them():
    people = [{"name": "Ana Gil"}, {"name": "Tom; Ode [x]", "role": "translator"}]
    assert write_people([Contributor.model_validate(person) for person in people]) == r"Ana Gil; Tom\; Ode \[x] [B06]"


@pytest.mark.parametrize("text", [" " * 120_000, "\\" * 120_000, "[" * 120_000, ";" * 120_000, "a(" * 60_000])
def test_no_cell_takes_long(text):
    begun = time.perf_counter()
    read_people(text)
    split_series(text)
    assert time.perf_counter() - begun < 1
