"""`--watch`: something is done again when what a function is made from changes."""

import os
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from pathlib import Path

from faas.cli.errors import CliError
from faas.cli.output import say
from faas.cli.stack_file import Function, Stack
from faas.cli.templates import FOLDER

Look = Callable[[], Mapping[str, Hashable]]

_PAUSE_SECONDS = 0.3
_NOT_WATCHED = {"__pycache__", ".git", ".pytest_cache"}
# Editors write these beside the file that is edited.
_SCRATCH = ("~", ".swp", ".swx", ".tmp", ".pyc")


def watch(look: Look, act: Callable[[list[str]], object]) -> None:
    """Do `act` for every function, and from then on for those that changed, until Ctrl+C.

    `look` tells the present state of each function. Raises CliError when already the first look fails.
    """
    watching = Watch(look, act)
    try:
        while True:
            watching.step()
            time.sleep(_PAUSE_SECONDS)
    except KeyboardInterrupt:
        say("[Watch] Ended.")


class Watch:
    """What was seen and what was done. An error is told and the next change awaited: saving a mistake ends nothing."""

    def __init__(self, look: Look, act: Callable[[list[str]], object]) -> None:
        self._look, self._act = look, act
        self._seen = look()
        self._done: Mapping[str, Hashable] = {}
        self._told = ""

    def step(self) -> None:
        """Look again. A change counts when two looks agree, as a program may be in the middle of writing."""
        before = self._seen
        try:
            self._seen = self._look()
        except CliError as error:
            self._tell_once(str(error))
            return
        changed = [name for name, state in self._seen.items() if self._done.get(name) != state]
        if changed and self._seen == before:
            self._done = self._seen
            self._do(changed)

    def _do(self, changed: list[str]) -> None:
        self._told = ""
        say(f"[Watch] Reloading {', '.join(changed)}")
        try:
            self._act(changed)
        except CliError as error:
            say(f"[Watch] {error}")
        say("[Watch] Change a file to trigger a rebuild...")

    def _tell_once(self, what: str) -> None:
        if what != self._told:
            say(f"[Watch] {what}")
        self._told = what


def sources(stack: Stack, extra: Iterable[str] = ()) -> dict[str, Hashable]:
    """The state of each function: its entry in the stack file, and times and sizes of the files it is built from."""
    copied = (*stack.copy, *extra)
    states: dict[str, Hashable] = {}

    def state(path: str) -> Hashable:
        if path not in states:
            states[path] = tuple(sorted(_files(path)))
        return states[path]

    def inputs(function: Function) -> Iterable[str]:
        template = str(FOLDER / function.lang.lower())
        return (function.handler, template, *function.environment_file, *copied)

    return {
        name: (str(function), tuple(state(path) for path in inputs(function)))
        for name, function in stack.functions.items()
    }


def _files(path: str) -> Iterator[tuple[str, int, int]]:
    found = [path] if Path(path).is_file() else _walked(path)
    for name in found:
        try:
            stat = os.stat(name)
        except FileNotFoundError:
            # Removed since it was listed: the next look will tell.
            continue
        yield name, stat.st_mtime_ns, stat.st_size


def _walked(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name not in _NOT_WATCHED]
        yield from (os.path.join(place, name) for name in names if not name.endswith(_SCRATCH))
