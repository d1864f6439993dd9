"""What `make audit` makes of its job: a red audit is an answer, a job that broke is an error."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy import audit as module
from deploy.audit import audit
from deploy.errors import DeployError
from deploy.jobs import JobFailed
from deploy.settings import Settings, read_settings

SETTINGS = read_settings({"STACK": "orders"})


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., str]], None]:
    """A stack that was brought up, and a way to say what its job does."""
    (tmp_path / "secrets").mkdir()
    monkeypatch.setattr(Settings, "state", tmp_path)
    relay = SimpleNamespace(name="orders_relay", image="platform@sha256:1")
    monkeypatch.setattr(module, "services_of", lambda *_: [relay])
    return lambda does: monkeypatch.setattr(module, "run_job", does)


def failing(printed: str) -> Callable[..., str]:
    def run(*_: Any) -> str:
        raise JobFailed("bookstore.audit failed", printed)

    return run


def test_it_runs_on_the_image_that_the_stack_runs_with_the_databases_own_users(job):
    asked = []
    job(lambda *given: asked.append(given) or "ok   all")
    assert audit(None, SETTINGS, ["--repair"]) == ("ok   all", True)
    _, _, image, program, secrets, arguments = asked[0]
    assert (image, program, arguments) == ("platform@sha256:1", "bookstore.audit", ["--repair"])
    assert sorted(secrets) == ["accounts-db", "catalog-db", "orders-db"]


def test_lines_that_do_not_hold_are_the_answer(job):
    job(failing("ok   one\nFAIL two\n     id"))
    assert audit(None, SETTINGS, []) == ("ok   one\nFAIL two\n     id", False)


def test_a_job_that_proved_nothing_is_an_error(job):
    job(failing("Traceback: the database does not answer"))
    with pytest.raises(DeployError):
        audit(None, SETTINGS, [])


def test_a_stack_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(module, "services_of", lambda *_: [])
    with pytest.raises(DeployError, match="no stack orders"):
        audit(None, SETTINGS, [])
