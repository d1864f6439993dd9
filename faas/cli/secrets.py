"""`secret create|list|update|remove`: secrets of functions on a gateway."""

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from faas.cli.client import Answer, Gateway, gateway_url, unexpected, warn_unless_encrypted
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag
from faas.cli.invoke import read_input
from faas.cli.output import say

_PATH = "/system/secrets"
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")

NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)]


@dataclass(frozen=True)
class ValueFlags:
    """Where a secret's value comes from: one of these, or the standard input."""

    from_literal: Annotated[str, typer.Option(metavar="VALUE", help="The value; seen by others on this machine.")] = ""
    from_file: Annotated[str, typer.Option(metavar="FILE", help="A file that holds the value.")] = ""
    trim: Annotated[bool, typer.Option("--trim/--no-trim", help="Cut blanks and newlines off both ends.")] = True


def create_secret(
    flags: ValueFlags, gateway_flags: GatewayFlags, namespace_flag: NamespaceFlag, names: NamesArgument = None
) -> None:
    """Create a secret; functions read it as /var/openfaas/secrets/NAME.

    Examples: faas-cli secret create api-key --from-file key.txt · pass api-key | faas-cli secret create api-key
    """
    name = _only(names)
    if not _NAME.fullmatch(name):
        raise CliError(
            f"ERROR: invalid secret name {name}\nSecret name must start and end with an alphanumeric character \n"
            "and can only contain lower-case alphanumeric characters, '-' or '.'"
        )
    body = _body(name, namespace_flag.namespace) | _value(flags)
    gateway = _connect(gateway_flags)
    say(f"Creating secret: {name}.{namespace_flag.namespace}")
    answer = gateway.call("POST", _PATH, body=body)
    if answer.status_code == 409:
        raise CliError(f'secret with the name "{name}" already exists')
    say(f"Created: {_accepted(answer, 200, 201, 202)}")


def update_secret(
    flags: ValueFlags, gateway_flags: GatewayFlags, namespace_flag: NamespaceFlag, names: NamesArgument = None
) -> None:
    """Give a secret another value.

    Example: faas-cli secret update api-key --from-file key.txt
    """
    name = _only(names)
    body = _body(name, namespace_flag.namespace) | _value(flags)
    gateway = _connect(gateway_flags)
    say(f"Updating secret: {name}")
    answer = gateway.call("PUT", _PATH, body=body)
    _refuse_missing(answer, name)
    say(f"Updated: {_accepted(answer, 200, 202)}")


def remove_secret(gateway_flags: GatewayFlags, namespace_flag: NamespaceFlag, names: NamesArgument = None) -> None:
    """Remove a secret that no function uses.

    Example: faas-cli secret remove api-key
    """
    name = _only(names)
    gateway = _connect(gateway_flags)
    answer = gateway.call("DELETE", _PATH, body=_body(name, namespace_flag.namespace))
    _refuse_missing(answer, name)
    _accepted(answer, 200, 202, 204)
    say("Removed.. OK.")


def list_secrets(gateway_flags: GatewayFlags, namespace_flag: NamespaceFlag) -> None:
    """List the names of all secrets; nobody can read their values back.

    Example: faas-cli secret list
    """
    answer = _connect(gateway_flags).call("GET", _PATH, query={"namespace": namespace_flag.namespace})
    _accepted(answer, 200, 202)
    names = [secret["name"] for secret in answer.json() or []]
    say("\n".join(["", "NAME", *names, ""]) if names else "No secrets found.")


def _connect(flags: GatewayFlags) -> Gateway:
    url = gateway_url(flags.gateway)
    warn_unless_encrypted(url, flags)
    return Gateway(url, flags)


def _only(names: list[str] | None) -> str:
    if not names:
        raise CliError("secret name required")
    if len(names) > 1:
        raise CliError("too many values for secret name")
    return names[0]


def _value(flags: ValueFlags) -> dict[str, str]:
    """The value as the gateway takes it; with its exact bytes when it comes from a file."""
    if flags.from_literal and flags.from_file:
        raise CliError("please provide secret using only one option from --from-literal, --from-file and STDIN")
    found = _given(flags)
    value = found.strip() if flags.trim and _is_text(found) else found
    if not value:
        raise CliError("must provide a non empty secret via --from-literal, --from-file or STDIN")
    raw = {"rawValue": base64.b64encode(value).decode()} if flags.from_file else {}
    return {"value": value.decode(errors="replace"), **raw}


def _is_text(found: bytes) -> bool:
    try:
        found.decode()
    except UnicodeDecodeError:
        return False
    return True


def _given(flags: ValueFlags) -> bytes:
    if flags.from_literal:
        return flags.from_literal.encode()
    if not flags.from_file:
        return read_input()
    try:
        return Path(flags.from_file).read_bytes()
    except OSError as error:
        raise CliError(f"unable to read secret file: open {flags.from_file}: {str(error.strerror).lower()}") from error


def _body(name: str, namespace: str) -> dict[str, str]:
    return {"name": name, **({"namespace": namespace} if namespace else {})}


def _refuse_missing(answer: Answer, name: str) -> None:
    if answer.status_code == 404:
        raise CliError(f"unable to find secret: {name}")


def _accepted(answer: Answer, *good: int) -> str:
    if answer.status_code not in good:
        raise unexpected(answer)
    return f"{answer.status_code} {answer.reason}"
