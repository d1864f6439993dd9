"""What becomes of a message after its function was called."""

import pytest

from faas.connector.retries import DELAYS, UNKNOWN_FUNCTION, Again, Answer, Dead, Done, Policy, decide


def verdict(status, *, attempt=1, reason="", retry_after=None, policy=None):
    return decide(Answer(status, reason, retry_after), attempt=attempt, policy=policy or Policy())


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_success_of_any_kind_is_the_end(status):
    assert verdict(status) == Done()


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 405, 410, 413, 415, 422])
def test_what_another_call_would_not_mend_is_set_aside_at_once(status):
    assert isinstance(verdict(status), Dead)


@pytest.mark.parametrize("status", [None, 408, 409, 425, 429, 500, 501, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again(status):
    assert isinstance(verdict(status), Again)


def test_a_function_that_the_gateway_does_not_know_yet_is_waited_for():
    assert isinstance(verdict(404, reason=f"{UNKNOWN_FUNCTION} sync-catalog.openfaas-fn"), Again)
    assert isinstance(verdict(404, reason="There is no such book."), Dead)


def test_the_waits_grow_from_call_to_call():
    waits = [verdict(503, attempt=attempt).delay.name for attempt in range(1, 12)]
    assert waits == ["1s", "1s", "1s", "5s", "5s", "30s", "30s", "2m", "2m", "2m", "10m"]


def test_the_last_attempt_sets_the_message_aside_and_says_why():
    last = verdict(503, attempt=12, reason="the database is away")
    assert last == Dead("gave up after 12 attempts: 503 the database is away")


@pytest.mark.parametrize(
    ("retry_after", "delay"), [(0, "1s"), (1, "1s"), (2, "5s"), (5, "5s"), (6, "30s"), (90, "2m"), (86_400, "10m")]
)
def test_a_function_is_not_called_before_the_time_that_it_asked_for(retry_after, delay):
    assert verdict(429, retry_after=retry_after).delay.name == delay


def test_a_short_retry_after_does_not_shorten_the_back_off():
    assert verdict(503, attempt=6, retry_after=1).delay.name == "30s"


def test_annotations_bound_the_waits():
    policy = Policy(min_wait=30, max_wait=120)
    waits = [verdict(500, attempt=attempt, policy=policy).delay.name for attempt in range(1, 5)]
    assert waits == ["30s", "30s", "2m", "2m"]


def test_no_answer_at_all_is_told_as_such():
    assert verdict(None, reason="ConnectionError").reason == "no answer ConnectionError"


def test_the_delays_are_in_order():
    assert sorted(DELAYS, key=lambda delay: delay.seconds) == list(DELAYS)
