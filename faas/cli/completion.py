"""`completion`: the shell completes verbs and flags."""

import os
from typing import Annotated

import typer
from typer.completion import completion_init, get_completion_script  # type: ignore[attr-defined]

from faas.cli.errors import CliError
from faas.cli.output import say

# The scripts call the program again with this set.
_ASKED = "_FAAS_CLI_COMPLETE"


def completion(
    shell: Annotated[str, typer.Option(metavar="bash|zsh", help="For which shell.")] = "",
) -> None:
    """Print a script that lets a shell complete verbs and flags.

    Examples: source <(faas-cli completion --shell bash) · faas-cli completion --shell zsh > ~/.faas-cli.zsh
    """
    if not shell:
        raise CliError('required flag(s) "shell" not set')
    if shell not in ("bash", "zsh"):
        raise CliError(f'"{shell}" shell not supported, must be bash or zsh')
    say(get_completion_script(prog_name="faas-cli", complete_var=_ASKED, shell=shell))


def is_completing() -> bool:
    """Whether a shell asks for words, instead of a user for work; typer then answers by itself."""
    if _ASKED not in os.environ:
        return False
    completion_init()
    return True
