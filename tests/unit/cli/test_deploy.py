"""`deploy` and `remove`: what is sent, what is shown, what is an error."""

import pytest

STACK = """
version: 1.0
provider: {name: openfaas}
x-base: &base
  lang: python
  limits: {memory: 128Mi}
functions:
  one:
    <<: *base
    image: me/one
    environment: {A: true, B: 1.50, C: null, D: stack}
    environment_file: [more.yml]
    secrets: [own]
    labels: {x: 1}
    annotations: {topic: a}
    constraints: [node.role == worker]
    readonly_root_filesystem: true
  two:
    image: me/two:1
    namespace: theirs
"""


@pytest.fixture
def stack(folder):
    (folder / "stack.yml").write_text(STACK)
    (folder / "more.yml").write_text("environment: {D: file, E: file}")
    template = folder / "template" / "python"
    template.mkdir(parents=True)
    (template / "template.yml").write_text("language: python\nfprocess: python index.py\n")
    return folder


@pytest.fixture
def accepting(gateway):
    for method in ("PUT", "POST", "DELETE"):
        gateway.on(f"{method} /system/functions", 202)
    return gateway


def test_a_stack_is_deployed_with_all_that_it_says(cli, stack, accepting):
    ran = cli("deploy")
    assert ran.status == 0
    assert [request.json for request in accepting.requests] == [
        {
            "service": "one",
            "image": "me/one:latest",
            "envProcess": "python index.py",
            "envVars": {"A": "true", "B": "1.50", "C": "", "D": "file", "E": "file"},
            "constraints": ["node.role == worker"],
            "secrets": ["own"],
            "labels": {"x": "1"},
            "annotations": {"topic": "a"},
            "limits": {"memory": "128Mi"},
            "readOnlyRootFilesystem": True,
        },
        {"service": "two", "image": "me/two:1", "namespace": "theirs", "labels": {}, "annotations": {}},
    ]
    assert ran.out == (
        f"Deploying: one.\n\nDeployed. 202 Accepted.\nURL: {accepting.url}/function/one\n\n"
        f"Deploying: two.\n\nDeployed. 202 Accepted.\nURL: {accepting.url}/function/two.theirs\n\n"
    )


def test_flags_go_on_top_of_the_stack_file(cli, stack, accepting):
    cli(
        *("deploy", "--filter", "one", "-n", "ns", "-e", "A=9", "-e=F=1", "--label", "y=2", "--annotation", "topic=b"),
        *("--secret", "flag", "--secret", "own", "--constraint", "ignored", "--image", "ignored"),
    )
    sent = accepting.requests[0].json
    assert sent["namespace"] == "ns"
    assert sent["envVars"] == {"A": "9", "B": "1.50", "C": "", "D": "file", "E": "file", "F": "1"}
    assert sent["labels"] == {"x": "1", "y": "2"}
    assert sent["annotations"] == {"topic": "b"}
    assert sent["secrets"] == ["flag", "own"]
    assert sent["constraints"] == ["node.role == worker"]
    assert sent["image"] == "me/one:latest"


def test_an_image_and_a_name_mean_that_function_though_a_stack_file_lies_here(cli, stack, accepting):
    cli("deploy", "--image", "me/fn", "--name", "fn")
    assert [request.json["service"] for request in accepting.requests] == ["fn"]
    cli("deploy", "--image", "me/fn", "--name", "fn", "--yaml", "stack.yml")
    assert [request.json["service"] for request in accepting.requests] == ["fn", "one", "two"]


def test_one_function_is_deployed_from_flags(cli, accepting):
    cli(
        *("deploy", "--image", "me/fn", "--name", "fn", "--fprocess", "p", "--readonly", "--env", "A=1"),
        *("--cpu-limit", "100m", "--memory-request", "2Mi"),
    )
    assert accepting.requests[0].json == {
        "service": "fn",
        "image": "me/fn",
        "envProcess": "p",
        "envVars": {"A": "1"},
        "labels": {},
        "annotations": {},
        "limits": {"cpu": "100m"},
        "requests": {"memory": "2Mi"},
        "readOnlyRootFilesystem": True,
    }


