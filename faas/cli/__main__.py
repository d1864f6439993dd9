"""`faas-cli`: the program, made of its verbs."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass

import typer

from faas.cli.build import build, push, up
from faas.cli.completion import completion, is_completing
from faas.cli.deploy import deploy, remove
from faas.cli.errors import CliError
from faas.cli.flags import Verb, Verbs, grouped
from faas.cli.generate import generate
from faas.cli.invoke import invoke
from faas.cli.listing import describe, list_functions
from faas.cli.local_run import local_run
from faas.cli.login import login, logout
from faas.cli.logs import logs
from faas.cli.namespaces import (
    create_namespace,
    delete_namespace,
    get_namespace,
    list_namespaces,
    list_namespaces_as_before,
    update_namespace,
)
from faas.cli.new import list_languages, new
from faas.cli.output import LOGO, say
from faas.cli.pull import pull_from_store, pull_templates
from faas.cli.secrets import create_secret, list_secrets, remove_secret, update_secret
from faas.cli.status import ready, version
from faas.cli.store import deploy_store, describe_store, list_store
from faas.cli.template_store import describe_template_store, list_template_store


@dataclass(frozen=True)
class Group:
    """Verbs under a common word. Of several names for one verb or group, help shows the first."""

    about: str
    verbs: dict[str, "Callable[..., None] | Group"]


_TEMPLATE_STORE = Group(
    "Templates that others made, listed in a store.",
    {"list ls": list_template_store, "describe": describe_template_store, "pull": pull_from_store},
)
_PROGRAM = Group(
    """Manage your OpenFaaS functions from the command line.

    A stack file names the functions: `faas-cli up` builds and deploys them, `faas-cli list` shows them.

    Examples: faas-cli new --list · faas-cli new hello --lang python3-http · faas-cli local-run hello -f hello.yml
    · faas-cli up -f hello.yml --skip-push · echo hi | faas-cli invoke hello · faas-cli logs hello
    · faas-cli up --help
    """,
    {
        "new": new,
        "build": build,
        "push": push,
        "deploy": deploy,
        "up": up,
        "local-run": local_run,
        "list ls": list_functions,
        "describe": describe,
        "invoke": invoke,
        "logs": logs,
        "remove rm delete": remove,
        "ready": ready,
        "generate": generate,
        "login": login,
        "logout": logout,
        "version": version,
        "completion": completion,
        "secret": Group(
            "Secrets of functions.",
            {"create": create_secret, "list ls": list_secrets, "update u": update_secret, "remove rm": remove_secret},
        ),
        "template": Group(
            "The templates that functions are built with.",
            {"list ls": list_languages, "pull": pull_templates, "store": _TEMPLATE_STORE},
        ),
        "store": Group(
            "Functions that others built, listed in a store.",
            {"list ls": list_store, "describe inspect": describe_store, "deploy": deploy_store},
        ),
        "namespace ns": Group(
            "The namespaces of a gateway.",
            {
                "list ls": list_namespaces,
                "get": get_namespace,
                "create": create_namespace,
                "update": update_namespace,
                "delete": delete_namespace,
            },
        ),
    },
)
# These may also stand before the verb.
_STACK_FLAGS = ("-f", "--yaml", "--filter", "--regex")


def main(arguments: list[str]) -> int:
    """Run a verb and return its exit status; every failure is told on standard output and is 1."""
    if not arguments and not is_completing():
        say(LOGO)
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    try:
        status = _program()(_verb_first(arguments), prog_name="faas-cli", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except (CliError, typer.TyperException, OSError) as error:
        message = _told(error)
        say(message[:1].upper() + message[1:])
        return 1


def _told(error: Exception) -> str:
    if isinstance(error, typer.TyperException):
        return error.format_message()
    # What the system refuses, such as to write a file, in Go's words.
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {str(error.strerror).lower()}"
    return str(error)


def _program() -> typer.Typer:
    program = _made(_PROGRAM)
    program.command("namespaces", cls=Verb, hidden=True)(grouped(list_namespaces_as_before))
    return program


def _made(group: Group) -> typer.Typer:
    made = typer.Typer(help=_help(group.about), cls=Verbs, add_completion=False, pretty_exceptions_enable=False)
    for names, verb in group.verbs.items():
        for position, name in enumerate(names.split()):
            if isinstance(verb, Group):
                made.add_typer(_made(verb), name=name, hidden=position > 0)
            else:
                made.command(name, cls=Verb, hidden=position > 0, help=_help(verb.__doc__ or ""))(grouped(verb))
    return made


def _help(docstring: str) -> str:
    """The text with a line for each paragraph, and one for each example."""
    text, _, examples = inspect.cleandoc(docstring).partition("\n\nExample")
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
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
