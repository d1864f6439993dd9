"""A registry that does not answer is asked once."""

import time

import docker
import pytest

from deploy import pulls
from deploy.engine import ensure_engine

NOWHERE = "registry.invalid/no/such/image"


@pytest.fixture
def engine(tmp_path, monkeypatch) -> docker.DockerClient:
    monkeypatch.setattr(pulls, "_ANSWERS", tmp_path / "registries")
    return ensure_engine()


def seconds_of_a_pull(engine, **options):
    started = time.monotonic()
    assert pulls.pull(engine, NOWHERE, "1", **options) is None
    return time.monotonic() - started


def test_a_silent_registry_takes_seconds_once_and_no_time_later(engine, tmp_path):
    assert seconds_of_a_pull(engine) < pulls._ANSWER_SECONDS + 1
    assert NOWHERE in (tmp_path / "registries" / "registry.invalid").read_text()
    assert seconds_of_a_pull(engine) < 0.05


def test_who_insists_asks_again(engine, tmp_path):
    answer = tmp_path / "registries" / "registry.invalid"
    seconds_of_a_pull(engine)
    answer.write_text("an older answer")
    seconds_of_a_pull(engine, insist=True)
    assert NOWHERE in answer.read_text()
