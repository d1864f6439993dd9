"""`template pull` and `template store pull`: templates taken from git repositories and folders."""

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
from faas.cli.flags import StackFlags
from faas.cli.output import say, warn
from faas.cli.stack_file import load_stack
from faas.cli.store import UrlFlag
from faas.cli.template_store import find_template
from faas.cli.templates import FOLDER, NOT_TO_COPY

# The templates that came with this program serve without the internet.
_OWN = Path(__file__).resolve().parents[2]
_UPSTREAM = "https://github.com/openfaas/templates.git"
_REMOTE = re.compile(r"(https?|ssh|git|file)://\S+|\S+@\S+:\S+")

OverwriteFlag = Annotated[bool, typer.Option("--overwrite", help="Put them over those that are here.")]
_DebugFlag = Annotated[bool, typer.Option("--debug", hidden=True)]


def pull_templates(
    stack_flags: StackFlags,
    sources: Annotated[list[str] | None, typer.Argument(metavar="[REPOSITORY[#REF]]", show_default=False)] = None,
    overwrite: OverwriteFlag = False,
    debug: _DebugFlag = False,  # noqa: ARG001
) -> None:
    """Copy the templates of a git repository or a folder to ./template; those that are here stay.

    Without a name: from $OPENFAAS_TEMPLATE_URL, else those that came with this program. The name "stack" stands for the
    sources that the stack file names.

    Examples: faas-cli template pull · faas-cli template pull ../my-templates · faas-cli template pull stack
    · faas-cli template pull https://git.example.com/templates#v2
    """
    if sources == ["stack"]:
        _pull_stack(load_stack(stack_flags).templates)
    else:
        pull(sources[0] if sources else _default(), overwrite=overwrite)


def pull_from_store(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    url: UrlFlag = "",
    overwrite: OverwriteFlag = False,
    debug: _DebugFlag = False,  # noqa: ARG001
) -> None:
    """Copy the templates of the repository that a template store names.

    Example: faas-cli template store pull ruby-http
    """
    pull(find_template(names, url)["repo"], overwrite=overwrite)


def pull_missing(templates: Mapping[str, str]) -> None:
    """Pull what a stack file names as its templates and ./template has not; the default ones if it names none."""
    if not templates and not FOLDER.is_dir():
        warn("No templates found in current directory.")
        pull(_default())
    for name, source in templates.items():
        if not (FOLDER / name).is_dir():
            _pull_named(name, source)


def pull(source: str, *, overwrite: bool = False) -> None:
    """Copy the templates of a source to ./template. Raises CliError when it has none."""
    repository, _, reference = source.partition("#")
    if not Path(repository).exists() and not _REMOTE.fullmatch(repository):
        raise CliError("the repository URL must be a valid git repo uri")
    warn(f"Attempting to expand templates from {repository}")
    if _is_plain_folder(Path(repository)):
        _copy(Path(repository) / FOLDER, repository, overwrite=overwrite)
        return
    say(f"Fetch templates from repository: {repository} at {reference}")
    with tempfile.TemporaryDirectory() as folder:
        _clone(repository, reference, folder)
        _copy(Path(folder) / FOLDER, repository, overwrite=overwrite)


def _default() -> str:
    own = str(_OWN) if (_OWN / FOLDER).is_dir() else _UPSTREAM
    return os.environ.get("OPENFAAS_TEMPLATE_URL") or own


def _pull_stack(templates: Mapping[str, str]) -> None:
    if not templates:
        raise CliError("can't read configuration: no template repos currently configured")
    for name, source in templates.items():
        say(f"Pulling template: {name} from the stack file")
        _pull_named(name, source)


def _pull_named(name: str, source: str) -> None:
    pull(source or find_template([name])["repo"])


def _is_plain_folder(path: Path) -> bool:
    """Whether it is to be taken as it is: our own templates, or a folder that is no git repository."""
    return path.resolve() == _OWN or (path.is_dir() and not (path / ".git").exists() and not (path / "HEAD").exists())


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
    if found.resolve() == FOLDER.resolve():
        raise CliError(f"the templates of {repository} are those in ./{FOLDER}")
    names = sorted(entry.name for entry in found.iterdir() if entry.is_dir())
    kept = [name for name in names if (FOLDER / name).exists() and not overwrite]
    fetched = [name for name in names if name not in kept]
    for name in fetched:
        shutil.copytree(found / name, FOLDER / name, dirs_exist_ok=True, ignore=NOT_TO_COPY)
    if kept:
        warn(f"Cannot overwrite the following {len(kept)} template(s): [{' '.join(kept)}]")
    warn(f"Fetched {len(fetched)} template(s) : [{' '.join(fetched)}] from {repository}")
