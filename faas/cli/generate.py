"""`generate`: the functions of a stack file as objects for Kubernetes."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from faas.cli.errors import CliError
from faas.cli.flags import StackFlags, TagFlag, pairs
from faas.cli.go_yaml import go_yaml
from faas.cli.images import image_name
from faas.cli.output import say
from faas.cli.stack_file import Function, Resources, full_environment, load_stack
from faas.cli.store import DEFAULT_STORE, store_function

_KNATIVE = "serving.knative.dev/v1"


def generate(
    stack_flags: StackFlags,
    api: Annotated[str, typer.Option(metavar="VERSION", help=f"openfaas.com/v1 or {_KNATIVE}.")] = "openfaas.com/v1",
    namespace: Annotated[str, typer.Option("--namespace", "-n", help="Their namespace.")] = "openfaas-fn",
    tag: TagFlag = "",
    from_store: Annotated[str, typer.Option(metavar="NAME", help="A function of the store instead.")] = "",
    url: Annotated[str, typer.Option(metavar="URL|FILE", help="That store.")] = DEFAULT_STORE,
    name: Annotated[str, typer.Option(help="Another name for the function of the store.")] = "",
    arch: Annotated[str, typer.Option(help="The platform of its image.")] = "x86_64",
    annotation: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="For it.")] = None,
    label: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="For it.")] = None,
) -> None:
    """Print the functions of a stack file as objects for an OpenFaaS or Knative on Kubernetes; nothing is sent.

    Examples: faas-cli generate > functions.yml · faas-cli generate --tag sha --filter "*-order"
    · faas-cli generate --api serving.knative.dev/v1 | kubectl apply -f -
    """
    if not api:
        raise CliError("you must supply the API version with the --api flag")
    if from_store:
        function = store_function(url, from_store, arch)
        labels = function.labels | pairs(label or [], "label")
        annotations = function.annotations | pairs(annotation or [], "annotation")
        functions = [replace(function, name=name or function.name, labels=labels, annotations=annotations)]
    else:
        functions = sorted(load_stack(stack_flags).functions.values(), key=lambda function: function.name)
    if not functions:
        raise CliError(_NO_FUNCTIONS)
    describe = _service if api == _KNATIVE else _function
    objects = [describe(function, api, namespace, image_name(function, tag)) for function in functions]
    say("".join(f"---\n{go_yaml(made)}" for made in objects))


_NO_FUNCTIONS = """\
"stack.yml" file not found in the current directory.
Use "--yaml" to pass a file or "--from-store" to generate using function store."""


def _function(function: Function, api: str, namespace: str, image: str) -> dict[str, Any]:
    spec = {
        "name": function.name,
        "image": image,
        "environment": _sorted(full_environment(function)),
        "labels": _sorted(function.labels),
        "annotations": _sorted(function.annotations),
        "limits": _resources(function.limits),
        "requests": _resources(function.requests),
        "constraints": function.constraints,
        "secrets": function.secrets,
        "readOnlyRootFilesystem": function.readonly_root_filesystem,
    }
    return {
        "apiVersion": api,
        "kind": "Function",
        "metadata": {"name": function.name, "namespace": namespace},
        "spec": _filled(spec),
    }


def _service(function: Function, api: str, namespace: str, image: str) -> dict[str, Any]:
    secrets = function.secrets
    container = {
        "image": image,
        "env": [{"name": name, "value": value} for name, value in _sorted(full_environment(function)).items()],
        "volumeMounts": [
            {"name": secret, "mountPath": f"/var/openfaas/secrets/{secret}", "readOnly": True} for secret in secrets
        ],
    }
    volumes = [{"name": secret, "secret": {"secretName": secret}} for secret in secrets]
    annotations = _sorted(function.annotations)
    return {
        "apiVersion": api,
        "kind": "Service",
        "metadata": _filled({"name": function.name, "namespace": namespace, "annotations": annotations}),
        "spec": {"template": {"spec": _filled({"containers": [_filled(container)], "volumes": volumes})}},
    }


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _sorted(values: dict[str, str]) -> dict[str, str]:
    return dict(sorted(values.items()))


def _resources(given: Resources) -> dict[str, str]:
    return {} if given == Resources() else {"memory": given.memory, "cpu": given.cpu}
