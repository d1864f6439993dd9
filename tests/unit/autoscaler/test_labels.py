import pytest

from faas.autoscaler.labels import BadLabel, Kind, Policy, policy_of


def labels(**given):
    return {
        f"com.openfaas.scale.{name.replace('_', '-').replace('down-window', 'down.window')}": given[name]
        for name in given
    }


def test_a_function_that_says_nothing_scales_by_openfaas_classic_rule():
    assert policy_of({}) == Policy(Kind.RPS, target=5, proportion=1, minimum=1, maximum=20, window=30)


def test_a_type_without_a_target_means_fifty_at_nine_tenths():
    policy = policy_of(labels(type="capacity"))
    assert (policy.kind, policy.target, policy.proportion) == (Kind.CAPACITY, 50, 0.9)


def test_every_label_is_taken_over():
    given = labels(
        type="rps",
        target="150",
        target_proportion="0.5",
        min="2",
        max="5",
        down_window="1m30s",
        zero="true",
        zero_duration="10m",
    )
    assert policy_of(given) == Policy(Kind.RPS, 150, 0.5, 2, 5, 90, sleeps=True, sleeps_after=600)


def test_the_window_is_five_minutes_at_most():
    assert policy_of(labels(down_window="2h")).window == 300


def test_a_minimum_above_the_default_maximum_raises_that_too():
    policy = policy_of(labels(min="30"))
    assert (policy.minimum, policy.maximum) == (30, 30)


def test_a_minimum_of_zero_does_not_put_a_function_to_sleep():
    assert policy_of(labels(min="0")).minimum == 1


def test_equal_limits_switch_scaling_off():
    assert policy_of(labels(min="2", max="2")).fixed


def test_labels_of_other_things_are_ignored():
    assert policy_of({"faas_function": "echo", "com.openfaas.scale.factor": "20"}) == Policy()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("type", "memory"),
        ("target", "lots"),
        ("target", "0"),
        ("target", "nan"),
        ("target_proportion", "-1"),
        ("min", "1.5"),
        ("max", ""),
        ("down_window", "soon"),
        ("zero", "yes"),
    ],
)
def test_a_label_that_says_nothing_usable_is_named(name, text):
    with pytest.raises(BadLabel, match=rf"com\.openfaas\.scale\.{name.replace('_', '.')}"):
        policy_of(labels(**{name: text}))


def test_a_minimum_above_the_maximum_is_refused():
    with pytest.raises(BadLabel, match="above"):
        policy_of(labels(min="5", max="2"))
