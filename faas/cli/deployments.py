"""What is deployed: a function of a stack file, or one made of flags, as the gateway takes it."""

from dataclasses import dataclass, field
from typing import Annotated, Any

import typer

from faas.cli.errors import CliError
from faas.cli.flags import TagFlag, pairs
from faas.cli.images import image_name
from faas.cli.stack_file import Function, Resources, full_environment
from faas.cli.templates import load_template


@dataclass(frozen=True)
class DeployFlags:
    """What is deployed, and how an existing function is treated."""

    image: Annotated[str, typer.Option(help="Name of the image, without a stack file.")] = ""
    name: Annotated[str, typer.Option(help="Name of the function, without a stack file.")] = ""
    handler: Annotated[str, typer.Option(hidden=True)] = ""
    lang: Annotated[str, typer.Option(hidden=True)] = ""
    network: Annotated[str, typer.Option(hidden=True)] = ""
    fprocess: Annotated[str, typer.Option(help="The function's process, without a stack file.")] = ""
    env: Annotated[list[str], typer.Option("--env", "-e", metavar="KEY=VALUE")] = field(default_factory=list)
    label: Annotated[list[str], typer.Option("--label", "-l", metavar="KEY=VALUE")] = field(default_factory=list)
    annotation: Annotated[list[str], typer.Option(metavar="KEY=VALUE")] = field(default_factory=list)
    constraint: Annotated[list[str], typer.Option(help="Only on nodes like this one.")] = field(default_factory=list)
    secret: Annotated[list[str], typer.Option(help="A secret to mount.")] = field(default_factory=list)
    readonly: Annotated[bool, typer.Option("--readonly", help="A read-only root file system.")] = False
    replace: Annotated[bool, typer.Option("--replace", help="Remove what is there first (with --update=false).")] = (
        False
    )
    update: Annotated[bool, typer.Option("--update/--no-update", help="Update what is there, losing no call.")] = True
    read_template: Annotated[
        bool, typer.Option("--read-template/--no-read-template", help="Take the process from the template.")
    ] = True
    cpu_request: Annotated[str, typer.Option(help="Without a stack file, as 100m.")] = ""
    cpu_limit: Annotated[str, typer.Option(help="Without a stack file, as 500m.")] = ""
    memory_request: Annotated[str, typer.Option(help="Without a stack file, as 64Mi.")] = ""
    memory_limit: Annotated[str, typer.Option(help="Without a stack file, as 128Mi.")] = ""
    tag: TagFlag = ""
    timeout: Annotated[str, typer.Option(metavar="DURATION", help="Limit for each call of the gateway.")] = "1m"


def from_stack(function: Function, flags: DeployFlags, namespace: str) -> dict[str, Any]:
    """The deployment of a stack file's function; flags win over the file, but for constraints and the process."""
    return _body(
        service=function.name,
        image=image_name(function, flags.tag),
        namespace=namespace or function.namespace,
        process=function_process(function) if flags.read_template else function.fprocess,
        environment={**full_environment(function), **pairs(flags.env, "env")},
        constraints=function.constraints or flags.constraint,
        secrets=[*flags.secret, *(name for name in function.secrets if name not in flags.secret)],
        labels={**function.labels, **pairs(flags.label, "label")},
        annotations={**function.annotations, **pairs(flags.annotation, "annotation")},
        limits=function.limits,
        requests=function.requests,
        readonly=function.readonly_root_filesystem or flags.readonly,
    )


def from_flags(flags: DeployFlags, namespace: str) -> dict[str, Any]:
    """The deployment that the flags alone describe. Raises CliError without an image or a name."""
    if not flags.image or not flags.name:
        raise CliError("to deploy a function give --yaml/-f or a --image and --name flag")
    return _body(
        service=flags.name,
        image=flags.image,
        namespace=namespace,
        process=flags.fprocess,
        environment=pairs(flags.env, "env"),
        constraints=flags.constraint,
        secrets=flags.secret,
        labels=pairs(flags.label, "label"),
        annotations=pairs(flags.annotation, "annotation"),
        limits=Resources(flags.memory_limit, flags.cpu_limit),
        requests=Resources(flags.memory_request, flags.cpu_request),
        readonly=flags.readonly,
    )


def function_process(function: Function) -> str:
    """What a function runs: its `fprocess`, else its template's. Raises CliError when that template is missing."""
    if function.fprocess or function.lang in ("", "dockerfile"):
        return function.fprocess
    try:
        return load_template(function.lang).fprocess
    except CliError as error:
        raise CliError(
            f'template directory may be missing or invalid, please run "faas-cli template pull"\nError: {error}'
        ) from error


def _body(
    *,
    service: str,
    image: str,
    namespace: str,
    process: str,
    environment: dict[str, str],
    constraints: list[str],
    secrets: list[str],
    labels: dict[str, str],
    annotations: dict[str, str],
    limits: Resources,
    requests: Resources,
    readonly: bool,
) -> dict[str, Any]:
    """A deployment as the gateway takes it: what is empty left out, except labels and annotations."""
    always = {"service", "image", "labels", "annotations"}
    body = {
        "service": service,
        "image": image,
        "namespace": namespace,
        "envProcess": process,
        "envVars": dict(sorted(environment.items())),
        "constraints": constraints,
        "secrets": secrets,
        "labels": dict(sorted(labels.items())),
        "annotations": dict(sorted(annotations.items())),
        "limits": _resources(limits),
        "requests": _resources(requests),
        "readOnlyRootFilesystem": readonly,
    }
    return {name: value for name, value in body.items() if value or name in always}


def _resources(given: Resources) -> dict[str, str]:
    return {name: value for name, value in (("memory", given.memory), ("cpu", given.cpu)) if value}
