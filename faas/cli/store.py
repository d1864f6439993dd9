"""`store list|describe|deploy`: functions that others built, listed in a JSON file at a URL or on this machine."""

import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from faas.cli.client import Connection, Unreachable, content, gateway_url
from faas.cli.deploy import deploy_bodies
from faas.cli.deployments import DeployFlags, from_stack
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag
from faas.cli.output import say
from faas.cli.stack_file import Function, Resources
from faas.cli.tables import table

DEFAULT_STORE = "https://raw.githubusercontent.com/openfaas/store/master/functions.json"

UrlFlag = Annotated[str, typer.Option("--url", "-u", metavar="URL|FILE", help="The store.")]
_PlatformFlag = Annotated[str, typer.Option("--platform", "-p", help="What the images must run on.")]
_NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)]


def list_store(
    url: UrlFlag = DEFAULT_STORE,
    platform: _PlatformFlag = "x86_64",
    verbose: Annotated[bool, typer.Option("--verbose/--no-verbose", "-v", help="Whole titles.")] = True,
) -> None:
    """List the functions of a store.

    Examples: faas-cli store list · faas-cli store list --url ./functions.json
    """
    items = _items(url)
    found = [item for item in items if _image(item, platform)]
    if not found:
        platforms = ", ".join(dict.fromkeys(name for item in items for name in item.get("images") or {}))
        say(f"No functions found in the store for platform '{platform}', try one of the following: {platforms}")
        return
    rows = [(item["name"], item.get("author") or "unknown", _title(item, whole=verbose)) for item in found]
    say("\n".join(["", *table([("FUNCTION", "AUTHOR", "DESCRIPTION"), *rows]), ""]))


def describe_store(
    names: _NamesArgument = None, url: UrlFlag = DEFAULT_STORE, platform: _PlatformFlag = "x86_64"
) -> None:
    """Show a function of a store, by its name or title.

    Example: faas-cli store describe figlet
    """
    item = _item(url, _first(names), platform)
    lines = table([("Title:", item.get("title", "")), ("Author:", item.get("author", "")), ("Description:", "")])
    lines += [textwrap.fill(item.get("description", ""), 79), ""]
    lines += table(
        [
            ("Image:", _image(item, platform)),
            ("Process:", item.get("fprocess", "")),
            ("Repo URL:", item.get("repo_url", "")),
        ]
    )
    for title in ("Environment", "Labels", "Annotations"):
        if values := item.get(title.lower()):
            lines += [f"{title}:", *table([("- ", f"{key}:", value) for key, value in sorted(values.items())]), ""]
    say("\n".join(lines))


def deploy_store(
    flags: DeployFlags,
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    names: _NamesArgument = None,
    url: UrlFlag = DEFAULT_STORE,
    platform: _PlatformFlag = "x86_64",
) -> None:
    """Deploy a function of a store; flags win over what the store says.

    Example: faas-cli store deploy figlet --env write_timeout=10s
    """
    function = store_function(url, _first(names), platform)
    function = replace(
        function,
        name=flags.name or function.name,
        limits=Resources(flags.memory_limit, flags.cpu_limit),
        requests=Resources(flags.memory_request, flags.cpu_request),
    )
    body = from_stack(function, flags, namespace_flag.namespace)
    deploy_bodies(gateway_url(gateway_flags.gateway), [body], gateway_flags, flags)


def store_function(url: str, name: str, platform: str) -> Function:
    """A function of a store, as a stack file would have it. Raises CliError when the store has none of this name."""
    item = _item(url, name, platform)
    return Function(
        name=item["name"],
        image=_image(item, platform),
        fprocess=item.get("fprocess", ""),
        environment=dict(item.get("environment") or {}),
        labels=dict(item.get("labels") or {}),
        annotations=dict(item.get("annotations") or {}),
        readonly_root_filesystem=bool(item.get("readOnlyRootFilesystem")),
    )


def read_store(url: str) -> Any:
    """A store's document. Raises CliError when there is none, or when it is no JSON."""
    try:
        return json.loads(_text(url))
    except ValueError as error:
        raise CliError(f"cannot parse result from OpenFaaS store at URL: {url}\n{error}") from error


def _text(url: str) -> str:
    if not re.match(r"https?://", url):
        try:
            return Path(url).read_text()
        except OSError as error:
            raise CliError(f"open {url}: {str(error.strerror).lower()}") from error
    try:
        answer = Connection(url).send("GET", follow=True)
    except Unreachable as error:
        raise CliError(f"cannot connect to OpenFaaS store at URL: {url}") from error
    if answer.status_code != 200:
        raise CliError(f"server returned unexpected status code: {answer.status_code} - {content(answer)}")
    return content(answer)


def _items(url: str) -> list[dict[str, Any]]:
    return list(read_store(url).get("functions") or [])


def _item(url: str, name: str, platform: str) -> dict[str, Any]:
    for item in _items(url):
        if name in (item["name"], item.get("title")) and _image(item, platform):
            return item
    raise CliError(f"function '{name}' not found for platform '{platform}'")


def _image(item: Mapping[str, Any], platform: str) -> str:
    images: dict[str, str] = item.get("images") or {}
    return next((image for name, image in images.items() if name.lower() == platform.lower()), "")


def _title(item: Mapping[str, Any], *, whole: bool) -> str:
    title = str(item.get("title", ""))
    return title if whole or len(title) <= 40 else f"{title[:37]}..."


def _first(names: list[str] | None) -> str:
    if not names:
        raise CliError("please provide the function name")
    return names[0]
