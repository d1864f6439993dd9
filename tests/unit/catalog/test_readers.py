"""What is decided about sales, copies and periods, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bookstore.catalog.reader_models import Moderation, ReviewIn, SalesQuery
from bookstore.catalog.sales import taken_back
from bookstore.catalog.waiting import Offer, Waiter, shared_out

ANN, BOB, CAT = (Waiter(name, name, 0) for name in ("ann", "bob", "cat"))


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ([], []),
        ([None], [5]),
        ([2], [2]),
        ([2, None], [2, 3]),
        ([2, 3, 5], [2, 1, 2]),
        ([None, None], [5, 0]),
        ([None, 3], [5, 0]),
        ([9], [5]),
        ([3, 2], [3, 0]),
    ],
)
def test_a_return_takes_what_was_not_gone_before(told, taken):
    assert taken_back(5, told) == taken


@given(st.integers(1, 99), st.lists(st.none() | st.integers(0, 120)))
def test_returns_never_take_more_than_was_sold(quantity, told):
    taken = taken_back(quantity, told)
    assert len(taken) == len(told)
    assert min(taken, default=0) >= 0
    assert sum(taken) == max((quantity if copies is None else min(copies, quantity) for copies in told), default=0)


def test_copies_go_to_those_who_waited_longest_the_cheapest_first():
    dear, cheap = Offer("dear", "Emma", 900, 5), Offer("cheap", "Emma", 500, 1)
    assert shared_out([dear, cheap], 0, [ANN, BOB]) == [(ANN, cheap), (BOB, dear)]


def test_a_copy_held_for_somebody_is_told_to_nobody_else():
    offer = Offer("b", "Emma", 500, 2)
    assert shared_out([offer], 1, [ANN, BOB]) == [(ANN, offer)]
    assert shared_out([offer], 2, [ANN]) == []
    assert shared_out([offer], 3, [ANN]) == []
    assert shared_out([], 0, [ANN]) == []


@given(st.lists(st.integers(0, 4), max_size=4), st.integers(0, 9), st.integers(0, 9))
def test_never_more_are_told_than_there_are_copies_that_nobody_holds(stocks, held, waiting):
    offers = [Offer(f"b{number}", "Emma", 100, stock) for number, stock in enumerate(stocks)]
    told = shared_out(offers, held, [Waiter(f"w{number}", "u", 0) for number in range(waiting)])
    assert len(told) == min(waiting, max(0, sum(stocks) - held))
    assert [waiter.id for waiter, _ in told] == [f"w{number}" for number in range(len(told))]
    for offer in offers:
        assert sum(given == offer for _, given in told) <= offer.stock


def test_a_period_is_thirty_days_unless_it_is_said():
    first, last = SalesQuery(until=date(2026, 3, 1)).first_and_last
    assert (first, last) == (date(2026, 1, 31), date(2026, 3, 1))
    assert SalesQuery(since=date(2026, 1, 1), until=date(2026, 1, 1)).first_and_last == (date(2026, 1, 1),) * 2


def test_a_period_does_not_end_before_it_begins():
    for period in ({"since": date(2026, 1, 2), "until": date(2026, 1, 1)}, {"since": date(2999, 12, 31)}):
        with pytest.raises(ValidationError, match="must not be before since"):
            SalesQuery.model_validate(period)


@pytest.mark.parametrize(
    "day", ["0", "1767225600", "2026-02-30", "2026-1-1", "2026-01-01T00:00:00", "today", "", "9999-12-31", "0001-01-01"]
)
def test_a_day_is_written_as_a_day(day):
    with pytest.raises(ValidationError, match="since"):
        SalesQuery.model_validate({"since": day}, strict=False)


@pytest.mark.parametrize("review", [{"rating": 0}, {"rating": 6}, {"rating": "5"}, {"rating": 4.5}, {}, {"text": "x"}])
def test_a_review_has_one_to_five_stars(review):
    with pytest.raises(ValidationError, match="rating"):
        ReviewIn.model_validate(review)


def test_a_review_is_text_of_5000_characters_at_most():
    assert ReviewIn(rating=5, text="Line one\nline two").text == "Line one\nline two"
    for text in ("x" * 5_001, "bell \a", "\ud800"):
        with pytest.raises(ValidationError, match="text"):
            ReviewIn(rating=5, text=text)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_an_admin_gives_a_reason(reason):
    with pytest.raises(ValidationError, match="reason"):
        Moderation(hidden=True, reason=reason)
