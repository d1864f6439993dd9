"""`login` and `logout`: credentials checked with a gateway, and kept for the next call."""

import sys
from typing import Annotated

import typer

from faas.cli.client import Connection, Unreachable, content, gateway_url, warn_unless_encrypted
from faas.cli.config import encoded, remove_login, save_login
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags
from faas.cli.output import say
from faas.durations import seconds


def login(
    gateway_flags: GatewayFlags,
    username: Annotated[str, typer.Option("--username", "-u", help="The operator's name.")] = "admin",
    password: Annotated[str, typer.Option("--password", "-p", help="Seen by others on this machine: prefer -s.")] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", "-s", help="Read it from the input.")] = False,
    timeout: Annotated[str, typer.Option(metavar="DURATION", help="Limit for the call.")] = "5s",
) -> None:
    """Check credentials with the gateway and keep them in ~/.openfaas (or $OPENFAAS_CONFIG).

    Example: faas-cli login --password-stdin < password-file
    """
    if not username:
        raise CliError("must provide --username or -u")
    secret = _password(password, from_input=password_stdin)
    say("Calling the OpenFaaS server to validate the credentials...")
    url = gateway_url(gateway_flags.gateway)
    warn_unless_encrypted(url, gateway_flags)
    _check(url, username, secret, gateway_flags, seconds(timeout))
    save_login(url, username, secret)
    say(f"credentials saved for {username} {url}")


def logout(gateway_flags: GatewayFlags) -> None:
    """Forget the credentials of a gateway.

    Example: faas-cli logout --gateway https://openfaas.example.com
    """
    url = gateway_url(gateway_flags.gateway.strip())
    remove_login(url)
    say(f"credentials removed for {url}")


def _password(given: str, *, from_input: bool) -> str:
    if given:
        say(
            "WARNING! Using --password is insecure, "
            "consider using: cat ~/faas_pass.txt | faas-cli login -u user --password-stdin"
        )
        if from_input:
            raise CliError("--password and --password-stdin are mutually exclusive")
    found = (sys.stdin.read() if from_input else given).strip()
    if not found:
        raise CliError("must provide a non-empty password via --password or --password-stdin")
    return found


def _check(url: str, user: str, password: str, flags: GatewayFlags, timeout: float) -> None:
    header = f"Basic {encoded(user, password)}"
    connection = Connection(url, authorization=header, verify=not flags.tls_no_verify, timeout=timeout)
    try:
        answer = connection.send("GET", "/system/functions")
    except Unreachable as error:
        raise CliError(f"{error}. {error.reason}") from error
    if answer.status_code == 401:
        raise CliError("unable to login, either username or password is incorrect")
    if answer.status_code != 200:
        raise CliError(f"server returned unexpected status code: {answer.status_code} - {content(answer)}")
