"""`deploy` and `remove`: functions put on a gateway, and taken from it."""

from typing import Annotated, Any

import typer

from faas.cli.client import (
    UNAUTHORIZED,
    Answer,
    Gateway,
    content,
    gateway_url,
    unexpected,
    warn_unless_encrypted,
)
from faas.cli.deployments import DeployFlags, from_flags, from_stack
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag, StackFlags
from faas.cli.output import say
from faas.cli.stack_file import load_stack
from faas.durations import seconds


def deploy(
    stack_flags: StackFlags, flags: DeployFlags, gateway_flags: GatewayFlags, namespace_flag: NamespaceFlag
) -> None:
    """Deploy the functions of a stack file, or one from --image and --name.

    A failure does not stop the others; the exit status is 1 if there was one.

    Examples: faas-cli deploy · faas-cli deploy --filter "*-order" -e LOG_LEVEL=debug
    · faas-cli deploy --image me/fn:1 --name fn --secret api-key
    """
    stack = load_stack(stack_flags)
    url, namespace = gateway_url(gateway_flags.gateway, stack.gateway), namespace_flag.namespace
    # Who names an image does not mean all functions of a stack file that happens to lie here.
    meant = {} if flags.image and flags.name and not stack_flags.yaml else stack.functions
    bodies = [from_stack(function, flags, namespace) for function in meant.values()]
    deploy_bodies(url, bodies or [from_flags(flags, namespace)], gateway_flags, flags, announce=bool(bodies))


def deploy_bodies(
    url: str, bodies: list[dict[str, Any]], gateway_flags: GatewayFlags, flags: DeployFlags, *, announce: bool = False
) -> None:
    """Deploy one function after the other, announced by name or not. Raises CliError naming those that failed."""
    if flags.update and flags.replace:
        say(_BOTH)
        raise CliError("cannot specify --update and --replace at the same time")
    gateway = Gateway(url, gateway_flags, _timeout(flags.timeout))
    failed = {}
    for body in bodies:
        if announce:
            say(f"Deploying: {body['service']}.")
        warn_unless_encrypted(gateway.url, gateway_flags)
        status = _deploy(gateway, body, flags)
        if status not in (200, 202):
            failed[body["service"]] = status
    if failed:
        raise CliError(
            "\n".join(f"function '{name}' failed to deploy with status code: {code}" for name, code in failed.items())
        )


def remove(
    stack_flags: StackFlags,
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]", show_default=False)] = None,
) -> None:
    """Remove one function by name, or those of a stack file.

    Examples: faas-cli remove hello · faas-cli remove -f stack.yml --filter "*-order"
    """
    flag = namespace_flag.namespace
    if names:
        _remove(Gateway(gateway_url(gateway_flags.gateway), gateway_flags), names[0], flag)
        return
    stack = load_stack(stack_flags)
    if not stack.functions:
        raise CliError("please provide the name of a function to delete")
    gateway = Gateway(gateway_url(gateway_flags.gateway, stack.gateway), gateway_flags)
    errors = []
    for function in stack.functions.values():
        try:
            _remove(gateway, function.name, flag or function.namespace, missing_is_fine=True)
        except CliError as error:
            errors.append(f"{function.name}: {error}")
    if errors:
        raise CliError("\n".join(errors))


_BOTH = """\
Cannot specify --update and --replace at the same time. One of --update or --replace must be false.
  --replace    removes an existing deployment before re-creating it
  --update     performs a rolling update to a new function image or configuration (default true)"""


def _timeout(text: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise CliError(f'invalid argument "{text}" for "--timeout" flag: {error}') from error


def _deploy(gateway: Gateway, body: dict[str, Any], flags: DeployFlags) -> int:
    """Deploy one function and say how it went; the status, or 500 when the gateway cannot be reached."""
    try:
        answer = _send(gateway, body, flags)
    except CliError as error:
        say(f"\nIs OpenFaaS deployed? Do you need to specify the --gateway flag?\n{error}\n")
        return 500
    name = body["service"]
    if answer.status_code == 200:
        say(f"Function {name} already exists, attempting rolling-update.")
    say(f"\n{_outcome(gateway, name, body.get('namespace', ''), answer)}\n")
    return answer.status_code


def _send(gateway: Gateway, body: dict[str, Any], flags: DeployFlags) -> Answer:
    if flags.replace:
        removed = gateway.call("DELETE", "/system/functions", body=_named(body["service"], body.get("namespace", "")))
        if removed.ok:
            say("Removing old function.")
    answer = gateway.call("PUT" if flags.update else "POST", "/system/functions", body=body)
    if flags.update and answer.status_code == 404:
        answer = gateway.call("POST", "/system/functions", body=body)
    return answer


def _outcome(gateway: Gateway, name: str, namespace: str, answer: Answer) -> str:
    if answer.status_code in (200, 201, 202):
        url = f"{gateway.url}/function/{name}" + (f".{namespace}" if namespace else "")
        return f"Deployed. {answer.status_code} {answer.reason}.\nURL: {url}"
    if answer.status_code == 401:
        return UNAUTHORIZED
    return f"Unexpected status: {answer.status_code}, message: {content(answer)}"


def _remove(gateway: Gateway, name: str, namespace: str, *, missing_is_fine: bool = False) -> None:
    say(f"Deleting: {name}.{namespace}")
    answer = gateway.call("DELETE", "/system/functions", body=_named(name, namespace))
    if answer.status_code in (200, 201, 202):
        say("Removing old function.")
    elif answer.status_code != 404:
        raise unexpected(answer)
    elif not missing_is_fine:
        raise CliError("No existing function to remove")


def _named(name: str, namespace: str) -> dict[str, str]:
    return {"functionName": name, **({"namespace": namespace} if namespace else {})}
