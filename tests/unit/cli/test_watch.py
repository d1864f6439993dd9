"""`--watch`: what counts as a change, and what comes of it."""

import os

import pytest

from faas.cli.errors import CliError
from faas.cli.flags import StackFlags
from faas.cli.stack_file import load_stack
from faas.cli.watch import Watch, sources

STACK = """
provider: {name: openfaas}
configuration: {copy: [shared]}
functions:
  one: {lang: py, handler: ./one, image: me/one, environment_file: [env.yml]}
  two: {lang: go, handler: ./two, image: me/two}
"""


@pytest.fixture
def project(folder):
    for name in ("one", "two", "shared", "template/py", "template/go"):
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_text("before")
    (folder / "env.yml").write_text("environment: {A: 1}")
    (folder / "stack.yml").write_text(STACK)
    return folder


def look():
    return sources(load_stack(StackFlags()))


def changed(before):
    return sorted(name for name, state in look().items() if before[name] != state)


@pytest.mark.parametrize(
    ("file", "functions"),
    [
        ("one/file", ["one"]),
        ("one/a/new", ["one"]),
        ("template/go/file", ["two"]),
        ("env.yml", ["one"]),
        ("shared/file", ["one", "two"]),
        ("elsewhere", []),
        ("one/file.swp", []),
        ("two/__pycache__/file", []),
    ],
)
def test_a_file_concerns_the_functions_that_are_built_from_it(project, file, functions):
    before = look()
    (project / file).parent.mkdir(parents=True, exist_ok=True)
    (project / file).write_text("environment: {A: 22222}")
    assert changed(before) == functions


def test_an_entry_of_the_stack_file_concerns_its_function(project):
    before = look()
    (project / "stack.yml").write_text(STACK.replace("me/two", "me/other"))
    assert changed(before) == ["two"]


def test_a_file_that_was_removed_is_a_change(project):
    before = look()
    (project / "two/file").unlink()
    assert changed(before) == ["two"]


def test_a_file_of_the_same_size_and_another_time_is_a_change(project):
    before = look()
    os.utime(project / "one/file", ns=(1, 1))
    assert changed(before) == ["one"]


class Story:
    """A watch whose looks are told one after the other."""

    def __init__(self, *looks, fails=False):
        self._looks, self._fails, self.done = list(looks), fails, []
        self._watch = Watch(self._look, self._act)
        while self._looks:
            self._watch.step()

    def _look(self):
        seen = self._looks.pop(0)
        if isinstance(seen, str):
            raise CliError(seen)
        return seen

    def _act(self, functions):
        self.done.append(functions)
        if self._fails:
            raise CliError("it broke")


def test_everything_is_done_once_at_first():
    assert Story({"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 1}).done == [["a", "b"]]


def test_only_what_changed_is_done_again():
    assert Story({"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2}).done[1:] == [["b"]]


def test_a_change_is_awaited_until_it_rests():
    assert Story({"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}, {"a": 4}).done == [["a"]]


def test_a_new_function_is_done():
    assert Story({"a": 1}, {"a": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 1}).done[1:] == [["b"]]


def test_a_failure_is_told_and_the_next_change_is_tried(capsys):
    assert Story({"a": 1}, {"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, fails=True).done == [["a"], ["a"]]
    assert capsys.readouterr().out.count("[Watch] it broke") == 2


def test_a_stack_file_that_breaks_meanwhile_is_told_once_and_ends_nothing(capsys):
    assert Story({"a": 1}, {"a": 1}, "no YAML", "no YAML", {"a": 2}, {"a": 2}).done == [["a"], ["a"]]
    assert capsys.readouterr().out.count("[Watch] no YAML") == 1


def test_a_stack_file_that_is_broken_from_the_start_ends_it():
    with pytest.raises(CliError):
        Story("no YAML")
