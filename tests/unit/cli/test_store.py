"""`store` and `template store`: lists that others keep."""

import json
import subprocess

import pytest

FUNCTIONS = [
    {
        "title": "Figlet",
        "name": "figlet",
        "author": "ada",
        "description": "Letters made of letters. " * 5,
        "images": {"x86_64": "x/figlet:1"},
        "repo_url": "https://x/figlet",
        "fprocess": "figlet",
        "labels": {"a": "b"},
        "environment": {"write_timeout": "60s"},
        "readOnlyRootFilesystem": True,
    },
    {"title": "A title of more than forty characters and five", "name": "long", "images": {"x86_64": "x/long"}},
    {"title": "Arm only", "name": "arm", "images": {"arm64": "x/arm:1"}},
]
TEMPLATES = [
    {"template": "go", "platform": "x86_64", "source": "openfaas", "description": "Go", "official": "true"},
    {"template": "own", "platform": "x86_64", "source": "me", "description": "Mine", "recommended": True},
    {"template": "pi", "platform": "armhf", "source": "me", "description": "Pi", "language": "Pi", "repo": "r"},
]


@pytest.fixture
def store(folder):
    (folder / "functions.json").write_text(json.dumps({"functions": FUNCTIONS}))
    return "functions.json"


@pytest.fixture
def templates(folder, monkeypatch):
    (folder / "templates.json").write_text(json.dumps(TEMPLATES))
    monkeypatch.setenv("OPENFAAS_TEMPLATE_STORE_URL", "templates.json")


def test_the_functions_for_a_platform_are_listed(cli, store):
    assert cli("store", "list", "--url", store, "--verbose=false").out == (
        "\nFUNCTION AUTHOR  DESCRIPTION\nfiglet   ada     Figlet\n"
        "long     unknown A title of more than forty characters...\n\n"
    )
    assert "Arm only" in cli("store", "list", "-u", store, "-p", "ARM64").out
    assert cli("store", "list", "-u", store, "-p", "none").out.endswith("one of the following: x86_64, arm64\n")


def test_a_function_is_described_by_its_name_or_title(cli, store):
    out = cli("store", "describe", "Figlet", "-u", store).out
    assert out.startswith("Title:       Figlet\nAuthor:      ada\nDescription: \nLetters made of letters.")
    assert max(map(len, out.splitlines())) < 80
    assert (
        "\nImage:    x/figlet:1\nProcess:  figlet\nRepo URL: https://x/figlet\nEnvironment:\n-  write_timeout: 60s"
        in out
    )
    assert cli("store", "describe", "arm", "-u", store).out == "Function 'arm' not found for platform 'x86_64'\n"


def test_a_function_is_deployed_with_what_the_flags_say_over_the_store(cli, store, gateway):
    gateway.on("PUT /system/functions", 202)
    ran = cli(
        *("store", "deploy", "figlet", "-u", store, "--name", "mine", "-e", "A=1", "-l", "a=c", "--cpu-limit", "100m")
    )
    assert (ran.status, ran.out) == (0, f"\nDeployed. 202 Accepted.\nURL: {gateway.url}/function/mine\n\n")
    assert gateway.requests[0].json == {
        "service": "mine",
        "image": "x/figlet:1",
        "envProcess": "figlet",
        "envVars": {"A": "1", "write_timeout": "60s"},
        "labels": {"a": "c"},
        "annotations": {},
        "limits": {"cpu": "100m"},
        "readOnlyRootFilesystem": True,
    }


def test_a_store_is_also_a_url(cli, gateway):
    gateway.on("GET /functions.json", 200, {"functions": FUNCTIONS})
    assert "Figlet" in cli("store", "list", "-u", f"{gateway.url}/functions.json").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["store", "describe"], "Please provide the function name"),
        (
            ["store", "list", "-u", "http://127.0.0.1:1/x"],
            "Cannot connect to OpenFaaS store at URL: http://127.0.0.1:1/x",
        ),
        (["store", "list", "-u", "nowhere.json"], "Open nowhere.json: no such file or directory"),
        (["template", "store", "pull", "nope"], "Template with name: `nope` does not exist in the store"),
        (["template", "store", "describe"], "\nNeed to specify one of the store templates, check"),
        (["template", "store", "describe", "a", "b"], "\nNeed to specify single template from the store, check"),
    ],
)
def test_what_a_store_has_not_is_said(cli, templates, arguments, message):
    ran = cli(*arguments)
    assert (ran.status, ran.out[: len(message)]) == (1, message)


def test_generate_takes_a_function_of_a_store(cli, store):
    out = cli("generate", "--from-store", "figlet", "--url", store, "--name", "mine", "--label", "x=y").out
    assert "  name: mine\n  image: x/figlet:1\n" in out
    assert '    a: b\n    x: "y"\n' in out


def test_what_has_no_handler_has_no_digest(cli, store):
    ran = cli("generate", "--from-store", "figlet", "--url", store, "--tag", "digest")
    assert (ran.status, ran.out) == (1, "Digest tag format is not supported for store functions\n")


def test_templates_are_listed_recommended_ones_first(cli, templates):
    assert cli("template", "store", "list").out == (
        "\nNAME RECOMMENDED SOURCE   DESCRIPTION\nown  [x]         me       Mine\ngo   [ ]         openfaas Go\n\n"
    )
    assert "own" not in cli("template", "store", "ls", "--official").out
    assert "go" not in cli("template", "store", "ls", "--recommended").out
    wide = cli("template", "store", "ls", "-p", "armhf", "-v").out.splitlines()
    assert wide[1].split() == ["NAME", "RECOMMENDED", "SOURCE", "DESCRIPTION", "LANGUAGE", "PLATFORM"]
    assert wide[2] == "pi   [ ]         me     Pi          Pi       armhf"


def test_a_template_is_described(cli, templates):
    out = cli("template", "store", "describe", "me/pi").out
    assert out.startswith("\nName:        pi\nDescription: Pi\nLanguage:    Pi\nSource:      me\nRepository:  r\n")
    assert out.endswith("Platform:    armhf\nOfficial:    [ ]\nRecommended: [ ]\n\n")


def test_a_template_is_pulled_from_the_repository_that_the_store_names(cli, folder, tmp_path, monkeypatch):
    repository = tmp_path / "repository"
    (repository / "template/own").mkdir(parents=True)
    (repository / "template/own/template.yml").write_text("language: own")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "c"]):
        subprocess.run(["git", "-C", repository, *command], check=True)
    (folder / "templates.json").write_text(json.dumps([{"template": "own", "repo": str(repository)}]))
    assert cli("template", "store", "pull", "own", "--url", "templates.json").status == 0
    assert (folder / "template/own/template.yml").exists()
