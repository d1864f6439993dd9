"""`build` and `push`, with a stand-in for Docker that keeps what it was told."""

import json
import os
import subprocess

import pytest

from faas.cli.dockerfile import base_images
from faas.cli.images import image_name
from faas.cli.stack_file import Function

STACK = """
provider: {name: openfaas}
functions:
  one: {lang: py, handler: ./one, image: me/one}
  two: {lang: py, handler: ./two, image: me/two:1, build_args: {A: 1}, build_options: [dev]}
  old: {lang: py, handler: ./two, image: me/old, skip_build: true}
"""
# Images are files named by the image, in $IMAGES; what was run is a line in $CALLS.
DOCKER = r"""#!/usr/bin/env python3
import json, os, sys
images, arguments = os.environ["IMAGES"], sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([*arguments, os.environ.get("DOCKER_BUILDKIT", "")]) + "\n")
if arguments[0] == "buildx":
    sys.exit(1)
if arguments[0] == "image":
    for name in arguments[4:]:
        path = os.path.join(images, name.replace("/", "@"))
        if os.path.exists(path):
            print(open(path).read())
    sys.exit(1)
if arguments[0] == "build":
    print("Step 1/1")
    if os.path.exists("function/broken"):
        print("it broke", file=sys.stderr)
        sys.exit(3)
    labels = dict(arguments[i + 1].split("=", 1) for i, a in enumerate(arguments) if a == "--label")
    name = arguments[arguments.index("--tag") + 1]
    content = {"id": "sha256:" + name, "names": [[name], []], "labels": labels}
    open(os.path.join(images, name.replace("/", "@")), "w").write(json.dumps(content))
"""


@pytest.fixture(autouse=True)
def project(folder, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/docker").write_text(DOCKER)
    (tmp_path / "bin/docker").chmod(0o755)
    (tmp_path / "images").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("IMAGES", str(tmp_path / "images"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    for name in ("http_proxy", "https_proxy", "DOCKER_BUILDKIT"):
        monkeypatch.delenv(name, raising=False)
    keep_image(tmp_path, "base:latest", "sha256:base")
    template = folder / "template/py"
    (template / "function").mkdir(parents=True)
    (template / "Dockerfile").write_text("FROM base\n")
    (template / "template.yml").write_text(
        "language: py\nbuild_options: [{name: dev, packages: [gcc, make]}, {name: db, packages: [libpq]}]"
    )
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "handler.py").write_text(name)
    (folder / "stack.yml").write_text(STACK)
    return folder


def keep_image(tmp_path, name, identity):
    entry = {"id": identity, "names": [[name], []], "labels": {}}
    (tmp_path / "images" / name.replace(":latest", "")).write_text(json.dumps(entry))


@pytest.fixture
def builds(tmp_path):
    """The `docker build` (or push) commands so far, without what was asked of the engine."""

    def read(verb="build"):
        lines = (tmp_path / "calls").read_text().splitlines() if (tmp_path / "calls").exists() else []
        return [call for call in map(json.loads, lines) if call[0] == verb]

    return read


def test_every_function_is_built_but_those_to_be_skipped(cli, builds):
    ran = cli("build", "--parallel", "2")
    assert ran.status == 0
    assert sorted(call[call.index("--tag") + 1] for call in builds()) == ["me/one:latest", "me/two:1"]
    assert "Skipping build of: old.\n" in ran.out
    assert "Building: me/one:latest with py template. Please wait..\n" in ran.out
    assert "Image: me/two:1 built.\n" in ran.out
    assert "Total build time: " in ran.out
    assert ran.out.count("s. 1 of 2.") == ran.out.count("s. 2 of 2.") == 1


def test_an_image_and_a_name_mean_that_function_though_a_stack_file_lies_here(cli, builds):
    cli("build", "--image", "me/fn", "--name", "fn", "--handler", "./one", "--lang", "py")
    assert [call[call.index("--tag") + 1] for call in builds()] == ["me/fn:latest"]


def test_flags_reach_docker_in_upstreams_order(cli, builds, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy")
    cli(
        *(
            "build",
            "--filter",
            "two",
            "--no-cache",
            "--squash",
            "--build-arg",
            "A=2",
            "-b",
            "ADDITIONAL_PACKAGE=git gcc",
        ),
        *("-o", "db", "--build-label", "x=y"),
    )
    [call] = builds()
    assert call[:-5] == [
        *("build", "--no-cache", "--squash", "--build-arg", "http_proxy=http://proxy", "--build-arg", "A=2"),
        *("--build-arg", "ADDITIONAL_PACKAGE=gcc make libpq git", "--label", "x=y", "--label"),
    ]
    assert call[-4:] == ["--tag", "me/two:1", ".", "0"], "the classic builder where there is no buildx"


def test_an_image_is_up_to_date_until_one_of_its_inputs_changes(cli, builds, project, tmp_path):
    def rebuilt(*flags):
        before = len(builds())
        assert cli("build", *flags).status == 0
        return [call[call.index("--tag") + 1] for call in builds()[before:]]

    assert rebuilt() == ["me/one:latest", "me/two:1"]
    assert rebuilt() == []
    assert "Image: me/one:latest is up to date.\n" in cli("build").out
    (project / "one/more.py").write_text("changed")
    assert rebuilt() == ["me/one:latest"]
    assert rebuilt("--build-arg", "A=3") == ["me/one:latest", "me/two:1"]
    assert rebuilt() == ["me/one:latest", "me/two:1"]
    keep_image(tmp_path, "base:latest", "sha256:newer")
    assert rebuilt() == ["me/one:latest", "me/two:1"]
    assert rebuilt("--no-cache") == ["me/one:latest", "me/two:1"]


def test_an_unknown_base_image_is_left_to_docker(cli, builds, tmp_path):
    (tmp_path / "images/base").unlink()
    cli("build", "--filter", "one")
    cli("build", "--filter", "one")
    assert len(builds()) == 2


def test_all_are_tried_and_failures_told_at_the_end(cli, project):
    (project / "one/broken").touch()
    ran = cli("build")
    assert ran.status == 1
    assert "Image: me/two:1 built.\n" in ran.out
    assert ran.out.endswith(
        "\033[31mErrors received during build:\n"
        "- [one] received non-zero exit code from build, error: Step 1/1\nit broke\n\033[0m\n"
    )


def test_dockers_output_is_shown_unless_quiet(cli):
    assert "\nStep 1/1\n" in cli("build", "--filter", "one").out
    assert "\n[one] Step 1/1\n" in cli("build", "--filter", "one", "--no-cache", "--parallel", "2").out
    assert "Step" not in cli("build", "--no-cache", "--quiet").out


def test_shrink_wrapping_only_writes_the_context(cli, builds, project):
    assert "one shrink-wrapped to ./build/one/\n" in cli("build", "--shrinkwrap").out
    assert (project / "build/one/function/handler.py").read_text() == "one"
    assert builds() == []


def test_a_function_is_built_from_flags(cli, builds, project):
    (project / "stack.yml").unlink()
    assert cli("build", "--image", "me/fn", "--handler", "one", "--name", "fn", "--lang", "py").status == 0
    assert builds()[0][-3] == "me/fn:latest"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--parallel", "0"], "The --parallel flag must be great than 0"),
        (["-b", "A"], "Each build-arg must take the form key=value"),
        (["-b", "A="], "Build-arg must have a non-empty value"),
        (["-b", "=1"], "Build-arg must have a non-empty key"),
        (["--build-label", "x"], "Label format is not correct, needs key=value"),
        (["-f", "none.yml"], "Open none.yml: no such file or directory"),
    ],
)
def test_wrong_flags_are_refused(cli, arguments, message):
    ran = cli("build", *arguments)
    assert (ran.status, ran.out) == (1, message + "\n")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{handler: ./one, image: i}", "please provide a valid language"),
        ("{lang: go, handler: ./one, image: i}", "language template: go not supported"),
        ("{lang: py, handler: ./one, image: i, build_options: [x]}", "a build option unavailable for py"),
        ("{lang: py, handler: ./none, image: i}", "building f, ./none is an invalid path"),
    ],
)
def test_a_function_that_cannot_be_built_fails(cli, project, entry, message):
    (project / "stack.yml").write_text(f"provider: {{name: openfaas}}\nfunctions: {{f: {entry}}}")
    ran = cli("build")
    assert ran.status == 1
    assert message in ran.out


