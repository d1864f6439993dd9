import pytest

from faas.autoscaler.history import History, Look, Sample


def look(at, requests=0, in_flight=0, queued=0):
    return Look(at, {"echo": Sample(in_flight, queued, requests)})


def history(*looks):
    found = History(span=4)
    for each in looks:
        found.record(each if isinstance(each, dict) else {"a": each})
    return found


def test_one_look_gives_no_rate():
    assert not history(look(0)).ready
    assert not history().ready


def test_the_rate_is_the_growth_of_the_counter_over_the_gateways_own_time():
    assert history(look(0, 100), look(2, 110), look(4, 140)).load("echo").rps == 10


def test_only_the_last_seconds_count():
    assert history(look(0, 0), look(2, 1000), look(4, 1000), look(6, 1000), look(8, 1008)).load("echo").rps == 2


def test_calls_at_once_are_the_mean_of_the_last_seconds():
    load = history(look(0), look(2, in_flight=8, queued=4), look(4, in_flight=4)).load("echo")
    assert (load.in_flight, load.queued) == (6, 2)


def test_the_load_of_all_gateways_is_added_up():
    looks = [{"a": look(0, 0), "b": look(100, 50)}, {"a": look(2, 10, 3), "b": look(102, 56, 1)}]
    load = history(*looks).load("echo")
    assert (load.rps, load.in_flight) == (8, 4)


def test_a_gateway_that_started_again_counts_from_zero():
    assert history(look(0, 1000), look(2, 6)).load("echo").rps == 3


def test_a_gateway_that_is_gone_counts_no_more():
    looks = [{"a": look(0), "b": look(0)}, {"a": look(2), "b": look(2, 50)}, {"a": look(4)}]
    assert history(*looks).load("echo").rps == 0


def test_a_new_gateway_makes_the_load_unknown_until_its_second_look():
    assert not history({"a": look(0)}, {"a": look(2), "b": look(2)}).ready


def test_figures_that_stand_still_are_not_a_second_look():
    assert not history(look(5), look(5)).ready


def test_a_clock_that_was_set_back_begins_anew():
    found = history(look(100, 10), look(102, 20), look(50, 30))
    assert not found.ready
    found.record({"a": look(52, 34)})
    assert found.load("echo").rps == 2


def test_a_function_nobody_called_has_no_load():
    assert history(look(0), look(2)).load("other").idle


@pytest.mark.parametrize("gap", [4, 60])
def test_a_time_without_sight_does_not_look_like_a_burst(gap):
    found = history(look(0, 0), look(2, 10), look(2 + gap, 10 + 5 * gap))
    assert found.load("echo").rps == pytest.approx(5)
