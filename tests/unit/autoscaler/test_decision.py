import pytest

from faas.autoscaler.decision import Load, Reason, Window, decide, remember
from faas.autoscaler.labels import Kind, Policy

RPS = Policy(Kind.RPS, target=5, proportion=1, window=30)
CAPACITY = Policy(Kind.CAPACITY, target=8, proportion=0.5, window=30, maximum=10)
SLEEPY = Policy(sleeps=True, sleeps_after=60, window=10)


def rps(rate):
    return Load(in_flight=0, queued=0, rps=rate)


def waiting(in_flight, queued=0):
    return Load(in_flight, queued, rps=0)


class Story:
    """A function whose replicas become what is decided."""

    def __init__(self, policy, replicas=1):
        self.policy, self.replicas, self.memory = policy, replicas, None

    def at(self, now, load):
        self.memory = remember(self.memory, self.replicas, now)
        verdict = decide(load, self.policy, self.memory, now)
        self.replicas = self.memory.replicas = verdict.replicas
        return verdict


@pytest.mark.parametrize(("rate", "replicas"), [(0, 1), (5, 1), (5.1, 2), (10, 2), (37, 8), (99, 20), (1000, 20)])
def test_calls_a_second_are_shared_out_by_the_target(rate, replicas):
    assert Story(RPS).at(0, rps(rate)).replicas == replicas


@pytest.mark.parametrize(
    ("in_flight", "queued", "replicas"), [(0, 0, 1), (4, 0, 1), (4, 1, 2), (8, 12, 5), (8, 400, 10)]
)
def test_calls_at_once_count_whether_they_run_or_wait(in_flight, queued, replicas):
    assert Story(CAPACITY).at(0, waiting(in_flight, queued)).replicas == replicas


def test_more_load_scales_up_at_once_and_to_all_that_is_needed():
    story = Story(RPS)
    story.at(0, rps(3))
    assert story.at(2, rps(31)).replicas == 7


def test_replicas_go_only_when_a_whole_window_needed_fewer():
    story = Story(RPS)
    story.at(0, rps(40))
    assert story.at(10, rps(0)).reason is Reason.WINDOW
    assert story.at(29, rps(0)).replicas == 8
    assert story.at(31, rps(0)).replicas == 1


def test_after_the_window_the_highest_need_within_it_stays():
    story = Story(RPS)
    story.at(0, rps(40))
    story.at(20, rps(14))
    story.at(29, rps(0))
    assert story.at(31, rps(0)).replicas == 3


def test_a_short_pause_in_the_load_takes_nothing_away():
    story = Story(RPS)
    for now in range(0, 120, 2):
        verdict = story.at(now, rps(40 if now % 20 else 0))
    assert verdict.replicas == 8


def test_a_restart_of_the_autoscaler_changes_nothing_at_first():
    story = Story(RPS, replicas=8)
    assert story.at(1000, rps(0)).replicas == 8
    assert story.at(1029, rps(0)).replicas == 8
    assert story.at(1031, rps(0)).replicas == 1


def test_what_an_operator_sets_by_hand_stays_for_a_window():
    story = Story(RPS)
    story.at(0, rps(0))
    story.replicas = 5
    assert story.at(60, rps(0)).replicas == 5
    assert story.at(91, rps(0)).replicas == 1


@pytest.mark.parametrize("before", [1, 2, 5])
def test_equal_limits_are_the_number_of_replicas_whatever_the_load(before):
    story = Story(Policy(minimum=2, maximum=2), replicas=before)
    assert story.at(0, rps(500)).reason is Reason.FIXED
    assert story.replicas == 2


def test_a_function_below_its_minimum_is_brought_up_to_it():
    verdict = Story(Policy(minimum=3), replicas=1).at(0, rps(0))
    assert (verdict.replicas, verdict.reason) == (3, Reason.MINIMUM)


def test_the_maximum_is_named_as_the_reason_when_more_would_be_needed():
    verdict = Story(Policy(maximum=4)).at(0, rps(100))
    assert (verdict.replicas, verdict.reason, verdict.recommended) == (4, Reason.MAXIMUM, 20)


def test_a_sleeping_function_is_left_asleep_whatever_the_load():
    verdict = Story(RPS, replicas=0).at(0, rps(50))
    assert (verdict.replicas, verdict.reason) == (0, Reason.ASLEEP)


def test_a_function_that_may_sleep_does_so_after_its_time_without_calls():
    story = Story(SLEEPY)
    story.at(0, rps(1))
    assert story.at(59, rps(0)).replicas == 1
    verdict = story.at(60, rps(0))
    assert (verdict.replicas, verdict.reason) == (0, Reason.IDLE)


def test_one_call_keeps_a_function_awake_for_its_whole_time():
    story = Story(SLEEPY)
    story.at(0, rps(1))
    story.at(59, waiting(1))
    assert story.at(118, rps(0)).replicas == 1


def test_a_woken_function_does_not_fall_asleep_at_once_again():
    story = Story(SLEEPY)
    story.at(0, rps(0))
    story.at(60, rps(0))
    story.replicas = 1
    assert story.at(300, rps(0)).replicas == 1


def test_a_function_that_may_not_sleep_never_does():
    story = Story(RPS)
    story.at(0, rps(0))
    assert story.at(1e6, rps(0)).replicas == 1


def test_scaling_by_cpu_is_not_pretended():
    verdict = Story(Policy(Kind.CPU), replicas=3).at(0, rps(500))
    assert (verdict.replicas, verdict.reason) == (3, Reason.UNSUPPORTED)


def test_rounding_never_adds_a_replica():
    assert Story(Policy(target=0.1, proportion=3)).at(0, rps(0.3 * 3)).replicas == 3


def test_an_empty_window_recommends_nothing():
    window = Window()
    window.add(0, 9)
    assert window.highest(31, 30) == 0
