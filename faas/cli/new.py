"""`new`: a function begun from a template."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from faas.cli.client import gateway_url
from faas.cli.errors import CliError
from faas.cli.flags import StackFlags
from faas.cli.output import LOGO, say
from faas.cli.pull import pull_missing
from faas.cli.stack_file import load_stack
from faas.cli.templates import NOT_TO_COPY, Template, languages, load_template

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_NOT_FOR_GIT = ("template", "build", ".secrets")
_NO_TEMPLATES = """\
no language templates were found.

Download templates:
  faas-cli template pull           download the default templates
  faas-cli template store list     view the community template store"""


@dataclass(frozen=True)
class ResourceFlags:
    """What the new function may use."""

    memory_limit: Annotated[str, typer.Option(help="As 128Mi.")] = ""
    cpu_limit: Annotated[str, typer.Option(help="As 500m.")] = ""
    memory_request: Annotated[str, typer.Option(help="As 64Mi.")] = ""
    cpu_request: Annotated[str, typer.Option(help="As 100m.")] = ""

    def text(self) -> str:
        """These as lines of a stack file."""
        groups = {
            "requests": (("cpu", self.cpu_request), ("memory", self.memory_request)),
            "limits": (("cpu", self.cpu_limit), ("memory", self.memory_limit)),
        }
        lines = ""
        for name, values in groups.items():
            given = "".join(f"      {key}: {value}\n" for key, value in values if value)
            lines += f"    {name}:\n{given}" if given else ""
        return lines


def new(
    resources: ResourceFlags,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    lang: Annotated[str, typer.Option(help="The template to begin with.")] = "",
    gateway: Annotated[str, typer.Option("--gateway", "-g", help="Gateway for the stack file.")] = "",
    handler: Annotated[str, typer.Option(metavar="FOLDER", help="Where to write the handler.")] = "",
    prefix: Annotated[str, typer.Option("--prefix", "-p", help="Prefix of the image; else $OPENFAAS_PREFIX.")] = "",
    append: Annotated[str, typer.Option("--append", "-a", metavar="FILE", help="Add to this stack file.")] = "",
    list_only: Annotated[bool, typer.Option("--list", help="List the languages.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Skip the template's notes.")] = False,
) -> None:
    """Begin a function: a folder with a handler, and an entry in a stack file.

    Examples: faas-cli new hello --lang python3-http · faas-cli new hello --lang python3-http --append stack.yml
    """
    if list_only:
        list_languages()
        return
    name = _name(names, lang)
    pull_missing({})
    template = _template(lang)
    file, folder = Path(append or f"{name}.yml"), Path(handler or name)
    _refuse(name, file, folder, append=append)
    folder.mkdir(mode=0o700)
    say(f"Folder: {folder} created.")
    _ignore_for_git()
    if template.folder:
        handler_folder = template.folder / template.handler_folder
        shutil.copytree(handler_folder, folder, dirs_exist_ok=True, ignore=NOT_TO_COPY)
    say(f"{LOGO}\nFunction created in folder: {folder}")
    image = "/".join(filter(None, [(prefix or os.environ.get("OPENFAAS_PREFIX", "")).strip(), f"{name}:latest"]))
    entry = f"  {name}:\n    lang: {lang}\n    handler: ./{folder}\n    image: {image}\n{resources.text()}\n"
    _write(file, entry if append else f"{_header(gateway_url(gateway))}{entry}")
    say(f"Stack file {'updated' if append else 'written'}: {file}")
    if template.welcome_message and not quiet:
        say(f"\nNotes:\n{template.welcome_message}")


def list_languages() -> None:
    """List the templates in ./template.

    Example: faas-cli template list
    """
    found = languages()
    if not found:
        raise CliError(_NO_TEMPLATES)
    say("\n".join(["Languages available as templates:", *(f"- {name}" for name in found), ""]))


def _name(names: list[str] | None, lang: str) -> str:
    if not lang:
        raise CliError("you must supply a function language with the --lang flag")
    if not names:
        raise CliError("please provide a name for the function")
    if not _NAME.fullmatch(names[0]):
        raise CliError("function name can only contain a-z, 0-9 and dashes")
    return names[0]


def _template(lang: str) -> Template:
    try:
        return load_template(lang)
    except CliError as error:
        raise CliError(f'template: "{lang}" was not found in the templates directory') from error


def _refuse(name: str, file: Path, folder: Path, *, append: str) -> None:
    if append and file.suffix not in (".yml", ".yaml"):
        raise CliError("when appending to a stack the suffix should be .yml or .yaml")
    if append and not file.exists():
        raise CliError(f"unable to find file: {file} - stat {file}: no such file or directory")
    if append and name in load_stack(StackFlags(yaml=append)).functions:
        raise CliError(
            f"\nFunction {name} already exists in {file} file. \nCannot have duplicate function names in same yaml file"
        )
    if folder.exists():
        raise CliError(f"folder: {folder} already exists")
    if file.exists() and not append:
        raise CliError(f"file: {file} already exists")


def _ignore_for_git() -> None:
    file = Path(".gitignore")
    lines = file.read_text().splitlines() if file.exists() else []
    missing = [name for name in _NOT_FOR_GIT if name not in lines]
    if missing:
        file.write_text("\n".join([*lines, *missing, ""]))


def _header(gateway: str) -> str:
    return f"version: 1.0\nprovider:\n  name: openfaas\n  gateway: {gateway}\nfunctions:\n"


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_APPEND | os.O_WRONLY | os.O_CREAT, 0o600), "a") as out:
        out.write(text)
