"""`secret`: values, and exit statuses that tell the truth."""

import pytest

UNAUTHORIZED = 'Unauthorized access, run "faas-cli login" to setup authentication for this server\n'


@pytest.fixture(autouse=True)
def accepting(gateway):
    gateway.on("POST /system/secrets", 201)
    gateway.on("PUT /system/secrets", 202)
    gateway.on("DELETE /system/secrets", 202)
    return gateway


@pytest.mark.parametrize(
    ("flags", "given", "sent"),
    [
        (["--from-literal", " v "], b"", {"value": "v"}),
        ([], b" v \n", {"value": "v"}),
        (["--trim=false"], b" v \n", {"value": " v \n"}),
        (["--from-file", "text"], b"", {"value": "v", "rawValue": "dg=="}),
        (["--from-file", "text", "--trim=false"], b"", {"value": "v\n", "rawValue": "dgo="}),
        (["--from-file", "bytes"], b"", {"value": "�\n", "rawValue": "/wo="}),
    ],
)
def test_a_value_comes_from_a_flag_a_file_or_the_input_and_is_trimmed_when_it_is_text(
    cli, folder, gateway, flags, given, sent
):
    (folder / "text").write_bytes(b"v\n")
    (folder / "bytes").write_bytes(b"\xff\n")
    assert cli("secret", "create", "key", *flags, given=given).status == 0
    assert gateway.requests[0].json == {"name": "key", **sent}


def test_secrets_are_created_updated_and_removed(cli, gateway):
    assert (
        cli("secret", "create", "key", "-n", "ns", given=b"v").out == "Creating secret: key.ns\nCreated: 201 Created\n"
    )
    assert cli("secret", "update", "key", given=b"v").out == "Updating secret: key\nUpdated: 202 Accepted\n"
    assert cli("secret", "rm", "key").out == "Removed.. OK.\n"
    assert [request.json for request in gateway.requests] == [
        {"name": "key", "namespace": "ns", "value": "v"},
        {"name": "key", "value": "v"},
        {"name": "key"},
    ]


def test_secrets_are_listed(cli, gateway):
    gateway.on("GET /system/secrets", 200, [{"name": "one"}, {"name": "two"}])
    assert cli("secret", "list").out == "\nNAME\none\ntwo\n\n"
    gateway.on("GET /system/secrets", 200, [])
    assert cli("secret", "ls", "-n", "ns").out == "No secrets found.\n"
    assert gateway.lines[-1] == "GET /system/secrets?namespace=ns"


@pytest.mark.parametrize(
    ("verb", "method", "status", "message"),
    [
        ("create", "POST", 409, 'Secret with the name "key" already exists\n'),
        ("create", "POST", 500, "Server returned unexpected status code: 500 - why\n"),
        ("create", "POST", 401, UNAUTHORIZED),
        ("update", "PUT", 404, "Unable to find secret: key\n"),
        ("update", "PUT", 401, UNAUTHORIZED),
        ("remove", "DELETE", 404, "Unable to find secret: key\n"),
        ("list", "GET", 500, "Server returned unexpected status code: 500 - why\n"),
    ],
)
def test_what_the_gateway_refuses_fails(cli, gateway, verb, method, status, message):
    gateway.on(f"{method} /system/secrets", status, b"why")
    ran = cli("secret", verb, *(["key"] if verb != "list" else []), given=b"v")
    assert ran.status == 1
    assert ran.out.endswith(message)


def test_an_unreachable_gateway_fails(cli):
    ran = cli("secret", "create", "key", "-g", "http://127.0.0.1:1", given=b"v")
    assert (ran.status, ran.out.splitlines()[-1]) == (1, "Cannot connect to OpenFaaS on URL: http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["create"], "Secret name required"),
        (["create", "a", "b"], "Too many values for secret name"),
        (["create", "Bad_Name", "--from-literal", "v"], "ERROR: invalid secret name Bad_Name"),
        (["create", "a"], "Must provide a non empty secret via --from-literal, --from-file or STDIN"),
        (["create", "a", "--from-literal", "x", "--from-file", "y"], "Please provide secret using only one option"),
        (["create", "a", "--from-file", "none"], "Unable to read secret file: open none: no such file or directory"),
        (["update"], "Secret name required"),
        (["remove"], "Secret name required"),
    ],
)
def test_wrong_arguments_are_refused_before_any_request(cli, gateway, arguments, message):
    ran = cli("secret", *arguments)
    assert (ran.status, ran.out[: len(message)]) == (1, message)
    assert gateway.lines == []
