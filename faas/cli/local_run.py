"""`local-run`: one function in a container on this machine, without a gateway."""

import shlex
import signal
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer

from faas.cli.build import BuildFlags, build
from faas.cli.deployments import function_process
from faas.cli.engine import LOCAL_RUN_LABEL, Container, remove_local_runs
from faas.cli.errors import CliError
from faas.cli.flags import StackFlags, pairs
from faas.cli.images import image_name
from faas.cli.output import say
from faas.cli.stack_file import Function, full_environment, load_stack
from faas.cli.watch import sources, watch

_SECRETS = Path(".secrets")


@dataclass(frozen=True)
class RunFlags:
    """How the container runs."""

    port: Annotated[int, typer.Option("--port", "-p", metavar="N", help="The port to answer on.")] = 8080
    network: Annotated[
        str, typer.Option(metavar="NAME", help='Join this network; with "host" --port has no meaning.')
    ] = ""
    env: Annotated[list[str], typer.Option("--env", "-e", metavar="KEY=VALUE", help="Further environment.")] = field(
        default_factory=list
    )


def local_run(
    stack_flags: StackFlags,
    build_flags: BuildFlags,
    flags: RunFlags,
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    print_only: Annotated[bool, typer.Option("--print", help="Print the docker command, run nothing.")] = False,
    build_first: Annotated[bool, typer.Option("--build/--no-build", help="Build the function before.")] = True,
    watched: Annotated[bool, typer.Option("--watch", help="Build and start anew when a file changes.")] = False,
) -> None:
    """Run one function with Docker on this machine, without a gateway, until Ctrl+C.

    Secrets come from files in ./.secrets. Other functions and services of a gateway cannot be reached.

    Examples: faas-cli local-run hello · faas-cli local-run hello --port 8081 --env LOG_LEVEL=debug
    · faas-cli local-run hello --watch · faas-cli local-run hello --print
    """
    name = _only(names, stack_flags)
    chosen = replace(stack_flags, filter=name, regex="")

    def command() -> list[str]:
        if build_first:
            build(chosen, build_flags)
        function = load_stack(chosen).functions[name]
        image = image_name(function, build_flags.tag)
        say(f"Image: {image}")
        return run_command(function, image, flags, check_secrets=not print_only)

    def start() -> Container:
        made = command()
        remove_local_runs(name)
        say(f"Starting local-run for: {name} on: http://0.0.0.0:{flags.port}\n")
        return Container(made)

    if print_only:
        say(shlex.join(["docker", *command()]))
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if watched:
            watch(lambda: sources(load_stack(chosen), build_flags.copy_extra), lambda _: start())
        else:
            start().wait()
    except KeyboardInterrupt:
        say()
    finally:
        remove_local_runs(name)


def run_command(function: Function, image: str, flags: RunFlags, *, check_secrets: bool) -> list[str]:
    """The arguments of `docker` that run a function much as a gateway would.

    Raises CliError naming the secrets for which ./.secrets has no file.
    """
    environment = {**full_environment(function), **pairs(flags.env, "env")}
    process = function_process(function)
    read_only = function.readonly_root_filesystem
    return [
        *("run", "--name", function.name, "--rm", "-i", f"-p={flags.port}:8080"),
        *([f"--network={flags.network}"] if flags.network else []),
        *(f"-e={key}={value}" for key, value in environment.items()),
        # As on Swarm: without /tmp hardly any program runs.
        *(["--read-only", "--tmpfs=/tmp"] if read_only else []),
        # Docker's units are powers of two without saying so.
        *([f"--memory-reservation={function.limits.memory.removesuffix('i')}"] if function.limits.memory else []),
        *([f"--cpus={_cpus(function.limits.cpu)}"] if function.limits.cpu else []),
        *_secrets(function, check=check_secrets),
        *([f"-e=fprocess={process}"] if process else []),
        f"--label={LOCAL_RUN_LABEL}={function.name}",
        image,
    ]


def _only(names: list[str] | None, stack_flags: StackFlags) -> str:
    if names and len(names) > 1:
        raise CliError("only one function name is allowed")
    known = list(load_stack(stack_flags).functions)
    if not known:
        raise CliError("no functions found in the stack file")
    if names and names[0] not in known:
        raise CliError(f'no functions matching "{names[0]}" in the stack file')
    if not names and len(known) > 1:
        raise CliError(f"give a function name to run: {', '.join(known)}")
    return names[0] if names else known[0]


def _cpus(text: str) -> str:
    """An amount of CPU as Docker takes it: "100m" is a tenth of a core."""
    return f"{float(text[:-1]) / 1000:g}" if text.endswith("m") else text


def _secrets(function: Function, *, check: bool) -> list[str]:
    missing = [name for name in function.secrets if not (_SECRETS / name).is_file()]
    if missing and check:
        _SECRETS.mkdir(mode=0o700, exist_ok=True)
        raise CliError(f'missing files: create the following secrets ({", ".join(missing)}) in: "{_SECRETS.resolve()}"')
    # One by one, as a function sees its own secrets only, and may not enter a folder that is closed to others.
    files = ((_SECRETS / name).resolve() for name in function.secrets)
    return [f"--volume={file}:/var/openfaas/secrets/{file.name}:ro" for file in files]
