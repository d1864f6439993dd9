"""What goes into a function's image: its template, over it the handler, and the folders that every function gets."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

from faas.cli.engine import ignoring
from faas.cli.errors import CliError
from faas.cli.output import say
from faas.cli.stack_file import Function
from faas.cli.templates import Template

BUILD_FOLDER = Path("build")
# They differ from one machine to the next, and no function needs them.
_IGNORED = {"__pycache__", ".git"}
_NOT_FROM_HANDLERS = {"build", "template"}


@dataclass(frozen=True)
class Context:
    """A build context: where each file and folder comes from, by its path in the context."""

    sources: dict[PurePath, Path]

    def digest(self) -> str:
        """A hash over paths, modes and contents."""
        total = hashlib.sha256()
        for target, source in sorted(self.sources.items()):
            total.update(f"{target}\0{_fingerprint(source)}\n".encode())
        return total.hexdigest()

    def write(self, folder: Path) -> None:
        """Make `folder` hold this context and nothing else."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for target, source in sorted(self.sources.items()):
            if source.is_dir():
                (folder / target).mkdir(parents=True, exist_ok=True)
            else:
                (folder / target).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, folder / target)

    def text(self, path: str) -> str:
        """A file's content; empty when the context has none of this name."""
        source = self.sources.get(PurePath(path))
        return source.read_text() if source else ""


def build_context(function: Function, template: Template, copy: list[str]) -> Context:
    """Put a function's context together. Raises CliError when a part is missing or lies outside this project."""
    handler, target = Path(function.handler), PurePath(template.handler_folder)
    if not handler.is_dir():
        raise CliError(f"building {function.name}, {function.handler} is an invalid path")
    sources = dict(_files(template.folder, PurePath())) if template.folder else {}
    for entry in sorted(handler.iterdir()):
        if entry.name in _NOT_FROM_HANDLERS:
            say(f'Skipping "{entry.name}" folder')
        else:
            sources.update(_files(entry, target / entry.name))
    for path in copy:
        sources.update(_files(_in_project(path), target / PurePath(path)))
    return Context(_without_ignored(sources))


def _files(source: Path, target: PurePath) -> Iterator[tuple[PurePath, Path]]:
    if source.name in _IGNORED:
        return
    if target.name:
        yield target, source
    if source.is_dir():
        for entry in source.iterdir():
            yield from _files(entry, target / entry.name)


def _without_ignored(sources: dict[PurePath, Path]) -> dict[PurePath, Path]:
    """Leave out what the .dockerignore of a template keeps from the image, so that a change there builds nothing."""
    rules = sources.get(PurePath(".dockerignore"))
    if rules is None:
        return sources
    ignored = ignoring(rules.read_text())
    return {target: source for target, source in sources.items() if not ignored(str(target))}


def _in_project(path: str) -> Path:
    project, found = Path.cwd(), (Path.cwd() / path).resolve()
    if found == project:
        raise CliError(f"forbidden path appears to equal the entire project: {path} ({found})")
    if not found.is_relative_to(project):
        raise CliError(f"forbidden path appears to be outside of the build context: {path} ({found})")
    if not found.exists():
        raise CliError(f"stat {found}: no such file or directory")
    return found


def _fingerprint(source: Path) -> str:
    stat = source.stat()
    mode = f"{stat.st_mode & 0o777:o}"
    return f"{mode} folder" if source.is_dir() else f"{mode} {_content(source, stat.st_mtime_ns, stat.st_size)}"


@cache
def _content(source: Path, changed_ns: int, size: int) -> str:  # noqa: ARG001  (they tell one content from another)
    """The hash of a file. Kept, because every function of a stack gets the same copied folders."""
    return hashlib.sha256(source.read_bytes()).hexdigest()
