"""A story of requests and answers is read as it is written, and what is not as told is noticed."""

import pytest

from tests.live import ROOT
from tests.system.story import differences, steps

STORY = """
Text, and then:

```http
POST /api/books
Authorization: Bearer $SAM

{"title": "Emma"}
```

Words between.

```http
201 Created
Location: /api/books/$BOOK

{"id": "$BOOK", "people": [{"name": "Jane"}], "tags": ["a", "…"], "note": "about …", "price": 3, "at": "…"}
```
"""
ANSWER = '{"id": "b1", "people": [{"name": "Jane"}], "tags": ["a", "b"], "note": "about Emma", "price": 3, "at": 7}'
HEADERS = {"Location": "/api/books/b1"}


@pytest.fixture
def step(tmp_path):
    place = tmp_path / "story.md"
    place.write_text(STORY)
    (only,) = steps(place)
    return only


def wrong(step, text=ANSWER, *, status=201, headers=HEADERS, values=None):
    return list(differences(step, status, headers, text, {} if values is None else values))


def test_a_step_is_a_request_and_its_answer(step):
    assert (step.request.line, step.request.start) == (5, "POST /api/books")
    assert step.request.headers == {"Authorization": "Bearer $SAM"}
    assert step.request.body == '{"title": "Emma"}\n'
    assert step.status == 201


def test_an_answer_that_is_as_told_brings_values(step):
    values = {"SAM": "token"}
    assert wrong(step, values=values) == []
    assert values == {"SAM": "token", "BOOK": "b1"}


def test_an_answer_may_hold_more_than_is_told(step):
    assert wrong(step, ANSWER.replace('"price"', '"stock": 3, "price"')) == []


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ('"b1"', '"b2"'),
        ('"Jane"', '"June"'),
        ('[{"name": "Jane"}]', "[]"),
        ('[{"name": "Jane"}]', '[{"name": "Jane"}, {}]'),
        ('["a", "b"]', '["b"]'),
        ('["a", "b"]', "[]"),
        ('"about Emma"', '"Emma"'),
        ("3", "4"),
        ('"price": 3, ', ""),
        ('"at": 7', '"at": null'),
        (ANSWER, ""),
    ],
)
def test_what_is_not_as_told_is_noticed(step, told, found):
    assert len(wrong(step, ANSWER.replace(told, found))) >= 1


def test_status_and_headers_are_looked_at(step):
    assert wrong(step, status=200) == ["status 200 instead of 201"]
    assert wrong(step, headers={"Location": "/api/books/b2"}) != []
    assert wrong(step, headers={}) != []


def test_a_value_that_is_known_must_come_again(step):
    assert wrong(step, values={"BOOK": "b1"}) == []
    assert len(wrong(step, values={"BOOK": "b2"})) == 2


def test_requests_and_answers_take_turns(tmp_path):
    place = tmp_path / "story.md"
    place.write_text(STORY + "\n```http\n200 OK\n```\n")
    with pytest.raises(ValueError, match=r"story.md, line 21"):
        steps(place)


def test_the_story_of_the_api_can_be_read():
    told = steps(ROOT / "docs" / "api.md")
    assert len(told) > 20
    assert {step.status for step in told} >= {200, 201, 204, 400, 402, 403, 404, 412}
