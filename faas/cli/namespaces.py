"""`namespace`: the namespaces of a gateway."""

from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from faas.cli.client import Answer, Gateway, content, gateway_url
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, pairs
from faas.cli.output import say, warn

# OpenFaaS' mark on a namespace that it may put functions in.
_MARK = {"openfaas": "1"}

NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)]


@dataclass(frozen=True)
class NamespaceFlags:
    """What is noted with a namespace."""

    label: Annotated[list[str], typer.Option("--label", "-l", metavar="KEY=VALUE")] = field(default_factory=list)
    annotation: Annotated[list[str], typer.Option(metavar="KEY=VALUE")] = field(default_factory=list)

    def body(self, name: str) -> dict[str, Any]:
        """The namespace as the gateway takes it. Raises CliError for a flag without a key or a value."""
        annotations, labels = pairs(self.annotation, "annotations"), pairs(self.label, "labels")
        return {"name": name, "annotations": annotations | _MARK, "labels": labels | _MARK}


def list_namespaces(gateway_flags: GatewayFlags) -> None:
    """List the namespaces of a gateway.

    Example: faas-cli namespace list
    """
    names = _connect(gateway_flags).document("/system/namespaces") or []
    say("\n".join(["Namespaces:", *(f" - {name}" for name in names)]))


def list_namespaces_as_before(gateway_flags: GatewayFlags) -> None:
    """List the namespaces of a gateway (the old name of `namespace list`)."""
    warn('Command "namespaces" is deprecated, This has moved to "faas-cli namespace list".')
    list_namespaces(gateway_flags)


def get_namespace(gateway_flags: GatewayFlags, names: NamesArgument = None) -> None:
    """Show a namespace with its labels and annotations.

    Example: faas-cli namespace get openfaas-fn
    """
    name = _only(names)
    found = _accepted(_connect(gateway_flags).call("GET", f"/system/namespace/{name}"), name).json()
    lines = [f"Name: {found.get('name', name)}"]
    for title in ("Labels", "Annotations"):
        values = sorted((found.get(title.lower()) or {}).items())
        lines += [f"{title}:", *(f" {key}: {value}" for key, value in values)] if values else []
    say("\n".join(lines))


def create_namespace(flags: NamespaceFlags, gateway_flags: GatewayFlags, names: NamesArgument = None) -> None:
    """Create a namespace, where the gateway's provider has more than one.

    Example: faas-cli namespace create staging --label team=shop
    """
    name = _only(names)
    body = flags.body(name)
    say(f"Creating Namespace: {name}")
    _accepted(_connect(gateway_flags).call("POST", "/system/namespace/", body=body), name)
    say(f"Namespace Created: {name}")


def update_namespace(flags: NamespaceFlags, gateway_flags: GatewayFlags, names: NamesArgument = None) -> None:
    """Give a namespace other labels and annotations.

    Example: faas-cli namespace update staging --label team=warehouse
    """
    name = _only(names)
    body = flags.body(name)
    say(f"Updating Namespace: {name}")
    _accepted(_connect(gateway_flags).call("PUT", f"/system/namespace/{name}", body=body), name)
    say(f"Namespace Updated: {name}")


def delete_namespace(gateway_flags: GatewayFlags, names: NamesArgument = None) -> None:
    """Delete a namespace with all that is in it.

    Example: faas-cli namespace delete staging
    """
    name = _only(names)
    say(f"Deleting Namespace: {name}")
    body = {"name": name, "labels": _MARK}
    _accepted(_connect(gateway_flags).call("DELETE", f"/system/namespace/{name}", body=body), name)
    say(f"Namespace Deleted: {name}")


def _connect(flags: GatewayFlags) -> Gateway:
    return Gateway(gateway_url(flags.gateway), flags)


def _only(names: list[str] | None) -> str:
    if not names:
        raise CliError("namespace name required")
    if len(names) > 1:
        raise CliError("too many values for namespace name")
    return names[0]


def _accepted(answer: Answer, name: str) -> Answer:
    match answer.status_code:
        case 200 | 201 | 202:
            return answer
        case 401:
            raise CliError("unauthorized action, please setup authentication for this server")
        case 404:
            raise CliError(f"namespace {name} not found")
    raise CliError(f'unexpected status code: {answer.status_code}, message: "{content(answer)}"')
