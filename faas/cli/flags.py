"""The flags that verbs share, in groups, and the two spellings of pflag that typer does not know."""

import difflib
import inspect
import re
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from faas.cli.errors import CliError

_ON, _OFF = ("true", "t", "1"), ("false", "f", "0")
_LONG, _SHORT = re.compile(r"(--[^=]+)=(.*)", re.DOTALL), re.compile(r"(-[a-zA-Z])=(.*)", re.DOTALL)


@dataclass(frozen=True)
class StackFlags:
    """Which functions of which stack file."""

    yaml: Annotated[
        str, typer.Option("--yaml", "-f", metavar="FILE|URL", help="The stack file; ./stack.yml when there is one.")
    ] = ""
    filter: Annotated[str, typer.Option(metavar="WILDCARD", help='Only the functions that match, as "*-order".')] = ""
    regex: Annotated[str, typer.Option(metavar="REGEX", help='Only the functions that match, as "^get-".')] = ""
    envsubst: Annotated[
        bool, typer.Option("--envsubst/--no-envsubst", help="Put environment variables into the stack file.")
    ] = True


@dataclass(frozen=True)
class _EverywhereFlags:
    """What every verb takes, also where it has no meaning, so that one set of flags fits a whole script."""

    yaml: Annotated[str, typer.Option("--yaml", "-f", hidden=True)] = ""
    filter: Annotated[str, typer.Option(hidden=True)] = ""
    regex: Annotated[str, typer.Option(hidden=True)] = ""


@dataclass(frozen=True)
class GatewayFlags:
    """Which gateway, and how to be known there."""

    gateway: Annotated[
        str,
        typer.Option(
            "--gateway",
            "-g",
            metavar="URL",
            help="The gateway; else the stack file's, else $OPENFAAS_URL, else http://127.0.0.1:8080.",
        ),
    ] = ""
    tls_no_verify: Annotated[bool, typer.Option("--tls-no-verify", help="Accept any TLS certificate.")] = False
    token: Annotated[str, typer.Option("--token", "-k", metavar="JWT", help="A token; a stored login wins.")] = ""


@dataclass(frozen=True)
class NamespaceFlag:
    """Which namespace of the gateway."""

    namespace: Annotated[str, typer.Option("--namespace", "-n", help="Namespace of the function.")] = ""


TagFlag = Annotated[
    str, typer.Option(metavar="latest|sha|branch|describe|digest", help="Tag the images from git or by content.")
]


class Verb(TyperCommand):
    """A command that also takes `--flag=false` for its switches and `-e=KEY=VALUE` for its short options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        switches = {
            name: option
            for option in self.params
            if isinstance(option, TyperOption) and option.is_flag
            for name in option.opts
        }
        end = args.index("--") if "--" in args else len(args)
        spelled = [word for arg in args[:end] for word in _respell(arg, switches)]
        return super().parse_args(ctx, spelled + args[end:])

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help without Python's types: that a switch is a <bool> and NAME a <list[str]> helps nobody."""
        for parameter in self.get_params(ctx):
            if isinstance(parameter, TyperArgument):
                parameter.hidden = True
            elif isinstance(parameter, TyperOption) and parameter.metavar is None:
                parameter.metavar = "" if parameter.is_flag else "TEXT"
        super().format_help(ctx, formatter)


class Verbs(TyperGroup):
    """A group of verbs that answers an unknown one in upstream's words, and none with its help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the verb. Raises CliError with those that may have been meant."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            visible = [known for known, verb in self.commands.items() if not verb.hidden]
            close = difflib.get_close_matches(name, visible) or [known for known in visible if known.startswith(name)]
            hint = "".join(["\n\nDid you mean this?", *(f"\n\t{known}" for known in close), "\n"]) if close else ""
            raise CliError(f'unknown command "{name}" for "{ctx.command_path}"{hint}')
        return super().resolve_command(ctx, args)


def _respell(arg: str, switches: dict[str, TyperOption]) -> list[str]:
    match = _LONG.fullmatch(arg) or _SHORT.fullmatch(arg)
    if match is None:
        return [arg]
    name, value = match.groups()
    if name not in switches:
        return [arg] if name.startswith("--") else [name, value]
    if value.lower() in _ON:
        return [name]
    # A switch that is off unless given has no opposite: leaving it out turns it off.
    return switches[name].secondary_opts[:1] if value.lower() in _OFF else [arg]


def grouped(verb: Callable[..., None]) -> Callable[..., None]:
    """Spread each parameter of `verb` that is a group of flags into its flags, so that typer sees them one by one."""
    hints = get_type_hints(verb, include_extras=True)
    groups: dict[str, type[Any]] = {
        name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)
    }
    parameters: dict[str, inspect.Parameter] = {}
    for name, parameter in inspect.signature(verb).parameters.items():
        if name in groups:
            # Two groups may share a flag.
            _add(parameters, groups[name])
        else:
            parameters[name] = parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
    _add(parameters, _EverywhereFlags)

    @wraps(verb)
    def spread(**given: Any) -> None:
        made = {
            name: group(**{field.name: given[field.name] for field in fields(group)}) for name, group in groups.items()
        }
        plain = {name: value for name, value in given.items() if name in hints}
        verb(**plain, **made)

    spread.__annotations__ = {name: parameter.annotation for name, parameter in parameters.items()}
    spread.__signature__ = inspect.Signature(list(parameters.values()))  # type: ignore[attr-defined]
    return spread


def _add(parameters: dict[str, inspect.Parameter], group: type[Any]) -> None:
    for field in fields(group):
        parameters.setdefault(field.name, _parameter(field))


def _parameter(field: Field[Any]) -> inspect.Parameter:
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=field.type)


_PLURALS = {"env": "envvars", "label": "labels", "annotation": "annotations"}


def pairs(given: list[str], what: str) -> dict[str, str]:
    """`KEY=VALUE` flags as a map. Raises CliError for one without a key or without a value."""
    found = {}
    where = f"error parsing {_PLURALS[what]}: " if what in _PLURALS else ""
    for text in given:
        key, equals, value = text.strip().partition("=")
        if not equals:
            raise CliError(f"{where}label format is not correct, needs key=value")
        if not key or not value:
            raise CliError(f"{where}empty {what} {'value' if key else 'name'}: [{text}]")
        found[key] = value
    return found
