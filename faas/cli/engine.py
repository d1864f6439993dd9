"""Docker, through its command line: the only door to it."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docker.utils.build import PatternMatcher

from faas.cli.errors import CliError

LOCAL_RUN_LABEL = "com.openfaas.local-run"
_SHOWN_OF_A_FAILURE = 15
_ALWAYS_SENT = ("Dockerfile", ".dockerignore")
_INSPECTED = (
    '{"id": {{json .Id}}, "names": [{{json .RepoTags}}, {{json .RepoDigests}}], "labels": {{json .Config.Labels}}}'
)


@dataclass(frozen=True)
class Image:
    """An image of this engine."""

    id: str
    labels: Mapping[str, str]


def find_images(names: Iterable[str]) -> dict[str, Image]:
    """Those of the named images that the engine has, by the names asked for."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    ran = _run(["image", "inspect", "--format", _INSPECTED, *wanted])
    found = {}
    # Images that are missing are reported on stderr, and leave no line here.
    for entry in (json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")):
        image = Image(id=entry["id"], labels=entry["labels"] or {})
        known = {image.id, *(name for names in entry["names"] for name in names or [])}
        found.update({name: image for name in wanted if _full_name(name) in known})
    return found


def build_image(folder: Path, arguments: list[str], *, ssh: bool, show: Callable[[str], None]) -> None:
    """Run `docker build` in a folder, handing each line of output to `show`. Raises CliError with the last ones."""
    environment = dict(os.environ)
    if ssh:
        environment["DOCKER_BUILDKIT"] = "1"
    elif not _has_buildx():
        environment["DOCKER_BUILDKIT"] = "0"
    _follow(["build", *arguments, "."], folder=folder, environment=environment, show=show)


def push_image(name: str, *, show: Callable[[str], None]) -> None:
    """Run `docker push`. Raises CliError with the last lines of its output."""
    _follow(["push", name], folder=Path(), environment=dict(os.environ), show=show)


class Container:
    """A container in the foreground: what it writes is shown."""

    def __init__(self, command: list[str]) -> None:
        """Start it by a `docker run` with these arguments."""
        try:
            self._client = subprocess.Popen(["docker", *command], stdin=subprocess.DEVNULL)
        except FileNotFoundError as error:
            raise CliError(_NO_DOCKER) from error

    def wait(self) -> None:
        """Wait for its end. Raises CliError when that is a failure."""
        if status := self._client.wait():
            raise CliError(f"the container ended with exit status {status}")


def remove_local_runs(name: str) -> None:
    """Remove the containers of `local-run` for a function, and no other that has its name."""
    found = _run(["ps", "--all", "--quiet", "--filter", f"label={LOCAL_RUN_LABEL}={name}"]).stdout.split()
    if found:
        _run(["rm", "--force", *found])


def ignoring(rules: str) -> Callable[[str], bool]:
    """Whether Docker would leave a path out of a build context, by the text of its .dockerignore."""
    lines = [line.strip() for line in rules.splitlines()]
    matcher = PatternMatcher([line for line in lines if line and not line.startswith("#")])
    # The type stubs ask for a path, the code for a text.
    return lambda path: path not in _ALWAYS_SENT and bool(matcher.matches(path))  # type: ignore[arg-type]


def _follow(arguments: list[str], *, folder: Path, environment: dict[str, str], show: Callable[[str], None]) -> None:
    lines: list[str] = []
    try:
        with subprocess.Popen(
            ["docker", *arguments],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running:
            for line in _without_notice(running.stdout or ()):
                lines.append(line)
                show(line)
    except FileNotFoundError as error:
        raise CliError(_NO_DOCKER) from error
    if running.returncode != 0:
        shown = "\n".join(lines[-_SHOWN_OF_A_FAILURE:])
        raise CliError(f"received non-zero exit code from {arguments[0]}, error: {shown}")


def _without_notice(lines: Iterable[str]) -> Iterator[str]:
    """The lines but for the paragraph with which Docker greets every build by the classic builder."""
    skipping = False
    for line in (line.rstrip("\n") for line in lines):
        skipping = skipping or line.startswith("DEPRECATED: The legacy builder")
        if not skipping:
            yield line
        skipping = skipping and bool(line)


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise CliError(_NO_DOCKER) from error


_NO_DOCKER = 'exec: "docker": executable file not found in $PATH'


@cache
def _has_buildx() -> bool:
    """Without it the newer command lines build nothing unless they are told to use the classic builder."""
    return _run(["buildx", "version"]).returncode == 0


def _full_name(name: str) -> str:
    """A name as the engine lists it: tagged, and without the default registry."""
    short = re.sub(r"^docker\.io/", "", name).removeprefix("library/")
    return short if "@" in short or ":" in short.rpartition("/")[2] else f"{short}:latest"
