"""What is read from a stack file, and what is refused."""

from pathlib import Path

import pytest

from faas.cli.errors import CliError
from faas.cli.flags import StackFlags
from faas.cli.stack_file import Resources, load_stack, parse_stack

HEAD = "provider: {name: openfaas}\n"
TWO = f"{HEAD}functions: {{get-a: {{image: a}}, put-b: {{image: b}}}}"


def parse(text, **flags):
    return parse_stack(text, StackFlags(**flags))


def test_scalars_stay_as_written():
    function = parse(f"{HEAD}functions: {{f: {{labels: {{a: true, b: 1.50, c: null, d: ~, e: 2026-01-02, f: 0x1F}}}}}}")
    assert function.functions["f"].labels == {
        "a": "true",
        "b": "1.50",
        "c": "",
        "d": "",
        "e": "2026-01-02",
        "f": "0x1F",
    }


def test_merge_keys_and_anchors_are_followed():
    stack = parse(
        f"{HEAD}x: &x {{lang: py, limits: {{memory: 1Mi}}}}\ny: &y {{p: q}}\n"
        "functions:\n  f: {<<: *x, lang: go, annotations: {<<: *y, topic: a}}\n  g: {<<: *x, annotations: {<<: *y}}"
    )
    assert stack.functions["f"].lang == "go"
    assert stack.functions["f"].limits == Resources(memory="1Mi")
    assert stack.functions["f"].annotations == {"p": "q", "topic": "a"}
    assert stack.functions["g"].lang == "py"


def test_the_shops_own_stack_file_is_read_whole(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[3])
    monkeypatch.setenv("OPENFAAS_URL", "http://there")
    stack = load_stack(StackFlags())
    assert stack.gateway == "http://there"
    assert stack.copy == ["bookstore"]
    function = stack.functions["get-book"]
    assert function.annotations["com.openfaas.ready.http.path"] == "/_/ready"
    assert function.annotations["http.route"] == "GET /api/books/{id}"
    assert function.readonly_root_filesystem


def test_the_environment_is_put_in_unless_told_otherwise(monkeypatch):
    monkeypatch.setenv("IMAGE", "i:1")
    text = f'{HEAD}functions: {{f: {{image: "${{IMAGE}}"}}}}'
    assert parse(text).functions["f"].image == "i:1"
    assert parse(text, envsubst=False).functions["f"].image == "${IMAGE}"


def test_without_a_stack_file_there_are_no_functions(folder):
    assert load_stack(StackFlags()).functions == {}
    (folder / "stack.yaml").write_text(TWO)
    assert list(load_stack(StackFlags()).functions) == ["get-a", "put-b"]


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ({"filter": "get-*"}, ["get-a"]),
        ({"filter": "*"}, ["get-a", "put-b"]),
        ({"filter": "put-b"}, ["put-b"]),
        ({"regex": "b$"}, ["put-b"]),
        ({"regex": "t-"}, ["get-a", "put-b"]),
    ],
)
def test_functions_are_selected_by_wildcard_or_regex(flags, names):
    assert list(parse(TWO, **flags).functions) == names


@pytest.mark.parametrize(
    ("text", "flags", "message"),
    [
        (TWO, {"filter": "get-?"}, "no functions matching --filter/--regex were found"),
        (TWO, {"filter": "a", "regex": "b"}, "pass in a regex or a filter, not both"),
        (TWO, {"regex": "("}, "error parsing regexp"),
        ("version: 2.0\n" + TWO, {}, "are the only valid versions for the stack file - found: 2.0"),
        ("version: 1\n" + TWO, {}, "found: 1"),
        ("functions: {}", {}, 'is the only valid "provider.name"'),
        ("provider: {name: faas}", {}, "but you gave: faas"),
        (HEAD + "functions: {f: {build_args: [a]}}", {}, "build_args is no map"),
        (HEAD + "functions: {f: {secrets: a}}", {}, "secrets is no list"),
        (HEAD + "functions: {f: {image: {}}}", {}, "image is no text"),
        (HEAD + "functions: [f]", {}, "functions is no map"),
        (HEAD + "functions:\n  f: {}\n  f: {}", {}, 'mapping key "f" already defined'),
        ("a: [", {}, "Error with YAML file"),
        ("- a", {}, "there is no map in it"),
    ],
)
def test_what_is_no_stack_file_is_refused_with_the_reason(text, flags, message):
    with pytest.raises(CliError) as error:
        parse(text, **flags)
    assert message in str(error.value)


@pytest.mark.parametrize("version", ["version: 1.0\n", 'version: "1.0"\n', ""])
def test_the_only_version_may_be_written_in_any_way(version):
    assert len(parse(version + TWO).functions) == 2
