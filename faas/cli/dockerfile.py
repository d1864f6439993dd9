"""Which images a Dockerfile starts from."""

import re
from collections.abc import Mapping

from faas.cli.substitution import substitute

_INSTRUCTION = re.compile(r"^\s*(ARG|FROM)\s+(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_PLAIN_VARIABLE = re.compile(r"\$(\w+)")


def base_images(dockerfile: str, build_args: Mapping[str, str]) -> list[str]:
    """The images named in FROM lines, with build arguments put in; stages of the file itself left out."""
    arguments: dict[str, str] = {}
    stages: set[str] = set()
    found: list[str] = []
    for instruction, rest in _INSTRUCTION.findall(dockerfile.replace("\\\n", " ")):
        if instruction.upper() == "ARG":
            if not found:
                arguments.update(_argument(rest, build_args))
            continue
        words = [word for word in rest.split() if not word.startswith("--")]
        image = substitute(_PLAIN_VARIABLE.sub(r"${\1}", words[0]), arguments)
        if image not in stages and image != "scratch":
            found.append(image)
        if len(words) > 2:
            stages.add(words[2])
    return found


def _argument(declared: str, build_args: Mapping[str, str]) -> dict[str, str]:
    name, _, default = declared.partition("=")
    return {name: build_args.get(name, default.strip("\"'"))}
