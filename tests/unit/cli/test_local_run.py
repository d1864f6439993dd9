"""`local-run`: which function, and how Docker is told to run it. `tests/system` runs one."""

import os

import pytest

STACK = """
provider: {name: openfaas}
functions:
  full:
    lang: py
    handler: ./h
    image: me/full:1
    environment: {A: x y, B: 1}
    environment_file: [env.yml]
    limits: {memory: 5Mi, cpu: 250m}
    secrets: [key]
    readonly_root_filesystem: true
  plain: {lang: dockerfile, handler: ./h, image: me/plain, limits: {cpu: 0.5}}
"""
# Runs nothing: `run` fails at once, and `ps` knows the containers named in $RUNNING.
DOCKER = """#!/bin/sh
echo "$*" >> "$CALLS"
case $1 in run) exit 3 ;; ps) echo "$RUNNING" ;; esac
"""


@pytest.fixture(autouse=True)
def project(folder, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/docker").write_text(DOCKER)
    (tmp_path / "bin/docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    (folder / "template/py").mkdir(parents=True)
    (folder / "template/py/template.yml").write_text("language: py\nfprocess: python index.py")
    (folder / "h").mkdir()
    (folder / "env.yml").write_text("environment: {B: 2}")
    (folder / "stack.yml").write_text(STACK)
    return folder


def printed(cli, *arguments):
    ran = cli("local-run", *arguments, "--print", "--build=false")
    assert ran.status == 0, ran.out
    return ran.out.splitlines()


def test_the_command_is_printed_as_a_shell_takes_it(cli, project):
    image, command = printed(cli, "full", "-p", "90", "--network", "net", "-e", "C=3")
    assert image == "Image: me/full:1"
    assert command == (
        "docker run --name full --rm -i -p=90:8080 --network=net '-e=A=x y' -e=B=2 -e=C=3 --read-only --tmpfs=/tmp "
        f"--memory-reservation=5M --cpus=0.25 --volume={project}/.secrets/key:/var/openfaas/secrets/key:ro "
        "'-e=fprocess=python index.py' --label=com.openfaas.local-run=full me/full:1"
    )


def test_a_function_of_a_dockerfile_is_run_without_a_template(cli):
    assert printed(cli, "plain")[1] == (
        "docker run --name plain --rm -i -p=8080:8080 --cpus=0.5 --label=com.openfaas.local-run=plain me/plain:latest"
    )


def test_the_only_function_needs_no_name(cli, project):
    (project / "stack.yml").write_text(
        "provider: {name: openfaas}\nfunctions: {one: {lang: dockerfile, image: me/one}}"
    )
    assert printed(cli)[0] == "Image: me/one:latest"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "Give a function name to run: full, plain\n"),
        (["a", "b"], "Only one function name is allowed\n"),
        (["nope"], 'No functions matching "nope" in the stack file\n'),
    ],
)
def test_which_function_must_be_clear(cli, names, message):
    assert cli("local-run", *names, "--build=false").out == message


def test_missing_secrets_are_named_with_the_folder_they_belong_in(cli, project, tmp_path):
    ran = cli("local-run", "full", "--build=false")
    assert ran.status == 1
    assert f'create the following secrets (key) in: "{project}/.secrets"' in ran.out
    assert [call for call in (tmp_path / "calls").read_text().splitlines() if call.startswith("run")] == []


def test_a_container_that_fails_ends_it_with_1_and_leaves_none_behind(cli, tmp_path, monkeypatch):
    monkeypatch.setenv("RUNNING", "abc")
    ran = cli("local-run", "plain", "--build=false")
    assert (ran.status, ran.out.splitlines()[-1]) == (1, "The container ended with exit status 3")
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[-1] == "rm --force abc"
    assert all("label=com.openfaas.local-run=plain" in call for call in calls if call.startswith("ps")), "no other's"


def test_the_function_is_built_first(cli, project, tmp_path):
    (project / "h/Dockerfile").write_text("FROM scratch")
    cli("local-run", "plain")
    assert [call.split()[0] for call in (tmp_path / "calls").read_text().splitlines() if "me/plain" in call] == [
        "image",
        "build",
        "run",
    ]
