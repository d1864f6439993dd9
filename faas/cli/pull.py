"""`template pull`: templates taken from a git repository."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from faas.cli.errors import CliError
from faas.cli.output import warn
from faas.cli.templates import FOLDER

_DEFAULT = "https://github.com/openfaas/templates.git"
_REMOTE = re.compile(r"(https?|ssh|git|file)://\S+|\S+@\S+:\S+")


def pull_templates(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[REPOSITORY[#REF]]", show_default=False)] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Put them over those that are here.")] = False,
) -> None:
    """Copy the templates of a git repository to ./template; those that are here stay.

    Examples: faas-cli template pull · faas-cli template pull ../my-templates
    · faas-cli template pull https://git.example.com/templates#v2
    """
    source = sources[0] if sources else os.environ.get("OPENFAAS_TEMPLATE_URL") or _DEFAULT
    repository, _, reference = source.partition("#")
    if not Path(repository).exists() and not _REMOTE.fullmatch(repository):
        raise CliError("the repository URL must be a valid git repo uri")
    with tempfile.TemporaryDirectory() as folder:
        warn(f"Attempting to expand templates from {repository}")
        _clone(repository, reference, folder)
        _copy(Path(folder) / FOLDER, repository, overwrite=overwrite)


def pull_missing(templates: Mapping[str, str]) -> None:
    """Pull what a stack file names as its templates (name → repository) and ./template has not."""
    for name, source in templates.items():
        if not (FOLDER / name).is_dir():
            if not source:
                raise CliError(f"could not pull templates from function yaml file: {name} has no source")
            pull_templates([source])


def _clone(repository: str, reference: str, folder: str) -> None:
    branch = ["--branch", reference] if reference else []
    ran = subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", *branch, "--", repository, folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise CliError(f"could not pull templates for OpenFaaS: {ran.stderr.strip()}")


def _copy(found: Path, repository: str, *, overwrite: bool) -> None:
    if not found.is_dir():
        raise CliError(f"can't find templates in: {repository}")
    names = sorted(entry.name for entry in found.iterdir() if entry.is_dir())
    kept = [name for name in names if (FOLDER / name).exists() and not overwrite]
    fetched = [name for name in names if name not in kept]
    for name in fetched:
        shutil.copytree(found / name, FOLDER / name, dirs_exist_ok=True)
    if kept:
        warn(f"Cannot overwrite the following {len(kept)} template(s): {' '.join(kept)}")
    warn(f"Fetched {len(fetched)} template(s) : {' '.join(fetched)} from {repository}")
