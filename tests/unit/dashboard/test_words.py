import pytest

from faas.dashboard.words import duration, load, number, why_changed, why_kept

POLICY = {"kind": "capacity", "target": 8.0, "proportion": 0.5, "window": 30.0, "sleeps_after": 900.0}


def verdict(reason, *, replicas=3, recommended=3, in_flight=11.5, queued=0.0, rps=20.0, **policy):
    seen = {"in_flight": in_flight, "queued": queued, "rps": rps}
    return {
        "reason": reason,
        "replicas": replicas,
        "recommended": recommended,
        "load": seen,
        "policy": POLICY | policy,
    }


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (verdict("load"), "11.5 calls at once; a replica takes 4"),
        (verdict("load", queued=3), "14.5 calls at once (3 of them waiting); a replica takes 4"),
        (verdict("load", kind="rps", target=5.0, proportion=1.0), "20 calls a second; a replica takes 5"),
        (verdict("load", in_flight=1), "1 call at once; a replica takes 4"),
        (verdict("load", in_flight=0.01, replicas=1), "hardly a call; 1 is enough"),
        (verdict("window", replicas=2), "no more than 2 needed within the last 30 s"),
        (verdict("window", replicas=2) | {"from": 3}, "no more than 2 needed within the last 30 s"),
        (verdict("window", replicas=2) | {"from": 1}, "2 needed within the last 30 s"),
        (verdict("maximum", recommended=200), "at its maximum: 11.5 calls at once would need 200"),
        (verdict("minimum", replicas=2), "no more than its minimum, 2 needed within the last 30 s"),
        (verdict("fixed"), "its minimum and its maximum are the same"),
        (verdict("idle"), "no call for 15 min"),
        (verdict("something new"), "something new"),
    ],
)
def test_a_change_is_told_with_what_it_was_decided_from(decided, words):
    assert why_changed(decided) == words


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (verdict("load"), "11.5 calls at once; a replica takes 4"),
        (verdict("window", replicas=2, window=300.0), "kept: 2 needed within the last 5 min"),
        (verdict("minimum", replicas=2), "2 is its minimum"),
        (verdict("asleep"), "asleep; the next call wakes it"),
        (verdict("unsupported", kind="cpu"), "left alone: scaling by cpu is not supported yet"),
    ],
)
def test_what_is_kept_says_why(decided, words):
    assert why_kept(decided) == words


def test_the_load_is_in_the_unit_that_the_function_is_scaled_by():
    assert load(verdict("load", queued=2)) == 13.5
    assert load(verdict("load", kind="rps")) == 20


@pytest.mark.parametrize(
    ("seconds", "words"), [(30, "30 s"), (90, "90 s"), (900, "15 min"), (7200, "2 h"), (0.5, "0.5 s")]
)
def test_times_are_written_as_people_say_them(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(("value", "text"), [(0.04, "0"), (0.26, "0.3"), (3.0, "3"), (11.54, "11.5"), (1234.5, "1234")])
def test_figures_have_as_many_digits_as_somebody_reads(value, text):
    assert number(value) == text
