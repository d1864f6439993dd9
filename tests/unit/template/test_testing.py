"""The fixture that the template ships: handlers called without a server, in a project of their own and in this one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from workload.testing import call_handler, load_handler, make_event

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "template" / "bookstore-python"


class Taken(Exception):
    def __init__(self, message):
        super().__init__(message)
        self.status, self.extra = 409, {"name": "Ada"}


def raises(error):
    def handle(event, context):
        raise error

    return handle


@pytest.fixture
def project(tmp_path):
    """A project with the template and two functions begun from it."""
    shutil.copytree(TEMPLATE, tmp_path / "template" / TEMPLATE.name)
    for name in ("one", "two"):
        shutil.copytree(TEMPLATE / "function", tmp_path / name)
    return tmp_path


def run_tests(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The tests of a project, run in it as its author runs them."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_a_handler_gets_the_event_of_the_request():
    seen = []
    call_handler(lambda event, context: seen.append(event), "GET", "/ü", query_string={"q": "1"}, headers={"X-A": "b"})
    [event] = seen
    assert (event.method, event.path, event.body) == ("GET", "/ü", b"")
    assert (event.query["q"], event.headers["x-a"]) == ("1", "b")


def test_the_answer_is_what_a_client_would_see():
    answer = call_handler(lambda event, context: {"statusCode": 201, "body": json.loads(event.body)}, json={"a": [1]})
    assert (answer.status_code, answer.json, answer.mimetype) == (201, {"a": [1]}, "application/json")


def test_an_error_with_a_status_is_answered():
    answer = call_handler(raises(Taken("The name is taken.")))
    assert answer.status_code == 409
    assert answer.json["detail"] == "The name is taken."
    assert answer.json["name"] == "Ada"


def test_any_other_error_reaches_the_test():
    with pytest.raises(ZeroDivisionError):
        call_handler(raises(ZeroDivisionError()))


def test_an_event_can_be_made_alone():
    assert make_event("PUT", data="text").body == b"text"


def test_a_new_function_passes_the_test_it_comes_with(project):
    done = run_tests(project, "one")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_several_functions_are_tested_in_one_run(project):
    done = run_tests(project, "--import-mode=importlib", "one", "two")
    assert "2 passed" in done.stdout, done.stdout


def test_a_handler_imports_what_lies_beside_it_and_what_the_stack_file_copies(project):
    (project / "shared").mkdir()
    (project / "shared" / "greeting.py").write_text("HELLO = 'hello'")
    (project / "one" / "names.py").write_text("ADA = 'Ada'")
    (project / "one" / "handler.py").write_text(
        "from shared.greeting import HELLO\nfrom names import ADA\nfrom .names import ADA as same\n"
        "def handle(event, context):\n    return f'{HELLO} {ADA} {same}'\n"
    )
    (project / "one" / "handler_test.py").write_text("def test_it(call):\n    assert call().text == 'hello Ada Ada'\n")
    done = run_tests(project, "one")
    assert done.returncode == 0, done.stdout


def test_the_functions_of_this_project_can_be_called_so():
    answer = call_handler(load_handler(ROOT / "functions" / "api-docs"), "GET")
    assert answer.status_code == 200
    assert answer.json["openapi"].startswith("3.")
