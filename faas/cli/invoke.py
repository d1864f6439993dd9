"""`invoke`: a function called with the standard input as its body."""

import hashlib
import hmac
import sys
from typing import Annotated

import typer

from faas.cli.client import Answer, Connection, Unreachable, gateway_url, unexpected
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag, StackFlags
from faas.cli.output import say, warn
from faas.cli.stack_file import load_stack

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def invoke(
    stack_flags: StackFlags,
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    content_type: Annotated[str, typer.Option(help="Content-Type of the body.")] = "text/plain",
    query: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Part of the query string.")] = None,
    header: Annotated[list[str] | None, typer.Option("--header", "-H", metavar="KEY=VALUE")] = None,
    method: Annotated[str, typer.Option("--method", "-m", metavar="|".join(_METHODS))] = "POST",
    asynchronous: Annotated[bool, typer.Option("--async", "-a", help="Queue the call and do not wait.")] = False,
    sign: Annotated[str, typer.Option(metavar="HEADER", help="Header for an HMAC of the body.")] = "",
    key: Annotated[str, typer.Option(help="The key to sign with.")] = "",
) -> None:
    """Call a function; the body comes from the standard input, and the answer goes to the standard output.

    Examples: echo hello | faas-cli invoke echo · faas-cli invoke env --method GET --query id=1 < /dev/null
    · faas-cli invoke resize --async -H "X-Callback-Url=http://gateway:8080/function/done" < image.png
    """
    if not names:
        raise CliError("please provide a name for the function")
    if bool(sign) != bool(key):
        raise CliError("signing requires both --sign <header-value> and --key <key-value>")
    url = gateway_url(gateway_flags.gateway, load_stack(stack_flags).gateway)
    body = read_input()
    headers = _headers(header or [])
    if sign:
        headers[sign] = f"sha1={hmac.new(key.encode(), body, hashlib.sha1).hexdigest()}"
    place = "async-function" if asynchronous else "function"
    name = names[0] + (f".{namespace_flag.namespace}" if namespace_flag.namespace else "")
    path = f"/{place}/{name}{_query(query or [])}"
    if method not in _METHODS:
        raise CliError(f"the --method or -m flag must take one of these values ({'/'.join(_METHODS)})")
    # Without the gateway's credentials: they are no business of a function.
    connection = Connection(url, verify=not gateway_flags.tls_no_verify, timeout=None)
    try:
        _show(connection.send(method, path, headers={"Content-Type": content_type, **headers}, body=body, follow=True))
    except Unreachable as error:
        say(f'\n{method.title()} "{url}{path}": {error.reason}')
        raise


def read_input() -> bytes:
    """All of the standard input, with a hint for whoever sits in front of it."""
    if sys.stdin.isatty():
        warn("Reading from STDIN - hit (Control + D) to stop.")
    return sys.stdin.buffer.read()


def _show(answer: Answer) -> None:
    if answer.status_code == 202:
        warn("Function submitted asynchronously.")
    elif answer.ok:
        sys.stdout.buffer.write(answer.content)
        sys.stdout.flush()
    else:
        raise unexpected(answer)


def _query(given: list[str]) -> str:
    for part in given:
        if "=" not in part:
            raise CliError("the --query flags must take the form of key=value (= not found)")
        if part.endswith("="):
            raise CliError("the --query flag must take the form of: key=value (empty value given, or value ends in =)")
    return f"?{'&'.join(given)}" if given else ""


def _headers(given: list[str]) -> dict[str, str]:
    found = {}
    for part in given:
        name, equals, value = part.partition("=")
        if not (name and value):
            missing = "" if not equals else f" (empty {'value' if name else 'key'} given)"
            raise CliError(f"the --header or -H flag must take the form of key=value{missing}")
        found[name] = value
    return found
