"""The names and tags of images."""

import hashlib
import subprocess
from pathlib import Path

from faas.cli.errors import CliError
from faas.cli.stack_file import Function

_GIT = {
    "sha": ["rev-parse", "--short", "HEAD"],
    "branch": ["rev-parse", "--symbolic-full-name", "--abbrev-ref", "HEAD"],
    "describe": ["describe", "--tags", "--always"],
}
_NO_GIT = {
    "sha": "cannot tag image with Git SHA as this is not a Git repository",
    "branch": "cannot tag image with Git branch and SHA as this is not a Git repository",
    "describe": "cannot tag image with Git Tag and SHA as this is not a Git repository",
}


def image_name(function: Function, tag: str) -> str:
    """The full name of a function's image. Build, push and deploy must be given the same `tag`."""
    name = function.image if ":" in function.image.rpartition("/")[2] else f"{function.image}:latest"
    match tag.lower():
        case "" | "default" | "latest":
            return name
        case "sha" | "describe" as kind:
            return f"{name}-{_git(kind)}"
        case "branch":
            return f"{name}-{_git('branch')}-{_git('sha')}"
        case "digest" if not function.handler:
            raise CliError("digest tag format is not supported for store functions")
        case "digest":
            return f"{name.rpartition(':')[0]}:{_digest(Path(function.handler))}"
    raise CliError(f'invalid argument "{tag}" for "--tag" flag: unknown image tag format: \'{tag}\'')


def _git(kind: str) -> str:
    ran = subprocess.run(["git", *_GIT[kind]], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise CliError(_NO_GIT[kind])
    return ran.stdout.strip()


def _digest(folder: Path) -> str:
    """Upstream's: an MD5 over those of the handler's files, in the order of their paths."""
    files = sorted((path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()), key=str)
    sums = "".join(_md5(path.read_bytes()) for path in files)
    return _md5(sums.encode())


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