@pytest.mark.parametrize(
    ("flags", "lines"),
    [
        ([], ["PUT", "POST"]),
        (["--update=false"], ["POST"]),
        (["--replace", "--update=false"], ["DELETE", "POST"]),
    ],
)
def test_an_unknown_function_is_made_and_a_known_one_updated_or_replaced(cli, accepting, flags, lines):
    accepting.on("PUT /system/functions", 404, b"no such function")
    ran = cli("deploy", "--image", "i", "--name", "fn", *flags)
    assert ran.status == 0
    assert "no such function" not in ran.out
    assert accepting.lines == [f"{method} /system/functions" for method in lines]


def test_a_failure_does_not_stop_the_others_and_is_told_at_the_end(cli, stack, accepting):
    accepting.on("PUT /system/functions", 400, b"no such secret: own")
    ran = cli("deploy")
    assert ran.status == 1
    assert ran.out.count("Unexpected status: 400, message: no such secret: own") == 2
    assert ran.out.endswith(
        "Function 'one' failed to deploy with status code: 400\nfunction 'two' failed to deploy with status code: 400\n"
    )


def test_an_unreachable_gateway_is_a_failed_deployment(cli):
    ran = cli("deploy", "--image", "i", "--name", "fn", "-g", "http://127.0.0.1:1")
    assert ran.status == 1
    assert "Is OpenFaaS deployed? Do you need to specify the --gateway flag?" in ran.out
    assert ran.out.endswith("Function 'fn' failed to deploy with status code: 500\n")


@pytest.mark.parametrize(
    ("arguments", "last_line"),
    [
        (["--replace", "--image", "i", "--name", "n"], "Cannot specify --update and --replace at the same time"),
        (["--image", "i"], "To deploy a function give --yaml/-f or a --image and --name flag"),
        (
            ["--image", "i", "--name", "n", "-e", "A"],
            "Error parsing envvars: label format is not correct, needs key=value",
        ),
        (["--image", "i", "--name", "n", "-e", "A="], "Error parsing envvars: empty env value: [A=]"),
        (["--image", "i", "--name", "n", "-l", "=b"], "Error parsing labels: empty label name: [=b]"),
        (["--image", "i", "--name", "n", "--timeout", "x"], 'Invalid argument "x" for "--timeout" flag:'),
    ],
)
def test_wrong_flags_are_refused_before_any_request(cli, accepting, arguments, last_line):
    ran = cli("deploy", *arguments)
    assert ran.status == 1
    assert ran.out.splitlines()[-1].startswith(last_line)
    assert accepting.lines == []


def test_a_missing_template_is_an_error_unless_it_is_not_to_be_read(cli, stack, accepting):
    (stack / "template" / "python" / "template.yml").unlink()
    assert cli("deploy").out.startswith("Template directory may be missing or invalid")
    assert cli("deploy", "--read-template=false").status == 0


def test_a_function_is_removed_by_name(cli, accepting):
    ran = cli("remove", "fn", "-n", "ns")
    assert (ran.status, ran.out) == (0, "Deleting: fn.ns\nRemoving old function.\n")
    assert accepting.requests[0].json == {"functionName": "fn", "namespace": "ns"}


def test_removing_what_is_not_there_fails_by_name_and_not_for_a_stack(cli, stack, gateway):
    ran = cli("rm", "fn")
    assert (ran.status, ran.out) == (1, "Deleting: fn.\nNo existing function to remove\n")
    ran = cli("delete")
    assert (ran.status, ran.out) == (0, "Deleting: one.\nDeleting: two.theirs\n")


def test_a_failed_removal_of_a_stack_is_an_error(cli, stack, gateway):
    gateway.on("DELETE /system/functions", 500, b"why")
    ran = cli("remove")
    assert ran.status == 1
    assert ran.out.endswith(
        "One: server returned unexpected status code: 500 - why\n"
        "two: server returned unexpected status code: 500 - why\n"
    )
