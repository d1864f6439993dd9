"""`ready` and `version`: what a gateway says of itself."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from faas.cli import VERSION
from faas.cli.client import Connection, Gateway, gateway_url
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag, StackFlags
from faas.cli.output import LOGO, say
from faas.cli.stack_file import load_stack
from faas.durations import seconds

_VERSION_SECONDS = 5.0


def ready(
    stack_flags: StackFlags,
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]", show_default=False)] = None,
    attempts: Annotated[int, typer.Option(metavar="N", help="How often to ask.")] = 60,
    interval: Annotated[str, typer.Option(metavar="DURATION", help="How long to wait in between.")] = "1s",
) -> None:
    """Wait until the gateway, or a function on it, is ready for use.

    Examples: faas-cli ready · faas-cli ready get-book --attempts 10
    """
    if attempts < 1:
        raise CliError("attempts must be greater than 0")
    pause = seconds(interval)
    url = gateway_url(gateway_flags.gateway, load_stack(stack_flags).gateway)
    if not names:
        _wait("gateway", lambda: _gateway_is_ready(url, gateway_flags), attempts, pause)
        say("OpenFaaS gateway is ready")
        return
    gateway, namespace = Gateway(url, gateway_flags), namespace_flag.namespace
    shown = names[0] + (f".{namespace}" if namespace else "")
    _wait(f"function {shown}", lambda: _is_available(gateway, names[0], namespace), attempts, pause)
    say(f"Function {names[0]} is ready")


def version(
    stack_flags: StackFlags,
    gateway_flags: GatewayFlags,
    short_version: Annotated[bool, typer.Option("--short-version", help="The version only.")] = False,
    warn_update: Annotated[bool, typer.Option("--warn-update/--no-warn-update", hidden=True)] = False,  # noqa: ARG001
) -> None:
    """Show the versions of this program, of the gateway and of its provider.

    Examples: faas-cli version · faas-cli version --short-version
    """
    if short_version:
        say(VERSION)
        return
    say(f"{LOGO}CLI:\n commit:  {_commit()}\n version: {VERSION}")
    try:
        url = gateway_url(gateway_flags.gateway, load_stack(stack_flags).gateway)
        say(_described(url, Gateway(url, gateway_flags, _VERSION_SECONDS).document("/system/info")))
    except CliError:
        # A client without a server has a version too.
        return


def _wait(what: str, is_ready: Callable[[], bool], attempts: int, pause: float) -> None:
    for attempt in range(1, attempts + 1):
        say(f"[{attempt}/{attempts}] Waiting for {what}")
        try:
            if is_ready():
                return
        except CliError as error:
            asked = "reaching OpenFaaS gateway" if what == "gateway" else "getting function info"
            say(f"[{attempt}/{attempts}] Error {asked}: {error}")
        time.sleep(pause)
    raise CliError(f"{what} not ready after: {pause * attempts:g}s")


def _gateway_is_ready(url: str, flags: GatewayFlags) -> bool:
    return Connection(url, verify=not flags.tls_no_verify).send("GET", "/healthz").status_code == 200


def _is_available(gateway: Gateway, name: str, namespace: str) -> bool:
    return bool(gateway.function(name, namespace).get("availableReplicas"))


def _commit() -> str:
    ran = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return ran.stdout.strip()


def _described(url: str, info: dict[str, dict[str, dict[str, str]]]) -> str:
    gateway, provider = info.get("version") or {}, info.get("provider") or {}
    theirs = provider.get("version") or {}
    release = f"\n version: {gateway['release']}\n sha:     {gateway['sha']}\n" if gateway.get("release") else ""
    return (
        f"\nGateway\n uri:     {url}{release}\n\n"
        f"Provider\n name:          {provider.get('provider', '')}\n"
        f" orchestration: {provider.get('orchestration', '')}\n"
        f" version:       {theirs.get('release', '')} \n sha:           {theirs.get('sha', '')}"
    )
