"""The stack file: which functions there are, and how each is built and deployed."""

import os
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from faas.cli.client import Connection, content
from faas.cli.errors import CliError
from faas.cli.flags import StackFlags
from faas.cli.substitution import substitute

DEFAULT_FILES = ("stack.yaml", "stack.yml")
_TRUE = ("true", "yes", "on", "y")


@dataclass(frozen=True)
class Resources:
    """Memory and CPU as written ("128Mi", "100m"); empty when not given."""

    memory: str = ""
    cpu: str = ""


@dataclass(frozen=True)
class Function:
    """One entry of `functions`; everything as text, as it was written."""

    name: str
    lang: str = ""
    handler: str = ""
    image: str = ""
    namespace: str = ""
    fprocess: str = ""
    skip_build: bool = False
    readonly_root_filesystem: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    environment_file: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    limits: Resources = Resources()
    requests: Resources = Resources()
    build_args: dict[str, str] = field(default_factory=dict)
    build_options: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stack:
    """A stack file; an empty one stands for none."""

    gateway: str = ""
    functions: dict[str, Function] = field(default_factory=dict)
    copy: list[str] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)


def load_stack(flags: StackFlags) -> Stack:
    """Read the stack file that the flags name, or ./stack.yml; an empty stack when there is neither.

    Raises CliError for a file that is none, and when no function is left by --filter or --regex.
    """
    file = flags.yaml or next((name for name in DEFAULT_FILES if Path(name).exists()), "")
    return parse_stack(_read(file), flags) if file else Stack()


def parse_stack(text: str, flags: StackFlags) -> Stack:
    """Read a stack file's text, with the environment put into it unless the flags say otherwise."""
    document = read_yaml(substitute(text, os.environ) if flags.envsubst else text)
    provider, version = _map(document, "provider"), _text(document, "version")
    if _text(provider, "name") != "openfaas":
        name = _text(provider, "name")
        raise CliError(f"['openfaas'] is the only valid \"provider.name\" for the OpenFaaS CLI, but you gave: {name}")
    if version not in ("", "1.0"):
        raise CliError(f"[1.0] are the only valid versions for the stack file - found: {version}")
    configuration = _map(document, "configuration")
    functions = {name: _function(name, entry) for name, entry in _map(document, "functions").items()}
    return Stack(
        gateway=_text(provider, "gateway"),
        functions=_selected(functions, flags),
        copy=_texts(configuration, "copy"),
        templates={
            _text(entry, "name"): _text(entry, "source") for entry in _list(configuration, "templates", Mapping)
        },
    )


def full_environment(function: Function) -> dict[str, str]:
    """A function's `environment`, under that of its environment files, of which the last wins."""
    found = dict(function.environment)
    for path in function.environment_file:
        found |= _environment_file(path)
    return found


def read_yaml(text: str) -> Mapping[str, Any]:
    """Read a YAML map whose scalars stay as they were written: `true`, `1.50`; null becomes an empty text."""
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506  (a safe loader)
    except yaml.YAMLError as error:
        raise CliError(f"Error with YAML file\n{error}") from error
    if not isinstance(document, Mapping):
        raise CliError("Error with YAML file\nthere is no map in it")
    return document


class _Loader(yaml.CSafeLoader):
    """Keeps scalars as text, and refuses a key that is given twice in a map."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._flat: set[int] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        # A merged map is flattened once for each place that merges it, and then repeats keys on purpose.
        if id(node) not in self._flat:
            self._flat.add(id(node))
            self._refuse_twins(node)
            super().flatten_mapping(node)

    def _refuse_twins(self, node: yaml.MappingNode) -> None:
        seen: set[Hashable] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f'mapping key "{key.value}" already defined', key.start_mark
                )
            seen.add(key.value)


def _as_written(loader: _Loader, node: yaml.ScalarNode) -> str:
    return "" if node.tag.endswith(":null") else str(loader.construct_scalar(node))


for _kind in ("bool", "int", "float", "timestamp", "value", "null"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _as_written)


def _read(file: str) -> str:
    try:
        if re.match(r"https?://", file):
            return content(Connection(file).send("GET", follow=True))
        return Path(file).read_text()
    except OSError as error:
        raise CliError(f"open {file}: {(error.strerror or str(error)).lower()}") from error


def _environment_file(path: str) -> dict[str, str]:
    try:
        return _text_map(read_yaml(Path(path).read_text()), "environment")
    except OSError as error:
        raise CliError(f"open {path}: {str(error.strerror).lower()}") from error


def _function(name: str, entry: object) -> Function:
    if not isinstance(entry, Mapping):
        raise CliError(f"Error with YAML file\nfunctions.{name} is no map")
    lang = _text(entry, "lang")
    return Function(
        name=name,
        lang="dockerfile" if lang == "Dockerfile" else lang,
        handler=_text(entry, "handler"),
        image=_text(entry, "image"),
        namespace=_text(entry, "namespace"),
        fprocess=_text(entry, "fprocess"),
        skip_build=_switch(entry, "skip_build"),
        readonly_root_filesystem=_switch(entry, "readonly_root_filesystem"),
        environment=_text_map(entry, "environment"),
        environment_file=_texts(entry, "environment_file"),
        labels=_text_map(entry, "labels"),
        annotations=_text_map(entry, "annotations"),
        secrets=_texts(entry, "secrets"),
        constraints=_texts(entry, "constraints"),
        limits=_resources(_map(entry, "limits")),
        requests=_resources(_map(entry, "requests")),
        build_args=_text_map(entry, "build_args"),
        build_options=_texts(entry, "build_options"),
    )


def _resources(entry: Mapping[str, Any]) -> Resources:
    return Resources(memory=_text(entry, "memory"), cpu=_text(entry, "cpu"))


def _selected(functions: dict[str, Function], flags: StackFlags) -> dict[str, Function]:
    if flags.regex and flags.filter:
        raise CliError("pass in a regex or a filter, not both")
    if not flags.regex and not flags.filter:
        return functions
    # Only `*` is a wildcard.
    wildcard = ".*".join(re.escape(part) for part in flags.filter.split("*"))
    try:
        wanted = re.compile(flags.regex or f"^{wildcard}$")
    except re.error as error:
        raise CliError(f"error parsing regexp: {error}: `{flags.regex}`") from error
    found = {name: function for name, function in functions.items() if wanted.search(name)}
    if not found:
        raise CliError("no functions matching --filter/--regex were found in the YAML file")
    return found


def _value(entry: Mapping[str, Any], key: str, kind: type, empty: Any) -> Any:
    found = entry.get(key)
    if found in (None, ""):
        return empty
    if not isinstance(found, kind):
        raise CliError(f"Error with YAML file\n{key} is no {_KINDS[kind]}: {found}")
    return found


_KINDS: dict[type, str] = {str: "text", list: "list", Mapping: "map"}


def _text(entry: Mapping[str, Any], key: str) -> str:
    return str(_value(entry, key, str, ""))


def _switch(entry: Mapping[str, Any], key: str) -> bool:
    return _text(entry, key).lower() in _TRUE


def _map(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _value(entry, key, Mapping, {})
    return found


def _text_map(entry: Mapping[str, Any], key: str) -> dict[str, str]:
    found = _map(entry, key)
    return {name: _text(found, name) for name in found}


def _list(entry: Mapping[str, Any], key: str, kind: type) -> list[Any]:
    found = _value(entry, key, list, [])
    return [_value({key: item}, key, kind, "") for item in found]


def _texts(entry: Mapping[str, Any], key: str) -> list[str]:
    return _list(entry, key, str)
