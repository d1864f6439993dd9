"""A rollback that cannot be asked for ends in a sentence that says what to do."""

from dataclasses import replace

import pytest

from deploy.errors import DeployError
from deploy.rollback import roll_back
from deploy.settings import Settings, read_settings


def test_a_stack_that_is_not_there_is_told():
    with pytest.raises(DeployError, match="no stack nobody-here"):
        roll_back(read_settings({"STACK": "nobody-here"}), "echo")


def test_a_gateway_that_does_not_answer_is_told(tmp_path, monkeypatch):
    for part in ("user", "password"):
        (tmp_path / "secrets").mkdir(exist_ok=True)
        (tmp_path / "secrets" / f"basic-auth-{part}").write_text("x")
    monkeypatch.setattr(Settings, "state", tmp_path)
    with pytest.raises(DeployError, match="does not answer"):
        roll_back(replace(read_settings({}), gateway_port=1), "echo")