def test_images_are_pushed_when_they_name_a_registry(cli, builds, project):
    ran = cli("push")
    assert ran.status == 0
    assert [call[1] for call in builds("push")] == ["me/one:latest", "me/two:1"]
    assert "Skipping old\n" in ran.out
    (project / "stack.yml").write_text(STACK.replace("me/one", "one"))
    ran = cli("push")
    assert ran.status == 1
    assert "Unable to push one or more of your functions to Docker Hub:\n- one\n" in ran.out


def test_up_builds_and_deploys_without_a_registry(cli, builds, gateway):
    gateway.on("PUT /system/functions", 202)
    ran = cli("up", "--skip-push", "--filter", "one")
    assert ran.status == 0
    assert (len(builds()), builds("push"), len(gateway.requests)) == (1, [], 1)


def test_up_stops_at_the_first_step_that_fails(cli, builds, gateway, project):
    (project / "one/broken").touch()
    assert cli("up").status == 1
    assert (builds("push"), gateway.lines) == ([], [])


@pytest.mark.parametrize(
    ("dockerfile", "arguments", "images"),
    [
        ("FROM a:1", {}, ["a:1"]),
        ("ARG B=a:1\nFROM ${B}", {}, ["a:1"]),
        ("ARG B=a:1\nFROM $B AS x", {"B": "b:2"}, ["b:2"]),
        ('ARG T="1"\nFROM --platform=linux/amd64 a:${T:-2}', {}, ["a:1"]),
        ("FROM a AS x\nFROM b\nCOPY --from=x / /\nFROM x", {}, ["a", "b"]),
        ("FROM scratch", {}, []),
    ],
)
def test_the_base_images_of_a_dockerfile_are_found(dockerfile, arguments, images):
    assert base_images(dockerfile, arguments) == images


def test_tags_come_from_git_or_from_the_handler(project):
    function = Function(name="one", handler="./one", image="host:5000/me/one")
    assert image_name(function, "") == "host:5000/me/one:latest"
    assert image_name(function, "digest") == "host:5000/me/one:47c34bacecf5b2546192e9db52123ad7"
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "c"],
    ):
        subprocess.run(["git", *command], check=True)
    sha = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert image_name(function, "sha") == f"host:5000/me/one:latest-{sha}"
    assert image_name(function, "branch") == f"host:5000/me/one:latest-main-{sha}"
    assert image_name(function, "describe") == f"host:5000/me/one:latest-{sha}"


def test_a_tag_from_git_is_refused_outside_of_a_repository(cli, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    ran = cli("build", "--filter", "one", "--tag", "sha")
    assert ran.status == 1
    assert "cannot tag image with Git SHA as this is not a Git repository" in ran.out
