"""`build`, `push` and `up`: from a stack file to images in a registry and functions on a gateway."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Annotated

import typer

from faas.cli.builds import Options, build_all, build_one
from faas.cli.deploy import deploy
from faas.cli.deployments import DeployFlags
from faas.cli.engine import push_image
from faas.cli.errors import CliError
from faas.cli.flags import GatewayFlags, NamespaceFlag, StackFlags, TagFlag, pairs
from faas.cli.images import image_name
from faas.cli.output import say, yellow
from faas.cli.pull import pull_missing
from faas.cli.stack_file import Function, Stack, load_stack
from faas.cli.watch import sources, watch
from faas.cli.workers import share


@dataclass(frozen=True)
class BuildFlags:
    """How images are built."""

    image: Annotated[str, typer.Option(help="Name of the image, without a stack file.")] = ""
    handler: Annotated[str, typer.Option(help="Folder of the handler, without a stack file.")] = ""
    name: Annotated[str, typer.Option(help="Name of the function, without a stack file.")] = ""
    lang: Annotated[str, typer.Option(help="Template to build with, without a stack file.")] = ""
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Build everything anew, also what is up to date.")] = (
        False
    )
    squash: Annotated[bool, typer.Option("--squash", help="Join the layers of the image.")] = False
    parallel: Annotated[int, typer.Option(metavar="N", help="Work on so many images at once.")] = 1
    shrinkwrap: Annotated[bool, typer.Option("--shrinkwrap", help="Only write the build contexts to ./build.")] = False
    build_arg: Annotated[list[str], typer.Option("--build-arg", "-b", metavar="KEY=VALUE")] = field(
        default_factory=list
    )
    build_option: Annotated[list[str], typer.Option("--build-option", "-o", metavar="NAME")] = field(
        default_factory=list
    )
    build_label: Annotated[list[str], typer.Option(metavar="KEY=VALUE", help="A label of the image.")] = field(
        default_factory=list
    )
    copy_extra: Annotated[list[str], typer.Option(metavar="PATH", help="Also put this into every context.")] = field(
        default_factory=list
    )
    tag: TagFlag = ""
    quiet: Annotated[bool, typer.Option("--quiet", help="Hide Docker's output.")] = False
    disable_stack_pull: Annotated[
        bool, typer.Option("--disable-stack-pull", help="Leave out the stack file's template sources.")
    ] = False


@dataclass(frozen=True)
class PushFlags:
    """How images are pushed."""

    parallel: Annotated[int, typer.Option(metavar="N", help="Work on so many images at once.")] = 1
    tag: TagFlag = ""
    quiet: Annotated[bool, typer.Option("--quiet", help="Hide Docker's output.")] = False


def build(stack_flags: StackFlags, flags: BuildFlags) -> None:
    """Build the functions' images from their template and handler.

    An image whose context, build arguments and base image have not changed is left alone.

    Examples: faas-cli build · faas-cli build --parallel 4 --filter "*-order" · faas-cli build --build-arg DEBUG=1
    · faas-cli build --image me/fn --name fn --lang python3-http --handler ./fn
    """
    if flags.parallel < 1:
        raise CliError("the --parallel flag must be great than 0")
    stack = load_stack(stack_flags)
    if not flags.disable_stack_pull:
        pull_missing(stack.templates)
    arguments = _build_args(flags.build_arg)
    options = Options(
        tag=flags.tag,
        parallel=flags.parallel,
        no_cache=flags.no_cache,
        squash=flags.squash,
        shrinkwrap=flags.shrinkwrap,
        quiet=flags.quiet,
        labels=tuple(sorted(pairs(flags.build_label, "build-label").items())),
    )
    copy = list(dict.fromkeys([*stack.copy, *flags.copy_extra]))
    if stack.functions and not (flags.image and flags.name and not stack_flags.yaml):
        build_all([_with(function, arguments, flags) for function in stack.functions.values()], copy, options)
    else:
        build_one(_with(_from_flags(flags), arguments, flags), copy, options)


def push(stack_flags: StackFlags, flags: PushFlags) -> None:
    """Push the functions' images to the registries that their names begin with.

    Examples: faas-cli push · faas-cli push --parallel 4 --tag sha
    """
    if flags.parallel < 1:
        raise CliError("the --parallel flag must be great than 0")
    share(_pushable(load_stack(stack_flags)), partial(_push, flags=flags), workers=flags.parallel)


def up(
    stack_flags: StackFlags,
    build_flags: BuildFlags,
    push_flags: PushFlags,
    deploy_flags: DeployFlags,
    gateway_flags: GatewayFlags,
    namespace_flag: NamespaceFlag,
    skip_push: Annotated[bool, typer.Option("--skip-push", help="Without a registry: build and deploy only.")] = False,
    skip_deploy: Annotated[bool, typer.Option("--skip-deploy", help="Build and push only.")] = False,
    watched: Annotated[bool, typer.Option("--watch", help="Do it again for a function when a file changes.")] = False,
) -> None:
    """Build, push and deploy in one go; the first step that fails ends it.

    Examples: faas-cli up --skip-push · faas-cli up --skip-push --filter get-book · faas-cli up --skip-push --watch
    """

    def run(chosen: StackFlags) -> None:
        build(chosen, build_flags)
        if not skip_push:
            push(chosen, push_flags)
        if not skip_deploy:
            deploy(chosen, deploy_flags, gateway_flags, namespace_flag)

    if not watched:
        run(stack_flags)
        return
    names = list(load_stack(stack_flags).functions)
    if not names:
        raise CliError("you must supply a valid YAML file")
    say(f"[Watch] monitoring {len(names)} functions: {', '.join(names)}")
    watch(
        lambda: sources(load_stack(stack_flags), build_flags.copy_extra),
        lambda changed: run(replace(stack_flags, filter="", regex=f"^({'|'.join(changed)})$")),
    )


def _push(worker: int, function: Function, flags: PushFlags) -> None:
    image = image_name(function, flags.tag)
    say(yellow(f"[{worker}] > Pushing {function.name} [{image}]"))
    if function.skip_build:
        say(f"Skipping {function.name}")
        return
    push_image(image, show=lambda line: None if flags.quiet else say(line))
    say(yellow(f"[{worker}] < Pushing {function.name} [{image}] done."))


def _build_args(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise CliError("each build-arg must take the form key=value")
        if not key or not value:
            raise CliError(f"build-arg must have a non-empty {'value' if key else 'key'}")
        joined = key == "ADDITIONAL_PACKAGE" and key in found
        found[key] = f"{found[key]} {value}" if joined else value
    return found


def _with(function: Function, arguments: dict[str, str], flags: BuildFlags) -> Function:
    return replace(
        function,
        build_args={**function.build_args, **arguments},
        build_options=list(dict.fromkeys([*function.build_options, *flags.build_option])),
    )


def _from_flags(flags: BuildFlags) -> Function:
    if not flags.image:
        raise CliError("please provide a valid --image name for your Docker image")
    if not flags.handler:
        raise CliError("please provide the full path to your function's handler")
    if not flags.name:
        raise CliError("please provide the deployed --name of your function")
    return Function(name=flags.name, lang=flags.lang, handler=flags.handler, image=flags.image)


def _pushable(stack: Stack) -> list[Function]:
    if not stack.functions:
        raise CliError("you must supply a valid YAML file")
    functions = list(stack.functions.values())
    bare = [function.name for function in functions if not function.skip_build and "/" not in function.image]
    if bare:
        names = "\n- ".join(bare)
        raise CliError(
            f"\nUnable to push one or more of your functions to Docker Hub:\n- {names}\n\n"
            "You must provide a username or registry prefix to the Function's image such as user1/function1"
        )
    return functions
