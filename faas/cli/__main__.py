"""`faas-cli`: the program, made of its verbs."""

import inspect
import sys
from collections.abc import Callable

import typer

from faas.cli.build import build, push, up
from faas.cli.deploy import deploy, remove
from faas.cli.errors import CliError
from faas.cli.flags import Verb, grouped
from faas.cli.invoke import invoke
from faas.cli.listing import describe, list_functions
from faas.cli.login import login, logout
from faas.cli.logs import logs
from faas.cli.new import list_languages, new
from faas.cli.output import LOGO, say
from faas.cli.pull import pull_templates
from faas.cli.secrets import create_secret, list_secrets, remove_secret, update_secret
from faas.cli.status import namespaces, namespaces_as_before, ready, version

# Of several names for one verb, help shows the first.
_VERBS: dict[str, Callable[..., None]] = {
    "new": new,
    "build": build,
    "push": push,
    "deploy": deploy,
    "up": up,
    "list ls": list_functions,
    "describe": describe,
    "invoke": invoke,
    "logs": logs,
    "remove rm delete": remove,
    "ready": ready,
    "login": login,
    "logout": logout,
    "version": version,
    "namespaces": namespaces_as_before,
}
_GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "secret": (
        "Secrets of functions: create, list, update, remove.",
        {"create": create_secret, "list ls": list_secrets, "update u": update_secret, "remove rm": remove_secret},
    ),
    "template": ("The templates that functions are built with.", {"list ls": list_languages, "pull": pull_templates}),
    "namespace": ("The namespaces of a gateway.", {"list ls": namespaces}),
}
_ABOUT = """Manage your OpenFaaS functions from the command line.

A stack file names the functions: `faas-cli up` builds and deploys them, `faas-cli list` shows them.
"""
# These may also stand before the verb.
_STACK_FLAGS = ("-f", "--yaml", "--filter", "--regex")


def main(arguments: list[str]) -> int:
    """Run a verb and return its exit status; every failure is told on standard output and is 1."""
    if not arguments:
        say(LOGO)
    try:
        status = _program()(_verb_first(arguments) or ["--help"], prog_name="faas-cli", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except (CliError, typer.TyperException) as error:
        message = error.format_message() if isinstance(error, typer.TyperException) else str(error)
        say(message[:1].upper() + message[1:])
        return 1


def _program() -> typer.Typer:
    program = _group(_ABOUT, _VERBS)
    for name, (about, verbs) in _GROUPS.items():
        program.add_typer(_group(about, verbs), name=name)
    return program


def _group(about: str, verbs: dict[str, Callable[..., None]]) -> typer.Typer:
    made = typer.Typer(help=about, add_completion=False, pretty_exceptions_enable=False)
    for names, verb in verbs.items():
        for position, name in enumerate(names.split()):
            made.command(name, cls=Verb, hidden=position > 0, help=_help(verb))(grouped(verb))
    return made


def _help(verb: Callable[..., None]) -> str:
    """The verb's docstring, its examples a line each."""
    text, _, examples = (inspect.getdoc(verb) or "").partition("\n\nExample")
    commands = " ".join(examples.partition(": ")[2].split()).split(" · ")
    # \b keeps lines from being joined.
    return text + "".join(["\n\n\b\nExamples:", *(f"\n  {command}" for command in commands)] if examples else [])


def _verb_first(arguments: list[str]) -> list[str]:
    flags: list[str] = []
    rest = list(arguments)
    while rest and rest[0].partition("=")[0] in _STACK_FLAGS:
        taken = 1 if "=" in rest[0] else 2
        flags, rest = flags + rest[:taken], rest[taken:]
    return rest + flags


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
