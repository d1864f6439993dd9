"""Reviews on the shop's pages: everybody reads them, buyers write them."""

import pytest

from client.api import Answer, ApiError
from tests.unit.client.fakes import form_of, make_book

REVIEWS, OWN = ("GET", "/works/w-b1/reviews"), ("GET", "/works/w-b1/review")
WRITE, WITHDRAW = ("PUT", "/works/w-b1/review"), ("DELETE", "/works/w-b1/review")
REPORT = ("POST", "/reviews/r1/report")
FORM = "/books/b1/review"
RATED = {"rating": {"average": 3.67, "count": 3}}


def make_review(review_id="r1", **changes):
    at = "2026-01-02T03:04:05Z"
    review = {"id": review_id, "work_id": "w-b1", "rating": 4, "author": {"name": "Bea"}, "created_at": at}
    return review | {"updated_at": at, "text": "Dreadful.\n\nWell packed."} | changes


@pytest.fixture(autouse=True)
def reviewed(api):
    api.holds(make_book(**RATED), make_book("b2"))
    api.says[REVIEWS] = Answer({"items": [make_review(), make_review("r2", author={}, text=None)], "next_cursor": "r2"})


def test_a_book_shows_its_average_and_its_newest_reviews(shopper):
    page = shopper.get("/books/b1").text
    assert '<span class="stars" aria-hidden="true">★★★★☆</span> 3.67 of 5 stars, 3 reviews' in page
    assert '<p dir="auto">Dreadful.</p>\n<p dir="auto">Well packed.</p>' in page
    assert "A reader" in page
    assert '<a class="button quiet" href="/books/b1/reviews">All 3 reviews</a>' in page
    assert '"aggregateRating": {"@type": "AggregateRating", "ratingValue": 3.67, "reviewCount": 3}' in page


def test_a_book_that_nobody_reviewed_costs_no_call_for_reviews(shopper, api):
    page = shopper.get("/books/b2").text
    assert "Nobody has reviewed it yet." in page
    assert "aggregateRating" not in page
    assert not any("/works/" in call.path for call in api.calls)


def test_a_book_is_shown_without_the_reviews_that_do_not_come(shopper, api):
    api.says[REVIEWS] = ApiError(503, "down")
    assert "All 3 reviews" in shopper.get("/books/b1").text


def test_what_readers_write_is_only_text(shopper, api):
    evil = "<script>alert(1)</script>"
    api.says[REVIEWS] = Answer({"items": [make_review(text=evil, author={"name": evil})], "next_cursor": None})
    for path in ("/books/b1", "/books/b1/reviews"):
        assert evil not in shopper.get(path).text


def test_all_reviews_come_in_pages(shopper, api):
    page = shopper.get("/books/b1/reviews").text
    assert 'rel="next" href="/books/b1/reviews?cursor=r2"' in page
    shopper.get("/books/b1/reviews?cursor=r2")
    assert api.sent(*REVIEWS)[-1].query == {"limit": 20, "cursor": "r2"}


def test_who_is_not_signed_in_is_asked_to_be_before_writing(shopper):
    assert shopper.get(FORM).location == f"/sign-in?next={FORM}"
    assert "Send the report" not in shopper.get("/books/b1").text


def test_a_review_goes_to_the_api_for_the_work(signed_in, api):
    api.says[WRITE] = Answer(make_review(status="shown"))
    form = form_of(signed_in.get(FORM).text, FORM)
    answer = signed_in.post(FORM, form | {"rating": "4", "text": "One.\r\nTwo."})
    assert answer.location == "/books/b1"
    assert api.sent(*WRITE)[0].body == {"rating": 4, "text": "One.\nTwo."}
    assert "Your review is saved." in signed_in.get("/books/b1").text


def test_stars_alone_are_a_review(signed_in, api):
    api.says[WRITE] = Answer(make_review(status="shown"))
    signed_in.post(FORM, {"rating": "5", "text": " \r\n"})
    assert api.sent(*WRITE)[0].body == {"rating": 5}


def test_the_review_given_before_is_shown_to_be_changed(signed_in, api):
    api.says[OWN] = Answer(make_review(rating=2, status="shown"))
    page = signed_in.get(FORM).text
    form = form_of(page, FORM)
    assert (form["rating"], form["text"]) == ("2", "Dreadful.\r\n\r\nWell packed.")
    assert "Take it back" in page


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"status": "hidden", "reason": "It is about the post."}, "It is about the post."),
        ({"status": "not_bought"}, "did not keep a copy"),
    ],
)
def test_a_writer_is_told_why_nobody_sees_the_review(signed_in, api, own, told):
    api.says[OWN] = api.says[WRITE] = Answer(make_review(**own))
    assert signed_in.post(FORM, {"rating": "5"}).location == FORM
    assert told in signed_in.get(FORM).text


@pytest.mark.parametrize("rating", ["", "0", "6", "five"])
def test_a_review_needs_stars(signed_in, api, rating):
    answer = signed_in.post(FORM, {"rating": rating, "text": "So-so."})
    assert answer.status_code == 400
    assert "Choose how many stars you give it." in answer.text
    assert not api.sent(*WRITE)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ApiError(403, "Only who bought a work, and kept it, may review it."), "Only who bought a work"),
        (ApiError(400, "Not valid", {"text": "is too long"}), '<a href="#f-text">This is too long.</a>'),
        (ApiError(503, "down"), "it will not appear twice"),
    ],
)
def test_a_review_that_is_not_taken_leaves_what_was_typed(signed_in, api, error, told):
    api.says[WRITE] = error
    answer = signed_in.post(FORM, {"rating": "1", "text": "So-so."})
    assert answer.status_code == 400
    assert told in answer.text
    assert form_of(answer.text, FORM) | {"csrf_token": ""} == {"csrf_token": "", "rating": "1", "text": "So-so."}


def test_taking_a_review_back_asks_first(signed_in, api):
    api.says[OWN], api.says[WITHDRAW] = Answer(make_review(status="shown")), Answer(None)
    assert "Take your review back?" in signed_in.get(f"{FORM}/withdraw").text
    assert not api.sent(*WITHDRAW)
    assert signed_in.post(f"{FORM}/withdraw").location == "/books/b1"
    assert "Your review is taken back." in signed_in.get("/books/b1").text


def test_a_review_taken_back_twice_is_taken_back(signed_in, api):
    assert signed_in.post(f"{FORM}/withdraw").location == "/books/b1"
    assert signed_in.get(f"{FORM}/withdraw").location == FORM


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Answer(None), "An administrator looks at the review."),
        (ApiError(404, "gone"), "That review is not shown any more."),
        (ApiError(400, "Not valid", {"reason": "must not be blank"}), "Say in a few words why"),
    ],
)
def test_a_report_goes_to_the_admins_and_back_to_where_the_review_stands(signed_in, api, said, told):
    api.says[REPORT] = said
    form = form_of(signed_in.get("/books/b1/reviews?cursor=r9").text, "/reviews/r1/report")
    answer = signed_in.post("/reviews/r1/report", form | {"reason": " It tells the end. "})
    assert answer.location == "/books/b1/reviews?cursor=r9"
    assert api.sent(*REPORT)[0].body == {"reason": "It tells the end."}
    assert told in signed_in.get(answer.location).text
