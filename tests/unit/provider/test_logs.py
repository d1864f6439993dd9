import asyncio

import pytest

from faas.provider.errors import Unprocessable
from faas.provider.logs import LogLine, LogQuery, parse_line, parse_query, read_lines


def line(second, text, task="abcdefghijklmnopq"):
    details = f"com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id={task}"
    return f"2026-01-02T03:04:{second:02}.000000000Z {details} {text}\n".encode()


class Lines:
    def __init__(self, *lines):
        self.lines, self.options = lines, {}

    async def logs(self, _service_id, **options):
        self.options = options
        for each in self.lines:
            yield each


def texts(door, **query):
    async def collect():
        return [each.text async for each in read_lines(door, "s1", LogQuery("echo", **query))]

    return asyncio.run(collect())


def test_a_line_of_docker_tells_replica_time_and_text():
    assert parse_line(line(5, "two words, a=b")) == LogLine(
        "abcdefghijkl", "2026-01-02T03:04:05.000000000Z", "two words, a=b"
    )


def test_a_tail_gives_the_last_lines_of_all_replicas_in_order():
    door = Lines(line(3, "third"), line(1, "first"), line(2, "second", task="zzz"))
    assert texts(door, tail=2) == ["second", "third"]
    assert texts(door, tail=0) == []
    assert door.options == {"tail": "0"}


def test_only_the_lines_of_one_instance_are_given_when_asked():
    assert texts(Lines(line(1, "mine"), line(2, "other", task="zzz")), instance="zzz") == ["other"]


def test_the_parameters_of_faas_cli_are_read():
    query = parse_query({"name": "echo", "follow": "true", "tail": "-1", "since": "2026-01-02T03:04:05Z"})
    assert query.follow
    assert query.tail is None
    assert query.since is not None
    assert query.since.timestamp() == 1767323045


@pytest.mark.parametrize(
    "query", [{}, {"name": "e", "tail": "x"}, {"name": "e", "follow": "maybe"}, {"name": "e", "since": "yesterday"}]
)
def test_a_parameter_that_cannot_be_read_is_refused(query):
    with pytest.raises(Unprocessable):
        parse_query(query)
