"""Images made from a stack file: only those whose inputs changed, several at a time."""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from faas.cli.contexts import BUILD_FOLDER, Context, build_context
from faas.cli.dockerfile import base_images
from faas.cli.engine import Image, build_image, find_images
from faas.cli.errors import CliError
from faas.cli.images import image_name
from faas.cli.output import red, say, yellow
from faas.cli.stack_file import Function
from faas.cli.templates import Template, load_template
from faas.cli.workers import share

INPUTS_LABEL = "com.openfaas.build.inputs"
_PACKAGES = "ADDITIONAL_PACKAGE"


@dataclass(frozen=True)
class Options:
    """How to build; what holds for every function of the run."""

    tag: str = ""
    parallel: int = 1
    no_cache: bool = False
    squash: bool = False
    shrinkwrap: bool = False
    quiet: bool = False
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """One function's build, known to the last byte before Docker is asked to do anything."""

    function: Function
    image: str
    template: Template
    context: Context
    build_args: dict[str, str]
    bases: list[str]

    def inputs(self, images: dict[str, Image], options: Options) -> str:
        """A hash over everything that decides what the image holds; empty when a base image is not here yet."""
        if not self.bases or any(base not in images for base in self.bases):
            return ""
        known = [self.context.digest(), self.build_args, [images[base].id for base in self.bases], options.labels]
        return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def build_all(functions: Iterable[Function], copy: list[str], options: Options) -> None:
    """Build every function's image. All are tried; raises CliError naming those that failed."""
    started = time.monotonic()
    errors = _Run(options).build(functions, copy)
    say(f"\n{yellow(f'Total build time: {time.monotonic() - started:.2f}s')}")
    if errors:
        lines = "".join(f"- {error}\n" for error in errors)
        raise CliError(red(f"Errors received during build:\n{lines}"))


def build_one(function: Function, copy: list[str], options: Options) -> None:
    """Build one function's image. Raises CliError when that failed."""
    run = _Run(options)
    plan = make_plan(function, copy, options)
    run.look_up([plan])
    run.make(plan)


def make_plan(function: Function, copy: list[str], options: Options) -> Plan:
    """Decide everything about a function's build. Raises CliError when its template or a part of it is missing."""
    if not function.lang:
        raise CliError(f"{function.name}: please provide a valid language for your function.")
    template = load_template(function.lang)
    context = build_context(function, template, copy)
    arguments = _arguments(function, template)
    return Plan(
        function=function,
        image=image_name(function, options.tag),
        template=template,
        context=context,
        build_args=arguments,
        bases=base_images(context.text("Dockerfile"), arguments),
    )


def _arguments(function: Function, template: Template) -> dict[str, str]:
    """The build arguments, with the packages of the chosen build options joined into one."""
    if not set(function.build_options) <= set(template.packages):
        raise CliError(
            f"Error: You're using a build option unavailable for {template.lang}.\n"
            f"Please check /template/{template.lang}/template.yml for supported build options"
        )
    packages = [package for option in function.build_options for package in template.packages[option]]
    packages += function.build_args.get(_PACKAGES, "").split()
    others = {name: value for name, value in function.build_args.items() if name != _PACKAGES}
    return {**others, _PACKAGES: " ".join(dict.fromkeys(packages))} if packages else others


class _Run:
    """One run of the program: the engine is asked once for all images that matter, as each question takes long."""

    def __init__(self, options: Options) -> None:
        self._options, self._images, self._errors = options, dict[str, Image](), list[str]()
        self._total, self._finished = 1, count(1)

    def build(self, functions: Iterable[Function], copy: list[str]) -> list[str]:
        """Build what is not to be skipped; the errors."""
        plans = list(self._planned(functions, copy))
        self._total = len(plans)
        self.look_up(plans)
        share(plans, self._take, workers=self._options.parallel)
        return self._errors

    def look_up(self, plans: list[Plan]) -> None:
        """Ask the engine for the images and the base images of these builds."""
        if not self._options.shrinkwrap:
            self._images = find_images(name for plan in plans for name in (plan.image, *plan.bases))

    def make(self, plan: Plan) -> None:
        """Build one image, unless it is up to date or only its context is wanted."""
        function, options, folder = plan.function, self._options, BUILD_FOLDER / plan.function.name
        if options.shrinkwrap:
            plan.context.write(folder)
            say(f"{function.name} shrink-wrapped to ./{folder}/")
            return
        say(f"Building: {plan.image} with {function.lang} template. Please wait..")
        inputs = plan.inputs(self._images, options)
        if self._is_up_to_date(plan, inputs):
            say(f"Image: {plan.image} is up to date.")
            return
        plan.context.write(folder)
        self._build(plan, inputs, folder)
        say(f"Image: {plan.image} built.")

    def _planned(self, functions: Iterable[Function], copy: list[str]) -> Iterator[Plan]:
        for function in functions:
            if function.skip_build:
                say(f"Skipping build of: {function.name}.")
                continue
            try:
                yield make_plan(function, copy, self._options)
            except CliError as error:
                self._errors.append(str(error))

    def _take(self, worker: int, plan: Plan) -> None:
        started, name = time.monotonic(), plan.function.name
        say(yellow(f"[{worker}] > Building {name}."))
        try:
            self.make(plan)
        except (CliError, OSError) as error:
            self._errors.append(f"[{name}] {error}")
        progress = f" {next(self._finished)} of {self._total}." if self._total > 1 else ""
        say(yellow(f"[{worker}] < Building {name} done in {time.monotonic() - started:.2f}s.{progress}"))

    def _is_up_to_date(self, plan: Plan, inputs: str) -> bool:
        present = self._images.get(plan.image)
        return bool(present and inputs and present.labels.get(INPUTS_LABEL) == inputs and not self._options.no_cache)

    def _build(self, plan: Plan, inputs: str, folder: Path) -> None:
        name = plan.function.name if self._options.parallel > 1 else ""
        build_image(
            folder,
            _flags(plan, inputs, self._options),
            ssh=plan.template.mount_ssh,
            show=lambda line: None if self._options.quiet else say(f"[{name}] {line}" if name else line),
        )


def _flags(plan: Plan, inputs: str, options: Options) -> list[str]:
    """The flags of `docker build`, in upstream's order, with the label that lets a later run skip this build."""
    proxies = {name: os.environ[name] for name in ("http_proxy", "https_proxy") if os.environ.get(name)}
    arguments = {**proxies, **plan.build_args}
    labels = {**dict(options.labels), INPUTS_LABEL: inputs}
    return [
        *(["--no-cache"] if options.no_cache else []),
        *(["--squash"] if options.squash else []),
        *(word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")),
        *(word for name, value in labels.items() for word in ("--label", f"{name}={value}")),
        "--tag",
        plan.image,
    ]
