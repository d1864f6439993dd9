"""The configuration on the volume: a folder for each generation, and `current`, which points to the one in use."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from faas.gateway.functions import State

_STATE = "state.json"
_LOADED = "loaded"


class Generations:
    """Keeps the generation in use, the one before it, and what they were made from."""

    def __init__(self, folder: Path, run_folder: Path) -> None:
        """Both must exist and be writable; what stands in `run_folder` ends with the container."""
        self._folder = folder
        self._loaded = run_folder / _LOADED
        self.current = folder / "current"

    def stage(self, files: Mapping[str, str], state: State) -> Path:
        """Write a new generation beside the one in use."""
        staged = self._folder / f"{max(self._numbers(), default=0) + 1}"
        staged.mkdir()
        for name, text in files.items():
            (staged / name).write_text(text)
        (staged / _STATE).write_text(_text(state))
        return staged

    def adopt(self, generation: Path) -> None:
        """Use this generation from the next start or reload on, and forget all but it and the one before."""
        before = self.in_use()
        link = self._folder / "next"
        link.unlink(missing_ok=True)
        link.symlink_to(generation.name)
        os.replace(link, self.current)
        for number in self._numbers():
            if str(number) not in {generation.name, before.name if before else ""}:
                self.discard(self._folder / str(number))

    def discard(self, generation: Path) -> None:
        """Remove a generation that was not adopted."""
        shutil.rmtree(generation, ignore_errors=True)

    def in_use(self) -> Path | None:
        """The folder that `current` points to."""
        return self._folder / self.current.readlink() if self.current.is_symlink() else None

    def note_loaded(self) -> None:
        """HAProxy has loaded the current generation."""
        self._loaded.write_text(str(self.current.readlink()))

    def is_loaded(self) -> bool:
        """Tell whether HAProxy runs with the current generation, as far as is known."""
        return self._loaded.exists() and self._loaded.read_text() == str(self.current.readlink())

    def state(self) -> State | None:
        """What the current generation was made from; None when there is none or it cannot be read."""
        try:
            return State.from_json(json.loads((self.current / _STATE).read_text()))
        except (OSError, ValueError, KeyError):
            return None

    def rewrite(self, name: str, text: str, state: State) -> None:
        """Change a file of the current generation as it was changed in the running HAProxy."""
        for file, content in ((name, text), (_STATE, _text(state))):
            written = self.current / f"{file}.new"
            written.write_text(content)
            os.replace(written, self.current / file)

    def _numbers(self) -> list[int]:
        return sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdigit())


def _text(state: State) -> str:
    return json.dumps({"version": state.version, "functions": [asdict(function) for function in state.functions]})
