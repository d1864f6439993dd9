import pytest

from faas.durations import seconds, seconds_or_number
from faas.provider.errors import BadRequest
from faas.provider.quantities import memory_bytes, nano_cpus


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("128Mi", 128 * 1024**2),
        ("5Mi", 5 * 1024**2),
        ("128m", 128 * 1024**2),
        ("64M", 64_000_000),
        ("1.5Gi", 1610612736),
        ("8388608", 8388608),
    ],
)
def test_memory_is_read_as_kubernetes_and_docker_write_it(text, amount):
    assert memory_bytes(text, field="limits.memory") == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("100m", 10**8), ("0.5", 5 * 10**8), ("2", 2 * 10**9), (".25", 25 * 10**7)]
)
def test_cpu_is_read_as_kubernetes_and_docker_write_it(text, amount):
    assert nano_cpus(text, field="limits.cpu") == amount


@pytest.mark.parametrize("text", ["", "much", "-5Mi", "5Xi", "3Mi", "1e9"])
def test_memory_that_is_none_or_too_little_is_refused_with_its_field(text):
    with pytest.raises(BadRequest, match=r"limits\.memory"):
        memory_bytes(text, field="limits.memory")


@pytest.mark.parametrize("text", ["", "fast", "0", "0.0001", "-1", "1Gi"])
def test_cpu_that_is_none_or_too_little_is_refused_with_its_field(text):
    with pytest.raises(BadRequest, match=r"requests\.cpu"):
        nano_cpus(text, field="requests.cpu")


@pytest.mark.parametrize(("text", "length"), [("30s", 30), ("1m30s", 90), ("250ms", 0.25), ("1.5h", 5400)])
def test_go_durations_are_read(text, length):
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "soon", "0s", "-1s", "5 s", "1d", "10"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="no duration"):
        seconds(text)


def test_a_bare_number_means_seconds_where_the_watchdogs_take_it():
    assert (seconds_or_number("10"), seconds_or_number("1m")) == (10, 60)
