"""YAML as Go's yaml.v3 writes it: two blanks of indent, and quotes where a text would be read as something else."""

import re
from typing import Any

import yaml

_NOT_TEXT = re.compile(
    r"""
      ~? | null | Null | NULL
    | true | True | TRUE | false | False | FALSE
    | y | Y | yes | Yes | YES | on | On | ON | n | N | no | No | NO | off | Off | OFF
    | [-+]? ( 0[bB][01_]+ | 0[oO]?[0-7_]+ | 0[xX][0-9a-fA-F_]+ | [0-9][0-9_]* )
    | [-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ([eE][-+]?[0-9]+)?
    | [-+]? \.(inf|Inf|INF) | \.(nan|NaN|NAN)
    | [-+]? [0-9][0-9_]* (:[0-5]?[0-9])+ (\.[0-9_]*)?
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} ( [Tt\ ] [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2} (\.[0-9]+)? (Z|[-+][0-9:]+)? )?
    """,
    re.VERBOSE,
)


def go_yaml(value: object) -> str:
    """Encode maps, lists, texts and truth values; keys keep their order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"), indent=2)


class _Dumper(yaml.SafeDumper):
    """Decides itself which texts to quote, and indents the items of a list that is a value."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (as in the base class)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else '"' if _NOT_TEXT.fullmatch(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _switch(dumper: _Dumper, value: bool) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value).lower())


_Dumper.add_representer(str, _text)
_Dumper.add_representer(bool, _switch)
