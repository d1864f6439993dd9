"""The help, unknown verbs, and what a shell completes."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
VERBS = [
    *("new", "build", "push", "deploy", "up", "local-run", "list", "describe", "invoke", "logs", "remove", "ready"),
    *("generate", "login", "logout", "version", "completion"),
    *(f"secret {verb}" for verb in ("create", "list", "update", "remove")),
    *(f"namespace {verb}" for verb in ("list", "get", "create", "update", "delete")),
    *(f"store {verb}" for verb in ("list", "describe", "deploy")),
    *("template pull", "template list", "template store list", "template store describe", "template store pull"),
]


def test_the_program_alone_shows_what_it_can_do(cli):
    ran = cli()
    assert ran.status == 0
    assert "Build, push and deploy in one go" in ran.out


@pytest.mark.parametrize("verb", VERBS)
def test_help_teaches_by_example(cli, verb):
    lines = [line.strip() for line in cli(*verb.split(), "--help").out.splitlines()]
    assert f"faas-cli {verb}" in lines[lines.index("Examples:") + 1]
    assert not [line for line in lines if "<" in line and ">" in line], "no types of Python's"


@pytest.mark.parametrize("asked", [["help", "secret"], ["secret", "--help"], ["secret"]])
def test_a_group_shows_its_verbs(cli, asked):
    ran = cli(*asked)
    assert ran.status == 0
    assert "Create a secret" in ran.out


def test_an_unknown_verb_of_a_group_is_refused(cli):
    ran = cli("secret", "creat")
    assert (ran.status, ran.out) == (
        1,
        'Unknown command "creat" for "faas-cli secret"\n\nDid you mean this?\n\tcreate\n\n',
    )


@pytest.mark.parametrize(
    ("words", "completed"),
    [("faas-cli temp", "template"), ("faas-cli template st", "store"), ("faas-cli ls --so", "--sort")],
)
def test_a_shell_completes_verbs_and_flags(tmp_path, words, completed):
    """Bash itself asks the program, through the script that it prints."""
    program = tmp_path / "faas-cli"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m faas.cli "$@"\n')
    program.chmod(0o755)
    script = f"""
        source <({program} completion --shell bash)
        COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _faas_cli_completion {program}
        echo "${{COMPREPLY[@]}}"
    """
    shell = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shell.stdout == f"{completed}\n"


def test_only_shells_that_are_known_are_completed(cli):
    assert cli("completion").out == 'Required flag(s) "shell" not set\n'
    assert cli("completion", "--shell", "fish").out == '"fish" shell not supported, must be bash or zsh\n'
