"""Durations as Go writes them, and mistakes named."""

import pytest
from workload.settings import settings


@pytest.fixture(autouse=True)
def _fresh():
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("1m30s", 90), ("500ms", 0.5), ("2", 2), ("1.5s", 1.5), ("1h", 3600)]
)
def test_a_duration_is_read(monkeypatch, text, seconds):
    monkeypatch.setenv("exec_timeout", text)
    assert settings().exec_timeout == seconds


@pytest.mark.parametrize(("name", "text"), [("exec_timeout", "soon"), ("max_inflight", "0"), ("max_body", "-1")])
def test_a_setting_that_cannot_be_read_is_named(monkeypatch, name, text):
    monkeypatch.setenv(name, text)
    with pytest.raises(ValueError, match=name):
        settings()
