"""What functions ask for in their annotations."""

import pytest

from faas.connector.retries import Policy
from faas.connector.triggers import matches, read, read_all
from tests.annotations import named


def function(**annotations: str) -> dict[str, object]:
    return {"name": "sync-catalog", "annotations": named(**annotations)}


def test_topics_are_separated_by_commas():
    assert read(function(topic="book.created, book.updated,,book.created")).topics == {"book.created", "book.updated"}


@pytest.mark.parametrize("entry", [{"name": "f"}, {"name": "f", "annotations": None}, {"name": "f", "annotations": {}}])
def test_a_function_without_annotations_asks_for_nothing(entry):
    trigger = read(entry)
    assert not trigger.topics
    assert trigger.schedule is None
    assert trigger.policy == Policy()


def test_a_timer_is_no_topic_of_the_exchange():
    trigger = read(function(topic="cron-function,order.paid", schedule="@every 30s"))
    assert trigger.topics == {"order.paid"}
    assert trigger.schedule.every == 30


def test_a_schedule_without_its_topic_is_no_timer():
    assert read(function(schedule="* * * * *")).schedule is None


def test_annotations_say_how_patient_to_be():
    trigger = read(function(topic="a", retry_attempts="3", retry_min_wait="5s", retry_max_wait="1m30s"))
    assert trigger.policy == Policy(attempts=3, min_wait=5, max_wait=90)


@pytest.mark.parametrize(
    ("annotations", "expected"), [({}, 1), ({"batch_size": "1"}, 1), ({"batch_size": "1000"}, 1000)]
)
def test_events_come_one_by_one_unless_a_function_takes_batches(annotations, expected):
    assert read(function(topic="a", **annotations)).batch == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "cron-function"},
        {"topic": "cron-function", "schedule": "every day"},
        {"topic": "a", "retry_attempts": "many"},
        {"topic": "a", "retry_attempts": "0"},
        {"topic": "a", "retry_min_wait": "5"},
        {"topic": "a", "retry_max_wait": "0s"},
        {"topic": "a", "batch_size": "many"},
        {"topic": "a", "batch_size": "0"},
        {"topic": "a", "batch_size": "1001"},
    ],
)
def test_one_function_with_a_wrong_annotation_is_named_and_the_others_work(wrong):
    triggers, problems = read_all([function(**wrong), {"name": "fine", "annotations": {"topic": "a"}}])
    assert list(triggers) == ["fine"]
    assert len(problems) == 1
    assert problems[0].startswith("sync-catalog: ")


@pytest.mark.parametrize(
    ("pattern", "topic", "expected"),
    [
        ("book.created", "book.created", True),
        ("book.created", "book.updated", False),
        ("book.*", "book.created", True),
        ("book.*", "book", False),
        ("book.*", "book.created.twice", False),
        ("*", "book", True),
        ("*.*", "book.created", True),
        ("#", "", True),
        ("#", "book.created", True),
        ("book.#", "book", True),
        ("book.#", "book.created.twice", True),
        ("#.created", "book.created", True),
        ("#.created", "created", True),
        ("#.created", "book.updated", False),
        ("a.#.z", "a.b.c.z", True),
        ("a.#.*.z", "a.z", False),
    ],
)
def test_patterns_mean_what_they_mean_to_the_broker(pattern, topic, expected):
    assert matches(pattern, topic) is expected
